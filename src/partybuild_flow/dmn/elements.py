"""What a DMN model is made of, as frozen values. Source: DMN 1.5, clauses 6, 7, 8 and 10.5."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal


@dataclass(frozen=True, slots=True)
class Variable:
    """A name with the name of its type; no type admits anything."""

    name: str
    type: str | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """A literal expression; one of another language than FEEL is not evaluated."""

    text: str
    type: str | None = None
    language: str = "FEEL"


@dataclass(frozen=True, slots=True)
class Output:
    """A column of results: the values it may have, in the order of their priority, and what it is by default."""

    variable: Variable
    values: str | None = None
    default: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A row of a decision table."""

    tests: tuple[str, ...]
    results: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A decision table. Each input is an expression and the values it may have."""

    policy: str
    aggregation: str | None
    inputs: tuple[tuple[str, str | None], ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...]
    type: str | None = None


@dataclass(frozen=True, slots=True)
class BoxedContext:
    """Named expressions, each of which may read those before it; one without a name is the result."""

    entries: tuple[tuple[Variable | None, Boxed | None], ...]
    type: str | None = None


@dataclass(frozen=True, slots=True)
class Relation:
    """A list of contexts, written as rows under columns."""

    columns: tuple[Variable, ...]
    rows: tuple[tuple[Boxed | None, ...], ...]
    type: str | None = None


@dataclass(frozen=True, slots=True)
class BoxedList:
    """A list of expressions."""

    items: tuple[Boxed | None, ...]
    type: str | None = None


@dataclass(frozen=True, slots=True)
class BoxedInvocation:
    """A call of a function with named arguments."""

    function: Boxed | None
    arguments: tuple[tuple[str, Boxed | None], ...]
    type: str | None = None


@dataclass(frozen=True, slots=True)
class BoxedFunction:
    """A function; one of another kind than FEEL is not run."""

    parameters: tuple[Variable, ...]
    body: Boxed | None
    kind: str = "FEEL"
    type: str | None = None


@dataclass(frozen=True, slots=True)
class Conditional:
    """One of two expressions."""

    condition: Boxed | None
    then: Boxed | None
    otherwise: Boxed | None
    type: str | None = None


@dataclass(frozen=True, slots=True)
class BoxedFilter:
    """The items of a list for which an expression is true."""

    source: Boxed | None
    match: Boxed | None
    type: str | None = None


@dataclass(frozen=True, slots=True)
class Iterator:
    """An expression for each item of a list."""

    way: Literal["for", "some", "every"]
    variable: str
    source: Boxed | None
    body: Boxed | None
    type: str | None = None


Boxed = (
    Text
    | Table
    | BoxedContext
    | Relation
    | BoxedList
    | BoxedInvocation
    | BoxedFunction
    | Conditional
    | BoxedFilter
    | Iterator
)


@dataclass(frozen=True, slots=True)
class InputData:
    """What is handed in."""

    id: str
    name: str
    variable: Variable


@dataclass(frozen=True, slots=True)
class Decision:
    """A value that follows from others; `requires` are references to what it reads."""

    id: str
    name: str
    variable: Variable
    requires: tuple[str, ...]
    logic: Boxed | None


@dataclass(frozen=True, slots=True)
class Knowledge:
    """A business knowledge model: a function that decisions call by its name."""

    id: str
    name: str
    variable: Variable
    requires: tuple[str, ...]
    logic: BoxedFunction | None


@dataclass(frozen=True, slots=True)
class DecisionService:
    """Decisions offered as one function; all fields but the first three are references."""

    id: str
    name: str
    variable: Variable
    outputs: tuple[str, ...]
    encapsulated: tuple[str, ...]
    input_decisions: tuple[str, ...]
    input_data: tuple[str, ...]


Element = InputData | Decision | Knowledge | DecisionService


@dataclass(frozen=True, slots=True)
class ItemDefinition:
    """A type that a model names: another one narrowed, a list, a context or a function."""

    name: str
    type: str | None
    is_list: bool
    components: tuple[ItemDefinition, ...]
    allowed: str | None
    constraint: str | None
    function: tuple[tuple[Variable, ...], str | None] | None


@dataclass(frozen=True, slots=True)
class Import:
    """Another model whose elements this one reads under a name."""

    name: str
    namespace: str
    location: str | None


@dataclass(frozen=True, slots=True)
class Definitions:
    """One file: its elements by their ids, its types, its imports, and every name that an entry may have."""

    path: Path
    name: str
    namespace: str
    elements: Mapping[str, Element]
    types: tuple[ItemDefinition, ...]
    imports: tuple[Import, ...]
    entry_names: frozenset[str] = field(repr=False)
