"""The examples that tables and rule sets carry, concluded again by the reference evaluator."""

from __future__ import annotations

from collections.abc import Mapping

from partybuild_flow.case import Conclusion
from partybuild_flow.checks.findings import Findings
from partybuild_flow.definition import Example, RuleSet, Table, Workflow
from partybuild_flow.facts import rules_read
from partybuild_flow.feel import Value, text_of
from partybuild_flow.feel.values import key_of
from partybuild_flow.messages import Phrase
from partybuild_flow.rules.reference import conclude_rule_set, conclude_table

Rules = Table | RuleSet


def check_examples(workflow: Workflow, findings: Findings) -> None:
    """Note every example that its table or rule set concludes differently."""
    every: list[Rules] = [*workflow.tables.values(), *workflow.rule_sets.values()]
    for rules in every:
        for number, example in enumerate(rules.examples, 1):
            _check(workflow, rules, number, example, findings)


def _check(workflow: Workflow, rules: Rules, number: int, example: Example, findings: Findings) -> None:
    facts = _facts(workflow, rules.id, example.given, frozenset({rules.id}))
    conclusion = _conclude(workflow, rules.id, facts)
    names = {output.id: output.name for output in rules.outputs}
    for output, expected in example.expected.items():
        found = conclusion.outputs.get(output)
        if conclusion.conflict is None and key_of(found) == key_of(expected):
            continue
        data: dict[str, object] = {
            "number": number,
            "rules": rules.name,
            "output": names.get(output, output),
            "expected": text_of(expected),
            "found": text_of(found),
            "fired": _names(rules, conclusion.fired),
        }
        findings.add(_code(rules, conclusion), example.position, **data)
        if conclusion.conflict is not None:
            return


def _code(rules: Rules, conclusion: Conclusion) -> str:
    if conclusion.conflict is not None:
        return "PF338"
    if not conclusion.fired:
        return "PF339"
    return "PF330" if isinstance(rules, Table) else "PF331"


def _names(rules: Rules, fired: tuple[str, ...]) -> tuple[Phrase, ...]:
    """The rows or rules that held, for a sentence."""
    if isinstance(rules, Table):
        return tuple(Phrase("row", {"row": each}) for each in fired)
    by_id = {rule.id: rule.name for rule in rules.rules}
    return tuple(Phrase("rule", {"rule": by_id.get(each, each)}) for each in fired)


def _facts(
    workflow: Workflow, name: str, given: Mapping[str, Value], within: frozenset[str]
) -> dict[str, Value]:
    """What the example gives, the parameters, and what other tables and rule sets conclude from these."""
    facts = {each.id: each.value for each in workflow.parameters.values()} | dict(given)
    for read in sorted(rules_read(workflow, name)):
        if read in facts or read in within or not (read in workflow.tables or read in workflow.rule_sets):
            continue
        inner = _facts(workflow, read, given, within | {read})
        facts[read] = dict(_conclude(workflow, read, inner).outputs)
    return facts


def _conclude(workflow: Workflow, name: str, facts: Mapping[str, Value]) -> Conclusion:
    table = workflow.tables.get(name)
    return conclude_table(table, facts) if table else conclude_rule_set(workflow.rule_sets[name], facts)
