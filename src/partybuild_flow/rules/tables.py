"""Decision tables as generated Python: one function a table, made of `ast` nodes, never of source text.

What generated code cannot answer for certain (a fact of an unexpected type, rows of a unique table
that contradict each other) it leaves to the reference evaluator.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final, TypeAlias

from partybuild_flow.case import Conclusion
from partybuild_flow.feel import Expression, Value
from partybuild_flow.feel.code import both, compared, load
from partybuild_flow.feel.emit import Emitter
from partybuild_flow.feel.generate import TooLarge, function, guarded
from partybuild_flow.feel.tree import Constant
from partybuild_flow.rules.agreement import conclude_from_rows
from partybuild_flow.rules.reference import conclude_table

if TYPE_CHECKING:
    from partybuild_flow.definition import Output, Row, Table

Conclude: TypeAlias = Callable[[Mapping[str, Value]], Conclusion]
_Found: TypeAlias = Callable[[Mapping[str, Value]], Conclusion | None]

_FOUND: Final = "found"
"""The variable of the generated code that holds what the rows so far concluded."""


def compile_table(table: Table) -> Conclude:
    """The table as a function of the facts that gives what `conclude_table` gives.

    A conclusion that is the same for all facts is made once: conclusions are never changed.
    """

    def asked(facts: Mapping[str, Value]) -> Conclusion:
        return conclude_table(table, facts)

    try:
        return _function(table, table.rows, asked, _default)  # type: ignore[return-value]  # _default always returns
    except TooLarge:
        return _in_pieces(table, asked)


def _in_pieces(table: Table, asked: Conclude) -> Conclude:
    """A table too large for one function: the halves of its rows, and so on."""
    try:
        found = _half(table, table.rows, asked)
        default = _function(table, (), asked, _default)
    except TooLarge:
        return asked
    return lambda facts: found(facts) or default(facts) or asked(facts)


def _half(table: Table, rows: Sequence[Row], asked: Conclude) -> _Found:
    if len(rows) < 2:
        raise TooLarge
    middle = len(rows) // 2
    upper, lower = (_piece(table, half, asked) for half in (rows[:middle], rows[middle:]))
    if table.hit == "F":
        return lambda facts: upper(facts) or lower(facts)

    def found(facts: Mapping[str, Value]) -> Conclusion | None:
        one, other = upper(facts), lower(facts)
        return asked(facts) if one and other else one or other

    return found


def _piece(table: Table, rows: Sequence[Row], asked: Conclude) -> _Found:
    try:
        return _function(table, rows, asked, _nothing)
    except TooLarge:
        return _half(table, rows, asked)


def _function(
    table: Table, rows: Sequence[Row], asked: Conclude, end: Callable[[Emitter, Table], ast.stmt]
) -> _Found:
    """The function that concludes from some rows; it ends with `end` where none holds."""
    emitter = Emitter()
    several = emitter.call(asked, load("facts"))
    body: list[ast.stmt] = [
        _assign(f"input{place}", _code(emitter, emitter.value, tested))
        for place, tested in enumerate(table.inputs)
    ]
    if rows and table.hit != "F":
        body.append(_assign(_FOUND, ast.List([], ast.Load()) if table.hit == "A" else ast.Constant(None)))
    for row in rows:
        body += _row(emitter, table, row, several)
    body += _found(emitter, table) if rows and table.hit != "F" else ()
    body.append(end(emitter, table))
    return function(emitter, ["facts"], [guarded(body, several)])


def _row(emitter: Emitter, table: Table, row: Row, several: ast.expr) -> list[ast.stmt]:
    """One row: F returns at once, U remembers its conclusion and gives up at a second one, A collects."""
    tests = [
        _test(emitter, f"input{place}", test) for place, test in enumerate(row.tests) if test is not None
    ]
    concluded = _concluded(emitter, table.outputs, row.values, (str(row.number),))
    then: list[ast.stmt]
    match table.hit:
        case "F":
            then = [ast.Return(concluded)]
        case "U":
            again = compared(load(_FOUND), ast.IsNot(), ast.Constant(None))
            then = [ast.If(again, [ast.Return(several)], []), _assign(_FOUND, concluded)]
        case "A":
            append = ast.Attribute(load(_FOUND), "append", ast.Load())
            then = [ast.Expr(ast.Call(append, [concluded], []))]
    return [ast.If(both(ast.And(), tests), then, [])] if tests else then


def _test(emitter: Emitter, variable: str, test: Expression) -> ast.expr:
    emitter.bind("?", variable)
    return _code(emitter, emitter.true, test)


def _code(emitter: Emitter, mode: Callable[..., ast.expr], expression: Expression) -> ast.expr:
    """Code of one expression, from which nothing is concluded about the next."""
    with emitter.apart():
        return mode(expression.tree)


def _found(emitter: Emitter, table: Table) -> list[ast.stmt]:
    """The end of the rows where some may have held."""
    if table.hit == "U":
        some = compared(load(_FOUND), ast.IsNot(), ast.Constant(None))
        return [ast.If(some, [ast.Return(load(_FOUND))], [])]

    def agreed(found: Sequence[Conclusion]) -> Conclusion:
        if len(found) == 1:
            return found[0]
        rows = [row for conclusion in found for row in conclusion.fired]
        return conclude_from_rows(table, rows, [list(conclusion.outputs.values()) for conclusion in found])

    return [ast.If(load(_FOUND), [ast.Return(emitter.call(agreed, load(_FOUND)))], [])]


def _default(emitter: Emitter, table: Table) -> ast.stmt:
    defaults = [output.default for output in table.outputs]
    return ast.Return(_concluded(emitter, table.outputs, defaults, ()))


def _nothing(emitter: Emitter, table: Table) -> ast.stmt:  # noqa: ARG001 - as `_default`
    return ast.Return(ast.Constant(None))


def _concluded(
    emitter: Emitter,
    outputs: Sequence[Output],
    expressions: Sequence[Expression | None],
    fired: tuple[str, ...],
) -> ast.expr:
    constants: dict[str, Value] = {}
    codes: list[ast.expr] = []
    for output, expression in zip(outputs, expressions, strict=True):
        match expression:
            case None:
                constants[output.id] = None
                codes.append(emitter.constant(None))
            case Expression(tree=Constant(value=value)):
                constants[output.id] = value
                codes.append(emitter.constant(value))
            case _:
                codes.append(_code(emitter, emitter.value, expression))
    if len(constants) == len(outputs):
        return emitter.constant(Conclusion(constants, fired))
    keys: list[ast.expr | None] = [ast.Constant(output.id) for output in outputs]
    return emitter.call(Conclusion, ast.Dict(keys, codes), emitter.constant(fired))


def _assign(name: str, code: ast.expr) -> ast.stmt:
    return ast.Assign([ast.Name(name, ast.Store())], code)
