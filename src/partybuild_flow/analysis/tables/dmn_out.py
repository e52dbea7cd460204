"""A decision table as a DMN 1.5 model that any tool of the standard reads.

What DMN cannot hold (our keywords, words without quotes, examples) stands beside it as extensions, which
other tools keep or pass over. Source: DMN 1.5, clauses 6, 8 and 13; the schema DMN15.xsd.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import Element, ElementTree, SubElement, indent, register_namespace

from partybuild_flow.analysis.tables.dmn_feel import Standard, UnsayableError, constant, names_in
from partybuild_flow.analysis.tables.grid import label
from partybuild_flow.analysis.tables.written_table import TableText, Words
from partybuild_flow.definition import Field, Output, Parameter, Table, Workflow
from partybuild_flow.errors import WorkflowInvalid
from partybuild_flow.feel import Expression, Type
from partybuild_flow.messages import Phrase
from partybuild_flow.problems import Problem

DMN: Final = "https://www.omg.org/spec/DMN/20230324/MODEL/"
OURS: Final = "urn:partybuild-flow:table"
POLICIES: Final = {"U": "UNIQUE", "A": "ANY", "F": "FIRST"}
_TYPES: Final = {"text": "string", "number": "number", "boolean": "boolean", "date": "date"} | {
    "datetime": "date and time",
    "time": "time",
}
_BEYOND: Final = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

register_namespace("", DMN)
register_namespace("pbflow", OURS)


def write_dmn(text: TableText, workflow: Workflow, table: Table, path: Path) -> None:
    """Write the table with the inputs that it reads; parameters are decisions with their values.

    Raises:
        WorkflowInvalid: PF579, for each word that DMN cannot say.
    """
    root = _Model(text, workflow, table).root()
    indent(root)
    ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)


def _ours(name: str) -> str:
    return f"{{{OURS}}}{name}"


class _Model:
    """One model under construction."""

    def __init__(self, text: TableText, workflow: Workflow, table: Table) -> None:
        self._text = text
        self._workflow = workflow
        self._table = table
        self._names = names_in(workflow)
        self._standard = Standard(self._names)
        self._problems: list[Problem] = []
        self._read: dict[str, str] = {}

    def root(self) -> Element:
        """The whole model.

        Raises:
            WorkflowInvalid: PF579.
        """
        root = Element(f"{{{DMN}}}definitions")
        root.set("id", "definitions")
        root.set("name", self._table.name)
        root.set("namespace", f"urn:partybuild-flow:{self._workflow.id}")
        decision = self._decision()
        requirements = [
            self._required(id_, name, number, root)
            for number, (id_, name) in enumerate(self._read.items(), 1)
        ]
        variable = next(at for at, each in enumerate(decision) if each.tag.endswith("}variable"))
        for at, each in enumerate(requirements, variable + 1):
            decision.insert(at, each)
        root.append(decision)
        self._hold_to_xml(root)
        if self._problems:
            raise WorkflowInvalid(self._problems)
        return root

    def _decision(self) -> Element:
        text = self._text
        decision = Element(
            f"{{{DMN}}}decision", {"id": f"decision.{self._table.id}", "name": text.table.text}
        )
        if text.note:
            self._add(decision, "description").text = text.note
        kept = SubElement(self._add(decision, "extensionElements"), _ours("table"))
        kept.set("language", text.language)
        if text.id is not None:
            kept.set("id", text.id.text)
        for each in text.ensure:
            SubElement(kept, _ours("ensure")).text = each.text
        for example in text.examples:
            facts = SubElement(kept, _ours("example"))
            for name, words in example.facts.items():
                SubElement(facts, _ours("fact"), {"name": name}).text = words.text
        self._add(decision, "variable", name=text.table.text)
        decision.append(self._logic())
        return decision

    def _logic(self) -> Element:
        text, table = self._text, self._table
        logic = Element(f"{{{DMN}}}decisionTable", {"hitPolicy": POLICIES[text.hit.text]})
        for words, expression in zip(text.inputs, table.inputs, strict=True):
            column = self._add(logic, "input")
            self._entry(column, "inputExpression", words, expression, self._standard.expression)
            if expression.type.values:
                self._text_in(column, "inputValues", ", ".join(map(constant, expression.type.values)))
        for told, output in zip(text.outputs, table.outputs, strict=True):
            self._output(logic, told.name, told.told, output)
        self._add(logic, "annotation", name=label("note", text.language))
        for words_of, row in zip(text.rows, table.rows, strict=True):
            rule = self._add(logic, "rule")
            tests = zip(words_of.cells, row.tests, strict=False)
            for words, test in tests:
                self._entry(rule, "inputEntry", words, test, self._standard.tests)
            for words, value in zip(words_of.cells[len(row.tests) :], row.values, strict=True):
                self._entry(rule, "outputEntry", words, value, self._standard.expression)
            self._text_in(rule, "annotationEntry", words_of.note or "")
        return logic

    def _output(self, logic: Element, name: Words, told: Mapping[str, Words], output: Output) -> None:
        column = self._add(logic, "output", name=name.text)
        if (reference := _type_name(output.type)) is not None:
            column.set("typeRef", reference)
        kept = self._add(column, "extensionElements")
        for key, words in told.items():
            if key != "default":
                SubElement(kept, _ours("key"), {"name": key}).text = words.text
        if output.type.values:
            said = ", ".join(map(constant, output.type.values))
            self._text_in(column, "outputValues", said).set(_ours("feel"), said)
        if output.default is not None and "default" in told:
            self._entry(
                column, "defaultOutputEntry", told["default"], output.default, self._standard.expression
            )

    def _entry(
        self,
        parent: Element,
        tag: str,
        words: Words,
        expression: Expression | None,
        said: Callable[[Expression], str],
    ) -> None:
        """A cell in the words of the standard; where they are others than ours, ours stand beside them."""
        told = "-"
        if expression is not None:
            try:
                told = said(expression)
                for id_ in sorted(expression.reads):
                    self._read[id_] = self._standard.name(expression, id_)
            except UnsayableError as unsayable:
                self._tell(words, unsayable.reason)
        cell = self._text_in(parent, tag, told)
        if told != words.text:
            cell.set(_ours("written"), words.text)
            cell.set(_ours("feel"), told)

    def _required(self, id_: str, name: str, number: int, root: Element) -> Element:
        """What the decision requires under a name: a decision with a parameter's value, or an input."""
        parameter = self._workflow.parameters.get(id_)
        value = None if parameter is None else _value_of(parameter)
        reference = f"input.{number}"
        requirement = Element(f"{{{DMN}}}informationRequirement")
        found = self._add(root, "inputData" if value is None else "decision", id=reference, name=name)
        variable = self._add(found, "variable", name=name)
        field = self._workflow.fields.get(id_)
        type_ = parameter.type if parameter else field.type if isinstance(field, Field) else None
        if type_ is not None and (told := _type_name(type_)) is not None:
            variable.set("typeRef", told)
        if value is not None:
            self._text_in(found, "literalExpression", value)
        kind = "requiredInput" if value is None else "requiredDecision"
        self._add(requirement, kind, href=f"#{reference}")
        return requirement

    def _hold_to_xml(self, root: Element) -> None:
        for node in root.iter():
            for told in (node.text or "", *node.attrib.values()):
                if _BEYOND.search(told):
                    self._tell(Words(told, self._text.table.position), Phrase("dmn-xml"))

    def _tell(self, words: Words, reason: Phrase) -> None:
        data = {"written": words.text, "reason": reason}
        self._problems.append(Problem("PF579", words.position, data, self._text.language))

    @staticmethod
    def _add(parent: Element, tag: str, **attributes: str) -> Element:
        return SubElement(parent, f"{{{DMN}}}{tag}", attributes)

    def _text_in(self, parent: Element, tag: str, text: str) -> Element:
        found = self._add(parent, tag)
        self._add(found, "text").text = text
        return found


def _value_of(parameter: Parameter) -> str | None:
    """The value of a parameter in the words of the standard; None if it has none there."""
    try:
        return constant(parameter.value)
    except UnsayableError:
        return None


def _type_name(type_: Type) -> str | None:
    return _TYPES.get(type_.kind)
