"""What generated code is made of: variables, constants, calls. No source text is ever made."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final

FAILURES: Final = (KeyError, TypeError, AttributeError, ArithmeticError, ValueError)
"""What generated code may raise where the evaluator has null, or where a fact is missing or of another type."""


def load(name: str) -> ast.expr:
    """The variable of this name."""
    return ast.Name(name, ast.Load())


def both(operator: ast.boolop, parts: Sequence[ast.expr]) -> ast.expr:
    """The parts joined by `and` or `or`."""
    return parts[0] if len(parts) == 1 else ast.BoolOp(operator, list(parts))


def compared(left: ast.expr, operator: ast.cmpop, right: ast.expr) -> ast.expr:
    """One comparison."""
    return ast.Compare(left, [operator], [right])


def choose(condition: ast.expr, then: ast.expr, otherwise: ast.expr) -> ast.expr:
    """A conditional expression."""
    return ast.IfExp(condition, then, otherwise)


def plain(value: bool | None) -> ast.expr:
    """One of the three truth values."""
    return ast.Constant(value)


class Code:
    """The code of one function; all that it refers to is in `namespace`."""

    def __init__(self, facts: str = "facts") -> None:
        self.namespace: dict[str, object] = {"__builtins__": {}, "FAILURES": FAILURES}
        self.facts = facts
        self.bound: dict[str, str] = {}
        self.locals: dict[str, str] = {}
        self.present: dict[str, str] = {}
        """Variables of facts that are known not to be null at this place."""
        self._functions: dict[Callable[..., object], str] = {}
        self._temporaries = 0

    def bind(self, fact: str, variable: str) -> None:
        """From here on, read the fact of this id (or `?`) from a variable of the function."""
        self.bound[fact] = variable

    def constant(self, value: object) -> ast.expr:
        """A value that the code refers to."""
        if value is None or isinstance(value, (bool, str)):
            return ast.Constant(value)
        name = f"K{len(self.namespace)}"
        self.namespace[name] = value
        return load(name)

    def call(self, function: Callable[..., object], *arguments: ast.expr) -> ast.expr:
        """A call of a function that the code refers to."""
        name = self._functions.setdefault(function, f"F{len(self.namespace)}")
        self.namespace[name] = function
        return ast.Call(load(name), list(arguments), [])

    def temporary(self) -> str:
        """The name of a new variable."""
        self._temporaries += 1
        return f"t{self._temporaries}"

    @contextmanager
    def apart(self) -> Iterator[None]:
        """Inside, facts may turn out to be present; outside, nothing is concluded from that."""
        outer = dict(self.present)
        try:
            yield
        finally:
            self.present = outer

    def set_variable(self, code: ast.expr) -> tuple[ast.expr, ast.expr]:
        """Code that sets a new variable, and code that reads it afterwards."""
        name = self.temporary()
        return ast.NamedExpr(ast.Name(name, ast.Store()), code), load(name)
