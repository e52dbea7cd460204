"""When deadlines are due and the clock acts next, without and with a calendar; what a calendar's own tests say of terms is not repeated."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from partybuild_flow import Actor, Engine
from partybuild_flow.case import Running
from partybuild_flow.facts.timing import deadline_in_full, deadline_value, period_end
from partybuild_flow.feel import Term
from tests.conftest import Clock
from tests.deadlines import PUBLISHED, at, told
from tests.leave import LEAVE, read

NOON = datetime(2022, 10, 10, 4, tzinfo=UTC)
CLERK = Actor("c", [("clerk", "park")])
HEAD = Actor("h", [("head", "park")])


def engine_with(deadline: str, clock: Clock, *, calendar: bool = True) -> Engine:
    remind = "  - {on: remind, from: asked, by: clock}\n" if "remind" in deadline else ""
    read_somewhere = "  - {on: look, from: asked, by: clerk, when: answer.open}\n"
    workflow = read(
        ("workflow: leave\n", f"workflow: leave\n{'calendar: work' if calendar else 'version: 1'}\n"),
        (
            "  days: {type: integer}\n",
            "  days: {type: integer}\n  from day: {type: date}\n  limit: {type: term}\n",
        ),
        (
            "transitions:\n",
            f"deadlines:\n  answer: {{{deadline}}}\ntransitions:\n{remind}{read_somewhere}"
            "  - {on: amend, from: asked, by: clerk, needs: [from day?, limit?]}\n",
        ),
        text=LEAVE,
    )
    return Engine.open("memory://", workflow, clock=clock, calendars={"work": PUBLISHED})


def asked(engine: Engine) -> str:
    data = {"days": 1, "reason": "illness", "office": "park"}
    return engine.start("leave", data, by=CLERK).case.id


def answer(engine: Engine, case: str) -> Running:
    return engine.case(case).deadlines[0]


def test_a_day_given_as_due_counts_to_its_end_without_a_calendar(clock: Clock) -> None:
    with engine_with("while: asked, due: from day, fire: remind", clock, calendar=False) as engine:
        case = asked(engine)
        assert answer(engine, case).due_at is None
        assert answer(engine, case).next_at is None
        engine.send(case, "amend", {"from day": "2022-10-07"}, by=CLERK)
        assert told(answer(engine, case).due_at) == "2022-10-08 00:00"


def test_a_milestone_on_a_holiday_rolls_to_the_next_working_day(clock: Clock) -> None:
    """Acceptance case P10: due on 7 October, a holiday, is due on 8 October, when work is done."""
    with engine_with("while: asked, since: from day - 1 day, due: 1 day, fire: remind", clock) as engine:
        case = asked(engine)
        engine.send(case, "amend", {"from day": "2022-10-07"}, by=CLERK)
        assert told(answer(engine, case).due_at) == "2022-10-09 00:00"


def test_a_supplement_may_time_out_at_the_end_of_a_sunday_on_which_work_is_done(clock: Clock) -> None:
    """Acceptance case S14."""
    clock.now = at("2022-09-29 16:00").astimezone(UTC)
    with engine_with("while: asked, due: 3 working days, fire: remind", clock) as engine:
        case = asked(engine)
        assert told(answer(engine, case).due_at) == "2022-10-10 00:00"
        clock.now = at("2022-10-09 23:59").astimezone(UTC)
        assert engine.catch_up().fired == 0
        clock.now = at("2022-10-10 00:00").astimezone(UTC)
        assert engine.catch_up().fired == 1


def test_days_of_a_workflow_without_a_calendar_have_no_rest(clock: Clock) -> None:
    clock.now = at("2022-09-29 16:00").astimezone(UTC)
    with engine_with("while: asked, due: limit, fire: remind", clock, calendar=False) as engine:
        case = asked(engine)
        engine.send(case, "amend", {"limit": "4 days"}, by=CLERK)
        assert (told(answer(engine, case).due_at), answer(engine, case).provisional) == (
            "2022-10-04 00:00",
            False,
        )
        engine.send(case, "amend", {"limit": "2 hours"}, by=CLERK)
        assert told(answer(engine, case).due_at) == "2022-09-29 18:00"


@pytest.mark.parametrize(
    ("warn", "instant"),
    [
        ("50%", "2022-10-10 13:00"),
        ("12.5%", "2022-10-10 12:15"),
        ("30 minutes", "2022-10-10 13:30"),
        ("1 hour + 15 minutes", "2022-10-10 12:45"),
    ],
)
def test_a_warning_before_hours_are_over_is_on_the_clock(warn: str, instant: str, clock: Clock) -> None:
    clock.now = at("2022-10-10 12:00").astimezone(UTC)
    with engine_with(
        f"while: asked, due: 2 hours, warn: {warn}, fire: remind", clock, calendar=False
    ) as engine:
        assert told(answer(engine, asked(engine)).next_at) == instant


def test_a_warning_of_a_due_day_is_a_share_of_the_time_to_it(clock: Clock) -> None:
    clock.now = at("2022-10-10 12:00").astimezone(UTC)
    with engine_with("while: asked, due: today + 1 day, warn: 50%", clock, calendar=False) as engine:
        found = answer(engine, asked(engine))
        assert (told(found.due_at), told(found.next_at)) == ("2022-10-12 00:00", "2022-10-11 06:00")


def test_a_window_that_warns_leaves_the_clock_nothing_else_to_do(clock: Clock) -> None:
    with engine_with("while: asked, due: 2 hours, warn: 50%", clock, calendar=False) as engine:
        case = asked(engine)
        clock.pass_hours(9)
        assert (engine.catch_up().warned, answer(engine, case).next_at) == (1, None)


def test_what_a_deadline_waits_for_may_be_when_another_one_is_due(clock: Clock) -> None:
    clock.now = at("2022-10-10 12:00").astimezone(UTC)
    deadline = "while: asked, since: first.due, due: 2 hours}\n  first: {while: asked, due: 1 hour"
    with engine_with(deadline, clock, calendar=False) as engine:
        by_name = {each.deadline: told(each.due_at) for each in engine.case(asked(engine)).deadlines}
        assert by_name == {"first": "2022-10-10 13:00", "answer": "2022-10-10 15:00"}


@pytest.mark.parametrize(
    ("every", "end"),
    [
        ("day", "2022-10-10"),
        ("week", "2022-10-16"),
        ("month", "2022-10-31"),
        ("quarter", "2022-12-31"),
        ("half-year", "2022-12-31"),
        ("year", "2022-12-31"),
    ],
)
def test_a_period_ends_with_its_last_day(every: str, end: str) -> None:
    ends = date.fromisoformat(end) + timedelta(days=1)
    assert told(period_end(every, NOON)) == f"{ends.isoformat()} 00:00"


def test_time_that_stood_still_is_not_counted_as_elapsed() -> None:
    pauses = ((NOON + timedelta(hours=1), NOON + timedelta(hours=3)), (NOON + timedelta(hours=4), None))
    found = Running("answer", NOON, None, False, pauses)
    value = deadline_in_full(found, NOON + timedelta(hours=9))
    assert (value["elapsed"], value["started"], value["open"]) == (timedelta(hours=2), NOON, True)
    assert deadline_value(None, NOON) == {"due": None, "open": False}
    assert deadline_in_full(None, NOON)["elapsed"] is None


def test_a_term_that_needs_a_calendar_does_not_fit_a_field_that_is_counted_without_one(clock: Clock) -> None:
    with engine_with("while: asked, due: limit, fire: remind", clock, calendar=False) as engine:
        case = asked(engine)
        decision = engine.ask(case, "amend", {"limit": "4 working days"}, by=CLERK)
        assert not decision.accepted
        assert "“4 working days”" in decision.sentence
        assert engine.ask(case, "amend", {"limit": "4 days"}, by=CLERK).accepted
    with engine_with("while: asked, due: limit, fire: remind", clock) as engine:
        entry = engine.send(asked(engine), "amend", {"limit": "4 working days"}, by=CLERK)
        assert entry.case.data["limit"] == Term(Decimal(4), "working-day")
