"""What goes with a personal field when its values are erased from a case."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from partybuild_flow.facts.collecting import key_of

if TYPE_CHECKING:
    from partybuild_flow.facts.plan import Plan


def erased_names(plan: Plan, fields: Iterable[str] | None) -> frozenset[str]:
    """The names under which the values of personal fields are kept and read; of all that is personal for None."""
    if fields is None:
        return plan.personal
    wanted = frozenset(fields)
    collects = (
        each
        for each in plan.workflow.transitions
        if each.collect and not wanted.isdisjoint(need.field for need in each.needs)
    )
    look_ups = plan.workflow.look_ups.values()
    answers = frozenset(each.id for each in look_ups if not wanted.isdisjoint(each.inputs))
    return wanted.union(answers, (name for each in collects for name in (each.event, key_of(each.event))))
