"""The typed tree of an expression: what the parser makes, and all that ever reads an expression.

Frozen. `span` is the pair of offsets in the expression's text, from 0, end excluded.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from partybuild_flow.feel.types import Type, Value

Span = tuple[int, int]
ArithmeticOperator = Literal["+", "-", "*", "/", "**"]
ComparisonOperator = Literal["=", "!=", "<", "<=", ">", ">="]


@dataclass(frozen=True, slots=True)
class Node:
    """What all nodes share: their place in the text and the type of their value."""

    span: Span
    type: Type


@dataclass(frozen=True, slots=True)
class Constant(Node):
    """A constant: a number, text, boolean, null, date, time or duration."""

    value: Value = field(hash=False)


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A value read from the facts (`local` False) or bound by `for`, `some`, `every` or a filter.

    `id` is the id of the field, parameter, table … ; `?` is the value that a unary test tests.
    """

    id: str
    local: bool = False


@dataclass(frozen=True, slots=True)
class Path(Node):
    """An entry of a context, or that entry of each context of a list."""

    source: Node
    entry: str


@dataclass(frozen=True, slots=True)
class Negative(Node):
    """The number or duration with the other sign."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    """`+ - * / **` of numbers, dates, durations; `+` of texts."""

    operator: ArithmeticOperator
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Comparison(Node):
    """`= != < <= > >=`; null on a missing side, except that `=` and `!=` know null."""

    operator: ComparisonOperator
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Range(Node):
    """An interval; a missing end is unbounded."""

    low: Node | None
    high: Node | None
    low_included: bool
    high_included: bool


@dataclass(frozen=True, slots=True)
class In(Node):
    """Whether the value meets any of the tests: equal to a value, in a range or a list, or a boolean about `?`.

    `conditions` says of each test whether it is such a boolean, in which `?` is a local name.
    """

    value: Node
    tests: tuple[Node, ...]
    conditions: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class And(Node):
    """Three-valued: false if any operand is false, true if all are true, else null."""

    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or(Node):
    """Three-valued: true if any operand is true, false if all are false, else null."""

    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not(Node):
    """Three-valued: null stays null."""

    operand: Node


@dataclass(frozen=True, slots=True)
class If(Node):
    """The second branch also where the condition is null."""

    condition: Node
    then: Node
    otherwise: Node


@dataclass(frozen=True, slots=True)
class Quantified(Node):
    """`some` or `every` of the items of a list satisfies a condition; three-valued like or and and."""

    quantifier: Literal["some", "every"]
    variable: str
    source: Node
    condition: Node


@dataclass(frozen=True, slots=True)
class For(Node):
    """A list with a value for each item of the source list, or for each combination of items of several.

    An iterator is a local name and its source; a later one may read the names before it.
    """

    iterators: tuple[tuple[str, Node], ...]
    result: Node


@dataclass(frozen=True, slots=True)
class Filter(Node):
    """The items for which the condition is true (the item is the local name `variable`), or the item at
    a position counted from 1, from the end if negative. What the text writes as an entry of the item is a `Path`."""

    source: Node
    condition: Node
    by_position: bool
    variable: str = "item"


@dataclass(frozen=True, slots=True)
class ListOf(Node):
    """A list written out."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class ContextOf(Node):
    """A context written out; an entry reads those before it as local names."""

    entries: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class Call(Node):
    """A call of a built-in function, by its FEEL name; named arguments are already in their places."""

    function: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class TypeName:
    """A type as the standard writes it after `instance of` or a parameter: `list<number>`, `context<a: string>`.

    `parts` are what stands in its brackets, each with its name in a context; of a function its result comes last.
    """

    name: str
    parts: tuple[tuple[str, TypeName], ...] = ()


@dataclass(frozen=True, slots=True)
class InstanceOf(Node):
    """Whether a value is of a type. Only the standard has it; a definition knows its types."""

    value: Node
    wanted: TypeName


@dataclass(frozen=True, slots=True)
class FunctionOf(Node):
    """A function written out, with the names and types of its parameters. Only the standard has it."""

    parameters: tuple[tuple[str, TypeName | None], ...]
    body: Node
    is_external: bool = False


@dataclass(frozen=True, slots=True)
class Invocation(Node):
    """A call of whatever a value is; `names` of the arguments if they are named. Only the standard has it."""

    function: Node
    arguments: tuple[Node, ...]
    names: tuple[str, ...] = ()


def ranking(left: Type, right: Type) -> tuple[str, ...]:
    """The values of the ordered choice by which two sides are compared; none if they are no such choices."""
    return left.values if left.ordered else right.values if right.ordered else ()


def children(node: Node) -> tuple[Node, ...]:
    """The parts of a node, in the order of the text."""
    match node:
        case Path(source=only) | Negative(operand=only) | Not(operand=only):
            return (only,)
        case Arithmetic(left=left, right=right) | Comparison(left=left, right=right):
            return (left, right)
        case Range(low=low, high=high):
            return tuple(end for end in (low, high) if end is not None)
        case In(value=value, tests=tests):
            return (value, *tests)
        case And(operands=nodes) | Or(operands=nodes) | ListOf(items=nodes) | Call(arguments=nodes):
            return nodes
        case If(condition=condition, then=then, otherwise=otherwise):
            return (condition, then, otherwise)
        case Quantified(source=source, condition=condition) | Filter(source=source, condition=condition):
            return (source, condition)
        case For(iterators=iterators, result=result):
            return (*(source for _, source in iterators), result)
        case ContextOf(entries=entries):
            return tuple(value for _, value in entries)
        case InstanceOf(value=only) | FunctionOf(body=only):
            return (only,)
        case Invocation(function=function, arguments=nodes):
            return (function, *nodes)
        case _:
            return ()


def walk(node: Node) -> Iterator[tuple[Node, int]]:
    """Every node of a tree with its depth, from 1; a node comes before its parts."""
    waiting = [(node, 1)]
    while waiting:
        current, depth = waiting.pop()
        yield current, depth
        waiting.extend((part, depth + 1) for part in reversed(children(current)))


@dataclass(frozen=True, slots=True)
class Expression:
    """A parsed and typed expression with the text it was written as; `reads` are the ids of facts it needs.

    Two expressions are equal when their trees are.
    """

    text: str
    tree: Node
    reads: frozenset[str]

    @property
    def type(self) -> Type:
        """The type of the value."""
        return self.tree.type
