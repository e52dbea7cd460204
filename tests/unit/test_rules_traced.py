"""Rows and rules with the values they saw."""

from __future__ import annotations

from decimal import Decimal

from partybuild_flow.rules import conclude_rule_set, conclude_table, trace_rule_set, trace_table
from tests.written_rules import NAMES, rule_set, table

NOTHING = dict.fromkeys(NAMES)


def test_every_row_is_traced_with_its_tests_and_whether_it_holds() -> None:
    rules = table(
        "F", ["得分", "类别"], ["星"], [[">= 90", "-", "5"], [">= 80", '"国企"', "4"], ["-", "-", "3"]]
    )
    facts = {**NOTHING, "得分": Decimal(85)}
    traced = trace_table(rules, facts)
    assert [each.value for each in traced.inputs] == [Decimal(85), None]
    assert [[test and test.value for test in row.tests] for row in traced.rows] == [
        [False, None],
        [True, False],
        [None, None],
    ]
    assert [row.holds for row in traced.rows] == [False, False, True]
    assert traced.rows[0].tests[1] is None
    assert traced.conclusion == conclude_table(rules, facts)


def test_under_first_rows_after_the_first_that_holds_are_traced_too() -> None:
    traced = trace_table(table("F", ["得分"], ["星"], [["> 1", "5"], ["> 2", "4"]]), {"得分": Decimal(3)})
    assert [row.holds for row in traced.rows] == [True, True]
    assert traced.conclusion.fired == ("1",)


def test_a_missing_value_is_named_by_the_test_that_needed_it() -> None:
    traced = trace_rule_set(
        rule_set({"甲": ("得分 > 年限", {"级": "1"})}), {"得分": Decimal(3), "年限": None}
    )
    assert [node.id for node in traced.rules[0].when.missing if hasattr(node, "id")] == ["年限"]
    assert not traced.rules[0].holds


def test_every_rule_is_traced_in_file_order_with_the_derived_facts_it_saw() -> None:
    rules = rule_set(
        {"甲": ("得分 > 1", {"级": "得分 + 1"})},
        {"乙": ("级 > 3", {"末": "级 * 2"}), "丙": ("级 > 9", {"末": "0"})},
        lines={"甲": 9},
    )
    facts = {**NOTHING, "得分": Decimal(3)}
    traced = trace_rule_set(rules, facts)
    assert [(each.rule.id, each.holds, each.conclusions) for each in traced.rules] == [
        ("乙", True, {"末": Decimal(8)}),
        ("丙", False, {}),
        ("甲", True, {"级": Decimal(4)}),
    ]
    assert traced.rules[0].when.parts[0].value == Decimal(4)
    assert traced.conclusion == conclude_rule_set(rules, facts)


def test_rules_behind_a_conflict_were_not_asked_and_are_left_out() -> None:
    rules = rule_set(
        {"甲": ("得分 > 1", {"级": "1"}), "乙": ("得分 > 2", {"级": "2"})}, {"丙": ("级 = 1", {"末": "0"})}
    )
    traced = trace_rule_set(rules, {**NOTHING, "得分": Decimal(3)})
    assert [each.rule.id for each in traced.rules] == ["甲", "乙"]
    assert traced.conclusion.conflict is not None


def test_a_derived_fact_is_as_it_is_because_of_the_rules_that_concluded_it() -> None:
    rules = rule_set(
        {"甲": ("得分 > 1", {"级": "1"}), "乙": ("得分 > 2", {"级": "1"}), "丙": ("得分 > 9", {"级": "1"})},
        defaults={"级": "0"},
    )
    told = tuple(rule.model_copy(update={"because": f"因{rule.name}"}) for rule in rules.strata[0])
    rules = rules.model_copy(update={"strata": (told,)})
    assert trace_rule_set(rules, {"得分": Decimal(3)}).because("级") == ("因甲", "因乙")
    assert trace_rule_set(rules, {"得分": Decimal(0)}).because("级") == ()
