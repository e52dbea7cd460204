"""Expressions to Python functions, by way of `ast` nodes: no source text, constants in the namespace.

The functions of tables are put together by `rules` from the same pieces.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from types import CodeType, FunctionType
from typing import Any, Final

from partybuild_flow.feel.code import load
from partybuild_flow.feel.emit import Emitter
from partybuild_flow.feel.evaluate import evaluate
from partybuild_flow.feel.tree import Expression, Node
from partybuild_flow.feel.types import Value

Compute = Callable[[Mapping[str, Value]], Value]
"""An expression as a function of the facts."""

LARGEST_FUNCTION: Final = 20_000
"""Code of more nodes than this is not worth compiling."""


class TooLarge(Exception):
    """The code would be too large or too deep to compile; the evaluator serves as well."""


def compile_value(expression: Expression) -> Compute:
    """A function that gives what `evaluate` gives."""
    tree = expression.tree

    def asked(facts: Mapping[str, Value]) -> Value:
        return evaluate(tree, facts)

    return _compiled(tree, asked, Emitter.result)


def compile_test(expression: Expression) -> Callable[[Mapping[str, Value]], bool]:
    """A function that is True exactly if the expression's value is true."""
    tree = expression.tree

    def asked(facts: Mapping[str, Value]) -> bool:
        return evaluate(tree, facts) is True

    return _compiled(tree, asked, Emitter.test)


def _compiled(
    tree: Node, asked: Callable[[Mapping[str, Value]], Any], mode: Callable[[Emitter, Node], ast.expr]
) -> Callable[[Mapping[str, Value]], Any]:
    try:
        emitter = Emitter()
        body = [guarded([ast.Return(mode(emitter, tree))], emitter.call(asked, load("facts")))]
        return function(emitter, ["facts"], body)
    except TooLarge:
        return asked


def guarded(body: Sequence[ast.stmt], otherwise: ast.expr) -> ast.stmt:
    """Statements of generated code that return, and what is returned instead where they fail."""
    failed = ast.ExceptHandler(load("FAILURES"), None, [ast.Return(otherwise)])
    return ast.Try(list(body), [failed], [], [])


def function(emitter: Emitter, parameters: Sequence[str], body: Sequence[ast.stmt]) -> Callable[..., Any]:
    """The function with this body, which may refer to the emitter's namespace and to nothing else.

    Raises:
        TooLarge: Python would not compile it, or it would take long.
    """
    arguments = ast.arguments([], [ast.arg(name) for name in parameters], None, [], [], None, [])
    definition = ast.FunctionDef("generated", arguments, list(body), [])
    if sum(1 for _ in ast.walk(definition)) > LARGEST_FUNCTION:
        raise TooLarge
    module = ast.fix_missing_locations(ast.Module([definition], []))
    try:
        code = compile(module, "<generated from a definition>", "exec")
    except RecursionError:
        raise TooLarge from None
    inner = next(constant for constant in code.co_consts if isinstance(constant, CodeType))
    return FunctionType(inner, emitter.namespace)
