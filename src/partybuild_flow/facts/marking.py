"""What an accepted event makes of marks: one more is given, sealed ones are opened, some are discarded. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from partybuild_flow.case import Case, Facts
from partybuild_flow.facts.collecting import (
    as_context,
    closed,
    collected,
    is_visible,
    kept,
    marked,
    people,
    round_in,
    without,
)
from partybuild_flow.feel import Value

if TYPE_CHECKING:
    from partybuild_flow.facts.plan import Plan
    from partybuild_flow.facts.steps import Candidate


class Marked(NamedTuple):
    """What became of marks: the facts without the inputs that stay with a mark, the values for whatever is
    evaluated next, what is to be kept, and whether the transition goes its way."""

    facts: Facts
    values: Mapping[str, Value]
    settings: Mapping[str, Value]
    complete: bool


def mark(
    candidate: Candidate,
    case: Case,
    facts: Facts,
    values: Mapping[str, Value],
    *,
    by_itself: bool = False,
) -> Marked | None:
    """What a transition that collects makes of this event; None where no mark was given. One that does not
    collect is complete. With `by_itself` nobody gives a mark: only whether the marks are complete is asked.

    Raises:
        UnfitError: the result does not fit the field that it goes into.
    """
    collecting = candidate.collecting
    if collecting is None:
        return Marked(facts, values, {}, complete=True)
    before = round_in(case.data, collecting.key)
    after = before if by_itself else marked(collecting, before, facts)
    if after is None or (by_itself and (after.over or (after.open and not collecting.leaves))):
        return None
    found = collected(collecting, after, values)
    if by_itself and not found.complete:
        return None
    inputs = {name: value for name, value in facts.inputs.items() if name not in collecting.own}
    facts = facts._replace(inputs=inputs)
    if found.complete:
        after = closed(after, found, over=collecting.leaves)
    settings: dict[str, Value] = {collecting.key: kept(after)}
    known = {**values, collecting.event: as_context(found, visible=is_visible(collecting, after, found))}
    if found.complete and collecting.into and collecting.convert:
        known[collecting.into] = settings[collecting.into] = collecting.convert(found.result)
    return Marked(facts, known, settings, found.complete)


def moved(plan: Plan, candidate: Candidate, case: Case, before: Marked) -> Marked:
    """With the marks of other events opened and discarded, as a transition that goes its way says."""
    if not (candidate.unseals or candidate.discards):
        return before
    values, settings = dict(before.values), dict(before.settings)
    for event in candidate.unseals:
        collecting = plan.collects[event]
        round = round_in({**case.data, **settings}, collecting.key)._replace(open=True)
        settings[collecting.key] = kept(round)
        values[event] = as_context(collected(collecting, round, values), visible=True)
    for event, whose in candidate.discards:
        collecting = plan.collects[event]
        round = round_in({**case.data, **settings}, collecting.key)
        settings[collecting.key] = kept(without(round, people((whose,), values) if whose else None))
    return before._replace(values=values, settings=settings)
