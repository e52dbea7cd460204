"""Written values as FEEL values: for parameters, examples, bounds and what a command line is given."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Final

from partybuild_flow.feel import DOCUMENT, Term, Type, Value, evaluate, parse_literal
from partybuild_flow.feel.values import CIVIL_ZONE
from partybuild_flow.reader.keywords import TRUTHS

NOTHING_WRITTEN: Final = ("", "~", "null")

_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,34}(?:\.[0-9]{1,34})?")
_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_CLOCK = r"[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?"
_MOMENT: Final = {
    "date": re.compile(_DAY),
    "time": re.compile(_CLOCK),
    "datetime": re.compile(rf"{_DAY}[T ]{_CLOCK}(?:Z|[+-][0-9]{{2}}:[0-9]{{2}})?"),
}


class UnfitTextError(ValueError):
    """The text does not say a value of the type. Carries both, for the sentence."""

    def __init__(self, text: str, expected: Type) -> None:
        self.text = text
        self.expected = expected
        super().__init__(text)


def value_of(text: str, expected: Type, *, quoted: bool = False) -> Value:
    """The FEEL value that a text says where a value of this type is expected; an instant without a zone is on
    the civil clock; all are in UTC.

    A plain empty text, `~` or `null` is no value. Of type `any`, a plain text is what it says as a
    FEEL literal, else itself; a quoted one is itself.

    Raises:
        UnfitTextError: it says no value of this type.
    """
    if not quoted and text in NOTHING_WRITTEN:
        return None
    match expected.kind:
        case "any":
            return text if quoted else _free(text)
        case "text" if not expected.values or text in expected.values:
            return text
        case "number":
            return Decimal(text) if _NUMBER.fullmatch(text) else _literal(text, expected)
        case "boolean" if text in TRUTHS:
            return TRUTHS[text]
        case "date" | "time" | "datetime":
            return _moment(text, expected)
        case "duration" | "term":
            return _length(text, expected)
        case "context" if expected == DOCUMENT and text:
            return {"id": text, "name": text, "hash": None}
        case _:
            raise UnfitTextError(text, expected)


def _free(text: str) -> Value:
    if text in TRUTHS:
        return TRUTHS[text]
    if _NUMBER.fullmatch(text):
        return Decimal(text)
    expression = parse_literal(text).expression
    return text if expression is None else evaluate(expression.tree, {})


def _literal(text: str, expected: Type) -> Value:
    expression = parse_literal(text).expression
    if expression is None or expression.type.kind != expected.kind:
        raise UnfitTextError(text, expected)
    return evaluate(expression.tree, {})


def _length(text: str, expected: Type) -> timedelta | Term:
    for written in (text, f'@"{text}"'):
        expression = parse_literal(written).expression
        value = evaluate(expression.tree, {}) if expression else None
        if isinstance(value, timedelta) or (isinstance(value, Term) and expected.kind == "term"):
            return value
    raise UnfitTextError(text, expected)


def _moment(text: str, expected: Type) -> date | time | datetime:
    if not _MOMENT[expected.kind].fullmatch(text):
        raise UnfitTextError(text, expected)
    try:
        if expected.kind == "date":
            return date.fromisoformat(text)
        if expected.kind == "time":
            return time.fromisoformat(text)
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=CIVIL_ZONE)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise UnfitTextError(text, expected) from error
