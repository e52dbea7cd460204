"""How projects end: closing, acceptance, a second look at some, grades within the quota, the debrief."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from random import Random
from typing import Final

from partybuild_flow.analysis.year.calendar_2025 import YEAR, Diary, moment, workday
from partybuild_flow.analysis.year.script import Scene, act, look
from partybuild_flow.analysis.year.world import World
from partybuild_flow.case import Actor

CLOSED: Final = (date(YEAR, 12, 15), date(YEAR, 12, 17))
DISTRICT_CLOSED: Final = date(YEAR, 12, 29)
GRADED: Final = date(YEAR + 1, 1, 12)
DEBRIEFED: Final = (date(YEAR + 1, 1, 19), date(YEAR + 1, 1, 30))

_TWICE: Final = 3
"""A midterm may begin as soon as something is put right, and may find that it was not."""


def rectified(world: World, random: Random, secretary: Actor, case_id: str, at: datetime) -> Scene[None]:
    """Where the light sent a project into rectification, it answers and goes on; a midterm is evaluated."""
    inspection = world.district.inspection
    for _ in range(_TWICE):
        case = yield from look(at, case_id)
        at += timedelta(minutes=random.randint(5, 15))
        if case.state == "midterm-review":
            found = {"feasibility": "可行", "midterm-form": "中期评估表"}
            yield from act(at, case_id, "evaluate-midterm", found, inspection)
        elif case.state == "rectifying":
            leader = Actor(str(case.data["leader"]), secretary.roles)
            yield from act(at, case_id, "submit-rectification", {"rectification-reply": "整改回复"}, leader)
            at += timedelta(minutes=3)
            yield from act(at, case_id, "rectified", {"rectification-opinion": "整改到位"}, inspection)
        else:
            return


def closed(
    world: World, random: Random, secretary: Actor, approver: Actor, case_id: str, *, last: bool
) -> Scene[None]:
    """Closing applied for and accepted; the district's own project closes last."""
    diary = Diary(random)
    at = moment(DISTRICT_CLOSED, 9, 30) if last else diary.between(*CLOSED)
    yield from rectified(world, random, secretary, case_id, at - timedelta(hours=2))
    answers = random.randint(80, 300)
    report = {
        "closing-report": "结项报告",
        "evidence": "结项佐证",
        "answers": answers,
        "satisfied": round(answers * random.uniform(0.82, 0.99)),
    }
    if (yield from act(at, case_id, "apply-for-closing", report, secretary)) is None:
        return
    panel = random.sample(world.district.assessors, 3)
    at += timedelta(minutes=40) if last else timedelta(days=1)
    people = {"acceptance-panel-members": [each.id for each in panel]}
    yield from act(at, case_id, "open-acceptance", people, approver)
    level = random.uniform(76, 98)
    for assessor in panel:
        at += timedelta(minutes=random.randint(10, 60))
        marks = {
            name: round(min(random.gauss(level, 1.5), 100), 1) for name in ("document-mark", "site-mark")
        }
        yield from act(at, case_id, "acceptance-mark", marks, assessor)


def graded(world: World, case_id: str, others: Sequence[str]) -> Scene[None]:
    """Some looked at again by lot, then all grades at one time, then the debriefs."""
    department, random = world.district.department, world.random("grading")
    at = moment(GRADED, 9)
    yield from act(at, case_id, "draw-recheck", {}, department)
    for each in others:
        at += timedelta(minutes=3)
        case = yield from look(at, each)
        if case.state == "rechecking":
            score = case.data["acceptance-score"]
            yield from act(at, each, "record-recheck", {"recheck-score": score}, department)
    yield from act(moment(workday(GRADED, 2), 15), case_id, "grade-all", {}, department)
    for each in (case_id, *others):
        yield from _debriefed(world, random, each)


def _debriefed(world: World, random: Random, case_id: str) -> Scene[None]:
    at = Diary(random).between(*DEBRIEFED)
    case = yield from look(at, case_id)
    if case.state != "graded" or case.data["grade"] == "不合格":
        return
    yield from act(at, case_id, "go-to-debrief", {}, world.district.department)
    good, bad = random.randint(30, 60), random.randint(0, 4)
    votes = {
        "votes-good": good,
        "votes-fair": random.randint(2, 12),
        "votes-average": random.randint(0, 6),
        "votes-bad": bad,
        "superior-opinion": random.choice(("好", "好", "较好")),
    }
    yield from act(at + timedelta(minutes=30), case_id, "debrief-votes", votes, world.district.debrief)
