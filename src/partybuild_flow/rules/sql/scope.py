"""What SQL may read, and what a compiled table or rule set is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple, TypeAlias

from partybuild_flow.feel import Node, Value, evaluate, tree
from partybuild_flow.rules.sql.codes import Code, Sql, Unfit, constant

Names: TypeAlias = Mapping[tuple[str, ...], Code]
"""What stands in columns: a fact by its id, an output of a table or rule set by both ids."""

UNKNOWN: Final = object()
"""The value of what differs from row to row."""


class Scope(NamedTuple):
    """What may be read: columns, and facts that are the same in all rows, such as parameters."""

    columns: Names
    constants: Mapping[str, Value]

    def constant(self, node: Node) -> object:
        """The value of an expression that is the same in all rows; UNKNOWN for others."""
        names = [part for part, _ in tree.walk(node) if isinstance(part, tree.Name)]
        bound = {each for part, _ in tree.walk(node) for each in _binds(part)}
        for name in names:
            if name.id not in (bound if name.local else self.constants):
                return UNKNOWN
        return evaluate(node, self.constants)

    def folded(self, node: Node) -> Code | None:
        """SQL of such an expression; None for others, and for values that SQL has not."""
        value = self.constant(node)
        if value is UNKNOWN:
            return None
        try:
            return constant(value)  # type: ignore[arg-type]  # what evaluate gives
        except Unfit:
            return None


def _binds(node: Node) -> tuple[str, ...]:
    match node:
        case tree.Quantified(variable=name) | tree.Filter(variable=name):
            return (name,)
        case tree.For(iterators=iterators):
            return tuple(name for name, _ in iterators)
        case tree.ContextOf(entries=entries):
            return tuple(name for name, _ in entries)
        case tree.In():
            return ("?",)
        case _:
            return ()


class Step(NamedTuple):
    """Named values that stand side by side in one SELECT; later steps read them as columns."""

    columns: dict[str, Sql]


class Compiled(NamedTuple):
    """A table or rule set as SQL: steps after each other, then the outputs over their columns.

    `fired` is text: the rows or rules that held. Where `doubt` is true, the engine must decide;
    `unfit` says what of the definition was not compiled, and why.
    """

    steps: tuple[Step, ...]
    outputs: dict[str, Code]
    fired: Sql
    doubt: Sql | None
    unfit: tuple[Unfit, ...]
