"""Callers that come at once share a transaction; each is durable before its call returns, and none fails for another."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any, NamedTuple

import pytest

from partybuild_flow import Engine
from partybuild_flow.case import Entry
from partybuild_flow.store.group import Asked
from partybuild_flow.store.sql_saving import SqlSaving
from tests.conftest import CLERK, RESIDENT, Clock
from tests.postgres import store_url

LOOK_UPS = {"open-complaints": lambda _: 0}
CALLERS = 24


class HeldUp(NamedTuple):
    """A store whose next write waits until it is told to go on; `groups` are how many were written together."""

    hold: Event
    begun: Event
    go_on: Event
    groups: list[int]


@pytest.fixture
def held_up(monkeypatch: pytest.MonkeyPatch) -> HeldUp:
    held = HeldUp(Event(), Event(), Event(), [])
    alone, together = SqlSaving._save_alone, SqlSaving._save_together

    def save_alone(self: SqlSaving, *asked: Any) -> tuple[Entry, ...]:
        if held.hold.is_set():
            held.hold.clear()
            held.begun.set()
            assert held.go_on.wait(30)
        return alone(self, *asked)

    def save_together(self: SqlSaving, group: Sequence[Asked]) -> Any:
        held.groups.append(len(group))
        return together(self, group)

    monkeypatch.setattr(SqlSaving, "_save_alone", save_alone)
    monkeypatch.setattr(SqlSaving, "_save_together", save_together)
    return held


@pytest.fixture(params=["sqlite", "postgres"])
def file(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    with store_url(request.param, tmp_path) as url:
        yield url


def opened(url: str, lifecycle: Path, clock: Clock) -> Engine:
    return Engine.open(url, lifecycle, clock=clock, look_ups=LOOK_UPS)


def at_once(engine: Engine, held: HeldUp, case_ids: Sequence[str]) -> list[Entry]:
    """A reminder for each of these cases, all of which come while the first one is being written."""
    with ThreadPoolExecutor(len(case_ids)) as pool:

        def remind(case_id: str) -> Future[Entry]:
            return pool.submit(engine.send, case_id, "remind", by=CLERK)

        held.hold.set()
        first = remind(case_ids[0])
        try:
            assert held.begun.wait(30)
            others = [remind(case_id) for case_id in case_ids[1:]]
            until = time.monotonic() + 30
            while len(engine._store._line._waiting) < len(others):  # type: ignore[attr-defined]
                assert time.monotonic() < until, "they do not come"
                time.sleep(0.01)
        finally:
            held.go_on.set()
        return [each.result() for each in (first, *others)]


def begun(engine: Engine, count: int) -> list[str]:
    cases = [engine.start("request", {"category": "help"}, by=RESIDENT).case.id for _ in range(count)]
    for case_id in cases:
        engine.send(case_id, "screen", {"level": "street", "handling unit": "park/lake/works"}, by=CLERK)
    return cases


def test_those_who_come_while_one_writes_share_the_next_transaction(
    file: str, lifecycle: Path, clock: Clock, held_up: HeldUp
) -> None:
    with opened(file, lifecycle, clock) as engine:
        entries = at_once(engine, held_up, begun(engine, CALLERS))
        assert held_up.groups == [CALLERS - 1]
        with opened(file, lifecycle, clock) as other:
            assert {each.id: each.head for each in other.cases()} == {
                each.case.id: each.hash for each in entries
            }
            assert other.verify().broken == ()


def test_events_of_one_case_in_a_group_happen_one_after_the_other(
    file: str, lifecycle: Path, clock: Clock, held_up: HeldUp
) -> None:
    with opened(file, lifecycle, clock) as engine:
        other, case = begun(engine, 2)
        entries = at_once(engine, held_up, [other, case, case, case])
        assert held_up.groups[0] == 3
        assert sorted(each.sequence for each in entries[1:]) == [3, 4, 5]
        assert engine.verify().broken == ()


def test_one_that_another_process_has_overtaken_does_not_fail_its_neighbours(
    file: str, lifecycle: Path, clock: Clock, held_up: HeldUp
) -> None:
    with opened(file, lifecycle, clock) as engine, opened(file, lifecycle, clock) as elsewhere:
        cases = begun(engine, 6)
        elsewhere.send(cases[3], "remind", by=CLERK)
        entries = at_once(engine, held_up, cases)
        assert held_up.groups == [5]
        assert [each.sequence for each in entries] == [3, 3, 3, 4, 3, 3]
        assert engine.verify().broken == ()


def test_a_writer_that_is_interrupted_leaves_its_neighbours_to_try_again(
    file: str, lifecycle: Path, clock: Clock, held_up: HeldUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit = SqlSaving._commit
    interrupted: list[bool] = []

    def interrupt(self: SqlSaving) -> None:
        if held_up.groups and not interrupted:
            interrupted.append(True)
            raise KeyboardInterrupt
        commit(self)

    monkeypatch.setattr(SqlSaving, "_commit", interrupt)
    with opened(file, lifecycle, clock) as engine:
        cases = begun(engine, 4)
        with pytest.raises(KeyboardInterrupt):
            at_once(engine, held_up, cases)
        happened = [len(engine.history(case_id)) for case_id in cases]
        assert sorted(happened) == [2, 3, 3, 3]
        assert engine.verify().broken == ()
