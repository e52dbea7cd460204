"""From the tree of a file to its written form, with every problem of shape on the way.

A part with a problem is read on without the word at fault; one that cannot do without it is left
out, and its names are remembered so that nobody is told that they are unknown.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from pydantic import ValidationError

from partybuild_flow.reader.findings import Findings
from partybuild_flow.reader.keywords import spelled
from partybuild_flow.reader.shape import Shapes, keywords_of, spellings_of
from partybuild_flow.reader.text import ALIAS, AnyNode, Mapping, Scalar, Sequence
from partybuild_flow.reader.written import WrittenParameters, WrittenRule, WrittenTransition, WrittenWorkflow
from partybuild_flow.reader.written_form import Cells, Facts, Pair, Place, ValueSet, Written, WrittenValue

W = TypeVar("W", bound=Written)


class Walk:
    """The walk over one file or several."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._shapes = Shapes(findings)

    def part(self, model: type[W], node: AnyNode, name: Scalar | None = None) -> W | None:
        """The part that is written at this node, None if too much is wrong with it."""
        data: dict[str, object] = {"@node": node}
        if name is not None:
            data["@name"] = name
        if isinstance(node, Scalar) and model.short is not None and not node.blank:
            data[model.short] = node
            return self._checked(model, data, {model.short: node}, node)
        nameless_alias = isinstance(node, Scalar) and node.style == ALIAS and name is None
        if isinstance(node, Sequence) or (isinstance(node, Scalar) and not node.blank) or nameless_alias:
            self._shapes.wrong(node, Place("part", model))
            self._findings.leave_out(*([name.text] if name is not None else []))
            return None
        nodes, damaged = self._entries(model, node, data)
        data["@damaged"] = frozenset(damaged)
        return self._checked(model, data, nodes, name or node)

    def _entries(
        self, model: type[Written], node: AnyNode, data: dict[str, object]
    ) -> tuple[dict[str, AnyNode], set[str]]:
        """Reads each key's value into `data`; gives the values' nodes, and the keywords that were lost."""
        nodes: dict[str, AnyNode] = {}
        damaged: set[str] = set()
        spellings = spellings_of(model, node.source.language)
        for key, value in node.entries if isinstance(node, Mapping) else ():
            keyword, own = spellings.get(key.text, (None, True))
            if keyword is None:
                damaged.add(self._shapes.unknown(model, key))
                continue
            if not own:
                right = spelled(keyword, node.source.language)
                self._findings.add(key.problem("PF105", word=key.text, right=right))
            if keyword in nodes:
                continue
            nodes[keyword] = value
            read = self._entry_value(model, keyword, key, value)
            if read is None:
                damaged.add(keyword)
            else:
                data[keyword] = read
        return nodes, damaged

    def _entry_value(self, model: type[Written], keyword: str, key: Scalar, value: AnyNode) -> object:
        """What is written for a keyword; None if nothing can be read of it."""
        known = keywords_of(model).get(keyword)
        if known is None:
            self._findings.add(key.problem("PF106", word=key.text))
            return None
        if isinstance(value, Scalar) and value.style == ALIAS:
            return None
        if isinstance(value, Scalar) and value.blank and known.place.form != "named":
            self._findings.add(key.problem("PF110", key=key.text))
            return None
        return self._value(known.place, model, value)

    def _checked(
        self, model: type[W], data: dict[str, object], nodes: dict[str, AnyNode], at: AnyNode
    ) -> W | None:
        """The part made of `data`; what pydantic finds is told, taken out, and the rest tried again."""
        damaged: frozenset[str] = frozenset(data.get("@damaged", ()))  # type: ignore[call-overload]
        for attempt in range(2):
            try:
                part = model.model_validate(data)
            except ValidationError as error:
                for found in error.errors(include_url=False, include_input=False):
                    keyword = str(found["loc"][0])
                    if attempt == 0 and not (found["type"] == "missing" and damaged & {keyword, "*"}):
                        self._shapes.tell(model, found, nodes, at)
                    data.pop(keyword, None)
                    damaged |= {keyword}
                data["@damaged"] = damaged
            else:
                self._lose(model, part.damaged)
                return part
        self._lose(model, damaged)
        if issubclass(model, WrittenRule):
            self._findings.lose("rules")
        names = [data.get(keyword) for keyword in ("@name", "id", "on", "table", "rule-set")]
        self._findings.leave_out(*(name.text for name in names if isinstance(name, Scalar)))
        return None

    def _lose(self, model: type[Written], damaged: frozenset[str]) -> None:
        """The sections whose names are not all known because a keyword was lost."""
        at_top = issubclass(model, WrittenWorkflow | WrittenParameters)
        for keyword in damaged:
            if at_top and keyword in ("*", "include"):
                self._findings.lose("*")
            elif keyword == "on" and issubclass(model, WrittenTransition):
                self._findings.lose("transitions")
            elif keyword != "*":
                self._findings.lose(keyword)

    def _value(self, place: Place, model: type[Written], node: AnyNode) -> object:
        """What pydantic is given for a value; the node itself where it is not written as it should be."""
        inner = place.model or model
        match place.form, node:
            case "part", _:
                return self.part(inner, node)
            case "parts", _:
                return self._parts(inner, node)
            case ("named", _) | ("item", Mapping()):
                return self._named(inner, node)
            case "words", Scalar():
                return (node,)
            case "words" | "cells", Sequence():
                return tuple(_kept(node.items))
            case "cells", Mapping():
                return tuple(value for _, value in node.entries)
            case "groups", Sequence():
                return self._groups(node)
            case "pairs" | "targets", Mapping():
                return tuple(_pairs(node))
            case "targets", Scalar():
                return (Pair(None, node),)
            case "rows" | "examples", Sequence():
                return tuple(self._rows(node) if place.form == "rows" else self._examples(node))
            case "sets", Mapping():
                return tuple(self._sets(inner, node))
            case _:
                return node

    def _parts(self, model: type[Written], node: AnyNode) -> object:
        items = node.items if isinstance(node, Sequence) else (node,)
        if isinstance(node, Scalar) and not model.short:
            return node
        return tuple(part for item in items if (part := self.part(model, item)))

    def _named(self, model: type[Written], node: AnyNode) -> object:
        if isinstance(node, Scalar) and node.blank:
            return ()
        entries: list[tuple[Scalar, AnyNode]] = []
        if isinstance(node, Mapping):
            entries = list(node.entries)
        elif isinstance(node, Sequence) and all(isinstance(item, Scalar) for item in node.items):
            if any(info.required for info in keywords_of(model).values()):
                return node
            blank = [Scalar(item.source, item.start, item.line, item.column, "") for item in node.items]
            entries = [
                (item, empty)
                for item, empty in zip(node.items, blank, strict=True)
                if isinstance(item, Scalar)
            ]
        else:
            return node
        return tuple(part for key, value in entries if (part := self._entry(model, key, value)))

    def _entry(self, model: type[Written], key: Scalar, value: AnyNode) -> Written | None:
        glued = "：" in key.text or (isinstance(value, Scalar) and value.blank)
        if glued and self._shapes.glued(key, Place("named")):
            self._findings.leave_out(key.text.partition("：")[0].partition(":")[0].strip())
            return None
        if isinstance(value, Scalar) and value.style == ALIAS:
            self._findings.leave_out(key.text)
            return None
        return self.part(model, value, key)

    @staticmethod
    def _groups(node: Sequence) -> object:
        if all(isinstance(item, Scalar) for item in node.items):
            return (tuple(_kept(node.items)),)
        return tuple(tuple(_kept(item.items)) if isinstance(item, Sequence) else item for item in node.items)

    def _rows(self, node: Sequence) -> Iterator[Cells]:
        for row in node.items:
            wrong: AnyNode | None = row if not isinstance(row, Sequence) else None
            cells = row.items if isinstance(row, Sequence) else ()
            wrong = wrong or next((cell for cell in cells if not isinstance(cell, Scalar)), None)
            if wrong is not None:
                self._shapes.wrong(wrong, Place("word" if isinstance(row, Sequence) else "cells"), "rows")
            elif isinstance(row, Sequence) and len(list(_kept(cells))) == len(cells):
                yield Cells(row, tuple(cell for cell in cells if isinstance(cell, Scalar)))

    def _sets(self, model: type[Written], node: Mapping) -> Iterator[ValueSet]:
        for name, below in node.entries:
            if isinstance(below, Mapping):
                values = (self._set_value(model, key, value) for key, value in below.entries)
                yield ValueSet(name, tuple(each for each in values if isinstance(each, WrittenValue)))
            else:
                self._shapes.wrong(below, Place("sets"), "sets")

    def _set_value(self, model: type[Written], key: Scalar, value: AnyNode) -> Written | None:
        """What a set gives a parameter: the value itself, or a part that says the value and its source."""
        if isinstance(value, Scalar) and value.style == ALIAS:
            return None
        if isinstance(value, Scalar) and value.blank:
            self._findings.add(key.problem("PF110", key=key.text))
            return None
        spellings = spellings_of(model, value.source.language)
        keys = [each.text for each, _ in value.entries] if isinstance(value, Mapping) else []
        if any(spellings.get(each, ("", True))[0] == "value" for each in keys):
            return self.part(model, value, key)
        data: dict[str, object] = {"@node": value, "@name": key, "value": value}
        return self._checked(model, data, {"value": value}, key)

    def _examples(self, node: Sequence) -> Iterator[Facts]:
        for item in node.items:
            if isinstance(item, Mapping):
                yield Facts(item, tuple(_pairs(item)))
            else:
                self._shapes.wrong(item, Place("pairs"), "examples")


def _kept(items: tuple[AnyNode, ...]) -> Iterator[AnyNode]:
    return (item for item in items if not (isinstance(item, Scalar) and item.style == ALIAS))


def _pairs(node: Mapping) -> Iterator[Pair]:
    return (
        Pair(key, value)
        for key, value in node.entries
        if not (isinstance(value, Scalar) and value.style == ALIAS)
    )
