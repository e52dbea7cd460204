"""Invented cases of a shipped example, from their start to their end."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from partybuild_flow.analysis.simulation import BEGAN, Inventor, People, Simulated, simulate
from partybuild_flow.cli.demo_told import put_told, told_record
from partybuild_flow.cli.printing import put, put_json, put_table
from partybuild_flow.cli.records import verification_record
from partybuild_flow.cli.shipped import shipped
from partybuild_flow.cli.verify import put_verification
from partybuild_flow.cli.wording import word
from partybuild_flow.definition import Workflow
from partybuild_flow.engine import Engine
from partybuild_flow.engine.library import read_workflows
from partybuild_flow.messages import Language
from partybuild_flow.store import Verification

CASES: Final = 2_000
"""How many cases are invented where nothing is said."""

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


def examples() -> list[str]:
    """The names of the shipped examples."""
    return sorted(each.parent.name for each in shipped("examples").glob("*/workflow.yaml"))


def demo_cases(
    url: str, example: str, cases: int, seed: int, own: Language, spoken: Language | None, *, as_json: bool
) -> bool:
    """Run an example and tell about it; whether its journal is whole."""
    workflow = read_workflows(shipped(f"examples/{example}"))[0]
    outcome = _run(workflow, url, cases, seed, own, hidden=as_json)
    if as_json:
        put_json(_record(outcome, seed, spoken or workflow.language))
    else:
        _put_outcome(outcome, own, spoken or workflow.language)
    return not outcome.verification.broken


def _run(workflow: Workflow, url: str, cases: int, seed: int, own: Language, *, hidden: bool) -> Outcome:
    # Written down at one instant long after, so that the same seed gives the same digest.
    with Engine.open(url, workflows=workflow, clock=_long_after) as engine:
        began = time.perf_counter()
        with _progress(cases, own, hidden=hidden) as told:
            simulated = simulate(engine, Inventor(workflow, PEOPLE, seed), cases, progress=told)
        seconds = time.perf_counter() - began
        return Outcome(workflow, simulated, engine.verify(), seconds)


def _long_after() -> datetime:
    return BEGAN + timedelta(days=3_650)


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
        "acceptance": told_record(simulated.acceptance, language),
        "refusal": told_record(simulated.refusal, language),
        "verification": verification_record(outcome.verification),
    }


def _put_outcome(outcome: Outcome, own: Language, spoken: Language) -> None:
    simulated, states = outcome.simulated, outcome.workflow.states
    put(word("demo", own, cases=simulated.cases, workflow=outcome.workflow.name))
    put_told(simulated.acceptance, simulated.refusal, own, spoken)
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
