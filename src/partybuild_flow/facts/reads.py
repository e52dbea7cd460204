"""What the parts of a definition read: the expressions of a transition, the facts of tables and rule sets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from partybuild_flow.facts.sending import expressions_of_effect
from partybuild_flow.feel import Expression, tree

if TYPE_CHECKING:
    from partybuild_flow.definition import Collect, RuleSet, Table, Transition, Workflow


def expressions_of(transition: Transition) -> tuple[Expression, ...]:
    """Every expression of a transition, in the order in which it is evaluated."""
    own = (transition.when, transition.decide, *(setting.value for setting in transition.settings))
    pieces = (piece for notice in transition.notices for piece in notice.text)
    collects = expressions_in(transition.collect) if transition.collect else ()
    people = (each.people for each in transition.discards)
    sends = (each for effect in transition.sends for each in expressions_of_effect(effect))
    found = (*collects, *own, *pieces, *people, *sends)
    return tuple(each for each in found if isinstance(each, Expression))


def expressions_in(collect: Collect) -> tuple[Expression, ...]:
    """Every expression of a `collect`."""
    single = (collect.value, collect.at_least, collect.ratio, collect.trim_from)
    return (*collect.asked, *collect.recused, *(each for each in single if each))


def rules_read(workflow: Workflow, name: str) -> frozenset[str]:
    """Ids of the facts that a table or rule set reads, without those it derives itself."""
    table = workflow.tables.get(name)
    expressions = expressions_in_rules(workflow, name)
    own = {"?"} if table else {output.id for output in workflow.rule_sets[name].outputs}
    return frozenset(read for expression in expressions for read in expression.reads) - own


def expressions_in_rules(workflow: Workflow, name: str) -> list[Expression]:
    """Every expression of a table or rule set."""
    table = workflow.tables.get(name)
    return _of_table(table) if table else _of_rule_set(workflow.rule_sets[name])


def _of_table(table: Table) -> list[Expression]:
    tests = [test for row in table.rows for test in row.tests if test]
    values = [value for row in table.rows for value in row.values]
    return [*table.inputs, *tests, *values, *(each.default for each in table.outputs if each.default)]


def _of_rule_set(rule_set: RuleSet) -> list[Expression]:
    conclusions = [each.value for rule in rule_set.rules for each in rule.conclusions]
    defaults = [each.default for each in rule_set.outputs if each.default]
    return [*(rule.when for rule in rule_set.rules), *conclusions, *defaults]


def deadlines_in_full(workflow: Workflow) -> frozenset[str]:
    """Ids of the deadlines of which expressions read more than when they are due and whether they are open."""
    expressions = [each for transition in workflow.transitions for each in expressions_of(transition)]
    expressions += [each for deadline in workflow.deadlines.values() for each in deadline.expressions]
    expressions += [each for table in workflow.tables.values() for each in _of_table(table)]
    expressions += [each for rules in workflow.rule_sets.values() for each in _of_rule_set(rules)]
    found: set[str] = set()
    for expression in expressions:
        if not workflow.deadlines.keys().isdisjoint(expression.reads):
            found |= _read_in_full(expression.tree)
    return frozenset(found & workflow.deadlines.keys())


def _read_in_full(node: tree.Node) -> set[str]:
    if isinstance(node, tree.Path) and node.entry in ("due", "open"):
        return set() if isinstance(node.source, tree.Name) else _read_in_full(node.source)
    if isinstance(node, tree.Name):
        return set() if node.local else {node.id}
    return {name for part in tree.children(node) for name in _read_in_full(part)}
