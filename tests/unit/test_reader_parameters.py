"""Sets of parameters: read, chosen, kept with the cases."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from partybuild_flow import Actor, Engine
from partybuild_flow.checks import check
from partybuild_flow.errors import EventRefused, FlowError, WorkflowInvalid
from partybuild_flow.feel import Term
from partybuild_flow.reader import read_texts, read_workflow, with_set
from tests.leave import LEAVE, QINGJIA, changed, told

TEXT = changed(QINGJIA, ("主管, 到: 已批准", "主管, 当: 天数 <= 上限, 到: 已批准"))
PARAMETERS = """参数:
  上限: {代号: limit, 值: 10, 来源: 考勤办法}
  公示期: {代号: publicity, 值: 5 工作日, 来源: 考勤办法}
  人选: {值: [甲, 乙]}
方案:
  从严: {上限: 5, 公示期: {值: 7 工作日, 来源: 补充通知}, 人选: [丙]}
  从宽: {limit: 15}
"""
TEXTS = {"workflow.yaml": TEXT, "parameters.yaml": PARAMETERS}
HEAD, CLERK = Actor("h", [("主管", "院")]), Actor("c", [("职员", "院")])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in TEXTS.items():
        (tmp_path / "qingjia").mkdir(exist_ok=True)
        (tmp_path / "qingjia" / name).write_text(text, encoding="utf-8")
    return tmp_path / "qingjia"


def test_a_set_gives_parameters_other_values_with_their_own_sources() -> None:
    workflow = read_texts(TEXTS, "qingjia")
    assert workflow.parameters["limit"].value == 10
    strict = with_set(workflow, "从严")
    assert strict.parameters["limit"].value == 5
    assert strict.parameters["limit"].source is None
    assert strict.parameters["publicity"].value == Term(Decimal(7), "working-day")
    assert strict.parameters["publicity"].source == "补充通知"
    assert strict.parameters["人选"].value == ["丙"]
    assert with_set(workflow, "从宽").parameters["publicity"] == workflow.parameters["publicity"]


def test_a_chosen_set_is_a_part_of_the_texts_and_of_the_hash(folder: Path) -> None:
    plain, strict = read_workflow(folder), read_workflow(folder, parameters="从严")
    assert plain.hash != strict.hash != read_workflow(folder, parameters="从宽").hash
    again = read_texts(strict.texts, "elsewhere")
    assert (again.hash, again.chosen_set) == (strict.hash, "从严")
    assert again.parameters["limit"].value == 5
    assert with_set(strict, "从严") is strict
    with pytest.raises(ValueError, match="从严"):
        with_set(strict, "从宽")


def test_a_set_that_is_not_there_is_a_problem(folder: Path) -> None:
    with pytest.raises(WorkflowInvalid) as refused:
        read_workflow(folder, parameters="从重")
    assert (
        str(refused.value)
        == f"{folder.as_posix()}/parameters.yaml:1:1: PF259 没有参数方案“从重”；是否想写“从严”？"
    )


def sets(written: str) -> list[str]:
    return told(text=TEXT, parameters=PARAMETERS.partition("方案")[0] + f"方案:\n  从严: {written}\n")


@pytest.mark.parametrize(
    ("written", "problems"),
    [
        ("{上线: 5}", ["PF258 上线"]),
        ("{上限: 五}", ["PF224 五"]),
        ("{上限: {值: 五, 来源: 通知}}", ["PF224 五"]),
        ("{上限: {值: 5, 出处: 通知}}", ["PF104 出处"]),
        ("{上限: 5, limit: 6}", ["PF251 limit"]),
        ("{天数: 5}", ["PF258 天数"]),
        ("{上限: }", ["PF110 上限"]),
        ("五天", ["PF108 五天"]),
        ("{公示期: 5}", ["PF224 5"]),
    ],
)
def test_what_is_wrong_in_a_set_is_told_at_its_word(written: str, problems: list[str]) -> None:
    assert sets(written) == problems


def test_numbers_and_terms_without_a_source_are_warned_of() -> None:
    parameters = "parameters:\n  a: {value: 1}\n  b: {value: text}\n  c: {value: 3 days, source: rules}\n  d: {value: 3 days}\n"
    found = check(read_texts({"workflow.yaml": LEAVE, "parameters.yaml": parameters}, "leave"))
    unsourced = [
        (problem.data["parameter"], problem.severity) for problem in found if problem.code == "PF257"
    ]
    assert unsourced == [("a", "warning"), ("d", "warning")]


def test_an_engine_works_with_the_sets_that_it_is_told(folder: Path, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'cases.db'}"
    data = {"days": 8, "事由": "年休", "科室": "院"}
    clock = lambda: datetime(2024, 5, 1, tzinfo=UTC)  # noqa: E731
    with Engine.open(url, folder, parameters={"请假": "从严"}, clock=clock) as engine:
        case = engine.start("请假", data, by=CLERK).case
        with pytest.raises(EventRefused, match="上限=5"):
            engine.send(case.id, "批准", by=HEAD)
    with Engine.open(url, folder, clock=clock) as engine:
        assert not engine.ask(case.id, "批准", by=HEAD).accepted
        assert engine.workflow_of(engine.case(case.id)).chosen_set == "从严"
        other = engine.start("请假", data, by=CLERK).case
        assert engine.send(other.id, "批准", by=HEAD).case.state == "已批准"
        assert engine.verify().broken == ()


def test_a_set_for_a_workflow_that_is_not_there_is_refused(folder: Path) -> None:
    with pytest.raises(FlowError, match="'qing'"):
        Engine.open("memory://", folder, parameters={"qing": "从严"})


def test_every_set_is_checked_and_what_is_wrong_only_with_it_says_so() -> None:
    table = "决策表: 长短\n命中: U\n输入: [天数]\n输出: [长短]\n行:\n  - ['<= 上限', 短]\n"
    table += "  - ['> 10', 长]\n示例:\n  - {天数: 8, 长短: 短}\n"
    texts = {**TEXTS, "length.table.yaml": table}
    texts["workflow.yaml"] = changed(TEXT, ("天数 <= 上限", '长短.长短 = "短"'))
    found = [problem for problem in check(read_texts(texts, "qingjia")) if problem.severity == "error"]
    assert {problem.data["set"] for problem in found} == {"从严", "从宽"}
    assert {problem.data["code"] for problem in found} == {"PF339", "PF332"}
    assert not [each for each in check(read_texts(TEXTS, "qingjia")) if each.severity == "error"]
