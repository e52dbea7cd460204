"""One definition's decisions as steps of one SELECT over typed columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from sqlglot import exp

from partybuild_flow.analysis.populations.questions import GUARD, guard_of, needed_rules, reads_of
from partybuild_flow.definition import Workflow
from partybuild_flow.feel import Value
from partybuild_flow.rules.sql import (
    Code,
    Compiled,
    Compiler,
    Dialect,
    Scope,
    Sql,
    Step,
    Unfit,
    compile_rule_set,
    compile_table,
    plain,
    surely,
)


class Answer(NamedTuple):
    """A decision's outputs in SQL, what fired, and when the engine decides; no outputs: always.

    `left_out` says why something is not SQL, with the part of its text.
    """

    outputs: Mapping[str, Code]
    fired: Sql
    doubt: Sql | None
    left_out: tuple[tuple[str, str], ...] = ()


class Side(NamedTuple):
    """The steps of all decisions and the answers by id."""

    steps: tuple[Step, ...]
    answers: Mapping[str, Answer]


def side_of(
    workflow: Workflow,
    ids: tuple[str, ...],
    columns: Mapping[tuple[str, ...], Code],
    doubts: Mapping[str, Sql],
    constants: Mapping[str, Value],
    dialect: Dialect,
    prefix: str,
) -> Side:
    """The decisions of a definition over typed columns; `doubts` says of a field which rows SQL cannot trust."""
    known = dict(columns)
    steps: list[Step] = []
    answers: dict[str, Answer] = {}
    for id_ in needed_rules(workflow, ids):
        try:
            compiled = _compiled(workflow, id_, Scope(known, constants), dialect, f"{prefix}{id_}:")
        except Unfit as unfit:
            left_out = _upstream(workflow, id_, answers) or ((unfit.reason, unfit.text),)
            answers[id_] = Answer({}, exp.null(), exp.true(), left_out)
            continue
        steps += compiled.steps
        made = {f"{prefix}{id_}:={name}": code.sql for name, code in compiled.outputs.items()}
        steps.append(Step({name: _typed(sql) for name, sql in made.items()}))
        for name, code in compiled.outputs.items():
            column = exp.column(f"{prefix}{id_}:={name}", quoted=True)
            known[id_, name] = Code(column, code.kind, code.digits, code.counted)
        answers[id_] = Answer(
            {name: known[id_, name] for name in compiled.outputs},
            compiled.fired,
            _joined(workflow, id_, compiled.doubt, doubts, answers),
            (*((each.reason, each.text) for each in compiled.unfit), *_upstream(workflow, id_, answers)),
        )
    return Side(tuple(steps), {id_: answers[id_] for id_ in ids})


def _upstream(workflow: Workflow, id_: str, answers: Mapping[str, Answer]) -> tuple[tuple[str, str], ...]:
    """What is not SQL of the tables and rule sets that a decision reads."""
    read = [answers[each] for each in sorted(reads_of(workflow, id_)) if each in answers]
    return tuple(pair for answer in read for pair in answer.left_out)


def _typed(sql: Sql) -> Sql:
    return exp.Cast(this=sql, to=exp.DataType.build("text")) if isinstance(sql, exp.Null) else sql


def _compiled(workflow: Workflow, id_: str, scope: Scope, dialect: Dialect, prefix: str) -> Compiled:
    if id_ in workflow.tables:
        compiled = compile_table(workflow.tables[id_], scope, dialect, prefix)
    elif id_ in workflow.rule_sets:
        compiled = compile_rule_set(workflow.rule_sets[id_], scope, dialect, prefix)
    else:
        compiled = _guard(workflow, id_, scope, dialect)
    for code in compiled.outputs.values():
        plain(code)
    return compiled


def _guard(workflow: Workflow, id_: str, scope: Scope, dialect: Dialect) -> Compiled:
    when = guard_of(workflow, id_)
    if when is None:
        raise Unfit("name")
    compiler = Compiler(scope, dialect)
    code = compiler.value(compiler.tree_of(when))
    doubt = surely(exp.or_(*compiler.doubts)) if compiler.doubts else None
    return Compiled((), {GUARD: code}, exp.null(), doubt, tuple(compiler.unfit))


def _joined(
    workflow: Workflow,
    id_: str,
    own: Sql | None,
    doubts: Mapping[str, Sql],
    answers: Mapping[str, Answer],
) -> Sql | None:
    """When the engine decides: what the decision doubts itself, and what it reads."""
    reads = reads_of(workflow, id_)
    found = [own] if own is not None else []
    found += [doubts[read] for read in sorted(reads) if read in doubts]
    for read in sorted(reads):
        doubt = answers[read].doubt if read in answers and answers[read].outputs else None
        if doubt is not None:
            found.append(doubt)
    return exp.or_(*(each.copy() for each in found)) if found else None
