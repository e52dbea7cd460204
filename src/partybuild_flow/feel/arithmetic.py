"""Arithmetic of numbers, dates, times, durations and texts. Total: None where there is no result.

Numbers have 34 digits and round half to even, like IEEE 754 decimal128; larger ones have no
result, so that nothing here takes long. Source: DMN 1.5, clause 10.3.2.3.1 and table 57.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import (
    ROUND_HALF_EVEN,
    Context,
    Decimal,
    DivisionByZero,
    InvalidOperation,
    Overflow,
)
from typing import Any, Final

from partybuild_flow.feel.term_arithmetic import TERM_OPERATIONS, negative_term
from partybuild_flow.feel.terms import Term
from partybuild_flow.feel.types import Value
from partybuild_flow.feel.values import kind_of

NUMBERS: Final = Context(
    prec=34,
    rounding=ROUND_HALF_EVEN,
    Emin=-6143,
    Emax=6144,
    capitals=1,
    clamp=0,
    traps=[DivisionByZero, InvalidOperation, Overflow],
)
"""Its methods compute with the precision of FEEL, whatever the thread's own context says; they raise
ArithmeticError where FEEL has null."""
LONGEST_TEXT: Final = 100_000
"""A longer text is no result."""
_MICROSECOND: Final = timedelta(microseconds=1)


def power(base: Decimal, exponent: Decimal) -> Decimal:
    """A power; anything to the zeroth is 1.

    Raises:
        ArithmeticError: there is none, or it is too large.
    """
    result = NUMBERS.power(base, exponent) if exponent else Decimal(1)
    if not result.is_finite():
        raise ZeroDivisionError
    return result


def microseconds(value: timedelta) -> Decimal:
    """A duration as a number."""
    return Decimal(value // _MICROSECOND)


def duration_of(count: Decimal) -> timedelta:
    """The duration of so many microseconds, rounded half to even.

    Raises:
        ArithmeticError: it is longer than a duration can be.
    """
    return timedelta(microseconds=int(count.to_integral_value(ROUND_HALF_EVEN)))


def later(moment: datetime, term: timedelta) -> datetime:
    """The instant that is so much later, with the zone of the first."""
    return moment + term if moment.tzinfo is UTC else (_instant(moment) + term).astimezone(moment.tzinfo)


def _instant(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError
    return moment.astimezone(UTC)


def _later_date(day: date, term: timedelta) -> date:
    return (datetime(day.year, day.month, day.day, tzinfo=UTC) + term).date()


def _later_time(clock: time, term: timedelta) -> time:
    moment = datetime(2000, 1, 1, clock.hour, clock.minute, clock.second, clock.microsecond, tzinfo=UTC)
    return (moment + term % timedelta(days=1)).time().replace(tzinfo=clock.tzinfo)


def _between_times(left: time, right: time) -> timedelta:
    def since_midnight(clock: time) -> timedelta:
        offset = clock.utcoffset()
        wall = timedelta(
            hours=clock.hour, minutes=clock.minute, seconds=clock.second, microseconds=clock.microsecond
        )
        return wall - (timedelta(hours=8) if offset is None else offset)

    return since_midnight(left) - since_midnight(right)


def _joined(left: str, right: str) -> str | None:
    return left + right if len(left) + len(right) <= LONGEST_TEXT else None


_OPERATIONS: Final[dict[tuple[str, str, str], Callable[[Any, Any], Value]]] = {
    ("+", "number", "number"): NUMBERS.add,
    ("-", "number", "number"): NUMBERS.subtract,
    ("*", "number", "number"): NUMBERS.multiply,
    ("/", "number", "number"): NUMBERS.divide,
    ("**", "number", "number"): power,
    ("+", "text", "text"): _joined,
    ("+", "duration", "duration"): lambda left, right: left + right,
    ("-", "duration", "duration"): lambda left, right: left - right,
    ("*", "duration", "number"): lambda left, right: duration_of(NUMBERS.multiply(microseconds(left), right)),
    ("*", "number", "duration"): lambda left, right: duration_of(NUMBERS.multiply(left, microseconds(right))),
    ("/", "duration", "number"): lambda left, right: duration_of(NUMBERS.divide(microseconds(left), right)),
    ("/", "duration", "duration"): lambda left, right: NUMBERS.divide(
        microseconds(left), microseconds(right)
    ),
    ("+", "date", "duration"): _later_date,
    ("+", "duration", "date"): lambda left, right: _later_date(right, left),
    ("-", "date", "duration"): lambda left, right: _later_date(left, -right),
    ("-", "date", "date"): lambda left, right: left - right,
    ("+", "datetime", "duration"): later,
    ("+", "duration", "datetime"): lambda left, right: later(right, left),
    ("-", "datetime", "duration"): lambda left, right: later(left, -right),
    ("-", "datetime", "datetime"): lambda left, right: _instant(left) - _instant(right),
    ("+", "time", "duration"): _later_time,
    ("+", "duration", "time"): lambda left, right: _later_time(right, left),
    ("-", "time", "duration"): lambda left, right: _later_time(left, -right),
    ("-", "time", "time"): _between_times,
    **TERM_OPERATIONS,
}


def result_kinds(operator: str, left: str, right: str) -> frozenset[str]:
    """The kinds that an operation may give; `any` and `null` stand for every kind of operand.

    What is known to be a term may be a duration, so that a result that may be either is a term.
    """
    found = frozenset(
        _result(operation, one, other)
        for operation, one, other in _OPERATIONS
        if operation == operator and _may_be(left, one) and _may_be(right, other)
    )
    return found - {"duration"} if found == {"term", "duration"} else found


def _may_be(known: str, kind: str) -> bool:
    return known in (kind, "any", "null") or (known == "term" and kind == "duration")


def _result(operator: str, left: str, right: str) -> str:
    if "term" in (left, right) and left != right:
        return "term" if "number" in (left, right) else left if right == "term" else right
    if operator in "+-" and left != right:
        return left if right == "duration" else right
    if operator == "-" and left in ("date", "datetime", "time"):
        return "duration"
    if operator == "/" and left == right:
        return "number"
    return "duration" if "duration" in (left, right) else left


def calculate(operator: str, left: Value, right: Value) -> Value:
    """The result of `+ - * / **`; None for a missing or unfit operand, a zero divisor, too large a result."""
    operation = _OPERATIONS.get((operator, kind_of(left) or "any", kind_of(right) or "any"))
    if operation is None:
        return None
    try:
        return operation(left, right)
    except (ArithmeticError, ValueError):
        return None


def negative(value: Value) -> Value:
    """A number, duration or term with the other sign."""
    if isinstance(value, Term):
        return negative_term(value)
    if isinstance(value, Decimal):
        return NUMBERS.minus(value) if value.is_finite() else None
    return -value if isinstance(value, timedelta) else None
