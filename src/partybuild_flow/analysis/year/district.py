"""The life of one application from the district's check to the plaque: defence, marks, votes, publicity."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Final

from partybuild_flow.analysis.year.calendar_2025 import (
    AWARDED,
    DEFENCES,
    FINISHED,
    SECOND_PUBLICITY,
    SHORTLISTED,
    SPOT_CHECKS,
    VOTED,
    Diary,
    moment,
    workday,
)
from partybuild_flow.analysis.year.script import Scene, act, look
from partybuild_flow.analysis.year.world import Organisation, World
from partybuild_flow.case import Case

GIVING_UP: Final = 0.012
JUDGES: Final = 5
"""So many at least mark a defence."""

ASPECTS: Final = (("mark-topic", 20), ("mark-conduct", 30), ("mark-effect", 30), ("mark-talk", 20))


def district_life(world: World, organisation: Organisation, case_id: str, at: datetime) -> Scene[None]:
    """Everything after the recommendation."""
    random = world.random("district", organisation.unit)
    case = yield from look(at, case_id)
    if case.state != "recommended":
        return
    yield from _checked(world, random, case_id, at)
    case = yield from look(moment(SHORTLISTED + timedelta(days=1), 10), case_id)
    gives_up = case.state == "defence-scheduled" and random.random() < GIVING_UP
    if case.state == "district-review":
        # Somebody may have given up, and the next one moved up.
        case = yield from look(moment(DEFENCES[0], 8), case_id)
    if gives_up:
        early = moment(SHORTLISTED + timedelta(days=1), 15, random.randrange(60))
        reason = {"withdrawal-reason": "人员变动较大，放弃答辩"}
        yield from act(early, case_id, "give-up", reason, organisation.secretary)
    elif case.state == "defence-scheduled":
        yield from _defended(world, random, organisation, case)
    yield from _awarded(world, random, organisation, case_id)


def _checked(world: World, random: Random, case_id: str, at: datetime) -> Scene[None]:
    """Taken over and looked through by four offices."""
    district, diary = world.district, Diary(random)
    yield from act(at, case_id, "intake", {}, district.department)
    doubtful = random.random() < 0.02
    for place, office in enumerate(district.joint_checkers):
        at = diary.soon(at, 0, 1)
        opinion = {"check-opinion": "有问题" if doubtful and place == 1 else "无问题"}
        entry = yield from act(at, case_id, "joint-check-opinion", opinion, office)
        if entry is None or entry.case.state == "joint-doubt":
            break
    if doubtful:
        at = diary.soon(at, 0, 1)
        if random.random() < 0.6:
            cleared = {"joint-note": "经核实，来信反映的问题不属实"}
            yield from act(at, case_id, "clear-doubt", cleared, district.department)
        else:
            returned = {"rejection-reason": "信访事项尚未办结"}
            yield from act(at, case_id, "return-doubtful", returned, district.department)


def _defended(world: World, random: Random, organisation: Organisation, case: Case) -> Scene[None]:
    """The defence, its marks and the district's vote."""
    district, diary, case_id = world.district, Diary(random), case.id
    at = diary.between(*DEFENCES)
    drawn = random.random()
    if drawn < 0.03:
        mandate = {"defender": f"{organisation.secretary.id}（副书记代）", "mandate": "授权书"}
        yield from act(at, case_id, "substitute", mandate, district.panel_clerk)
    if drawn > 0.995:
        yield from act(at, case_id, "no-show", {}, district.panel_clerk)
    else:
        judges = yield from _seated(world, case, at)
        yield from act(at, case_id, "begin-defence", {}, district.panel_clerk)
        at = yield from _marked(world, random, organisation, case_id, judges, at)
    for keeper in (district.panel_clerk, district.supervisor):
        at += timedelta(minutes=1)
        yield from act(at, case_id, "lock", {}, keeper)
    yield from _district_vote(world, random, case_id)


