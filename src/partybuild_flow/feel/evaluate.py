"""The reference evaluator: a walk over the tree. Total: whatever goes wrong gives null."""

from __future__ import annotations

from collections.abc import Mapping

from partybuild_flow.feel.tree import Node
from partybuild_flow.feel.types import Value


def evaluate(node: Node, facts: Mapping[str, Value]) -> Value:
    """The value of a tree for these facts."""
    raise NotImplementedError
