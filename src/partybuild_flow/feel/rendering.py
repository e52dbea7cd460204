"""Values as text: as the function `string` gives it, and as messages and traces show it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final, TypeGuard

from partybuild_flow.feel.lexer import KEYWORDS, word_end
from partybuild_flow.feel.moments import clock_text, duration_text
from partybuild_flow.feel.terms import Term, term_text
from partybuild_flow.feel.types import ANY, DOCUMENT, Type, Value
from partybuild_flow.feel.values import on_civil_clock
from partybuild_flow.messages import SEPARATORS, Language

_UNITS: Final = {
    timedelta(hours=1): ("hour", "hours", "小时"),
    timedelta(minutes=1): ("minute", "minutes", "分钟"),
}


def number_text(value: Decimal) -> str:
    """A number without exponent."""
    return f"{value:f}" if value else f"{abs(value):.{min(_places(value), 34)}f}"


def _places(value: Decimal) -> int:
    """How many digits stand after the point."""
    exponent = value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def quoted(value: str) -> str:
    """A text as an expression would write it."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + escaped.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t") + '"'


def entry_name(name: str) -> str:
    """The name of an entry, in quotes if it is not made of words."""
    words = name.split()
    is_name = bool(words) and not name[0].isdigit() and KEYWORDS.isdisjoint(words)
    return (
        name
        if is_name and " ".join(words) == name and all(word_end(word, 0) == len(word) for word in words)
        else quoted(name)
    )


def string_of(value: Value) -> str:
    """A value as the FEEL function `string` gives it; texts inside lists and contexts are quoted."""
    return value if isinstance(value, str) else _written(value, _exact)


def text_of(value: Value) -> str:
    """A value as messages show it: texts in quotes, numbers without exponent, instants on the civil clock."""
    return _written(value, _told)


def is_document(value: Value) -> TypeGuard[dict[str, Any]]:
    """Whether a value is a document, which people know by its name."""
    return isinstance(value, dict) and value.keys() == DOCUMENT.entries.keys()


def with_names(value: Value, type: Type) -> Value:
    """A value with the entries of its contexts under the names that people read; documents stay as they are."""
    if isinstance(value, list):
        return [with_names(item, type.item or ANY) for item in value]
    if not isinstance(value, dict) or is_document(value):
        return value
    names = {id_: name for name, id_ in type.spellings.items()}
    return {names.get(id_, id_): with_names(item, type.entries.get(id_, ANY)) for id_, item in value.items()}


def plain_text(value: Value, language: Language = "zh-CN") -> str:
    """A value as it stands in a message to people: no quotes, items one after the other, documents by their
    names, terms in words, nothing for null."""
    if value is None:
        return ""
    if isinstance(value, list):
        return SEPARATORS[language].join(plain_text(item, language) for item in value)
    if is_document(value):
        return str(value["name"])
    if isinstance(value, Term):
        return term_text(value, language)
    if isinstance(value, timedelta):
        return _in_words(value, language)
    return value if isinstance(value, str) else text_of(value)


def _in_words(value: timedelta, language: Language) -> str:
    """A duration in whole hours or minutes, as an expression may write it; any other in its ISO form."""
    for unit, (one, several, chinese) in _UNITS.items():
        if not value % unit:
            count = value // unit
            return f"{count} {chinese if language == 'zh-CN' else one if count == 1 else several}"
    return text_of(value)


def _exact(value: datetime) -> str:
    return clock_text(on_civil_clock(value))


def _told(value: datetime) -> str:
    told = on_civil_clock(value)
    return told.strftime("%Y-%m-%d %H:%M:%S" if told.second else "%Y-%m-%d %H:%M")


def _written(value: Value, instant: Callable[[datetime], str]) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case Decimal():
            return number_text(value)
        case str():
            return quoted(value)
        case timedelta():
            return duration_text(value)
        case Term():
            return term_text(value)
        case time():
            return clock_text(value)
        case datetime():
            return instant(value)
        case date():
            return value.isoformat()
        case list():
            return "[" + ", ".join(_written(item, instant) for item in value) + "]"
        case dict() if instant is _told and is_document(value):
            return quoted(str(value["name"]))
        case dict():
            return (
                "{"
                + ", ".join(f"{entry_name(name)}: {_written(item, instant)}" for name, item in value.items())
                + "}"
            )
