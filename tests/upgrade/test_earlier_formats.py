"""Files that earlier versions wrote go on: `format_*.sql` hold the whole of one each, as the schema of its time made it."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from partybuild_flow import CaughtUp, Engine, StoreError
from partybuild_flow.store.schema import FORMAT
from tests.conftest import CLERK, HANDLER, LEADER, Clock

HERE = Path(__file__).parent


@pytest.fixture(params=sorted(each.stem for each in HERE.glob("format_*.sql")))
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    connection = sqlite3.connect(tmp_path / "cases.db")
    connection.executescript((HERE / f"{request.param}.sql").read_text(encoding="utf-8"))
    connection.close()
    return f"sqlite:///{tmp_path / 'cases.db'}"


def opened(url: str, lifecycle: Path, clock: Clock) -> Engine:
    return Engine.open(url, lifecycle, clock=clock, look_ups={"open-complaints": lambda _: 0})


def test_its_journal_is_whole_and_gives_its_cases_again(url: str, lifecycle: Path, clock: Clock) -> None:
    with opened(url, lifecycle, clock) as engine:
        assert engine.verify().broken == ()
        for case in engine.cases():
            assert engine.history(case.id)[-1].case == case


def test_its_cases_go_on_and_what_is_overdue_fires_at_its_instant(
    url: str, lifecycle: Path, clock: Clock
) -> None:
    clock.pass_hours(100)
    with opened(url, lifecycle, clock) as engine:
        assert engine.catch_up() == CaughtUp(fired=1)
        entries = engine.history("case-1")
        assert (entries[-1].event, entries[-1].occurred_at) == (
            "expire",
            entries[1].occurred_at + timedelta(hours=48),
        )
        assert engine.catch_up() == CaughtUp()
        engine.send("case-1", "sign", by=HANDLER)
        assert engine.send("case-1", "close", {"score": 90}, by=LEADER).case.state == "closed"
        assert not engine.ask("case-2", "reopen", by=CLERK).accepted
        assert engine.verify().broken == ()


def test_it_is_brought_to_the_present_format_once(
    url: str, lifecycle: Path, clock: Clock, tmp_path: Path
) -> None:
    for _ in range(2):
        with opened(url, lifecycle, clock):
            pass
    connection = sqlite3.connect(tmp_path / "cases.db")
    assert connection.execute("PRAGMA user_version").fetchone() == (FORMAT,)
    indexes = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'index'")}
    connection.close()
    assert {"deadlines_by_next", "deadlines_by_due"} <= indexes


def test_it_has_the_columns_and_indexes_of_a_new_file(
    url: str, lifecycle: Path, clock: Clock, tmp_path: Path
) -> None:
    other = f"sqlite:///{tmp_path / 'new.db'}"
    for each in (url, other):
        with opened(each, lifecycle, clock):
            pass
    found = []
    for name in ("cases.db", "new.db"):
        connection = sqlite3.connect(tmp_path / name)
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        columns = {
            table: [row[1:3] for row in connection.execute(f"PRAGMA table_info({table})")] for table in tables
        }
        indexes = {
            row[0]: " ".join(row[1].split())
            for row in connection.execute(
                "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql NOT NULL"
            )
        }
        found.append((columns, indexes))
        connection.close()
    assert found[0] == found[1]


def test_a_file_of_a_format_to_come_is_refused(
    url: str, lifecycle: Path, clock: Clock, tmp_path: Path
) -> None:
    connection = sqlite3.connect(tmp_path / "cases.db")
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(StoreError, match="format 99"):
        opened(url, lifecycle, clock)
