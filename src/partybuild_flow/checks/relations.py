"""Relations that nothing reads, and deadlines that read one, though they are counted from the case alone."""

from __future__ import annotations

from partybuild_flow.checks.findings import Findings
from partybuild_flow.definition import Workflow
from partybuild_flow.facts import rules_read


def check_relations(workflow: Workflow, read: frozenset[str], findings: Findings) -> None:
    """Note what is wrong with how relations are used; `read` are the ids of all that is read or sent to."""
    relations = workflow.relations
    for relation in relations.values():
        if relation.id not in read:
            findings.add("PF287", relation.position, relation=relation.name)
    for deadline in workflow.deadlines.values():
        reads = {name for expression in deadline.expressions for name in expression.reads}
        rules = (name for name in (*workflow.tables, *workflow.rule_sets) if name in reads)
        reads |= {name for each in rules for name in rules_read(workflow, each)}
        for name in relations:
            if name in reads:
                data = {"deadline": deadline.name, "relation": relations[name].name}
                findings.add("PF221", deadline.position, **data)
