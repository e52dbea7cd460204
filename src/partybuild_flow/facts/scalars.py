"""From what a caller sends to single FEEL values: numbers, texts, dates, instants, terms.

Text is accepted for every type in its written form, so that forms, command lines and Gherkin
need no types of their own. Each gives None for None and for empty text, or raises UnfitError.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Final

from partybuild_flow.case import Unfit
from partybuild_flow.feel import Term, Value, parse_literal
from partybuild_flow.feel.tree import Constant
from partybuild_flow.feel.values import CIVIL_ZONE

HOME: Final = CIVIL_ZONE
"""The zone of every date and of every instant written without one."""

AHEAD: Final = timedelta(hours=8)
LAST_SUMMER_TIME: Final = 1991
"""The last year in which Asia/Shanghai was ever further from UTC than eight hours."""

LONGEST_TEXT: Final = 100_000
MOST_DIGITS: Final = 34
"""The precision of FEEL numbers. Source: DMN 1.5, clause 10.3.2.3.1."""

LARGEST_PLAIN: Final = 10**MOST_DIGITS

Convert = Callable[[object], Value]


class UnfitError(Exception):
    """Carries an `Unfit` out of a conversion; never leaves this floor's callers."""

    def __init__(self, code: str, **data: object) -> None:
        self.unfit = Unfit(code, data)
        super().__init__(code)


def read_number(sent: object) -> Decimal | None:
    """A number; digits beyond the precision of FEEL do not fit."""
    if sent is None or sent == "":
        return None
    try:
        if isinstance(sent, str):
            number = Decimal(sent.strip())
        elif isinstance(sent, Decimal):
            number = sent
        elif isinstance(sent, int) and not isinstance(sent, bool):
            number = Decimal(sent)
        elif isinstance(sent, float):
            # The shortest text that means this float is what its writer typed.
            number = Decimal(repr(sent))
        else:
            raise UnfitError("value.number", written=sent)
    except InvalidOperation:
        raise UnfitError("value.number", written=sent) from None
    if not number.is_finite():
        raise UnfitError("value.number", written=sent)
    # Few enough characters without an exponent are few enough digits.
    if type(sent) is str and len(sent) <= MOST_DIGITS and "e" not in sent and "E" not in sent:
        return number
    _, digits, exponent = number.as_tuple()
    if len(digits) > MOST_DIGITS or abs(int(exponent)) > MOST_DIGITS:
        raise UnfitError("value.digits", written=sent, most=MOST_DIGITS)
    return number


def read_integer(sent: object) -> Decimal | None:
    """A whole number."""
    if type(sent) is int and -LARGEST_PLAIN < sent < LARGEST_PLAIN:
        return Decimal(sent)
    number = read_number(sent)
    if number is not None and number != number.to_integral_value():
        raise UnfitError("value.integer", written=sent)
    return number


def read_text(sent: object) -> str | None:
    """A text of characters that every store can keep."""
    if sent is None or sent == "":
        return None
    if not isinstance(sent, str):
        raise UnfitError("value.text", written=sent)
    if len(sent) > LONGEST_TEXT:
        raise UnfitError("value.long", length=len(sent), most=LONGEST_TEXT)
    if not sent.isascii():
        try:
            sent.encode()
        except UnicodeEncodeError:
            # A lone surrogate is no character; no store and no hash could keep it.
            raise UnfitError("value.text", written=ascii(sent)) from None
    return sent


def read_boolean(sent: object) -> bool | None:
    """True or false."""
    if sent is None or sent == "":
        return None
    if isinstance(sent, bool):
        return sent
    known = {"是": True, "否": False, "true": True, "false": False}
    if not isinstance(sent, str) or sent not in known:
        raise UnfitError("value.boolean", written=sent)
    return known[sent]


def read_date(sent: object) -> date | None:
    """A date."""
    if sent is None or sent == "":
        return None
    if isinstance(sent, datetime):
        return home_date(sent)
    if isinstance(sent, date):
        return sent
    try:
        if isinstance(sent, str):
            return date.fromisoformat(sent)
    except ValueError:
        pass
    raise UnfitError("value.date", written=sent)


def home_date(instant: datetime) -> date:
    """The date of an aware instant in Asia/Shanghai."""
    if instant.tzinfo is UTC and instant.year > LAST_SUMMER_TIME:
        return (instant + AHEAD).date()
    return instant.astimezone(HOME).date()


def instant(sent: object) -> datetime | None:
    """An aware UTC datetime; one without a zone is meant in Asia/Shanghai. Raises UnfitError."""
    if sent is None or sent == "":
        return None
    try:
        moment = datetime.fromisoformat(sent) if isinstance(sent, str) else sent
        if isinstance(moment, datetime):
            return (moment if moment.tzinfo else moment.replace(tzinfo=HOME)).astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise UnfitError("value.datetime", written=sent)


def read_term(sent: object) -> timedelta | Term | None:
    """A term, or a duration."""
    if sent is None or sent == "":
        return None
    if isinstance(sent, timedelta | Term):
        return sent
    if isinstance(sent, str):
        value = _literal(sent)
        if not isinstance(value, timedelta | Term):
            value = _literal(f'@"{sent}"')
        if isinstance(value, timedelta | Term):
            return value
    raise UnfitError("value.term", written=sent)


def read_duration(sent: object) -> timedelta | None:
    """A duration; a term does not fit."""
    value = read_term(sent)
    if isinstance(value, Term):
        raise UnfitError("value.term", written=sent)
    return value


def _literal(text: str) -> Value:
    expression = parse_literal(text).expression
    return expression.tree.value if expression and isinstance(expression.tree, Constant) else None
