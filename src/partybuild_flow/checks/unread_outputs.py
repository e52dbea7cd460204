"""Outputs of tables and derived facts that no expression reads, though something else of the same rules is read."""

from __future__ import annotations

from collections.abc import Iterable

from partybuild_flow.checks.findings import Findings
from partybuild_flow.checks.trees import walk
from partybuild_flow.definition import RuleSet, Table, Workflow
from partybuild_flow.facts.reads import expressions_in_rules
from partybuild_flow.feel import Expression
from partybuild_flow.feel.tree import Name, Path


def check_unread_outputs(
    workflow: Workflow, expressions: Iterable[Expression], read: frozenset[str], findings: Findings
) -> None:
    """Note unread outputs of the rules among `read`; rules that are never read are told as a whole."""
    every = [*expressions]
    for name in (*workflow.tables, *workflow.rule_sets):
        every += expressions_in_rules(workflow, name)
    entries: set[tuple[str, str]] = set()
    names: set[str] = set()
    for expression in every:
        # A name that stands before a dot is not read as a whole.
        below: set[int] = set()
        for node in walk(expression.tree):
            if isinstance(node, Path) and isinstance(node.source, Name):
                entries.add((node.source.id, node.entry))
                below.add(id(node.source))
            elif isinstance(node, Name) and id(node) not in below:
                names.add(node.id)
    known: list[Table | RuleSet] = [*workflow.tables.values(), *workflow.rule_sets.values()]
    for rules in known:
        if rules.id not in read or rules.id in names:
            continue
        for output in rules.outputs:
            if (rules.id, output.id) not in entries and output.id not in names:
                findings.add("PF345", output.position, output=output.name, rules=rules.name)
