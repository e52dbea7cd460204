"""`collect`, `unseal`, `discard` and `correct` as they are written, in both languages."""

from __future__ import annotations

import pytest

from partybuild_flow.definition import Collect
from partybuild_flow.feel import NUMBER, evaluate
from tests.leave import LEAVE, QINGJIA, read, told

VOTE = LEAVE.replace(
    "  office: {type: unit}\n",
    "  office: {type: unit}\n  yes: {type: boolean}\n  ballot: {type: choice, values: [for, against]}\n"
    "  heads: {type: list, item: person}\n  deputy: {type: person}\n  chief: {type: person}\n  passed: {type: boolean}\n"
    "  why: {type: text}\n  mean days: {id: mean-days, type: number, decimals: 1}\n",
).replace(
    "by: head, to: granted}",
    "by: [head, clerk], needs: [yes, ballot?, why?], collect: {WRITTEN}, to: granted}",
)


def vote(written: str, *changes: tuple[str, str]) -> list[str]:
    """The problems of a vote that is collected so."""
    return told(("WRITTEN", written), *changes, text=VOTE)


def collect(written: str, *changes: tuple[str, str]) -> Collect:
    found = read(("WRITTEN", written), *changes, text=VOTE).transitions[1].collect
    assert found is not None
    return found


def test_a_bare_word_is_the_way() -> None:
    (_, grant, *_) = read(("collect: {WRITTEN}", "collect: any"), text=VOTE).transitions
    assert grant.collect is not None
    assert (grant.collect.way, grant.collect.value, grant.collect.asked) == ("any", None, ())


def test_everything_that_is_written_is_read() -> None:
    found = collect(
        "value: yes, as: quorum, from: [heads, deputy], not-from: chief, at-least: 2, into: passed, sealed: true"
    )
    assert found.value is not None
    assert [each.text for each in (found.value, *found.asked, *found.recused)] == [
        "yes",
        "heads",
        "deputy",
        "chief",
    ]
    assert (found.way, found.into, found.sealed, found.each_role) == ("quorum", "passed", True, False)
    assert collect("as: all, from: each role").each_role


def test_chinese_has_its_own_words() -> None:
    text = QINGJIA.replace(
        "  科室: {类型: 单位}\n",
        "  科室: {类型: 单位}\n  名单: {类型: 列表, 每项: 人员}\n  均数: {类型: 数字, 小数位: 2}\n",
    )
    written = "收集: {值: 天数, 方式: 去高去低平均, 来自: 名单, 剔除: 名单, 至少: 3, 起剪: 7, 计入: 均数, 密封: 是}, 到: 已批准"
    found = read(("到: 已批准", f"须填: [天数], {written}"), text=text).transitions[1].collect
    assert found is not None
    assert found.trim_from is not None
    assert (found.way, found.decimals, evaluate(found.trim_from.tree, {})) == ("trimmed-mean", 2, 7)
    role = read(
        ("由: 主管, 到: 已批准", "由: [主管, 职员], 收集: {方式: 全部, 来自: 各角色}, 到: 已批准"), text=text
    )
    assert role.transitions[1].collect is not None
    assert role.transitions[1].collect.each_role


@pytest.mark.parametrize(
    ("written", "beyond"),
    [
        ("2/3", False), ("'>= 2/3'", False), ("≥ 2/3", False), ("at least 2/3", False), ("不少于 2/3", False),
        ("'> 1/2'", True), ("'>1/2'", True), ("more than 1/2", True), ("超过 1/2", True), ("超过1/2", True), ("＞1/2", True),
    ],
)  # fmt: skip
def test_a_ratio_says_whether_it_must_be_exceeded(written: str, beyond: bool) -> None:
    found = collect(f"value: yes, as: ratio, ratio: {written}, from: heads")
    assert found.ratio is not None
    assert (found.beyond, found.ratio.type) == (beyond, NUMBER)


@pytest.mark.parametrize(
    ("written", "problems"),
    [
        ("as: ratio, ratio: 2/3, from: heads, value: yess", ["PF401 yess"]),
        ("as: ratio, ratio: more than 1/x, from: heads, value: yes", ["PF402 x"]),
        ("as: ratio, ratio: 1, from: heads", []),
        ("as: ratio, ratio: '> 1', from: heads", ["PF295 '"]),
        ("as: ratio, ratio: 0, from: heads", ["PF295 0"]),
        ("as: ratio, ratio: 1.01, from: heads", ["PF295 1.01"]),
        ("as: ratio, from: heads", ["PF292 ratio"]),
        ("as: ratio, ratio: 2/3", ["PF292 ratio"]),
        ("as: quorum, from: heads", ["PF292 quorum"]),
        ("as: any, at-least: 2", ["PF293 at-least"]),
        ("as: all, from: heads, decimals: 2", ["PF293 decimals"]),
        ("as: all, from: heads, ratio: 1/2", ["PF293 ratio"]),
        ("as: mean, from: heads", ["PF292 mean"]),
        ("as: mean, value: yes, from: heads", ["PF291 yes"]),
        ("as: mean, value: days, from: heads", ["PF290 days"]),
        ("as: all, value: ballot, for: [for], from: heads", ["PF290 ballot"]),
        ("as: all, value: yes, from: days", ["PF294 days"]),
        ("as: all, value: yes, from: reason", ["PF294 reason"]),
        ("as: all, from: heads, at-least: 0", ["PF295 0"]),
        ("as: all, from: heads, at-least: 1.5", ["PF295 1.5"]),
        ("as: all, from: [deputy, chief], at-least: 3", ["PF295 3"]),
        ("as: all, from: each role, at-least: 3", ["PF295 3"]),
        ("as: all, from: [deputy, heads], at-least: 3", []),
        ("as: all, from: heads, into: days", ["PF296 days"]),
        ("as: all, from: heads, into: day", ["PF204 day"]),
        ("as: each, from: heads", ["PF109 each"]),
        ("as: 全部, from: heads", ["PF105 全部"]),
        ("from: heads", ["PF107 {"]),
    ],
)
def test_every_word_is_checked_where_it_stands(written: str, problems: list[str]) -> None:
    assert vote(written) == problems


