"""Whoever asks or looks changes nothing: not a byte of the file, whatever is overdue or would follow."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from partybuild_flow import Actor, Engine
from tests.collecting import JUDGES, OFFICER, PANEL, convened, write
from tests.conftest import Clock
from tests.contest import CONTEST, HOST, begun, handed_in, write_contest

OVERDUE = CONTEST.replace(
    "  - {on: remind, from: open, by: host, effects: [{send: remind, to: entries}]}\n",
    "  - {on: remind, from: open, by: [host, clock], effects: [{send: remind, to: entries},"
    " {start: entry, with: {contest: this case, team: title}}]}\n"
    "deadlines:\n  reminding: {while: open, due: 5 hours, fire: remind}\n",
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "cases.db"


@pytest.fixture
def engine(file: Path, tmp_path: Path, clock: Clock) -> Iterator[Engine]:
    workflows = write_contest(write(tmp_path / "workflows", panel=PANEL), contest=OVERDUE)
    with Engine.open(f"sqlite:///{file}?synchronous=normal", workflows=workflows, clock=clock) as opened:
        yield opened


def asked(engine: Engine, case_id: str, *actors: Actor) -> None:
    """Everything that can be asked about a case, by everybody."""
    workflow = engine.workflow_of(engine.case(case_id))
    for actor in actors:
        engine.possible(case_id, by=actor)
        for event in (*workflow.events, "no such event"):
            engine.ask(case_id, event, {"mark": "1", "group": "a", "score": 1}, by=actor).explain()
            engine.ask(case_id, event, by=actor).explain("en")
        engine.case(case_id, by=actor)
        engine.history(case_id, by=actor)
        engine.marks(case_id, by=actor)
        engine.sent(case_id, by=actor)
    engine.cases(by=actors[0])
    engine.verify()


def unchanged(file: Path, during: Callable[[], None]) -> bool:
    """Whether nobody else wrote to a file meanwhile."""
    with closing(sqlite3.connect(file)) as connection:
        version = "PRAGMA data_version"
        before = connection.execute(version).fetchone()
        during()
        return bool(connection.execute(version).fetchone() == before)


def test_asking_writes_nothing_where_deadlines_are_overdue_and_events_would_be_sent(
    engine: Engine, file: Path, clock: Clock
) -> None:
    parent, (red, _) = begun(engine, ["red", "blue"])
    handed_in(engine, red, 90)
    clock.pass_hours(6)
    assert unchanged(file, lambda: asked(engine, parent, HOST))
    assert unchanged(file, lambda: asked(engine, red, HOST))
    assert engine.ask(parent, "count", by=HOST).case.revision == 2
    assert engine.case(parent).revision == 1
    assert not unchanged(file, lambda: engine.catch_up() and None)


def test_asking_writes_nothing_where_marks_would_become_complete(
    engine: Engine, file: Path, clock: Clock
) -> None:
    case_id = convened(engine, 3)
    for judge in JUDGES[:2]:
        engine.send(case_id, "give", {"mark": "80"}, by=judge)
    assert unchanged(file, lambda: asked(engine, case_id, *JUDGES[:4], OFFICER))
    clock.pass_hours(80)
    assert unchanged(file, lambda: asked(engine, case_id, *JUDGES[:4], OFFICER))
    assert engine.case(case_id).revision == 3


def test_asking_by_another_process_that_has_no_files_writes_nothing(engine: Engine, file: Path) -> None:
    parent, (red, _) = begun(engine, ["red", "blue"])
    with Engine.open(f"sqlite:///{file}", workflows=()) as other:
        assert unchanged(file, lambda: asked(other, parent, HOST))
        assert unchanged(file, lambda: asked(other, red, HOST))
