"""Arithmetic of terms with each other, with numbers and with days. What needs a calendar has no result here.

Months end on the same day number of the due month, or on its last day. Source: Civil Code of the PRC, article 202.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_CEILING, Decimal
from typing import Any, Final

from partybuild_flow.feel.terms import MAX_LENGTH, Term
from partybuild_flow.feel.types import Value
from partybuild_flow.feel.values import CIVIL_ZONE

_MONTHS: Final = {"month": 1, "year": 12}


def lengthened(term: Term, length: Decimal) -> Term | None:
    """The term with another length: rounded up to whole ones except for working hours; None if it is too long."""
    if not length.is_finite() or abs(length) > MAX_LENGTH:
        return None
    whole = length if term.unit == "working-hour" else length.to_integral_value(ROUND_CEILING)
    return term._replace(length=whole)


def _sum(left: Term, right: Term) -> Term | None:
    if left.unit != right.unit:
        return None
    both = left._replace(inclusive=left.inclusive or right.inclusive, closing=left.closing or right.closing)
    return lengthened(both, left.length + right.length)


def _difference(left: Term, right: Term) -> Term | None:
    return lengthened(left, left.length - right.length) if left.unit == right.unit else None


def _times(term: Term, number: Decimal) -> Term | None:
    return lengthened(term, term.length * number) if abs(number) <= MAX_LENGTH else None


def later_day(day: date, term: Term, sign: int = 1) -> date | None:
    """The day that is so many days, months or years later; None for terms that only a calendar can count."""
    if term.unit not in ("day", "month", "year"):
        return None
    length = sign * int(term.length)
    if term.inclusive and length:
        day -= timedelta(days=1 if length > 0 else -1)
    if term.unit == "day":
        return day + timedelta(days=length)
    return months_later(day, length * _MONTHS[term.unit])


def months_later(day: date, months: int) -> date:
    """The same day number so many months later, or the last day of that month. Raises ValueError, OverflowError."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise OverflowError
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _later_moment(moment: datetime, term: Term, sign: int = 1) -> datetime | None:
    """The same time of day, on the clock of the moment's zone, on a later day."""
    if moment.tzinfo is None:
        return None
    local = moment.astimezone(CIVIL_ZONE) if moment.tzinfo is UTC else moment
    day = later_day(local.date(), term, sign)
    if day is None:
        return None
    return datetime.combine(day, local.timetz()).astimezone(moment.tzinfo)


TERM_OPERATIONS: Final[dict[tuple[str, str, str], Callable[[Any, Any], Value]]] = {
    ("+", "term", "term"): _sum,
    ("-", "term", "term"): _difference,
    ("*", "term", "number"): _times,
    ("*", "number", "term"): lambda left, right: _times(right, left),
    ("+", "date", "term"): later_day,
    ("+", "term", "date"): lambda left, right: later_day(right, left),
    ("-", "date", "term"): lambda left, right: later_day(left, right, -1),
    ("+", "datetime", "term"): _later_moment,
    ("+", "term", "datetime"): lambda left, right: _later_moment(right, left),
    ("-", "datetime", "term"): lambda left, right: _later_moment(left, right, -1),
}
"""By operator and the kinds of both operands. Other combinations have no result."""


def negative_term(term: Term) -> Term:
    """The term the other way."""
    return term._replace(length=-term.length if term.length else term.length)
