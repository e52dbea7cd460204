"""What a command prints: sentences and tables for people, one JSON object for programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import typer

from partybuild_flow.cli.wording import plain
from partybuild_flow.feel import Term, term_text, text_of
from partybuild_flow.store.canonical import instant_text

WIDEST = 10_000
"""The width that tables may have: a terminal wraps whole lines better than a table folds its cells."""


def put(text: str, *, complaint: bool = False) -> None:
    """Print lines for people; complaints go to standard error. No character of them steers a terminal."""
    typer.echo("\n".join(plain(line) for line in text.split("\n")), err=complaint)


def put_json(data: Mapping[str, object]) -> None:
    """Print one JSON object on one line."""
    typer.echo(json_text(data))


def json_text(value: object) -> str:
    """A value as JSON: numbers with all their digits, instants in UTC, days and durations as ISO 8601 text."""
    if isinstance(value, Mapping):
        return (
            "{"
            + ", ".join(f"{json_text(str(name))}: {json_text(item)}" for name, item in value.items())
            + "}"
        )
    if isinstance(value, Term):
        return f'"{term_text(value)}"'
    if isinstance(value, list | tuple | set | frozenset):
        return "[" + ", ".join(json_text(item) for item in value) + "]"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return f'"{instant_text(value)}"'
    if isinstance(value, date | time):
        return f'"{value.isoformat()}"'
    if isinstance(value, timedelta):
        return f'"{_term_text(value)}"'
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    # Half a character, which a command line may hold, can only be told by its escape.
    return text.encode(errors="backslashreplace").decode()


def put_table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table, one line a row however wide: what stands in it is to be copied, and read by programs."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for heading in headings:
        table.add_column(Text(heading), no_wrap=True)
    for row in rows:
        table.add_row(*(Text(plain(cell)) for cell in row))
    console = Console(file=sys.stdout, width=WIDEST, highlight=False)
    with console.capture() as captured:
        console.print(table)
    lines = (line.rstrip() for line in captured.get().splitlines())
    typer.echo("\n".join(line for line in lines if line))


def _term_text(term: timedelta) -> str:
    return text_of(term).removeprefix("@").strip('"') if term else "PT0S"