def test_the_values_that_say_yes_are_those_of_the_choice() -> None:
    needs = ("needs: [yes, ballot?, why?]", "needs: [ballot]")
    assert collect("as: all, value: ballot, for: [for], from: heads", needs).agreeing == ("for",)
    assert vote("as: all, value: ballot, for: [fro], from: heads", needs) == ["PF224 fro"]
    assert vote("as: all, value: ballot, from: heads", needs) == ["PF291 ballot"]


def test_an_event_collects_once_and_not_where_it_starts_a_case() -> None:
    twice = (
        "  - {on: refuse,",
        "  - {on: grant, from: asked, by: head, collect: any, to: granted}\n  - {on: refuse,",
    )
    assert vote("as: any", twice) == ["PF297 collect"]
    assert told(("by: clerk, needs", "by: clerk, collect: any, needs"), text=LEAVE) == ["PF298 ask"]


def test_expressions_read_what_was_collected_by_its_type() -> None:
    for guard, problems in (
        ("grant.missing = [] and grant.count >= 2", []),
        ("grant.result and some x in grant.values satisfies x", []),
        ("grant.result > 80", ["PF420 80"]),
        ("grant.missin = []", ["PF406 missin"]),
        ("refuse.count > 1", ["PF402 refuse.count"]),
    ):
        assert (
            vote(
                "as: all, value: yes, from: heads",
                ("by: head, to: refused", f"by: head, when: '{guard}', to: refused"),
            )
            == problems
        )


def test_an_event_that_collects_shares_its_name_with_no_field() -> None:
    assert vote("as: any", ("  why:", "  grant: {type: text}\n  why:"))[0] == "PF207 grant"


SEALED = "as: all, value: yes, from: heads, sealed: true"


@pytest.mark.parametrize(
    ("written", "problems"),
    [
        ("by: clock, unseal: grant", []),
        ("by: head, unseal: grant", ["PF289 grant"]),
        ("by: [head, clerk], needs: [why], collect: {as: all, from: each role}, unseal: grant", []),
        ("by: [head, clerk], needs: [why], collect: {as: any}, unseal: grant", ["PF289 grant"]),
        (
            "by: [head, clerk], needs: [why?], collect: {as: all, from: each role}, unseal: grant",
            ["PF289 grant"],
        ),
        (
            "by: [head, clerk], needs: [days], collect: {as: all, from: each role}, unseal: grant",
            ["PF289 grant"],
        ),
        ("by: head, needs: [why], collect: {as: all, from: [deputy, chief]}, unseal: grant", []),
        ("by: head, needs: [why], collect: {as: all, from: deputy}, unseal: grant", ["PF289 grant"]),
        ("by: head, needs: [why], collect: {as: quorum, at-least: 2}, unseal: grant", []),
        ("by: head, needs: [why], collect: {as: quorum, at-least: 1}, unseal: grant", ["PF289 grant"]),
        ("by: clock, unseal: ask", ["PF299 ask"]),
        ("by: head, discard: {grant: all}", []),
        ("by: head, discard: {grant: deputy}", []),
        ("by: head, discard: {grant: days}", ["PF294 days"]),
        ("by: head, discard: {ask: all}", ["PF299 ask"]),
        ("by: head, discard: {grand: all}", ["PF205 grand"]),
        ("by: head, discard: grant", ["PF108 grant"]),
    ],
)
def test_sealed_marks_are_opened_by_two_with_a_reason_or_by_the_clock(
    written: str, problems: list[str]
) -> None:
    other = ("  - {on: refuse,", f"  - {{on: open, from: asked, {written}, to: refused}}\n  - {{on: refuse,")
    clock = ("transitions:", "deadlines: {term: {while: asked, due: 3 hours, fire: open}}\ntransitions:")
    changes = (other, clock) if "clock" in written else (other,)
    assert vote(SEALED, *changes) == problems


def test_who_may_correct_which_fields_stands_at_the_top() -> None:
    correct = read(
        ("roles:", "correct: {by: [head, clerk], fields: [days, reason]}\nroles:"), text=LEAVE
    ).correct
    assert correct is not None
    assert (correct.number, correct.event) == (0, "correct")
    assert [by.role for by in correct.by] == ["head", "clerk"]
    assert [(need.field, need.optional) for need in correct.needs] == [("days", True), ("reason", True)]


@pytest.mark.parametrize(
    ("written", "problems"),
    [
        ("{by: boss, fields: [days]}", ["PF203 boss"]),
        ("{by: head, fields: [day]}", ["PF204 day"]),
        ("{by: head}", ["PF107 {"]),
        ("{by: head, fields: [days, days]}", ["PF251 days"]),
    ],
)
def test_every_word_of_a_correction_is_checked(written: str, problems: list[str]) -> None:
    assert told(("roles:", f"correct: {written}\nroles:"), text=LEAVE) == problems
