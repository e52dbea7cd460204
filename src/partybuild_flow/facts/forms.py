"""From what a caller sends to FEEL values: one conversion a field, by its type and its bounds.

Text is accepted for every type in its written form, so that forms, command lines and Gherkin
need no types of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final

from partybuild_flow.case import Unfit
from partybuild_flow.feel import DOCUMENT, Term, Type, Value, parse_literal, text_of
from partybuild_flow.feel.tree import Constant
from partybuild_flow.feel.values import CIVIL_ZONE

if TYPE_CHECKING:
    from partybuild_flow.definition import Field

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


def conversion(field: Field) -> Convert:
    """The function that turns a sent value into this field's FEEL value.

    It gives None for None and for empty text, and raises UnfitError with the reason.
    """
    if field.columns:
        from partybuild_flow.facts.compound import records

        return records([(each.id, each.name, conversion(each)) for each in field.columns])
    if field.kind == "list":
        return _list_of(conversion_of(field.type.item or Type("text"), field.item or "text"))
    convert = conversion_of(field.type, field.kind)
    if field.decimals is None and field.minimum is None and field.maximum is None:
        return convert
    return _bounded(convert, field) if field.type.kind == "number" else _within(convert, field)


def conversion_of(type: Type, kind: str) -> Convert:
    """The conversion for a type; `kind` is its written name where the type alone does not tell."""
    if type.kind == "list":
        return _list_of(conversion_of(type.item or Type("text"), "text"))
    if type == DOCUMENT:
        from partybuild_flow.facts.compound import document

        return document
    if type.values:
        return _choice(type.values)
    if kind == "integer":
        return _integer
    return _BY_KIND.get(type.kind, _any)


def _number(sent: object) -> Decimal | None:
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


def _integer(sent: object) -> Decimal | None:
    if type(sent) is int and -LARGEST_PLAIN < sent < LARGEST_PLAIN:
        return Decimal(sent)
    number = _number(sent)
    if number is not None and number != number.to_integral_value():
        raise UnfitError("value.integer", written=sent)
    return number


def _text(sent: object) -> str | None:
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


def _boolean(sent: object) -> bool | None:
    if sent is None or sent == "":
        return None
    if isinstance(sent, bool):
        return sent
    known = {"是": True, "否": False, "true": True, "false": False}
    if not isinstance(sent, str) or sent not in known:
        raise UnfitError("value.boolean", written=sent)
    return known[sent]


def _date(sent: object) -> date | None:
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


def _term(sent: object) -> timedelta | Term | None:
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


def _duration(sent: object) -> timedelta | None:
    value = _term(sent)
    if isinstance(value, Term):
        raise UnfitError("value.term", written=sent)
    return value


def _literal(text: str) -> Value:
    expression = parse_literal(text).expression
    return expression.tree.value if expression and isinstance(expression.tree, Constant) else None


def _choice(values: tuple[str, ...]) -> Convert:
    known = frozenset(values)

    def convert(sent: object) -> str | None:
        if sent is None or sent == "":
            return None
        if isinstance(sent, str) and sent in known:
            return sent
        near = get_close_matches(str(sent), values, n=1, cutoff=0.5)
        if near:
            raise UnfitError("value.choice.near", written=sent, near=near[0])
        raise UnfitError("value.choice", written=sent, values=values)

    return convert


def _list_of(convert: Convert) -> Convert:
    def convert_all(sent: object) -> list[Value] | None:
        if sent is None or sent == "":
            return None
        if not isinstance(sent, list | tuple):
            raise UnfitError("value.list", written=sent)
        return [convert(item) for item in sent]

    return convert_all


def _any(sent: object) -> Value:
    """Any value that FEEL knows, looked through item by item; for look-ups that declare no closer type."""
    if isinstance(sent, bool):
        return sent
    if isinstance(sent, int | float | Decimal):
        return _number(sent)
    if isinstance(sent, datetime):
        return instant(sent)
    if sent is None or isinstance(sent, date | timedelta | Term):
        return sent
    if isinstance(sent, list | tuple):
        return [_any(item) for item in sent]
    if isinstance(sent, Mapping):
        return {str(_text(key)): _any(item) for key, item in sent.items()}
    return _text(sent)


def _bounded(convert: Convert, field: Field) -> Convert:
    decimals: int | None = field.decimals
    minimum: Any = field.minimum
    maximum: Any = field.maximum
    unit = Decimal((0, (1,), -decimals)) if decimals is not None else None

    def convert_within(sent: object) -> Value:
        value = convert(sent)
        if not isinstance(value, Decimal):
            return value
        if unit is not None and decimals is not None and not value.same_quantum(unit):
            exponent = value.as_tuple().exponent
            if -int(exponent) > decimals and value != round(value, decimals):
                raise UnfitError("value.decimals", written=sent, most=decimals)
        if minimum is not None and value < minimum:
            raise UnfitError("value.below", written=sent, least=minimum)
        if maximum is not None and value > maximum:
            raise UnfitError("value.above", written=sent, most=maximum)
        return value

    return convert_within


def _within(convert: Convert, field: Field) -> Convert:
    """The conversion of a date or an instant that has bounds."""
    earliest: Any = field.minimum
    latest: Any = field.maximum

    def convert_within(sent: object) -> Value:
        value = convert(sent)
        if isinstance(value, date):
            if earliest is not None and value < earliest:
                raise UnfitError("value.earlier", written=text_of(value), least=text_of(earliest))
            if latest is not None and value > latest:
                raise UnfitError("value.later", written=text_of(value), most=text_of(latest))
        return value

    return convert_within


_BY_KIND: Final[Mapping[str, Convert]] = {
    "number": _number,
    "text": _text,
    "boolean": _boolean,
    "date": _date,
    "datetime": instant,
    "duration": _duration,
    "term": _term,
}
