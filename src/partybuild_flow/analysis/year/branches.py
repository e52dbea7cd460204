"""The life of an action branch: formed for one milestone, reporting every month, dissolved when its task is done."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from random import Random
from typing import Final, NamedTuple

from partybuild_flow.analysis.year.calendar_2025 import PROJECT_ENDS, Diary, day_of, moment, workday
from partybuild_flow.analysis.year.script import Data, Scene, Script, act, look
from partybuild_flow.analysis.year.world import World
from partybuild_flow.case import Actor

LAST_DAY: Final = PROJECT_ENDS - timedelta(days=9)
"""By when even those that are late are done, so that their project can be closed."""


class Trouble(NamedTuple):
    """What goes wrong in a branch. Mostly nothing."""

    idle_months: int = 0
    behind: int = 0
    short: bool = False
    late_days: int = 0
    forgets: bool = False
    leaves_early: bool = False


def trouble(random: Random) -> Trouble:
    """What goes wrong in a branch."""
    drawn = random.random()
    if drawn < 0.006:
        return Trouble(idle_months=random.choice((1, 1, 2, 3)))
    if drawn < 0.016:
        return Trouble(behind=random.choice((10, 12, 18, 25, 30, 31, 45)))
    if drawn < 0.019:
        return Trouble(short=True)
    if drawn < 0.031:
        return Trouble(late_days=random.randint(3, 16))
    if drawn < 0.06:
        return Trouble(forgets=True)
    return Trouble(leaves_early=drawn > 0.9985)


class BranchPlan(NamedTuple):
    """A branch as its project planned it."""

    title: str
    leader: str
    unit: str
    milestone: str
    starts: date
    due: date

    @classmethod
    def of(cls, data: Mapping[str, object]) -> BranchPlan:
        """The plan in what a project sent to a branch that it begins."""
        starts, due = data["planned-start"], data["ends-on"]
        if not isinstance(starts, date) or not isinstance(due, date):
            raise TypeError(f"a branch begins and ends on days, not {starts!r} and {due!r}")
        title, leader, unit, milestone = (
            str(data[name]) for name in ("title", "leader", "superior-unit", "milestone")
        )
        return cls(title, leader, unit, milestone, starts, due)


def branch(world: World, case_id: str, plan: BranchPlan, formed: date) -> Script:
    """A branch from its plan to its end."""
    random = world.random("branch", case_id)
    leader = Actor(plan.leader, (("branch-secretary", plan.unit),))
    superior = Actor(f"{plan.unit.rsplit('/', 1)[-1]}组织委员", (("superior", plan.unit),))
    diary, wrong = Diary(random), trouble(random)
    people = [plan.leader] + [f"{plan.title[-4:]}成员{place}" for place in range(2, random.randint(5, 10))]
    full = people[: random.choice((3, 3, 4, 5))]
    members = {"members": people, "full-members": full, "units": [plan.unit]}
    tasks = [f"{plan.milestone}第{place}项" for place in (1, 2)]
    listed = {"tasks": [{"task": each, "milestone": plan.milestone} for each in tasks]}
    at = diary.soon(moment(formed), 1, 6)
    yield from act(at, case_id, "submit-plan", {**members, **listed}, leader)
    at = diary.soon(at, 1, 4)
    yield from act(at, case_id, "approve", {}, superior)
    for person in full:
        at = diary.soon(at, 0, 1)
        entry = yield from act(at, case_id, "vote-to-form", {"agrees": True}, Actor(person))
        if entry is None or entry.case.state != "approved":
            break
    at = max(moment(workday(plan.starts), 9, random.randrange(60)), at + timedelta(hours=1))
    if (yield from act(at, case_id, "begin", {}, leader)) is None:
        return
    if wrong.leaves_early:
        reason = {"reason": "人员调整，任务并入其他支部"}
        yield from act(diary.soon(at, 8, 15), case_id, "dissolve-early", reason, superior)
        return
    done = yield from _worked(random, case_id, plan, wrong, leader, at, members)
    yield from _ended(random, case_id, plan, tasks, leader, superior, done)


def _worked(
    random: Random,
    case_id: str,
    plan: BranchPlan,
    wrong: Trouble,
    leader: Actor,
    began: datetime,
    members: Data,
) -> Scene[datetime]:
    """A report a month, and what goes wrong; when the task is done."""
    diary = Diary(random)
    ends = plan.due - timedelta(days=random.randint(1, 6))
    if wrong.late_days:
        ends = min(plan.due + timedelta(days=wrong.late_days), LAST_DAY)
    if wrong.short:
        few = {**members, "full-members": [plan.leader]}
        yield from act(diary.soon(began, 3, 8), case_id, "change-members", few, leader)
    for number, month in enumerate(_months(day_of(began), ends)):
        at = diary.on(workday(month, random.randint(0, 3)))
        if wrong.forgets and number == 1:
            continue
        if wrong.short and number == 1:
            case = yield from look(at, case_id)
            event = "refill" if case.state == "suspended" else "change-members"
            yield from act(at + timedelta(minutes=1), case_id, event, members, leader)
        yield from act(at + timedelta(minutes=2), case_id, "report", _report(plan, wrong, number, at), leader)
    return max(moment(workday(ends), 10, random.randrange(60)), began + timedelta(days=1))


def _report(plan: BranchPlan, wrong: Trouble, number: int, at: datetime) -> Data:
    whole = max((plan.due - plan.starts).days, 1)
    planned = min(max((day_of(at) - plan.starts).days * 100 // whole, 0), 100)
    started = number >= wrong.idle_months
    behind = wrong.behind if number < 2 else wrong.behind // 4
    return {
        "planned-progress": planned,
        "progress": max(planned - behind, 0) if started else 0,
        "started-work": started,
    }


def _months(began: date, ended: date) -> list[date]:
    """The first days of the months after each one that a branch was at work in, while it still is."""
    found = []
    month = date(began.year + began.month // 12, began.month % 12 + 1, 1)
    while workday(month, 4) < ended:
        found.append(month)
        month = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    return found


def _ended(
    random: Random,
    case_id: str,
    plan: BranchPlan,
    tasks: list[str],
    leader: Actor,
    superior: Actor,
    at: datetime,
) -> Scene[None]:
    diary = Diary(random)
    case = yield from look(at, case_id)
    if case.state == "six-months":
        if random.random() < 0.1:
            yield from act(at, case_id, "convert", {}, superior)
            return
        longer = {"extend-to": plan.due + timedelta(days=1), "reason": "任务即将完成"}
        if day_of(at) > plan.due:
            longer["extend-to"] = day_of(at) + timedelta(days=1)
        yield from act(at, case_id, "extend", longer, superior)
    for task in tasks:
        at += timedelta(minutes=random.randint(1, 9))
        yield from act(at, case_id, "finish-task", {"task": task}, leader)
    at += timedelta(minutes=10)
    if (yield from act(at, case_id, "finish", {"summary": "工作总结"}, leader)) is not None:
        yield from act(diary.soon(at, 1, 8), case_id, "dissolve", {}, superior)
