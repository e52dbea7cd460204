"""Sealed marks hidden from everybody, until their round is complete or opened by two persons or the clock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from partybuild_flow.case import Entry
from partybuild_flow.facts.collecting import Collecting, Round, kept, round_in
from partybuild_flow.facts.masking import MASK
from partybuild_flow.feel import Value

if TYPE_CHECKING:
    from partybuild_flow.facts.plan import Plan

Opened = frozenset[tuple[str, int]]
"""Rounds that may be seen: where each is kept, and its number."""


def opened_in(plan: Plan, kept_values: Iterable[Mapping[str, Value]]) -> Opened:
    """The rounds that are open in some of these values, which are a case's data or an entry's settings."""
    found = set()
    for values in kept_values:
        for each in plan.seals:
            if each.key in values:
                round = round_in(values, each.key)
                if round.open:
                    found.add((each.key, round.number))
    return frozenset(found)


def sealed(plan: Plan, values: Mapping[str, Value], opened: Opened = frozenset()) -> Mapping[str, Value]:
    """The values with sealed marks hidden: who gave one can be seen, what was given cannot."""
    hidden = {}
    for each in plan.seals:
        if each.key in values:
            round = round_in(values, each.key)
            if not round.open and (each.key, round.number) not in opened:
                hidden[each.key] = kept(_hidden(round))
    return {**values, **hidden} if hidden else values


def sealed_entry(plan: Plan, entry: Entry, opened: Opened = frozenset()) -> Entry:
    """The entry with sealed marks hidden, and with what was sent as one; those of opened rounds can be seen."""
    facts = entry.facts
    own = _own_round(plan, entry)
    if own is not None:
        collecting, round = own
        place = (collecting.key, round.number)
        if (entry.refused is not None or not round.open) and place not in opened:
            facts = {
                name: MASK if name in collecting.own and value is not None else value
                for name, value in facts.items()
            }
    return entry._replace(
        case=entry.case._replace(data=sealed(plan, entry.case.data, opened)),
        facts=facts,
        settings=sealed(plan, entry.settings, opened),
    )


def _own_round(plan: Plan, entry: Entry) -> tuple[Collecting, Round] | None:
    """What an entry collects, and the round that its mark is in; None if it gives no sealed mark."""
    for each in plan.seals:
        if each.event == entry.event and (each.key in entry.settings or entry.refused is not None):
            return each, round_in(entry.settings, each.key)
    return None


def _hidden(round: Round) -> Round:
    marks = tuple(
        {name: MASK if name in ("value", "given") else value for name, value in mark.items()}
        for mark in round.marks
    )
    return round._replace(marks=marks)