def _seated(world: World, case: Case, at: datetime) -> Scene[list[str]]:
    """The judges who mark. Where too few are left, those of other panels take the seats of the recused."""
    recused = people_in(case, "recused")
    judges = people_in(case, "judges")
    seated = [each for each in judges if each not in recused]
    others = [str(each["judge"]) for each in world.panels if each["judge"] not in judges]
    for old, new in zip(recused, others, strict=False):
        if len(seated) >= JUDGES:
            break
        change = {"old-judge": old, "new-judge": new}
        yield from act(at - timedelta(hours=1), case.id, "replace-judge", change, world.district.panel_chair)
        seated.append(new)
    return seated


def _marked(
    world: World,
    random: Random,
    organisation: Organisation,
    case_id: str,
    judges: Sequence[str],
    at: datetime,
) -> Scene[datetime]:
    """Five minutes of talk, then the marks; the first judge of some panels tries to mark twice."""
    level = 0.80 + 0.17 * organisation.quality + random.gauss(0.0, 0.02)
    at += timedelta(minutes=5)
    for place, judge in enumerate(judges):
        at += timedelta(seconds=random.randint(5, 40))
        marks = {name: _mark(random, level, points) for name, points in ASPECTS}
        yield from act(at, case_id, "mark", marks, world.judge(judge))
        if place == 0 and random.random() < 0.02:
            yield from act(at, case_id, "mark", marks, world.judge(judge), refusal="second-mark")
    return at


def people_in(case: Case, field: str) -> list[str]:
    """The people whom a list of a case names."""
    found = case.data.get(field)
    return [str(each) for each in found] if isinstance(found, list) else []


def _mark(random: Random, level: float, points: int) -> Decimal:
    return Decimal(f"{min(max(random.gauss(level, 0.03), 0.5), 1.0) * points:.2f}")


def _district_vote(world: World, random: Random, case_id: str) -> Scene[None]:
    at = moment(VOTED, 14, random.randrange(60), random.randrange(60))
    case = yield from look(at, case_id)
    present = people_in(case, "district-people")
    asked = [member for member in world.district.members if member.id in present]
    for member in asked:
        opinion = random.choices(("同意", "不同意", "弃权"), (95, 2, 3))[0]
        entry = yield from act(at, case_id, "district-vote", {"district-opinion": opinion}, member)
        if entry is None or entry.case.state != "district-deciding":
            return
        at += timedelta(seconds=random.randint(2, 9))


def _awarded(world: World, random: Random, organisation: Organisation, case_id: str) -> Scene[None]:
    """After the publicity: a second one for who moved up, the plaque, and for some a check in autumn."""
    case = yield from _published_again(world, case_id, moment(SECOND_PUBLICITY, 9, 30))
    if case.state != "awarded":
        return
    at = Diary(random).between(AWARDED, FINISHED - timedelta(days=4))
    number = random.randrange(1_000, 10_000)
    plaque = {"award-document": "关于命名星级党组织的决定", "plaque": f"XJ{number}"}
    yield from act(at, case_id, "register-award", plaque, world.district.department)
    if random.random() < 0.012:
        yield from _spot_checked(world, random, organisation, case_id)


def _published_again(world: World, case_id: str, at: datetime) -> Scene[Case]:
    case = yield from look(moment(workday(AWARDED), 8, 30), case_id)
    if case.state == "proposed":
        yield from act(at, case_id, "publish", {}, world.district.department)
    if case.state in ("proposed", "publicity", "objection-check"):
        case = yield from look(moment(FINISHED - timedelta(days=3), 8), case_id)
    return case


def _spot_checked(world: World, random: Random, organisation: Organisation, case_id: str) -> Scene[None]:
    diary, committee = Diary(random), organisation.committee
    at = diary.between(*SPOT_CHECKS)
    found = {"rectification": "组织生活记录不全，限期补齐", "rectification-term": "1 个月"}
    yield from act(at, case_id, "spot-check-fail", found, world.district.department)
    at = diary.soon(at, 10, 20)
    result = {"rectified": "合格" if random.random() < 0.6 else "不合格"}
    yield from act(at, case_id, "rectification-check", result, random.choice(committee.inspectors))
