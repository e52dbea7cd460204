"""A decision table as lines of cells, as CSV and sheets hold it: the first cell says what a line is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from partybuild_flow.analysis.tables.written_table import (
    OUTPUT_KEYS,
    PACKED,
    ExampleText,
    OutputText,
    RowText,
    TableText,
    Words,
)
from partybuild_flow.analysis.tables.yaml_nodes import is_packed
from partybuild_flow.analysis.tables_in import Flawed
from partybuild_flow.errors import WorkflowInvalid
from partybuild_flow.messages import Language
from partybuild_flow.problems import Position, Problem, in_file_order
from partybuild_flow.reader.findings import hint_at
from partybuild_flow.reader.keywords import spelled

LABELS: Final = {"name": "名称", "note": "备注", "remark": "说明"}
"""Words of the first column that are no keywords."""
SHEETS: Final[dict[str, dict[Language, str]]] = {
    "rules": {"en": "rules", "zh-CN": "规则"},
    "notation": {"en": "notation", "zh-CN": "说明"},
    "examples": {"en": "examples", "zh-CN": "示例"},
    "choices": {"en": "choices", "zh-CN": "取值"},
}
HEAD: Final = ("table", "id", "hit", "remark", "ensure")
"""What the lines before the columns say; the last two may stand several times."""
_FLAWS: Final = {"formula": "PF565", "error-value": "PF566", "moment": "PF567", "cut-digits": "PF568"}


class GridCell(NamedTuple):
    """What a cell says, and where it stands."""

    said: str | Flawed
    position: Position


class Line(NamedTuple):
    """The cells of a line that is not empty, up to the last one that says something."""

    cells: tuple[GridCell, ...]


class Grid(NamedTuple):
    """The lines of a table and those of its examples."""

    rules: list[list[str]]
    examples: list[list[str]]


def label(word: str, language: Language) -> str:
    """A word of the first column."""
    if word in LABELS:
        return LABELS[word] if language == "zh-CN" else word
    return spelled(word, language)


def grid_of(table: TableText) -> Grid:
    """The table as lines of cells."""
    spoken = table.language

    def said(word: str) -> str:
        return label(word, spoken)

    lines = [[said("table"), table.table.text]]
    if table.id is not None:
        lines.append([said("id"), table.id.text])
    lines.append([said("hit"), table.hit.text])
    lines += [[said("remark"), each] for each in (table.note or "").split("\n")]
    lines += [[said("ensure"), each.text] for each in table.ensure]
    before = [""] * len(table.inputs)
    kinds = [said("inputs")] * len(before) + [said("outputs")] * len(table.outputs) + [said("note")]
    lines.append([said("column"), *kinds])
    lines.append(
        [said("name"), *(each.text for each in table.inputs), *(each.name.text for each in table.outputs)]
    )
    written = [key for key in OUTPUT_KEYS if any(key in each.told for each in table.outputs)]
    lists = dict.fromkeys(key for each in table.outputs for key in each.told if key not in OUTPUT_KEYS)
    for key in written:
        lines.append([said(key), *before, *(_told(each, key) for each in table.outputs)])
    for key in lists:
        lines.append([key, *before, *("x" if key in each.told else "" for each in table.outputs)])
    for number, row in enumerate(table.rows, 1):
        lines.append([str(number), *(each.text for each in row.cells), row.note or ""])
    return Grid(lines, _examples(table))


def _told(output: OutputText, key: str) -> str:
    return output.told[key].text if key in output.told else ""


def _examples(table: TableText) -> list[list[str]]:
    names = list(dict.fromkeys(name for each in table.examples for name in each.facts))
    lines = [[label("examples", table.language), *names]] if table.examples else []
    for number, each in enumerate(table.examples, 1):
        cells = (each.facts[name].text if name in each.facts else "" for name in names)
        lines.append([str(number), *cells])
    return lines


def language_in(lines: Iterable[Line]) -> Language | None:
    """The language whose word for a table stands first in a line."""
    for line in lines:
        for language in ("zh-CN", "en"):
            if line.cells[0].said == spelled("table", language):
                return language
    return None


def table_in(lines: Sequence[Line], start: Position, language: Language) -> TableText:
    """The table that lines of cells say; `start` is where a sheet begins, for what is missing.

    Raises:
        WorkflowInvalid: with every problem, at its cell.
    """
    return _Lines(lines, start, language_in(lines) or language).table()


class _Lines:
    """The reading of one grid."""

    def __init__(self, lines: Sequence[Line], start: Position, language: Language) -> None:
        self._lines = lines
        self._start = start
        self._language = language
        self._problems: list[Problem] = []
        self._head: dict[str, list[GridCell]] = {}
        self._columns: dict[str, list[GridCell]] = {}
        self._rows: list[Line] = []
        self._names: tuple[GridCell, ...] | None = None
        self._examples: list[Line] = []

    def table(self) -> TableText:
        for line in self._lines:
            self._take(line)
        for key in ("table", "column", "name"):
            if key not in self._head and key not in self._columns:
                self._tell("PF561", self._start, key=label(key, self._language))
        self._stop()
        inputs, outputs, note = self._parts()
        if not inputs or not outputs or not self._rows:
            missing = "inputs" if not inputs else "outputs" if not outputs else "rows"
            self._tell("PF583", self._columns["column"][0].position, key=label(missing, self._language))
        width = [at for at, _ in inputs] + [at for at, _ in outputs]
        rows = tuple(self._row(line, width, note) for line in self._rows)
        hit = self._one("hit")
        remarks = self._head.get("remark")
        told = TableText(
            self._language,
            self._one("table") or Words(""),
            self._one("id"),
            hit or Words("U", self._start),
            tuple(words for _, words in inputs),
            tuple(output for _, output in outputs),
            rows,
            tuple(Words(self._text(each), each.position) for each in self._head.get("ensure", ())),
            tuple(self._example(line) for line in self._examples),
            None if remarks is None else "\n".join(self._text(each) for each in remarks).strip("\n"),
        )
        self._stop()
        return told

    def _take(self, line: Line) -> None:
        first = line.cells[0]
        word = self._text(first)
        if word == label("examples", self._language) and self._names is None:
            self._names = line.cells[1:]
        elif self._names is not None:
            self._examples.append(line)
        elif "column" not in self._columns:
            self._take_head(line, word)
        elif not word or word.isdecimal():
            self._rows.append(line)
        else:
            self._take_column(line, word)

    def _take_head(self, line: Line, word: str) -> None:
        keyword = next((each for each in (*HEAD, "column") if label(each, self._language) == word), None)
        if keyword is None:
            self._unknown(line.cells[0], word, (*HEAD, "column"))
        elif keyword == "column":
            self._columns[keyword] = list(line.cells)
        elif keyword in self._head and keyword not in ("remark", "ensure"):
            self._tell("PF563", line.cells[0].position, word=word, first=str(self._head[keyword][0].position))
        else:
            blank = GridCell("", line.cells[0].position)
            cells = line.cells[1:2] or (blank,)
            if keyword not in ("remark",) and cells[0].said == "":
                self._tell("PF570", cells[0].position)
            self._head.setdefault(keyword, []).extend(cells)
            self._beyond(line.cells[2:])

    def _take_column(self, line: Line, word: str) -> None:
        known = ("name", *OUTPUT_KEYS)
        keyword = next((each for each in known if label(each, self._language) == word), None)
        if keyword is None and not (word.startswith("<") and word.endswith(">")):
            self._unknown(line.cells[0], word, known)
            return
        found = keyword or word
        if found in self._columns:
            first = str(self._columns[found][0].position)
            self._tell("PF563", line.cells[0].position, word=word, first=first)
            return
        self._columns[found] = list(line.cells)
        self._beyond(line.cells[len(self._columns["column"]) :])

    def _parts(self) -> tuple[list[tuple[int, Words]], list[tuple[int, OutputText]], int | None]:
        """Inputs and outputs, each with its column, and the column of remarks."""
        kinds = {label(each, self._language): each for each in ("inputs", "outputs", "note")}
        inputs: list[tuple[int, Words]] = []
        outputs: list[tuple[int, OutputText]] = []
        note: int | None = None
        names = self._columns["name"]
        for at, cell in list(enumerate(self._columns["column"]))[1:]:
            word = self._text(cell)
            kind = kinds.get(word)
            place = names[at].position if at < len(names) else cell.position
            name = Words(self._text(names[at]), place) if at < len(names) else Words("", place)
            if kind == "note":
                note = at
            elif kind is None and (word or name.text):
                self._tell("PF571", cell.position, word=word, allowed=tuple(kinds))
            elif kind is not None and not name.text:
                self._tell("PF570", place)
            elif kind == "inputs":
                inputs.append((at, name))
            elif kind == "outputs":
                outputs.append((at, OutputText(name, dict(self._output(at)))))
        return inputs, outputs, note

    def _output(self, at: int) -> Iterator[tuple[str, Words]]:
        for key, cells in self._columns.items():
            if key in ("column", "name") or at >= len(cells) or not (text := self._text(cells[at])):
                continue
            if key in PACKED and not is_packed(text):
                self._tell("PF580", cells[at].position, written=text)
            yield key, Words("" if key.startswith("<") else text, cells[at].position)

    def _row(self, line: Line, columns: list[int], note: int | None) -> RowText:
        start = line.cells[0].position
        cells: list[Words] = []
        for at in columns:
            cell = line.cells[at] if at < len(line.cells) else GridCell("", start._replace(column=at + 1))
            text = self._text(cell)
            if not text and not isinstance(cell.said, Flawed):
                self._tell("PF570", cell.position)
            cells.append(Words(text, cell.position))
        for at, cell in list(enumerate(line.cells))[1:]:
            if at not in (*columns, note):
                self._beyond((cell,))
        told = None if note is None else self._text(line.cells[note]) if note < len(line.cells) else ""
        return RowText(tuple(cells), None if told is None else " ".join(told.split()), start)

    def _example(self, line: Line) -> ExampleText:
        facts: dict[str, Words] = {}
        names = self._names or ()
        for at, cell in enumerate(line.cells[1:]):
            text = self._text(cell)
            if not text:
                continue
            name = self._text(names[at]) if at < len(names) else ""
            if not name:
                self._beyond((cell,))
            elif name in facts:
                self._tell("PF563", names[at].position, word=name, first=str(self._start))
            elif not is_packed(text):
                self._tell("PF580", cell.position, written=text)
            else:
                facts[name] = Words(text, cell.position)
        return ExampleText(facts, line.cells[0].position)

    def _one(self, keyword: str) -> Words | None:
        found = self._head.get(keyword)
        return None if found is None else Words(self._text(found[0]), found[0].position)

    def _text(self, cell: GridCell) -> str:
        if isinstance(cell.said, Flawed):
            self._tell(_FLAWS[cell.said.code], cell.position)
            return ""
        return cell.said

    def _beyond(self, cells: Iterable[GridCell]) -> None:
        for cell in cells:
            if text := self._text(cell):
                self._tell("PF569", cell.position, written=text)

    def _unknown(self, cell: GridCell, word: str, known: tuple[str, ...]) -> None:
        other: Language = "en" if self._language == "zh-CN" else "zh-CN"
        right = next((each for each in known if word and label(each, other) == word), None)
        if right is not None:
            self._tell("PF105", cell.position, word=word, right=label(right, self._language))
        elif not isinstance(cell.said, Flawed):
            hint = hint_at(word, [label(each, self._language) for each in known])
            self._tell("PF562", cell.position, word=word, hint=hint)

    def _tell(self, code: str, position: Position, **data: object) -> None:
        self._problems.append(Problem(code, position, data, self._language))

    def _stop(self) -> None:
        if self._problems:
            raise WorkflowInvalid(in_file_order(self._problems))
