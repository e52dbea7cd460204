"""Pieces of a YAML text with the places at which they begin and end, and how a text is written as such a piece."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import yaml

from partybuild_flow.reader.text import FAST

_LOADER: Final[Any] = yaml.CSafeLoader if FAST else yaml.SafeLoader
_WORD: Final = re.compile(r"[^\W_]")
_HOLE: Final = re.compile(r"<[^<>=\n]+>")
_UNPRINTABLE: Final = re.compile(
    "[^\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a text: where it begins and ends, and the pieces in it."""

    node: Any

    @property
    def start(self) -> int:
        """The index at which it begins."""
        return int(self.node.start_mark.index)

    @property
    def end(self) -> int:
        """The index behind it."""
        return int(self.node.end_mark.index)

    @property
    def line(self) -> int:
        """Its line, from 1."""
        return int(self.node.start_mark.line) + 1

    @property
    def last_line(self) -> int:
        """The line on which it ends, from 1."""
        return int(self.node.end_mark.line) + 1

    @property
    def column(self) -> int:
        """Its column, from 1."""
        return int(self.node.start_mark.column) + 1

    @property
    def is_mapping(self) -> bool:
        """Whether it holds keys and values."""
        return isinstance(self.node, yaml.MappingNode)

    @property
    def is_sequence(self) -> bool:
        """Whether it holds items."""
        return isinstance(self.node, yaml.SequenceNode)

    @property
    def is_flow(self) -> bool:
        """Whether it stands between brackets."""
        return bool(getattr(self.node, "flow_style", False))

    @property
    def pairs(self) -> list[tuple[Part, Part]]:
        """Keys and values; none of anything but a mapping."""
        return [(Part(key), Part(value)) for key, value in self.node.value] if self.is_mapping else []


def parts_of(text: str) -> Part:
    """The whole of a text that is known to be YAML."""
    return Part(yaml.compose(text, Loader=_LOADER))


def listed(part: Part | None) -> list[Part]:
    """The items of a list, the values of a mapping, or a word by itself."""
    if part is None:
        return []
    if part.is_mapping:
        return [value for _, value in part.pairs]
    return [Part(each) for each in part.node.value] if part.is_sequence else [part]


def word_of(part: Part) -> str | None:
    """The text of a word; None of a list or a mapping."""
    return str(part.node.value) if isinstance(part.node, yaml.ScalarNode) else None


def packed(part: Part) -> str:
    """A piece as one text that says all of it: a bare word is itself, everything else is YAML on one line."""
    node = part.node
    if isinstance(node, yaml.ScalarNode):
        quoted = bool(node.style)
        bare = is_bare(node.value) and bool(node.value)
        if quoted and bare and _reads_otherwise(node.value):
            return _in_quotes(node.value)
        if not node.value and not quoted:
            return "null"
        return str(node.value) if bare else _in_quotes(node.value)
    return _flow(node)


def is_packed(text: str) -> bool:
    """Whether a text is a piece of YAML on one line, or a bare word."""
    try:
        found: Any = yaml.compose(f"[{text}\n]", Loader=_LOADER)
    except yaml.YAMLError:
        return False
    return text == "" or (len(found.value) == 1 and "\n" not in text)


def written_word(text: str) -> str:
    """A text as a word of YAML on one line, in quotes where it needs them."""
    if _HOLE.fullmatch(text) or (_WORD.match(text) and is_bare(text)):
        return text
    return _in_quotes(text)


@lru_cache(4096)
def is_bare(text: str) -> bool:
    """Whether a text stands for itself inside brackets."""
    if not text or "\n" in text or _UNPRINTABLE.search(text):
        return False
    try:
        whole: Any = yaml.compose(f"{{a: [{text}]}}", Loader=_LOADER)
        found = whole.value[0][1].value
    except (yaml.YAMLError, AttributeError):
        return False
    return (
        len(found) == 1
        and isinstance(found[0], yaml.ScalarNode)
        and not found[0].style
        and found[0].value == text
        and found[0].start_mark.column == len("{a: [")
    )


def _reads_otherwise(text: str) -> bool:
    """Whether a word may say something else without its quotes: a number, a truth, nothing, an instant."""
    return not _WORD.match(text) or text[0].isdigit() or text.isascii() or text in ("是", "否") or "<" in text


def _in_quotes(text: str) -> str:
    if _UNPRINTABLE.search(text):
        return _escaped(text)
    return "'" + text.replace("'", "''") + "'"


def _escaped(text: str) -> str:
    """Between double quotes, where every character can be said."""
    return "".join(
        each if not _UNPRINTABLE.match(each) else json.dumps(each)[1:-1]
        for each in json.dumps(text, ensure_ascii=False)
    )


def _flow(node: Any) -> str:
    if isinstance(node, yaml.ScalarNode):
        if not node.value and not node.style:
            return ""
        return packed(Part(node))
    if isinstance(node, yaml.SequenceNode):
        return "[" + ", ".join(_flow(each) or "null" for each in node.value) + "]"
    pairs = []
    for key, value in node.value:
        told = _flow(value)
        pairs.append(f"{_flow(key)}: {told}" if told else _flow(key))
    return "{" + ", ".join(pairs) + "}"
