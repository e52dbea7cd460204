"""Rates are what a workflow defines, counted exactly, by unit and period; nothing counted is no rate at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partybuild_flow import Actor, Engine, Share, check, read_workflow
from partybuild_flow.engine.rates import count_rates

WRITTEN = """\
流程: 诉求
代号: request
日历: cn
字段:
  接通: {代号: reached, 类型: 是否}
  评价: {代号: review, 类型: 选项, 取值: [满意, 基本满意, 不满意]}
  解决: {代号: solved, 类型: 是否}
角色: {受理员: {代号: clerk}}
状态:
  在办: {代号: open, 状态: {待派: {}, 办理中: {代号: handled}, 挂账: {代号: suspended}}}
  办结: {代号: closed}
  归档: {代号: filed, 终结: 是}
  终止: {代号: ended, 终结: 是}
流转:
  - {事件: 登记, 代号: report, 由: 任何人, 到: 待派}
  - {事件: 派单, 代号: dispatch, 从: 待派, 由: 受理员, 到: 办理中}
  - {事件: 办理完毕, 代号: close, 从: 办理中, 由: 受理员, 到: 办结}
  - {事件: 重办, 代号: redo, 从: 办结, 由: 受理员, 到: 待派}
  - {事件: 回访, 代号: call-back, 从: 办结, 由: 受理员, 须填: [接通, 评价?, 解决?], 到: 归档}
  - {事件: 挂账, 代号: suspend, 从: 办理中, 由: 受理员, 到: 挂账}
  - {事件: 恢复, 代号: resume, 从: 挂账, 由: 受理员, 到: 办理中}
  - {事件: 终止, 代号: end, 从: [办理中, 挂账], 由: 受理员, 到: 终止}
期限:
  办理: {代号: handling, 期间: 在办, 到期: 5 工作日, 暂停: 挂账}
比率:
  办结率: {代号: closing, 分子: 状态.办结.次数 > 0, 归期: 办理, 至少: 99.5%}
  按时办结率: {代号: on-time, 分子: 状态.办结.首次 <= 办理.到期, 归期: 办理}
  响应率: {代号: response, 分子: 事件.派单.首次 <= 事件.登记.首次 + 24 小时, 归期: 事件.登记.首次}
  解决率: {代号: solving, 分子: 解决, 分母: 接通, 归期: 事件.回访.末次}
  满意率: {代号: satisfaction, 分子: '评价 in ("满意", "基本满意")', 分母: 接通, 归期: 事件.回访.末次}
  在办率: {代号: open-now, 分子: 状态.在办.现在, 归期: today}
  重办率: {代号: redone, 分子: 状态.在办.次数 > 1, 归期: 事件.登记.首次}
