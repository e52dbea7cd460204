"""Functions of dates, times and durations. Source: DMN 1.5, clauses 10.3.4.1, 10.3.4.7, 10.3.4.8."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Final

from partybuild_flow.feel.functions.signature import Function, Signature, may_take, takes
from partybuild_flow.feel.moments import date_of, datetime_of, duration_of, moment, time_of
from partybuild_flow.feel.types import (
    DATE,
    DATETIME,
    DURATION,
    NUMBER,
    TEXT,
    TIME,
    Type,
    Value,
    choice_of,
)
from partybuild_flow.feel.values import on_civil_clock

WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def _whole(number: Decimal) -> int:
    """A whole number.

    Raises:
        ValueError: it is none, or far too large for any part of a date.
    """
    if abs(number) > 99999 or number != number.to_integral_value():
        raise ValueError
    return int(number)


def date_from_parts(year: Decimal, month: Decimal, day: Decimal) -> date:
    """The date of a year, month and day."""
    return date(_whole(year), _whole(month), _whole(day))


def time_from_parts(hour: Decimal, minute: Decimal, second: Decimal, offset: timedelta | None = None) -> time:
    """The time of day of an hour, minute and second."""
    whole = second // 1
    fraction = int((second - whole) * 1_000_000)
    zone = None if offset is None else timezone(offset)
    return time(_whole(hour), _whole(minute), _whole(whole), fraction, tzinfo=zone)


def date_of_moment(value: datetime) -> date:
    """The date of an instant on the civil clock, or in its own zone."""
    return on_civil_clock(value).date()


def time_of_moment(value: datetime) -> time:
    """The time of day of an instant on the civil clock, or in its own zone."""
    told = on_civil_clock(value)
    return told.time() if told is not value else told.time().replace(tzinfo=_fixed(told))


def _fixed(value: datetime) -> timezone | None:
    offset = value.utcoffset()
    return None if offset is None or offset == timedelta(hours=8) else timezone(offset)


def _about_days(name: str, result: Type, body: Callable[[date], Value]) -> Function:
    """A function of a date, or of the date of an instant."""
    return Function(
        name,
        (
            Signature((takes("date", DATE),), result, body),
            Signature((takes("date", DATETIME),), result, lambda value: body(date_of_moment(value))),
        ),
    )


FUNCTIONS: Final = (
    Function(
        "date",
        (
            Signature((takes("from", TEXT),), DATE, date_of),
            Signature((takes("from", DATETIME),), DATE, date_of_moment),
            Signature((takes("from", DATE),), DATE, lambda value: value),
            Signature(
                (takes("year", NUMBER), takes("month", NUMBER), takes("day", NUMBER)), DATE, date_from_parts
            ),
        ),
    ),
    Function(
        "time",
        (
            Signature((takes("from", TEXT),), TIME, time_of),
            Signature((takes("from", DATETIME),), TIME, time_of_moment),
            Signature((takes("from", TIME),), TIME, lambda value: value),
            Signature(
                (
                    takes("hour", NUMBER),
                    takes("minute", NUMBER),
                    takes("second", NUMBER),
                    may_take("offset", DURATION),
                ),
                TIME,
                time_from_parts,
            ),
        ),
    ),
    Function(
        "date and time",
        (
            Signature((takes("from", TEXT),), DATETIME, datetime_of),
            Signature((takes("from", DATETIME),), DATETIME, lambda value: value),
            Signature((takes("date", DATE), takes("time", TIME)), DATETIME, moment),
            Signature(
                (takes("date", DATETIME), takes("time", TIME)),
                DATETIME,
                lambda value, clock: moment(date_of_moment(value), clock),
            ),
        ),
    ),
    Function(
        "duration",
        (
            Signature((takes("from", TEXT),), DURATION, duration_of),
            Signature((takes("from", DURATION),), DURATION, lambda value: value),
        ),
    ),
    _about_days("day of year", NUMBER, lambda day: Decimal(day.timetuple().tm_yday)),
    _about_days("day of week", choice_of(WEEKDAYS, ordered=True), lambda day: WEEKDAYS[day.weekday()]),
    _about_days("month of year", choice_of(MONTHS, ordered=True), lambda day: MONTHS[day.month - 1]),
    _about_days("week of year", NUMBER, lambda day: Decimal(day.isocalendar().week)),
)
