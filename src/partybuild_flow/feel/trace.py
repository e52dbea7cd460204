"""The value of every part of an expression, for explanations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from partybuild_flow.feel.tree import Node
from partybuild_flow.feel.types import Value


@dataclass(frozen=True, slots=True)
class Traced:
    """A part of an expression with its value and its own parts, in text order."""

    node: Node
    value: Value
    parts: tuple[Traced, ...] = ()

    @property
    def missing(self) -> tuple[Node, ...]:
        """The names and paths that were read and had no value, in text order, each once."""
        raise NotImplementedError


def trace(node: Node, facts: Mapping[str, Value]) -> Traced:
    """The tree again, each node with its value."""
    raise NotImplementedError
