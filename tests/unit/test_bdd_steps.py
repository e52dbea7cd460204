"""What each step does, said to a scene as a feature says it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from decimal import Decimal

import pytest

from partybuild_flow.bdd.definitions import Definitions
from partybuild_flow.bdd.failing import StepFailed
from partybuild_flow.bdd.passing import after, before
from partybuild_flow.bdd.scene import Scene
from partybuild_flow.bdd.steps import Said, carry_out
from partybuild_flow.bdd.steps.attempts import settle
from partybuild_flow.calendar import Calendar, CalendarYear, DaysOff
from partybuild_flow.facts import HOME
from partybuild_flow.feel import Term
from tests.bdd_toy import write_toy

Say = Callable[..., None]

PEOPLE = (
    "“小管”是“街道”的“管理员”",
    "“老丁”是“街道”的“管理员、负责人”",
    "“居民”没有角色",
    "查询“失信记录”答“0”",
)
ASKED = {"单号": "1", "物品": "桌椅", "件数": "20"}
START = "“居民”发起“借用登记”，于“街道/社区”"


@pytest.fixture(scope="module")
def definitions(tmp_path_factory: pytest.TempPathFactory) -> Definitions:
    return Definitions((write_toy(tmp_path_factory.mktemp("toy")) / "workflows",))


@pytest.fixture
def scene(definitions: Definitions) -> Iterator[Scene]:
    opened = Scene(definitions)
    yield opened
    opened.close()


@pytest.fixture
def say(scene: Scene) -> Say:
    """Says steps to the scene; `table` holds pairs or rows, `long` a doc string."""

    def said(
        text: str, *, long: str | None = None, rows: list[list[str]] | None = None, **pairs: str
    ) -> None:
        table = rows if rows is not None else [[name, value] for name, value in pairs.items()]
        carry_out(scene, Said(text, table, long, "zh-CN" if any(each >= "\u4e00" for each in text) else "en"))

    said("现在是“2022-09-30 16:00”")
    for each in PEOPLE:
        said(each)
    return said


@pytest.fixture
def lent(say: Say) -> Say:
    """The same where a case was begun and the things are lent."""
    say(START, **ASKED)
    say("“小管”执行“审核”")
    return say


def fails(say: Say, text: str, code: str, **below: str) -> str:
    with pytest.raises(StepFailed) as failed:
        say(text, **below)
    assert failed.value.code == code
    assert failed.value.sentence("en")
    return failed.value.sentence("zh-CN")


STANDS = [
    "状态是“借出”", "状态是“lent”", "状态是“在借”", "状态不是“待审”", "“件数”是“20”", "“押金”是“200.00”", "“pieces”是“20”",
    "字段“物品”是“桌椅”", "“物品”不是“音响”", "“说明”为空", "“急用”是“是”", "所属单位是“街道/社区”",
    "期限“归还”到“2022-10-01 16:00”", "在运行的期限是“归还”", "获准", "可以执行“”", "“老丁”可以执行“归还”",
    "不能执行“归还”，因为“回避”", "决定说明包含“件数多”", "决定说明不包含“缺少”", "触发规则“多件算急”", "触发规则“many”",
    "命中“审核表”第 2 行", "未命中“reviewing”第1行", "发出通知“桌椅20件”给“负责人”", "发出通知“单号1”", "未发出通知“音响”",
    "未发出通知给“管理员”", "历史有 2 条", "历史是“申请、审核”", "历史是“ask, review”", "“借用登记”共有 1 件",
    "“借用登记”中状态为“在借”的有 1 件", "“借用登记”中“物品”为“音响”的有 0 件", "“借用登记”中“2022-10-02 00:00”前到期的有 1 件",
    "“借用登记”中“2022-10-01 16:00”前到期的有 0 件", "“老丁”的“归还”办理单是“”", "“居民”看到“件数”是“20”", "全部记录完整",
    "the state is “借出”", "“押金” is “200”", "deadline “归还” is due “2022-10-01 16:00”", "it is accepted", "“老丁” can send “归还”",
    "“归还” cannot be sent because “回避”", "rule “many” fires", "row 2 of “审核表” holds", "row 1 of “审核表” does not hold",
    "notice “桌椅” goes out to “head”", "no notice “音响” goes out", "the history has 2 entries", "there is 1 “loan” case",
    "there are 0 “loan” cases in state “已还”", "the decision does not say “缺少”",
]  # fmt: skip


@pytest.mark.parametrize("promise", STANDS)
def test_a_promise_that_is_kept_passes(lent: Say, promise: str) -> None:
    lent(promise)


BROKEN = [
    ("状态是“待审”", "state", "是“借出”，不是“待审”"),
    ("状态是“待申”", "unknown-state", "是否想写“待审”"),
    ("状态不是“在借”", "state-not", "“在借”"),
    ("“件数”是“21”", "field", "是“20”，不是“21”"),
    ("“件树”是“21”", "unknown-field", "是否想写“件数”"),
    ("“件数”是“许多”", "bad-value", "“许多”"),
    ("“件数”为空", "field", "不是“（空）”"),
    ("“件数”不是“20”", "field-not", "“20”"),
    ("所属单位是“街道”", "unit", "街道/社区"),
    ("期限“归还”到“2022-10-01 24:00”", "deadline", "到 2022-10-01 16:00，不是 2022-10-01 24:00"),
    ("期限“归还”到“明天”", "bad-moment", "“明天”"),
    ("期限“归环”到“2022-10-01 24:00”", "unknown-deadline", "是否想写“归还”"),
    ("期限“归还”未在运行", "deadline.runs", "2022-10-01 16:00"),
    ("期限“归还”暂停计时", "deadline.runs", "2022-10-01 16:00"),
    ("期限“归还”是暂定的", "deadline.firm", "归还"),
    ("时间来到期限“归还”届满前“1 工作日”", "no-calendar", "日历"),
    ("在运行的期限是“”", "deadlines", "归还"),
    ("被拒绝", "not-refused", "没有被拒绝"),
    ("一切照旧", "changed", "“审核”"),
    ("可以执行“归还”", "possible", "“小管”可以执行“（空）”，不是“归还”"),
    ("“老丁”不能执行“归还”", "is-possible", "“老丁”可以执行“归还”"),
    ("不能执行“归还”，因为“下班”", "other-reason", "回避"),
    ("不能执行“归环”", "unknown-event", "是否想写“归还”"),
    ("决定说明包含“天气”", "explained", "天气"),
    ("决定说明不包含“件数多”", "not-explained", "件数多"),
    ("触发规则“少件”", "unknown-rule", "没有规则“少件”"),
    ("未触发规则“多件算急”", "no-rule", "触发了规则“多件算急”"),
    ("命中“审核表”第 1 行", "row", "命中的行：2"),
    ("未命中“审核表”第 2 行", "no-row", "命中了“审核表”第 2 行"),
    ("命中“借阅表”第 1 行", "unknown-table", "审核表"),
    ("发出通知“音响”给“负责人”", "notice", "桌椅20件"),
    ("未发出通知", "no-notice", "桌椅20件"),
    ("历史有 3 条", "count", "有 2 件（条），不是 3"),
    ("历史是“申请”", "history", "历史是“申请、审核”，不是“申请”"),
    ("“借用登记”共有 2 件", "count", "不是 2"),
    ("“借用等级”共有 1 件", "unknown-workflow", "是否想写“借用登记”"),
    ("“老丁”的“归还”须填“说明”", "form", "说明"),
    ("“居民”的“归还”办理单是“”", "no-form", "须由管理员办理"),
    ("“居民”看到“件数”是“21”", "field", "是“20”，不是“21”"),
    ("“居民”看不到该事项", "can-see", "居民"),
    ("“甲”的状态是“借出”", "unknown-case", "没有记为“甲”的事项"),
    ("“小馆”执行“归还”", "unknown-actor", "是否想写“小管”"),
    ("时间来到“2022-09-30 15:59”", "backwards", "早于"),
    ("时间过去“很久”", "bad-length", "很久"),
    ("时间过去“3 工作日”", "no-calendar", "日历"),
    ("采用参数方案“三年期”", "late-parameters", "三年期"),
    ("抽签数依次是“三”", "bad-lots", "三"),
    ("最近的“借用登记”记为“0001”", "name-taken", "0001"),
    ("“借用登记”中“物品”是“音响”的事项记为“甲”", "not-one", "现有 0 件"),
]  # fmt: skip


@pytest.mark.parametrize(("promise", "code", "told"), BROKEN)
def test_a_promise_that_is_not_kept_says_what_is_there_instead(
    lent: Say, scene: Scene, promise: str, code: str, told: str
) -> None:
    scene.names["0001"] = "0001"
    assert told in fails(lent, promise, code)


def test_people_come_one_by_one_or_in_a_table_with_several_roles(say: Say, scene: Scene) -> None:
    say("下列人员在任", rows=[["人员", "单位", "角色"], ["甲", "街道", "管理员、负责人"], ["乙", "", ""]])
    say("“甲”是“区”的“管理员”")
    assert scene.people["甲"].roles == (("管理员", "街道"), ("负责人", "街道"), ("管理员", "区"))
    assert scene.people["乙"].roles == (("", ""),) or scene.people["乙"].roles == ()
    fails(say, "下列人员在任", "no-rows")


def test_a_look_up_answers_for_what_is_asked_and_else_for_anything(say: Say, scene: Scene) -> None:
    say("查询“失信记录”对“139”答“2”")
    say(START, **ASKED, 联系电话="139")
    say("“小管”执行“审核”")
    say("被拒绝，因为“失信记录=***”")
    say("查询“black-list”对“139”答“0”")
    say("查询“失信记录”对“139”答“0”")
    say("“小管”执行“审核”")
    say("获准")


def test_a_look_up_without_an_answer_fails_the_step_that_asks(definitions: Definitions) -> None:
    scene = Scene(definitions)
    scene.person("居民")
    scene.person("小管", "管理员", at="街道")
    scene.start("loan", {"number": "1", "goods": "桌椅", "pieces": 1}, by="居民", unit="街道")
    with pytest.raises(StepFailed) as failed:
        scene.send("review", by="小管")
    assert "查询“失信记录”对“”答" in failed.value.sentence("zh-CN")


def test_cases_have_names_and_steps_may_be_about_any_of_them(say: Say, scene: Scene) -> None:
    say("“居民”发起“借用登记”，于“街道”，起于“申请”，发生在“2022-09-30 09:00”，记为“甲”", **ASKED)
    say("“居民”发起“loan”，于“街道”", **(ASKED | {"单号": "2", "物品": "音响"}))
    say("最近的“借用登记”记为“乙”")
    say("“小管”对“甲”执行“审核”")
    say("状态是“借出”")
    say("“乙”的状态是“待审”")
    say("以下针对“乙”")
    say("状态是“待审”")
    say("“甲”的历史有 2 条")
    say("“居民”看到“乙”的“物品”是“音响”")
    say("“借用登记”中“物品”是“音响”的事项记为“丙”")
    say("数据是", 物品="音响", 件数="20")
    say(
        "下列事项是",
        rows=[["事项", "状态", "件数"], ["甲", "借出", "20"], ["乙", "待审", "20"], ["丙", "待审", "20"]],
    )
    fails(say, "“借用登记”中属于“街道”的事项记为“丁”", "not-one")
    fails(say, "“居民”发起“借用登记”，记为“甲”", "name-taken", **ASKED)
    assert scene.case_id("甲") == "甲"
    assert scene.case_id("乙") == scene.case_id("丙") == "0001"


def test_several_cases_begin_and_go_on_from_one_table(say: Say) -> None:
    say(
        "存在下列“借用登记”",
        rows=[
            ["记为", "由", "于", "单号", "物品", "件数", "用途"],
            ["甲", "居民", "街道", "1", "桌椅", "3", "开会、展览"],
            ["乙", "小管", "街道/社区", "2", "展板", "4", ""],
        ],
    )
    say("“甲”的“用途”是“开会,展览”")
    say("“乙”的所属单位是“街道/社区”")
    say("“居民”发起下列“借用登记”，于“街道”", rows=[["单号", "物品", "件数"], ["3", "桌椅", "1"]])
    say("“小管”逐件执行“审核”", rows=[["事项", "说明"], ["甲", "同意"], ["乙", ""]])
    say("“借用登记”中状态为“借出”的有 2 件")
    say("下列人员执行“归还”", rows=[["人员", "事项"], ["老丁", "甲"], ["老丁", "乙"]])
    told = fails_rows(say, "“小管”逐件执行“审核”", [["事项"], ["0001"], ["甲"]])
    assert "第 2 行被拒绝" in told


def fails_rows(say: Say, text: str, rows: list[list[str]]) -> str:
    with pytest.raises(StepFailed) as failed:
        say(text, rows=rows)
    return failed.value.sentence("zh-CN")


def test_data_comes_as_a_table_as_json_or_as_one_long_text(say: Say) -> None:
    say(
        START,
        rows=[
            ["字段", "值"],
            ["单号", "1"],
            ["物品", "桌椅"],
            ["件数", "5"],
            ["归还时间", "2022-10-08 24:00"],
        ],
    )
    say("“归还时间”是“2022-10-09 00:00”")
    say("“小管”执行“审核”，“说明”如下", long="第一行\n第二行")
    say("“说明”是“第一行\n第二行”")
    say(START, long='{"单号": "2", "物品": "音响", "件数": 2, "用途": ["开会"]}')
    say("“用途”是“开会”")
    fails(say, "“小管”执行“审核”，“说明”如下", "no-text")
    assert "三列" not in fails_rows(say, START, [["单号", "1", "2"]])
    assert "写了两次" in fails_rows(say, START, [["单号", "1"], ["单号", "2"]])
    say(START, long="单号: 3\n物品: 音响\n件数: 2\n用途: [开会, 演出]")
    say("“用途”是“开会、演出”")
    with pytest.raises(StepFailed, match="neither JSON"):
        say(START, long="单号 1")


def test_a_refused_step_may_be_asked_about_and_changes_nothing(lent: Say, scene: Scene) -> None:
    lent("“小管”执行“归还”")
    lent("被拒绝")
    lent("被拒绝，因为“回避”")
    lent("一切照旧")
    lent("状态是“借出”")
    assert "因为" not in fails(lent, "被拒绝，因为“下班”", "other-reason")
    fails(lent, "获准", "refused")
    lent("“老丁”执行“归还”")
    settle(scene)


def test_a_question_changes_nothing_and_tells_what_would_fire(say: Say) -> None:
    say(START, **ASKED)
    say("“小管”试办“审核”")
    say("获准")
    say("触发规则“多件算急”")
    say("一切照旧")
    say("状态是“待审”")
    say("“小管”的“审核”办理单是“说明”")
    say("“小管”的“审核”须填“”")
    say("“居民”试办“审核”")
    say("被拒绝，因为“须由管理员办理”")
    say("未触发规则“多件算急”")


def test_the_same_key_again_changes_nothing_and_a_stale_revision_is_refused(lent: Say) -> None:
    lent("“老丁”执行“归还”，以键“k-1”")
    lent("“老丁”执行“归还”，以键“k-1”")
    lent("历史有 3 条")
    lent("“老丁”执行“归还”，依据第 1 版")
    lent("被拒绝")


def test_time_lets_deadlines_fire_and_the_clock_alone_does_not(lent: Say) -> None:
    lent("时间来到期限“归还”届满前“1 分钟”")
    lent("“催还次数”是“0”")
    lent("时间来到期限“归还”届满")
    lent("状态是“超期”")
    lent("历史是“申请、审核、催还”")
    lent("期限“归还”未在运行")
    fails(lent, "时间来到期限“归还”届满", "deadline.idle")
    lent("时间过去“2 小时”")
    lent("一切照旧")


@pytest.mark.parametrize(
    ("written", "then"),
    [
        ("90 分钟", "2022-01-31 10:30"),
        ("2 hours", "2022-01-31 11:00"),
        ("60 日", "2022-04-01 09:00"),
        ("1 个月", "2022-02-28 09:00"),
        ("13 months", "2023-02-28 09:00"),
        ("2 年", "2024-01-31 09:00"),
    ],
)
def test_time_passes_in_clock_hours_days_months_and_years(scene: Scene, written: str, then: str) -> None:
    scene.at("2022-01-31 09:00")
    scene.wait(written)
    passed = scene.now
    scene.at(then)
    assert passed == scene.now


def test_what_is_personal_is_masked_for_those_without_the_right(say: Say) -> None:
    say("“路人”是“别的街道”的“管理员”")
    say(START, **ASKED, 联系电话="139")
    say("“居民”看到“联系电话”是“***”")
    say("“小管”看到“联系电话”是“139”")
    say("“路人”看不到该事项")


def test_lots_are_those_that_were_said_and_then_1_2_3(say: Say, scene: Scene) -> None:
    say("抽签数依次是“7、9”")
    assert [scene._draw() for _ in range(4)] == [7, 9, 1, 2]


def test_a_parameter_set_holds_for_this_scenario_only(
    say: Say, scene: Scene, definitions: Definitions
) -> None:
    assert "是否想写“从优”" in fails(say, "采用参数方案“优”", "unknown-set")
    say("“借用登记”采用参数方案“从优”")
    say(START, **ASKED)
    say("“小管”执行“审核”")
    say("“押金”是“100”")
    assert definitions.library().workflows[0].parameters["price"].value == 10


def test_a_rate_is_told_as_a_fraction_and_measured_against_what_is_asked(scene: Scene, say: Say) -> None:
    say(START, **ASKED)
    assert "没有比率“归还”；是否想写“归还率”" in fails(say, "比率“归还”是“1/2”", "unknown-rate")
    say("比率“归还率”是“0/1”")
    say("the rate “归还率” of “借用登记” is “0/1”")
    say("“借用登记”的比率“归还率”未达到要求")
    assert fails(say, "比率“归还率”是“1/1”", "rate") == "比率“归还率”是“0/1”，不是“1/1”"
    assert fails(say, "比率“归还率”是“无”", "rate") == "比率“归还率”是“0/1”，不是“无”"
    assert fails(say, "比率“归还率”达到要求", "rate-met") == "比率“归还率”是“0/1”，要求“50 %”"
    say("比率“急用率”是“无”")
    assert "（空）" in fails(say, "the rate “急用率” is “1/1”", "rate")
    assert "（空）" in fails(say, "比率“急用率”未达到要求", "rate-met")


def test_working_days_and_hours_pass_on_the_calendar() -> None:
    hours = ((time(9), time(12)), (time(13), time(17)))
    year = CalendarYear(
        2022,
        date(2021, 10, 25),
        "",
        (DaysOff("国庆节", date(2022, 10, 1), date(2022, 10, 7)),),
        (date(2022, 10, 8),),
    )
    calendar = Calendar("cn", "中国", hours, frozenset((6, 7)), (year,))
    friday = datetime(2022, 9, 30, 16, tzinfo=HOME)
    assert after(friday, Term(Decimal(1), "working-day"), lambda: calendar) == datetime(
        2022, 10, 8, 16, tzinfo=HOME
    )
    assert after(friday, Term(Decimal(4), "working-hour"), lambda: calendar) == datetime(
        2022, 10, 8, 12, tzinfo=HOME
    )
    assert before(datetime(2022, 10, 9, tzinfo=HOME), Term(Decimal(1), "working-day"), lambda: calendar) == (
        datetime(2022, 10, 1, tzinfo=HOME)
    )
