"""Decision tables in .xlsx: a sheet with the rules, one that explains the notation, one with the examples.

Every cell is text, so that a spreadsheet changes none; enumerations are offered as lists.
"""

from __future__ import annotations

import re
import unicodedata
import zipfile
from collections.abc import Mapping
from datetime import date, time
from pathlib import Path
from typing import Any, Final

from defusedxml.ElementTree import iterparse

from partybuild_flow.analysis.tables.csv_file import MOST_COLUMNS, MOST_LINES
from partybuild_flow.analysis.tables.grid import (
    SHEETS,
    GridCell,
    Line,
    grid_of,
    label,
    language_in,
    table_in,
)
from partybuild_flow.analysis.tables.notation import notation_lines
from partybuild_flow.analysis.tables.written_table import TableText
from partybuild_flow.analysis.tables_in import Cell, Flawed, as_text, book_of, cells_of, invalid, undamaged
from partybuild_flow.errors import WorkflowInvalid
from partybuild_flow.messages import Language
from partybuild_flow.problems import Position, Problem
from partybuild_flow.reader.findings import hint_at

LARGEST: Final = 32_000_000
"""As many bytes as the parts of a workbook with a table may have unpacked."""
TIGHTEST: Final = 100
"""So many times smaller than it is no workbook of a table packs."""
SMALL: Final = 1_000_000
"""Whatever unpacks to less may be packed as tightly as it likes."""
LONGEST: Final = 32_767
"""As many characters as a cell holds."""
MORE_ROWS: Final = 200
"""So many rows behind the last one are text and have their lists, too."""
_WIDEST: Final = 50
_BEYOND: Final = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|x005F_")
"""What no cell holds, or openpyxl takes for an escape."""
_ESCAPED: Final = re.compile(r"_x005F_(?=x[0-9A-Fa-f]{4}_)")
_ESCAPE: Final = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")

Choices = Mapping[int, tuple[str, ...]]
"""The values that a column may have, by its number in the sheet, from 1."""


def write_workbook(table: TableText, path: Path, choices: Choices) -> None:
    """Write the table; a column that has `choices` offers them as a list.

    Raises:
        WorkflowInvalid: PF536, or PF581: a cell cannot hold what is written.
    """
    with undamaged(path, table.language):
        from openpyxl import Workbook
    grid = grid_of(table)
    book = Workbook()
    rules: Any = book.active
    rules.title = SHEETS["rules"][table.language]
    head = next(at for at, line in enumerate(grid.rules, 1) if line[0] == label("column", table.language))
    first = len(grid.rules) - len(table.rows) + 1
    _fill(rules, grid.rules, path, table.language)
    _style(rules, head, first, len(grid.rules[head - 1]))
    notation = book.create_sheet(SHEETS["notation"][table.language])
    _fill(notation, notation_lines(), path, table.language)
    _widen(notation, 1)
    if grid.examples:
        examples = book.create_sheet(SHEETS["examples"][table.language])
        _fill(examples, grid.examples, path, table.language)
        _style(examples, 1, 2, len(grid.examples[0]))
    if choices:
        _offer(book, rules, first, choices, path, table.language)
    book.save(path)


def read_workbook(path: Path, language: Language, sheet: str | None = None) -> TableText:
    """The table in a workbook; `sheet` is the one with the rules, if it has another name than ours.

    Raises:
        WorkflowInvalid: with every problem, at its sheet and cell.
    """
    try:
        _must_be_harmless(path, language)
        book = book_of(path, language)
        try:
            chosen = _rules_in(book, sheet, path, language)
            lines = _lines(chosen, path, language)
            names = SHEETS["examples"].values()
            others = [each for each in book.worksheets if each.title in names and each is not chosen]
            for other in others[:1]:
                lines += _lines(other, path, language_in(lines) or language)
            start = Position(path.as_posix(), 1, 1, sheet=chosen.title)
        finally:
            book.close()
    except OSError as error:
        raise invalid("PF531", path, language, reason=error.strerror or error) from error
    return table_in(lines, start, language)


