"""`pbflow import`: the rows of another system's table as new cases, with a report of those that were refused."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, time
from pathlib import Path
from typing import IO, Annotated, Final

import typer

from partybuild_flow.analysis.exporting import BYTE_ORDER_MARK, cell_text, guarded
from partybuild_flow.analysis.import_map import read_import_map
from partybuild_flow.analysis.importing import Imported, import_rows
from partybuild_flow.analysis.tables_in import Cell, Flawed, OpenTable, open_table
from partybuild_flow.cli import options
from partybuild_flow.cli.opening import open_with_workflows
from partybuild_flow.cli.printing import put, put_json
from partybuild_flow.cli.wording import language_of, own_language, word
from partybuild_flow.messages import SEPARATORS, Language

MOST_TOLD: Final = 20
_FILE: Final = "sqlite:///"


def import_table(
    table: Annotated[Path, typer.Argument(metavar="FILE", show_default=False)],
    workflow: Annotated[str, typer.Option("--workflow", metavar="NAME", show_default=False)],
    map_file: Annotated[Path, typer.Option("--map", metavar="FILE", show_default=False)],
    dry_run: Annotated[bool, typer.Option("--dry-run")] = False,
    rejected: Annotated[Path | None, typer.Option("--rejected", metavar="FILE", show_default=False)] = None,
    db: options.Database = options.DATABASE,
    workflows: options.Workflows = options.WORKFLOWS,
    as_json: options.Json = False,
    language: options.Language = None,
) -> None:
    """Begin a case for each row of a CSV or .xlsx file; a row that was imported before changes nothing."""
    own = own_language(language)
    for path, option in ((table, "FILE"), (map_file, "--map")):
        if not path.is_file():
            raise typer.BadParameter(word("no-such-file", own, file=path), param_hint=option)
    counts: Counter[str] = Counter()
    refused: list[Imported] = []
    with open_with_workflows(_kept_clean(db, dry_run=dry_run), workflows, own) as engine:
        definition = next((each for each in engine.workflows if workflow in (each.id, each.name)), None)
        if definition is None:
            known = tuple(each.id for each in engine.workflows)
            raise typer.BadParameter(
                word("no-workflow", own, workflow=workflow, known=known), param_hint="--workflow"
            )
        spoken = read_import_map(map_file, definition)
        found = open_table(table, sheet=spoken.sheet, columns=spoken.columns, language=spoken.language)
        spoken.check_columns(found.headings)
        reasons = language_of(language) or definition.language
        moved = import_rows(engine, definition, spoken, found.rows, dry_run=dry_run, language=reasons)
        with _progress(own, hidden=as_json) as told, _rejects(rejected, found, reasons) as reject:
            for each in moved:
                counts[each.outcome] += 1
                told(sum(counts.values()))
                if each.outcome == "refused":
                    refused.append(each)
                    reject(each)
    kept = _found_out(table, found)
    numbers = {name: counts[name] for name in ("begun", "there", "refused")}
    if as_json:
        put_json(
            {"imported": {**kept, "dry_run": dry_run, **numbers, "rows": [_record(each) for each in refused]}}
        )
    else:
        _put_report(kept, numbers, refused, rejected, own, dry_run=dry_run)
    if refused:
        raise typer.Exit(1)


def _found_out(table: Path, found: OpenTable) -> dict[str, str | None]:
    """What is told of how a file was read."""
    return {
        "file": str(table),
        "encoding": found.encoding,
        "delimiter": found.delimiter,
        "sheet": found.sheet,
    }


def _kept_clean(db: str, *, dry_run: bool) -> str:
    """A dry run makes no new file."""
    path = db.removeprefix(_FILE).partition("?")[0]
    return "memory://" if dry_run and db.startswith(_FILE) and not Path(path).exists() else db


def _put_report(
    kept: dict[str, str | None],
    numbers: dict[str, int],
    refused: list[Imported],
    rejected: Path | None,
    own: Language,
    *,
    dry_run: bool,
) -> None:
    delimiter = {",": "comma", "\t": "tab", ";": "semicolon"}.get(kept["delimiter"] or "")
    if delimiter is None:
        put(word("imported.sheet", own, sheet=kept["sheet"]))
    else:
        put(word("imported.csv", own, encoding=kept["encoding"], delimiter=word(delimiter, own)))
    put(word("imported.dry" if dry_run else "imported", own, **numbers))
    for each in refused[:MOST_TOLD]:
        reasons = word("between", own).join(fault.reason for fault in each.faults)
        put("  " + word("imported.refused", own, row=each.row.number, number=each.number, reason=reasons))
    if len(refused) > MOST_TOLD:
        put("  " + word("imported.more", own, count=len(refused) - MOST_TOLD))
    if refused and rejected:
        put(word("imported.rejected", own, file=rejected))


def _record(each: Imported) -> dict[str, object]:
    return {
        "row": each.row.number,
        "number": each.number,
        "faults": [fault._asdict() for fault in each.faults],
    }


@contextmanager
def _rejects(path: Path | None, table: OpenTable, language: Language) -> Iterator[Callable[[Imported], None]]:
    """Takes refused rows into a table that can be mended and imported again; without one there is no file."""
    if path is None:
        yield lambda _: None
        return
    extra = [word(f"column.rejected-{name}", language) for name in ("row", "column", "reason")]
    headings = [each for each in table.headings if each and each not in extra]
    files: list[IO[str]] = []

    def reject(each: Imported) -> None:
        if not files:
            files.append(path.open("w", encoding="utf-8", newline=""))
            files[0].write(BYTE_ORDER_MARK)
            csv.writer(files[0]).writerow([*map(guarded, headings), *extra])
        cells = [_cell(each.row.cells.get(name), language) for name in headings]
        columns = SEPARATORS[language].join(
            dict.fromkeys(fault.column for fault in each.faults if fault.column)
        )
        reasons = word("between", language).join(fault.reason for fault in each.faults)
        csv.writer(files[0]).writerow([*cells, str(each.row.number), guarded(columns), guarded(reasons)])

    try:
        yield reject
    finally:
        for file in files:
            file.close()


def _cell(cell: Cell, language: Language) -> str:
    """A cell as it was, so that the row can be imported again."""
    if cell is None or isinstance(cell, Flawed):
        return ""
    if isinstance(cell, datetime):
        return cell.isoformat(" ")
    if isinstance(cell, time):
        return cell.isoformat()
    told = cell_text(cell, language)
    return guarded(told) if isinstance(cell, str) else told


@contextmanager
def _progress(own: Language, *, hidden: bool) -> Iterator[Callable[[int], None]]:
    """A line that counts rows, where somebody watches."""
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=hidden or not console.is_terminal) as line:
        task = line.add_task("", total=None)
        yield lambda rows: line.update(task, description=word("imported.rows", own, count=rows))
