"""Rules of rule sets: those that never hold, those that hold whatever the facts, those that contradict each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Final

from partybuild_flow.checks.boxes import EVERYTHING, TooManyBoxesError, meeting
from partybuild_flow.checks.conditions import Conditions
from partybuild_flow.checks.findings import Findings
from partybuild_flow.checks.witnesses import Question, Witnesses
from partybuild_flow.definition import Rule, RuleSet, Workflow
from partybuild_flow.feel import Node, Value
from partybuild_flow.feel.tree import Constant
from partybuild_flow.feel.values import key_of
from partybuild_flow.messages import Phrase
from partybuild_flow.rules import conclude_rule_set
from partybuild_flow.rules.agreement import in_file_order

MOST_CONFLICTS: Final = 10


def check_rules(workflow: Workflow, conditions: Conditions, witnesses: Witnesses, findings: Findings) -> None:
    """Note rules that never hold, that hold whatever the facts, and two that say different things at once."""
    for rule_set in workflow.rule_sets.values():
        witnesses.refill()
        unknown = _check_conditions(rule_set, conditions, findings)
        if not rule_set.first:
            _check_conflicts(rule_set, conditions, witnesses, findings)
        if unknown:
            reasons = Phrase("unchecked-rule", {"rules": unknown})
            findings.add("PF341", rule_set.position, table=rule_set.name, reasons=reasons)


def _check_conditions(rule_set: RuleSet, conditions: Conditions, findings: Findings) -> tuple[str, ...]:
    """Note what never or always holds; the names of the rules of which nothing could be found out."""
    unknown: list[str] = []
    for rule in rule_set.rules:
        node = conditions.settled(rule.when.tree)
        try:
            if not conditions.where(node):
                code = "PF336"
            elif rule.when.reads and not conditions.where(node, exactly=False):
                code = "PF337"
            else:
                continue
        except TooManyBoxesError:
            unknown.append(rule.name)
            continue
        findings.add(code, rule.position, rule=rule.name, condition=rule.when.text)
    return tuple(unknown)


def _check_conflicts(
    rule_set: RuleSet, conditions: Conditions, witnesses: Witnesses, findings: Findings
) -> None:
    """Note rules that set one fact differently for the same facts, each pair with facts for which they did."""
    trees: tuple[Node, ...] = tuple(
        conditions.settled(each.tree)
        for rule in rule_set.rules
        for each in (rule.when, *(conclusion.value for conclusion in rule.conclusions))
    )
    found = 0
    for first, second, fact in _rivals(rule_set, conditions):
        try:
            region = meeting(conditions.where(conditions.settled(each.when.tree)) for each in (first, second))
        except TooManyBoxesError:
            region = EVERYTHING

        def clash(facts: Mapping[str, Value], *rivals: str) -> bool:
            conflict = conclude_rule_set(rule_set, facts).conflict
            return conflict is not None and set(rivals) <= set(conflict.between)

        rivals = (first.id, second.id)
        choice = (
            witnesses.find(
                Question(trees, region, frozenset(), lambda facts, rivals=rivals: clash(facts, *rivals))  # type: ignore[misc]
            )
            if region
            else None
        )
        if choice is None:
            continue
        names = {output.id: output.name for output in rule_set.outputs}
        data = {"first": first.name, "second": second.name, "output": names.get(fact, fact)}
        findings.add("PF344", second.position, **data, example=witnesses.told(choice))
        found += 1
        if found == MOST_CONFLICTS:
            return


def _rivals(rule_set: RuleSet, conditions: Conditions) -> Iterator[tuple[Rule, Rule, str]]:
    """Pairs of rules that may give one fact different values, with the fact."""
    for first, second in combinations(in_file_order(rule_set), 2):
        said = {each.field: conditions.settled(each.value.tree) for each in first.conclusions}
        for each in second.conclusions:
            if each.field in said and not _same(said[each.field], conditions.settled(each.value.tree)):
                yield first, second, each.field
                break


def _same(one: Node, other: Node) -> bool:
    if isinstance(one, Constant) and isinstance(other, Constant):
        return key_of(one.value) == key_of(other.value)
    return one == other
