"""Tables of other systems, row by row: CSV in the encodings that are met here, and .xlsx.

Nothing is guessed silently: what was found out about a file is told with it. Cells keep what they
are: numbers are Decimal, days and instants of a workbook dates, everything else text.
"""

from __future__ import annotations

import codecs
import csv
import zipfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, NamedTuple

from defusedxml import DefusedXmlException

from partybuild_flow.analysis.exporting import unguarded
from partybuild_flow.case import without_values
from partybuild_flow.errors import WorkflowInvalid
from partybuild_flow.messages import Language
from partybuild_flow.problems import Position, Problem
from partybuild_flow.reader.findings import hint_at

DELIMITERS: Final = (",", "\t", ";")
ENCODINGS: Final = {"utf-8-sig": "UTF-8 (BOM)", "utf-8": "UTF-8", "gb18030": "GB18030"}
LONGEST_CELL: Final = 131_072
MOST_ROWS: Final = 1_048_576
"""As many rows as a workbook may have; a file that says more is not one."""
MOST_DIGITS: Final = 15
"""So many digits a spreadsheet keeps of a number; the others it makes zeros."""
LARGEST: Final = 1 << 29
"""As many bytes as all parts of a workbook may have unpacked."""
MOST_PARTS: Final = 5_000
_PROLOGUE: Final = 1 << 16
"""Within so many bytes of a part of XML stands what it declares."""
_CHUNK: Final = 1 << 20
_UTF_16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class Flawed(NamedTuple):
    """A cell that says no value: the code of the reason."""

    code: str


Cell = str | Decimal | bool | date | datetime | time | Flawed | None


class Row(NamedTuple):
    """A row by its number in the file, as a spreadsheet counts, and its cells by heading; blank ones are None."""

    number: int
    cells: dict[str, Cell]

    def __repr__(self) -> str:
        return without_values(self)


class OpenTable(NamedTuple):
    """A table with its headings; `rows` are read as they are asked for. `encoding` and `delimiter` are those that
    were found out, None for a workbook; `sheet` is the one that was read."""

    headings: tuple[str, ...]
    rows: Iterator[Row]
    encoding: str | None
    delimiter: str | None
    sheet: str | None


def open_table(
    path: Path, *, sheet: str | None = None, columns: Collection[str] = (), language: Language = "en"
) -> OpenTable:
    """The table in a `.csv`, `.tsv`, `.txt` or `.xlsx` file; blank rows are passed over.

    Of the signs that may part cells, the one is taken with which most of these `columns` are headings.

    Raises:
        WorkflowInvalid: PF531 to PF539, here or where the row at fault is asked for.
    """
    try:
        if path.suffix.lower() == ".xlsx":
            return _workbook(path, sheet, language)
        return _csv(path, columns, language)
    except OSError as error:
        raise invalid("PF531", path, language, reason=error.strerror or error) from error


def _csv(path: Path, columns: Collection[str], language: Language) -> OpenTable:
    encoding = encoding_of(path, language)
    with path.open(encoding=encoding, newline="") as file:
        first = file.readline(LONGEST_CELL)
    delimiter = max(DELIMITERS, key=lambda each: (_found(first, each, columns), _outside_quotes(first, each)))
    records = records_of(path, encoding, delimiter, language)
    first_row = next((cells for _, cells in records if any(cell.strip() for cell in cells)), [])
    headings = _headings(first_row, path, language)
    rows = (
        Row(number, dict(zip(headings, (_plain(each) for each in cells), strict=False)))
        for number, cells in records
        if any(cell.strip() for cell in cells)
    )
    return OpenTable(headings, rows, ENCODINGS[encoding], delimiter, None)


