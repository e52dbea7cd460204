"""FEEL values as canonical JSON, each of which comes back as itself.

Numbers are JSON numbers with all their digits, dates, durations and terms are `{"@": "…"}`, a
context with an entry `@` is wrapped once more.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from json.encoder import encode_basestring
from sys import intern
from typing import Any

from partybuild_flow.feel import Term, Value, term_of, term_text, text_of


def write_value(value: Value) -> str:
    """The canonical JSON of a FEEL value."""
    if value is None:
        return "null"
    kind = type(value)
    if kind is str:
        return encode_basestring(value)  # type: ignore[arg-type]
    if kind is Decimal:
        return write_number(value)  # type: ignore[arg-type]
    if kind is bool:
        return "true" if value else "false"
    if isinstance(value, dict):
        return (
            write_context(value)
            if "@" not in value and "#" not in value
            else f'{{"@":{write_context(value)}}}'
        )
    if isinstance(value, list):
        return f"[{','.join([write_value(item) for item in value])}]"
    if isinstance(value, datetime):
        return f'{{"@":"{instant_text(value)}"}}'
    if isinstance(value, date | time):
        return f'{{"@":"{value.isoformat()}"}}'
    if isinstance(value, timedelta):
        return f'{{"@":"{_duration_text(value)}"}}'
    if isinstance(value, Term):
        return f'{{"@":"{term_text(value)}"}}'
    raise TypeError(f"{value!r} is no FEEL value")


def write_context(values: Mapping[str, Value]) -> str:
    """The canonical JSON of named values, in their order."""
    pieces = []
    for name, value in values.items():
        # The commonest kinds first and in place: this runs three times an event.
        kind = type(value)
        if kind is str:
            text = encode_basestring(value)  # type: ignore[arg-type]
        elif value is None:
            text = "null"
        else:
            text = write_number(value) if kind is Decimal else write_value(value)  # type: ignore[arg-type]
        pieces.append(f"{encode_basestring(name)}:{text}")
    return f"{{{','.join(pieces)}}}"


def write_pair(name: str, value: Value) -> str:
    """A name and its value as they stand in a context."""
    return f"{encode_basestring(name)}:{write_value(value)}"


def write_texts(texts: tuple[str, ...]) -> str:
    """The JSON of a list of texts."""
    return f"[{','.join([encode_basestring(text) for text in texts])}]"


def write_number(number: Decimal) -> str:
    """All digits of a number, without an exponent."""
    text = str(number)
    return format(number, "f") if "E" in text else text


@lru_cache(maxsize=256)
def instant_text(instant: datetime) -> str:
    """An instant in UTC with microseconds: texts of one length, in the order of time."""
    if instant.tzinfo is not UTC:
        instant = instant.astimezone(UTC)
    return instant.isoformat(timespec="microseconds")[:26] + "Z"


def read_values(text: str) -> dict[str, Value]:
    """Named values back from their JSON."""
    return {intern(name): read_value(found) for name, found in read_json(text).items()}


def read_value(found: Any) -> Value:
    """A FEEL value back from JSON that was read."""
    if isinstance(found, dict):
        if "@" in found:
            inner = found["@"]
            return (
                _at(inner)
                if isinstance(inner, str)
                else {name: read_value(each) for name, each in inner.items()}
            )
        return {intern(name): read_value(each) for name, each in found.items()}
    if isinstance(found, list):
        return [read_value(item) for item in found]
    value: Value = found
    return value


def read_instant(text: str) -> datetime:
    """The instant of such a text."""
    return datetime.fromisoformat(text)


def read_json(text: str) -> Any:
    """JSON with every number as a Decimal."""
    return json.loads(text, parse_float=Decimal, parse_int=Decimal)


def _at(text: str) -> Value:
    if text.startswith(("P", "-P")):
        return _duration(text)
    if " " in text:
        return _term(text)
    if "T" in text:
        return read_instant(text)
    return time.fromisoformat(text) if ":" in text else date.fromisoformat(text)


def _term(text: str) -> Term:
    term = term_of(text)
    if term is None:
        raise TypeError(f"{text!r} is no term")
    return term


def _duration(text: str) -> timedelta:
    from partybuild_flow.feel import parse_literal
    from partybuild_flow.feel.tree import Constant

    expression = parse_literal(f'@"{text}"').expression
    if expression is None or not isinstance(expression.tree, Constant):
        raise TypeError(f"{text!r} is no duration")
    value = expression.tree.value
    if not isinstance(value, timedelta):
        raise TypeError(f"{text!r} is no duration")
    return value


def _duration_text(duration: timedelta) -> str:
    return text_of(duration).removeprefix("@").strip('"') if duration else "PT0S"
