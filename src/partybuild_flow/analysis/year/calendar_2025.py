"""The days of the invented year, and hours at which people work."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from random import Random
from typing import Final

YEAR: Final = 2025
BEGAN: Final = date(YEAR, 1, 2)
ENDED: Final = date(YEAR + 1, 2, 13)

# —— the star round ——
PLANNED: Final = date(YEAR, 3, 3)
OPENED: Final = date(YEAR, 3, 10)
RUSH: Final = date(YEAR, 4, 27)
"""The first of the last three days on which most applications come."""
CLOSED: Final = date(YEAR, 4, 29)
ACCEPTED: Final = (date(YEAR, 4, 30), date(YEAR, 5, 16))
RECOMMENDED: Final = date(YEAR, 6, 6)
"""By when the direct committees are done."""
CHECKED: Final = (date(YEAR, 6, 9), date(YEAR, 6, 20))
SHORTLISTED: Final = date(YEAR, 6, 26)
DEFENCES: Final = (date(YEAR, 7, 1), date(YEAR, 7, 4))
VOTED: Final = date(YEAR, 7, 9)
RANKED: Final = date(YEAR, 7, 11)
PUBLISHED: Final = date(YEAR, 7, 14)
PUBLICITY_ENDS: Final = date(YEAR, 7, 18)
AWARDED: Final = date(YEAR, 7, 28)
SECOND_PUBLICITY: Final = date(YEAR, 8, 4)
FINISHED: Final = date(YEAR, 8, 22)
SPOT_CHECKS: Final = (date(YEAR, 10, 13), date(YEAR, 10, 31))

# —— the secretaries' projects ——
TOPICS: Final = date(YEAR, 1, 2)
PROJECT_STARTS: Final = date(YEAR, 2, 24)
PROJECT_ENDS: Final = date(YEAR, 12, 19)
QUARTERS: Final = (date(YEAR, 3, 31), date(YEAR, 6, 30), date(YEAR, 9, 30), date(YEAR, 12, 31))

_DAYS_OFF: Final = (
    (date(2025, 1, 1), date(2025, 1, 1)),
    (date(2025, 1, 28), date(2025, 2, 4)),
    (date(2025, 4, 4), date(2025, 4, 6)),
    (date(2025, 5, 1), date(2025, 5, 5)),
    (date(2025, 5, 31), date(2025, 6, 2)),
    (date(2025, 10, 1), date(2025, 10, 8)),
    (date(2026, 1, 1), date(2026, 1, 3)),
)
_HOURS: Final = (9, 10, 11, 13, 14, 15, 16)
_AHEAD: Final = timedelta(hours=8)


def moment(day: date, hour: int = 9, minute: int = 0, second: int = 0) -> datetime:
    """The instant of a time of day in Asia/Shanghai."""
    return datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=UTC) - _AHEAD


def day_of(instant: datetime) -> date:
    """The day of an instant in Asia/Shanghai."""
    return (instant + _AHEAD).date()


@cache
def people_work(day: date) -> bool:
    """Whether anybody does anything on a day; those who stay in on a Saturday instead of a holiday rest here too."""
    return day.weekday() < 5 and not any(first <= day <= last for first, last in _DAYS_OFF)


@cache
def workday(day: date, after: int = 0) -> date:
    """The day if people work then, else the next on which they do; or so many of their days later."""
    while True:
        if people_work(day):
            if after <= 0:
                return day
            after -= 1
        day += timedelta(days=1)


class Diary:
    """Finds hours in which somebody has time."""

    def __init__(self, random: Random) -> None:
        self._random = random

    def on(self, day: date) -> datetime:
        """Some time of a day's working hours."""
        draw = self._random
        return moment(workday(day), draw.choice(_HOURS), draw.randrange(60), draw.randrange(60))

    def between(self, first: date, last: date) -> datetime:
        """Some working hour from the first day to the last."""
        day = workday(first + timedelta(days=self._random.randrange((last - first).days + 1)))
        return self.on(min(day, last))

    def soon(self, after: datetime, least: int = 0, most: int = 1) -> datetime:
        """Later the same day or so many working days on; never before `after`."""
        days = self._random.randint(least, most)
        found = self.on(workday(day_of(after), days))
        return found if found > after else after + timedelta(minutes=self._random.randint(3, 40))
