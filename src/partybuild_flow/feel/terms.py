"""A term: a length that is counted on a calendar, such as `5 working days`, and how it is written.

Hours and minutes of the clock are no term but a duration: they run the same on any calendar.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final, Literal, NamedTuple

from partybuild_flow.messages import Language

TermUnit = Literal["working-day", "day", "working-hour", "month", "year"]


class Term(NamedTuple):
    """So many working days, days, working hours, months or years.

    `length` is whole except for working hours. `inclusive`: the day on which it starts is its first day.
    `closing`: its last day ends at close of business instead of 24:00. Lengths, not instants: only a
    calendar knows when a term ends.
    """

    length: Decimal
    unit: TermUnit
    inclusive: bool = False
    closing: bool = False


_ENGLISH: Final[dict[TermUnit, str]] = {
    "working-day": "working day",
    "day": "day",
    "working-hour": "working hour",
    "month": "month",
    "year": "year",
}
_CHINESE: Final[dict[TermUnit, str]] = {
    "working-day": "工作日",
    "day": "日",
    "working-hour": "工作时",
    "month": "个月",
    "year": "年",
}
UNIT_WORDS: Final[dict[str, TermUnit]] = {
    **{word: unit for unit, word in _ENGLISH.items()},
    **{word + "s": unit for unit, word in _ENGLISH.items()},
    **{word: unit for unit, word in _CHINESE.items()},
    "个工作日": "working-day",
    "天": "day",
    "个工作时": "working-hour",
}
"""The unit by each way to write it, in both languages."""

INCLUSIVE: Final[dict[Language, str]] = {"en": "inclusive", "zh-CN": "含当日"}
UNTIL_CLOSE: Final[dict[Language, str]] = {"en": "until close", "zh-CN": "至下班"}

MAX_LENGTH: Final = 100_000
"""The longest term that can be written, in its own unit."""

_WRITTEN: Final = re.compile(
    rf"(-?[0-9]{{1,6}}(?:\.[0-9]{{1,28}})?) ?({'|'.join(sorted(UNIT_WORDS, key=len, reverse=True))})"
    rf"( (?:{'|'.join(INCLUSIVE.values())}))?( (?:{'|'.join(UNTIL_CLOSE.values())}))?",
    re.ASCII,
)


def term_of(text: str) -> Term | None:
    """The term written as `5 working days inclusive until close` or `5 工作日 含当日 至下班`; None for any other text.

    A fraction stands before working hours only, a day to count or close only with units of days and longer.
    """
    match = _WRITTEN.fullmatch(text)
    if not match:
        return None
    length, unit = Decimal(match[1]), UNIT_WORDS[match[2]]
    inclusive, closing = match[3] is not None, match[4] is not None
    if abs(length) > MAX_LENGTH:
        return None
    if unit == "working-hour":
        return None if inclusive or closing else Term(length, unit)
    return Term(length, unit, inclusive, closing) if length == length.to_integral_value() else None


def term_text(term: Term, language: Language = "en") -> str:
    """The term as it is written; the English text is the canonical one, by which a term is kept."""
    length = _plain(term.length)
    plural = "" if length == "1" else "s"
    word = _ENGLISH[term.unit] + plural if language == "en" else _CHINESE[term.unit]
    inclusive = f" {INCLUSIVE[language]}" if term.inclusive else ""
    closing = f" {UNTIL_CLOSE[language]}" if term.closing else ""
    return f"{length} {word}{inclusive}{closing}"


def _plain(number: Decimal) -> str:
    """A number without exponent and without zeros that say nothing."""
    written = f"{number:f}"
    written = written.rstrip("0").rstrip(".") if "." in written else written
    return "0" if written in ("", "-0", "-") else written
