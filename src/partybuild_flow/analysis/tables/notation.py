"""What the sheets of a table say of themselves, in Chinese and in English."""

from __future__ import annotations

from typing import Final

from partybuild_flow.messages import Language, sentence

_SIGNS: Final[tuple[tuple[str, str, str], ...]] = (
    ("-", "-", "any"),
    ("五星", "urgent", "word"),
    ("三星, 四星", "low, normal", "several"),
    ('not("三星")', 'not("urgent")', "not"),
    (">= 90", ">= 90", "at-least"),
    ("[80..90)", "[80..90)", "range"),
    ("null", "null", "null"),
    ("是, 否", "true, false", "truth"),
    ('"限期整改"', '"put it right"', "text"),
    ("五星线", "lowest mark", "name"),
    ("5 工作日", "5 working days", "term"),
)
"""How something is written in either language, and the code of what it means."""


def notation_lines() -> list[list[str]]:
    """The lines of the sheet that explains the notation."""
    return [*_told("zh-CN", 0), ["", ""], *_told("en", 1)]


def _told(language: Language, which: int) -> list[list[str]]:
    def said(code: str) -> str:
        return sentence(f"notation.{code}", language, {})

    lines = [[said("title"), ""], ["", said("lines")], ["", said("hit")], [said("sign"), said("means")]]
    lines += [[each[which], said(each[2])] for each in _SIGNS]
    return [*lines, ["", said("text-cells")], ["", said("back")]]
