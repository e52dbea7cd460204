"""The life of one application up to the district: filling in, sending in, the committee's examination."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Final, NamedTuple

from partybuild_flow.analysis.year.calendar_2025 import (
    ACCEPTED,
    CHECKED,
    CLOSED,
    OPENED,
    RECOMMENDED,
    RUSH,
    Diary,
    moment,
    workday,
)
from partybuild_flow.analysis.year.district import district_life
from partybuild_flow.analysis.year.names import BRANDS
from partybuild_flow.analysis.year.script import Data, Scene, Script, act, begin, look
from partybuild_flow.analysis.year.world import STARS, Organisation, World
from partybuild_flow.case import Actor, Case

IN_THE_RUSH: Final = 0.8
"""The share that is sent in on the last three days. Source: domain, sizes for performance scenarios."""

POINTS: Final = {
    "机关事业": (20, 20, 15, 15, 20, 10),
    "国企": (15, 15, 15, 15, 30, 10),
    "街道社区": (15, 20, 15, 10, 30, 10),
    "两新": (15, 25, 20, 15, 15, 10),
}
"""The most that an organisation of each category writes down for itself, by dimension."""

DIMENSIONS: Final = ("politics", "organising", "people", "institutions", "contribution", "brand")
ONSITE_FROM: Final = STARS.index("四星")


class Fate(NamedTuple):
    """What is in store for an application."""

    target: str
    skips: bool
    few_present: bool
    wrong_category: bool
    supplement: bool
    supplies: bool
    veto: bool
    against: bool
    objected: bool


def fate(random: Random, organisation: Organisation) -> Fate:
    """What is in store for an organisation's application."""

    def happens(share: float) -> bool:
        return random.random() < share

    here = STARS.index(organisation.star)
    target = STARS[max(1, min(here + (1 if happens(0.85) else 0), 4))]
    return Fate(
        target,
        skips=happens(0.03) and here < 3,
        few_present=happens(0.02),
        wrong_category=happens(0.01),
        supplement=happens(0.08),
        supplies=happens(0.85),
        veto=happens(0.012),
        against=happens(0.015),
        objected=happens(0.004),
    )


def application(world: World, organisation: Organisation, round_id: str, register: dict[str, str]) -> Script:
    """An application that is sent in in time. `register` takes its id under the organisation's unit."""
    random = world.random("application", organisation.unit)
    diary, planned = Diary(random), fate(random, organisation)
    last = moment(CLOSED, 16, 59)
    at = diary.between(OPENED, RUSH)
    sent_in = diary.between(RUSH, CLOSED) if random.random() < IN_THE_RUSH else diary.soon(at, 2, 9)
    at = min(at, sent_in - timedelta(hours=3))
    sent_in = min(sent_in, last - timedelta(minutes=random.randrange(120)))
    case = yield from _filled_in(organisation, round_id, at)
    if case is None:
        return
    register[organisation.unit] = case.id
    at = min(diary.soon(at, 0, 2), sent_in - timedelta(hours=1))
    sent = yield from _sent_in(random, organisation, case, planned, at, sent_in)
    if not sent:
        return
    at = diary.between(*ACCEPTED)
    examined = yield from _examined(world, random, organisation, case.id, planned, at)
    if examined:
        yield from district_life(world, organisation, case.id, diary.between(*CHECKED))


def late_application(world: World, organisation: Organisation, round_id: str) -> Script:
    """An application that somebody tries to send in a day after the last."""
    random = world.random("late", organisation.unit)
    planned = fate(random, organisation)._replace(skips=False, few_present=False)
    at = Diary(random).between(RUSH, CLOSED)
    case = yield from _filled_in(organisation, round_id, at)
    if case is not None:
        data = _self_evaluation(random, organisation, planned.target, at)
        yield from act(at + timedelta(minutes=30), case.id, "self-evaluate", data, organisation.secretary)
        late = moment(CLOSED + timedelta(days=1), 9, random.randrange(60))
        yield from act(late, case.id, "submit", _papers(random, None), organisation.secretary, refusal="late")


def _filled_in(organisation: Organisation, round_id: str, at: datetime) -> Scene[Case | None]:
    full = max(organisation.members - 1, 3)
    data = {
        "round": round_id,
        "organisation": organisation.unit,
        "committee": organisation.committee.unit,
        "category": organisation.category,
        "current-star": organisation.star,
        "founded-on": organisation.founded,
        "members": organisation.members,
        "full-members": full,
        "committee-members": 3 if full < 20 else 5,
        "joint-units": 1,
    }
    return (yield from begin(at, "star-application", data, organisation.secretary))


