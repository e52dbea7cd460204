"""Holes such as `<holder>` filled in a tree of nodes; what stands in their place keeps the position it was written at.

A hole that is a whole word gives way to whatever was given: in a list to each item of a list, as a key
without a value to each entry of a mapping. One inside a longer text is filled with a single word, which
cannot change how the text around it is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final, NamedTuple

from partybuild_flow.messages import Phrase
from partybuild_flow.problems import Problem
from partybuild_flow.reader.findings import Findings, hint_at
from partybuild_flow.reader.text import AnyNode, Mapping, Scalar, Sequence

_HOLE: Final = re.compile(r"<(?![\s=])([^<>=\n]*[^<>=\s])>")
_PLAIN: Final = re.compile(r"[\w.]+")
_SIGNS: Final = re.compile(r"""["“”'{}\\\n]""")
_CLOSING: Final = {"(": ")", "[": "]", "{": "}"}
_TOKEN: Final = re.compile(r'"(?:\\.|[^"\\])*"|“[^”]*”|//|/\*|[()\[\]{}（）"“”]', re.DOTALL)
_FULL_WIDTH: Final = {"（": "(", "）": ")"}


def has_holes(text: str) -> bool:
    """Whether something in a text looks like a hole."""
    return _HOLE.search(text) is not None


class Filler(NamedTuple):
    """What stands for a hole: `state`, `field`, …, `expression`, `text` or `parts`, a `list`; None if left out."""

    kind: str
    node: AnyNode | None


