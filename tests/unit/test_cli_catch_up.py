"""`pbflow catch-up`: what is overdue in all cases, in words and as JSON."""

from __future__ import annotations

import json

from tests.deadlines import write_workflow
from tests.unit.conftest import Pbflow

CALENDAR = """\
日历: 办公
办公时间: [09:00-12:00, 13:00-17:00]
休息日: [周六, 周日]
年份:
  2022:
    发布: 2021-10-25
    来源: 测试
    放假:
      国庆节: 2022-10-01 至 2022-10-07
    上班: [2022-10-08, 2022-10-09]
"""
BY = "s:书记@园区"


def begun(pbflow: Pbflow) -> str:
    folder = write_workflow(pbflow.folder / "workflows")
    (folder / "work.calendar.yaml").write_text(CALENDAR, encoding="utf-8")
    answer = pbflow("case", "start", "mend", "--by", BY, "--now", "2022-09-28 10:00", "--json")
    assert answer.exit_code == 0, answer.stdout
    return str(json.loads(answer.stdout)["case"]["id"])


def test_what_is_overdue_is_done_once(pbflow: Pbflow) -> None:
    case = begun(pbflow)
    answer = pbflow("catch-up", "--now", "2022-10-09 10:00", "--json")
    counts = {"fired": 0, "refused": 0, "warned": 1, "recomputed": 0, "carried_out": 0}
    assert json.loads(answer.stdout) == {"caught_up": counts}
    answer = pbflow("catch-up", "--now", "2022-10-12 10:00", "--batch", "1", "--language", "zh-CN")
    assert answer.stdout.startswith("触发事件 1 个，未获准 1 个，提醒 1 次，")
    answer = pbflow("case", "history", case, "--language", "zh-CN")
    assert [word in answer.stdout for word in ("提醒", "逾期")] == [True, True]
    assert pbflow("verify").exit_code == 0


def test_an_instant_that_is_none_is_told(pbflow: Pbflow) -> None:
    begun(pbflow)
    assert pbflow("catch-up", "--now", "soon").exit_code == 2
    assert pbflow("catch-up", "--db", "sqlite:///nowhere.db").exit_code == 1