def _sent_in(
    random: Random,
    organisation: Organisation,
    case: Case,
    planned: Fate,
    at: datetime,
    sent_in: datetime,
) -> Scene[bool]:
    by, case_id = organisation.secretary, case.id
    if planned.few_present:
        few = _self_evaluation(random, organisation, planned.target, at, present=0.5)
        yield from act(at, case_id, "self-evaluate", few, by, refusal="few-present")
        at += timedelta(minutes=30)
    if planned.skips:
        here = STARS.index(organisation.star)
        high = _self_evaluation(random, organisation, STARS[here + 2], at)
        yield from act(at, case_id, "self-evaluate", high, by)
        at += timedelta(minutes=10)
        yield from act(at, case_id, "submit", _papers(random, None), by, refusal="skips")
        at += timedelta(minutes=10)
    data = _self_evaluation(random, organisation, planned.target, at)
    if (yield from act(at, case_id, "self-evaluate", data, by)) is None:
        return False
    sent = yield from act(max(sent_in, at), case_id, "submit", _papers(random, organisation), by)
    return sent is not None


def _self_evaluation(
    random: Random, organisation: Organisation, target: str, at: datetime, present: float = 0.9
) -> Data:
    return {
        "target-star": target,
        "branch-meeting-on": at.date(),
        "members-due": organisation.members,
        "members-present": int(organisation.members * present),
        **_points(random, organisation, 0.03),
        "minutes": "支委会会议记录",
    }


def _points(random: Random, organisation: Organisation, kindness: float) -> dict[str, object]:
    most = POINTS[organisation.category]
    share = 0.80 + 0.19 * organisation.quality + kindness
    return {
        name: Decimal(f"{min(points * min(random.gauss(share, 0.02), 1.0), points):.2f}")
        for name, points in zip(DIMENSIONS, most, strict=True)
    }


def _papers(random: Random, organisation: Organisation | None) -> Data:
    papers: dict[str, object] = {
        "application-form": "申报表",
        "self-report": "自评报告",
        "attendance-sheet": "党员大会签到",
        "study-ledger": "三会一课台账",
    }
    if organisation is not None and random.random() < 0.6:
        brand = random.choice(BRANDS)
        papers["brand-text"] = f"品牌“{brand}”：党员中心户包楼联户，每月开展一次服务，群众意见条条有回音。"
    return papers


def _examined(
    world: World, random: Random, organisation: Organisation, case_id: str, planned: Fate, at: datetime
) -> Scene[bool]:
    """Whether the committee went on with the application until the district can take it over."""
    committee, diary = organisation.committee, Diary(random)
    if planned.wrong_category:
        other = next(each for each in POINTS if each != organisation.category)
        wrong = {"registered-category": other}
        yield from act(at, case_id, "accept", wrong, committee.clerk, refusal="category")
        at += timedelta(minutes=5)
    accepted = yield from act(
        at, case_id, "accept", {"registered-category": organisation.category}, committee.clerk
    )
    if accepted is None:
        return False
    if planned.supplement:
        items = {"supplement-list": ["换届选举结果批复", "党费收缴台账"]}
        at = diary.soon(at, 0, 1)
        yield from act(at, case_id, "request-supplement", items, committee.clerk)
        if not planned.supplies:
            return False
        at = diary.soon(at, 1, 4)
        yield from act(
            at, case_id, "supply", {"supplements": ["换届批复", "党费台账"]}, organisation.secretary
        )
    if planned.veto:
        return (yield from _vetoed(world, random, organisation, case_id, diary.soon(at, 1, 3)))
    sampled = accepted.case.data["sampled"] is True or STARS.index(planned.target) >= ONSITE_FROM
    at = yield from _scored(random, organisation, case_id, diary.soon(at, 1, 4), onsite=sampled)
    yield from _proposed(random, organisation, case_id, at, against=planned.against)
    if planned.objected:
        return (yield from _looked_into(random, organisation, case_id))
    return True


