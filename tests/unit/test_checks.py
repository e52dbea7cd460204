"""Definitions as analysts write them, and the sentences of the problems that `check` tells about them."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partybuild_flow.checks import check, guards, witnesses
from partybuild_flow.checks import gaps as gaps_module
from partybuild_flow.definition import Workflow
from partybuild_flow.errors import WorkflowInvalid
from partybuild_flow.feel import Node, Value, evaluate
from partybuild_flow.problems import Problem
from partybuild_flow.reader import read_texts
from tests.lifecycle import RULES, TABLE, WORKFLOW

PARTS = """\
流程: 测试
字段:
  得分: {代号: score, 类型: 数字, 小数位: 2, 最小: 0, 最大: 100}
  类别: {代号: kind, 类型: 选项, 取值: [国企, 两新, 机关]}
角色: [受理员, 办理员]
参数: {及格线: {代号: pass-mark, 值: 60, 来源: 办法}}
状态: {新登记: , 办理中: , 办结: {终结: 是}}
"""
START = "  - {事件: 登记, 由: 受理员, 须填: [得分?, 类别?], 到: 新登记}\n"
CLOSE = "  - {事件: 办结, 从: [新登记, 办理中], 由: 办理员, 到: 办结}\n"


def read(*texts: str, **files: str) -> Workflow:
    named = {name.replace("_", ".") + ".yaml": text for name, text in files.items()}
    return read_texts({"workflow.yaml": "".join(texts), **named}, "w")


def told(*texts: str, **files: str) -> list[str]:
    """The problems of a definition without their path; warnings about unused parts and gaps left out."""
    unused = {f"PF24{digit}" for digit in "0123458"} | {"PF340"}
    problems = [each for each in check(read(*texts, **files)) if each.code not in unused]
    return [str(each).removeprefix("w/") for each in problems]


def ways(*lines: str) -> list[str]:
    """The problems of a workflow with these transitions beside the ones that start and close a case."""
    body = "".join(f"  - {{{line}}}\n" for line in lines)
    return [each.removeprefix("workflow.yaml:") for each in told(PARTS, "流转:\n", START, CLOSE, body)]


def table(
    hit: str, *rows: str, inputs: str = "得分, 类别", output: str = "", use: str = '= "甲"', more: str = ""
) -> list[str]:
    """The problems of a table with these rows over score and kind."""
    body = "".join(f"  - [{row}]\n" for row in rows)
    text = f"决策表: 去向表\n命中: {hit}\n输入: [{inputs}]\n输出: {{去向: {{{output}}}}}\n行:\n{body}{more}"
    found = told(PARTS, "流转:\n", START, CLOSE, f"  - {{{ENTER}}}\n", USE.format(use), a_table=text)
    return [each.removeprefix("a.table.yaml:") for each in found]


USE = "  - {{事件: 评, 从: 办理中, 由: 办理员, 当: 去向表.去向 {}, 到: 办结}}\n"
ENTER = "事件: 受理, 从: 新登记, 由: 办理员, 到: 办理中"


def test_a_definition_without_mistakes_has_no_problems() -> None:
    assert check(read(WORKFLOW, screening_table=TABLE, alarm_rules=RULES)) == ()


# States and the ways between them


def test_a_state_that_no_way_reaches_is_told() -> None:
    assert ways() == [
        "7:13: PF230 状态“办理中”永远进不去：从起点没有路通到它；请让流转到达它，或者删去",
    ]


def test_an_unreachable_state_is_told_in_the_language_of_its_file() -> None:
    text = "workflow: w\nroles: [clerk]\nstates: {new: , lost: , done: {final: true}}\ntransitions:\n"
    text += "  - {on: open, by: clerk, to: new}\n  - {on: close, from: [new, lost], by: clerk, to: done}\n"
    assert told(text) == [
        "workflow.yaml:3:17: PF230 no case ever comes to the state “lost”: no way leads to it from the "
        "start; lead one to it, or take it out"
    ]


def test_a_compound_state_that_no_way_reaches_is_told_once() -> None:
    parts = PARTS.replace("办理中: ,", "在办: {状态: [甲, 乙]},")
    close = CLOSE.replace("办理中", "在办")
    assert [each.split("：")[0] for each in told(parts, "流转:\n", START, close)] == [
        "workflow.yaml:7:13: PF230 状态“在办”永远进不去"
    ]


def test_a_workflow_that_nothing_starts_is_told_once() -> None:
    assert told(PARTS, "流转:\n", CLOSE) == [
        "workflow.yaml:1:5: PF231 没有流转能发起事项；请写一个不带“从”的流转"
    ]


def test_a_state_without_a_way_to_the_end_is_told_with_the_shortest_path_to_it() -> None:
    lines = f"  - {{{ENTER}}}\n  - {{事件: 办结, 从: 新登记, 由: 办理员, 到: 办结}}\n"
    assert told(PARTS, "流转:\n", START, lines) == [
        "workflow.yaml:7:13: PF232 进了状态“办理中”就再也办不完：从它没有路通到终结状态（新登记 → 办理中）；"
        "请补上去路，或写成终结"
    ]


def test_states_that_lead_only_to_each_other_are_one_mistake() -> None:
    parts = PARTS.replace("办理中: ,", "甲: , 乙: , 丙: ,")
    lines = "".join(
        f"  - {{事件: 转{index}, 从: {source}, 由: 办理员, 到: {target}}}\n"
        for index, (source, target) in enumerate(
            [("新登记", "甲"), ("甲", "乙"), ("乙", "丙"), ("丙", "乙"), ("新登记", "办结")]
        )
    )
    (only,) = told(parts, "流转:\n", START, lines)
    assert "PF232" in only
    assert "“乙”" in only
    assert "（新登记 → 甲 → 乙）" in only


def test_a_case_that_stays_in_a_state_is_not_out_of_it() -> None:
    lines = "  - {事件: 催办, 从: 办理中, 由: 办理员}\n  - {事件: 受理, 从: 新登记, 由: 办理员, 到: 办理中}\n"
    close = CLOSE.replace("[新登记, 办理中]", "新登记")
    assert [each.split()[1] for each in told(PARTS, "流转:\n", START, lines, close)] == ["PF232"]


def test_a_workflow_without_a_final_state_is_told_once() -> None:
    assert told(PARTS.replace("{终结: 是}", ""), "流转:\n", START, f"  - {{{ENTER}}}\n", CLOSE) == [
        "workflow.yaml:1:5: PF233 没有终结状态，事项永远办不完；请给一个状态写“终结: 是”"
    ]


def test_a_final_state_that_nothing_enters_is_told_apart() -> None:
    lines = f"  - {{{ENTER}}}\n"
    assert told(PARTS.replace("办结: {", "作废: {终结: 是}, 办结: {"), "流转:\n", START, lines, CLOSE) == [
        "workflow.yaml:7:20: PF234 没有流转到达终结状态“作废”；请把它写进某个“到”，或者删去"
    ]


def test_a_final_state_may_be_left_again() -> None:
    assert ways(ENTER, "事件: 重开, 从: 办结, 由: 办理员, 到: 办理中") == []


# Events and deadlines


def test_an_event_of_the_clock_that_no_deadline_fires_is_told() -> None:
    assert ways(ENTER, "事件: 逾期, 从: 办理中, 由: 到时, 到: 办结") == [
        "12:10: PF235 没有人发出事件“逾期”：它由“到时”发出，却没有期限触发它；请让期限触发它，或改写“由”"
    ]


def test_a_deadline_whose_states_are_never_entered_is_told() -> None:
    late = "  - {事件: 逾期, 从: 办理中, 由: 到时, 到: 办结}\n"
    late += "期限: {办理: {期间: 办理中, 到期: 48 小时, 触发: 逾期}}\n"
    found = told(PARTS, "流转:\n", START, CLOSE, late)
    assert [each.split()[1] for each in found] == ["PF230", "PF236"]
    assert found[1] == "workflow.yaml:12:6: PF236 期限“办理”永远不会开始：“期间”所写的状态都进不去"


def test_a_deadline_that_fires_what_its_states_do_not_take_is_told() -> None:
    late = f"  - {{{ENTER}}}\n  - {{事件: 逾期, 从: 新登记, 由: 到时, 到: 办结}}\n"
    late += "期限: {办理: {期间: 办理中, 到期: 48 小时, 触发: 逾期}}\n"
    assert told(PARTS, "流转:\n", START, CLOSE, late) == [
        "workflow.yaml:13:6: PF237 期限“办理”触发“逾期”，但在“办理中”没有由“到时”发出的这一流转；请补上"
    ]


# Two transitions at once


def test_two_ways_of_one_event_without_guards_always_hold_together() -> None:
    assert ways(ENTER, "事件: 受理, 从: 新登记, 由: 办理员, 到: 办结") == [
        "12:10: PF238 在“新登记”，事件“受理”的这条流转与第 11 行的流转总是同时成立；请给其中一条写“当”"
    ]


def test_two_ways_to_start_a_case_can_hold_together_too() -> None:
    assert ways(ENTER, "事件: 登记, 由: 任何人, 须填: [得分?, 类别?], 到: 办理中") == [
        "12:10: PF238 在起点，事件“登记”的这条流转与第 9 行的流转总是同时成立；请给其中一条写“当”"
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("由: 办理员", "由: 受理员"),
        ("由: 办理员", "由: 到时"),
        ("由: 办理员, 须填: [得分]", "由: 办理员, 须填: [类别]"),
        ("由: 办理员, 须填: [得分]", "由: 办理员"),
        ("由: 办理员, 至多: 2", "由: 办理员"),
        ("由: 办理员, 当: 得分 >= 90", "由: 办理员, 当: 得分 < 90"),
        ("由: 办理员, 当: 得分 >= 及格线", "由: 办理员, 当: 得分 < 60"),
        ("由: 办理员, 当: '得分 in [60..90)'", "由: 办理员, 当: '得分 in [90..100]'"),
        ("由: 办理员, 当: 得分 > 89.99", "由: 办理员, 当: 得分 < 90"),
        ('由: 办理员, 当: \'类别 in ("国企", "两新")\'', '由: 办理员, 当: 类别 = "机关"'),
        ('由: 办理员, 当: 类别 = "国企" and 得分 > 1', '由: 办理员, 当: not(类别 = "国企")'),
        ("由: 办理员, 当: 得分 = null", "由: 办理员, 当: 得分 >= 0"),
        ("由: 办理员, 当: 得分 * 2 > 100", "由: 办理员, 当: not(得分 * 2 > 100)"),
        ("由: 办理员, 当: 得分 = null", "由: 办理员, 须填: [得分]"),
    ],
)
def test_ways_that_something_tells_apart_are_no_problem(one: str, other: str) -> None:
    late = "期限: {办理: {期间: 新登记, 到期: 48 小时, 触发: 转}}\n" if "到时" in other else ""
    lines = [f"  - {{事件: 转, 从: 新登记, {each}, 到: 办理中}}\n" for each in (one, other)]
    assert told(PARTS, "流转:\n", START, CLOSE, *lines, late) == []


@pytest.mark.parametrize(
    ("one", "other", "example"),
    [
        ("得分 >= 90", "得分 <= 90", "得分=90"),
        ("得分 > 60", '类别 = "国企"', '得分=60.01、类别="国企"'),
        ("得分 >= 及格线", "得分 >= 及格线 + 20", "得分=80"),
        ("得分 > 89", "得分 < 90", "得分=89.01"),
        ("得分 = null", '类别 != "国企"', '得分=null、类别="两新"'),
        ("得分 * 2 >= 100", "得分 <= 50", "得分=50"),
        ("", "得分 >= 90", "得分=90"),
    ],
)
def test_guards_that_can_hold_together_are_told_with_facts(one: str, other: str, example: str) -> None:
    guards = [f"当: '{guard}', " if guard else "" for guard in (one, other)]
    lines = [f"事件: 转, 从: 新登记, 由: 办理员, {guard}到: 办理中" for guard in guards]
    assert ways(*lines) == [
        "12:10: PF239 在“新登记”，事件“转”的这条流转与第 11 行的流转在"
        f" {example} 时同时成立；请收窄其中一条的“当”"
    ]


def test_a_required_field_is_never_null_in_an_example() -> None:
    lines = [
        f"事件: 转, 从: 新登记, 由: 办理员, 须填: [得分], 当: '{guard}', 到: 办理中"
        for guard in ("得分 < 5", "得分 != 50")
    ]
    (only,) = ways(*lines)
    assert "在 得分=0 时" in only


def test_an_example_never_shows_what_a_table_would_not_conclude() -> None:
    text = '决策表: 去向表\n命中: F\n输入: [得分]\n输出: [去向]\n行:\n  - [">= 77", 甲]\n  - ["-", 乙]\n'
    parting = ['去向表.去向 = "甲"', "得分 < 77"]
    meeting = ['去向表.去向 = "甲"', "得分 < 78"]
    for both, count in ((parting, 0), (meeting, 1)):
        lines = [f"  - {{事件: 转, 从: 新登记, 由: 办理员, 当: '{guard}', 到: 办理中}}\n" for guard in both]
        found = told(PARTS, "流转:\n", START, CLOSE, *lines, a_table=text)
        assert len(found) == count
        assert all("在 得分=77 时" in each for each in found)


def test_ways_that_decide_names_apart_are_no_problem_and_others_are() -> None:
    text = '决策表: 去向表\n输入: [得分]\n输出: [去向]\n行:\n  - [">= 60", 甲]\n  - ["< 60", 乙]\n'
    line = "  - {{事件: 转, 从: 新登记, 由: 办理员, 依据: 去向表.去向, 到: {{{}}}}}\n"
    apart = [line.format("甲: 办理中"), line.format("乙: 办结")]
    assert told(PARTS, "流转:\n", START, CLOSE, *apart, a_table=text) == []
    together = [line.format("甲: 办理中, 乙: 办结"), line.format("乙: 办结")]
    (only,) = told(PARTS, "流转:\n", START, CLOSE, *together, a_table=text)
    assert "PF239" in only


def test_today_follows_now_in_an_example() -> None:
    lines = [
        f"事件: 转, 从: 新登记, 由: 办理员, 当: '{guard}', 到: 办理中"
        for guard in ('today > date("2024-05-01")', 'now < date and time("2024-05-01T00:00:00")')
    ]
    assert ways(*lines) == []


def test_a_deadline_is_open_only_until_it_is_due() -> None:
    lines = [
        f"  - {{事件: 转, 从: 新登记, 由: 办理员, 当: '{guard}', 到: 办理中}}\n"
        for guard in ("窗口.到期 < now", "窗口.open")
    ]
    text = "".join([PARTS, "流转:\n", START, CLOSE, *lines, "期限: {窗口: {期间: 新登记, 到期: 48 小时}}\n"])
    assert told(text) == []


def test_an_inner_way_may_shadow_an_outer_one() -> None:
    parts = PARTS.replace("办理中: ,", "在办: {状态: [甲, 乙]},")
    lines = "  - {事件: 转, 从: 在办, 由: 办理员, 到: 办结}\n  - {事件: 转, 从: 甲, 由: 办理员, 到: 乙}\n"
    enter = "  - {事件: 受理, 从: 新登记, 由: 办理员, 到: 甲}\n"
    assert told(parts, "流转:\n", START, enter, lines) == []


def test_an_outer_way_that_inner_ones_always_take_first_is_told() -> None:
    parts = PARTS.replace("办理中: ,", "在办: {状态: [甲, 乙]},")
    lines = "  - {事件: 转, 从: 在办, 由: 办理员, 到: 办结}\n"
    lines += "  - {事件: 转, 从: 甲, 由: 任何人, 到: 乙}\n  - {事件: 转, 从: 乙, 由: 办理员, 到: 办结}\n"
    enter = "  - {事件: 受理, 从: 新登记, 由: 办理员, 到: 甲}\n"
    assert told(parts, "流转:\n", START, enter, lines) == [
        "workflow.yaml:11:10: PF249 事件“转”不会走这条流转：内层状态的流转总是先成立（第 12、13 行）"
    ]
    guarded = lines.replace("到: 乙}", "到: 乙, 当: 得分 > 1}")
    assert told(parts, "流转:\n", START, enter, guarded) == []


# Guards


@pytest.mark.parametrize(
    "guard",
    [
        "得分 > 90 and 得分 < 80",
        "得分 > 100",
        "得分 in [及格线..50]",
        '类别 = "国企" and 类别 = "两新"',
        "1 > 2",
    ],
)
def test_a_guard_that_never_holds_is_told(guard: str) -> None:
    assert ways(ENTER, f"事件: 转, 从: 新登记, 由: 办理员, 当: '{guard}', 到: 办理中") == [
        f"12:10: PF246 “{guard}”永远不成立，事件“转”不会走这条流转"
    ]


@pytest.mark.parametrize(
    "guard", ["得分 >= 0", "得分 < 50 or 得分 >= 50", "1 < 2", "类别 = null or 类别 != null"]
)
def test_a_guard_that_always_holds_is_a_warning(guard: str) -> None:
    body = f"  - {{{ENTER}}}\n"
    body += f"  - {{事件: 转, 从: 新登记, 由: 办理员, 须填: [得分], 当: '{guard}', 到: 办理中}}\n"
    (only,) = [each for each in check(read(PARTS, "流转:\n", START, CLOSE, body)) if each.code == "PF247"]
    assert only.sentence == f"“{guard}”永远成立；请删去“当”，或写明本意"
    assert only.severity == "warning"


def test_a_guard_that_fails_for_a_missing_value_does_not_always_hold() -> None:
    assert ways(ENTER, "事件: 转, 从: 新登记, 由: 办理员, 当: 得分 >= 0, 到: 办理中") == []


# Tables


def test_rows_that_match_the_same_facts_under_u_are_told_with_facts() -> None:
    assert table("U", '">= 90", 国企, 甲', '"[80..90]", -, 乙', '"< 80", -, 丙') == [
        '7:5: PF332 第 1 行与第 2 行在 得分=90、类别="国企" 时同时命中（命中: U）；请收窄其一或改为 F'
    ]


def test_rows_that_share_a_border_between_two_decimals_only_do_not_overlap() -> None:
    assert table("U", '">= 90", -, 甲', '"[0..89.99]", -, 乙', '"(89.99..90)", -, 丙') == [
        "8:5: PF335 第 3 行永远不会命中：没有值能同时满足它的各项条件"
    ]


def test_rows_without_any_test_overlap_whatever_the_facts() -> None:
    (only,) = table("U", "-, -, 甲", "-, -, 乙")
    assert "PF332 第 1 行与第 2 行在 得分=" in only


def test_rows_that_say_the_same_may_overlap_under_a() -> None:
    assert table("A", '">= 90", -, 甲', "-, 国企, 甲") == []


def test_rows_that_say_different_things_under_a_are_told() -> None:
    assert table("A", '">= 90", -, 甲', "-, 国企, 乙") == [
        '7:5: PF333 第 1 行与第 2 行在 得分=90、类别="国企" 时同时命中而结果不同（命中: A）；请收窄其一'
    ]


def test_rows_whose_computed_values_differ_somewhere_are_told_under_a() -> None:
    (only,) = table("A", '">= 90", -, 得分 * 2', "-, 国企, 得分 + 90", output="类型: 数字", use="> 0")
    assert "PF333" in only
    assert "得分=90、" not in only


def test_a_row_that_an_earlier_one_hides_under_f_is_told() -> None:
    assert table("F", '">= 60", -, 甲', '"[80..90)", 国企, 乙', "-, -, 丙") == [
        "7:5: PF334 第 2 行永远不会命中：第 1 行先占了它的全部情形（命中: F）；请前移或删去"
    ]


def test_a_row_that_two_earlier_ones_hide_only_together_is_told_with_both() -> None:
    rows = ["-, 机关, 丁", '">= 60", -, 甲', '"< 60", -, 乙', '"[50..70]", -, 丙', "-, -, 丙"]
    assert table("F", *rows) == [
        "9:5: PF347 第 4 行永远不会命中：第 2、3 行合起来占了它的全部情形（命中: F）；请前移或删去"
    ]


def test_inputs_that_read_the_same_thing_are_seen_as_one() -> None:
    found = table("U", '"< 50", ">= 50", 甲', '">= 50", "-", 乙', inputs="得分, 得分")
    assert [each.split()[1] for each in found] == ["PF335"]


def test_many_overlaps_of_one_table_are_told_only_so_often() -> None:
    first, *overlaps = table("U", *["-, -, 甲"] * 30)
    assert first == "1:6: PF341 “去向表”未完全核查：除列出的 10 处以外，可能还有重叠"
    assert len(overlaps) == 10


def test_an_example_that_a_table_concludes_differently_is_told_with_the_row() -> None:
    more = "示例:\n  - {得分: 95, 类别: 国企, 去向: 乙}\n  - {得分: 10, 去向: 乙}\n  - {得分: 95, 去向: 甲}\n"
    assert table("U", '">= 90", -, 甲', '"[50..90)", -, 乙', more=more) == [
        '9:5: PF330 “去向表”的第 1 个示例：“去向”应为 "乙"，但命中第 1 行，得出 "甲"',
        '10:5: PF339 “去向表”的第 2 个示例：“去向”应为 "乙"，但没有一条命中，得出 null',
    ]


def test_an_example_in_which_rows_contradict_each_other_is_told() -> None:
    more = "示例:\n  - {得分: 95, 类别: 国企, 去向: 乙}\n"
    found = table("A", '">= 90", -, 甲', "-, 国企, 乙", more=more)
    assert found[-1] == '9:5: PF338 “去向表”的第 1 个示例：“去向”应为 "乙"，但第 1 行、第 2 行互相矛盾'


# Gaps


def gaps(
    *rows: str, inputs: str = "得分, 类别", hit: str = "U", more: str = "", output: str = "", **files: str
) -> list[str]:
    """The sentences about gaps of a table with these rows, and about what could not be checked."""
    body = "".join(f"  - [{row}]\n" for row in rows)
    text = f"决策表: 去向表\n命中: {hit}\n输入: [{inputs}]\n输出: {{去向: {{{output}}}}}\n行:\n{body}{more}"
    workflow = read(
        PARTS, "流转:\n", START, CLOSE, f"  - {{{ENTER}}}\n", USE.format('= "甲"'), a_table=text, **files
    )
    return [each.sentence for each in check(workflow) if each.code in ("PF340", "PF341")]


def test_a_gap_is_told_as_the_largest_region_with_an_example() -> None:
    assert gaps('">= 70", -, 甲', '"< 60", -, 乙', "-, 两新, 乙", hit="F") == [
        '当 得分 60 至 <70 且 类别 为 国企 或 机关 时没有行（如 得分=60、类别="国企"）；请补一行，或写默认输出'
    ]


def test_two_gaps_are_two_regions_even_where_they_overlap() -> None:
    assert gaps('">= 90", 国企, 甲') == [
        '当 得分 0 至 <90 时没有行（如 得分=0、类别="国企"）；请补一行，或写默认输出',
        '当 类别 为 两新 或 机关 时没有行（如 得分=0、类别="两新"）；请补一行，或写默认输出',
    ]


def test_a_threshold_that_is_a_parameter_leaves_no_gap_beside_itself() -> None:
    assert gaps('">= 及格线", -, 甲', '"< 60", -, 乙') == []
    (only,) = gaps('"> 及格线", -, 甲', '"< 60", -, 乙')
    assert only.startswith("当 得分 为 60 时没有行（如 得分=60、")


def test_between_two_steps_of_a_field_with_decimals_there_is_no_gap() -> None:
    assert gaps('">= 60", -, 甲', '"<= 59.99", -, 乙') == []
    (only,) = gaps('">= 60", 甲', '"<= 59.99", 乙', inputs="得分 * 2")
    assert only.startswith("当 得分 * 2 >59.99 至 <60 时没有行（如 得分=") or "未完全核查" in only


def test_a_missing_value_is_a_gap_only_where_some_row_expects_it() -> None:
    assert gaps("-, 国企, 甲", "-, 'not(\"国企\")', 乙") == []
    assert gaps("null, 国企, 甲", '">= 0", -, 乙') == [
        '当 得分 为空 且 类别 为 两新 或 机关 时没有行（如 得分=null、类别="两新"）；请补一行，或写默认输出'
    ]


def test_whether_something_is_there_is_asked_like_any_boolean() -> None:
    assert gaps("是, 甲", inputs="类别 != null") == [
        "当 类别 为空 时没有行（如 类别=null）；请补一行，或写默认输出"
    ]


@pytest.mark.parametrize(
    ("rows", "told_"),
    [
        (('">= 5 工作日", 甲', '"< 5 工作日", 乙'), []),
        (('"> 5 工作日", 甲', '"[3 工作日..5 工作日]", 乙', '"< 3 工作日", 丙'), []),
        (('"> 5 工作日", 甲', '"< 5 工作日", 乙'), ["当 时限 为 5 工作日 时没有行"]),
        (('">= date("2024-05-01")", 甲', '"< date("2024-05-01")", 乙'), []),
        (('"> date("2024-05-01")", 甲', '"<= date("2024-04-30")", 乙'), ["当 日期 为 2024-05-01 时没有行"]),
        (('"(date("2024-05-01")..date("2024-05-02"))", 甲', "-, 乙"), []),
    ],
)
def test_terms_and_days_are_put_in_order_like_numbers(rows: tuple[str, ...], told_: list[str]) -> None:
    name, kind = ("时限", "时限") if "工作日" in rows[0] else ("日期", "日期")
    parts = PARTS.replace("字段:\n", f"字段:\n  {name}: {{类型: {kind}}}\n").replace(
        "角色:", "日历: cn\n角色:"
    )
    start = START.replace("得分?", f"得分?, {name}?")
    body = "".join(
        f"  - ['{row}]\n".replace('"', "", 1).replace('", ', "', ", 1) for row in rows if row[0] == '"'
    )
    body = body.replace('\\"', '"') + "".join(f"  - [{row}]\n" for row in rows if row[0] != '"')
    text = f"决策表: 去向表\n命中: U\n输入: [{name}]\n输出: [去向]\n行:\n{body}"
    found = check(
        read(parts, "流转:\n", start, CLOSE, f"  - {{{ENTER}}}\n", USE.format('= "甲"'), a_table=text)
    )
    sentences = [each.sentence for each in found if each.code in ("PF340", "PF341", "PF332")]
    assert [each.partition("（如")[0] for each in sentences] == told_


def test_a_table_with_defaults_has_no_gaps() -> None:
    assert gaps('">= 90", -, 甲', more="默认: {去向: 乙}\n") == []


def test_an_output_of_rules_can_be_nothing_but_what_they_conclude() -> None:
    rules = "规则集: 研判\n输出: {档: {}}\n默认: {档: '\"低\"'}\n规则:\n  高: {当: 得分 > 50, 得出: {档: '\"高\"'}}\n"
    assert gaps("高, 甲", "低, 乙", inputs="研判.档", b_rules=rules) == []
    assert gaps("高, 甲", inputs="研判.档", b_rules=rules) == [
        '当 研判.档 为 低 时没有行（如 研判.档="低"）；请补一行，或写默认输出'
    ]


def test_a_gap_in_a_computed_score_is_told_though_nobody_knows_how_to_come_to_it() -> None:
    rules = "规则集: 计分\n输出: {总分: {类型: 数字}}\n规则:\n  全: {当: 得分 > 0, 得出: {总分: 得分 * 得分 * 3 + 得分 * 17}}\n"
    assert gaps('">= 90", 甲', '"<= 89", 乙', inputs="计分.总分", b_rules=rules) == [
        "当 计分.总分 >89 至 <90 时没有行（如 计分.总分=89.5）；请补一行，或写默认输出"
    ]


def test_inputs_that_hang_together_are_no_gap_and_the_table_says_what_was_not_found_out() -> None:
    (only,) = gaps('">= 50", "-", 甲', '"-", "< 150", 乙', inputs="得分, 得分 * 3", hit="F")
    assert only == (
        "“去向表”未完全核查：得分 0 至 <50 且 得分 * 3 ≥150 时没有行，但没有找到会出现这种情形的事实"
    )


def test_more_gaps_than_anybody_reads_are_counted_and_not_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = ('"[0..10)", 国企, 甲', '"[10..20)", 两新, 甲', '"[5..95]", 机关, 甲')
    assert len(gaps(*rows)) > 1
    monkeypatch.setattr(gaps_module, "MOST_GAPS", 1)
    told_, last = gaps(*rows)
    assert told_.startswith("当 ")
    assert last == "“去向表”未完全核查：空档不止这些，只列出前 1 处"


# What always holds, and what nothing reads


def test_a_row_that_breaks_what_is_ensured_is_told_with_what_its_sides_come_to() -> None:
    more = "核对: [去向 * 2 = 及格线]\n"
    rows = ("国企, 30", "两新, 31", "机关, 得分")
    text = "".join(f"  - [{row}]\n" for row in rows)
    table_ = f"决策表: 去向表\n输入: [类别]\n输出: {{去向: {{类型: 数字}}}}\n行:\n{text}{more}"
    found = told(PARTS, "流转:\n", START, CLOSE, f"  - {{{ENTER}}}\n", USE.format("> 1"), a_table=table_)
    assert found == [
        "a.table.yaml:1:6: PF341 “去向表”未完全核查：第 3 行的结果随事项而定，无法事先核对",
        "a.table.yaml:6:5: PF342 第 2 行不符合核对“去向 * 2 = 及格线”：去向=31、及格线=60、去向 * 2=62",
    ]


def test_a_set_of_parameters_that_breaks_what_is_ensured_is_told_with_its_name() -> None:
    file = "参数: {优秀线: {值: 90, 来源: 办法}}\n方案: {从宽: {优秀线: {值: 50, 来源: 办法}}}\n核对: [优秀线 > 及格线]\n"
    line = "  - {事件: 评, 从: 办理中, 由: 办理员, 当: 得分 > 优秀线 且 得分 > 及格线, 到: 办结}\n"
    found = told(PARTS, "流转:\n", START, CLOSE, f"  - {{{ENTER}}}\n", line, parameters=file)
    assert found == [
        "parameters.yaml:3:6: PF255 采用参数方案“从宽”时：PF343 参数不符合核对“优秀线 > 及格线”：优秀线=50、及格线=60"
    ]


def test_what_is_ensured_reads_no_field_of_a_case() -> None:
    table_ = "决策表: 去向表\n输入: [类别]\n输出: [去向]\n行:\n  - [-, 甲]\n核对: [得分 > 1]\n"
    with pytest.raises(WorkflowInvalid) as refused:
        read(PARTS, "流转:\n", START, CLOSE, USE.format('= "甲"'), a_table=table_)
    assert [each.code for each in refused.value.problems] == ["PF402"]


@pytest.mark.parametrize(("share", "percent"), [("1.2", "120%"), ("-0.1", "-10%"), ("及格线", "6000%")])
def test_a_quota_of_more_than_all_is_told(share: str, percent: str) -> None:
    guard = f'得分 > 名额(10, {share}, "floor")'
    found = ways(ENTER, f"事件: 转, 从: 办理中, 由: 办理员, 当: '{guard}', 到: 办结")
    (only,) = [each for each in found if "PF346" in each]
    assert only.endswith(f"要给出 {percent}：“{share}”应在 0 与 1 之间")


@pytest.mark.parametrize("share", ["0", "1", "0.5", "得分"])
def test_a_quota_of_a_part_is_no_problem(share: str) -> None:
    guard = f'得分 > 名额(10, {share}, "floor")'
    found = ways(ENTER, f"事件: 转, 从: 办理中, 由: 办理员, 当: '{guard}', 到: 办结")
    assert [each for each in found if "PF346" in each] == []


# Rule sets


def rules(*lines: str, more: str = "") -> list[str]:
    body = "".join(f"  {line}\n" for line in lines)
    text = f"规则集: 去向表\n输出: {{去向: {{}}}}\n规则:\n{body}{more}"
    found = told(PARTS, "流转:\n", START, CLOSE, f"  - {{{ENTER}}}\n", USE.format('= "甲"'), a_rules=text)
    return [each.removeprefix("a.rules.yaml:") for each in found]


def test_a_rule_that_never_fires_and_one_that_always_does_are_told() -> None:
    found = rules(
        "高: {当: 得分 > 100, 得出: {去向: '\"甲\"'}}",
        "都: {当: 得分 >= 0 or 得分 = null, 得出: {去向: '\"甲\"'}}",
    )
    assert found == [
        "4:3: PF336 规则“高”永远不会触发：“得分 > 100”永远不成立",
        "5:3: PF337 规则“都”总会触发：“得分 >= 0 or 得分 = null”永远成立",
    ]


def test_a_rule_for_all_other_facts_is_meant_to_hold_always() -> None:
    assert rules("都: {当: true, 得出: {去向: '\"甲\"'}}") == []


def test_rules_that_give_one_fact_different_values_at_once_are_told_with_facts() -> None:
    lines = ["高: {当: 得分 > 50, 得出: {去向: '\"甲\"'}}", "低: {当: 得分 < 60, 得出: {去向: '\"乙\"'}}"]
    assert rules(*lines) == [
        "5:3: PF344 规则“高”与“低”在 得分=50.01 时得出的“去向”不同；请收窄其一，或写“取前: 是”"
    ]
    assert rules(*lines, more="取前: 是\n") == []
    assert rules(lines[0], lines[1].replace("60", "50")) == []
    assert rules(lines[0], lines[1].replace("乙", "甲")) == []


def test_a_derived_fact_that_nothing_reads_is_told_and_one_that_rules_read_is_not() -> None:
    lines = [
        "高: {当: 得分 > 50, 得出: {甲等: 'true', 备注: 'true'}}",
        "评: {当: 甲等, 得出: {去向: '\"甲\"'}}",
    ]
    body = "".join(f"  {line}\n" for line in lines)
    text = f"规则集: 去向表\n输出: {{去向: {{}}}}\n规则:\n{body}"
    found = check(read(PARTS, "流转:\n", START, CLOSE, USE.format('= "甲"'), a_rules=text))
    assert [each.sentence for each in found if each.code == "PF345"] == [
        "没有表达式读取“去向表”的“备注”；请读取它，或者删去"
    ]


def test_an_example_that_rules_conclude_differently_is_told_with_the_rules() -> None:
    more = "示例:\n  - {得分: 95, 去向: 乙}\n"
    lines = [
        f"{name}: {{当: 得分 {test}, 得出: {{去向: '\"{value}\"'}}}}"
        for name, test, value in (("高", "> 90", "甲"), ("低", "< 90", "乙"))
    ]
    assert rules(*lines, more=more) == [
        '7:5: PF331 “去向表”的第 1 个示例：“去向”应为 "乙"，但触发规则“高”，得出 "甲"'
    ]


# What nothing uses


def test_parts_that_nothing_uses_are_warnings() -> None:
    text = (
        "流程: 测试\n字段:\n  备注: {类型: 文本}\n  电话: {类型: 文本}\n  得分: {类型: 数字}\n"
        "角色: [受理员, 监督员]\n参数: {及格线: {值: 60, 来源: 办法}}\n查询: {征信: {以: [电话], 类型: 数字}}\n"
        "状态: {新登记: , 办结: {终结: 是}}\n期限: {申诉期: {期间: 办结, 到期: 48 小时}}\n"
        "流转:\n  - {事件: 登记, 由: 受理员, 到: 新登记}\n"
        "  - {事件: 办, 从: 新登记, 由: 受理员, 当: 得分 > 1, 到: 办结}\n"
    )
    found = check(read(text, a_table='决策表: 去向表\n输入: [得分]\n输出: [去向]\n行:\n  - ["-", 甲]\n'))
    assert [(each.code, each.severity) for each in found] == [
        (code, "warning") for code in ("PF244", "PF240", "PF248", "PF248", "PF241", "PF242", "PF243", "PF245")
    ]
    assert [each.sentence for each in found] == [
        "没有表达式读取“去向表”得出的结果",
        "字段“备注”从未用到：没有事件填写它，也没有设定或读取",
        "字段“电话”有读取，却总是空的：没有事件填写它，也没有设定",
        "字段“得分”有读取，却总是空的：没有事件填写它，也没有设定",
        "角色“监督员”从未用到：没有流转由它办理或通知它",
        "没有表达式读取参数“及格线”",
        "没有表达式读取查询“征信”",
        "期限“申诉期”不起作用：它不触发事件，也没有表达式读取它",
    ]


def test_who_may_only_correct_is_used() -> None:
    text = (
        "流程: 测试\n字段: {备注: {类型: 文本}}\n角色: [受理员, 管理员]\n状态: {新登记: {终结: 是}}\n"
        "更正: {由: 管理员, 字段: [备注]}\n流转: [{事件: 登记, 由: 受理员, 须填: [备注], 到: 新登记}]\n"
    )
    assert [each.code for each in check(read(text))] == []


# All together


def test_problems_come_in_file_order_and_the_same_every_time() -> None:
    text = (
        PARTS,
        "流转:\n",
        START,
        *[f"  - {{事件: 转, 从: 新登记, 由: 办理员, 当: 得分 > {n}, 到: 办理中}}\n" for n in range(4)],
    )
    found: tuple[Problem, ...] = check(read(*text))
    assert found == check(read(*text))
    assert [each.position for each in found] == sorted(each.position for each in found)


CELLS = st.sampled_from(
    ["-", '">= 50"', '"< 50"', '"[20..60]"', '"> 99"', '"null"', '"not(50)"', '"1, 2, 50"']
)
KINDS = st.sampled_from(["-", "国企", "两新", "'not(\"国企\")'", '\'"国企", "机关"\'', "'null'"])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(CELLS, KINDS), min_size=2, max_size=4))
def test_an_overlap_is_told_exactly_if_some_facts_match_two_rows(rows: list[tuple[str, str]]) -> None:
    from decimal import Decimal

    from partybuild_flow.rules.reference import conclude_table

    found = table("U", *[f"{score}, {kind}, 甲" for score, kind in rows])
    told_pairs = {tuple(each.split()[index] for index in (3, 5)) for each in found if "PF332" in each}
    text = "决策表: 去向表\n命中: U\n输入: [得分, 类别]\n输出: [去向]\n行:\n"
    text += "".join(f"  - [{score}, {kind}, 甲]\n" for score, kind in rows)
    made = read(PARTS, "流转:\n", START, CLOSE, USE.format('= "甲"'), a_table=text).tables["去向表"]
    pairs = set()
    for score in (
        None,
        *map(Decimal, ["0", "1", "2", "3", "20", "49.99", "50", "50.01", "60", "61", "99.5", "100"]),
    ):
        for kind in (None, "国企", "两新", "机关"):
            fired = conclude_table(made, {"score": score, "kind": kind}).fired
            pairs |= {(one, other) for index, one in enumerate(fired) for other in fired[index + 1 :]}
    assert told_pairs == pairs


def test_conditions_that_walk_through_long_lists_are_tried_only_a_few_times(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    evaluated: list[Node] = []

    def count(node: Node, facts: Mapping[str, Value]) -> Value:
        evaluated.append(node)
        return evaluate(node, facts)

    monkeypatch.setattr(guards, "evaluate", count)
    guard = "count(for i in 1..1000 return i + 得分) > {} and 得分 * 7 = 0.1"
    lines = [
        f"事件: 转, 从: 新登记, 由: 办理员, 当: '{guard.format(number)}', 到: 办理中" for number in range(12)
    ]
    assert ways(*lines) == [
        "12:10: PF348 事件“转”的这条流转未完全核查：查找与第 11 行的流转同时成立的例子时中途停下，其后的不再查找"
    ]
    assert 0 < len(evaluated) < 10


def test_a_search_for_an_example_that_does_not_exist_comes_to_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(witnesses, "MOST_COST", 50)
    apart = [f"modulo(得分, 2) = 1 and 得分 > {number}" for number in range(20)] + ["modulo(得分, 2) = 0"]
    lines = [f"事件: 转, 从: 新登记, 由: 办理员, 当: '{guard}', 到: 办理中" for guard in apart]
    found = ways(*lines)
    assert found == ways(*lines)
    assert 0 < len(found) <= 50
