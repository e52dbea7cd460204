"""What a built-in function of the standard takes: one or more ways to call it, and the conversions on the way in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from partybuild_flow.feel.functions.signature import Function, Parameter, Signature
from partybuild_flow.feel.standard.values import (
    BOOLEAN,
    CONTEXT,
    DATE,
    DATETIME,
    DAYS,
    FUNCTION,
    LIST,
    MONTHS,
    NUMBER,
    RANGE,
    STRING,
    TIME,
    Value,
    kind_of,
)
from partybuild_flow.feel.types import Type

_KINDS: Final = {
    "number": NUMBER,
    "text": STRING,
    "boolean": BOOLEAN,
    "date": DATE,
    "time": TIME,
    "datetime": DATETIME,
    "duration": DAYS,
    "months": MONTHS,
    "list": LIST,
    "context": CONTEXT,
    "range": RANGE,
    "function": FUNCTION,
}
_UNFIT: Final = object()


class Untaken(Exception):
    """A function was called with what it does not take. Never leaves this package."""


def _admitted(parameter: Parameter, value: Value) -> Any:
    """The value as the function takes it; `_UNFIT` if it does not."""
    if value is None:
        return None if parameter.optional or parameter.nullable else _UNFIT
    if _fits(parameter.type, value):
        return value
    if isinstance(value, list) and len(value) == 1 and value[0] is not None:
        return value[0] if _fits(parameter.type, value[0]) else _UNFIT
    if parameter.type.kind == "list" and not isinstance(value, list) and _fits(parameter.type, [value]):
        return [value]
    return _UNFIT


def _fits(type_: Type, value: Value) -> bool:
    if type_.kind == "any":
        return True
    if _KINDS.get(type_.kind) != kind_of(value):
        return False
    item = type_.item
    if isinstance(value, list) and item is not None and item.kind != "any":
        return all(_KINDS.get(item.kind) == kind_of(each) for each in value)
    return True


@dataclass(frozen=True, slots=True, eq=False)
class Builtin:
    """A built-in function with all ways to call it. With `gathers`, several arguments stand for a list of them."""

    name: str
    signatures: tuple[Signature, ...]
    gathers: bool = False

    def call(self, positional: Sequence[Value], named: dict[str, Value] | None = None) -> Value:
        """The result.

        Raises:
            Untaken: no way to call it takes these arguments.
        """
        if named is not None:
            return self._called(self._placed(named))
        whole = positional
        if self.gathers and positional and (len(positional) > 1 or not isinstance(positional[0], list)):
            whole = [list(positional)]
        return self._called([(signature, list(whole)) for signature in self.signatures])

    def _placed(self, named: dict[str, Value]) -> list[tuple[Signature, list[Value]]]:
        ways: list[tuple[Signature, list[Value]]] = []
        for signature in self.signatures:
            names = [parameter.name for parameter in signature.parameters]
            if all(name in names for name in named) and "" not in names:
                last = max((names.index(name) for name in named), default=-1)
                count = max(last + 1, signature.fewest)
                ways.append((signature, [named.get(name) for name in names[:count]]))
        return ways

    def _called(self, ways: list[tuple[Signature, list[Value]]]) -> Value:
        for signature, arguments in ways:
            if not signature.takes(len(arguments)):
                continue
            ready = [_admitted(signature.parameter(at), value) for at, value in enumerate(arguments)]
            if not any(each is _UNFIT for each in ready):
                try:
                    return signature.body(*ready)
                except (ArithmeticError, ValueError):
                    return None
        raise Untaken


def builtin(
    name: str,
    *ways: tuple[Sequence[Parameter], Callable[..., Any]],
    gathers: bool = False,
    repeated: bool = False,
) -> Builtin:
    """A function by its parameters and bodies."""
    result = Type("any")
    signatures = (Signature(tuple(parameters), result, body, repeated) for parameters, body in ways)
    return Builtin(name, tuple(signatures), gathers)


def from_dialect(function: Function) -> Builtin:
    """A function of definitions that the standard has alike, without what is filled in for ordered choices."""
    plain = (each for each in function.signatures if all(parameter.name for parameter in each.parameters))
    return Builtin(function.name, tuple(plain), function.gathers)
