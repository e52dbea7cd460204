"""From the tree of a file to its written form, with every problem of shape on the way.

A part with a problem is read on without the word at fault; one that cannot do without it is left
out, and its names are remembered so that nobody is told that they are unknown.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Final, NamedTuple, TypeVar, get_args

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from partybuild_flow.feel import nearest
from partybuild_flow.messages import Language, Phrase
from partybuild_flow.problems import Problem
from partybuild_flow.reader.findings import Findings
from partybuild_flow.reader.keywords import spelled
from partybuild_flow.reader.text import ALIAS, AnyNode, Mapping, Scalar, Sequence
from partybuild_flow.reader.written import (
    PART_WORDS,
    Cells,
    Facts,
    Pair,
    Place,
    Written,
    WrittenParameters,
    WrittenRule,
    WrittenWorkflow,
)

W = TypeVar("W", bound=Written)

_WORD: Final = Place("word")


class _Keyword(NamedTuple):
    place: Place
    required: bool


@cache
def keywords_of(model: type[Written]) -> dict[str, _Keyword]:
    """The keywords that may stand in a part, in English, with how their values are written."""
    return {
        str(info.alias): _Keyword(_place(info.annotation, *info.metadata), info.is_required())
        for info in model.model_fields.values()
        if not str(info.alias).startswith("@")
    }


def _place(*annotations: object) -> Place:
    for annotation in annotations:
        if isinstance(annotation, Place):
            return annotation
        inner = get_args(annotation)
        if inner and (found := _place(*inner)) is not _WORD:
            return found
    return _WORD


@cache
def _spellings(model: type[Written], language: Language) -> dict[str, tuple[str, bool]]:
    """What may be written as a key: the English keyword, and whether the spelling is of this language."""
    found: dict[str, tuple[str, bool]] = {}
    for keyword in (*keywords_of(model), *model.later):
        found[spelled(keyword, "en" if language == "zh-CN" else "zh-CN")] = (keyword, False)
    for keyword in (*keywords_of(model), *model.later):
        found[spelled(keyword, language)] = (keyword, True)
    return found


class Walk:
    """The walk over one file."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings

    def part(self, model: type[W], node: AnyNode, name: Scalar | None = None) -> W | None:
        """The part that is written at this node, None if too much is wrong with it."""
        if isinstance(node, Scalar):
            if model.short is not None and not node.blank:
                return self._checked(model, {"@node": node, model.short: node}, {model.short: node}, node)
            if not node.blank or (name is None and node.style == ALIAS):
                self._shapeless(model, node, name)
                return None
        elif isinstance(node, Sequence):
            self._shapeless(model, node, name)
            return None
        data: dict[str, object] = {"@node": node}
        if name is not None:
            data["@name"] = name
        nodes, damaged = self._entries(model, node, data)
        return self._checked(model, data, nodes, name or node, damaged=damaged)

    def _shapeless(self, model: type[Written], node: AnyNode, name: Scalar | None) -> None:
        self._wrong_shape(node, Place("part", model))
        if name is not None:
            self._findings.leave_out(name.text)

    def _entries(
        self, model: type[Written], node: AnyNode, data: dict[str, object]
    ) -> tuple[dict[str, AnyNode], bool]:
        """Reads each key's value into `data`; gives the values' nodes, and whether one was lost."""
        nodes: dict[str, AnyNode] = {}
        damaged = False
        known = keywords_of(model)
        spellings = _spellings(model, node.source.language)
        for key, value in node.entries if isinstance(node, Mapping) else ():
            keyword, own = spellings.get(key.text, (None, True))
            if keyword is None:
                self._unknown(model, key)
                damaged = True
                continue
            if not own:
                right = spelled(keyword, node.source.language)
                self._findings.add(key.problem("PF105", word=key.text, right=right))
            if keyword not in known:
                self._findings.add(key.problem("PF106", word=key.text))
                self._findings.lose("*" if keyword in ("include", "cases") else keyword)
                damaged = True
            elif isinstance(value, Scalar) and value.style == ALIAS:
                self._findings.lose(keyword)
                damaged = True
            elif isinstance(value, Scalar) and value.blank and known[keyword].place.form != "named":
                self._findings.add(key.problem("PF110", key=key.text))
                damaged = True
            elif keyword not in nodes:
                nodes[keyword] = value
                read = self._value(known[keyword].place, model, value)
                if read is None:
                    damaged = True
                else:
                    data[keyword] = read
        return nodes, damaged

    def _checked(
        self,
        model: type[W],
        data: dict[str, object],
        nodes: dict[str, AnyNode],
        at: AnyNode,
        *,
        damaged: bool = False,
    ) -> W | None:
        """The part made of `data`; what pydantic finds is told, taken out, and the rest tried again."""
        for attempt in range(2):
            try:
                return model.model_validate(data)
            except ValidationError as error:
                for found in error.errors(include_url=False, include_input=False):
                    keyword = str(found["loc"][0])
                    data.pop(keyword, None)
                    self._findings.lose(keyword)
                    if attempt == 0 and not (found["type"] == "missing" and damaged):
                        self._tell(model, found, nodes, at)
        if issubclass(model, WrittenRule):
            self._findings.lose("rules")
        names = [data.get(keyword) for keyword in ("@name", "id", "on", "table", "rule-set")]
        self._findings.leave_out(*(name.text for name in names if isinstance(name, Scalar)))
        return None

    def _tell(
        self, model: type[Written], found: ErrorDetails, nodes: dict[str, AnyNode], at: AnyNode
    ) -> None:
        """One finding of pydantic as a problem at the word at fault, judged by its type."""
        keyword, rest = str(found["loc"][0]), found["loc"][1:]
        kind, context = found["type"], dict(found.get("ctx", {}))
        language = at.source.language
        if kind == "missing":
            key = spelled(keyword, language)
            self._findings.add(at.problem("PF107", key=key, part=PART_WORDS[model]))
            return
        if keyword == "@name":
            self._findings.add(at.problem("PF110", key=at.text if isinstance(at, Scalar) else ""))
            return
        node = _descend(nodes[keyword], rest)
        if kind in ("greater_than_equal", "less_than_equal"):
            bounds = (
                Phrase("at-least", {"least": context["ge"]})
                if "ge" in context
                else Phrase("at-most", {"most": context["le"]})
            )
            written = node.text if isinstance(node, Scalar) else ""
            self._findings.add(node.problem("PF112", written=written, bounds=bounds))
        elif kind == "too_short":
            self._findings.add(node.problem("PF110", key=spelled(keyword, language)))
        elif kind.startswith("PF"):
            context.setdefault("key", spelled(keyword, language))
            self._findings.add(node.problem(kind, **context))
        else:
            self._wrong_shape(node, _item_place(keywords_of(model)[keyword].place, rest), keyword)

    def _wrong_shape(self, node: AnyNode, place: Place, keyword: str | None = None) -> None:
        """The problem of a list where a word is expected and the like, unless a colon was glued."""
        if isinstance(node, Scalar) and node.style == ALIAS:
            return
        if isinstance(node, Scalar) and self._glued(node, place):
            return
        what = PART_WORDS[place.model] if place.model else Phrase("part-entry")
        if keyword:
            what = Phrase("key", {"key": spelled(keyword, node.source.language)})
        form = Phrase(f"form-{place.form}")
        found = Phrase(f"found-{type(node).__name__.lower()}")
        self._findings.add(node.problem("PF108", what=what, expected=form, found=found))

    def _glued(self, word: Scalar, place: Place) -> bool:
        """Whether a colon without a space, or a full-width one, glues a key to its value; it is told."""
        if place.form not in ("part", "parts", "named", "pairs") or word.style:
            return False
        for colon, code in (("：", "PF130"), (":", "PF131")):
            key, found, _ = word.text.partition(colon)
            if found and key.strip():
                self._findings.add(self._glue_problem(word, code, key, len(key)))
                return True
        return False

    @staticmethod
    def _glue_problem(word: Scalar, code: str, key: str, offset: int) -> Problem:
        return Problem(code, word.at(offset), {"key": key.strip()}, word.source.language)

    def _unknown(self, model: type[Written], key: Scalar) -> None:
        """A key that has no meaning here: a glued colon, or a word that is misspelt or out of place."""
        language = key.source.language
        allowed = tuple(spelled(keyword, language) for keyword in keywords_of(model))
        for colon, code in (("：", "PF130"), (":", "PF131")):
            before, found, _ = key.text.partition(colon)
            keyword, _ = _spellings(model, language).get(before.strip(), (None, True))
            if found and keyword is not None:
                self._findings.add(self._glue_problem(key, code, before, len(before)))
                self._findings.lose(keyword)
                return
        meant = nearest(key.text, allowed)
        if issubclass(model, WrittenWorkflow | WrittenParameters):
            self._findings.lose("*" if meant is None else _spellings(model, language)[meant][0])
        hint = Phrase("did-you-mean", {"word": meant}) if meant else Phrase("else")
        data = {"word": key.text, "part": PART_WORDS[model], "allowed": allowed, "hint": hint}
        self._findings.add(key.problem("PF104", **data))

    def _value(self, place: Place, model: type[Written], node: AnyNode) -> object:
        """What pydantic is given for a value; the node itself where it is not written as it should be."""
        inner = place.model or model
        match place.form, node:
            case "part", _:
                return self.part(inner, node)
            case "parts", _:
                return self._parts(inner, node)
            case "named", _:
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
            case "rows", Sequence():
                return tuple(self._rows(node))
            case "examples", Sequence():
                return tuple(self._examples(node))
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
        if glued and self._glued(key, Place("named")):
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
                self._wrong_shape(wrong, Place("word" if isinstance(row, Sequence) else "cells"), "rows")
            elif isinstance(row, Sequence) and len(list(_kept(cells))) == len(cells):
                yield Cells(row, tuple(cell for cell in cells if isinstance(cell, Scalar)))

    def _examples(self, node: Sequence) -> Iterator[Facts]:
        for item in node.items:
            if isinstance(item, Mapping):
                yield Facts(item, tuple(_pairs(item)))
            else:
                self._wrong_shape(item, Place("pairs"), "examples")


def _kept(items: tuple[AnyNode, ...]) -> Iterator[AnyNode]:
    return (item for item in items if not (isinstance(item, Scalar) and item.style == ALIAS))


def _pairs(node: Mapping) -> Iterator[Pair]:
    return (
        Pair(key, value)
        for key, value in node.entries
        if not (isinstance(value, Scalar) and value.style == ALIAS)
    )


def _descend(node: AnyNode, steps: tuple[int | str, ...]) -> AnyNode:
    """The node that the rest of pydantic's `loc` leads to."""
    for step in steps:
        if isinstance(node, Sequence) and isinstance(step, int):
            node = node.items[step]
        elif isinstance(node, Mapping) and isinstance(step, int):
            node = node.entries[step][1]
    return node


def _item_place(place: Place, steps: tuple[int | str, ...]) -> Place:
    """How the item is written at which the steps end."""
    if not steps:
        return place
    return Place("words") if place.form == "groups" and len(steps) == 1 else _WORD
