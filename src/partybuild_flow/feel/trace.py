"""The value of every part of an expression, for explanations: never on the hot path."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from partybuild_flow.feel.evaluate import Evaluator, Exhausted
from partybuild_flow.feel.tree import And, Comparison, Constant, Name, Node, Or, Path
from partybuild_flow.feel.types import Value

MOST_PARTS: Final = 50
"""Of a loop over more items, the first are kept."""


@dataclass(frozen=True, slots=True)
class Traced:
    """A part of an expression with its value and its own parts, in text order.

    The parts of a loop are its lists and then its condition or result once for each item; of a
    condition `if` only the branch taken is a part.
    """

    node: Node
    value: Value
    parts: tuple[Traced, ...] = ()

    @property
    def missing(self) -> tuple[Node, ...]:
        """The names and paths without a value that keep this from being true, in text order, each once."""
        found: dict[tuple[int, int], Node] = {}
        for node in self._missing():
            found.setdefault(node.span, node)
        return tuple(found.values())

    @property
    def failing(self) -> tuple[Traced, ...]:
        """What keeps this from being true, in text order: of conditions joined by `and`, those that do not hold."""
        if not isinstance(self.node, And):
            return () if self.value is True else (self,)
        return tuple(failing for part in self.parts for failing in part.failing)

    def _missing(self) -> Iterator[Node]:
        if self.value is True or _asks_for_null(self.node):
            return
        inside = [node for part in self._blamed_parts() for node in part._missing()]
        if not inside and self.value is None and isinstance(self.node, (Name, Path)):
            inside = [self.node]
        yield from inside

    def _blamed_parts(self) -> Iterator[Traced]:
        """The parts that made the value what it is: of a null or false `and` or `or` those with the same value."""
        for part in self.parts:
            if not isinstance(self.node, (And, Or)) or part.value is self.value:
                yield part

    @property
    def reads(self) -> dict[tuple[str, ...], Value]:
        """What was read, with its values, in the order of reading: ids, or an id with one of its entries."""
        node = self.node
        if isinstance(node, Name) and not node.local:
            return {(node.id,): self.value}
        if isinstance(node, Path) and isinstance(node.source, Name) and not node.source.local:
            return {(node.source.id, node.entry): self.value}
        found: dict[tuple[str, ...], Value] = {}
        for part in self.parts:
            found |= part.reads
        return found


def _asks_for_null(node: Node) -> bool:
    """Whether a comparison is about there being no value."""
    return isinstance(node, Comparison) and any(
        isinstance(side, Constant) and side.value is None for side in (node.left, node.right)
    )


class _Tracer(Evaluator):
    """An evaluation that keeps what it finds."""

    def __init__(self, facts: Mapping[str, Value]) -> None:
        super().__init__(facts)
        self.parts: list[Traced] = []

    def value(self, node: Node) -> Value:
        """The value of a node, noted among the parts of the node around it."""
        outer, self.parts = self.parts, []
        result: Value = None
        try:
            result = super().value(node)
        finally:
            outer.append(Traced(node, result, tuple(self.parts[:MOST_PARTS])))
            self.parts = outer
        return result


def trace(node: Node, facts: Mapping[str, Value]) -> Traced:
    """The tree again, each node with its value for these facts."""
    tracer = _Tracer(facts)
    try:
        tracer.value(node)
    except Exhausted:
        return Traced(node, None, tracer.parts[0].parts)
    return tracer.parts[0]
