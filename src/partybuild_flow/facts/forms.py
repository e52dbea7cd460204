"""The conversion of what a caller sends for a field, by its type and its bounds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final

from partybuild_flow.facts.compound import document, records
from partybuild_flow.facts.scalars import (
    Convert,
    UnfitError,
    instant,
    read_boolean,
    read_date,
    read_duration,
    read_integer,
    read_number,
    read_term,
    read_text,
)
from partybuild_flow.feel import DOCUMENT, Term, Type, Value, text_of

if TYPE_CHECKING:
    from partybuild_flow.definition import Field


def conversion(field: Field) -> Convert:
    """The function that turns a sent value into this field's FEEL value.

    It gives None for None and for empty text, and raises UnfitError with the reason.
    """
    if field.columns:
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
        return document
    if type.values:
        return _choice(type.values)
    if kind == "integer":
        return read_integer
    return _BY_KIND.get(type.kind, _any)


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
        return read_number(sent)
    if isinstance(sent, datetime):
        return instant(sent)
    if sent is None or isinstance(sent, date | timedelta | Term):
        return sent
    if isinstance(sent, list | tuple):
        return [_any(item) for item in sent]
    if isinstance(sent, Mapping):
        return {str(read_text(key)): _any(item) for key, item in sent.items()}
    return read_text(sent)


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
    "number": read_number,
    "text": read_text,
    "boolean": read_boolean,
    "date": read_date,
    "datetime": instant,
    "duration": read_duration,
    "term": read_term,
}
