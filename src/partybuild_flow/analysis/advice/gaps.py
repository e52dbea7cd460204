"""How much was lacking: the numbers that conditions asked for, as they were and as they have to be."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from partybuild_flow.case import without_values
from partybuild_flow.decide import Decision
from partybuild_flow.feel import Expression, evaluate

if TYPE_CHECKING:
    from partybuild_flow.definition import Table


class Gap(NamedTuple):
    """A number that a table tests, as it was and as it would be."""

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
    """What changed among the numbers of the tables that conclude something else now."""
    tables = before.plan.workflow.tables.values()
    moved = (each for each in tables if before.values.get(each.id) != after.values.get(each.id))
    return tuple(gap for each in moved for gap in _gaps(each, before, after))


def _gaps(table: Table, before: Decision, after: Decision) -> Iterator[Gap]:
    for tested in table.inputs:
        was, will_be = _number(tested, before), _number(tested, after)
        if was is not None and will_be is not None and was != will_be:
            yield Gap(tested.text, was, will_be)


def _number(tested: Expression, decision: Decision) -> Decimal | None:
    found = evaluate(tested.tree, decision.values)
    return found if isinstance(found, Decimal) else None
