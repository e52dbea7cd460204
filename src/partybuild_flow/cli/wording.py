"""How the command line speaks: its language, and values as people read them."""

from __future__ import annotations

import locale
import os
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from partybuild_flow.facts import HOME
from partybuild_flow.feel import Term, Value, term_text, text_of
from partybuild_flow.feel.rendering import is_document
from partybuild_flow.messages import SEPARATORS, Language, sentence


class Spoken(StrEnum):
    """The languages to choose from."""

    en = "en"
    zh = "zh-CN"


def language_of(spoken: Spoken | None) -> Language | None:
    """The language that was chosen; None if none was."""
    return None if spoken is None else "zh-CN" if spoken is Spoken.zh else "en"


def own_language(spoken: Spoken | None = None) -> Language:
    """The language that was chosen, else that of the environment, else English."""
    told = [os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG")]
    first = next((each for each in told if each), None) or locale.getlocale()[0] or ""
    return language_of(spoken) or ("zh-CN" if first.lower().startswith(("zh", "chinese")) else "en")


def word(code: str, language: Language, **data: object) -> str:
    """A sentence of the command line's own."""
    return sentence(f"command.{code}", language, data)


def plain(text: str) -> str:
    """The text on one line without characters that would steer a terminal."""
    return "".join(each if each.isprintable() else f"\\u{ord(each):04x}" for each in text)


def shown(value: Value, language: Language) -> str:
    """A value as people read it, on one line; instants in Asia/Shanghai."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return word("yes" if value else "no", language)
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, list):
        items = (shown(item, language) for item in value)
        records = bool(value) and isinstance(value[0], dict) and not is_document(value[0])
        return SEPARATORS[language].join(f"({item})" if records else item for item in items)
    if is_document(value):
        return plain(str(value["name"]))
    if isinstance(value, Mapping):
        parts = (f"{plain(name)}={shown(item, language)}" for name, item in value.items())
        return SEPARATORS[language].join(parts)
    if isinstance(value, timedelta):
        return _term(value, language)
    if isinstance(value, Term):
        return term_text(value, language)
    return text_of(value)


def moment(instant: datetime | None) -> str:
    """An instant in Asia/Shanghai as ISO 8601, to the second."""
    return "" if instant is None else instant.astimezone(HOME).isoformat(timespec="seconds")


def _term(term: timedelta, language: Language) -> str:
    """A term in hours and minutes, as terms are written."""
    minutes, rest = divmod(abs(term), timedelta(minutes=1))
    if rest:
        return text_of(term)
    hours, minutes = divmod(minutes, 60)
    told = [word("hours", language, count=hours)] if hours or not minutes else []
    told += [word("minutes", language, count=minutes)] if minutes else []
    return ("-" if term < timedelta() else "") + " ".join(told)
