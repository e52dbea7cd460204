"""The cases of a memory store by when the clock has something to do in them, made for one sweep and kept up in it."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from partybuild_flow.case import Case
from partybuild_flow.store.protocol import Overdue


class Sweep:
    """All that was overdue when the sweep began, in order, and what has become overdue in it since."""

    def __init__(self, cases: Iterable[Case], now: datetime) -> None:
        self.now = now
        self._known = sorted(
            Overdue(running.next_at, case.id)
            for case in cases
            for running in case.deadlines
            if running.next_at is not None and running.next_at <= now
        )

    def add(self, case: Case) -> None:
        """Take note of a case that has changed."""
        for running in case.deadlines:
            if running.next_at is not None and running.next_at <= self.now:
                insort(self._known, Overdue(running.next_at, case.id))

    def found(
        self, cases: Mapping[str, Case], now: datetime, after: Overdue | None, limit: int
    ) -> list[Overdue]:
        """The first so many places after one at which the clock still has something to do."""
        at = bisect_right(self._known, after) if after is not None else 0
        found: list[Overdue] = []
        while at < len(self._known) and len(found) < limit:
            place = self._known[at]
            at += 1
            if place.at > now:
                break
            if any(running.next_at == place.at for running in cases[place.case_id].deadlines):
                found.append(place)
        return found


def is_open(case: Case, definitions: Collection[str]) -> bool:
    """Whether a case of these definitions has a deadline that is still to come or to fire."""
    return case.definition in definitions and any(
        running.due_at is not None and not running.fired for running in case.deadlines
    )
