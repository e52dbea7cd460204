"""The journal alone gives every case again, whatever happened to it, from a file that was closed and opened again."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from partybuild_flow import Actor, Engine, EventRefused
from partybuild_flow.apply import replayed
from partybuild_flow.case import Case
from partybuild_flow.facts import plan
from tests.collecting import COUNCIL, JUDGES, MEMBERS, OFFICER, PANEL, SECRETARY, SUPERVISOR, write
from tests.conftest import Clock
from tests.contest import HOST, begun, handed_in, write_contest
from tests.deadlines import PLACE, PUBLISHED, UNPUBLISHED, WORKER, at, opened, write_workflow
from tests.deadlines import SECRETARY as LEADER
from tests.deadlines import WORKFLOW as MEND

CHAIR = Actor("chair", [("chair", "u")])
PLAIN = """\
workflow: plain
fields: {note: {type: text}}
roles: [clerk]
states: {open: {}, closed: {final: true}}
correct: {by: clerk, fields: [note]}
transitions:
  - {on: begin, by: clerk, to: open}
  - {on: correct, from: open, by: clerk, limit: 2}
  - {on: close, from: open, by: clerk, not-by: [correct], when: note != null, to: closed, journal: refused}
"""
CLERK = Actor("clerk", [("clerk", "u")])


def held(engine: Engine) -> Mapping[str, Case]:
    """All cases, each of which its journal gives again."""
    cases = {case.id: case for case in engine.cases()}
    for case in cases.values():
        remembered = plan(engine.workflow_of(case), PUBLISHED).remembered
        folded: Case | None = None
        for entry in engine._store.history(case.id):
            folded = replayed(folded, entry, remembered)
        assert folded == case
        assert engine.history(case.id)[-1].case == engine.case(case.id)
    assert engine.verify().broken == ()
    return cases


def test_rounds_of_marks_that_are_sealed_opened_discarded_and_begun_again(
    tmp_path: Path, clock: Clock
) -> None:
    workflows = write(tmp_path / "workflows", panel=PANEL, council=COUNCIL.replace("WAY", "as: all"))
    url = f"sqlite:///{tmp_path / 'cases.db'}?synchronous=normal"
    with Engine.open(url, workflows=workflows, clock=clock) as engine:
        data = {"judges": ["j1", "j2", "j3", "j4"], "recused": ["j4"]}
        panel = engine.start("panel", data, by=OFFICER).case.id
        engine.send(panel, "give", {"mark": "60.25", "remark": "weak"}, by=JUDGES[0])
        engine.send(panel, "withdraw", {"wrong": "j1"}, by=OFFICER)
        engine.send(panel, "reveal", {"reason": "a complaint"}, by=SECRETARY)
        engine.send(panel, "reveal", {"reason": "the same"}, by=SUPERVISOR)
        for judge, mark in zip(JUDGES, ("70", "80", "90"), strict=False):
            engine.send(panel, "give", {"mark": mark}, by=judge)
        engine.send(panel, "lock", by=SECRETARY)
        engine.send(panel, "again", by=OFFICER)
        engine.correct(panel, {"judges": ["j1", "j2"]}, reason="a slip", by=OFFICER)
        engine.send(panel, "give", {"mark": "1"}, by=JUDGES[0])
        clock.pass_hours(73)
        engine.catch_up()
        council = engine.start("council", {"members": ["m1", "m2"]}, by=CHAIR).case.id
        engine.send(council, "vote", {"ballot": "for"}, by=MEMBERS[0])
        before = held(engine)
    with Engine.open(url, workflows=(), clock=clock) as engine:
        assert held(engine) == before
        assert [before[each].state for each in (panel, council)] == ["ended", "voting"]
        assert engine.send(council, "vote", {"ballot": "for"}, by=MEMBERS[1]).target == "adopted"
        held(engine)


def test_corrections_of_a_workflow_with_an_event_of_that_name(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'cases.db'}?synchronous=normal"
    with Engine.open(url, workflows=write(tmp_path / "workflows", plain=PLAIN)) as engine:
        case_id = engine.start("plain", by=CLERK).case.id
        engine.correct(case_id, {"note": "a"}, reason="forgotten", by=Actor("other", CLERK.roles))
        engine.send(case_id, "correct", by=CLERK)
        engine.correct(case_id, {"note": "b"}, reason="a slip", by=CLERK)
        before = held(engine)
        assert before[case_id].done == {"correct": ("clerk",)}
    with Engine.open(url, workflows=()) as engine:
        assert held(engine) == before


def test_warnings_pauses_periods_and_deadlines_counted_anew(tmp_path: Path, clock: Clock) -> None:
    workflows, url = write_workflow(tmp_path / "workflows"), f"sqlite:///{tmp_path / 'cases.db'}"
    clock.now = at("2022-12-26 10:00")
    with opened(url, workflows, clock, UNPUBLISHED) as engine:
        ids = [engine.start("mend", {"走访": "否"}, by=LEADER, unit=PLACE).case.id for _ in range(3)]
        engine.send(ids[1], "待补", by=WORKER)
        clock.now = at("2022-12-29 10:00")
        engine.catch_up()
        engine.send(ids[1], "补充", by=WORKER)
        engine.send(ids[2], "公示", {"起日": "2022-12-29"}, by=LEADER)
        before = held(engine)
        assert any(running.provisional for case in before.values() for running in case.deadlines)
    with opened(url, (), clock) as engine:  # type: ignore[arg-type]
        assert held(engine) == before
        assert engine.catch_up().recomputed > 0
        clock.now = at("2023-02-10 10:00")
        assert engine.catch_up().fired > 0
        before = held(engine)
        events = {entry.event for case_id in ids for entry in engine.history(case_id)}
        assert {"warn", "recompute", "overdue", "unvisited", "published"} <= events
    with opened(url, workflows, clock) as engine:
        assert held(engine) == before


def test_cases_that_start_and_move_each_other(tmp_path: Path) -> None:
    workflows, url = write_contest(tmp_path / "workflows"), f"sqlite:///{tmp_path / 'cases.db'}"
    with Engine.open(url, workflows=workflows) as engine:
        parent, (red, blue) = begun(engine, ["red", "blue"])
        handed_in(engine, red, "88.5")
        engine.send(parent, "remind", by=HOST)
        engine.send(blue, "withdraw", by=HOST)
        engine.send(parent, "announce", by=HOST)
        before, sent = held(engine), engine.sent(parent)
    with Engine.open(url, workflows=workflows) as engine:
        assert held(engine) == before
        assert engine.sent(parent) == sent
        assert [entry.sends for entry in engine.history(parent)][-1][0].data == {"place": 1}


def test_a_refusal_is_kept_behind_what_was_overdue_before_it(tmp_path: Path, clock: Clock) -> None:
    text = MEND.replace("当: 整改.未到期}", "当: 整改.未到期, 留痕: 被拒}")
    workflows, url = write_workflow(tmp_path / "workflows", text), f"sqlite:///{tmp_path / 'cases.db'}"
    clock.now = at("2022-10-10 10:00")
    with opened(url, workflows, clock) as engine:
        case_id = engine.start("mend", by=LEADER, unit=PLACE).case.id
        clock.now = at("2022-10-18 10:00")
        assert "整改" in refused(engine, case_id)
        told = [(entry.event, entry.refused) for entry in engine.history(case_id)]
        assert told[-2:] == [("overdue", None), ("explain", "refused.guard")]
        held(engine)


def refused(engine: Engine, case_id: str) -> str:
    with pytest.raises(EventRefused) as error:
        engine.send(case_id, "说明", by=WORKER)
    return str(error.value)
