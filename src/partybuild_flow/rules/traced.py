"""Every row and rule with the values it saw, for explanations. Computed when read, never on the hot path."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, NamedTuple

from partybuild_flow.case import Conclusion
from partybuild_flow.feel import Traced, Value, trace
from partybuild_flow.rules.agreement import conclude_in_strata, in_file_order, plan_of
from partybuild_flow.rules.reference import conclude_table, walked

if TYPE_CHECKING:
    from partybuild_flow.definition import Row, Rule, RuleSet, Table

_NOTHING: Final = object()


class TracedRow(NamedTuple):
    """A row, its tests with the values they saw (None is `-`), and whether all of them hold.

    Under F more rows may hold than `fired` names.
    """

    row: Row
    tests: tuple[Traced | None, ...]
    holds: bool


class TracedTable(NamedTuple):
    """A table's inputs and rows as they were for some facts, in file order."""

    table: Table
    inputs: tuple[Traced, ...]
    rows: tuple[TracedRow, ...]
    conclusion: Conclusion


class TracedRule(NamedTuple):
    """A rule, its condition with the values it saw, and, if it holds, the value of each derived fact."""

    rule: Rule
    when: Traced
    holds: bool
    conclusions: Mapping[str, Value]


class TracedRuleSet(NamedTuple):
    """A rule set's rules as they were for some facts, in file order.

    A rule that was not asked, because an earlier stratum ended in a conflict, is left out.
    """

    rule_set: RuleSet
    rules: tuple[TracedRule, ...]
    conclusion: Conclusion

    def because(self, output: str) -> tuple[str, ...]:
        """Why a derived fact has its value, in the words of the rules that concluded it."""
        value = self.conclusion.outputs.get(output)
        told = (each.rule.because for each in self.rules if each.conclusions.get(output, _NOTHING) == value)
        return tuple(dict.fromkeys(each for each in told if each))


def trace_table(table: Table, facts: Mapping[str, Value]) -> TracedTable:
    """All rows of a table with the values they saw; the conclusion is the reference evaluator's."""
    inputs = tuple(trace(tested.tree, facts) for tested in table.inputs)
    scopes = [{**facts, "?": tested.value} for tested in inputs]
    rows = []
    for row in table.rows:
        tests = tuple(
            None if test is None else trace(test.tree, scope)
            for test, scope in zip(row.tests, scopes, strict=True)
        )
        rows.append(TracedRow(row, tests, all(test is None or test.value is True for test in tests)))
    return TracedTable(table, inputs, tuple(rows), conclude_table(table, facts))


def trace_rule_set(rule_set: RuleSet, facts: Mapping[str, Value]) -> TracedRuleSet:
    """All rules of a rule set with the values they saw, derived facts included."""
    traced: dict[str, TracedRule] = {}

    def holding(number: int, known: Mapping[str, Value]) -> list[int]:
        held = []
        for index, rule in enumerate(rule_set.strata[number]):
            when = trace(rule.when.tree, known)
            holds = when.value is True
            conclusions = (
                {each.field: walked(each.value)(known) for each in rule.conclusions} if holds else {}
            )
            traced[rule.id] = TracedRule(rule, when, holds, conclusions)
            if holds:
                held.append(index)
        return held

    conclusion = conclude_in_strata(plan_of(rule_set, walked), facts, holding)
    rules = tuple(traced[rule.id] for rule in in_file_order(rule_set) if rule.id in traced)
    return TracedRuleSet(rule_set, rules, conclusion)
