"""One decision as a SELECT of its own, for databases that this package does not ask itself, such as Spark."""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import exp

from partybuild_flow.analysis.populations.questions import needed_rules, reads_of
from partybuild_flow.analysis.populations.statements import side_of
from partybuild_flow.definition import Workflow
from partybuild_flow.errors import FlowError
from partybuild_flow.feel import Value
from partybuild_flow.messages import sentence
from partybuild_flow.rules.sql import Code, Dialect, Sql, column_of, digits_of_field, written


def sql_of(workflow: Workflow, decision: str, dialect: Dialect) -> str:
    """The SELECT; fields are columns of `cases` by their ids."""
    select, _ = select_of(workflow, decision, dialect)
    return written(select, dialect)


def select_of(
    workflow: Workflow,
    decision: str,
    dialect: Dialect,
    *,
    relation: str = "cases",
    given: Mapping[str, Value] | None = None,
) -> tuple[exp.Select, dict[str, Code]]:
    """The SELECT, and the outputs with what is known of their values; `given` is the same for all cases. Raises FlowError."""
    rules = {**workflow.tables, **workflow.rule_sets}
    id_ = next((each.id for each in rules.values() if decision in (each.id, each.name)), None)
    if id_ is None:
        data = {"decision": decision, "known": tuple(each.name for each in rules.values())}
        raise FlowError(sentence("impact.no-decision", workflow.language, data))
    columns: dict[tuple[str, ...], Code] = {}
    constants: dict[str, Value] = {each.id: each.value for each in workflow.parameters.values()}
    constants |= given or {}
    for needed in needed_rules(workflow, (id_,)):
        for read in reads_of(workflow, needed):
            field = None if read in constants else workflow.fields.get(read)
            code = column_of(read, field.type, digits_of_field(field)) if field else None
            if code is not None:
                columns[read,] = code
    side = side_of(workflow, (id_,), columns, {}, constants, dialect, "")
    answer = side.answers[id_]
    if not answer.outputs:
        reason, text = answer.left_out[0]
        told = sentence(f"command.impact.reason-{reason}", workflow.language, {})
        raise FlowError(sentence("impact.not-sql", workflow.language, {"text": text, "reason": told}))
    source: Sql = exp.to_table(relation)
    for step in side.steps:
        added = [exp.alias_(sql, name, quoted=True) for name, sql in step.columns.items()]
        source = exp.select("*", *added).from_(source).subquery("s")
    outputs = [exp.alias_(code.sql.copy(), name, quoted=True) for name, code in answer.outputs.items()]
    more = [
        exp.alias_(answer.fired.copy(), "fired", quoted=True),
        exp.alias_((answer.doubt or exp.false()).copy(), "engine", quoted=True),
    ]
    return exp.select(*outputs, *more).from_(source), dict(answer.outputs)
