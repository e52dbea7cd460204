"""Tables out of a workflow and back into it; what comes back is written only if the workflow is still right."""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Final, NamedTuple

from partybuild_flow.analysis.tables.csv_file import read_csv, write_csv
from partybuild_flow.analysis.tables.dmn_in import read_dmn_table
from partybuild_flow.analysis.tables.dmn_out import write_dmn
from partybuild_flow.analysis.tables.workbook import read_workbook, write_workbook
from partybuild_flow.analysis.tables.written_table import TableText, read_table_file, table_of
from partybuild_flow.analysis.tables.yaml_out import Counted, changed_yaml, counted, fitted, yaml_of
from partybuild_flow.analysis.tables_in import invalid
from partybuild_flow.checks import check
from partybuild_flow.definition import Table, Workflow
from partybuild_flow.errors import WorkflowInvalid
from partybuild_flow.messages import Language
from partybuild_flow.problems import Position, Problem, in_file_order
from partybuild_flow.reader import read_workflow
from partybuild_flow.reader.files import WORKFLOW_FILE
from partybuild_flow.reader.keywords import spelled_truth, told_language

FORMATS: Final = (".csv", ".xlsx", ".dmn")
ENDING: Final = ".table.yaml"


class Imported(NamedTuple):
    """What an import found and, unless it was a dry run, wrote."""

    table: TableText
    counted: Counted
    text: str


def export_table(table: Path, file: Path) -> TableText:
    """Write the table of a workflow's `*.table.yaml` file to a `.csv`, `.xlsx` or `.dmn` file.

    Raises:
        WorkflowInvalid: the workflow has problems, or the file cannot say what the table says.
    """
    workflow = read_workflow(table.parent)
    form = _form(file, workflow.language)
    _, text = read_table_file(table)
    resolved = next(
        each for each in workflow.tables.values() if PurePosixPath(each.position.path).name == table.name
    )
    beside = file.with_name(f".{file.name}.partial{form}")
    try:
        if form == ".csv":
            write_csv(text, beside)
        elif form == ".xlsx":
            write_workbook(text, beside, _choices(resolved, text.language))
        else:
            write_dmn(text, workflow, resolved, beside)
        beside.replace(file)
    finally:
        beside.unlink(missing_ok=True)
    return text


def import_table(
    file: Path,
    table: Path,
    *,
    sheet: str | None = None,
    decision: str | None = None,
    dry_run: bool = False,
    language: Language = "en",
) -> Imported:
    """Take the table in a `.csv`, `.xlsx` or `.dmn` file to a workflow's `*.table.yaml` file, new or not.

    Only what differs is written anew. `language` is that of problems where neither the file nor the workflow
    tells its own.

    Raises:
        WorkflowInvalid: with every problem at its cell; nothing was written.
    """
    found = _read(file, sheet, decision, _spoken(table.parent) or language)
    kept = table.read_bytes().decode() if table.exists() else None
    if kept is None:
        told, differing = found, Counted(added=len(found.rows))
        text = yaml_of(found)
    else:
        plain = kept.removeprefix("\ufeff").replace("\r\n", "\n")
        old = table_of(plain, table.as_posix())
        told = fitted(found, old)
        differing = counted(told, old)
        text = changed_yaml(plain, found) if differing else plain
    _hold_to_right(table, text, told, file)
    if differing and not dry_run:
        if kept is not None:
            mark = "\ufeff" if kept.startswith("\ufeff") else ""
            text = mark + (text.replace("\n", "\r\n") if "\r\n" in kept else text)
        _write(table, text)
    return Imported(told, differing, text)


def _spoken(folder: Path) -> Language | None:
    """The language of the workflow in a folder; None if it cannot be told."""
    try:
        return told_language((folder / WORKFLOW_FILE).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        return None


def _form(file: Path, language: Language) -> str:
    form = file.suffix.lower()
    if form not in FORMATS:
        raise invalid("PF573", file, language, allowed=FORMATS, name=file.name)
    return form


def _read(file: Path, sheet: str | None, decision: str | None, language: Language) -> TableText:
    form = _form(file, language)
    if form == ".csv":
        return read_csv(file, language)
    if form == ".xlsx":
        return read_workbook(file, language, sheet)
    return read_dmn_table(file, language, decision)


def _choices(table: Table, language: Language) -> dict[int, tuple[str, ...]]:
    """The values of each column that has an enumeration, by its number in the sheet."""
    truths = tuple(spelled_truth(each, language) for each in (True, False))
    types = [*(each.type for each in table.inputs), *(each.type for each in table.outputs)]
    found: dict[int, tuple[str, ...]] = {}
    for column, type_ in enumerate(types, 2):
        values = type_.values or (truths if type_.kind == "boolean" else ())
        if values:
            found[column] = (*values, "-") if column - 2 < len(table.inputs) else values
    return found


def _hold_to_right(table: Path, text: str, told: TableText, file: Path) -> None:
    """The workflow with the new text has no problem, and no warning that it did not have before."""
    before = Counter((each.code, each.position.path) for each in _problems(table.parent, {}))
    found = _problems(table.parent, {table.name: text})
    after = Counter((each.code, each.position.path) for each in found)
    wrong = [
        each
        for each in found
        if each.severity == "error"
        or after[each.code, each.position.path] > before[each.code, each.position.path]
    ]
    if not wrong:
        return
    own = (table.parent / table.name).as_posix()
    written = table_of(text, own) if any(each.position.path == own for each in wrong) else None
    places = sorted(_places(written, told)) if written else []
    start = Position(file.as_posix(), 1, 1, sheet=told.table.position.sheet)
    raise WorkflowInvalid(
        in_file_order([_moved(each, places, start) if each.position.path == own else each for each in wrong])
    )


def _problems(folder: Path, instead: dict[str, str]) -> tuple[Problem, ...]:
    try:
        workflow: Workflow = read_workflow(folder, instead=instead)
    except WorkflowInvalid as refused:
        return refused.problems
    return check(workflow)


def _places(written: TableText, told: TableText) -> Iterator[tuple[tuple[int, int], Position]]:
    """Where each word stands in the text that would be written, and where it stands in what was read."""
    for one, other in zip(_positions(written), _positions(told), strict=False):
        yield (one.line, one.column), other


def _positions(table: TableText) -> Iterator[Position]:
    """The place of everything that a table says, in an order that does not depend on the file."""
    yield table.table.position
    yield table.hit.position
    yield from (each.position for each in table.inputs)
    for output in table.outputs:
        yield output.name.position
        yield from (output.told[key].position for key in sorted(output.told))
    for row in table.rows:
        yield row.position
        yield from (each.position for each in row.cells)
    yield from (each.position for each in table.ensure)
    for example in table.examples:
        yield example.position
        yield from (example.facts[name].position for name in sorted(example.facts))
    if table.id is not None:
        yield table.id.position


def _moved(problem: Problem, places: list[tuple[tuple[int, int], Position]], start: Position) -> Problem:
    """The problem at the cell from which the word at fault came."""
    at = (problem.position.line, problem.position.column)
    before = [position for place, position in places if place <= at]
    place = before[-1] if before and before[-1].path else start
    return Problem(problem.code, place, problem.data, problem.language, problem.severity)


def _write(table: Path, text: str) -> None:
    """Write a file whole or not at all."""
    handle, name = tempfile.mkstemp(dir=table.parent, prefix=f".{table.name}.")
    beside = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        beside.chmod(table.stat().st_mode & 0o777 if table.exists() else 0o644)
        beside.replace(table)
    finally:
        beside.unlink(missing_ok=True)
