"""Rules have one meaning: durable-rules, the generated code and the reference evaluator agree."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from benchmarks.hostile_rules import RuleSetMaker
from benchmarks.rule_sets import same
from hypothesis import given, settings
from hypothesis import strategies as st

from partybuild_flow.definition import RuleSet, Table
from partybuild_flow.feel import Value
from partybuild_flow.rules import compile_rule_set, compile_table, conclude_rule_set, conclude_table
from tests.conftest import PROJECT
from tests.written_rules import LEVELS, table

HOSTILE = 100_000

NUMBERS = st.sampled_from(
    [Decimal(number) for number in ("0", "1", "1.0", "59.99", "60", "89.995", "90", "1e30")]
)
TEXTS = st.sampled_from(["", "国企", "两新", "学校", '"', "国企 ", "x" * 70_000])
DAYS = st.sampled_from([date(2023, 12, 31), date(2024, 2, 29), date(2024, 3, 1)])
FACTS: st.SearchStrategy[dict[str, Value]] = st.fixed_dictionaries(
    {},
    optional={
        "得分": NUMBERS | st.none(),
        "年限": NUMBERS | st.none(),
        "类别": TEXTS | st.none(),
        "党员": st.booleans() | st.none(),
        "日期": DAYS | st.none(),
        "级别": st.sampled_from(LEVELS.values) | st.none(),
        "分数": st.lists(NUMBERS, max_size=3) | st.none(),
    },
)
TESTS = {
    "得分": [
        "-",
        ">= 60",
        "< 90",
        "[60..90)",
        "90",
        "not(90)",
        "null",
        "> 年限",
        "1, 60, > 89.995",
        "? * 2 > 年限 + 60",
    ],
    "得分 + 年限": ["-", "> 100", "<= 100", "null", "not(null)"],
    "类别": ["-", '"国企"', '"国企","两新"', 'not("国企","两新")', "null", 'starts with(?, "国")'],
    "党员": ["-", "true", "false", "not(true)", "null"],
    "日期": ["-", '>= date("2024-03-01")', '[date("2024-01-01")..date("2024-03-01"))'],
    "级别": ["-", '< "街道"', '>= "社区"', '"社区"', 'not("街道")'],
    "sum(分数)": ["-", "> 60", "null"],
}
VALUES = [
    "1",
    "2",
    '"优"',
    "null",
    "true",
    "得分",
    "得分 * 2",
    "年限 / 得分",
    "if 党员 then 1 else 2",
    "max(分数)",
]


@st.composite
def tables(draw: st.DrawFn) -> Table:
    inputs = draw(st.lists(st.sampled_from(sorted(TESTS)), min_size=1, max_size=3))
    outputs = draw(st.sampled_from([["一"], ["一", "二"]]))
    cells = [st.sampled_from(TESTS[name]) for name in inputs] + [st.sampled_from(VALUES)] * len(outputs)
    rows = draw(st.lists(st.tuples(*cells), max_size=6))
    defaults = draw(st.dictionaries(st.sampled_from(outputs), st.sampled_from(VALUES)))
    return table(draw(st.sampled_from(["U", "A", "F"])), inputs, outputs, rows, defaults)


@settings(deadline=None, max_examples=300)
@given(tables(), st.lists(FACTS, min_size=1, max_size=8))
def test_a_generated_table_concludes_what_the_reference_concludes(
    rules: Table, many: list[dict[str, Value]]
) -> None:
    compiled = compile_table(rules)
    for facts in many:
        assert same(compiled(facts), conclude_table(rules, facts))


@settings(deadline=None, max_examples=100)
@given(tables(), FACTS)
def test_a_table_names_rows_that_exist_and_sets_all_its_outputs(
    rules: Table, facts: dict[str, Value]
) -> None:
    conclusion = conclude_table(rules, facts)
    assert set(conclusion.fired) <= {str(row.number) for row in rules.rows}
    assert list(conclusion.outputs) == [output.id for output in rules.outputs]
    if conclusion.conflict:
        assert set(conclusion.outputs.values()) == {None}
        assert len(conclusion.conflict.between) > 1


@pytest.mark.slow
def test_durable_rules_and_the_reference_agree_on_a_hundred_thousand_hostile_decisions() -> None:
    pytest.importorskip("durable_rules_engine", reason="durable-rules cannot be installed here")
    # In a process of its own: what this test is about would kill the whole run, and tell nothing.
    code = f"import json; from benchmarks.rule_sets import compare; print(json.dumps(compare({HOSTILE})))"
    told = subprocess.run(
        [sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    decisions, disagreements, failures = json.loads(told.stdout)
    assert decisions >= HOSTILE
    assert (disagreements, failures) == (0, 0)


@st.composite
def rule_sets(draw: st.DrawFn) -> tuple[RuleSet, list[Mapping[str, Value]]]:
    maker = RuleSetMaker(draw(st.integers(0, 2**32)))
    rule_set = maker.rule_set(draw(st.integers(1, 30)), draw(st.integers(1, 6)))
    return rule_set, [maker.facts() for _ in range(10)]


@settings(deadline=None, max_examples=30)
@given(rule_sets(), st.randoms(use_true_random=False))
def test_the_conclusion_depends_on_nothing_but_the_facts(drawn: tuple[RuleSet, Any], chance: Any) -> None:
    rule_set, many = drawn
    strata = tuple(tuple(chance.sample(rules, len(rules))) for rules in rule_set.strata)
    shuffled = rule_set.model_copy(update={"strata": strata})
    compiled = compile_rule_set(shuffled)
    for facts in many:
        turned = dict(reversed(facts.items()))
        expected = conclude_rule_set(rule_set, facts)
        assert same(conclude_rule_set(shuffled, turned), expected)
        assert same(compiled(turned), expected)
        assert same(compiled(facts), expected)


@settings(deadline=None, max_examples=30)
@given(rule_sets())
def test_a_derived_fact_has_a_value_of_a_rule_that_fired_or_its_default(drawn: tuple[RuleSet, Any]) -> None:
    rule_set, many = drawn
    setters = {
        output.id: {
            rule.id for rule in rule_set.rules if output.id in {each.field for each in rule.conclusions}
        }
        for output in rule_set.outputs
    }
    defaults = {output.id: output.default for output in rule_set.outputs}
    for facts in many:
        conclusion = conclude_rule_set(rule_set, facts)
        for fact, value in conclusion.outputs.items():
            if value is not None and not setters[fact] & set(conclusion.fired):
                assert defaults[fact] is not None
