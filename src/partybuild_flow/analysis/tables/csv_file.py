"""Decision tables in CSV: UTF-8 with a byte order mark going out, UTF-8 or GB18030 coming in."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from partybuild_flow.analysis.exporting import BYTE_ORDER_MARK, guarded, unguarded
from partybuild_flow.analysis.tables.grid import GridCell, Line, grid_of, table_in
from partybuild_flow.analysis.tables.written_table import TableText
from partybuild_flow.analysis.tables_in import DELIMITERS, LONGEST_CELL, encoding_of, invalid, records_of
from partybuild_flow.messages import Language
from partybuild_flow.problems import Position
from partybuild_flow.reader.keywords import spelled

MOST_LINES: Final = 20_000
MOST_COLUMNS: Final = 500
ANY_VALUE: Final = "-"
"""A dash by itself, which no spreadsheet calculates."""


def write_csv(table: TableText, path: Path) -> None:
    """Write the table; what a spreadsheet would calculate gets an apostrophe before it."""
    grid = grid_of(table)
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(BYTE_ORDER_MARK)
        writer = csv.writer(file, lineterminator="\r\n")
        for line in (*grid.rules, *grid.examples):
            writer.writerow([each if each == ANY_VALUE else guarded(each) for each in line])


def read_csv(path: Path, language: Language) -> TableText:
    """The table in a CSV file.

    Raises:
        WorkflowInvalid: with every problem, at its line and cell.
    """
    try:
        lines = list(_lines(path, language))
    except OSError as error:
        raise invalid("PF531", path, language, reason=error.strerror or error) from error
    return table_in(lines, Position(path.as_posix(), 1, 1), language)


def _lines(path: Path, language: Language) -> Iterator[Line]:
    encoding = encoding_of(path, language)
    with path.open(encoding=encoding, newline="") as file:
        first = file.readline(LONGEST_CELL)
    words = {spelled("table", "en"), spelled("table", "zh-CN")}
    found = (each for each in DELIMITERS if first.split(each)[0].strip().strip('"') in words)
    for number, cells in records_of(path, encoding, next(found, ","), language):
        if number > MOST_LINES or len(cells) > MOST_COLUMNS:
            raise invalid("PF582", path, language, line=number, most=MOST_LINES)
        told = [unguarded(each.strip()) for each in cells]
        while told and not told[-1]:
            told.pop()
        if any(told[1:]) or (told and not told[0].isdecimal()):
            places = (Position(path.as_posix(), number, column) for column in range(1, len(told) + 1))
            yield Line(tuple(map(GridCell, told, places)))
