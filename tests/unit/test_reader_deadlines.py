"""Deadlines as they are read: states, terms, what stops, repeats and announces them, and their calendar."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from partybuild_flow.errors import WorkflowInvalid
from partybuild_flow.feel import Term, evaluate
from partybuild_flow.problems import Position
from partybuild_flow.reader import read_workflow
from tests.leave import read, told

WITH_DEADLINE = "roles: [clerk, head]\nstates:\n  asked: {}\n  waiting: {}\n"


def with_deadline(written: str, *, calendar: bool = True) -> tuple[tuple[str, str], ...]:
    return (
        ("workflow: leave\n", "workflow: leave\ncalendar: cn\n" if calendar else "workflow: leave\n"),
        (
            "  days: {type: integer}\n",
            "  days: {type: integer}\n  from day: {type: date}\n  limit: {type: term}\n",
        ),
        ("roles: [clerk, head]\nstates:\n  asked: {}\n", WITH_DEADLINE),
        (
            "transitions:\n",
            f"deadlines:\n  answer: {{{written}}}\ntransitions:\n  - {{on: remind, from: [asked, waiting], by: clock}}\n",
        ),
    )


def test_all_parts_of_a_deadline_are_read() -> None:
    workflow = read(
        *with_deadline(
            "while: [asked, waiting], since: from day, due: 5 working days, pause: waiting, "
            "warn: [50%, 1 working day, {at: 80.5 %, notify: head, message: 'by {answer.due}'}], fire: remind"
        )
    )
    deadline = workflow.deadlines["answer"]
    assert workflow.calendar == "cn"
    assert (deadline.states, deadline.pauses, deadline.fires) == (
        ("asked", "waiting"),
        ("waiting",),
        "remind",
    )
    assert deadline.since is not None
    assert deadline.since.text == "from day"
    assert evaluate(deadline.due.tree, {}) == Term(Decimal(5), "working-day")
    assert [warn.share for warn in deadline.warns] == [Decimal("0.5"), None, Decimal("0.805")]
    assert deadline.warns[1].before is not None
    assert evaluate(deadline.warns[1].before.tree, {}) == Term(Decimal(1), "working-day")
    assert [warn.to for warn in deadline.warns] == ["", "", "head"]
    assert deadline.warns[2].text[0] == "by "
    assert {each.text for each in deadline.timing} == {"from day", "5 working days", "1 working day"}


@pytest.mark.parametrize("every", ["day", "week", "month", "quarter", "half-year", "year"])
def test_a_deadline_recurs_by_a_period(every: str) -> None:
    workflow = read(*with_deadline(f"while: asked, every: {every}, due: 3 working days, fire: remind"))
    assert workflow.deadlines["answer"].every == every


@pytest.mark.parametrize(
    ("written", "problems"),
    [
        ("while: asked, due: days, fire: remind", ["PF254 days"]),
        ("while: asked, due: 3 days, since: days, fire: remind", ["PF267 days"]),
        ("while: asked, due: 3 days, pause: waiting, fire: remind", ["PF264 waiting"]),
        ("while: asked, due: 3 days, pause: wating, fire: remind", ["PF206 wating"]),
        ("while: asked, due: from day, pause: asked, fire: remind", ["PF265 pause"]),
        ("while: asked, due: from day, since: from day, fire: remind", ["PF265 since"]),
        ("while: asked, due: 3 days, warn: 0%, fire: remind", ["PF263 0"]),
        ("while: asked, due: 3 days, warn: 100%, fire: remind", ["PF263 100"]),
        ("while: asked, due: 3 days, warn: days, fire: remind", ["PF266 days"]),
        ("while: asked, due: 3 days, warn: [{at: 50%, notify: nobody}], fire: remind", ["PF252 nobody"]),
        ("while: asked, due: 3 days, warn: [{notify: head}], fire: remind", ["PF107 {"]),
        ("while: asked, every: fortnight, due: 3 days, fire: remind", ["PF109 fortnight"]),
        ("while: asked, every: month, due: from day, fire: remind", ["PF262 from"]),
        ("while: asked, every: month, since: from day, due: 3 days, fire: remind", ["PF268 since"]),
        ("while: asked, every: month, due: 3 days", ["PF269 month"]),
        ("while: asked, due: 3 wrking days, fire: remind", ["PF445 wrking"]),
        ("while: asked, due: from day + 3 working days, fire: remind", ["PF447 3"]),
    ],
)
def test_what_does_not_go_together_is_told_at_the_word(written: str, problems: list[str]) -> None:
    assert told(*with_deadline(written)) == problems


@pytest.mark.parametrize(
    "due", ["3 working days", "60 days", "if days > 3 then 4 working hours else 2 hours"]
)
def test_a_term_of_the_calendar_needs_one(due: str) -> None:
    written = f"while: asked, due: '{due}', fire: remind"
    assert [each.split()[0] for each in told(*with_deadline(written, calendar=False))] == ["PF260"]
    assert told(*with_deadline(written)) == []


@pytest.mark.parametrize("due", ["4 hours", "from day + 3 months", "limit"])
def test_what_the_clock_and_the_month_count_needs_no_calendar(due: str) -> None:
    assert told(*with_deadline(f"while: asked, due: {due}, fire: remind", calendar=False)) == []


def test_a_term_that_a_parameter_or_a_table_holds_needs_a_calendar_too() -> None:
    parameter = ("transitions:\n", "parameters: {term: {value: 5 working days, source: s}}\ntransitions:\n")
    changes = with_deadline("while: asked, due: term, fire: remind", calendar=False)
    assert told(parameter, *changes) == ["PF260 term"]
    table = "table: grade\ninputs: [days]\noutputs: {term: {type: term}}\nrows: [['-', 5 working days]]\n"
    changes = with_deadline("while: asked, due: grade.term, fire: remind", calendar=False)
    assert told(*changes, grade_table=table) == ["PF260 grade.term"]


def test_a_calendar_that_is_nowhere_is_told_where_it_is_named(tmp_path: Path) -> None:
    from tests.leave import LEAVE, changed

    folder = tmp_path / "leave"
    folder.mkdir()
    text = changed(LEAVE, ("workflow: leave\n", "workflow: leave\ncalendar: cm\n"))
    (folder / "workflow.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(WorkflowInvalid) as invalid:
        read_workflow(folder)
    (problem,) = invalid.value.problems
    assert (problem.code, problem.position) == (
        "PF261",
        Position((folder / "workflow.yaml").as_posix(), 2, 11),
    )
    assert read_workflow(folder, calendars=("cm",)).calendar == "cm"


def test_deadlines_must_not_depend_on_each_other_in_a_circle() -> None:
    changes = with_deadline("while: asked, since: other.due, due: 3 days, fire: remind")
    circle = ("transitions:\n", "  other: {while: asked, since: answer.due, due: 3 days}\ntransitions:\n")
    assert [each.split()[0] for each in told(*changes, circle)] == ["PF321"]
