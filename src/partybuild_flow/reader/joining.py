"""The sections of a definition and of what it includes, joined: one section of each kind, every part once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from partybuild_flow.reader.findings import Findings
from partybuild_flow.reader.keywords import spelled
from partybuild_flow.reader.shape import Shapes, keywords_of
from partybuild_flow.reader.text import AnyNode, Mapping, Scalar, Sequence
from partybuild_flow.reader.written import WrittenWorkflow

Section = tuple[Scalar, AnyNode]
"""A keyword of a file and what is written for it."""


class Joining:
    """Makes one section of several."""

    def __init__(self, findings: Findings) -> None:
        self._shapes = Shapes(findings)

    def joined(self, tree: Mapping, keyword: str, sections: list[Section]) -> Section:
        """One section of several: the file's own parts first, then those of what it includes.

        A part of a fragment that reads the same at each of its inclusions is one part.
        """
        key, value = sections[0]
        if key.source is not tree.source:
            key = replace(key, text=spelled(keyword, tree.source.language))
        if len(sections) == 1:
            return key, value
        place = keywords_of(WrittenWorkflow)[keyword].place
        if place.form == "parts":
            return key, sequence(value, [item for _, node in sections for item in items_of(node)])
        entries: list[Section] = []
        written: set[tuple[object, ...]] = set()
        for _, node in sections:
            for name, part in self._named(keyword, node):
                origin = (name.source.path, name.start, name.text, _plain(part))
                if name.source.included and origin in written:
                    continue
                written.add(origin)
                entries.append((name, part))
        return key, Mapping(value.source, value.start, value.line, value.column, tuple(entries))

    def _named(self, keyword: str, node: AnyNode) -> Iterable[Section]:
        if isinstance(node, Mapping):
            return node.entries
        if isinstance(node, Sequence) and all(isinstance(item, Scalar) for item in node.items):
            words = [item for item in node.items if isinstance(item, Scalar)]
            return [(item, replace(item, text="", style="", pieces=())) for item in words]
        if not (isinstance(node, Scalar) and node.blank):
            self._shapes.wrong(node, keywords_of(WrittenWorkflow)[keyword].place, keyword)
        return ()


def items_of(node: AnyNode) -> tuple[AnyNode, ...]:
    """The items of a list; a node that is none is one item."""
    return node.items if isinstance(node, Sequence) else (node,)


def sequence(at: AnyNode, items: Iterable[AnyNode]) -> Sequence:
    """A list of these items that stands where a node stands."""
    return Sequence(at.source, at.start, at.line, at.column, tuple(items))


def _plain(node: AnyNode) -> object:
    """What a part says, wherever it is written."""
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Sequence):
        return tuple(map(_plain, node.items))
    return frozenset((key.text, _plain(value)) for key, value in node.entries)
