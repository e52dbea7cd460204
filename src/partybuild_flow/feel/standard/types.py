"""Types of the standard: what a name or a type expression means, conformance, and conversions to a type.

Source: DMN 1.5, clause 10.3.2.9.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Final, Literal

from partybuild_flow.feel.standard.values import (
    BOOLEAN,
    CONTEXT,
    DATE,
    DATETIME,
    DAYS,
    FUNCTION,
    LIST,
    MONTHS,
    NULL,
    NUMBER,
    RANGE,
    STRING,
    TIME,
    Interval,
    Value,
    kind_of,
)
from partybuild_flow.feel.tree import TypeName

Kind = Literal[
    "Any",
    "Null",
    "number",
    "string",
    "boolean",
    "date",
    "time",
    "date and time",
    "days and time duration",
    "years and months duration",
    "list",
    "context",
    "range",
    "function",
    "named",
]
DEEPEST_VALUE: Final = 100
"""Deeper inside a value nothing is checked against a type any more."""


@dataclass(frozen=True, slots=True)
class StandardType:
    """A type. `item` is that of the items of a list, the ends of a range, the result of a function.

    A `named` one stands for the type of that name, so that types may hold themselves. `admits` is a
    further condition on a value, such as the allowed values of an item definition.
    """

    kind: Kind
    item: StandardType | None = None
    entries: Mapping[str, StandardType] = field(default_factory=dict, hash=False)
    parameters: tuple[StandardType, ...] = ()
    name: str = ""
    admits: Callable[[Value], bool] | None = field(default=None, compare=False)


ANY: Final = StandardType("Any")
Types = Mapping[str, StandardType]
"""The types of a model by their names."""

_SIMPLE: Final[dict[str, StandardType]] = {
    "Any": ANY,
    "Null": StandardType(NULL),
    "number": StandardType(NUMBER),
    "string": StandardType(STRING),
    "boolean": StandardType(BOOLEAN),
    "date": StandardType(DATE),
    "time": StandardType(TIME),
    "date and time": StandardType(DATETIME),
    "dateTime": StandardType(DATETIME),
    "days and time duration": StandardType(DAYS),
    "dayTimeDuration": StandardType(DAYS),
    "day time duration": StandardType(DAYS),
    "years and months duration": StandardType(MONTHS),
    "yearMonthDuration": StandardType(MONTHS),
    "year month duration": StandardType(MONTHS),
}


def simple_type(name: str) -> StandardType | None:
    """The type of the language that has this name."""
    return _SIMPLE.get(name)


def type_of_name(written: TypeName, types: Types) -> StandardType | None:
    """The type that a type expression means; None if it means none."""
    parts = [(name, type_of_name(part, types)) for name, part in written.parts]
    if any(part is None for _, part in parts):
        return None
    inside = [(name, part) for name, part in parts if part is not None]
    match written.name:
        case "list" | "range" as kind:
            return StandardType(LIST if kind == "list" else RANGE, inside[0][1]) if len(inside) == 1 else None
        case "context":
            return StandardType(CONTEXT, entries=dict(inside)) if inside else None
        case "function":
            if not inside:
                return None
            result = inside[-1][1]
            return StandardType(FUNCTION, result, parameters=tuple(part for _, part in inside[:-1]))
    return types.get(written.name) or _SIMPLE.get(written.name)


def resolved(wanted: StandardType, types: Types) -> StandardType:
    """The type that a name stands for; Any for one that stands for nothing."""
    for _ in range(DEEPEST_VALUE):
        if wanted.kind != "named":
            return wanted
        wanted = types.get(wanted.name, ANY)
    return ANY


def conforms(value: Value, wanted: StandardType, types: Types, depth: int = 0, *, whole: bool = True) -> bool:
    """Whether a value is of a type; null is of every type. Of a context that is not `whole` entries may be missing."""
    if value is None or depth > DEEPEST_VALUE:
        return True
    if wanted.kind == "named":
        fits = conforms(value, types.get(wanted.name, ANY), types, depth + 1, whole=whole)
    else:
        fits = _fits(value, wanted, types, depth + 1, whole=whole)
    return fits and (wanted.admits is None or wanted.admits(value))


def _fits(value: Value, wanted: StandardType, types: Types, depth: int, *, whole: bool) -> bool:
    if wanted.kind == "Any":
        return True
    if wanted.kind != kind_of(value):
        return False
    item = wanted.item or ANY
    if isinstance(value, list):
        return all(conforms(each, item, types, depth, whole=whole) for each in value)
    if isinstance(value, dict):
        return all(
            conforms(value.get(name), each, types, depth, whole=whole) and (name in value or not whole)
            for name, each in wanted.entries.items()
        )
    if isinstance(value, Interval):
        return all(conforms(end, item, types, depth) for end in (value.low, value.high))
    if wanted.kind == FUNCTION and wanted.item is not None:
        return _function_fits(value, wanted, types)
    return True


def _function_fits(value: Value, wanted: StandardType, types: Types) -> bool:
    declared = getattr(value, "parameter_types", None)
    if declared is None:
        return True
    if len(declared) != len(wanted.parameters):
        return False
    result = getattr(value, "result_type", ANY)
    return all(
        is_kind_of(mine, theirs, types) for mine, theirs in zip(wanted.parameters, declared, strict=True)
    ) and is_kind_of(result, wanted.item or ANY, types)


def is_kind_of(one: StandardType, other: StandardType, types: Types, depth: int = 0) -> bool:
    """Whether every value of one type is of the other."""
    one, other = resolved(one, types), resolved(other, types)
    if other.kind == "Any" or one.kind == NULL or one == other or depth > DEEPEST_VALUE:
        return True
    if one.kind != other.kind:
        return False
    if one.kind in (LIST, RANGE):
        return is_kind_of(one.item or ANY, other.item or ANY, types, depth + 1)
    if one.kind == CONTEXT:
        return all(
            name in one.entries and is_kind_of(one.entries[name], each, types, depth + 1)
            for name, each in other.entries.items()
        )
    return True


def converted(value: Value, wanted: StandardType, types: Types) -> tuple[bool, Value]:
    """Whether a value can be had as a value of the type, and that value.

    A list of one may stand for its item and an item for a list of it, a date for its midnight in UTC.
    """
    if conforms(value, wanted, types, whole=False):
        return True, value
    kind = resolved(wanted, types).kind
    if isinstance(value, list) and len(value) == 1 and kind != LIST:
        return converted(value[0], wanted, types)
    if kind == LIST and not isinstance(value, list):
        done, item = converted(value, resolved(wanted, types).item or ANY, types)
        made = [item]
        return (True, made) if done and conforms(made, wanted, types) else (False, None)
    if kind == DATETIME and kind_of(value) == DATE and isinstance(value, date):
        moment = datetime.combine(value, time(0), UTC)
        return (True, moment) if conforms(moment, wanted, types) else (False, None)
    return False, None
