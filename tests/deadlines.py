"""A small lifecycle whose deadlines do everything that deadlines can, for tests of them."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from partybuild_flow import Actor, Engine
from partybuild_flow.calendar import Calendar, CalendarYear, DaysOff
from partybuild_flow.case import Entry, Running
from tests.conftest import Clock

CIVIL = ZoneInfo("Asia/Shanghai")
PLACE = "园区/湖景街道"
WORKER = Actor("worker", [("承办人", PLACE)])
SECRETARY = Actor("secretary", [("书记", "园区")])

NATIONAL_DAY = CalendarYear(
    2022,
    date(2021, 10, 25),
    "test",
    (DaysOff("国庆节", date(2022, 10, 1), date(2022, 10, 7)),),
    (date(2022, 10, 8), date(2022, 10, 9)),
)
NEW_YEAR = CalendarYear(
    2023, date(2022, 12, 8), "test", (DaysOff("元旦", date(2022, 12, 31), date(2023, 1, 2)),)
)
HOURS = ((time(9), time(12)), (time(13), time(17)))
UNPUBLISHED = Calendar("work", "办公", HOURS, years=(NATIONAL_DAY,))
PUBLISHED = Calendar("work", "办公", HOURS, years=(NATIONAL_DAY, NEW_YEAR))

WORKFLOW = """\
流程: 整改
代号: mend
日历: work
字段:
  延期: {代号: extension, 类型: 时限}
  起日: {代号: begins-on, 类型: 日期}
  黄牌: {代号: yellow, 类型: 整数}
  次数: {代号: rounds, 类型: 整数}
  走访: {代号: visited, 类型: 是否}
角色: [承办人, 书记]
参数:
  整改时限: {代号: term, 值: 5 工作日, 来源: 测试}
状态:
  在办: {代号: open, 状态: [整改中, 待补充]}
  公示中: {代号: publicity}
  办结: {代号: closed, 终结: 是}
流转:
  - {事件: 交办, 代号: assign, 由: 书记, 须填: [走访？], 设定: {黄牌: '0', 次数: '0', 延期: 0 工作日}, 到: 整改中}
  - {事件: 待补, 代号: ask, 从: 整改中, 由: 承办人, 到: 待补充}
  - {事件: 补充, 代号: supply, 从: 待补充, 由: 承办人, 到: 整改中}
  - {事件: 申请延期, 代号: extend, 从: 在办, 由: 承办人, 须填: [延期]}
  - {事件: 走访记录, 代号: visit, 从: 在办, 由: 承办人, 须填: [走访]}
  - {事件: 说明, 代号: explain, 从: 在办, 由: 承办人, 当: 整改.未到期}
  - {事件: 逾期, 代号: overdue, 从: 在办, 由: 到时, 设定: {黄牌: 黄牌 + 1}}
  - {事件: 未走访, 代号: unvisited, 从: 在办, 由: 到时, 当: 走访 = false, 设定: {次数: 次数 + 1}}
  - {事件: 公示, 代号: publish, 从: 在办, 由: 书记, 须填: [起日], 到: 公示中}
  - {事件: 异议, 代号: object, 从: 公示中, 由: 任何人, 当: 公示期.未到期, 到: 整改中}
  - {事件: 期满, 代号: published, 从: 公示中, 由: 到时, 到: 办结}
期限:
  整改:
    代号: mending
    期间: 在办
    到期: 整改时限 + 延期
    暂停: 待补充
    提醒: [50%, {于: 1 工作日, 通知: 书记, 内容: '黄牌 {黄牌}，{整改.到期} 到期'}]
    触发: 逾期
  走访期: {代号: visiting, 期间: 在办, 每: 月, 到期: 3 工作日, 触发: 未走访}
  公示期: {代号: window, 期间: 公示中, 自: 起日, 到期: 5 工作日 含当日 至下班, 触发: 期满}
"""


def write_workflow(folder: Path, text: str = WORKFLOW, name: str = "mend") -> Path:
    """The folder of workflows with this one in it."""
    home = folder / name
    home.mkdir(parents=True)
    (home / "workflow.yaml").write_text(text, encoding="utf-8")
    return folder


def opened(url: str, workflows: Path, clock: Clock, calendar: Calendar = PUBLISHED) -> Engine:
    """An engine whose terms are counted on this calendar."""
    numbers = iter(range(1, 1_000_000))
    ids = lambda: f"case-{next(numbers):06}"  # noqa: E731
    return Engine.open(url, workflows, clock=clock, calendars={"work": calendar}, ids=ids)


def at(text: str) -> datetime:
    """An instant on the civil clock."""
    return datetime.fromisoformat(text).replace(tzinfo=CIVIL)


def told(instant: datetime | None) -> str:
    """An instant as people read it on the civil clock."""
    return "" if instant is None else instant.astimezone(CIVIL).strftime("%Y-%m-%d %H:%M")


def running(engine: Engine, case_id: str, deadline: str) -> Running:
    """A deadline of a case."""
    return next(each for each in engine.case(case_id).deadlines if each.deadline == deadline)


def journal(engine: Engine, case_id: str) -> list[tuple[object, ...]]:
    """What the journal of a case says, whatever its id and whenever it was recorded."""
    return [_said(entry) for entry in engine.history(case_id)]


def _said(entry: Entry) -> tuple[object, ...]:
    return (
        entry.event, entry.transition, entry.deadline, entry.occurred_at, entry.source, entry.target,
        entry.settings, entry.effects, entry.deadlines, entry.case.data, entry.case.deadlines,
    )  # fmt: skip
