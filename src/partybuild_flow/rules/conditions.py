"""The condition of a rule taken apart: what the C engine may compare, and what our evaluator decides. Pure."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import fields
from datetime import date, timedelta
from decimal import Decimal
from typing import Final, NamedTuple, TypeAlias

from partybuild_flow.feel import Node
from partybuild_flow.feel.tree import And, Comparison, Constant, Not, Or
from partybuild_flow.feel.values import key_of

FALSE, TRUE, NULL = 0, 1, 2
"""A truth as a number."""

Ranked: TypeAlias = Decimal | date | timedelta | str | bool
"""Constants that have ranks. Moments and times of day have none: two time zones may disagree about their order."""

_ORDERED: Final = (Decimal, date, timedelta)
_EQUAL: Final = (*_ORDERED, str, bool)
_CONTRARY: Final = {"=": "!=", "!=": "=", "<": ">=", ">=": "<", "<=": ">", ">": "<="}
_MIRRORED: Final = {"=": "=", "!=": "!=", "<": ">", ">": "<", "<=": ">=", ">=": "<="}


class Compared(NamedTuple):
    """A comparison with a constant, which stands on the right."""

    node: Node
    operator: str
    constant: Ranked


class Judged(NamedTuple):
    """A condition that our evaluator decides; it must come out as `wanted`, TRUE or FALSE."""

    node: Node
    wanted: int


Part: TypeAlias = Compared | Judged


def parts_of(node: Node, *, wanted: bool = True) -> Iterator[Part]:
    """Conditions that all hold exactly if the node's value is `wanted`; negations are pushed down.

    Exact under three values: a conjunction is true where all its operands are, a disjunction
    false where all are, and a comparison false where the contrary one is true. The other two would be
    alternatives, which the C engine counts against a limit of 64; our evaluator decides them.
    """
    match node:
        case Not(operand=operand):
            yield from parts_of(operand, wanted=not wanted)
        case And(operands=operands) if wanted:
            for operand in operands:
                yield from parts_of(operand)
        case Or(operands=operands) if not wanted:
            for operand in operands:
                yield from parts_of(operand, wanted=False)
        case Comparison():
            yield _compared(node, wanted=wanted) or Judged(node, TRUE if wanted else FALSE)
        case _:
            yield Judged(node, TRUE if wanted else FALSE)


def _compared(node: Comparison, *, wanted: bool) -> Compared | None:
    if isinstance(node.left, Constant):
        subject, operator, constant = node.right, _MIRRORED[node.operator], node.left
    elif isinstance(node.right, Constant):
        subject, operator, constant = node.left, node.operator, node.right
    else:
        return None
    value = constant.value
    if isinstance(subject, Constant) or not isinstance(value, Ranked):
        return None
    if type(value) not in (_EQUAL if operator in ("=", "!=") else _ORDERED):
        return None
    return Compared(subject, operator if wanted else _CONTRARY[operator], value)


def subject_of(part: Part) -> Hashable:
    """What the part asks about the facts: parts with one subject share their fields."""
    return (type(part.constant) if isinstance(part, Compared) else None, shape_of(part.node))


def shape_of(node: object) -> Hashable:
    """A key that is the same for equal trees, wherever they stand in a text, and differs for others."""
    match node:
        case Constant():
            return (Constant, node.type, key_of(node.value))
        case Node():
            parts = (shape_of(getattr(node, field.name)) for field in fields(node) if field.name != "span")
            return (type(node), *parts)
        case tuple():
            return tuple(shape_of(item) for item in node)
        case Hashable():
            return node
        case _:
            raise TypeError(node)
