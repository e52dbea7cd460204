"""`pbflow demo`: an invented year of a district, or invented cases of a shipped example, in a SQLite file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from partybuild_flow.analysis.year import APPLICATIONS
from partybuild_flow.cli import options
from partybuild_flow.cli.demo_cases import CASES, demo_cases, examples
from partybuild_flow.cli.demo_year import demo_year
from partybuild_flow.cli.wording import language_of, own_language, word
from partybuild_flow.errors import FlowError
from partybuild_flow.messages import Language
from partybuild_flow.store import Query, open_store


def demo(
    cases: Annotated[
        int | None, typer.Option("--cases", min=1, max=1_000_000, metavar="N", show_default=False)
    ] = None,
    scale: Annotated[
        float | None, typer.Option("--scale", min=0.01, max=50, metavar="X", show_default=False)
    ] = None,
    seed: Annotated[int, typer.Option("--seed", metavar="N")] = 1,
    db: Annotated[str | None, typer.Option("--db", metavar="URL", show_default=False)] = None,
    workflow: Annotated[str | None, typer.Option("--workflow", metavar="NAME", show_default=False)] = None,
    as_json: options.Json = False,
    language: options.Language = None,
) -> None:
    """Live an invented year: a star round, secretaries' projects, action branches, requests of residents."""
    own = own_language(language)
    if scale is not None and (cases is not None or workflow is not None):
        raise typer.BadParameter(word("scale-alone", own), param_hint="--scale")
    if workflow is not None and workflow not in examples():
        told = word("no-example", own, written=workflow, examples=examples())
        raise typer.BadParameter(told, param_hint="--workflow")
    with _database(db, own) as url:
        if workflow is not None:
            whole = demo_cases(
                url, workflow, cases or CASES, seed, own, language_of(language), as_json=as_json
            )
        else:
            applications = cases or round(APPLICATIONS * (scale or 1))
            whole = demo_year(url, applications, seed, own, language_of(language), as_json=as_json)
    if not whole:
        raise typer.Exit(1)


@contextmanager
def _database(db: str | None, own: Language) -> Iterator[str]:
    """The URL of a database without cases: the one that is named, or a file that goes away."""
    with TemporaryDirectory() if db is None else nullcontext() as folder:
        url = db if db is not None else f"sqlite:///{Path(str(folder)) / 'cases.db'}?synchronous=normal"
        _must_be_empty(url, own)
        yield url


def _must_be_empty(url: str, own: Language) -> None:
    if url == "memory://":
        return
    store = open_store(url)
    try:
        if next(iter(store.cases(Query())), None) is not None:
            raise FlowError(word("not-empty", own, url=url))
    finally:
        store.close()
