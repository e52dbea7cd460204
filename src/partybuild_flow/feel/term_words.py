"""The words that make a number a term or a duration: units, and whether the first day counts and where the last one ends."""

from __future__ import annotations

from datetime import timedelta
from typing import Final, NamedTuple

from partybuild_flow.feel.faults import nearest
from partybuild_flow.feel.scope import Names
from partybuild_flow.feel.terms import INCLUSIVE, UNIT_WORDS, UNTIL_CLOSE, TermUnit
from partybuild_flow.messages import Language

CLOCK_WORDS: Final = {
    "hour": timedelta(hours=1),
    "hours": timedelta(hours=1),
    "小时": timedelta(hours=1),
    "minute": timedelta(minutes=1),
    "minutes": timedelta(minutes=1),
    "分钟": timedelta(minutes=1),
}
"""Units that are the same on any calendar."""
_INSTEAD: Final = {
    "week": "days",
    "weeks": "days",
    "周": "日",
    "星期": "日",
    "月": "个月",
    "自然日": "日",
    "natural days": "days",
    "calendar days": "days",
}
"""What terms are not counted in, and what is written instead."""


class Counted(NamedTuple):
    """A unit of terms with all that may stand after it."""

    unit: TermUnit
    inclusive: bool
    closing: bool


def _names() -> Names:
    names = Names()
    for word, length in CLOCK_WORDS.items():
        names.add(word, length)
    for word in _INSTEAD:
        names.add(word, word)
    for word, unit in UNIT_WORDS.items():
        language: Language = "en" if word.isascii() else "zh-CN"
        names.add(word, Counted(unit, False, False))
        if unit == "working-hour":
            continue
        first, last = INCLUSIVE[language], UNTIL_CLOSE[language]
        # Chinese is written without spaces as often as with them.
        for gap in (" ",) if language == "en" else (" ", ""):
            names.add(word + gap + first, Counted(unit, True, False))
            names.add(word + gap + last, Counted(unit, False, True))
            names.add(word + gap + first + gap + last, Counted(unit, True, True))
    return names


_NAMES: Final = _names()


def unit_at(text: str, start: int) -> tuple[Counted | timedelta | str, int] | None:
    """The unit at this place of a text with its end, the longest there is; a text is one that is not used."""
    for spelling, end in _NAMES.matches(text, start)[:1]:
        meaning = _NAMES.meanings(spelling)[0]
        if isinstance(meaning, Counted | timedelta | str):
            return meaning, end
    return None


def unit_instead(word: str) -> str:
    """What is written instead of a unit that is not used."""
    return _INSTEAD[word]


def nearest_addition(word: str) -> str | None:
    """What was probably meant to stand after a unit."""
    return nearest(word, (*INCLUSIVE.values(), *UNTIL_CLOSE.values()))


def nearest_unit(word: str) -> str | None:
    """The unit that was probably meant."""
    return nearest(word, (*UNIT_WORDS, *CLOCK_WORDS))
