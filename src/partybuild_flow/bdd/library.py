"""The step library: which sentence a step is, with its values, and which ones are nearest to an unknown step."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from functools import cache
from typing import Final, NamedTuple

from partybuild_flow.bdd.texts import SENTENCES, Sentence
from partybuild_flow.messages import Language

_QUOTED: Final = r"(?:“(?P<{0}_>(?:[^“”]|“[^“”]*”)*)”|\"(?P<{0}__>[^\"]*)\")"
_NUMBER: Final = r"[“\"]?(?P<{0}_>\d{{1,9}})[”\"]?"
_PART: Final = re.compile(
    r"“\{(?P<value>\w+)\}”|\{(?P<number>\w+)#\}|(?P<open>\[)|(?P<close>\])|\((?P<either>[^()|]+\|[^()]+)\)"
    r"|(?P<comma>，)|(?P<space> +)|(?P<literal>.)"
)
_VALUES: Final = re.compile(r"“(?:[^“”]|“[^“”]*”)*”|\"[^\"]*\"")
_HAN: Final = re.compile("[\u4e00-\u9fff]")
NEAR: Final = 0.45
"""How alike a step and a sentence must be for it to be suggested."""


class Found(NamedTuple):
    """A step as the library understands it."""

    sentence: Sentence
    values: Mapping[str, str]


class _Way(NamedTuple):
    sentence: Sentence
    language: Language
    text: str
    pattern: re.Pattern[str]


def find(step: str) -> Found | None:
    """The sentence that a step is written as, with its values; None if the library has none."""
    written = step.strip().rstrip("：:。")
    for way in _ways():
        if matched := way.pattern.fullmatch(written):
            values = {
                name.rstrip("_"): value for name, value in matched.groupdict().items() if value is not None
            }
            return Found(way.sentence, values)
    return None


def nearest(step: str, count: int = 3) -> tuple[str, ...]:
    """The texts of the library that are most like an unknown step, best first."""
    plain = _shape(step)
    language = "zh-CN" if _HAN.search(plain) else "en"
    alike = [
        (
            max(SequenceMatcher(None, plain, shape, autojunk=False).ratio() for shape in _shapes(way.text)),
            way.text,
        )
        for way in _ways()
        if way.language == language
    ]
    best = sorted((each for each in alike if each[0] >= NEAR), key=lambda each: -each[0])
    return tuple(dict.fromkeys(text for _, text in best))[:count]


@cache
def pattern_of(text: str) -> re.Pattern[str]:
    """The pattern that a text of the library stands for."""
    return re.compile("".join(_pieces(text)))


def _pieces(text: str) -> Iterator[str]:
    for part in _PART.finditer(text):
        kind, written = str(part.lastgroup), part[0]
        if kind == "value":
            yield _QUOTED.format(part["value"])
        elif kind == "number":
            yield _NUMBER.format(part["number"])
        elif kind == "open":
            yield "(?:"
        elif kind == "close":
            yield ")?"
        elif kind == "either":
            yield f"(?:{'|'.join(re.escape(each) for each in part['either'].split('|'))})"
        elif kind == "comma":
            yield r"\s*[，,]\s*"
        elif kind == "space":
            # Chinese has no spaces between words; English has one or more.
            yield r"\s*" if _HAN.search(text) else r"\s+"
        else:
            yield re.escape(written)


def _shapes(text: str) -> tuple[str, str]:
    """A text of the library with all that may be left out, and without."""
    return _shape(text), _shape(re.sub(r"\[[^\]]*\]", "", text))


def _shape(text: str) -> str:
    """A sentence without its values, so that likeness is about the words of the step."""
    return _VALUES.sub("“”", re.sub(r"[\[\]]|\{\w+#\}", "", text))


@cache
def _ways() -> tuple[_Way, ...]:
    languages: tuple[Language, ...] = ("zh-CN", "en")
    return tuple(
        _Way(sentence, language, text, pattern_of(text))
        for sentence in SENTENCES
        for language in languages
        for text in sentence.texts(language)
    )
