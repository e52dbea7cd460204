"""Every sentence that an analyst reads, by code and language. Templates only, no rules.

A code never changes its meaning. Data enters a template as an argument, never as a template.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, NamedTuple

Language = Literal["en", "zh-CN"]

SEPARATORS: Final[Mapping[Language, str]] = {"en": ", ", "zh-CN": "、"}


class Phrase(NamedTuple):
    """A part of a sentence that each language says in its own words, such as “did you mean …”."""

    code: str
    data: Mapping[str, object] = {}


def catalogue(language: Language) -> Mapping[str, str]:
    """Templates by code, in one language; both languages hold the same codes."""
    if language == "zh-CN":
        from partybuild_flow.messages.zh_cn import SENTENCES
    else:
        from partybuild_flow.messages.en import SENTENCES
    return SENTENCES


def phrases(language: Language) -> Mapping[str, str]:
    """Templates of the parts of sentences by code, in one language; both languages hold the same codes."""
    if language == "zh-CN":
        from partybuild_flow.messages.zh_cn import PHRASES
    else:
        from partybuild_flow.messages.en import PHRASES
    return PHRASES


def described(language: Language) -> Mapping[str, str]:
    """What each keyword says, by the English keyword or by part and keyword (`rule-set.first`); for editors."""
    if language == "zh-CN":
        from partybuild_flow.messages.zh_cn_keywords import DESCRIPTIONS
    else:
        from partybuild_flow.messages.en_keywords import DESCRIPTIONS
    return DESCRIPTIONS


def sentence(code: str, language: Language, data: Mapping[str, object]) -> str:
    """The sentence of a code, filled with its data: a `Phrase` in the same language, a tuple as a list of words."""
    return catalogue(language)[code].format(**_told(data, language))


def _told(data: Mapping[str, object], language: Language) -> dict[str, object]:
    return {name: _word(value, language) for name, value in data.items()}


def _word(value: object, language: Language) -> object:
    if isinstance(value, Phrase):
        return phrases(language)[value.code].format(**_told(value.data, language))
    if isinstance(value, tuple | list):
        return SEPARATORS[language].join(str(_word(item, language)) for item in value)
    return value
