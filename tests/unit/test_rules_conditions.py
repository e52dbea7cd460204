"""Conditions of rules taken apart, with negations pushed down exactly under three values."""

from __future__ import annotations

import pytest

from partybuild_flow.feel.tree import Comparison, In, Name, Node, Quantified
from partybuild_flow.rules.conditions import FALSE, TRUE, Compared, Part, parts_of, shape_of, subject_of
from tests.written_rules import expression


def parts(text: str) -> tuple[Part, ...]:
    return parts_of(expression(text).tree)


def said(text: str) -> list[str]:
    """Compared parts as `name operator constant`, judged ones as their class and what is wanted."""
    return [
        f"{name_of(part.node)} {part.operator} {part.constant}"
        if isinstance(part, Compared)
        else f"{type(part.node).__name__} {part.wanted}"
        for part in parts(text)
    ]


def name_of(node: Node) -> str:
    return node.id if isinstance(node, Name) else type(node).__name__


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("得分 >= 90", ["得分 >= 90"]),
        ("90 < 得分", ["得分 > 90"]),
        ("not(得分 >= 90)", ["得分 < 90"]),
        ("not(not(得分 = 90))", ["得分 = 90"]),
        ('得分 > 1 and 类别 = "国企" and not(党员 = true)', ["得分 > 1", "类别 = 国企", "党员 != True"]),
        ("not(得分 > 1 or 年限 < 2)", ["得分 <= 1", "年限 >= 2"]),
        ("得分 in [80..90)", ["得分 >= 80", "得分 < 90"]),
        ("得分 + 1 > 3", ["Arithmetic > 3"]),
    ],
)
def test_a_comparison_with_a_constant_is_compared_by_the_engine(text: str, expected: list[str]) -> None:
    assert said(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("党员", [f"Name {TRUE}"]),
        ("not(党员)", [f"Name {FALSE}"]),
        ("得分 > 年限", [f"Comparison {TRUE}"]),
        ("not(得分 > 年限)", [f"Comparison {FALSE}"]),
        ("得分 = null", [f"Comparison {TRUE}"]),
        ('级别 < "街道"', [f"Comparison {TRUE}"]),
        ("得分 > 1 or 年限 > 2", [f"Or {TRUE}"]),
        ("not(得分 > 1 and 年限 > 2)", [f"And {FALSE}"]),
        ("not(得分 in [1..2])", [f"In {FALSE}"]),
        ('类别 in ("国企", "两新")', [f"In {TRUE}"]),
        ("得分 in [1..年限]", [f"In {TRUE}"]),
        ("if 党员 then 得分 > 1 else 年限 > 1", [f"If {TRUE}"]),
    ],
)
def test_everything_else_is_judged_by_our_evaluator(text: str, expected: list[str]) -> None:
    assert said(text) == expected


def test_a_condition_with_a_loop_stays_whole_because_its_steps_are_bounded_as_a_whole() -> None:
    (part,) = parts("得分 > 1 and (some x in 分数 satisfies x > 2)")
    assert not isinstance(part, Compared)
    assert any(isinstance(operand, Quantified) for operand in part.node.operands)  # type: ignore[attr-defined]


def test_equal_subjects_are_one_wherever_they_are_written() -> None:
    first, second, third = parts("得分 + 1 > 3 and 年限 > 1 and 得分 + 1 < 9")
    assert subject_of(first) == subject_of(third) != subject_of(second)


def test_one_name_compared_with_constants_of_two_kinds_is_two_subjects() -> None:
    number, text = (Compared(expression("得分").tree, "=", constant) for constant in (1, "1"))  # type: ignore[arg-type]
    assert subject_of(number) != subject_of(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [("得分 = 1", "得分 = 2"), ("得分 = 1", "得分 != 1"), ("得分 in (1)", "得分 in (1, 2)"), ("true", "1")],
)
def test_different_trees_have_different_shapes(one: str, other: str) -> None:
    assert shape_of(expression(one).tree) != shape_of(expression(other).tree)


@pytest.mark.parametrize("text", ["得分 = 1 + 年限", '类别 in ("国企", "两新")', "分数[1] > 2"])
def test_equal_trees_have_one_shape(text: str) -> None:
    one, other = expression(text).tree, expression(f"  {text}").tree
    assert isinstance(one, Comparison | In)
    assert one != other
    assert shape_of(one) == shape_of(other)
