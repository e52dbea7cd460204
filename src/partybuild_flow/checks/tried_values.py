"""Values worth trying where a search knows nothing better: beside those that are written, and usual ones."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from datetime import time, timedelta
from decimal import Decimal
from typing import Any, Final

from partybuild_flow.feel import Term, Type, Value
from partybuild_flow.feel.values import key_of

_STEPS: Final[Mapping[str, Any]] = {
    "number": 1,
    "date": timedelta(days=1),
    "datetime": timedelta(hours=1),
    "duration": timedelta(hours=1),
}
USUAL: Final[Mapping[str, Value]] = {"term": Term(Decimal(5), "working-day"), "time": time(12)}
"""A value of each kind that no set holds."""


def usual(of: Type) -> Value:
    """Some value of a type that no set holds, or of a context of such."""
    if of.kind == "context":
        return {name: usual(entry) for name, entry in of.entries.items()}
    return USUAL.get(of.kind, "…" if of.kind == "text" else None)


def near(written: Iterable[Any], kind: str) -> list[Value]:
    """What lies one step beside each of these."""
    found: list[Value] = []
    if kind == "term":
        return [each._replace(length=each.length + more) for each in written for more in (1, -1)]
    step = _STEPS.get(kind)
    for value in written if step is not None else ():
        try:
            found += [value + step, value - step]
        except (OverflowError, ArithmeticError):
            continue  # nothing lies beyond the end of the calendar
    return found


def distinct(values: Iterable[Value]) -> list[Value]:
    """The values in their order, each once."""
    found: dict[Hashable, Value] = {}
    for value in values:
        found.setdefault(key_of(value), value)
    return list(found.values())
