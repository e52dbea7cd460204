"""The condition of a rule taken apart: what the C engine may compare, and what our evaluator decides. Pure."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import fields
from datetime import date, timedelta
from decimal import Decimal
from typing import Final, NamedTuple, TypeAlias

from partybuild_flow.feel import Node
from partybuild_flow.feel.tree import (
    And,
    Comparison,
    ComparisonOperator,
    Constant,
    Filter,
    For,
    In,
    Not,
    Or,
    Quantified,
    Range,
    ranking,
    walk,
)
from partybuild_flow.feel.values import key_of

FALSE, TRUE, NULL = 0, 1, 2
"""A truth as a number."""

Ranked: TypeAlias = Decimal | date | timedelta | str | bool
"""Constants that have ranks. Moments and times of day have none: two time zones may disagree about their order."""

_ORDERED: Final = (Decimal, date, timedelta)
_EQUAL: Final = (*_ORDERED, str, bool)
_CONTRARY: Final[dict[ComparisonOperator, ComparisonOperator]] = {
    "=": "!=",
    "!=": "=",
    "<": ">=",
    ">=": "<",
    "<=": ">",
    ">": "<=",
}
_MIRRORED: Final[dict[ComparisonOperator, ComparisonOperator]] = {
    "=": "=",
    "!=": "!=",
    "<": ">",
    ">": "<",
    "<=": ">=",
    ">=": "<=",
}


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


def parts_of(when: Node) -> tuple[Part, ...]:
    """Conditions that all hold exactly if the value of a rule's condition is true.

    A condition with a loop stays whole: our evaluator bounds the steps of an expression as a whole.
    """
    if any(isinstance(node, For | Quantified | Filter) for node, _ in walk(when)):
        return (Judged(when, TRUE),)
    return tuple(_parts(when, wanted=True))


def _parts(node: Node, *, wanted: bool) -> Iterator[Part]:
    """Conditions that all hold exactly if the node's value is `wanted`; negations are pushed down.

    Exact under three values: a conjunction is true where all its operands are, a disjunction
    false where all are, and a comparison false where the contrary one is true. The other two would be
    alternatives, which the C engine counts against a limit of 64; our evaluator decides them.
    """
    match node:
        case Not(operand=operand):
            yield from _parts(operand, wanted=not wanted)
        case And(operands=operands) if wanted:
            for operand in operands:
                yield from _parts(operand, wanted=True)
        case Or(operands=operands) if not wanted:
            for operand in operands:
                yield from _parts(operand, wanted=False)
        case In(value=value, tests=(Range() as limits,)) if wanted:
            sides = _sides(value, limits)
            yield from sides or (Judged(node, TRUE),)
        case Comparison(operator=operator, left=left, right=right):
            part = _compared(left, operator if wanted else _CONTRARY[operator], right)
            yield part or Judged(node, TRUE if wanted else FALSE)
        case _:
            yield Judged(node, TRUE if wanted else FALSE)


def _sides(value: Node, limits: Range) -> tuple[Compared, ...]:
    """What a value in an interval with constant ends is compared with; nothing if the ends have no ranks."""
    sides: list[Compared | None] = []
    if limits.low is not None:
        sides.append(_compared(value, ">=" if limits.low_included else ">", limits.low))
    if limits.high is not None:
        sides.append(_compared(value, "<=" if limits.high_included else "<", limits.high))
    known = tuple(side for side in sides if side is not None)
    return known if len(known) == len(sides) else ()


def _compared(left: Node, operator: ComparisonOperator, right: Node) -> Compared | None:
    if isinstance(left, Constant):
        left, operator, right = right, _MIRRORED[operator], left
    if isinstance(left, Constant) or not isinstance(right, Constant):
        return None
    equality = operator in ("=", "!=")
    value = right.value
    if not isinstance(value, Ranked) or type(value) not in (_EQUAL if equality else _ORDERED):
        return None
    if not equality and ranking(left.type, right.type):
        return None
    return Compared(left, operator, value)


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
