"""Which days count, and how many: a weekly pattern with days that were changed, counted once for good.

Days are their ordinals, as `date.toordinal` gives them. Nothing here walks over years: inside the span of
changed days a table answers, outside it the pattern.
"""

from __future__ import annotations

from collections.abc import Iterable


class Days:
    """The days that count, in order, numbered from the first day of all.

    `rest` are the weekdays that do not count, from 1, Monday, to 7; `off` and `on` are the days that
    differ from the week. At least one weekday counts.
    """

    def __init__(
        self, rest: frozenset[int] = frozenset(), off: Iterable[int] = (), on: Iterable[int] = ()
    ) -> None:
        counting = [place for place in range(7) if (place or 7) not in rest]  # ordinal 1 is a Monday
        self._places = counting
        self._week = len(counting)
        self._before_place = [sum(1 for each in counting if each < place) for place in range(7)]
        out, added = frozenset(off), frozenset(on)
        changed = out | added
        self._low = min(changed, default=0)
        self._high = max(changed, default=-1) + 1
        first = self._weekly(self._low)
        counts = [first]
        self._inside: list[int] = []
        for day in range(self._low, self._high):
            if day in added or (day not in out and (day % 7 or 7) not in rest):
                self._inside.append(day)
            counts.append(first + len(self._inside))
        self._counts = counts
        self._first = first
        self._shift = counts[-1] - self._weekly(self._high)

    def before(self, day: int) -> int:
        """How many days count before this one."""
        if self._low <= day < self._high:
            return self._counts[day - self._low]
        return self._weekly(day) + (self._shift if day >= self._high else 0)

    def counts(self, day: int) -> bool:
        """Whether this day counts."""
        return self.before(day + 1) > self.before(day)

    def at(self, number: int) -> int:
        """The day that counts with so many before it."""
        place = number - self._first
        if 0 <= place < len(self._inside):
            return self._inside[place]
        weeks, rest = divmod(number if place < 0 else number - self._shift, self._week)
        return weeks * 7 + self._places[rest]

    def from_on(self, day: int) -> int:
        """The first day that counts, this one or a later one."""
        return self.at(self.before(day))

    def _weekly(self, day: int) -> int:
        weeks, place = divmod(day, 7)
        return weeks * self._week + self._before_place[place]
