"""What quotes personal values without being a personal field: outputs of tables and rule sets that repeat them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from partybuild_flow.feel import Expression
from partybuild_flow.feel.tree import Name, Path, walk

if TYPE_CHECKING:
    from partybuild_flow.definition import Workflow


def quotes(workflow: Workflow, read: tuple[str, ...], personal: frozenset[str]) -> bool:
    """Whether what is read, an id or an id with one of its entries, is one of the personal names or repeats one."""
    name, *entry = read
    if name in personal:
        return True
    if name in workflow.tables or name in workflow.rule_sets:
        found = quoting_outputs(workflow, name, personal)
        return entry[0] in found if entry else bool(found)
    return any(
        name in quoting_outputs(workflow, each.id, personal)
        for each in workflow.rule_sets.values()
        if any(output.id == name for output in each.outputs)
    )


def expression_quotes(workflow: Workflow, expression: Expression, personal: frozenset[str]) -> bool:
    """Whether an expression reads one of the personal names, or what repeats one."""
    return any(quotes(workflow, read, personal) for read in _read_by(expression))


def quoting_outputs(workflow: Workflow, rules: str, personal: frozenset[str]) -> frozenset[str]:
    """The outputs of a table or rule set whose values are computed from personal ones."""
    if not personal:
        return frozenset()
    pairs = list(computed(workflow, rules))
    derived = frozenset(output for output, _ in pairs) if rules in workflow.rule_sets else frozenset()
    found: set[str] = set()
    while True:
        more = {
            output
            for output, expression in pairs
            if output not in found
            and any(
                read[0] in found if read[0] in derived else quotes(workflow, read, personal)
                for read in _read_by(expression)
            )
        }
        if not more:
            return frozenset(found)
        found |= more


def computed(workflow: Workflow, rules: str) -> Iterator[tuple[str, Expression]]:
    """Each output with every expression that may give its value."""
    table = workflow.tables.get(rules)
    outputs = table.outputs if table else workflow.rule_sets[rules].outputs
    yield from ((each.id, each.default) for each in outputs if each.default)
    if table:
        for row in table.rows:
            yield from zip((each.id for each in outputs), row.values, strict=True)
    else:
        for rule in workflow.rule_sets[rules].rules:
            yield from ((each.field, each.value) for each in rule.conclusions)


def _read_by(expression: Expression) -> Iterable[tuple[str, ...]]:
    """What an expression reads: ids, or an id with one of its entries where no more than that is read of it."""
    paths = {
        (node.source.id, node.entry)
        for node, _ in walk(expression.tree)
        if isinstance(node, Path) and isinstance(node.source, Name) and not node.source.local
    }
    parts = {name for name, _ in paths}
    return [*paths, *((name,) for name in expression.reads if name not in parts)]
