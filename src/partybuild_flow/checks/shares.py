"""Quotas that would give out more than there is: a share of more than all."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from partybuild_flow.checks.conditions import Conditions
from partybuild_flow.checks.findings import Findings
from partybuild_flow.checks.ranges import plain
from partybuild_flow.checks.trees import walk
from partybuild_flow.definition import RuleSet, Table, Workflow
from partybuild_flow.facts import expressions_of
from partybuild_flow.feel import Expression, text_of
from partybuild_flow.feel.tree import Call, Constant
from partybuild_flow.problems import Position

_ALL: Final = Decimal(1)


def check_shares(workflow: Workflow, conditions: Conditions, findings: Findings) -> None:
    """Note every call of `quota` whose share is known and is below 0 or above 1."""
    for position, expression in _expressions(workflow):
        for node in walk(expression.tree):
            if not isinstance(node, Call) or node.function != "quota":
                continue
            share = conditions.settled(node.arguments[1])
            if (
                isinstance(share, Constant)
                and isinstance(share.value, Decimal)
                and not 0 <= share.value <= _ALL
            ):
                text = expression.text[slice(*node.arguments[1].span)]
                told = f"{text_of(plain(share.value * 100))}%"
                findings.add(
                    "PF346", position, share=text, percent=told, call=expression.text[slice(*node.span)]
                )


def _expressions(workflow: Workflow) -> Iterator[tuple[Position, Expression]]:
    for transition in workflow.transitions:
        yield from ((transition.position, each) for each in expressions_of(transition))
    for deadline in workflow.deadlines.values():
        yield from ((deadline.position, each) for each in deadline.expressions)
    known: list[Table | RuleSet] = [*workflow.tables.values(), *workflow.rule_sets.values()]
    for rules in known:
        yield from ((each.position, each.default) for each in rules.outputs if each.default)
        if isinstance(rules, Table):
            yield from ((rules.position, each) for each in rules.inputs)
            yield from ((row.position, each) for row in rules.rows for each in row.values)
        else:
            yield from ((rule.position, rule.when) for rule in rules.rules)
            yield from ((each.position, each.value) for rule in rules.rules for each in rule.conclusions)
