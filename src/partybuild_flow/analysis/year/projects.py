"""One project of the district, one of each committee, and the branches that carry them out."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Final, NamedTuple

from partybuild_flow.analysis.year.branches import BranchPlan, branch
from partybuild_flow.analysis.year.calendar_2025 import (
    PROJECT_ENDS,
    PROJECT_STARTS,
    QUARTERS,
    TOPICS,
    YEAR,
    Diary,
    day_of,
    moment,
    workday,
)
from partybuild_flow.analysis.year.closing import closed, graded, rectified
from partybuild_flow.analysis.year.names import people
from partybuild_flow.analysis.year.script import Data, Scene, Script, act, begin, join, look
from partybuild_flow.analysis.year.world import DISTRICT, World
from partybuild_flow.case import Actor, Entry

THEMES: Final = (
    "聚焦老旧小区停车难，增加共享泊位",
    "楼宇党建联动，服务入驻企业",
    "网格红管家，诉求不过夜",
    "新业态群体暖心驿站",
    "党员骨干结对帮扶",
    "安全生产红色哨兵",
    "小区议事厅，难题大家议",
    "科创先锋，攻关揭榜",
)
MILESTONES: Final = (
    ("摸底建账", date(YEAR, 3, 28), 15),
    ("试点推开", date(YEAR, 6, 26), 30),
    ("全面实施", date(YEAR, 9, 26), 30),
    ("总结提升", date(YEAR, 12, 12), 25),
)
_STARTS: Final = (date(YEAR, 3, 3), date(YEAR, 4, 7), date(YEAR, 7, 7), date(YEAR, 10, 9))
_REPLANNED: Final = (date(YEAR, 5, 12), date(YEAR, 8, 15), date(YEAR, 11, 14))
_AFTER_MIDTERM: Final = date(YEAR, 7, 4)
_LAST_REPORT: Final = date(YEAR, 12, 12)
_SHARES: Final = (15, 30, 30, 25)
EARLY: Final = 0.05
"""The share of branches that begin a quarter early and so are asked what is to become of them after half a year."""


class Team(NamedTuple):
    """Who carries a project: the committee's people, or the district's."""

    unit: str
    level: str
    secretary: Actor
    liaison: Actor
    approver: Actor


def projects(world: World) -> Script:
    """The project of the district, which all others hang on."""
    district = world.district
    team = Team(DISTRICT, "区级", district.secretary, district.liaison, district.approver)
    at = moment(workday(TOPICS), 9, 30)
    ids: list[str] = []
    others = [
        Team(each.unit, "直属", each.secretary, each.liaison, each.approver) for each in world.committees
    ]
    topic = _topic(team, "党建引领，服务到家", None)
    case = yield from begin(at, "secretary-project", topic, team.secretary)
    if case is None:
        return
    again = {**topic, "title": "另一个主项目"}
    yield from begin(
        at + timedelta(minutes=5), "secretary-project", again, team.secretary, refusal="second-project"
    )
    shares = _shares(world, len(others) + 1)
    for number, each in enumerate(others):
        yield from join(at, project(world, each, case.id, shares[number + 1], number, ids))
    yield from _carried(world, team, case.id, shares[0], 0)
    yield from graded(world, case.id, ids)


def project(world: World, team: Team, district: str, branches: int, number: int, ids: list[str]) -> Script:
    """The project of a committee. `ids` takes its id."""
    random = world.random("topic", number)
    topic = _topic(team, f"{THEMES[number % len(THEMES)]}（{team.unit.rsplit('/', 1)[-1]}）", district)
    at = Diary(random).on(workday(TOPICS, 1 + number % 3))
    case = yield from begin(at, "secretary-project", topic, team.secretary)
    if case is not None:
        ids.append(case.id)
        yield from _carried(world, team, case.id, branches, number + 1)


def _topic(team: Team, title: str, district: str | None) -> Data:
    topic: dict[str, object] = {
        "level": team.level,
        "year": YEAR,
        "committee": team.unit,
        "approach": "首次立项",
        "title": title,
    }
    return topic if district is None else {**topic, "district-project": district}


def _shares(world: World, projects: int) -> list[int]:
    """How many branches each project has."""
    least, more = divmod(world.size.branches, projects)
    return [least + (place < more) for place in range(projects)]


def _carried(world: World, team: Team, case_id: str, branches: int, number: int) -> Scene[None]:
    random = world.random("project", number)
    diary = Diary(random)
    approved = yield from _approved(world, random, team, case_id, number)
    if not approved:
        return
    at = diary.on(PROJECT_STARTS - timedelta(days=random.randint(1, 4)))
    plan = {
        "starts-on": PROJECT_STARTS,
        "ends-on": PROJECT_ENDS,
        "milestones": [
            {
                "milestone": name,
                "owner": team.liaison.id,
                "target": f"{name}完成率100%",
                "due": due,
                "weight": weight,
            }
            for name, due, weight in MILESTONES
        ],
        "branch-plan": _branch_plan(world, random, team, branches, number),
    }
    entry = yield from act(at, case_id, "decompose", plan, team.secretary)
    if entry is None:
        return
    yield from _joined(world, entry, day_of(at))
    if number == 3:
        yield from _handed_over(world, case_id)
    for quarter, ended in enumerate(QUARTERS):
        if quarter:
            yield from _replanned(world, random, team, case_id, quarter)
        yield from _quarter(world, random, team, case_id, quarter, ended)
    yield from closed(world, random, team.secretary, team.approver, case_id, last=team.level == "区级")


def _approved(world: World, random: Random, team: Team, case_id: str, number: int) -> Scene[bool]:
    """Through the panel; one has to be revised first."""
    district, diary = world.district, Diary(random)
    at = diary.on(date(YEAR, 1, 8))
    told = ("background", "problem", "measures", "schedule", "expected")
    application = dict.fromkeys(told, "见申报书") | {"application": "申报书"}
    yield from act(at, case_id, "apply", application, team.secretary)
    at = diary.soon(at, 1, 2)
    if number == 5:
        reason = {"return-reason": "切口过大，请收窄"}
        yield from act(at, case_id, "return-application", reason, district.department)
        at = diary.soon(at, 1, 2)
        yield from act(at, case_id, "apply", application, team.secretary)
        at = diary.soon(at, 1, 2)
    panel = list(district.experts[: 7 if team.level == "区级" else 5])
    passed = {
        "preliminary-opinion": "切口适当，目标可衡量",
        "scope-small": True,
        "panel": [each.id for each in panel],
    }
    yield from act(at, case_id, "pass-preliminary", passed, district.department)
    level = 76 if number == 7 else random.uniform(83, 94)
    state = ""
    for _ in range(2):
        at = diary.soon(at, 1, 2)
        for expert in panel:
            at += timedelta(minutes=random.randint(1, 20))
            mark = {"mark": round(min(random.gauss(level, 1.5), 100), 1)}
            entry = yield from act(at, case_id, "approval-mark", mark, expert)
            state = entry.case.state if entry is not None else state
        if state != "revise":
            break
        at = diary.soon(at, 1, 3)
        yield from act(at, case_id, "resubmit", {"comparison": "修改对照表"}, team.secretary)
        level = 86
    return state == "approved"


def _branch_plan(
    world: World, random: Random, team: Team, branches: int, number: int
) -> list[dict[str, object]]:
    names = people(random)
    units = [each.unit for each in world.organisations if f"{each.unit}/".startswith(f"{team.unit}/")]
    plan = []
    for place in range(branches):
        milestone = random.choices(range(len(MILESTONES)), _SHARES)[0]
        name, due, _ = MILESTONES[milestone]
        starts = _STARTS[milestone] + timedelta(days=random.randint(0, 10))
        if milestone > 1 and random.random() < EARLY:
            starts = _STARTS[milestone - 1]
        unit = random.choice(units)
        plan.append(
            {
                "title": f"{name}行动支部{number:02d}{place + 1:03d}",
                "branch-leader": next(names),
                "superior-unit": unit,
                "purpose": f"承担“{name}”",
                "milestone": name,
                "planned-start": starts,
                "due": due,
            }
        )
    return plan


def _replanned(world: World, random: Random, team: Team, case_id: str, quarter: int) -> Scene[None]:
    """Where a branch was given up, another one takes its task."""
    at = moment(workday(_REPLANNED[quarter - 1]), 10, random.randrange(60))
    yield from rectified(world, random, team.secretary, case_id, at - timedelta(hours=1))
    case = yield from look(at, case_id)
    if not case.data.get("to-replan"):
        return
    name, due, _ = MILESTONES[quarter]
    plan = {
        "title": f"{name}接续支部{case_id[-3:]}",
        "branch-leader": next(people(random)),
        "superior-unit": team.unit,
        "purpose": f"接续承担“{name}”",
        "milestone": name,
        "planned-start": workday(day_of(at), 3),
        "due": due,
    }
    leader = Actor(str(case.data["leader"]), team.secretary.roles)
    entry = yield from act(at, case_id, "replan-branches", {"branch-plan": [plan]}, leader)
    if entry is not None:
        yield from _joined(world, entry, day_of(at))


def _joined(world: World, entry: Entry, formed: date) -> Scene[None]:
    """The branches that an entry began go on by themselves."""
    for sent in entry.sends:
        if sent.workflow == "action-branch":
            plan = BranchPlan.of(sent.data)
            about = max(formed, plan.starts - timedelta(days=25))
            at = moment(workday(about, 1), 9)
            yield from join(at, branch(world, sent.case_id, plan, day_of(at)))


def _handed_over(world: World, case_id: str) -> Scene[None]:
    """The secretary changes, and the successor takes the project over on paper."""
    handed = {
        "new-leader": "接任书记",
        "handed-over-on": date(YEAR, 3, 3),
        "handover-list": "交接清单",
    }
    at = moment(workday(date(YEAR, 3, 4)), 10)
    yield from act(at, case_id, "hand-over", handed, world.district.department)


def _quarter(
    world: World, random: Random, team: Team, case_id: str, quarter: int, ended: date
) -> Scene[None]:
    """A milestone closed, a report sent, and whatever the light then asks for."""
    diary, last = Diary(random), quarter == len(QUARTERS) - 1
    name, due, _ = MILESTONES[quarter]
    at = diary.on(workday(due - timedelta(days=random.randint(1, 3))))
    yield from rectified(world, random, team.secretary, case_id, at - timedelta(hours=1))
    evidence = {"milestone": name, "evidence": f"{name}佐证"}
    yield from act(at, case_id, "close-milestone", evidence, team.liaison)
    if quarter == 1:
        yield from _midterm(world, random, case_id)
        at = diary.on(_AFTER_MIDTERM)
    elif last:
        at = diary.on(_LAST_REPORT if team.level == "直属" else workday(_LAST_REPORT, 1))
    else:
        at = diary.on(workday(ended + timedelta(days=1), random.randint(0, 2)))
    yield from rectified(world, random, team.secretary, case_id, at - timedelta(hours=1))
    report = _progress(random, quarter, last=last)
    yield from act(at, case_id, "report", report, team.liaison)
    later = diary.soon(at, 0, 0) if last else diary.soon(at, 3, 8)
    yield from rectified(world, random, team.secretary, case_id, later)


def _progress(random: Random, quarter: int, *, last: bool) -> Data:
    planned = sum(weight for _, _, weight in MILESTONES[: quarter + 1])
    drawn = random.choices((0, 8, 10, 18, 34), (70, 14, 7, 6, 3))[0]
    paid = 100 * (quarter + 1)
    return {
        "progress": planned if last else max(planned - drawn, 0),
        "planned-payment": paid,
        "payment": paid - (10 if random.random() < 0.02 and not last else 0),
        "report-text": "各行动支部按计划推进",
    }


def _midterm(world: World, random: Random, case_id: str) -> Scene[None]:
    at = moment(date(YEAR, 7, 2), 9 + random.randrange(6), random.randrange(60))
    case = yield from look(at, case_id)
    if case.state == "midterm-review":
        found = {"feasibility": "可行", "midterm-form": "中期评估表"}
        yield from act(at, case_id, "evaluate-midterm", found, world.district.inspection)
