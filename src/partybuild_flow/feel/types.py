"""The types of FEEL values, as far as they are known before anything is evaluated.

Source: DMN 1.5, clause 10.3.1.3 and 10.3.2.9.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Literal

from partybuild_flow.feel.terms import Term

Value = Decimal | str | bool | date | time | datetime | timedelta | Term | list[Any] | dict[str, Any] | None
"""Any FEEL value, items and entries included. Numbers are always Decimal; lists and contexts are never
changed once made. (Not a recursive alias, which pydantic cannot resolve outside its own module.)"""

Kind = Literal[
    "any",
    "null",
    "number",
    "text",
    "boolean",
    "date",
    "time",
    "datetime",
    "duration",
    "months",
    "term",
    "range",
    "function",
    "list",
    "context",
]


@dataclass(frozen=True, slots=True)
class Type:
    """A type. `item` belongs to lists, `entries` to contexts, `values` and `ordered` to choices.

    A `term` may be counted on a calendar, or be a duration.
    A choice is text of a closed set of values, in the order they were written; only an ordered
    one may be compared with `<`. `spellings` are the other names of a context's entries, such as
    the names that people read; each leads to a key of `entries`.
    """

    kind: Kind
    item: Type | None = None
    entries: Mapping[str, Type] = field(default_factory=dict, hash=False)
    values: tuple[str, ...] = ()
    ordered: bool = False
    spellings: Mapping[str, str] = field(default_factory=dict, hash=False, compare=False)


ANY = Type("any")
NULL = Type("null")
NUMBER = Type("number")
TEXT = Type("text")
BOOLEAN = Type("boolean")
DATE = Type("date")
TIME = Type("time")
DATETIME = Type("datetime")
DURATION = Type("duration")
TERM = Type("term")
MONTHS = Type("months")
RANGE = Type("range")
FUNCTION = Type("function")
"""These three only the standard has: definitions write terms, and their ranges and functions are no values."""
_LENGTHS = frozenset(("duration", "term"))


def list_of(item: Type) -> Type:
    """The type of lists whose items are of this type."""
    return Type("list", item=item)


def context_of(entries: Mapping[str, Type], spellings: Mapping[str, str] | None = None) -> Type:
    """The type of contexts with these entries; `spellings` are other names of entries."""
    return Type("context", entries=dict(entries), spellings=dict(spellings or {}))


def choice_of(values: tuple[str, ...], *, ordered: bool = False) -> Type:
    """Text out of these values."""
    return Type("text", values=values, ordered=ordered)


DOCUMENT = context_of(
    {"id": TEXT, "name": TEXT, "hash": TEXT}, {"代号": "id", "名称": "name", "校验值": "hash"}
)
"""A document that the host keeps: its id there, its name, and the SHA-256 of its content where that is known."""


def joined(left: Type, right: Type) -> Type:
    """The type of a value that has one type or the other."""
    if left == right or right.kind == "null":
        return left
    if left.kind == "null":
        return right
    if left.kind != right.kind:
        return TERM if _LENGTHS.issuperset((left.kind, right.kind)) else ANY
    if left.kind == "list":
        return list_of(joined(left.item or ANY, right.item or ANY))
    if left.kind == "context":
        shared = {
            name: joined(kind, right.entries[name])
            for name, kind in left.entries.items()
            if name in right.entries
        }
        return context_of(shared, left.spellings)
    return Type(left.kind)


def fits(found: Type, expected: Type) -> bool:
    """Whether a value of one type may stand where the other is expected; `any` and null may stand anywhere."""
    if not {"any", "null"}.isdisjoint((found.kind, expected.kind)):
        return True
    if found.kind != expected.kind:
        return _LENGTHS.issuperset((found.kind, expected.kind))
    if found.kind == "list":
        return fits(found.item or ANY, expected.item or ANY)
    return all(
        name not in found.entries or fits(found.entries[name], kind)
        for name, kind in expected.entries.items()
    )
