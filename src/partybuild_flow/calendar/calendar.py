"""A calendar: working days by year, business hours, and the arithmetic of terms and pauses on them.

Source: Civil Code of the People's Republic of China, articles 200 to 204.
"""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_right
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from partybuild_flow.calendar.clock import DAY, HOUR, SECOND, Clock, Moment, Stop, merged
from partybuild_flow.calendar.days import Days
from partybuild_flow.feel.terms import Term
from partybuild_flow.feel.values import CIVIL_ZONE

if TYPE_CHECKING:
    from fractions import Fraction

Pauses = Sequence[tuple[datetime, datetime | None]]
"""From when a term's clock stood still and until when; None while it still does."""

TURN_OF_YEAR: Final = (12, 25)
"""The month and day from which the notice for the next year may change a day of this one."""

_MONTHS: Final = {"month": 1, "year": 12}
_MICROSECOND: Final = timedelta(microseconds=1)
_NEVER: Final = date.max.toordinal() + 1


class DaysOff(NamedTuple):
    """A holiday: its name, its first and its last day."""

    name: str
    first: date
    last: date


class CalendarYear(NamedTuple):
    """What differs from the week by the notice for one year; a few days may lie in the neighbouring ones.

    `published` is the date of the notice, None if there is none yet: then nobody knows that year's days.
    """

    year: int
    published: date | None = None
    source: str = ""
    off: tuple[DaysOff, ...] = ()
    worked: tuple[date, ...] = ()


class Due(NamedTuple):
    """When a term ends. `provisional`: a year is not published yet that may move it."""

    instant: datetime
    provisional: bool


