"""`pbflow demo`: the shipped example on invented cases, from their start to their end, in a SQLite file."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Final, NamedTuple

import typer

from partybuild_flow.analysis.simulation import BEGAN, Inventor, People, Simulated, simulate
from partybuild_flow.cli import options
from partybuild_flow.cli.printing import put, put_json, put_table
from partybuild_flow.cli.records import decision_record, verification_record
from partybuild_flow.cli.shipped import shipped
from partybuild_flow.cli.verify import put_verification
from partybuild_flow.cli.wording import language_of, own_language, word
from partybuild_flow.decide import Decision
from partybuild_flow.definition import Workflow
from partybuild_flow.engine import Engine
from partybuild_flow.engine.library import read_workflows
from partybuild_flow.errors import FlowError
from partybuild_flow.messages import Language
from partybuild_flow.store import Query, Verification, open_store

EXAMPLE: Final = "examples/helpdesk"
CASES: Final = 2_000

PEOPLE: Final = People(
    names=tuple(
        f"{first} {last}"
        for last in ("Amberley", "Birchwood", "Copperfield", "Dunmore", "Elderbrook")
        for first in ("Nora", "Felix", "Iris", "Oscar", "Thea", "Hugo")
    ),
    units=("help desk/north", "help desk/south", "help desk/east"),
)


class Outcome(NamedTuple):
    """A demo that has run: what came of it, how long it took, what the journal says."""

    workflow: Workflow
    simulated: Simulated
    verification: Verification
    seconds: float


def demo(
    cases: Annotated[int, typer.Option("--cases", min=1, max=1_000_000, metavar="N")] = CASES,
    seed: Annotated[int, typer.Option("--seed", metavar="N")] = 1,
    db: Annotated[str | None, typer.Option("--db", metavar="URL", show_default=False)] = None,
    as_json: options.Json = False,
    language: options.Language = None,
) -> None:
    """Run the shipped example on invented cases: events, decisions, journal, digest."""
    own = own_language(language)
    workflow = read_workflows(shipped(EXAMPLE))[0]
    spoken = language_of(language) or workflow.language
    with TemporaryDirectory() if db is None else nullcontext() as folder:
        url = db if db is not None else f"sqlite:///{Path(str(folder)) / 'cases.db'}?synchronous=normal"
        outcome = _run(workflow, url, cases, seed, own, hidden=as_json)
    if as_json:
        put_json(_record(outcome, seed, spoken))
    else:
        _put_outcome(outcome, own, spoken)
    if outcome.verification.broken:
        raise typer.Exit(1)


def _run(workflow: Workflow, url: str, cases: int, seed: int, own: Language, *, hidden: bool) -> Outcome:
    _must_be_empty(url, own)
    # Written down at one instant long after, so that the same seed gives the same digest.
    with Engine.open(url, workflows=workflow, clock=_long_after) as engine:
        began = time.perf_counter()
        with _progress(cases, own, hidden=hidden) as told:
            simulated = simulate(engine, Inventor(workflow, PEOPLE, seed), cases, progress=told)
        seconds = time.perf_counter() - began
        return Outcome(workflow, simulated, engine.verify(), seconds)


def _long_after() -> datetime:
    return BEGAN + timedelta(days=3_650)


def _must_be_empty(url: str, own: Language) -> None:
    if url == "memory://":
        return
    store = open_store(url)
    try:
        if next(iter(store.cases(Query())), None) is not None:
            raise FlowError(word("not-empty", own, url=url))
    finally:
        store.close()


@contextmanager
def _progress(cases: int, own: Language, *, hidden: bool) -> Iterator[Callable[[int], None]]:
    """A bar by cases, where somebody watches."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=hidden or not console.is_terminal) as bar:
        task = bar.add_task(word("living", own), total=cases)
        yield lambda done: bar.update(task, completed=done)


def _record(outcome: Outcome, seed: int, language: Language) -> dict[str, object]:
    simulated = outcome.simulated
    return {
        "workflow": outcome.workflow.id,
        "cases": simulated.cases,
        "seed": seed,
        "accepted": simulated.accepted,
        "refused": simulated.reasons,
        "states": _states(outcome),
        "seconds": round(outcome.seconds, 3),
        "events_per_second": round(_rate(outcome)),
        "acceptance": _told(simulated.acceptance, language),
        "refusal": _told(simulated.refusal, language),
        "verification": verification_record(outcome.verification),
    }


def _told(decision: Decision | None, language: Language) -> dict[str, object] | None:
    return None if decision is None else decision_record(decision, language)


def _put_outcome(outcome: Outcome, own: Language, spoken: Language) -> None:
    simulated, states = outcome.simulated, outcome.workflow.states
    put(word("demo", own, cases=simulated.cases, workflow=outcome.workflow.name))
    for code, decision in (("demo.acceptance", simulated.acceptance), ("demo.refusal", simulated.refusal)):
        if decision is not None:
            put("\n" + word(code, own))
            put("\n".join(f"  {line}" for line in decision.explain(spoken).split("\n")))
    put("")
    rows = [[states[state].name, str(count)] for state, count in _states(outcome).items()]
    put_table([word("column.state", own), word("column.cases", own)], rows)
    counts = {"accepted": simulated.accepted, "refused": simulated.refused, "clock": _by_clock(outcome)}
    put("\n" + word("demo.events", own, **counts))
    put(word("demo.rate", own, seconds=f"{outcome.seconds:.1f}", rate=f"{_rate(outcome):,.0f}"))
    put_verification(outcome.verification, own)


def _states(outcome: Outcome) -> dict[str, int]:
    """How many cases came to rest in each state, in the order of the definition."""
    found = outcome.simulated.states
    return {state: found[state] for state in outcome.workflow.states if state in found}


def _by_clock(outcome: Outcome) -> int:
    return outcome.verification.entries - outcome.simulated.accepted


def _rate(outcome: Outcome) -> float:
    """Events a second: all that were decided, accepted or refused, and those of the clock."""
    events = outcome.verification.entries + outcome.simulated.refused
    return events / outcome.seconds if outcome.seconds else 0.0
