"""Which expressions cost more than their text and facts: those are left to the evaluator, which counts steps."""

from __future__ import annotations

from typing import Final

from partybuild_flow.feel import tree
from partybuild_flow.feel.functions import PATTERN_FUNCTIONS
from partybuild_flow.feel.tree import Node

_HEAVY: Final = (tree.Quantified, tree.Filter, tree.For, tree.ContextOf, tree.ListOf)
"""What must not stand in a generated loop."""


def is_costly(node: Node) -> bool:
    """Whether what an expression costs may be out of proportion to its facts; only the evaluator bounds that.

    One loop that asks only about its items is in proportion.
    """
    return any(
        isinstance(part, (tree.For, tree.ContextOf))
        or (
            isinstance(part, (tree.Quantified, tree.Filter))
            and not (isinstance(part, tree.Filter) and part.by_position)
            and (not _is_plain_list(part.source) or not _is_light(part.condition))
        )
        for part, _ in tree.walk(node)
    )


def _is_plain_list(source: Node) -> bool:
    return source.type.kind == "list" and not isinstance(source, tree.Range)


def _is_light(condition: Node) -> bool:
    """Whether a condition about one item costs no more than its own length."""
    return all(
        not isinstance(part, _HEAVY)
        and part.type.kind not in ("list", "any")
        and not (isinstance(part, tree.Call) and part.function in PATTERN_FUNCTIONS)
        for part, _ in tree.walk(condition)
    )
