"""Objections to names on the published list, each with its own examination."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from random import Random
from typing import Final

from partybuild_flow.analysis.year.calendar_2025 import PUBLISHED, Diary, moment
from partybuild_flow.analysis.year.script import Data, Scene, Script, act, begin, look
from partybuild_flow.analysis.year.world import DISTRICT, Committee, Organisation, World
from partybuild_flow.case import Actor

MOST_LOOKED: Final = 60
"""How many cases somebody looks through to find one to object to."""


def objection(world: World, number: int, organisations: Sequence[tuple[Organisation, str]]) -> Script:
    """An objection to somebody on the list; every fourth one is anonymous, every sixth one is right."""
    random = world.random("objection", number)
    at = moment(PUBLISHED + timedelta(days=1 + number % 3), 9 + number % 7, random.randrange(60))
    wanted = ("五星", "标兵") if number % 3 == 0 else ("四星", "三星")
    for organisation, case_id in organisations[:MOST_LOOKED]:
        case = yield from look(at, case_id)
        if case.state == "publicity" and case.data.get("proposed-star") in wanted:
            named = number % 4 != 1
            opened = yield from begin(at, "objection", _told(case_id, named=named), _somebody(number))
            if opened is not None and named:
                founded = number % 6 == 0
                yield from _examined(random, organisation.committee, opened.id, at, founded=founded)
            return


def late_objection(case_id: str, ended: date) -> Script:
    """An objection one minute after the publicity ended."""
    told = _told(case_id, named=True)
    yield from begin(moment(ended, 17, 1), "objection", told, _somebody(99), refusal="late")


def _somebody(number: int) -> Actor:
    return Actor(f"群众{number:02d}", (("anyone", DISTRICT),))


def _told(case_id: str, *, named: bool) -> Data:
    told = {
        "application": case_id,
        "signature": "个人实名" if named else "匿名",
        "content": "公示名单中该支部上一年度未按期换届，请核实。",
    }
    return {**told, "objector": "李某某", "objector-phone": "138****0000"} if named else told


def _examined(
    random: Random, committee: Committee, case_id: str, at: datetime, *, founded: bool
) -> Scene[None]:
    diary, two = Diary(random), committee.checkers[:2]
    at = diary.soon(at, 0, 1)
    yield from act(at, case_id, "assign", {"checkers": [each.id for each in two]}, committee.supervisor)
    at = diary.soon(at, 1, 3)
    report = {"finding": "属实" if founded else "不属实", "report": "核查报告"}
    yield from act(at, case_id, "report-finding", report, two[0])
    for checker in two:
        at += timedelta(minutes=random.randint(5, 50))
        yield from act(at, case_id, "sign", {"opinion": "同意"}, checker)
    ruling = {"ruling": "经核查，反映的情况" + ("属实" if founded else "不属实")}
    event = "find-founded" if founded else "find-unfounded"
    yield from act(diary.soon(at, 0, 1), case_id, event, ruling, committee.supervisor)
