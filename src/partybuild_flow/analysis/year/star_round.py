"""The round of the year, as the district's department leads it through the calendar."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from random import Random
from typing import Final

from partybuild_flow.analysis.year.application import application, late_application
from partybuild_flow.analysis.year.calendar_2025 import (
    CLOSED,
    FINISHED,
    OPENED,
    PLANNED,
    PUBLICITY_ENDS,
    PUBLISHED,
    RANKED,
    SHORTLISTED,
    VOTED,
    YEAR,
    moment,
    workday,
)
from partybuild_flow.analysis.year.objections import late_objection, objection
from partybuild_flow.analysis.year.script import Data, Scene, Script, act, begin, join
from partybuild_flow.analysis.year.world import World

SEATS_A_HUNDRED: Final = 90
"""How many of a hundred applications may be recommended."""

LATE_A_HUNDRED: Final = 1
APPLICATIONS_AN_OBJECTION: Final = 140
TRIES: Final = 4
"""On how many days the department tries again what was not yet possible."""


def star_round(world: World) -> Script:
    """The round, from its plan to its end; the applications live beside it."""
    department = world.district.department
    random = world.random("round")
    case = yield from begin(moment(PLANNED, 9, 30), "star-round", _plan(world), department)
    if case is None:
        return
    yield from act(moment(OPENED, 8, 30), case.id, "open-round", {}, department)
    register: dict[str, str] = {}
    yield from _applications(world, random, case.id, register)
    if not (yield from _rated(world, random, case.id)):
        return
    known = [(each, register[each.unit]) for each in world.organisations if each.unit in register]
    random.shuffle(known)
    for number in range(max(2, len(known) // APPLICATIONS_AN_OBJECTION)):
        yield from join(moment(PUBLISHED, 12), objection(world, number, known[number:]))
    yield from join(moment(PUBLISHED, 12), late_objection(known[-1][1], PUBLICITY_ENDS))
    summary = {"summary": "本轮争星晋位工作总结"}
    yield from act(moment(FINISHED, 15), case.id, "finish", summary, department, refusal="unfinished")


def _plan(world: World) -> Data:
    number = Counter(each.committee.unit for each in world.organisations)
    committees = [{"committee": each.unit, "organisations": number[each.unit]} for each in world.committees]
    seats = max(world.size.applications * SEATS_A_HUNDRED // 100, len(committees))
    return {"year": YEAR, "closes-on": CLOSED, "seats": seats, "committees": committees}


def _applications(world: World, random: Random, round_id: str, register: dict[str, str]) -> Scene[None]:
    able = list(world.organisations)
    random.shuffle(able)
    wanted = world.size.applications
    at = moment(OPENED, 9)
    for organisation in able[:wanted]:
        yield from join(at, application(world, organisation, round_id, register))
    late = max(1, wanted * LATE_A_HUNDRED // 100)
    for organisation in able[wanted : wanted + late]:
        yield from join(at, late_application(world, organisation, round_id))


def _rated(world: World, random: Random, case_id: str) -> Scene[bool]:
    """Quotas, the shortlist, the defences and the list; whether it was published."""
    department = world.district.department
    quotas = yield from _tried(
        moment(SHORTLISTED, 9), case_id, "set-quotas", {"judges": list(world.panels)}, world
    )
    if quotas is None:
        return False
    yield from act(moment(SHORTLISTED, 15), case_id, "shortlist", {}, department)
    yield from act(moment(SHORTLISTED + timedelta(days=1), 16, 30), case_id, "draw", {}, department)
    present = random.sample(world.district.members, 7)
    meeting = {
        "members-due": len(world.district.members),
        "members-present": [each.id for each in present],
    }
    yield from act(moment(VOTED, 9), case_id, "put-to-vote", meeting, department)
    ranked = yield from _tried(moment(RANKED, 9), case_id, "rank", {}, world)
    if ranked is None:
        return False
    yield from act(moment(RANKED, 14), case_id, "confirm-lower", {}, department)
    approved = {"approval": "名单批复"}
    return (yield from act(moment(PUBLISHED, 9), case_id, "publish", approved, department)) is not None


def _tried(at: datetime, case_id: str, event: str, data: Data, world: World) -> Scene[date | None]:
    """The day on which something was possible at last."""
    for place in range(TRIES):
        day = workday((at + timedelta(hours=8)).date(), place)
        when = moment(day, 9 + place)
        refusal = None if place == TRIES - 1 else "not-yet"
        if (
            yield from act(when, case_id, event, data, world.district.department, refusal=refusal)
        ) is not None:
            return day
    return None
