"""What a definition says always holds: between the results of a table's rows and parameters, or between parameters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from partybuild_flow.checks.findings import Findings
from partybuild_flow.checks.trees import walk
from partybuild_flow.definition import Output, Parameter, Row, Table, Workflow
from partybuild_flow.feel import Expression, Node, Value, evaluate, text_of
from partybuild_flow.feel.tree import Comparison, Constant, Name
from partybuild_flow.messages import Phrase

Facts = Mapping[str, Value]


def check_ensured(workflow: Workflow, findings: Findings) -> None:
    """Note every row and every set of parameters for which a condition of `ensure` does not hold."""
    parameters: Facts = {each.id: each.value for each in workflow.parameters.values()}
    for position, condition in workflow.ensures:
        if evaluate(condition.tree, parameters) is not True:
            told = _told(condition, parameters, workflow.parameters)
            findings.add("PF343", position, condition=condition.text, values=told)
    for table in workflow.tables.values():
        _check_table(table, workflow, parameters, findings)


def _check_table(table: Table, workflow: Workflow, parameters: Facts, findings: Findings) -> None:
    outputs = {each.id: each for each in table.outputs}
    unknown: list[int] = []
    for row in table.rows:
        for _, condition in table.ensures:
            facts = _facts(table, row, condition, parameters)
            if facts is None:
                unknown.append(row.number)
            elif evaluate(condition.tree, facts) is not True:
                told = _told(condition, facts, {**workflow.parameters, **outputs})
                data = {"row": row.number, "table": table.name}
                findings.add("PF342", row.position, **data, condition=condition.text, values=told)
    if unknown:
        rows = tuple(dict.fromkeys(unknown))
        reason = Phrase("unchecked-ensured", {"rows": rows})
        findings.add("PF341", table.position, table=table.name, reasons=reason)


def _facts(table: Table, row: Row, condition: Expression, parameters: Facts) -> dict[str, Value] | None:
    """The parameters and what a row concludes of what the condition reads; None if that depends on a case."""
    facts = dict(parameters)
    for output, value in zip(table.outputs, row.values, strict=True):
        if output.id not in condition.reads:
            continue
        if not value.reads <= parameters.keys():
            return None
        facts[output.id] = evaluate(value.tree, parameters)
    return facts


def _told(
    condition: Expression, facts: Facts, named: Mapping[str, Parameter] | Mapping[str, Parameter | Output]
) -> tuple[str, ...]:
    """What the condition saw: each value it reads, then what its sides came to."""
    names = dict.fromkeys(each.id for each in walk(condition.tree) if isinstance(each, Name))
    values = [f"{named[name].name}={text_of(facts.get(name))}" for name in names if name in named]
    sides = (
        f"{condition.text[slice(*side.span)]}={text_of(evaluate(side, facts))}"
        for side in _sides(condition.tree)
    )
    return (*values, *sides)


def _sides(node: Node) -> Iterator[Node]:
    """The computed sides of a comparison."""
    if isinstance(node, Comparison):
        yield from (side for side in (node.left, node.right) if not isinstance(side, Name | Constant))