def encoding_of(path: Path, language: Language) -> str:
    """The first encoding in which the whole file is text; UTF-8 never is so by chance."""
    with path.open("rb") as file:
        beginning = file.read(4)
    if beginning.startswith(_UTF_16):
        raise invalid("PF532", path, language)
    encodings = ("utf-8-sig",) if beginning.startswith(codecs.BOM_UTF8) else ("utf-8", "gb18030")
    for encoding in encodings:
        with suppress(UnicodeDecodeError), path.open("rb") as file:
            decoder = codecs.getincrementaldecoder(encoding)()
            while chunk := file.read(_CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
            return encoding
    raise invalid("PF532", path, language)


def records_of(
    path: Path, encoding: str, delimiter: str, language: Language
) -> Iterator[tuple[int, list[str]]]:
    """The records of a CSV file by number, from 1."""
    with path.open(encoding=encoding, newline="") as file:
        reader = csv.reader(file, delimiter=delimiter, strict=True)
        try:
            yield from enumerate(reader, 1)
        except csv.Error as error:
            raise invalid("PF533", path, language, line=max(reader.line_num, 1)) from error


def _plain(written: str) -> str | None:
    """What a cell says; an apostrophe that keeps a spreadsheet from calculating is no part of it."""
    return unguarded(written.strip()) or None


def _found(line: str, sign: str, columns: Collection[str]) -> int:
    """How many of these columns a line of headings has."""
    return len({part.strip().strip('"') for part in line.split(sign)}.intersection(columns))


def _outside_quotes(line: str, sign: str) -> int:
    return sum(part.count(sign) for part in line.split('"')[::2])


def _headings(cells: list[str], path: Path, language: Language) -> tuple[str, ...]:
    headings = tuple(cell.strip() for cell in cells)
    named = [each for each in headings if each]
    if not named:
        raise invalid("PF534", path, language)
    for each in named:
        if named.count(each) > 1:
            raise invalid("PF535", path, language, heading=each)
    return headings


@contextmanager
def undamaged(path: Path, language: Language) -> Iterator[None]:
    """Within it, what a damaged workbook raises becomes its problem."""
    try:
        yield
    except ImportError as error:
        raise invalid("PF536", path, language) from error
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, SyntaxError, EOFError) as error:
        # openpyxl raises an error of its own from that of the parser.
        declares = any(isinstance(each, DefusedXmlException) for each in (error, error.__cause__))
        raise invalid("PF575" if declares else "PF538", path, language) from error


def book_of(path: Path, language: Language) -> Any:
    """The workbook in a file, to be read row by row.

    Raises:
        WorkflowInvalid: PF512, PF536, PF538 or PF575.
    """
    with undamaged(path, language):
        from openpyxl import load_workbook

        _must_be_small(path, language)
        # What is read of XML passes through defusedxml, which openpyxl uses where it is installed.
        return load_workbook(path, read_only=True, data_only=False, keep_links=False)


def _workbook(path: Path, sheet: str | None, language: Language) -> OpenTable:
    book = book_of(path, language)
    names = [each.title for each in book.worksheets]
    if sheet is not None and sheet not in names:
        raise invalid("PF539", path, language, sheet=sheet, hint=hint_at(sheet, names))
    chosen: Any = book[sheet] if sheet is not None else book.worksheets[0]
    chosen.reset_dimensions()
    records = cells_of(chosen, path, language)
    first = next((cells for _, cells in records if any(cell is not None for cell in cells)), [])
    headings = _headings(["" if each is None else str(each) for each in first], path, language)
    rows = (
        Row(number, dict(zip(headings, cells, strict=False)))
        for number, cells in records
        if any(cell is not None for cell in cells)
    )
    return OpenTable(headings, rows, None, None, chosen.title)


def _must_be_small(path: Path, language: Language) -> None:
    """A few bytes may unpack to more than any memory holds, and entities may grow or lead out of the file."""
    with zipfile.ZipFile(path) as packed:
        parts = packed.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST:
        raise invalid("PF512", path, language)
    with zipfile.ZipFile(path) as packed:
        for part in parts:
            if part.filename.endswith((".xml", ".rels")):
                with packed.open(part) as file:
                    beginning = file.read(_PROLOGUE).replace(b"\0", b"")
                if b"<!DOCTYPE" in beginning or b"<!ENTITY" in beginning:
                    raise invalid("PF575", path, language)


def cells_of(sheet: Any, path: Path, language: Language) -> Iterator[tuple[int, list[Cell]]]:
    """The rows of a sheet by number, from 1."""
    with undamaged(path, language):
        for number, row in enumerate(sheet.iter_rows(), 1):
            if number > MOST_ROWS:
                raise invalid("PF538", path, language)
            yield number, [_cell(each) for each in row]


def _cell(cell: Any) -> Cell:
    value = cell.value
    if cell.data_type == "f":
        return Flawed("formula")
    if cell.data_type == "e":
        return Flawed("error-value")
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float):
        return Decimal(value) if isinstance(value, int) else Decimal(repr(value))
    if isinstance(value, str):
        return value.strip() or None
    return value if isinstance(value, date | time) else Flawed("error-value")


def as_text(cell: Cell) -> str | Flawed | None:
    """What a cell says as a text; a number that is whole has no point."""
    if cell is None or isinstance(cell, str | Flawed):
        return cell
    if isinstance(cell, Decimal):
        if abs(cell) >= 10**MOST_DIGITS:
            return Flawed("cut-digits")
        return str(int(cell)) if cell == cell.to_integral_value() else format(cell, "f")
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return cell.isoformat(" ") if isinstance(cell, datetime) else cell.isoformat()


def invalid(code: str, path: Path, language: Language, *, line: int = 1, **data: object) -> WorkflowInvalid:
    """A problem of a whole file, or of a line of it."""
    return WorkflowInvalid([Problem(code, Position(str(path), line, 1), data, language)])
