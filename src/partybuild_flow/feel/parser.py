"""Text to a typed tree, or to faults. Never raises, whatever the text."""

from __future__ import annotations

from partybuild_flow.feel.faults import Parsed
from partybuild_flow.feel.scope import Scope
from partybuild_flow.feel.types import Type


def parse_expression(text: str, scope: Scope, expected: Type | None = None) -> Parsed:
    """The expression that the text says; a value of another type than `expected` is a fault."""
    raise NotImplementedError


def parse_output(text: str, scope: Scope, expected: Type | None = None) -> Parsed:
    """As `parse_expression`, for the output cell of a table: a bare word may be meant as text.

    If the expected type is a choice, a cell that is one of its values and no known name is that
    text. If no type is expected, so is any single word that is no known name.
    """
    raise NotImplementedError


def parse_tests(text: str, scope: Scope, tested: Type) -> Parsed:
    """Unary tests as one boolean expression about the name `?`; `-` gives no expression and no fault."""
    raise NotImplementedError


def parse_literal(text: str) -> Parsed:
    """The constant that the text says; anything that would read a fact is a fault."""
    raise NotImplementedError