def _must_be_harmless(path: Path, language: Language) -> None:
    """Neither macros nor more than a table can be."""
    with undamaged(path, language), zipfile.ZipFile(path) as packed:
        parts = packed.infolist()
    if any(part.filename.lower().endswith("vbaproject.bin") for part in parts):
        raise invalid("PF572", path, language)
    unpacked = sum(part.file_size for part in parts)
    tight = unpacked > SMALL and unpacked > TIGHTEST * path.stat().st_size
    if tight or unpacked > LARGEST:
        raise invalid("PF574", path, language, limit=LARGEST // 1_000_000)


def _rules_in(book: Any, sheet: str | None, path: Path, language: Language) -> Any:
    """The sheet with the rules: of the name that is asked for, of ours, or the only one."""
    by_name = {each.title: each for each in book.worksheets}
    wanted = (sheet,) if sheet is not None else tuple(SHEETS["rules"].values())
    for name in wanted:
        if name in by_name:
            return by_name[name]
    if sheet is None and len(by_name) == 1:
        return next(iter(by_name.values()))
    asked = sheet or SHEETS["rules"][language]
    raise invalid("PF539", path, language, sheet=asked, hint=hint_at(asked, by_name))


def _lines(sheet: Any, path: Path, language: Language) -> list[Line]:
    _hold_to_single_cells(sheet, path, language)
    found: list[Line] = []
    for number, cells in cells_of(sheet, path, language):
        if len(cells) > MOST_COLUMNS or number > MOST_LINES:
            place = Position(path.as_posix(), number, 1, sheet=sheet.title)
            raise WorkflowInvalid([Problem("PF582", place, {"most": MOST_LINES}, language)])
        told = [_said(each) for each in cells]
        while told and told[-1] == "":
            told.pop()
        if any(told[1:]) or (told and not str(told[0]).isdecimal()):
            places = (
                Position(path.as_posix(), number, column, sheet=sheet.title)
                for column in range(1, len(told) + 1)
            )
            found.append(Line(tuple(map(GridCell, told, places))))
    return found


def _said(cell: Cell) -> str | Flawed:
    if isinstance(cell, date | time):
        return Flawed("moment")
    told = as_text(cell) or ""
    return _ESCAPED.sub("_", told) if isinstance(told, str) else told


def _hold_to_single_cells(sheet: Any, path: Path, language: Language) -> None:
    """Merged cells are problems: which of them says something cannot be told for sure."""
    problems = []
    with undamaged(path, language), zipfile.ZipFile(path) as packed, packed.open(_part(sheet)) as file:
        for _, node in iterparse(file):
            if str(node.tag).endswith("}mergeCell"):
                cells = str(node.get("ref"))
                place = re.match("([A-Z]{1,3})([0-9]{1,7})", cells)
                column = 0
                for letter in place[1] if place else "A":
                    column = column * 26 + ord(letter) - ord("A") + 1
                line = int(place[2]) if place else 1
                position = Position(path.as_posix(), line, column, sheet=sheet.title)
                problems.append(Problem("PF564", position, {"cells": cells}, language))
            node.clear()
    if problems:
        raise WorkflowInvalid(problems)


def _part(sheet: Any) -> str:
    """The part of the package that holds a sheet."""
    return str(sheet._worksheet_path).lstrip("/")


def _fill(sheet: Any, lines: list[list[str]], path: Path, language: Language) -> None:
    from openpyxl.styles import Alignment

    for number, line in enumerate(lines, 1):
        for column, text in enumerate(line, 1):
            place = Position(path.as_posix(), number, column, sheet=sheet.title)
            if len(text) > LONGEST or _BEYOND.search(text):
                raise WorkflowInvalid([Problem("PF581", place, {"limit": LONGEST}, language)])
            cell = sheet.cell(number, column)
            cell.number_format = "@"
            cell.alignment = Alignment(vertical="top", wrap_text=True)
            if text:
                cell.value = _ESCAPE.sub("_x005F_", text)
                cell.data_type = "s"  # also where it begins with a sign that would make it a formula


def _style(sheet: Any, head: int, first: int, columns: int) -> None:
    """Frozen lines above the rows, widths, and text cells for rows to come."""
    from openpyxl.styles import Alignment, Font, PatternFill

    shade = PatternFill("solid", start_color="E7E6E6", end_color="E7E6E6")
    for line in range(head, first):
        for column in range(1, columns + 1):
            sheet.cell(line, column).font = Font(bold=True)
            sheet.cell(line, column).fill = shade
    for line in range(1, head):
        sheet.cell(line, 1).font = Font(bold=True)
        sheet.cell(line, 2).alignment = Alignment(vertical="top", wrap_text=False)
    for line in range(sheet.max_row + 1, sheet.max_row + MORE_ROWS):
        for column in range(1, columns + 1):
            sheet.cell(line, column).number_format = "@"
    sheet.freeze_panes = sheet.cell(first, 2)
    _widen(sheet, head)


def _widen(sheet: Any, head: int) -> None:
    """Columns as wide as what stands in them from this line on."""
    for column in sheet.iter_cols(min_row=head):
        widest = max((_width(str(cell.value)) for cell in column if cell.value is not None), default=0)
        sheet.column_dimensions[column[0].column_letter].width = min(max(widest + 2, 8), _WIDEST)


def _width(text: str) -> int:
    """How many narrow characters a text is as wide as."""
    return max(
        sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in line)
        for line in text.split("\n")
    )


def _offer(book: Any, rules: Any, first: int, choices: Choices, path: Path, language: Language) -> None:
    """Lists of the values that a column may have; they advise, for a test may say more than one value."""
    from openpyxl.utils import get_column_letter, quote_sheetname
    from openpyxl.worksheet.datavalidation import DataValidation

    hidden = book.create_sheet(SHEETS["choices"][language])
    hidden.sheet_state = "hidden"
    longest = max(len(values) for values in choices.values())
    lines = [[values[at] if at < len(values) else "" for values in choices.values()] for at in range(longest)]
    _fill(hidden, lines, path, language)
    for at, (column, values) in enumerate(choices.items(), 1):
        letter, source = get_column_letter(column), get_column_letter(at)
        formula = f"{quote_sheetname(hidden.title)}!${source}$1:${source}${len(values)}"
        offered = DataValidation(type="list", formula1=formula, allow_blank=True, showErrorMessage=False)
        offered.add(f"{letter}{first}:{letter}{rules.max_row}")
        rules.add_data_validation(offered)
