"""What only a server can do to a store: it goes away, and comes back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from partybuild_flow import Actor, Engine, StoreError
from partybuild_flow.store.sql_saving import SqlSaving
from tests.collecting import write
from tests.conftest import CLERK, RESIDENT, Clock
from tests.postgres import schema

LOOK_UPS = {"open-complaints": lambda _: 0}
SCREENED = {"level": "street", "handling unit": "park/lake/works"}


@pytest.fixture
def url() -> Iterator[str]:
    with schema() as found:
        yield found


@pytest.fixture
def engine(url: str, lifecycle: Path, clock: Clock) -> Iterator[Engine]:
    with Engine.open(url, lifecycle, clock=clock, look_ups=LOOK_UPS) as opened:
        yield opened


def end_connection(engine: Engine, url: str) -> None:
    """The server ends the connection of a store, as a restart would."""
    import psycopg

    pid = engine._store._driver._connection.info.backend_pid  # type: ignore[attr-defined]
    with psycopg.connect(url, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s)", (pid,))
        while other.execute("SELECT 1 FROM pg_stat_activity WHERE pid = %s", (pid,)).fetchone():
            pass


def test_a_read_goes_on_over_a_new_connection(engine: Engine, url: str) -> None:
    case = engine.start("request", {"category": "help"}, by=RESIDENT).case
    end_connection(engine, url)
    assert [each.event for each in engine.history(case.id)] == ["report"]


def test_an_event_is_written_once_when_the_connection_was_lost_before_it(engine: Engine, url: str) -> None:
    case = engine.start("request", {"category": "help"}, by=RESIDENT).case
    end_connection(engine, url)
    engine.send(case.id, "screen", SCREENED, by=CLERK)
    end_connection(engine, url)
    engine.start("request", {"category": "help"}, by=RESIDENT)
    assert [each.event for each in engine.history(case.id)] == ["report", "screen"]
    assert engine.verify().broken == ()


@pytest.mark.parametrize("committed", [False, True])
def test_an_event_is_written_once_when_the_connection_is_lost_at_its_commit(
    engine: Engine, url: str, monkeypatch: pytest.MonkeyPatch, *, committed: bool
) -> None:
    case = engine.start("request", {"category": "help", "phone": "1"}, by=RESIDENT).case
    commit = SqlSaving._commit
    lost: list[bool] = []

    def lose(self: Any) -> None:
        if not lost:
            lost.append(True)
            if committed:
                commit(self)
                end_connection(engine, url)
                self._driver.execute("SELECT 1")
                self._driver.execute("BEGIN")
                end_connection(engine, url)
            else:
                end_connection(engine, url)
        commit(self)

    monkeypatch.setattr(SqlSaving, "_commit", lose)
    entry = engine.send(case.id, "screen", SCREENED, by=CLERK)
    assert lost
    kept = engine.history(case.id)
    assert [(each.event, each.hash) for each in kept][1:] == [("screen", entry.hash)]
    assert engine.verify().broken == ()


def test_a_server_that_stays_away_is_a_store_error_and_nothing_is_written(
    engine: Engine, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    import psycopg

    case = engine.start("request", {"category": "help"}, by=RESIDENT).case
    driver = engine._store._driver  # type: ignore[attr-defined]
    connect = driver._connect

    def refuse() -> Any:
        raise psycopg.OperationalError("connection refused")

    driver._connect = refuse
    end_connection(engine, url)
    with pytest.raises(StoreError, match="connection refused"):
        engine.send(case.id, "screen", SCREENED, by=CLERK)
    driver._connect = connect
    assert engine.send(case.id, "screen", SCREENED, by=CLERK).sequence == 2
    assert engine.verify().broken == ()


def test_a_server_that_is_not_there_is_a_store_error(lifecycle: Path, clock: Clock) -> None:
    with pytest.raises(StoreError, match="the database could not be read"):
        Engine.open("postgresql://nobody@127.0.0.1:1/nothing", lifecycle, clock=clock)


def test_errors_quote_no_values(engine: Engine, url: str) -> None:
    import psycopg

    case = engine.start("request", {"category": "help", "phone": "13800000000"}, by=RESIDENT).case
    with psycopg.connect(url, autocommit=True) as other:
        other.execute("ALTER TABLE personal ADD CONSTRAINT none CHECK (value = '')  NOT VALID")
    with pytest.raises(StoreError) as refused:
        engine.start("request", {"category": "help", "phone": "13900000000"}, by=RESIDENT)
    assert "13900000000" not in str(refused.value)
    assert engine.case(case.id).revision == 1


NOTE = """\
workflow: note
roles: [clerk]
fields: {count: {type: integer}}
states: {open: {}, closed: {final: true}}
transitions:
  - {on: begin, by: clerk, set: {count: '0'}, to: open}
  - {on: add, from: open, by: clerk, set: {count: count + 1}, to: open}
  - {on: close, from: open, by: clerk, to: closed}
"""


def test_an_event_of_one_statement_happens_once_when_its_answer_is_lost(
    url: str, tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    import psycopg

    from partybuild_flow.store.postgres import PostgresDriver

    clerk = Actor("clerk", [("clerk", "")])
    lost: list[bool] = []
    executed = PostgresDriver._executed

    def lose_the_answer(self: Any, statement: str, values: Any) -> Any:
        found = executed(self, statement, values)
        if statement.startswith("WITH changed") and not lost:
            lost.append(True)
            self._connection.close()
            raise psycopg.OperationalError("the connection is lost")
        return found

    monkeypatch.setattr(PostgresDriver, "_executed", lose_the_answer)
    with Engine.open(url, write(tmp_path / "workflows", note=NOTE), clock=clock) as opened:
        case = opened.start("note", {}, by=clerk, unit="").case
        entry = opened.send(case.id, "add", by=clerk)
        assert lost
        assert [each.hash for each in opened.history(case.id)][1:] == [entry.hash]
        assert opened.case(case.id).data["count"] == 1
        assert opened.verify().broken == ()
