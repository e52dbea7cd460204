"""A decision table as SQL: the number of the row that holds, and the value of each output.

A row whose tests are not all SQL is open where those that are SQL hold; there the engine decides.
So it does where several rows of a unique table hold, or rows of an any table that disagree.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from sqlglot import exp

from partybuild_flow.feel import Expression
from partybuild_flow.feel.tree import Constant
from partybuild_flow.rules.sql.codes import (
    Code,
    Digits,
    Sql,
    Unfit,
    all_hold,
    any_holds,
    case,
    cast,
    surely,
)
from partybuild_flow.rules.sql.dialects import Dialect
from partybuild_flow.rules.sql.expressions import Compiler
from partybuild_flow.rules.sql.scope import Compiled, Scope, Step

if TYPE_CHECKING:
    from partybuild_flow.definition import Row, Table


class _Held(NamedTuple):
    row: Row
    holds: Sql


def compile_table(
    table: Table, scope: Scope, dialect: Dialect, prefix: str, *, apart: bool = False
) -> Compiled:
    """The table over a scope; its columns begin with `prefix`. `apart`: no two rows ever hold together.

    Raises:
        Unfit: nothing of it is SQL.
    """
    compiler = Compiler(scope, dialect)
    held, opened = _rows(compiler, table)
    row = exp.column(f"{prefix}row", quoted=True)
    found = _first(held)
    if table.hit != "F" and not apart:
        compiler.doubts += _several(table, held)
    for place, condition in opened:
        compiler.doubts.append(_unless_earlier(table, held, place, condition))
    steps = [Step({f"{prefix}row": found})]
    outputs = {
        output.id: _output(compiler, table, held, place, row) for place, output in enumerate(table.outputs)
    }
    doubt = f"{prefix}doubt"
    if compiler.doubts:
        steps.append(Step({doubt: surely(any_holds(compiler.doubts))}))
    return Compiled(
        tuple(steps),
        outputs,
        cast(row.copy(), "text"),
        exp.column(doubt, quoted=True) if compiler.doubts else None,
        tuple(compiler.unfit),
    )


def _rows(compiler: Compiler, table: Table) -> tuple[list[_Held], list[tuple[int, Sql]]]:
    """Rows with what SQL says of them, and, by the place in that list, rows that SQL leaves open."""
    inputs: list[Code | Unfit] = []
    for tested in table.inputs:
        try:
            inputs.append(compiler.value(compiler.tree_of(tested)))
        except Unfit as reason:
            inputs.append(reason)
    held: list[_Held] = []
    opened: list[tuple[int, Sql]] = []
    for row in table.rows:
        said: list[Sql] = []
        unfit: list[Unfit] = []
        for test, value in zip(row.tests, inputs, strict=True):
            if test is None:
                continue
            try:
                if isinstance(value, Unfit):
                    raise value
                with compiler.bound("?", value):
                    said.append(compiler.true(compiler.tree_of(test)))
            except Unfit as missing:
                unfit.append(missing)
        if unfit:
            compiler.unfit += unfit
            opened.append((len(held), all_hold(said)))
        else:
            held.append(_Held(row, all_hold(said)))
    if not held and table.rows:
        raise compiler.unfit[0]
    return held, opened


def _first(held: Sequence[_Held]) -> Sql:
    """The number of the first row that holds, else null."""
    if not held:
        return cast(exp.null(), "int")
    return case(*((each.holds.copy(), exp.Literal.number(each.row.number)) for each in held))


def _several(table: Table, held: Sequence[_Held]) -> list[Sql]:
    """Whether more than one row holds that must not, or that may say something else."""
    groups: dict[object, list[_Held]] = {}
    for number, each in enumerate(held):
        key = tuple(value.tree for value in each.row.values) if table.hit == "A" else number
        same = all(isinstance(value.tree, Constant) for value in each.row.values)
        groups.setdefault(repr(key) if same else number, []).append(each)
    if len(groups) < 2:
        return []
    counts = [
        case(
            (any_holds([each.holds.copy() for each in group]), exp.Literal.number(1)),
            otherwise=exp.Literal.number(0),
        )
        for group in groups.values()
    ]
    total: Sql = counts[0]
    for count in counts[1:]:
        total = exp.Add(this=total, expression=count)
    return [exp.GT(this=exp.Paren(this=total), expression=exp.Literal.number(1))]


def _unless_earlier(table: Table, held: Sequence[_Held], place: int, condition: Sql) -> Sql:
    """An open row matters where no earlier row has been hit, if the first one counts."""
    if table.hit != "F" or not place:
        return condition
    earlier = surely(any_holds([each.holds.copy() for each in held[:place]]))
    return exp.And(this=exp.Paren(this=condition), expression=exp.Not(this=earlier))


def _output(compiler: Compiler, table: Table, held: Sequence[_Held], place: int, row: Sql) -> Code:
    """An output by the number of the row; where it is no SQL, the engine decides."""
    branches: dict[str, tuple[list[int], Code]] = {}
    for each in held:
        value = each.row.values[place]
        code = _said(compiler, value, exp.EQ(this=row.copy(), expression=exp.Literal.number(each.row.number)))
        numbers, _ = branches.setdefault(repr(code.sql), ([], code))
        numbers.append(each.row.number)
    default = table.outputs[place].default
    missing = exp.Is(this=row.copy(), expression=exp.null())
    otherwise = _said(compiler, default, missing) if default else Code(exp.null(), "null")
    choices = [(_among(row, numbers), code) for numbers, code in branches.values()]
    if {"term", "duration"} <= {otherwise.kind, *(code.kind for _, code in choices)}:
        # Counted on a calendar or by the clock: one column holds either, so the engine gives the former.
        compiler.unfit.append(Unfit("term"))
        compiler.doubts += [where.copy() for where, code in choices if code.kind == "term"]
        compiler.doubts += [missing] if otherwise.kind == "term" else []
        none = Code(exp.null(), "null")
        choices = [(where, none if code.kind == "term" else code) for where, code in choices]
        otherwise = none if otherwise.kind == "term" else otherwise
    return compiler.chosen(choices, otherwise) if choices else otherwise


def _said(compiler: Compiler, expression: Expression, where: Sql) -> Code:
    try:
        return compiler.value(compiler.tree_of(expression))
    except Unfit as unfit:
        compiler.unfit.append(unfit)
        compiler.doubts.append(where)
        return Code(exp.null(), "null", Digits(0, 0))


def _among(row: Sql, numbers: Sequence[int]) -> Sql:
    if len(numbers) == 1:
        return exp.EQ(this=row.copy(), expression=exp.Literal.number(numbers[0]))
    return exp.In(this=row.copy(), expressions=[exp.Literal.number(each) for each in numbers])
