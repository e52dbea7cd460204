"""Lives played on any program: the floor, a peer or the engine, all called the same way."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks import floor
from benchmarks.lives import LIFECYCLE, Clock, Life, Step
from benchmarks.measure import Prepare, Sections
from partybuild_flow import Engine
from partybuild_flow.case import Entry
from partybuild_flow.errors import EventRefused

Refused = (floor.RefusedError, EventRefused)


class Desk(NamedTuple):
    """A program as the benchmarks call it; `journal` gives the comparable entries of a case."""

    clock: Clock
    start: Callable[..., Any]
    send: Callable[..., Any]
    case_of: Callable[[Any], str]
    journal: Callable[[str], Sequence[floor.Entry]]


def written_desk(make: Callable[[Callable[[], datetime]], Any]) -> Desk:
    """The floor or a peer."""
    clock = Clock()
    desk = make(clock)

    def journal(case_id: str) -> Sequence[floor.Entry]:
        return [entry for entry in desk.journal if entry.case == case_id]

    return Desk(clock, desk.start, desk.send, _case_of_floor, journal)


def engine_desk(engine: Engine, clock: Clock) -> Desk:
    """The engine, whose clock this is."""
    return Desk(
        clock,
        partial(engine.start, "grant"),
        engine.send,
        _case_of_engine,
        lambda case_id: comparable(engine.history(case_id)),
    )


def open_engine(url: str, clock: Clock, workflows: Path = LIFECYCLE) -> Engine:
    """An engine over the lifecycle."""
    return Engine.open(url, workflows=workflows, clock=clock)


def comparable(entries: Sequence[Entry]) -> list[floor.Entry]:
    """The engine's entries in the form of the floor's, which says the same in its own words."""
    found = []
    due_at: datetime | None = None
    for entry in entries:
        if entry.deadlines is not None:
            due_at = entry.deadlines[0].due_at if entry.deadlines else None
        found.append(
            floor.Entry(
                entry.case.id,
                entry.sequence,
                entry.event,
                entry.transition,
                entry.outcome,
                entry.actor,
                ", ".join(entry.standing),
                entry.occurred_at,
                entry.recorded_at or entry.occurred_at,
                entry.source,
                entry.target,
                dict(entry.facts),
                entry.inputs,
                dict(entry.settings),
                tuple((fired.rules, fired.rule) for fired in entry.fired),
                due_at,
            )
        )
    return found


def played(desk: Desk, lives: Sequence[Life]) -> list[object]:
    """All that came of the lives: the journal of each case without its id, and which events were refused."""
    outcome: list[object] = []
    for life in lives:
        refused: list[int] = []
        case_id = ""
        for number, step in enumerate(life):
            desk.clock.advance(step.hours)
            try:
                if number == 0:
                    case_id = desk.case_of(desk.start(step.data, by=step.by))
                else:
                    desk.send(case_id, step.event, step.data, by=step.by)
            except Refused:
                refused.append(number)
                if number == 0:
                    break
        entries = desk.journal(case_id) if case_id else []
        told = [entry._replace(case="", inputs=tuple(sorted(entry.inputs))) for entry in entries]
        outcome.append((refused, told))
    return outcome


def require_equal(outcomes: Mapping[str, Sequence[object]]) -> None:
    """Raises AssertionError with the first difference unless all programs made the same of the same lives."""
    (first, expected), *others = outcomes.items()
    for name, found in others:
        for life, (theirs, ours) in enumerate(zip(expected, found, strict=True)):
            if theirs != ours:
                raise AssertionError(f"life {life} differs\n{first}: {theirs}\n{name}: {ours}")


def sections(desk: Desk, lives: Sequence[Life]) -> Sections:
    """Two timed sections: all cases begin, then each takes its other events, one case after the other."""
    begun: list[Any] = []
    start, send, case_of = desk.start, desk.send, desk.case_of
    firsts = [life[0] for life in lives]
    others: list[tuple[Step, ...]] = [life[1:] for life in lives]

    def starts() -> None:
        begun.extend([start(first.data, by=first.by) for first in firsts])

    def sends() -> None:
        for entry, steps in zip(begun, others, strict=True):
            case_id = case_of(entry)
            for step in steps:
                send(case_id, step.event, step.data, by=step.by)

    return {"starts": starts, "sends": sends}


def preparing(make: Callable[[], Desk], lives: Sequence[Life]) -> Prepare:
    """The sections on a new program each round."""
    return lambda: sections(make(), lives)


def _case_of_floor(entry: floor.Entry) -> str:
    return entry.case


def _case_of_engine(entry: Entry) -> str:
    return entry.case.id
