"""The text of a file as a frozen tree of nodes, each of which knows where it stands.

Read from the events of a YAML parser; nothing is composed, constructed or resolved: a scalar is
text until a place in the definition asks for something else. Source: YAML 1.2.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, cast

import yaml

from partybuild_flow.messages import Language
from partybuild_flow.problems import Position, Problem
from partybuild_flow.reader.offsets import line_and_column, offsets
from partybuild_flow.reader.syntax import (
    Wrong,
    first_tab,
    first_wrong_character,
    keep_question_marks,
    only_document,
    restore_question_marks,
    what_is_wrong,
)

try:
    from yaml import CSafeLoader

    FAST = True
except ImportError:  # a PyYAML that was built without libyaml
    FAST = False

MAX_DEPTH: Final = 50
MAX_BYTES: Final = 5_000_000

ALIAS: Final = "*"


@dataclass(frozen=True, slots=True)
class Source:
    """One file: its path as it was given, its text with `\\n` line ends, the language it speaks.

    `included` is where it was included, if it is a fragment.
    """

    path: str
    text: str = field(repr=False)
    language: Language
    included: tuple[Position, ...] = ()

    def problem(self, code: str, index: int = 0, **data: object) -> Problem:
        """A problem at this index of the text."""
        line, column = line_and_column(self.text, 0, 1, 1, index)
        return Problem(code, Position(self.path, line, column, self.included), data, self.language)


@dataclass(frozen=True, slots=True)
class Node:
    """A piece of a file, and the index, line and column at which it starts."""

    source: Source = field(repr=False)
    start: int
    line: int
    column: int

    @property
    def position(self) -> Position:
        """Where it stands."""
        return Position(self.source.path, self.line, self.column, self.source.included)

    def problem(self, code: str, **data: object) -> Problem:
        """A problem at this node, in the language of its file."""
        return Problem(code, self.position, data, self.source.language)


@dataclass(frozen=True, slots=True)
class Scalar(Node):
    """A word or a longer text; `style` is the quote or block sign that began it, `*` where an alias stood.

    `pieces` are what the text was put together from: where in it each begins, and the word and the
    offset in that word which it was taken from.
    """

    text: str
    style: str = ""
    pieces: tuple[tuple[int, Scalar, int], ...] = field(default=(), repr=False)

    @property
    def blank(self) -> bool:
        """Whether nothing is written."""
        return self.style == "" and self.text in ("", "~")

    def at(self, offset: int) -> Position:
        """Where the character at this offset of `text` stands in the file."""
        if self.pieces:
            begin, word, within = next(each for each in reversed(self.pieces) if each[0] <= offset)
            return word.at(min(within + offset - begin, len(word.text)))
        if self.style == "" and self.source.text.startswith(self.text, self.start):
            return Position(self.source.path, self.line, self.column + offset, self.source.included)
        index = offsets(self.source.text, self.start, self.style, self.text)[offset]
        line, column = line_and_column(self.source.text, self.start, self.line, self.column, index)
        return Position(self.source.path, line, column, self.source.included)


@dataclass(frozen=True, slots=True)
class Mapping(Node):
    """Keys and values in file order; no key stands twice."""

    entries: tuple[tuple[Scalar, AnyNode], ...]


@dataclass(frozen=True, slots=True)
class Sequence(Node):
    """Items in file order."""

    items: tuple[AnyNode, ...]


AnyNode = Scalar | Mapping | Sequence


def read_tree(source: Source, *, fast: bool = FAST) -> tuple[AnyNode | None, list[Problem]]:
    """The tree of a text, None if it has none, and the problems of the text itself, in file order.

    What an anchor or a tag adds is left out; where an alias stood is a scalar of style `*`; of two
    equal keys the first stays. `fast` is whether to use libyaml.
    """
    wrong = first_wrong_character(source.text)
    if wrong:
        return None, [_problem(source, wrong)]
    text, another = only_document(source.text)
    tree = _Tree(source, text)
    if another:
        return None, [_problem(source, another)]
    try:
        tree.build(_events(text, fast=fast))
        wrong = first_tab(text, tree.quoted)
    except yaml.YAMLError as error:
        wrong = what_is_wrong(error, text)
        wrong = first_tab(text[: wrong.at], tree.quoted) or wrong
    if wrong or any(problem.code == "PF138" for problem in tree.problems):
        tree.root = None  # whatever the lost key would have named is not known
    if wrong:
        tree.problems.append(_problem(source, wrong))
    if not tree.problems and (tree.root is None or (isinstance(tree.root, Scalar) and tree.root.blank)):
        return None, [source.problem("PF103")]
    return tree.root, tree.problems


def _problem(source: Source, wrong: Wrong) -> Problem:
    return source.problem(wrong.code, wrong.at, **wrong.data)


def _events(text: str, *, fast: bool) -> Iterator[yaml.Event]:
    if fast:
        yield from yaml.parse(text, Loader=CSafeLoader)
        return
    for event in yaml.parse(keep_question_marks(text), Loader=yaml.SafeLoader):
        if isinstance(event, yaml.ScalarEvent):
            event.value = restore_question_marks(event.value)
        yield event


class _Tree:
    """A tree under construction: open collections from the outermost, and the key that waits in each."""

    def __init__(self, source: Source, text: str) -> None:
        self.source = source
        self.text = text
        self.root: AnyNode | None = None
        self.problems: list[Problem] = []
        self.quoted: list[tuple[int, int]] = []
        self._open: list[tuple[yaml.Event, list[AnyNode]]] = []

    def build(self, events: Iterator[yaml.Event]) -> None:
        """Take the events up to the end of the first document."""
        for event in events:
            if isinstance(event, yaml.ScalarEvent):
                self._note(event)
                self._add(self._scalar(event))
            elif isinstance(event, yaml.CollectionStartEvent):
                self._note(event)
                self._open.append((event, []))
                if len(self._open) > MAX_DEPTH:
                    self.problems.append(self.source.problem("PF137", _place(event)[0], depth=MAX_DEPTH))
                    self.root = None
                    return
            elif isinstance(event, yaml.CollectionEndEvent):
                self._add(self._collection(*self._open.pop()))
            elif isinstance(event, yaml.AliasEvent):
                self._add(self._alias(event))

    def _note(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent) -> None:
        """An anchor or a tag is a problem; the node itself is read on."""
        if event.anchor is not None:
            self.problems.append(self.source.problem("PF133", _place(event)[0], name=event.anchor))
        if event.tag is not None:
            start = _place(event)[0]
            written = re.compile(r"!\S*").search(self.text, start)
            tag = written[0] if written else event.tag
            self.problems.append(self.source.problem("PF135", start, tag=tag))

    def _alias(self, event: yaml.AliasEvent) -> Scalar:
        place = _place(event)
        self.problems.append(self.source.problem("PF134", place[0], name=event.anchor))
        return Scalar(self.source, *place, "", ALIAS)

    def _scalar(self, event: yaml.ScalarEvent) -> Scalar:
        place = _place(event)
        style = event.style or ""
        if style:
            self.quoted.append((place[0], cast("yaml.Mark", event.end_mark).index))
        return Scalar(self.source, *place, event.value, style)

    def _collection(self, event: yaml.Event, nodes: list[AnyNode]) -> AnyNode:
        place = (self.source, *_place(event))
        if isinstance(event, yaml.SequenceStartEvent):
            return Sequence(*place, tuple(nodes))
        entries: dict[str, tuple[Scalar, AnyNode]] = {}
        for key, value in zip(nodes[::2], nodes[1::2], strict=True):
            if not isinstance(key, Scalar):
                self.problems.append(key.problem("PF138"))
            elif key.text in entries:
                first = entries[key.text][0]
                self.problems.append(key.problem("PF132", key=key.text, line=first.line, column=first.column))
            elif key.style != ALIAS:
                entries[key.text] = (key, _beside(key) if _is_empty(value) else value)
        return Mapping(*place, tuple(entries.values()))

    def _add(self, node: AnyNode) -> None:
        if self._open:
            self._open[-1][1].append(node)
        else:
            self.root = node


def _place(event: yaml.Event) -> tuple[int, int, int]:
    """The index, line and column at which an event starts."""
    mark = cast("yaml.Mark", event.start_mark)
    return mark.index, mark.line + 1, mark.column + 1


def _is_empty(value: AnyNode) -> bool:
    return isinstance(value, Scalar) and value.text == "" and value.style == ""


def _beside(key: Scalar) -> Scalar:
    """The value of a key without one, which the two parsers place differently: it stands at its key."""
    return Scalar(key.source, key.start, key.line, key.column, "")
