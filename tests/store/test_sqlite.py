"""What only a file can show: two openings, tampering, another version's format, a definition that changed."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from partybuild_flow import CaseChanged, Engine, StoreError
from tests.conftest import CLERK, HANDLER, RESIDENT, Clock
from tests.lifecycle import WORKFLOW, write_lifecycle

LOOK_UPS = {"open-complaints": lambda _: 0}
DATA = {"level": "street", "handling unit": "park/lake/works"}


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'cases.db'}"


def opened(url: str, lifecycle: Path, clock: Clock) -> Engine:
    return Engine.open(url, workflows=lifecycle, clock=clock, look_ups=LOOK_UPS)


def test_two_processes_see_each_others_events(url: str, lifecycle: Path, clock: Clock) -> None:
    with opened(url, lifecycle, clock) as one, opened(url, lifecycle, clock) as other:
        case = one.start("request", {"category": "help"}, by=RESIDENT).case
        other.send(case.id, "screen", DATA, by=CLERK)
        assert one.send(case.id, "sign", by=HANDLER).sequence == 3
        other.send(case.id, "remind", by=CLERK)
        assert one.send(case.id, "remind", by=CLERK).sequence == 5
        with pytest.raises(CaseChanged):
            other.send(case.id, "remind", by=CLERK, expected_revision=4)
        assert one.verify() == other.verify()


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        (
            "UPDATE entries SET body = replace(body, 'help', 'praise') WHERE sequence = 1",
            "entry 1 was changed",
        ),
        ("DELETE FROM entries WHERE sequence = 1", "entry 1 is missing"),
        ("DELETE FROM entries WHERE sequence = 2", "entries were cut off"),
        ("UPDATE cases SET state = 'closed'", "state or deadlines"),
        ("UPDATE cases SET data = replace(data, 'help', 'praise')", "data is not what its entries"),
        (
            "UPDATE personal SET value = '\"2\"' WHERE place = 'facts/phone'",
            "personal value at facts/phone was changed",
        ),
        ("DELETE FROM cases", "the case is gone"),
    ],
)
def test_verify_finds_what_was_tampered_with(
    url: str, lifecycle: Path, clock: Clock, tmp_path: Path, statement: str, found: str
) -> None:
    with opened(url, lifecycle, clock) as engine:
        case = engine.start("request", {"category": "help", "phone": "1"}, by=RESIDENT).case
        engine.send(case.id, "screen", DATA, by=CLERK)
        assert engine.verify().broken == ()
    with sqlite3.connect(tmp_path / "cases.db") as connection:
        assert connection.execute(statement).rowcount > 0
    connection.close()
    with opened(url, lifecycle, clock) as engine:
        broken = engine.verify().broken
    assert {identity for identity, _ in broken} == {case.id}
    assert found in broken[0][1]


def test_an_erased_personal_value_keeps_the_chain(
    url: str, lifecycle: Path, clock: Clock, tmp_path: Path
) -> None:
    with opened(url, lifecycle, clock) as engine:
        case = engine.start("request", {"category": "help", "phone": "13800000000"}, by=RESIDENT).case
    with sqlite3.connect(tmp_path / "cases.db") as connection:
        (body,) = connection.execute("SELECT body FROM entries").fetchone()
        connection.execute("DELETE FROM personal")
    connection.close()
    assert "13800000000" not in body
    with opened(url, lifecycle, clock) as engine:
        assert engine.verify().broken == ()
        assert engine.history(case.id)[0].facts["phone"] == "erased"


def test_a_running_case_keeps_the_definition_it_began_with(url: str, tmp_path: Path, clock: Clock) -> None:
    old = write_lifecycle(tmp_path / "old")
    new = write_lifecycle(tmp_path / "new")
    changed = WORKFLOW.replace(
        "by: {role: handler, at: handling unit}, to: working}", "by: leader, to: working}"
    )
    (new / "request" / "workflow.yaml").write_text(
        changed.replace("version: 1", "version: 2"), encoding="utf-8"
    )
    with opened(url, old, clock) as engine:
        case = engine.start("request", {"category": "help"}, by=RESIDENT).case
        engine.send(case.id, "screen", DATA, by=CLERK)
    with opened(url, new, clock) as engine:
        assert engine.send(case.id, "sign", by=HANDLER).target == "working"
        later = engine.start("request", {"category": "help"}, by=RESIDENT).case
        engine.send(later.id, "screen", DATA, by=CLERK)
        assert not engine.ask(later.id, "sign", by=HANDLER).accepted


def test_a_database_of_a_newer_format_is_refused(
    url: str, lifecycle: Path, clock: Clock, tmp_path: Path
) -> None:
    with sqlite3.connect(tmp_path / "cases.db") as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(StoreError, match="format 99"):
        opened(url, lifecycle, clock)


@pytest.mark.parametrize(
    "wrong", ["cases.db", "oracle://x", "sqlite:////nowhere/at/all/cases.db", "sqlite:///x?synchronous=no"]
)
def test_a_wrong_url_is_a_store_error(wrong: str, lifecycle: Path, clock: Clock) -> None:
    with pytest.raises(StoreError):
        opened(wrong, lifecycle, clock)


def test_a_file_that_is_no_database_is_a_store_error(lifecycle: Path, clock: Clock, tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("not a database at all" * 100)
    with pytest.raises(StoreError):
        opened(f"sqlite:///{tmp_path / 'text.db'}", lifecycle, clock)
