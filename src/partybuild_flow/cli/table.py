"""`pbflow table`: decision tables to spreadsheets and DMN, and back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from partybuild_flow.cli import options
from partybuild_flow.cli.printing import put, put_json
from partybuild_flow.cli.wording import own_language, word
from partybuild_flow.messages import SEPARATORS, Language
from partybuild_flow.reader.keywords import spelled

Exported = Annotated[Path, typer.Argument(metavar="TABLE", show_default=False)]
File = Annotated[Path, typer.Argument(metavar="FILE", show_default=False)]


def export_to_file(
    table: Exported,
    file: File,
    as_json: options.Json = False,
    language: options.Language = None,
) -> None:
    """Write a decision table as .csv, .xlsx or DMN."""
    from partybuild_flow.analysis.tables.exchange import export_table

    own = own_language(language)
    _hold_to_a_table(table, own, must_exist=True)
    found = export_table(table, file)
    told = {
        "table": found.table.text,
        "file": str(file),
        "rows": len(found.rows),
        "examples": len(found.examples),
    }
    if as_json:
        put_json({"exported": told})
    else:
        put(word("table.exported", own, **told))


def import_from_file(
    file: File,
    table: Exported,
    sheet: Annotated[str | None, typer.Option("--sheet", metavar="NAME", show_default=False)] = None,
    decision: Annotated[str | None, typer.Option("--decision", metavar="NAME", show_default=False)] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run")] = False,
    as_json: options.Json = False,
    language: options.Language = None,
) -> None:
    """Take a decision table from .csv, .xlsx or DMN into a workflow."""
    from partybuild_flow.analysis.tables.exchange import import_table

    own = own_language(language)
    if not file.is_file():
        raise typer.BadParameter(word("no-such-file", own, file=file), param_hint="FILE")
    _hold_to_a_table(table, own, must_exist=False)
    found = import_table(file, table, sheet=sheet, decision=decision, dry_run=dry_run, language=own)
    changed, added, removed, elsewhere = found.counted
    counts = {"changed": changed, "added": added, "removed": removed}
    if as_json:
        told = {"file": str(file), "table": str(table), "dry_run": dry_run}
        put_json({"imported": {**told, **counts, "elsewhere": list(elsewhere)}})
        return
    code = "table.same" if not found.counted else "table.would" if dry_run else "table.imported"
    put(word(code, own, file=table, **counts))
    if elsewhere:
        put(
            word("table.elsewhere", own, parts=SEPARATORS[own].join(spelled(each, own) for each in elsewhere))
        )


def _hold_to_a_table(table: Path, own: Language, *, must_exist: bool) -> None:
    fits = table.name.endswith(".table.yaml") and (table.parent / "workflow.yaml").is_file()
    if not fits or (must_exist and not table.is_file()):
        raise typer.BadParameter(word("no-table", own, file=table), param_hint="TABLE")
