"""A decision table out of a DMN model, ours or another tool's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from partybuild_flow.analysis.tables.dmn_feel import texts_in
from partybuild_flow.analysis.tables.dmn_out import OURS, POLICIES
from partybuild_flow.analysis.tables.written_table import (
    OUTPUT_KEYS,
    ExampleText,
    OutputText,
    RowText,
    TableText,
    Words,
)
from partybuild_flow.analysis.tables.xml_places import XmlNode, xml_of
from partybuild_flow.analysis.tables.yaml_nodes import is_bare, written_word
from partybuild_flow.analysis.tables_in import invalid
from partybuild_flow.dmn import load_dmn
from partybuild_flow.errors import DmnError, WorkflowInvalid
from partybuild_flow.messages import Language, Phrase
from partybuild_flow.problems import Position, Problem
from partybuild_flow.reader.findings import some
from partybuild_flow.reader.keywords import spelled

_KINDS: Final = {"number": "number", "boolean": "boolean", "date": "date", "date and time": "datetime"} | {
    "string": "text",
    "dateTime": "datetime",
    "days and time duration": "term",
    "years and months duration": "term",
}


def read_dmn_table(path: Path, language: Language, decision: str | None = None) -> TableText:
    """The table of a decision; `decision` names it where a model has several.

    Raises:
        WorkflowInvalid: with every problem, at its line and column.
    """
    root = xml_of(path, language)
    try:
        load_dmn(path)
    except DmnError as error:
        reason = str(error).removeprefix(f"{path}: ")
        raise invalid("PF576", path, language, reason=reason) from error
    found = [(each, logic) for each in root.below("decision") for logic in each.below("decisionTable")]
    names = tuple(each.get("name") or "" for each, _ in found)
    if decision is not None:
        found = [(each, logic) for each, logic in found if decision in (each.get("name"), each.get("id"))]
    if len(found) != 1:
        hint = Phrase("known-are", {"words": some(names)}) if names else Phrase("nothing")
        raise invalid("PF577", path, language, hint=hint)
    return _Decision(*found[0], path, language).table()


class _Decision:
    """The reading of one decision."""

    def __init__(self, node: XmlNode, logic: XmlNode, path: Path, language: Language) -> None:
        self._node = node
        self._logic = logic
        self._path = path.as_posix()
        kept = next((each for each in _extensions(node) if each.name == "table"), None)
        self._kept = kept
        own: Language = "zh-CN" if kept is not None and kept.get("language") == "zh-CN" else "en"
        self._language = own if kept is not None else language
        self._problems: list[Problem] = []

    def table(self) -> TableText:
        logic = self._logic
        inputs = tuple(self._cell(each.one("inputExpression"), each) for each in logic.below("input"))
        outputs = tuple(self._output(each) for each in logic.below("output"))
        width = len(inputs) + len(outputs)
        noted = logic.one("annotation") is not None
        rows = tuple(self._row(each, width, noted=noted) for each in logic.below("rule"))
        if not inputs or not outputs or not rows:
            missing = "inputs" if not inputs else "outputs" if not outputs else "rows"
            self._tell("PF583", logic, key=spelled(missing, self._language))
        policy = (logic.get("hitPolicy") or "UNIQUE").strip()
        letter = next((each for each, name in POLICIES.items() if policy in (each, name)), None)
        if letter is None:
            self._tell("PF578", logic, policy=policy)
        if self._problems:
            raise WorkflowInvalid(self._problems)
        remark = self._node.one("description")
        kept = self._kept
        id_ = kept.get("id") if kept is not None else None
        return TableText(
            self._language,
            Words((self._node.get("name") or "").strip(), self._at(self._node)),
            None if id_ is None else Words(id_, self._at(self._node)),
            Words(letter or "U", self._at(logic)),
            inputs,
            outputs,
            rows,
            tuple(Words(each.text.strip(), self._at(each)) for each in self._ours("ensure")),
            tuple(self._example(each) for each in self._ours("example")),
            (remark.text if remark is not None else "") if kept is not None else None,
        )

    def _ours(self, name: str) -> Iterator[XmlNode]:
        return iter(()) if self._kept is None else self._kept.below(name)

    def _example(self, node: XmlNode) -> ExampleText:
        facts = {each.get("name") or "": Words(each.text, self._at(each)) for each in node.below("fact")}
        return ExampleText(facts, self._at(node))

    def _row(self, node: XmlNode, width: int, *, noted: bool) -> RowText:
        cells = [self._cell(each, node, or_any=True) for each in node.below("inputEntry")]
        cells += [self._cell(each, node) for each in node.below("outputEntry")]
        if len(cells) != width:
            self._tell("PF584", node, found=len(cells), expected=width)
        remarks = (_text(each).strip() for each in node.below("annotationEntry"))
        note = " ".join(" ".join(remarks).split()) if noted else None
        return RowText(tuple(cells), note, self._at(node))

    def _output(self, node: XmlNode) -> OutputText:
        keys = [each for each in _extensions(node) if each.name == "key"]
        told = {each.get("name") or "": Words(each.text, self._at(each)) for each in keys}
        values = node.one("outputValues")
        listed = tuple(texts_in(_text(values))) if values is not None else ()
        if not keys and (kind := _KINDS.get(node.get("typeRef") or "")) is not None:
            kind = "choice" if listed and kind == "text" else kind
            told["type"] = Words(spelled(kind, self._language), self._at(node))
        if listed and values is not None and values.get("feel", OURS) != _text(values):
            words = ", ".join(each if is_bare(each) else written_word(each) for each in listed)
            told = {key: each for key, each in told.items() if not key.startswith("<")}
            told["type"] = Words(spelled("choice", self._language), self._at(values))
            told["values"] = Words(f"[{words}]", self._at(values))
        default = node.one("defaultOutputEntry")
        if default is not None:
            told["default"] = self._cell(default, node)
        ordered = {key: told[key] for key in (*OUTPUT_KEYS, *told) if key in told}
        name = node.get("name") or node.get("label") or self._node.get("name") or ""
        return OutputText(Words(name.strip(), self._at(node)), ordered)

    def _cell(self, node: XmlNode | None, parent: XmlNode, *, or_any: bool = False) -> Words:
        """What a cell says: in our own words, unless another tool has changed it since."""
        if node is None:
            self._tell("PF570", parent)
            return Words("")
        said = _text(node)
        if node.get("feel", OURS) == said and (written := node.get("written", OURS)) is not None:
            return Words(written, self._at(node))
        told = said.strip() or ("-" if or_any else "")
        if not told:
            self._tell("PF570", node)
        return Words(told, self._at(node))

    def _at(self, node: XmlNode) -> Position:
        return Position(self._path, node.line, node.column)

    def _tell(self, code: str, node: XmlNode, **data: object) -> None:
        self._problems.append(Problem(code, self._at(node), data, self._language))


def _text(node: XmlNode | None) -> str:
    found = None if node is None else node.one("text")
    return "" if found is None else found.text


def _extensions(node: XmlNode) -> Iterator[XmlNode]:
    """Our own elements beside those of the standard."""
    for kept in node.below("extensionElements"):
        yield from (each for each in kept.children if each.space == OURS)