"""
MONDAY = datetime.fromisoformat("2024-03-04T09:00+08:00")
CLERK = Actor("clerk", [("clerk", "区")])


@dataclass
class Desk:
    """An engine with a clock that is set by hand."""

    engine: Engine
    clock: list[datetime]

    def set(self, now: datetime | str) -> None:
        self.clock[0] = datetime.fromisoformat(now) if isinstance(now, str) else now

    def case(self, unit: str = "区/甲", *events: str) -> str:
        entry = self.engine.start("request", by=CLERK, unit=unit)
        for event in events:
            self.engine.send(entry.case.id, event, by=CLERK)
        return entry.case.id

    def called(self, reached: bool, review: str | None = None, solved: bool | None = None) -> None:
        data = {"reached": reached, "review": review, "solved": solved}
        self.engine.send(self.case("区/甲", "dispatch", "close"), "call-back", data, by=CLERK)

    def share(self, rate: str, **wanted: object) -> Share:
        ask: Callable[..., tuple[Share, ...]] = self.engine.rates
        (found,) = (each for each in ask("request", **wanted) if each.rate == rate)
        return found


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    folder = tmp_path / "request"
    folder.mkdir()
    (folder / "workflow.yaml").write_text(WRITTEN, encoding="utf-8")
    assert check(read_workflow(folder)) == ()
    clock = [MONDAY]
    return Desk(Engine.open("memory://", workflows=folder, clock=lambda: clock[0]), clock)


def test_a_case_counts_in_the_period_in_which_it_is_due_and_not_in_that_of_its_beginning(desk: Desk) -> None:
    desk.set("2024-02-28T09:00+08:00")
    desk.case("区", "dispatch", "close")
    february, march = (date(2024, 2, 1), date(2024, 2, 29)), (date(2024, 3, 1), date(2024, 3, 31))
    assert desk.share("closing", period=february).denominator == 0
    assert desk.share("closing", period=march).value == 1


def test_what_is_due_at_24_hours_counts_on_the_day_that_ends(desk: Desk) -> None:
    desk.set("2024-03-22T09:00+08:00")
    desk.case()
    (running,) = desk.engine.cases()[0].deadlines
    assert running.due_at == datetime(2024, 3, 29, 16, tzinfo=UTC)
    friday = date(2024, 3, 29)
    assert desk.share("closing", period=(friday, friday)).denominator == 1


def test_no_case_is_no_rate_and_neither_0_nor_100_percent(desk: Desk) -> None:
    share = desk.share("closing")
    assert (share.value, share.percent(), share.met) == (None, None, None)
    desk.called(reached=False)
    assert desk.share("solving").value is None


def test_only_effective_call_backs_count_and_a_missing_answer_says_no(desk: Desk) -> None:
    desk.called(reached=True, review="基本满意", solved=True)
    desk.called(reached=True, review="不满意", solved=False)
    desk.called(reached=True)
    desk.called(reached=False)
    assert desk.share("satisfaction").value == Fraction(1, 3)
    assert desk.share("solving").value == Fraction(1, 3)


def test_on_time_is_measured_by_the_deadline_as_it_last_ran(desk: Desk) -> None:
    desk.case("区/甲", "dispatch", "close")
    late = desk.case("区/甲", "dispatch")
    desk.set(MONDAY + timedelta(days=30))
    desk.engine.send(late, "close", by=CLERK)
    assert desk.share("closing").value == 1
    assert desk.share("on-time").value == Fraction(1, 2)


def test_a_case_that_ends_while_its_deadline_stands_still_counts_in_the_period_in_which_it_ends(
    desk: Desk,
) -> None:
    desk.case("区/甲", "dispatch", "close")
    suspended = desk.case("区/甲", "dispatch", "suspend")
    assert desk.share("closing").value == 1
    desk.set("2024-05-06T09:00+08:00")
    desk.engine.send(suspended, "end", by=CLERK)
    march, may = (date(2024, 3, 1), date(2024, 3, 31)), (date(2024, 5, 1), date(2024, 5, 31))
    assert desk.share("closing", period=march).value == 1
    assert desk.share("closing", period=may).value == 0
    assert desk.share("on-time").value == Fraction(1, 2)


def test_a_case_that_ends_while_its_deadline_runs_counts_when_that_was_due(desk: Desk) -> None:
    resumed = desk.case("区/甲", "dispatch", "suspend", "resume")
    desk.engine.send(resumed, "end", by=CLERK)
    monday = date(2024, 3, 11)
    assert desk.share("closing", period=(monday, monday)).value == 0


def test_states_tell_first_last_count_and_now_of_compound_states_as_well(desk: Desk) -> None:
    desk.case("区/甲", "dispatch", "close", "redo", "dispatch")
    desk.case("区/甲", "dispatch")
    desk.case("区/甲", "dispatch", "close")
    assert desk.share("redone").value == Fraction(1, 3)
    assert desk.share("open-now").value == Fraction(2, 3)


def test_a_unit_counts_what_is_below_it(desk: Desk) -> None:
    desk.case("区/甲/一", "dispatch", "close")
    desk.case("区/甲/二")
    desk.case("区/乙")
    found = {each.unit: each for each in desk.engine.rates("request", by_unit=2) if each.rate == "closing"}
    assert list(found) == ["", "区", "区/乙", "区/甲"]
    assert found["区/甲"].value == Fraction(1, 2)
    assert found["区/乙"].value == 0
    assert found["区"].value == found[""].value == Fraction(1, 3)


def test_every_month_is_told_even_one_without_a_case_and_cut_to_the_period(desk: Desk) -> None:
    desk.case("区/甲", "dispatch")
    desk.set("2024-05-20T09:00+08:00")
    desk.case()
    shares = desk.engine.rates("request", every="month", period=(date(2024, 3, 2), date(2024, 5, 30)))
    found = [each for each in shares if each.rate == "response"]
    assert [(each.begins, each.ends) for each in found] == [
        (date(2024, 3, 2), date(2024, 3, 31)),
        (date(2024, 4, 1), date(2024, 4, 30)),
        (date(2024, 5, 1), date(2024, 5, 30)),
    ]
    assert [each.value for each in found] == [1, None, 0]


@pytest.mark.parametrize(
    ("every", "begins", "ends"),
    [
        ("month", date(2024, 3, 1), date(2024, 3, 31)),
        ("quarter", date(2024, 1, 1), date(2024, 3, 31)),
        ("half-year", date(2024, 1, 1), date(2024, 6, 30)),
        ("year", date(2024, 1, 1), date(2024, 12, 31)),
    ],
)
def test_a_period_has_its_first_and_its_last_day(desk: Desk, every: str, begins: date, ends: date) -> None:
    desk.case()
    share = desk.share("response", every=every)
    assert (share.begins, share.ends) == (begins, ends)


def test_a_reader_without_a_role_over_a_case_does_not_count_it_though_he_began_it(desk: Desk) -> None:
    desk.case()
    resident = Actor("resident", [("居民", "区/甲")])
    desk.engine.start("request", by=resident, unit="区/甲")
    assert desk.share("response", by=CLERK).denominator == 2
    assert desk.share("response", by=Actor("other", [("clerk", "区/乙")])).denominator == 0
    assert desk.share("response", by=resident).denominator == 0


def test_8955_of_9000_reach_what_is_asked_and_8954_do_not() -> None:
    def share(done: int) -> Share:
        return Share("closing", "办结率", "", None, None, done, 9000, Decimal("0.995"))

    assert share(8955).met is True
    assert share(8954).met is False
    assert share(8954).percent() == Decimal("99.49")
    assert share(8954).percent(1) == Decimal("99.5")


@given(st.integers(0, 10_000), st.integers(1, 10_000), st.integers(0, 6))
def test_percentages_are_rounded_half_up(done: int, counted: int, decimals: int) -> None:
    told = Share("a", "a", "", None, None, done, counted, None).percent(decimals)
    assert told is not None
    off = Fraction(told) - Fraction(100 * done, counted)
    half = Fraction(1, 2 * 10**decimals)
    assert -half < off <= half


def test_nothing_defined_gives_nothing(desk: Desk) -> None:
    bare = desk.engine.workflows[0].model_copy(update={"rates": {}})
    assert count_rates(bare, [], MONDAY) == ()


def test_the_requests_of_residents_have_the_five_rates_that_are_reported() -> None:
    rates = read_workflow(Path(__file__).parents[2] / "workflows" / "request-handling").rates.values()
    assert [each.name for each in rates] == ["办结率", "按时办结率", "响应率", "解决率", "满意率"]
    assert [each.at_least for each in rates] == [Decimal("0.995"), None, None, None, None]
