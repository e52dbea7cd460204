"""What tables and rule sets can conclude at all, where each value that they may give is written down."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Final

from partybuild_flow.checks.ranges import EVERY_TRUTH, Line, Some, Values, points
from partybuild_flow.definition import Output, RuleSet, Table, Workflow
from partybuild_flow.feel import Expression, Node, Type, context_of
from partybuild_flow.feel.tree import Constant, Name, Path

MOST_VALUES: Final = 200


def concluded_values(workflow: Workflow, node: Node, settled: Callable[[Node], Node]) -> Values | None:
    """All values that the output of a table or rule set may have, null too; None if they are not all written."""
    found = output_of(workflow, node)
    if found is None:
        return None
    values: list[object] = []
    for expression in _expressions(*found):
        tree = settled(expression.tree)
        if not isinstance(tree, Constant) or len(values) == MOST_VALUES:
            return None
        values.append(tree.value)
    return _as_values([value for value in values if value is not None])


def concluded_type(rules: Table | RuleSet) -> Type:
    """The type of what a table or rule set concludes, with the names of its outputs."""
    entries = {each.id: each.type for each in rules.outputs}
    return context_of(entries, {each.name: each.id for each in rules.outputs})


def output_of(workflow: Workflow, node: Node) -> tuple[Table | RuleSet, Output] | None:
    """The output that an expression reads and nothing else, with what concludes it."""
    match node:
        case Path(source=Name(id=name, local=False), entry=entry):
            rules = workflow.tables.get(name) or workflow.rule_sets.get(name)
            return (
                next(((rules, each) for each in rules.outputs if each.id == entry), None) if rules else None
            )
        case Name(id=name, local=False):
            sets = workflow.rule_sets.values()
            return next(((rules, each) for rules in sets for each in rules.outputs if each.id == name), None)
        case _:
            return None


def _expressions(rules: Table | RuleSet, output: Output) -> Iterator[Expression]:
    """Every expression that may give the value of an output."""
    if output.default is not None:
        yield output.default
    if isinstance(rules, Table):
        column = rules.outputs.index(output)
        yield from (row.values[column] for row in rules.rows)
    else:
        for rule in rules.rules:
            yield from (each.value for each in rule.conclusions if each.field == output.id)


def _as_values(values: list[object]) -> Values | None:
    if not values:
        return None
    if all(isinstance(value, bool) for value in values):
        return EVERY_TRUTH.meet(Some(frozenset(bool(value) for value in values), null=True))
    if all(isinstance(value, str) for value in values):
        return Some(frozenset(str(value) for value in values), null=True)
    if all(isinstance(value, Decimal) for value in values):
        line = Line((), null=True)
        for value in values:
            line = line.join(points(value, value))  # type: ignore[arg-type]
        return line
    return None
