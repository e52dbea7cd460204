"""Deadlines that a calendar counts, that stand still, recur and warn, and the sweep over all of them; on every store."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, timedelta
from pathlib import Path
from threading import Thread

import pytest

from partybuild_flow import Actor, CaughtUp, Engine, EventRefused
from partybuild_flow.calendar import Calendar
from partybuild_flow.store import Overdue
from tests.collecting import write
from tests.conftest import Clock
from tests.deadlines import (
    PLACE,
    PUBLISHED,
    SECRETARY,
    UNPUBLISHED,
    WORKER,
    at,
    journal,
    opened,
    running,
    told,
    write_workflow,
)


@pytest.fixture(scope="module")
def workflows(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_workflow(tmp_path_factory.mktemp("workflows"))


@pytest.fixture
def engine(url: str, workflows: Path, clock: Clock) -> Iterator[Engine]:
    clock.now = at("2022-09-28 10:00").astimezone(UTC)
    with opened(url, workflows, clock) as engine:
        yield engine


def again(before: Engine, url: str, workflows: Path, clock: Clock, calendar: Calendar) -> Engine:
    """Another engine over the same store, whose terms are counted on another calendar."""
    if url == "memory://":
        return Engine(before._store, workflows, clock=clock, calendars={"work": calendar})
    return opened(url, workflows, clock, calendar)


def move(clock: Clock, text: str) -> None:
    clock.now = at(text).astimezone(UTC)


def assigned(engine: Engine, **data: object) -> str:
    return engine.start("mend", data, by=SECRETARY, unit=PLACE).case.id


def test_working_days_are_counted_over_the_holidays(engine: Engine, clock: Clock) -> None:
    case = assigned(engine)
    assert told(running(engine, case, "mending").due_at) == "2022-10-11 00:00"
    assert not running(engine, case, "mending").provisional


def test_nothing_is_due_while_the_clock_stands_still(engine: Engine, clock: Clock) -> None:
    case = assigned(engine)
    move(clock, "2022-09-30 10:00")
    engine.send(case, "ask", by=WORKER)
    assert running(engine, case, "mending").due_at is None
    move(clock, "2022-10-20 10:00")
    assert engine.catch_up() == CaughtUp(refused=1)
    assert [each[0] for each in journal(engine, case)] == ["assign", "ask"]


def test_a_pause_over_a_weekend_adds_no_working_day(engine: Engine, clock: Clock) -> None:
    move(clock, "2022-10-10 10:00")
    case = assigned(engine)
    before = running(engine, case, "mending").due_at
    move(clock, "2022-10-15 10:00")
    engine.send(case, "ask", by=WORKER)
    move(clock, "2022-10-16 20:00")
    engine.send(case, "supply", by=WORKER)
    assert running(engine, case, "mending").due_at == before


def test_a_pause_of_no_length_is_none(engine: Engine, clock: Clock) -> None:
    case = assigned(engine)
    move(clock, "2022-09-29 10:00")
    engine.send(case, "ask", by=WORKER)
    engine.send(case, "supply", by=WORKER)
    assert running(engine, case, "mending").pauses == ()


def test_a_pause_moves_the_due_instant_by_the_working_days_that_it_took(engine: Engine, clock: Clock) -> None:
    case = assigned(engine)
    move(clock, "2022-09-30 10:00")
    engine.send(case, "ask", by=WORKER)
    move(clock, "2022-10-08 10:00")
    engine.send(case, "supply", by=WORKER)
    assert told(running(engine, case, "mending").due_at) == "2022-10-12 00:00"


def test_warnings_are_given_at_their_instants_to_those_who_are_named(engine: Engine, clock: Clock) -> None:
    case = assigned(engine)
    move(clock, "2022-10-10 12:00")
    assert engine.catch_up() == CaughtUp(warned=2)
    entries = engine.history(case)[1:]
    assert [(each.event, each.transition, told(each.occurred_at)) for each in entries] == [
        ("warn", 0, "2022-10-08 12:00"),
        ("warn", 0, "2022-10-10 00:00"),
    ]
    assert [(each.kind, each.to, each.text) for entry in entries for each in entry.effects] == [
        ("warn", "", "期限“整改”将于 2022-10-10 24:00 到期"),
        ("warn", "书记", "黄牌 0，2022-10-11 00:00 到期"),
    ]
    assert all(entry.source == entry.target for entry in entries)
    assert engine.catch_up() == CaughtUp()


def test_an_extension_moves_what_is_due_and_what_warns_of_it(engine: Engine, clock: Clock) -> None:
    case = assigned(engine)
    move(clock, "2022-10-10 12:00")
    engine.catch_up()
    engine.send(case, "extend", {"延期": "5 工作日"}, by=WORKER)
    assert told(running(engine, case, "mending").due_at) == "2022-10-18 00:00"
    move(clock, "2022-10-17 23:00")
    engine.catch_up()
    warned = [told(each.occurred_at) for each in engine.history(case) if each.event == "warn"]
    # Neither half of the longer term is over nor its last working day, so that both are warned of again.
    assert warned == ["2022-10-08 12:00", "2022-10-10 00:00", "2022-10-11 00:00", "2022-10-15 00:00"]


def test_a_recurring_deadline_fires_for_every_period_at_its_own_instant(engine: Engine, clock: Clock) -> None:
    case = assigned(engine, 走访=False)
    move(clock, "2022-12-05 23:59")
    engine.catch_up()
    missed = [told(each.occurred_at) for each in engine.history(case) if each.event == "unvisited"]
    # Three working days after the end of September and of October; those after November are not over yet.
    assert missed == ["2022-10-11 00:00", "2022-11-04 00:00"]
    assert told(running(engine, case, "visiting").due_at) == "2022-12-06 00:00"


def test_an_occurrence_that_is_refused_waits_until_the_next_one_takes_its_place(
    engine: Engine, clock: Clock
) -> None:
    case = assigned(engine, 走访=True)
    move(clock, "2022-10-20 10:00")
    assert engine.catch_up().refused == 1
    engine.send(case, "visit", {"走访": False}, by=WORKER)
    fired = [told(each.occurred_at) for each in engine.history(case) if each.event == "unvisited"]
    assert fired == ["2022-10-20 10:00"]
    engine.send(case, "visit", {"走访": True}, by=WORKER)
    move(clock, "2022-12-20 10:00")
    assert engine.catch_up().refused == 1
    engine.send(case, "visit", {"走访": False}, by=WORKER)
    fired = [told(each.occurred_at) for each in engine.history(case) if each.event == "unvisited"]
    assert fired == ["2022-10-20 10:00", "2022-12-20 10:00"]
    assert engine.verify().broken == ()


@pytest.mark.parametrize(
    ("moment", "heard"),
    [
        ("2022-10-11 16:59", True),
        ("2022-10-11 17:00", False),
        ("2022-10-11 17:01", False),
        ("2022-10-12 09:00", False),
    ],
)
def test_an_objection_is_heard_until_the_close_of_the_last_day_though_no_sweep_has_run(
    engine: Engine, clock: Clock, moment: str, heard: bool
) -> None:
    """Acceptance case S6, and S9: a publicity that begins on 28 September spans the National Day."""
    case = assigned(engine)
    engine.send(case, "publish", {"起日": "2022-09-29"}, by=SECRETARY)
    assert told(running(engine, case, "window").due_at) == "2022-10-10 17:00"
    engine.send(case, "object", by=WORKER)
    engine.send(case, "publish", {"起日": "2022-09-30"}, by=SECRETARY)
    assert told(running(engine, case, "window").due_at) == "2022-10-11 17:00"
    move(clock, moment)
    assert engine.ask(case, "object", by=WORKER).accepted is heard
    if not heard:
        with pytest.raises(EventRefused):
            engine.send(case, "object", by=WORKER)
        assert engine.catch_up().fired == 1
        assert engine.case(case).state == "closed"


def test_a_year_that_is_not_published_makes_what_is_due_in_it_provisional(
    url: str, workflows: Path, clock: Clock
) -> None:
    move(clock, "2022-12-28 10:00")
    with opened(url, workflows, clock, UNPUBLISHED) as engine:
        case = assigned(engine)
        other = assigned(engine)
        engine.send(other, "publish", {"起日": "2022-12-20"}, by=SECRETARY)
        assert running(engine, case, "mending").provisional
        assert told(running(engine, case, "mending").due_at) == "2023-01-05 00:00"
        assert engine.catch_up().recomputed == 0
    with again(engine, url, workflows, clock, PUBLISHED) as engine:
        done = engine.catch_up(batch=1)
        assert done.recomputed == 1
        after = running(engine, case, "mending")
        assert (told(after.due_at), after.provisional) == ("2023-01-06 00:00", False)
        entry = engine.history(case)[-1]
        assert (entry.event, entry.transition, entry.source, entry.target) == (
            "recompute",
            0,
            "整改中",
            "整改中",
        )
        assert engine.catch_up() == CaughtUp()
        assert engine.verify().broken == ()


def test_a_recount_that_was_interrupted_goes_on(url: str, workflows: Path, clock: Clock) -> None:
    move(clock, "2022-12-28 10:00")
    with opened(url, workflows, clock, UNPUBLISHED) as engine:
        cases = [assigned(engine) for _ in range(5)]

    def interrupt(done: CaughtUp) -> None:
        if done.recomputed == 4:
            raise KeyboardInterrupt

    with again(engine, url, workflows, clock, PUBLISHED) as engine:
        with pytest.raises(KeyboardInterrupt):
            engine.catch_up(batch=2, told=interrupt)
        assert engine.catch_up(batch=2).recomputed == 1
        for case in cases:
            assert [each.event for each in engine.history(case)] == ["assign", "recompute"]


def test_a_sweep_fires_in_the_order_of_the_instants_whatever_the_batch(engine: Engine, clock: Clock) -> None:
    cases: list[str] = []
    for day in ("28", "29", "28", "30"):
        move(clock, f"2022-09-{day} 1{len(cases)}:00")
        cases.append(assigned(engine, 走访=False))
    move(clock, "2022-11-30 10:00")
    seen: list[CaughtUp] = []
    done = engine.catch_up(batch=3, told=seen.append)
    assert (done.fired, done.warned) == (12, 8)
    assert len(seen) > 3
    for case in cases:
        occurred = [each.occurred_at for each in engine.history(case)]
        assert occurred == sorted(occurred)
    assert engine.catch_up() == CaughtUp()
    assert engine.verify().broken == ()


def test_a_sweep_that_was_interrupted_loses_and_repeats_nothing(engine: Engine, clock: Clock) -> None:
    cases = [assigned(engine) for _ in range(7)]
    move(clock, "2022-10-12 10:00")

    def interrupt(done: CaughtUp) -> None:
        raise KeyboardInterrupt

    for _ in range(3):
        with pytest.raises(KeyboardInterrupt):
            engine.catch_up(batch=2, told=interrupt)
    engine.catch_up(batch=2)
    for case in cases:
        assert [each.event for each in engine.history(case)] == ["assign", "warn", "warn", "overdue"]


def test_a_sweep_up_to_an_instant_leaves_what_comes_later(engine: Engine, clock: Clock) -> None:
    case = assigned(engine)
    move(clock, "2022-10-20 10:00")
    assert engine.catch_up(at("2022-10-08 12:00")) == CaughtUp(warned=1)
    assert [each.event for each in engine.history(case)] == ["assign", "warn"]
    assert engine.history(case)[-1].recorded_at == clock.now


def test_overdue_cases_are_found_by_instant_and_id_page_by_page(engine: Engine, clock: Clock) -> None:
    cases = [assigned(engine) for _ in range(3)]
    store = engine._store
    due = at("2022-10-08 12:00").astimezone(UTC)
    assert store.overdue(due - timedelta(microseconds=1), None, 9) == []
    first = store.overdue(due, None, 2)
    assert first == [Overdue(due, cases[0]), Overdue(due, cases[1])]
    assert store.overdue(due, first[-1], 2) == [Overdue(due, cases[2])]


def test_open_cases_are_those_of_the_definitions_with_a_deadline_to_come(
    engine: Engine, clock: Clock
) -> None:
    cases = [assigned(engine) for _ in range(3)]
    store = engine._store
    definition = engine.case(cases[0]).definition
    engine.send(cases[1], "publish", {"起日": "2022-09-28"}, by=SECRETARY)
    assert store.open_cases([definition], "", 9) == cases
    assert store.open_cases([definition], cases[0], 1) == [cases[1]]
    assert store.open_cases(["another"], "", 9) == []
    move(clock, "2022-10-20 10:00")
    engine.catch_up()
    assert store.open_cases([definition], "", 9) == [cases[0], cases[2]]


def test_a_note_is_kept_until_the_next_one(engine: Engine) -> None:
    store = engine._store
    assert store.note("n") is None
    store.keep_note("n", "one")
    store.keep_note("n", "two")
    assert store.note("n") == "two"


def test_two_sweeps_and_a_sender_at_once_do_everything_once(
    tmp_path: Path, workflows: Path, clock: Clock
) -> None:
    url = f"sqlite:///{tmp_path / 'both.db'}?synchronous=normal"
    move(clock, "2022-09-28 10:00")
    done: list[CaughtUp] = []
    with opened(url, workflows, clock) as one, opened(url, workflows, clock) as other:
        cases = [assigned(one) for _ in range(40)]
        move(clock, "2022-10-12 10:00")

        def send() -> None:
            for case in reversed(cases):
                other.send(case, "visit", {"走访": True}, by=WORKER)

        threads = [
            Thread(target=lambda each=each: done.append(each.catch_up(batch=7))) for each in (one, other)
        ]
        threads.append(Thread(target=send))
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for case in cases:
            events = [each.event for each in one.history(case)]
            assert events == ["assign", "warn", "warn", "overdue", "visit"]
        assert sum(each.fired for each in done) <= len(cases)
        assert one.catch_up().fired == 0
        assert one.verify().broken == ()


BELL = """\
workflow: bell
roles: [guest]
fields: {rung: {type: integer}}
states: {quiet: {}, ringing: {}, answered: {final: true}}
transitions:
  - {on: come, by: guest, set: {rung: '0'}, to: quiet}
  - {on: press, from: quiet, by: guest, to: ringing}
  - {on: ring, from: ringing, by: clock, set: {rung: rung + 1}, to: answered}
deadlines:
  at-once: {while: ringing, due: 0 minutes, fire: ring}
"""


def test_what_is_due_at_once_happens_in_the_same_call(url: str, tmp_path: Path, clock: Clock) -> None:
    guest = Actor("guest", [("guest", "")])
    with Engine.open(url, workflows=write(tmp_path / "bells", bell=BELL), clock=clock) as engine:
        case = engine.start("bell", {}, by=guest, unit="").case
        assert engine.send(case.id, "press", by=guest).target == "ringing"
        assert [each.event for each in engine.history(case.id)] == ["come", "press", "ring"]
        assert engine.case(case.id).data["rung"] == 1
