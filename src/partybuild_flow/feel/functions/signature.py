"""What a built-in function takes and gives. A body may rely on the kinds of its arguments."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from partybuild_flow.feel.types import Type, Value
from partybuild_flow.feel.values import kind_of


@dataclass(frozen=True, slots=True)
class Parameter:
    """One argument: its FEEL name, its type, whether it may be left out, whether null is a value like any other."""

    name: str
    type: Type
    optional: bool = False
    nullable: bool = False

    def admits(self, value: Value) -> bool:
        """Whether the body may be given this value."""
        if value is None:
            return self.optional or self.nullable
        kind = kind_of(value)
        if kind is None or self.type.kind not in (kind, "any"):
            return False
        item = self.type.item
        if isinstance(value, list) and item is not None and item.kind != "any":
            return all(kind_of(each) == item.kind for each in value)
        return True


@dataclass(frozen=True, slots=True)
class Signature:
    """One way to call a function. With `repeated`, the last parameter takes all further arguments."""

    parameters: tuple[Parameter, ...]
    result: Type | Callable[[Sequence[Type]], Type]
    body: Callable[..., Value]
    repeated: bool = False
    fewest: int = field(init=False)
    """The least number of arguments."""
    most: int | None = field(init=False)
    """The greatest number of arguments; None if there is no limit."""

    def __post_init__(self) -> None:
        """Counts once what every call asks for."""
        object.__setattr__(self, "fewest", sum(not parameter.optional for parameter in self.parameters))
        object.__setattr__(self, "most", None if self.repeated else len(self.parameters))

    def parameter(self, position: int) -> Parameter:
        """The parameter of the argument at this position, from 0."""
        return self.parameters[min(position, len(self.parameters) - 1)]

    def takes(self, count: int) -> bool:
        """Whether it can be called with so many arguments."""
        return self.fewest <= count and (self.most is None or count <= self.most)

    def result_of(self, types: Sequence[Type]) -> Type:
        """The type of the result for arguments of these types."""
        return self.result if isinstance(self.result, Type) else self.result(types)

    def admitted(self, arguments: Sequence[Value]) -> list[Any] | None:
        """The arguments as the body takes them, single values as lists of one; None if it takes them not."""
        if not self.takes(len(arguments)):
            return None
        ready: list[Any] = []
        for position, argument in enumerate(arguments):
            parameter = self.parameter(position)
            value = argument
            if parameter.type.kind == "list" and argument is not None and not isinstance(argument, list):
                value = [argument]
            if not parameter.admits(value):
                return None
            ready.append(value)
        return ready


@dataclass(frozen=True, slots=True)
class Function:
    """A built-in function with all ways to call it. With `gathers`, several arguments stand for a list of them."""

    name: str
    signatures: tuple[Signature, ...]
    gathers: bool = False

    def call(self, *arguments: Value) -> Value:
        """The result; None for arguments that it does not take. Total."""
        for signature in self.signatures:
            ready = signature.admitted(arguments)
            if ready is not None:
                try:
                    return signature.body(*ready)
                except (ArithmeticError, ValueError):
                    return None
        return None


def takes(name: str, type: Type) -> Parameter:
    """A parameter that must be given."""
    return Parameter(name, type)


def may_take(name: str, type: Type) -> Parameter:
    """A parameter that may be left out."""
    return Parameter(name, type, optional=True)


def takes_any(name: str, type: Type) -> Parameter:
    """A parameter that must be given and may be null."""
    return Parameter(name, type, nullable=True)


def function(
    name: str,
    parameters: Sequence[Parameter],
    result: Type | Callable[[Sequence[Type]], Type],
    body: Callable[..., Value],
    *,
    gathers: bool = False,
) -> Function:
    """A function that is called in one way."""
    return Function(name, (Signature(tuple(parameters), result, body),), gathers)
