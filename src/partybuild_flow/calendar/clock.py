"""A clock that runs on some days only, and on them at some times: how a term sees time pass.

Its reading is a number of microseconds; a moment is a day's ordinal and the microseconds since its 00:00,
of which a whole day's number is 24:00.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from partybuild_flow.calendar.days import Days

SECOND: Final = 1_000_000
HOUR: Final = 3600 * SECOND
DAY: Final = 24 * HOUR

Moment = tuple[int, int]
"""A day and the microseconds since its beginning; moments order as tuples do."""
Stop = tuple[Moment, Moment | None]
"""When a clock is stopped, and when it goes on, if it does."""


class Clock:
    """A clock that runs on the days that count, in the given spans of the day, and stands still else."""

    def __init__(self, days: Days, spans: tuple[tuple[int, int], ...] = ((0, DAY),)) -> None:
        self._days = days
        self._spans = spans
        self._a_day = sum(end - begin for begin, end in spans)

    def reading(self, moment: Moment) -> int:
        """What the clock shows."""
        day, since = moment
        shown = self._days.before(day) * self._a_day
        if self._days.counts(day):
            for begin, end in self._spans:
                if since > begin:
                    shown += min(since, end) - begin
        return shown

    def first_moment(self, reading: int) -> Moment:
        """When the clock comes to show this: the end of a day or span rather than the next one's beginning."""
        days, left = divmod(reading, self._a_day)
        if not left:
            return self._days.at(days - 1), self._spans[-1][1]
        return self._days.at(days), next(
            begin + left - passed for begin, end, passed in self._passed() if left <= passed + end - begin
        )

    def last_moment(self, reading: int) -> Moment:
        """Until when the clock shows this: the beginning of a day or span rather than the last one's end."""
        days, left = divmod(reading, self._a_day)
        return self._days.at(days), next(
            begin + left - passed for begin, end, passed in self._passed() if left < passed + end - begin
        )

    def run(self, begin: Moment, amount: int, stops: Iterable[Stop]) -> int | None:
        """The reading once this amount has run since `begin`, stops left out; None if a stop never ends."""
        target = self.reading(begin) + amount
        for stopped, goes_on in stops:
            shown = self.reading(stopped)
            if shown >= target:
                break
            if goes_on is None:
                return None
            target += self.reading(goes_on) - shown
        return target

    def _passed(self) -> Iterable[tuple[int, int, int]]:
        """Each span with what has run of the day before it."""
        passed = 0
        for begin, end in self._spans:
            yield begin, end, passed
            passed += end - begin


def merged(stops: Iterable[Stop], begin: Moment) -> list[Stop]:
    """Stops in order from `begin` on: overlapping ones are one, those of no length none."""
    found: list[Stop] = []
    ordered = sorted(
        (stop for stop in stops if stop[1] is None or stop[0] < stop[1]), key=lambda stop: stop[0]
    )
    for stopped, goes_on in ordered:
        left = max(stopped, begin)
        if goes_on is not None and goes_on <= left:
            continue
        if found:
            before, until = found[-1]
            if until is None:
                break
            if left <= until:
                found[-1] = (before, None if goes_on is None else max(until, goes_on))
                continue
        found.append((left, goes_on))
    return found
