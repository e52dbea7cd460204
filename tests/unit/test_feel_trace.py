"""Traces: the value of every part, and what is missing."""

from __future__ import annotations

import pytest

from partybuild_flow.feel import Traced, parse_expression, trace
from partybuild_flow.feel.trace import MOST_PARTS
from tests.expressions import FACTS, SCOPE


def traced(text: str) -> Traced:
    found = parse_expression(text, SCOPE).expression
    assert found is not None
    return trace(found.tree, FACTS)


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("附加分 > 1", ["附加分"]),
        ("附加分 > 1 and 得分 > 1", ["附加分"]),
        ("附加分 > 1 or 紧急", []),
        ("not(附加分 > 1)", ["附加分"]),
        ("姓 名 = “张三”", ["姓 名"]),
        ("姓 名 = null", []),
        ("附加分 + 1 > 得分", ["附加分"]),
        ("得分 < 1 and 附加分 = 1", ["附加分"]),
        ("附加分 > 1 and 得分 < 1", []),
        ("附加分 > 1 or 姓 名 = “a” or 得分 < 1", ["附加分"]),
        ("走访[2].备注 = “a”", ["走访[2].备注"]),
        ("附加分 in [1..2]", ["附加分"]),
        ("if 附加分 > 1 then true else false", ["附加分"]),
        ("得分 > 90", []),
        ("得分 > 95", []),
        ("some x in 走访 satisfies x.备注 = “乙”", ["x.备注"]),
    ],
)
def test_what_is_missing_is_what_keeps_it_from_being_true(text: str, missing: list[str]) -> None:
    assert [text[slice(*node.span)] for node in traced(text).missing] == missing


def test_every_part_is_traced_with_its_value() -> None:
    found = traced("得分 >= 90 and 附加分 > 1")
    assert found.value is None
    assert [part.value for part in found.parts] == [True, None]
    assert [part.value for part in found.parts[0].parts] == [FACTS["score"], 90]


def test_only_the_branch_taken_is_traced() -> None:
    assert [part.value for part in traced("if 紧急 then 1 else 2").parts] == [True, 1]


def test_a_loop_is_traced_item_by_item_up_to_a_limit() -> None:
    assert [part.value for part in traced("some x in 评分 satisfies x > 8").parts[1:]] == [False, True, False]
    assert len(traced("for i in 1..1000 return i").parts) == MOST_PARTS


def test_an_expression_without_end_is_traced_as_null() -> None:
    assert traced("for a in 1..9999, b in 1..9999 return 1").value is None


@pytest.mark.parametrize(
    ("text", "failing"),
    [
        ("得分 > 1", []),
        ("得分 < 1", ["得分 < 1"]),
        ("得分 > 1 and 得分 < 1 and 附加分 = 1", ["得分 < 1", "附加分 = 1"]),
        ("(得分 > 1 and 得分 < 2) and 附加分 = 1", ["得分 < 2", "附加分 = 1"]),
        ("得分 < 1 or 附加分 = 1", ["得分 < 1 or 附加分 = 1"]),
    ],
)
def test_of_conditions_joined_by_and_those_that_do_not_hold_are_failing(
    text: str, failing: list[str]
) -> None:
    assert [text[slice(*each.node.span)] for each in traced(text).failing] == failing
