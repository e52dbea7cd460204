"""Changes as CSV and as .xlsx, while they are found."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any, Final, Self

from partybuild_flow.analysis.exporting import BYTE_ORDER_MARK, cell_text, guarded
from partybuild_flow.analysis.populations.report import Change, Impact, Moves, same
from partybuild_flow.errors import FlowError
from partybuild_flow.feel import Value
from partybuild_flow.messages import SEPARATORS, Language, sentence

MOST_ROWS: Final = 1_048_575
"""As many rows as a sheet may have below its headings."""
_CHANGES: Final = (
    "decision",
    "output",
    "case",
    "unit",
    "before",
    "after",
    "fired-before",
    "fired-after",
    "read",
)


class Files:
    """The files that were asked for, one context for all of them."""

    def __init__(self, paths: Sequence[Path], language: Language) -> None:
        self._language = language
        self._files: list[IO[str]] = []
        self._writers: list[Any] = []
        self._books: list[tuple[Path, Any, Any]] = []
        self._rows = 0
        for path in paths:
            if path.suffix.lower() == ".xlsx":
                book = _workbook(language)
                sheet = book.create_sheet(self._word("changes"))
                sheet.append(self._headings(_CHANGES))
                self._books.append((path, book, sheet))
            else:
                file = path.open("w", encoding="utf-8", newline="")
                file.write(BYTE_ORDER_MARK)
                writer = csv.writer(file, lineterminator="\r\n")
                writer.writerow(self._headings(_CHANGES))
                self._files.append(file)
                self._writers.append(writer)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for file in self._files:
            file.close()

    def add(self, change: Change) -> None:
        """One change more."""
        if not self._writers and not self._books:
            return
        texts = [change.decision, change.output, change.case, change.unit]
        texts += [cell_text(each, self._language) for each in (change.before, change.after)]
        texts += [change.fired_before, change.fired_after, self._read(change.values)]
        row = [guarded(each) for each in texts]
        for writer in self._writers:
            writer.writerow(row)
        self._rows += 1
        if self._rows <= MOST_ROWS:
            for _, _, sheet in self._books:
                sheet.append(row)

    def finish(self, impact: Impact) -> None:
        """The counts, on sheets of their own, and the workbooks as files."""
        for path, book, _ in self._books:
            self._matrix(book.create_sheet(self._word("matrix"), 0), impact)
            self._groups(book.create_sheet(self._word("groups"), 1), impact)
            book.save(path)

    def _read(self, values: Mapping[str, Value]) -> str:
        parts = (f"{name}={cell_text(value, self._language)}" for name, value in values.items())
        return SEPARATORS[self._language].join(parts)

    def _matrix(self, sheet: Any, impact: Impact) -> None:
        sheet.append(self._headings(("decision", "output", "before", "after", "cases", "moves")))
        for each in impact.effects:
            for row in self._moves(each.moves):
                sheet.append([guarded(each.decision), guarded(each.output), *row])

    def _groups(self, sheet: Any, impact: Impact) -> None:
        heads = ("decision", "output", "dimension", "group", "before", "after", "cases", "moves")
        sheet.append(self._headings(heads))
        for each in impact.effects:
            for dimension, groups in each.groups.items():
                for value, moves in groups.items():
                    for row in self._moves(moves):
                        own = [each.decision, each.output, dimension, value]
                        sheet.append([*(guarded(part) for part in own), *row])

    def _moves(self, moves: Moves) -> list[list[object]]:
        return [
            [
                *(guarded(cell_text(value, self._language)) for value in pair),
                count,
                sentence(f"command.{'no' if same(*pair) else 'yes'}", self._language, {}),
            ]
            for pair, count in moves.items()
        ]

    def _headings(self, codes: Sequence[str]) -> list[str]:
        return [sentence(f"command.column.impact-{code}", self._language, {}) for code in codes]

    def _word(self, code: str) -> str:
        return sentence(f"command.impact.sheet-{code}", self._language, {})


def _workbook(language: Language) -> Any:
    try:
        from openpyxl import Workbook
    except ImportError as error:
        raise FlowError(sentence("impact.no-xlsx", language, {})) from error
    return Workbook(write_only=True)
