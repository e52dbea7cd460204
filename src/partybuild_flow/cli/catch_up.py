"""`pbflow catch-up`: what is overdue in all cases, done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from partybuild_flow.cli import options
from partybuild_flow.cli.arguments import read_instant
from partybuild_flow.cli.opening import open_for_cases
from partybuild_flow.cli.printing import put, put_json
from partybuild_flow.cli.wording import own_language, word
from partybuild_flow.engine import CaughtUp
from partybuild_flow.messages import Language


def catch_up(
    now: options.Now = None,
    db: options.Database = options.DATABASE,
    workflows: options.Workflows = options.WORKFLOWS,
    batch: Annotated[int, typer.Option("--batch", min=1, metavar="N")] = 500,
    as_json: options.Json = False,
    language: options.Language = None,
) -> None:
    """Fire what is overdue in all cases, and count deadlines anew after a calendar changed."""
    own = own_language(language)
    at = read_instant(now, "--now", own)
    with open_for_cases(db, own, workflows) as engine, _progress(own, hidden=as_json) as told:
        done = engine.catch_up(at, batch=batch, told=told)
    if as_json:
        put_json({"caught_up": done._asdict()})
    else:
        put(word("caught-up", own, **done._asdict()))


@contextmanager
def _progress(own: Language, *, hidden: bool) -> Iterator[Callable[[CaughtUp], None]]:
    """A line that counts, where somebody watches: how much is to be done is known only at the end."""
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=hidden or not console.is_terminal) as line:
        task = line.add_task("", total=None)
        yield lambda done: line.update(task, description=word("caught-up", own, **done._asdict()))
