"""Worklists of a SQLite store: what they find, and that finding four times as much takes about four times as long, not sixteen times."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from partybuild_flow import Engine, StoreError
from partybuild_flow.case import Case, Change, Entry, Running
from partybuild_flow.store import MemoryStore, Query, Store, open_store, sql
from tests.conftest import CLERK, RESIDENT, Clock

BEGAN = datetime(2022, 9, 30, 8, 0, tzinfo=UTC)
QUERIES = [
    Query(),
    Query(workflow="even"),
    Query(workflow="even", states=("open",)),
    Query(states=("open", "waiting")),
    Query(unit="park/1"),
    Query(unit="park"),
    Query(due_before=BEGAN + timedelta(hours=9)),
    Query("even", ("open", "closed"), "park", BEGAN + timedelta(hours=20)),
    Query(workflow="none"),
]


def change(number: int) -> Change:
    """The first entry of a case with deadlines, made up so that every query finds some and leaves some out."""
    due = BEGAN + timedelta(hours=number % 30)
    fired = number % 7 == 0
    deadlines = (
        Running("acting", BEGAN, due, fired, next_at=None if fired else due),
        Running("window", BEGAN, due + timedelta(hours=3), False),
    )
    case = Case(
        f"case-{number * 7919 % 10_007:06}",
        "even" if number % 2 == 0 else "odd",
        "d",
        ("open", "waiting", "closed")[number % 3],
        ("park", "park/1", "park/10", "Park/1", "park/1/a")[number % 5],
        1, {}, {}, deadlines if number % 4 else (), "u", BEGAN, "",
    )  # fmt: skip
    entry = Entry(
        case, "begin", 1, "", None, CLERK, BEGAN, "", case.state, {}, (), {}, (), (), "", (), case.deadlines
    )
    return Change(entry, (), frozenset())


def filled(store: Store, cases: int) -> Store:
    store.keep_definition("d", "even", 1, {})
    store.save([change(number) for number in range(cases)])
    return store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path / 'cases.db'}?synchronous=normal")
    yield opened
    opened.close()


@pytest.mark.parametrize("query", QUERIES)
def test_a_query_finds_in_a_file_what_it_finds_in_memory(
    store: Store, query: Query, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sql, "PAGE", 40)
    expected = [case._replace(head="") for case in filled(MemoryStore(), 120).cases(query)]
    assert [case._replace(head="") for case in filled(store, 120).cases(query)] == expected
    assert [case.id for case in expected] == sorted(case.id for case in expected)


def steps(tmp_path: Path, query: Query, cases: int) -> int:
    """How many hundred steps the database takes to find and read the cases of a query."""
    taken = [0]

    def count() -> int:
        taken[0] += 1
        return 0

    store = open_store(f"sqlite:///{tmp_path / f'{cases}.db'}?synchronous=normal")
    try:
        filled(store, cases)
        driver: sqlite3.Connection = store._driver  # type: ignore[attr-defined]
        driver.set_progress_handler(count, 100)
        assert sum(1 for _ in store.cases(query))
    finally:
        store.close()
    return taken[0]


@pytest.mark.parametrize("query", [each for each in QUERIES if each.workflow != "none"])
def test_four_times_as_many_cases_take_about_four_times_as_many_steps(
    tmp_path: Path, query: Query, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sql, "PAGE", 6)
    few, many = (steps(tmp_path, query, cases) for cases in (300, 1_200))
    assert many / few < 6


def test_a_case_that_changed_while_a_worklist_is_read_is_there_as_it_is_or_not_at_all(
    lifecycle: Path, tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sql, "PAGE", 1)
    with Engine.open(f"sqlite:///{tmp_path / 'cases.db'}", workflows=lifecycle, clock=clock) as engine:
        ids = [engine.start("request", {"category": "help"}, by=RESIDENT).case.id for _ in range(3)]
        found = engine._store.cases(Query(states=("registered",)))
        first = next(found).id
        data = {"level": "street", "handling unit": "park/lake/works"}
        engine.send(sorted(ids)[1], "screen", data, by=CLERK)
        assert [first, *(case.id for case in found)] == [sorted(ids)[0], sorted(ids)[2]]


def test_a_worklist_of_a_file_that_was_closed_is_an_error_of_the_store(store: Store) -> None:
    store.close()
    with pytest.raises(StoreError):
        list(store.cases(Query(workflow="even")))
