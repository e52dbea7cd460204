"""The map file of an import: which column of a table fills which field of the cases that begin.

Read with positions like a definition, against the workflow that it speaks of. Whether a table has the
columns is known only when the table is opened: `check_columns`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, ClassVar

from partybuild_flow.analysis.mapped import fits, named, spellings
from partybuild_flow.definition import Field, Workflow
from partybuild_flow.errors import WorkflowInvalid
from partybuild_flow.messages import Language, Phrase
from partybuild_flow.problems import in_file_order
from partybuild_flow.reader.files import read_file
from partybuild_flow.reader.findings import Findings, hint_at
from partybuild_flow.reader.keywords import spelled
from partybuild_flow.reader.text import Scalar
from partybuild_flow.reader.walk import Walk
from partybuild_flow.reader.written import PART_WORDS
from partybuild_flow.reader.written_form import Pairs, Place, Word, Words, Written


@dataclass(frozen=True, slots=True)
class CellOrigin:
    """Where a value comes from: a column, or always the same; `values` translates what stands in the column."""

    column: str | None
    constant: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ImportMap:
    """How a table speaks of a workflow. Columns by heading; event, fields and roles by id.

    `key` is the column with the number that a row has in the other system; `roles` are held at the
    row's unit. `words` are the columns as they are written in the map.
    """

    system: str
    language: Language
    sheet: str | None
    key: str
    time: str | None
    event: str
    actor: CellOrigin
    unit: CellOrigin
    roles: tuple[str, ...]
    data: Mapping[str, CellOrigin]
    words: tuple[Scalar, ...]

    @property
    def columns(self) -> frozenset[str]:
        """The headings that the table needs."""
        return frozenset(word.text for word in self.words)

    def check_columns(self, headings: Iterable[str]) -> None:
        """Raises WorkflowInvalid, with PF527 for each column that a table with these headings has not."""
        known = tuple(headings)
        missing = [word for word in self.words if word.text not in known]
        if missing:
            problems = [
                word.problem("PF527", word=word.text, hint=hint_at(word.text, known)) for word in missing
            ]
            raise WorkflowInvalid(in_file_order(problems))


def read_import_map(path: Path, workflow: Workflow) -> ImportMap:
    """The map in a file, for the beginning events, the fields and the roles of a workflow.

    Raises:
        WorkflowInvalid: with every problem of the file: those of any written file, and PF520 to PF529.
    """
    findings = Findings()
    found = _Reading(findings, workflow).read(path)
    if findings.problems or found is None:
        raise WorkflowInvalid(in_file_order(findings.problems))
    return found


class WrittenCellOrigin(Written):
    """Where a value comes from."""

    short: ClassVar[str | None] = "column"

    column: Word | None = None
    value: Word | None = None
    values: Pairs = ()


class WrittenImportMap(Written):
    """The map file of an import."""

    import_: Word
    sheet: Word | None = None
    key: Word
    time: Word | None = None
    event: Word | None = None
    actor: Annotated[WrittenCellOrigin | None, Place("part", WrittenCellOrigin)] = None
    roles: Words = ()
    unit: Annotated[WrittenCellOrigin | None, Place("part", WrittenCellOrigin)] = None
    data: Pairs


PART_WORDS.update(
    {
        WrittenImportMap: Phrase("part-import-map"),
        WrittenCellOrigin: Phrase("part-cell-origin"),
    }
)


class _Reading:
    """One map on its way from the written form."""

    def __init__(self, findings: Findings, workflow: Workflow) -> None:
        self._findings = findings
        self._walk = Walk(findings)
        self._workflow = workflow
        self._fields = named(workflow.fields)
        self._roles = named(workflow.roles)
        self._starts = [each for each in workflow.transitions if each.starts]
        self._words: list[Scalar] = []

    def read(self, path: Path) -> ImportMap | None:
        node = read_file(path, self._findings)
        written = self._walk.part(WrittenImportMap, node) if node else None
        if node is None or written is None:
            return None
        event = self._event(written)
        self._words += [word for word in (written.key, written.time) if word]
        actor = self._origin(written.actor) if written.actor else None
        unit = self._origin(written.unit) if written.unit else None
        return ImportMap(
            system=written.import_.text,
            language=node.source.language,
            sheet=written.sheet.text if written.sheet else None,
            key=written.key.text,
            time=written.time.text if written.time else None,
            event=event,
            actor=actor or CellOrigin(None, written.import_.text),
            unit=unit or CellOrigin(None, ""),
            roles=tuple(self._roles_of(written.roles)),
            data=dict(self._data(written, event)),
            words=tuple(self._words),
        )

    def _event(self, written: WrittenImportMap) -> str:
        """The event with which cases begin; it may be left out where there is only one."""
        names = {each.event: each.event_name for each in self._starts}
        if written.event is None:
            if len(names) > 1:
                key = spelled("event", written.import_.source.language)
                hint = hint_at("", names.values())
                self._findings.add(written.import_.problem("PF528", key=key, hint=hint))
            return next(iter(names), "")
        known = spellings(names.items())
        if written.event.text not in known:
            data = {"word": written.event.text, "workflow": self._workflow.name}
            hint = hint_at(written.event.text, names.values())
            self._findings.add(written.event.problem("PF529", **data, hint=hint))
        return known.get(written.event.text, "")

    def _data(self, written: WrittenImportMap, event: str) -> Iterator[tuple[str, CellOrigin]]:
        brought = {need.field for each in self._starts if each.event == event for need in each.needs}
        for name, node in written.data:
            part = self._walk.part(WrittenCellOrigin, node)
            if name is None or part is None:
                continue
            field = self._field(name, brought if event else None)
            origin = self._origin(part, field)
            if field is not None and origin is not None:
                yield field.id, origin

    def _field(self, name: Scalar, brought: set[str] | None) -> Field | None:
        fields = self._workflow.fields
        names = [each.name for each in fields.values() if brought is None or each.id in brought]
        found = self._fields.get(name.text)
        if found is None or (brought is not None and found not in brought):
            data = {"word": name.text, "workflow": self._workflow.name, "hint": hint_at(name.text, names)}
            self._findings.add(name.problem("PF521" if found is None else "PF537", **data))
            return None
        return fields[found]

    def _origin(self, written: WrittenCellOrigin, field: Field | None = None) -> CellOrigin | None:
        if (written.column is None) == (written.value is None):
            language = written.node.source.language
            words = {keyword: spelled(keyword, language) for keyword in ("column", "value")}
            self._findings.add(written.node.problem("PF530", **words))
            return None
        if written.column is not None:
            self._words.append(written.column)
        elif (
            field is not None and written.value is not None and not fits(field, written.value, self._findings)
        ):
            return None
        values = {
            key.text: value.text
            for key, value in written.values
            if key and isinstance(value, Scalar) and (field is None or fits(field, value, self._findings))
        }
        column, constant = written.column, written.value
        return CellOrigin(column.text if column else None, constant.text if constant else None, values)

    def _roles_of(self, words: Iterable[Scalar]) -> Iterator[str]:
        names = [role.name for role in self._workflow.roles.values()]
        for word in words:
            found = self._roles.get(word.text)
            if found is None:
                data = {"word": word.text, "workflow": self._workflow.name}
                self._findings.add(word.problem("PF522", **data, hint=hint_at(word.text, names)))
            else:
                yield found
