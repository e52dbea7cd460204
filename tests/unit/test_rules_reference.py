"""Rule sets: what they mean, told by the reference and by durable-rules alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import pytest

from partybuild_flow.case import Conclusion, Conflict
from partybuild_flow.definition import RuleSet
from partybuild_flow.feel import Value
from partybuild_flow.rules import compile_rule_set, conclude_rule_set
from tests.written_rules import NAMES, rule_set

Conclude = Callable[[RuleSet, Mapping[str, Value]], Conclusion]
ANYTHING: dict[str, Value] = dict.fromkeys(NAMES)


@pytest.fixture(params=["reference", "durable-rules"])
def conclude(request: pytest.FixtureRequest) -> Conclude:
    if request.param == "reference":
        return conclude_rule_set
    pytest.importorskip("durable_rules_engine", reason="durable-rules cannot be installed here")
    return lambda rules, facts: compile_rule_set(rules)(facts)


def facts(**known: Any) -> dict[str, Value]:
    return {
        **ANYTHING,
        **{name: Decimal(value) if type(value) is int else value for name, value in known.items()},
    }


def test_every_rule_that_holds_fires_once_and_is_named_in_file_order(conclude: Conclude) -> None:
    rules = rule_set(
        {
            "高分": ("得分 >= 90", {"优": "true"}),
            "老": ("年限 > 10", {"资深": "true"}),
            "党": ("党员", {"带头": "true"}),
            "低分": ("得分 < 60", {"差": "true"}),
        },
        lines={"高分": 3, "老": 1, "党": 2},
    )
    conclusion = conclude(rules, facts(得分=95, 年限=20, 党员=True))
    assert conclusion == Conclusion(
        {"优": True, "资深": True, "带头": True, "差": None}, ("老", "党", "高分")
    )


def test_a_rule_reads_what_an_earlier_stratum_derived(conclude: Conclude) -> None:
    rules = rule_set(
        {"甲": ("得分 >= 90", {"加分": "得分 - 90"})},
        {"乙": ("加分 > 3", {"等次": '"优"'}), "丙": ("加分 <= 3", {"等次": '"良"'})},
        {"丁": ('等次 = "优"', {"推荐": "加分 + 1"})},
    )
    assert conclude(rules, facts(得分=95)) == Conclusion(
        {"加分": Decimal(5), "等次": "优", "推荐": Decimal(6)}, ("甲", "乙", "丁")
    )


def test_a_fact_that_nobody_sets_takes_its_default_else_null(conclude: Conclude) -> None:
    rules = rule_set(
        {"甲": ("得分 >= 90", {"加分": "5", "名": '"甲"'})},
        {"乙": ("加分 = 1", {"等次": '"良"'})},
        defaults={"加分": "年限 - 1", "从未": '"无"'},
    )
    assert conclude(rules, facts(得分=3, 年限=2)) == Conclusion(
        {"加分": Decimal(1), "名": None, "等次": "良", "从未": "无"}, ("乙",)
    )


def test_a_null_condition_does_not_hold_and_neither_does_its_negation(conclude: Conclude) -> None:
    rules = rule_set({"正": ("得分 > 1", {"一": "1"}), "反": ("not(得分 > 1)", {"二": "1"})})
    assert conclude(rules, facts()).fired == ()
    assert conclude(rules, {}).fired == ()


def test_null_is_known_to_equality(conclude: Conclude) -> None:
    rules = rule_set(
        {
            "空": ("得分 = null", {"一": "1"}),
            "非空": ("得分 != null", {"二": "1"}),
            "非五": ("得分 != 5", {"三": "1"}),
            "不是五": ("not(得分 = 5)", {"四": "1"}),
        }
    )
    assert conclude(rules, facts()).fired == ("空", "非五", "不是五")
    assert conclude(rules, facts(得分=5)).fired == ("非空",)


def test_rules_that_set_a_fact_differently_are_a_conflict_and_nothing_is_believed(conclude: Conclude) -> None:
    rules = rule_set(
        {
            "甲": ("得分 > 1", {"级": "1"}),
            "乙": ("得分 > 2", {"级": "2"}),
            "丙": ("得分 > 3", {"级": "1"}),
            "丁": ("得分 > 2", {"旁": "1"}),
        },
        {"戊": ("级 = 1", {"后": "1"})},
        lines={"甲": 9},
    )
    assert conclude(rules, facts(得分=3)) == Conclusion(
        {"级": None, "旁": None, "后": None}, ("乙", "丁", "甲"), Conflict("研判", "级", ("乙", "甲"))
    )


def test_rules_that_agree_on_a_fact_are_no_conflict(conclude: Conclude) -> None:
    rules = rule_set({"甲": ("得分 > 1", {"级": "1.0"}), "乙": ("得分 > 2", {"级": "1.00"})})
    conclusion = conclude(rules, facts(得分=3))
    assert conclusion.conflict is None
    assert str(conclusion.outputs["级"]) == "1.0"


def test_null_and_a_value_disagree(conclude: Conclude) -> None:
    rules = rule_set({"甲": ("得分 > 1", {"级": "null"}), "乙": ("得分 > 2", {"级": "1"})})
    assert conclude(rules, facts(得分=3)).conflict == Conflict("研判", "级", ("甲", "乙"))


def test_first_lets_the_first_rule_in_the_file_win(conclude: Conclude) -> None:
    rules = {"甲": ("得分 > 1", {"级": "1"}), "乙": ("得分 > 2", {"级": "2"})}
    assert conclude(rule_set(rules, first=True), facts(得分=3)).outputs == {"级": Decimal(1)}
    turned = rule_set(rules, first=True, lines={"甲": 5})
    assert conclude(turned, facts(得分=3)) == Conclusion({"级": Decimal(2)}, ("乙", "甲"))


def test_the_order_of_the_file_decides_between_rules_of_different_strata(conclude: Conclude) -> None:
    strata = (
        {"早": ("得分 > 1", {"级": "1", "中": "1"})},
        {"晚": ("中 = 1", {"级": "2"})},
        {"读": ("级 = 2", {"末": '"二"'}), "也读": ("级 = 1", {"末": '"一"'})},
    )
    assert conclude(rule_set(*strata, first=True), facts(得分=3)).outputs["末"] == "一"
    assert conclude(rule_set(*strata, first=True, lines={"早": 9}), facts(得分=3)).outputs["末"] == "二"
    assert conclude(rule_set(*strata), facts(得分=3)).conflict == Conflict("研判", "级", ("早", "晚"))


def test_a_fact_that_only_a_later_stratum_sets_is_not_defaulted_too_early(conclude: Conclude) -> None:
    rules = rule_set(
        {"甲": ("得分 > 5", {"级": "1"}), "乙": ("得分 > 1", {"中": "1"})},
        {"丙": ("中 = 1", {"级": "2"})},
        {"丁": ("级 = 2", {"末": "true"})},
        defaults={"级": "0"},
    )
    assert conclude(rules, facts(得分=3)).outputs == {"级": Decimal(2), "中": Decimal(1), "末": True}


def test_a_rule_set_without_rules_concludes_its_defaults(conclude: Conclude) -> None:
    assert conclude(rule_set(defaults={"级": "0"}), facts()) == Conclusion({"级": Decimal(0)}, ())


def test_the_given_facts_are_never_changed(conclude: Conclude) -> None:
    given = facts(得分=3)
    before = dict(given)
    conclude(rule_set({"甲": ("得分 > 1", {"级": "1"})}, {"乙": ("级 = 1", {"末": "1"})}), given)
    assert given == before