def _vetoed(
    world: World, random: Random, organisation: Organisation, case_id: str, at: datetime
) -> Scene[bool]:
    committee, diary = organisation.committee, Diary(random)
    item = random.choice(("拖欠党费", "责任安全事故", "不按期换届或严重不团结", "软弱涣散未整改"))
    found = {"veto-items": [item], "veto-evidence": "查实材料"}
    yield from act(at, case_id, "find-veto", found, committee.clerk)
    at = diary.soon(at, 1, 2)
    yield from act(at, case_id, "confirm-veto", {}, committee.deputy)
    if random.random() < 0.4:
        at = diary.soon(at, 1, 3)
        reason = {"appeal-reason": "情况已经整改，请予复核"}
        yield from act(at, case_id, "appeal", reason, organisation.secretary)
        upheld = {"review": "维持", "review-note": "事实清楚，维持原结论"}
        yield from act(diary.soon(at, 2, 5), case_id, "review-appeal", upheld, world.district.appeal_panel)
    return False


def _scored(
    random: Random, organisation: Organisation, case_id: str, at: datetime, *, onsite: bool
) -> Scene[datetime]:
    """When the points stand."""
    committee, diary = organisation.committee, Diary(random)
    points = _assessment(random, organisation)
    if not onsite:
        yield from act(at, case_id, "record-on-paper", points, committee.clerk)
        return at
    group = random.sample(committee.inspectors, random.choice((2, 2, 3)))
    visit = {"check-group": [each.id for each in group]}
    yield from act(at, case_id, "start-onsite", visit, committee.clerk)
    at = diary.soon(at, 1, 3)
    yield from act(at, case_id, "record-onsite", points, group[0])
    for inspector in group:
        at += timedelta(minutes=random.randint(2, 30))
        yield from act(at, case_id, "sign-onsite", {}, inspector)
    return at


def _assessment(random: Random, organisation: Organisation) -> Data:
    data = _points(random, organisation, 0.0)
    data["appraisal"] = Decimal(f"{min(random.gauss(82 + 16 * organisation.quality, 2.5), 100):.2f}")
    data["studies"] = random.choice((4, 5, 6, 8)) if random.random() < 0.9 else random.randint(1, 3)
    if random.random() < 0.25:
        points = [Decimal(f"{random.choice((0.5, 1, 1.5, 2, 3))}") for _ in range(random.randint(1, 3))]
        reasons = ("市级先进典型", "承办现场会", "党建品牌获推广")
        data["bonus-items"] = [
            {"reason": reason, "points": each} for reason, each in zip(reasons, points, strict=False)
        ]
    if random.random() < 0.06:
        data["no-venue"] = True
    if random.random() < 0.03:
        data["incomplete-team"] = True
    return data


def _proposed(
    random: Random, organisation: Organisation, case_id: str, at: datetime, *, against: bool
) -> Scene[None]:
    """The committee's decision; who cannot be proposed takes the application back."""
    committee, diary = organisation.committee, Diary(random)
    present = random.sample(committee.members, random.randint(5, 7))
    meeting = {
        "recommendation": "推荐意见",
        "committee-due": len(committee.members),
        "committee-people": [each.id for each in present],
    }
    at = min(diary.soon(at, 1, 3), moment(RECOMMENDED, 9, 30) - timedelta(days=6))
    if (yield from act(at, case_id, "propose", meeting, committee.clerk, refusal="seats")) is None:
        reason = {"withdrawal-reason": "本轮推荐名额已满，下一轮再申报"}
        yield from act(diary.soon(at, 0, 1), case_id, "withdraw", reason, organisation.secretary)
        return
    yield from voted(random, case_id, present, diary.soon(at, 0, 1), against=against)


def voted(
    random: Random, case_id: str, present: Sequence[Actor], at: datetime, *, against: bool
) -> Scene[None]:
    """The votes of the members present, until the matter is decided."""
    for place, member in enumerate(present):
        no = (place % 4 != 3) if against else random.random() < 0.04
        opinion = {"committee-opinion": "不同意推荐" if no else "同意推荐"}
        entry = yield from act(at, case_id, "committee-vote", opinion, member)
        if entry is None or entry.case.state != "committee-deciding":
            return
        at += timedelta(seconds=random.randint(10, 90))


def _looked_into(random: Random, organisation: Organisation, case_id: str) -> Scene[bool]:
    """Somebody tells the committee something while its notice hangs out; it turns out to be nothing."""
    committee, diary = organisation.committee, Diary(random)
    case = yield from look(moment(workday(date(RECOMMENDED.year, 6, 3)), 10), case_id)
    if case.state != "committee-notice":
        return True
    at = diary.soon(moment(date(RECOMMENDED.year, 6, 3), 10))
    note = {"rejection-reason": "有党员反映到会人数与签到不符，退回核实"}
    yield from act(at, case_id, "committee-objection", note, committee.clerk)
    yield from _proposed(random, organisation, case_id, diary.soon(at, 0, 1), against=False)
    return True
