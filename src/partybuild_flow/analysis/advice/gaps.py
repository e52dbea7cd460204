"""How much was lacking: the numbers that conditions asked for, as they were and as they have to be."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from partybuild_flow.case import without_values
from partybuild_flow.decide import Decision
from partybuild_flow.feel import Expression, evaluate, trace
from partybuild_flow.feel.tree import Comparison

if TYPE_CHECKING:
    from partybuild_flow.definition import Table


class Gap(NamedTuple):
    """A number that a condition or a table tests or an event sets, as it was and as it would have to be."""

    name: str
    before: Decimal
    after: Decimal

    def __repr__(self) -> str:
        return without_values(self)

    @property
    def lacking(self) -> Decimal:
        """By how much they differ."""
        return abs(self.after - self.before)


def gaps_between(before: Decision, after: Decision) -> tuple[Gap, ...]:
    """The numbers that a condition did not find, that the event sets otherwise, or that tables test which now conclude otherwise."""
    if not before.accepted:
        return tuple(_missed(before, after))
    tables = before.plan.workflow.tables.values()
    moved = (each for each in tables if before.values.get(each.id) != after.values.get(each.id))
    gaps = [*_settings(before, after), *(gap for each in moved for gap in _gaps(each, before, after))]
    # A field that holds what a table tests says the same.
    return tuple({(each.before, each.after): each for each in reversed(gaps)}.values())[::-1]


def _missed(before: Decision, after: Decision) -> Iterator[Gap]:
    when = after.transition.when if after.transition else None
    for failing in trace(when.tree, before.values).failing if when else ():
        if isinstance(failing.node, Comparison) and failing.node.operator in ("<", "<=", ">", ">="):
            found = [part.value for part in failing.parts]
            left, right = found if len(found) == 2 else (None, None)
            if isinstance(left, Decimal) and isinstance(right, Decimal) and left != right:
                yield Gap(when.text[slice(*failing.node.left.span)] if when else "", left, right)


def _settings(before: Decision, after: Decision) -> Iterator[Gap]:
    fields = before.plan.workflow.fields
    for name, was in before.settings.items():
        will_be = after.settings.get(name)
        if isinstance(was, Decimal) and isinstance(will_be, Decimal) and was != will_be and name in fields:
            yield Gap(fields[name].name, was, will_be)


def _gaps(table: Table, before: Decision, after: Decision) -> Iterator[Gap]:
    for tested in table.inputs:
        was, will_be = _number(tested, before), _number(tested, after)
        if was is not None and will_be is not None and was != will_be:
            yield Gap(tested.text, was, will_be)


def _number(tested: Expression, decision: Decision) -> Decimal | None:
    found = evaluate(tested.tree, decision.values)
    return found if isinstance(found, Decimal) else None
