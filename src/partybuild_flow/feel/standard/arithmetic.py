"""Arithmetic of the standard: of numbers as everywhere, of dates, times and durations with their zones.

Total: None where there is no result. Source: DMN 1.5, tables 56 to 60 and clause 10.3.2.3.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_DOWN, Decimal
from typing import Any, Final

from partybuild_flow.feel.arithmetic import LONGEST_TEXT, NUMBERS, duration_of, microseconds, power
from partybuild_flow.feel.standard.lengths import YearMonthDuration
from partybuild_flow.feel.standard.values import (
    DATE,
    DATETIME,
    DAYS,
    MONTHS,
    NUMBER,
    STRING,
    TIME,
    Value,
    kind_of,
    offset_of,
    seconds_of,
)

_DAY: Final = timedelta(days=1)


def _joined(left: str, right: str) -> str | None:
    return left + right if len(left) + len(right) <= LONGEST_TEXT else None


def _later(moment: datetime, term: timedelta) -> datetime:
    if moment.tzinfo is None:
        return moment + term
    return (moment.astimezone(UTC) + term).astimezone(moment.tzinfo)


def _later_date(day: date, term: timedelta) -> date:
    return (datetime(day.year, day.month, day.day) + term).date()  # noqa: DTZ001 - a date has no zone


def _later_time(clock: time, term: timedelta) -> time:
    moment = datetime.combine(date(2000, 1, 1), clock.replace(tzinfo=None))
    return (moment + term % _DAY).time().replace(tzinfo=clock.tzinfo)


def _in_months(day: Any, term: YearMonthDuration) -> Any:
    """The same day so many months later; the last one of a month that is too short."""
    year, month = divmod(day.year * 12 + day.month - 1 + term.months, 12)
    if not 1 <= year <= 9999:
        raise ValueError
    return day.replace(year=year, month=month + 1, day=min(day.day, monthrange(year, month + 1)[1]))


def _moment(value: date | datetime) -> datetime:
    """An instant; of a date its midnight in UTC."""
    return value if isinstance(value, datetime) else datetime.combine(value, time(0), UTC)


def _between(left: Any, right: Any) -> timedelta | None:
    one, other = _moment(left), _moment(right)
    if (one.tzinfo is None) != (other.tzinfo is None):
        return None
    return one - other if one.tzinfo is None else one.astimezone(UTC) - other.astimezone(UTC)


def _between_times(left: time, right: time) -> timedelta | None:
    one, other = offset_of(left), offset_of(right)
    if (one is None) != (other is None):
        return None
    return seconds_of(left) - (one or timedelta(0)) - seconds_of(right) + (other or timedelta(0))


def _months(count: Decimal) -> YearMonthDuration:
    return YearMonthDuration(int(count.to_integral_value(ROUND_DOWN)))


def _negative(value: Any) -> Any:
    return YearMonthDuration(-value.months) if isinstance(value, YearMonthDuration) else -value


def _added(
    kind: str, later: Callable[[Any, Any], Any], terms: tuple[str, ...]
) -> dict[tuple[str, str, str], Any]:
    """The three ways to add a duration to a date or time, or to take it away."""
    return {
        key: way
        for term in terms
        for key, way in {
            ("+", kind, term): later,
            ("+", term, kind): lambda left, right: later(right, left),
            ("-", kind, term): lambda left, right: later(left, _negative(right)),
        }.items()
    }


_OPERATIONS: Final[dict[tuple[str, str, str], Callable[[Any, Any], Value]]] = {
    ("+", NUMBER, NUMBER): NUMBERS.add,
    ("-", NUMBER, NUMBER): NUMBERS.subtract,
    ("*", NUMBER, NUMBER): NUMBERS.multiply,
    ("/", NUMBER, NUMBER): NUMBERS.divide,
    ("**", NUMBER, NUMBER): power,
    ("+", STRING, STRING): _joined,
    ("+", DAYS, DAYS): lambda left, right: left + right,
    ("-", DAYS, DAYS): lambda left, right: left - right,
    ("*", DAYS, NUMBER): lambda left, right: duration_of(NUMBERS.multiply(microseconds(left), right)),
    ("*", NUMBER, DAYS): lambda left, right: duration_of(NUMBERS.multiply(left, microseconds(right))),
    ("/", DAYS, NUMBER): lambda left, right: duration_of(NUMBERS.divide(microseconds(left), right)),
    ("/", DAYS, DAYS): lambda left, right: NUMBERS.divide(microseconds(left), microseconds(right)),
    ("+", MONTHS, MONTHS): lambda left, right: YearMonthDuration(left.months + right.months),
    ("-", MONTHS, MONTHS): lambda left, right: YearMonthDuration(left.months - right.months),
    ("*", MONTHS, NUMBER): lambda left, right: _months(NUMBERS.multiply(Decimal(left.months), right)),
    ("*", NUMBER, MONTHS): lambda left, right: _months(NUMBERS.multiply(left, Decimal(right.months))),
    ("/", MONTHS, NUMBER): lambda left, right: _months(NUMBERS.divide(Decimal(left.months), right)),
    ("/", MONTHS, MONTHS): lambda left, right: NUMBERS.divide(Decimal(left.months), Decimal(right.months)),
    **_added(DATE, _later_date, (DAYS,)),
    **_added(DATE, _in_months, (MONTHS,)),
    **_added(DATETIME, _later, (DAYS,)),
    **_added(DATETIME, _in_months, (MONTHS,)),
    **_added(TIME, _later_time, (DAYS,)),
    **{("-", one, other): _between for one in (DATE, DATETIME) for other in (DATE, DATETIME)},
    ("-", TIME, TIME): _between_times,
}


def calculate(operator: str, left: Value, right: Value) -> Value:
    """The result of `+ - * / **`; None for a missing or unfit operand, a zero divisor, too large a result."""
    operation = _OPERATIONS.get((operator, kind_of(left), kind_of(right)))
    if operation is None:
        return None
    try:
        return operation(left, right)
    except (ArithmeticError, ValueError):
        return None


def negative(value: Value) -> Value:
    """A number or duration with the other sign."""
    if isinstance(value, Decimal):
        return NUMBERS.minus(value)
    return _negative(value) if isinstance(value, (timedelta, YearMonthDuration)) else None
