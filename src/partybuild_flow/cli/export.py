"""`pbflow export`: cases and their journals as an event log, as CSV for spreadsheets, as lines of JSON."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from io import TextIOWrapper
from pathlib import Path
from typing import IO, Annotated, Literal

import typer

from partybuild_flow.analysis.exporting import (
    Told,
    without_hidden_people,
    write_cases,
    write_entries,
    write_xes,
)
from partybuild_flow.case import Actor
from partybuild_flow.cli import options
from partybuild_flow.cli.arguments import read_actor, read_day
from partybuild_flow.cli.opening import open_with_workflows
from partybuild_flow.cli.printing import json_text, put
from partybuild_flow.cli.records import case_record, entry_record
from partybuild_flow.cli.wording import own_language, word
from partybuild_flow.engine import Engine
from partybuild_flow.facts import home_date
from partybuild_flow.facts.masking import STRANGER


def export(
    form: Annotated[Literal["xes", "csv", "jsonl"], typer.Option("--format", show_default=False)],
    out: Annotated[Path | None, typer.Option("--out", "-o", metavar="FILE", show_default=False)] = None,
    rows: Annotated[Literal["cases", "entries"], typer.Option("--rows")] = "cases",
    workflow: Annotated[str | None, typer.Option("--workflow", metavar="NAME")] = None,
    state: Annotated[str | None, typer.Option("--state", metavar="STATE")] = None,
    unit: Annotated[str | None, typer.Option("--unit", metavar="UNIT")] = None,
    begins: Annotated[str | None, typer.Option("--from", metavar="DAY")] = None,
    ends: Annotated[str | None, typer.Option("--to", metavar="DAY")] = None,
    by: options.Reader = None,
    db: options.Database = options.DATABASE,
    workflows: options.Workflows = options.WORKFLOWS,
    language: options.Language = None,
) -> None:
    """Write cases with their journals for other programs, masked for the reader of --by."""
    own = own_language(language)
    # Whoever does not say who he is gets what anybody may have.
    reader = read_actor(by, own) if by else STRANGER
    days = (read_day(begins, "--from", own), read_day(ends, "--to", own))
    with open_with_workflows(db, workflows, own, must_exist=True) as engine, _opened(out) as file:
        found = engine.cases(workflow=workflow, state=state, unit=unit, by=reader)
        cases = _told(engine, [each.id for each in found], reader, days)
        if form == "xes":
            count = write_xes(cases, file)
        elif form == "jsonl":
            count = _write_lines(cases, file)
        elif rows == "entries":
            count = write_entries(cases, file, own)
        else:
            count = write_cases(list(cases), file, own)
    if out is not None:
        put(word("exported", own, count=count, file=out))


def _told(
    engine: Engine, ids: list[str], reader: Actor, days: tuple[date | None, date | None]
) -> Iterator[Told]:
    """The cases that began within some days, as the reader sees them."""
    for each in ids:
        entries = engine.history(each, by=reader)
        began = home_date(entries[0].occurred_at)
        if (days[0] and began < days[0]) or (days[1] and began > days[1]):
            continue
        case = engine.case(each, by=reader)
        told = Told(engine.workflow_of(case), case, entries)
        yield without_hidden_people(told, engine.case(each), named=reader is not STRANGER)


def _write_lines(cases: Iterator[Told], file: IO[str]) -> int:
    count = 0
    for _, case, entries in cases:
        record = case_record(case) | {"entries": [entry_record(each) for each in entries]}
        file.write(f"{json_text(record)}\n")
        count += 1
    return count


@contextmanager
def _opened(out: Path | None) -> Iterator[IO[str]]:
    if out is not None:
        with out.open("w", encoding="utf-8", newline="") as file:
            yield file
        return
    stream = TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline="", write_through=True)
    try:
        yield stream
    finally:
        stream.detach()
