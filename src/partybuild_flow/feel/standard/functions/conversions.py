"""Functions from one kind of value to another. Source: DMN 1.5, clause 10.3.4.1."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal
from typing import Any, Final

from partybuild_flow.feel.arithmetic import LONGEST_TEXT
from partybuild_flow.feel.functions.numeric import number_of
from partybuild_flow.feel.functions.signature import may_take, takes, takes_any
from partybuild_flow.feel.moments import date_of
from partybuild_flow.feel.standard.functions.builtin import builtin
from partybuild_flow.feel.standard.lengths import YearMonthDuration
from partybuild_flow.feel.standard.moments import (
    FARTHEST_ZONE,
    ZULU,
    datetime_of,
    duration_of,
    string_of,
    time_of,
    zone_named,
)
from partybuild_flow.feel.standard.values import size_of
from partybuild_flow.feel.types import ANY, DATE, DATETIME, DURATION, MONTHS, NUMBER, TEXT, TIME


def _whole(number: Decimal) -> int:
    """A whole number.

    Raises:
        ValueError: it is none, or far too large for any part of a date.
    """
    if abs(number) > 999_999_999 or number != number.to_integral_value():
        raise ValueError
    return int(number)


def _date(year: Decimal, month: Decimal, day: Decimal) -> date:
    return date(_whole(year), _whole(month), _whole(day))


def _clock(hour: Decimal, minute: Decimal, second: Decimal, zone: tzinfo | None) -> time:
    whole = second // 1
    return time(_whole(hour), _whole(minute), _whole(whole), int((second - whole) * 1_000_000), tzinfo=zone)


def _offset(offset: timedelta | None) -> tzinfo | None:
    if offset is not None and abs(offset) > FARTHEST_ZONE:
        raise ValueError
    return None if offset is None else timezone(offset)


def _time(hour: Decimal, minute: Decimal, second: Decimal, offset: timedelta | None = None) -> time:
    return _clock(hour, minute, second, _offset(offset))


def _moment(*parts: Any) -> datetime:
    """The date and time of its six numbers, perhaps with an offset or the name of a zone."""
    zone: tzinfo | None = None
    if len(parts) == 7 and isinstance(parts[6], str):
        zone = zone_named("@" + parts[6])
        if zone is None:
            raise ValueError
    elif len(parts) == 7:
        hours = parts[6]
        zone = _offset(timedelta(hours=float(hours)) if isinstance(hours, Decimal) else hours)
    return datetime.combine(_date(*parts[:3]), _clock(parts[3], parts[4], parts[5], zone))


def months_between(start: date, end: date) -> YearMonthDuration:
    """The whole months from one date to another."""
    months = (end.year - start.year) * 12 + end.month - start.month
    if months > 0 and end.day < start.day:
        months -= 1
    elif months < 0 and end.day > start.day:
        months += 1
    return YearMonthDuration(months)


def _string(value: Any) -> str | None:
    if size_of(value, LONGEST_TEXT) > LONGEST_TEXT:
        return None
    text = string_of(value)
    return text if len(text) <= LONGEST_TEXT else None


_FROM: Final = "from"
_DAY_PARTS: Final = [takes("year", NUMBER), takes("month", NUMBER), takes("day", NUMBER)]
_CLOCK_PARTS: Final = [takes("hour", NUMBER), takes("minute", NUMBER), takes("second", NUMBER)]
_SIX: Final = [*_DAY_PARTS, *_CLOCK_PARTS]

FUNCTIONS: Final = (
    builtin("string", ([takes(_FROM, ANY)], _string)),
    builtin(
        "number",
        (
            [takes(_FROM, TEXT), takes_any("grouping separator", TEXT), takes_any("decimal separator", TEXT)],
            number_of,
        ),
        ([takes(_FROM, TEXT)], number_of),
    ),
    builtin(
        "date",
        ([takes(_FROM, TEXT)], date_of),
        ([takes(_FROM, DATETIME)], datetime.date),
        ([takes(_FROM, DATE)], lambda value: value),
        (_DAY_PARTS, _date),
    ),
    builtin(
        "time",
        ([takes(_FROM, TEXT)], time_of),
        ([takes(_FROM, DATETIME)], datetime.timetz),
        ([takes(_FROM, TIME)], lambda value: value),
        ([takes(_FROM, DATE)], lambda _: time(0, tzinfo=ZULU)),
        ([*_CLOCK_PARTS, may_take("offset", DURATION)], _time),
    ),
    builtin(
        "date and time",
        ([takes(_FROM, TEXT)], datetime_of),
        ([takes(_FROM, DATETIME)], lambda value: value),
        ([takes("date", DATE), takes("time", TIME)], datetime.combine),
        (
            [takes("date", DATETIME), takes("time", TIME)],
            lambda day, clock: datetime.combine(day.date(), clock),
        ),
        (_SIX, _moment),
        ([*_SIX, takes("offset", DURATION)], _moment),
        ([*_SIX, takes("offset", NUMBER)], _moment),
        ([*_SIX, takes("timezone", TEXT)], _moment),
    ),
    builtin(
        "duration",
        ([takes(_FROM, TEXT)], duration_of),
        ([takes(_FROM, DURATION)], lambda value: value),
        ([takes(_FROM, MONTHS)], lambda value: value),
    ),
    builtin(
        "years and months duration",
        *(
            ([takes(_FROM, one), takes("to", other)], months_between)
            for one in (DATE, DATETIME)
            for other in (DATE, DATETIME)
        ),
    ),
)