@dataclass(frozen=True)
class Calendar:
    """Working days and business hours, and when terms end on them.

    `hours` are the times of a working day in which work is done, in order; `rest` the weekdays without
    work, from 1, Monday, to 7. An instant without a zone is meant on the civil clock.

    Raises:
        ValueError: hours that are none, overlap or stand in disorder; a week without work; a year given
            twice; a day both off and worked.
    """

    id: str
    name: str
    hours: tuple[tuple[time, time], ...]
    rest: frozenset[int] = frozenset((6, 7))
    years: tuple[CalendarYear, ...] = ()

    def __post_init__(self) -> None:
        times = [moment for span in self.hours for moment in span]
        if not times or any(later <= earlier for earlier, later in pairwise(times)):
            raise ValueError("business hours must follow each other, each ending after it begins")
        if not self.rest < frozenset(range(1, 8)):
            raise ValueError("rest must name weekdays from 1 to 7, and leave one to work on")
        if len({year.year for year in self.years}) < len(self.years):
            raise ValueError("a year is given twice")
        both = _off_days(self.years) & {day.toordinal() for year in self.years for day in year.worked}
        if both:
            raise ValueError(f"{date.fromordinal(min(both))} is both off and worked")

    def is_working(self, day: date) -> bool:
        """Whether work is done on this day, as far as is known."""
        return self._days.counts(day.toordinal())

    def published(self, year: int) -> date | None:
        """The date of the notice for a year; None if its days are not known."""
        return self._notices.get(year)

    @cached_property
    def hash(self) -> str:
        """SHA-256 of all that instants depend on, in hexadecimal; names and sources do not count."""
        content = {
            "hours": [[begin.isoformat(), end.isoformat()] for begin, end in self.hours],
            "rest": sorted(self.rest),
            "off": sorted(_off_days(self.years)),
            "worked": sorted({day.toordinal() for year in self.years for day in year.worked}),
            "published": sorted(year for year, notice in self._notices.items() if notice),
        }
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()

    def due(self, term: Term | timedelta, start: datetime, pauses: Pauses = ()) -> Due | None:
        """When a term ends that begins at `start`; None while a pause lasts, or beyond the last year of all.

        A term of no length ends where it starts. Pauses count in the term's own clock: those of terms in
        days and longer add the whole days that they make together, working days or days of 24 hours.
        """
        try:
            if isinstance(term, Term):
                return self._due(term, start, pauses)
            end = _after(start, term, pauses)
            return None if end is None else Due(end, provisional=False)
        except (OverflowError, ValueError):  # beyond the years that dates have
            return None

    def fraction(
        self, term: Term | timedelta, start: datetime, share: Decimal | Fraction, pauses: Pauses = ()
    ) -> datetime | None:
        """When this share of a term has passed in its own clock; None if a pause lasts that began before.

        Never before `start` nor after the due instant, which is the answer for a share of 1.
        """
        due = self.due(term, start, pauses)
        if share >= 1:
            return due and due.instant
        try:
            reached = self._reached(term, start, share if share > 0 else Decimal(0), pauses)
        except (OverflowError, ValueError):  # beyond the years that dates have
            return None
        return reached if reached is None or due is None else min(reached, due.instant)

    def before(self, instant: datetime, term: Term | timedelta) -> datetime | None:
        """The instant that lies this term before another: the same time of day, where the term has days.

        24:00 belongs to the day that ends. None before the first year of all.
        """
        try:
            if isinstance(term, timedelta):
                return _utc(instant) - max(term, timedelta(0))
            return self._before(instant, term)
        except (OverflowError, ValueError):  # beyond the years that dates have
            return None

    def received(self, instant: datetime) -> datetime | None:
        """When something that came in is taken to be received: at once in business hours, or when they next begin.

        For terms that are to run from the next working day when it came in after hours.
        """
        try:
            moment = self._hours.last_moment(self._hours.reading(_moment(instant)))
            return max(_utc(instant), _instant(moment))
        except (OverflowError, ValueError):  # beyond the years that dates have
            return None

    @cached_property
    def _days(self) -> Days:
        return Days(
            self.rest, _off_days(self.years), (day.toordinal() for year in self.years for day in year.worked)
        )

    @cached_property
    def _notices(self) -> dict[int, date | None]:
        return {year.year: year.published for year in self.years}

    @cached_property
    def _working_days(self) -> Clock:
        return Clock(self._days)

    @cached_property
    def _hours(self) -> Clock:
        return Clock(
            self._days, tuple((_since_midnight(begin), _since_midnight(end)) for begin, end in self.hours)
        )

    @cached_property
    def _close(self) -> int:
        return _since_midnight(self.hours[-1][1])

    @cached_property
    def _known(self) -> tuple[tuple[int, int], ...]:
        """The first and last day of each run of days that no notice will change any more."""
        runs: list[tuple[int, int]] = []
        for year in sorted(year for year, notice in self._notices.items() if notice):
            first = date(year, 1, 1).toordinal()
            if runs and runs[-1][1] + 1 == date(year - 1, *TURN_OF_YEAR).toordinal():
                first = runs.pop()[0]
            runs.append((first, date(year, *TURN_OF_YEAR).toordinal() - 1))
        return tuple(runs)

    def _provisional(self, first: int, last: int) -> bool:
        place = bisect_right(self._known, (first, _NEVER)) - 1
        return place < 0 or self._known[place][1] < last

    def _due(self, term: Term, start: datetime, pauses: Pauses) -> Due | None:
        if term.length <= 0:
            return Due(_utc(start), provisional=False)
        begin = _moment(start)
        if term.unit == "working-hour":
            reading = self._hours.run(
                begin, _whole(term.length * HOUR), _stops(pauses, begin) if pauses else ()
            )
            if reading is None:
                return None
            end = self._hours.first_moment(reading)
            return Due(_instant(end), self._provisional(begin[0], end[0]))
        length = _whole(term.length)
        added = self._days_paused(term, length, begin, pauses) if pauses else 0
        if added is None:
            return None
        asked, last = self._last_day(term, length, begin[0], added)
        unsure = asked is not None and self._provisional(asked, last)
        return Due(_instant((last, self._close if term.closing else DAY)), unsure)

    def _last_day(self, term: Term, length: int, start: int, added: int) -> tuple[int | None, int]:
        """The first day on which the answer depends on the calendar, if it does, and the term's last day."""
        if term.unit == "working-day":
            first = start if term.inclusive else start + 1
            return first, self._days.at(self._days.before(first) + length + added - 1)
        last = _counted_to(term, length, start) + added
        if term.inclusive:
            return None, last
        return last, self._days.from_on(last)

    def _days_paused(self, term: Term, length: int, start: Moment, pauses: Pauses) -> int | None:
        """The whole days by which pauses move a term's last day; None if one still lasts when it would end."""
        clock = self._working_days if term.unit == "working-day" else _EVERY_DAY
        stopped = 0
        for left, right in _stops(pauses, _counted_from(term, start)):
            _, last = self._last_day(term, length, start[0], stopped // DAY)
            if left >= (last, self._close if term.closing else DAY):
                break
            if right is None:
                return None
            stopped += clock.reading(right) - clock.reading(left)
        return stopped // DAY

    def _reached(
        self, term: Term | timedelta, start: datetime, share: Decimal | Fraction, pauses: Pauses
    ) -> datetime | None:
        if isinstance(term, timedelta):
            return _after(start, timedelta(microseconds=int(term // _MICROSECOND * share)), pauses)
        if term.length <= 0 or share <= 0:
            return _utc(start)
        clock, begin, amount = self._course(term, _moment(start))
        stops = _stops(pauses, max(begin, _moment(start)))
        reading = clock.run(begin, int(amount * share), stops)
        return None if reading is None else max(_instant(clock.first_moment(reading)), _utc(start))

    def _course(self, term: Term, start: Moment) -> tuple[Clock, Moment, int]:
        """The clock of a term, when it begins to run, and how much of it the term is."""
        if term.unit == "working-hour":
            return self._hours, start, _whole(term.length * HOUR)
        day = start[0] if term.inclusive else start[0] + 1
        length = _whole(term.length)
        if term.unit == "working-day":
            return self._working_days, (day, 0), length * DAY
        return _EVERY_DAY, (day, 0), (_counted_to(term, length, start[0]) - day + 1) * DAY

    def _before(self, instant: datetime, term: Term) -> datetime:
        if term.length <= 0:
            return _utc(instant)
        moment = _moment(instant)
        if term.unit == "working-hour":
            left = self._hours.reading(moment) - _whole(term.length * HOUR)
            return _instant(self._hours.last_moment(left))
        day, since = moment if moment[1] else (moment[0] - 1, DAY)
        length = _whole(term.length)
        if term.unit == "working-day":
            return _instant((self._days.at(self._days.before(day) - length), since))
        if term.unit == "day":
            return _instant((day - length, since))
        return _instant((_months_on(day, -length * _MONTHS[term.unit])[0], since))


_EVERY_DAY: Final = Clock(Days())


def _off_days(years: Sequence[CalendarYear]) -> set[int]:
    return {
        day
        for year in years
        for _, first, last in year.off
        for day in range(first.toordinal(), last.toordinal() + 1)
    }


def _since_midnight(at: time) -> int:
    return (at.hour * 3600 + at.minute * 60 + at.second) * SECOND + at.microsecond


def _whole(number: Decimal) -> int:
    """The least whole number that is not less."""
    whole = int(number)
    return whole if whole >= number else whole + 1


def _utc(instant: datetime) -> datetime:
    return (instant if instant.tzinfo else instant.replace(tzinfo=CIVIL_ZONE)).astimezone(UTC)


def _moment(instant: datetime, zone: tzinfo = CIVIL_ZONE) -> Moment:
    local = (instant if instant.tzinfo else instant.replace(tzinfo=CIVIL_ZONE)).astimezone(zone)
    return local.toordinal(), (
        local.hour * 3600 + local.minute * 60 + local.second
    ) * SECOND + local.microsecond


def _instant(moment: Moment, zone: tzinfo = CIVIL_ZONE) -> datetime:
    day, since = moment
    if since == DAY and zone is CIVIL_ZONE:
        return _end_of(day)
    local = datetime.fromordinal(day) + timedelta(microseconds=since)
    return local.replace(tzinfo=zone).astimezone(UTC)


@lru_cache(maxsize=8192)
def _end_of(day: int) -> datetime:
    return datetime.fromordinal(day + 1).replace(tzinfo=CIVIL_ZONE).astimezone(UTC)


def _stops(pauses: Pauses, begin: Moment, zone: tzinfo = CIVIL_ZONE) -> list[Stop]:
    return merged(
        ((_moment(left, zone), None if right is None else _moment(right, zone)) for left, right in pauses),
        begin,
    )


def _after(start: datetime, length: timedelta, pauses: Pauses) -> datetime | None:
    """When so much time has passed since `start`, pauses left out. Runs on UTC: no day is longer than another."""
    begin = _utc(start)
    if not pauses or length <= timedelta(0):
        return begin + max(length, timedelta(0))
    moment = _moment(begin, UTC)
    reading = _EVERY_DAY.run(moment, length // _MICROSECOND, _stops(pauses, moment, UTC))
    return None if reading is None else _instant(_EVERY_DAY.first_moment(reading), UTC)


def _counted_from(term: Term, start: Moment) -> Moment:
    """From when a term in days or longer runs: the next day's beginning unless the first day is one of its own."""
    return start if term.inclusive else (start[0] + 1, 0)


def _counted_to(term: Term, length: int, start: int) -> int:
    """The last day of a term in days, months or years, on a calendar where every day is as good as another."""
    if term.unit == "day":
        return start + length - 1 if term.inclusive else start + length
    day, same = _months_on(start, length * _MONTHS[term.unit])
    return day - 1 if term.inclusive and same else day


def _months_on(day: int, months: int) -> tuple[int, bool]:
    """The day of the same number so many months on, or that month's last day, and which of the two.

    Source: Civil Code of the People's Republic of China, article 202.
    """
    on = date.fromordinal(day)
    year, month = divmod(on.year * 12 + on.month - 1 + months, 12)
    _, days = monthrange(year, month + 1)
    return date(year, month + 1, min(on.day, days)).toordinal(), on.day <= days