class Filling:
    """Fills the holes of one file. Everything in a fragment is looked through, in a workflow whole words only."""

    def __init__(self, findings: Findings, *, fragment: bool) -> None:
        self.fillers: dict[str, Filler] = {}
        self.used: set[str] = set()
        self.sound = True
        """Whether all that was to be filled was known; a name that was mistaken is not used where it should be."""
        self._unfit: set[str] = set()
        self._findings = findings
        self._fragment = fragment

    def filled(self, node: AnyNode) -> AnyNode | None:
        """The node with its holes filled; None if it stands for something that was left out, or for nothing else."""
        if isinstance(node, Scalar):
            return self._scalar(node)
        if isinstance(node, Sequence):
            items = tuple(self._items(node))
            return replace(node, items=items) if items or not node.items else None
        entries = self._entries(node)
        return replace(node, entries=entries) if entries or not node.entries else None

    def _entries(self, node: Mapping) -> tuple[tuple[Scalar, AnyNode], ...]:
        """The entries with their holes filled; no key stands twice."""
        kept: dict[str, tuple[Scalar, AnyNode]] = {}
        for key, value in node.entries:
            for found in self._entry(key, value):
                first = kept.setdefault(found[0].text, found)[0]
                if first is not found[0]:
                    data = {"key": first.text, "line": first.line, "column": first.column}
                    self._findings.add(found[0].problem("PF132", **data))
        return tuple(kept.values())

    def _entry(self, key: Scalar, value: AnyNode) -> Iterator[tuple[Scalar, AnyNode]]:
        """What an entry gives: itself, nothing, or what stands in a mapping whose name is its key."""
        name = self._scalar(key)
        if isinstance(name, Mapping) and isinstance(value, Scalar) and value.blank:
            yield from name.entries
            return
        if name is not None and not isinstance(name, Scalar):
            data = {"written": key.text, "place": key.text, "reason": Phrase("reason-many")}
            self._findings.add(key.problem("PF158", **data))
            return
        if name is None:  # what its value asks for is not wanted
            self.used.update(self._holes(value))
            return
        found = self.filled(value)
        if found is not None:
            yield name, found

    def _holes(self, node: AnyNode) -> Iterator[str]:
        """The names of the holes in a node."""
        if isinstance(node, Scalar):
            yield from _HOLE.findall(node.text)
        elif isinstance(node, Sequence):
            for item in node.items:
                yield from self._holes(item)
        else:
            for key, value in node.entries:
                yield from self._holes(key)
                yield from self._holes(value)

    def _items(self, node: Sequence) -> Iterator[AnyNode]:
        for item in node.items:
            found = self.filled(item)
            if found is not None and isinstance(found, Sequence) and isinstance(item, Scalar):
                yield from found.items
            elif found is not None:
                yield found

    def _scalar(self, node: Scalar) -> AnyNode | None:
        if "<" not in node.text:
            return node
        whole = _HOLE.fullmatch(node.text)
        if whole and (self._fragment or not node.style):
            filler = self._filler(node, whole)
            if filler is None:
                return replace(node, text=whole[1], pieces=((0, node, 1),))
            given = filler.node
            if filler.kind == "text" and isinstance(given, Scalar):  # it names what is written here
                return replace(node, text=given.text, style=given.style, pieces=((0, given, 0),))
            return given
        return self._put_together(node) if self._fragment else node

    def _filler(self, node: Scalar, found: re.Match[str]) -> Filler | None:
        """What stands for a hole; None, after a problem, if nothing does."""
        name = found[1]
        if name not in self.fillers:
            hint = hint_at(name, self.fillers)
            self._tell("PF155", node, found.start(1), word=name, hint=hint)
            self._findings.leave_out(name)
            self.sound = False
            return None
        self.used.add(name)
        return self.fillers[name]

    def _put_together(self, node: Scalar) -> Scalar:
        """A text with words put in the place of its holes; where none fits, the name of the hole."""
        text, begin = "", 0
        pieces: list[tuple[int, Scalar, int]] = []
        for found in _HOLE.finditer(node.text):
            filler = self._filler(node, found)
            word = self._fitting(node, found, filler) if filler else None
            bracket = (
                filler is not None
                and word is not None
                and filler.kind == "expression"
                and not _PLAIN.fullmatch(word.text)
            )
            before = node.text[begin : found.start()] + "(" * bracket
            pieces.append((len(text), node, begin))
            pieces.append((len(text) + len(before), word or node, 0 if word else found.start(1)))
            text += before + (word.text if word else found[1])
            text += ")" * bracket
            begin = found.end()
            pieces.append((len(text), node, begin))
        return replace(node, text=text + node.text[begin:], pieces=tuple(pieces)) if pieces else node

    def _fitting(self, node: Scalar, found: re.Match[str], filler: Filler) -> Scalar | None:
        """The word that fills a hole inside a text; None after a problem, which is told once for each hole."""
        given = filler.node
        reason: Phrase | None = Phrase("reason-many")
        if given is None:
            reason = Phrase("reason-nothing")
        elif isinstance(given, Scalar):
            reason = _open(given.text) if filler.kind == "expression" else _sign(given.text)
        if isinstance(given, Scalar) and reason is None:
            return given
        name = found[1]
        data = {
            "written": given.text if isinstance(given, Scalar) else name,
            "place": node.text,
            "reason": reason,
        }
        if name not in self._unfit and given is None:
            self._tell("PF158", node, found.start(1), **data)
        elif name not in self._unfit and given is not None:
            self._findings.add(given.problem("PF158", **data))
        self._unfit.add(name)
        self._findings.leave_out(name)
        return None

    def _tell(self, code: str, node: Scalar, offset: int, **data: object) -> None:
        self._findings.add(Problem(code, node.at(offset), data, node.source.language))


def _sign(text: str) -> Phrase | None:
    """Why a word would change how the text around it is read; None if it would not."""
    found = _SIGNS.search(text)
    return Phrase("reason-sign", {"sign": found[0].strip() or "\\n"}) if found else None


def _open(text: str) -> Phrase | None:
    """Why an expression would reach beyond its brackets; None if it would not."""
    waiting: list[str] = []
    for found in _TOKEN.finditer(text):
        sign = _FULL_WIDTH.get(found[0], found[0])
        if sign in ("//", "/*"):
            return Phrase("reason-comment")
        if sign in _CLOSING:
            waiting.append(_CLOSING[sign])
        elif len(sign) == 1 and (not waiting or waiting.pop() != sign):
            return Phrase("reason-brackets")
    return Phrase("reason-brackets") if waiting else None
