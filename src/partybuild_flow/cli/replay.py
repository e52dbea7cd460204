"""`pbflow replay`: a real log sent through a definition."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from partybuild_flow.analysis.event_log import read_xes
from partybuild_flow.analysis.log_map import read_log_map
from partybuild_flow.analysis.replay import ReplayReport, replay
from partybuild_flow.cli import options
from partybuild_flow.cli.arguments import read_sets
from partybuild_flow.cli.printing import put, put_json
from partybuild_flow.cli.wording import language_of, own_language, plain, word
from partybuild_flow.engine import Engine
from partybuild_flow.engine.library import read_workflows
from partybuild_flow.messages import Language


def replay_log(
    log: Annotated[Path, typer.Argument(metavar="LOG", show_default=False)],
    workflow: Annotated[Path, typer.Option("--workflow", metavar="DIR", show_default=False)],
    map_file: Annotated[Path | None, typer.Option("--map", metavar="FILE", show_default=False)] = None,
    db: options.Database = "memory://",
    parameters: options.Parameters = None,
    as_json: options.Json = False,
    language: options.Language = None,
) -> None:
    """Send every event of an event log through a workflow and report what it refuses."""
    own = own_language(language)
    map_path = map_file or workflow / "log.yaml"
    for path, option in ((log, "LOG"), (map_path, "--map")):
        if not path.is_file():
            raise typer.BadParameter(word("no-such-file", own, file=path), param_hint=option)
    if not workflow.is_dir():
        raise typer.BadParameter(word("no-folder", own, folder=workflow), param_hint="--workflow")
    definition = read_workflows(workflow, read_sets(parameters, own))[0]
    log_map = read_log_map(map_path, definition)
    with Engine.open(db, workflows=definition) as engine, _progress(log, own, hidden=as_json) as told:
        traces = read_xes(log, progress=told, language=language_of(language) or own)
        report = replay(traces, definition, log_map, engine)
    if as_json:
        put_json(report.as_json())
    else:
        _put_report(report, own)


@contextmanager
def _progress(log: Path, own: Language, *, hidden: bool) -> Iterator[Callable[[int], None]]:
    """A bar by bytes read, where somebody watches."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=hidden or not console.is_terminal) as bar:
        task = bar.add_task(word("replaying", own), total=log.stat().st_size)
        yield lambda read: bar.update(task, completed=read)


def _put_report(report: ReplayReport, language: Language) -> None:
    rate = report.events / report.seconds if report.seconds else 0
    put(word("replayed", language, cases=report.cases, events=report.events, rate=f"{rate:,.0f}"))
    put(word("replayed.fitness", language, accepted=report.accepted, fitness=f"{report.fitness:.2%}"))
    for reason, count in report.refused.items():
        put("  " + word("replayed.refused", language, reason=reason, count=count))
    pairs = {"allowed": report.allowed_pairs, "pairs": report.pairs, "share": f"{report.allowed_share:.1%}"}
    put(word("replayed.pairs", language, **pairs))
    for transition in report.unused:
        put("  " + word("replayed.unused", language, transition=plain(transition)))
