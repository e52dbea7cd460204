"""Functions of truth values, contexts, choices, and of values of any kind. Source: DMN 1.5, clauses 10.3.4.2,
10.3.4.6 and 10.3.4.9; `next` and `previous` are ours."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any, Final

from partybuild_flow.feel.functions.signature import (
    Function,
    Parameter,
    Signature,
    function,
    takes,
    takes_any,
)
from partybuild_flow.feel.types import ANY, BOOLEAN, TEXT, Type, Value, context_of, list_of
from partybuild_flow.feel.values import equal, kind_of, rank_of

_CONTEXT: Final = Type("context")
_ENTRY: Final = context_of({"key": TEXT, "value": ANY})


def is_same(left: Value, right: Value) -> bool:
    """Whether two values are one and the same: equal, and written in the same zone if they have any."""
    if isinstance(left, (datetime, time)) and isinstance(right, (datetime, time)):
        return kind_of(left) == kind_of(right) and left.isoformat() == right.isoformat()
    return equal(left, right) is True


def get_entries(context: dict[str, Any]) -> list[dict[str, Any]]:
    """The entries of a context as a list of contexts with `key` and `value`."""
    return [{"key": name, "value": value} for name, value in context.items()]


def neighbour(value: str, values: list[str], *, step: int) -> str | None:
    """The value that stands so many places further in an ordered choice; None past its ends."""
    rank = rank_of(value, values)
    if rank is None or not 0 <= rank + step < len(values):
        return None
    return values[int(rank) + step]


def _neighbour(name: str, step: int) -> Function:
    def body(value: str, values: list[str]) -> str | None:
        return neighbour(value, values, step=step)

    return Function(
        name,
        (Signature((takes("value", TEXT), Parameter("", list_of(TEXT))), lambda types: types[0], body),),
    )


FUNCTIONS: Final = (
    function("not", [takes("negand", BOOLEAN)], BOOLEAN, lambda negand: not negand),
    function("is", [takes_any("value1", ANY), takes_any("value2", ANY)], BOOLEAN, is_same),
    function(
        "get value", [takes("m", _CONTEXT), takes("key", TEXT)], ANY, lambda context, key: context.get(key)
    ),
    function("get entries", [takes("m", _CONTEXT)], list_of(_ENTRY), get_entries),
    _neighbour("next", 1),
    _neighbour("previous", -1),
)
