"""Values at run time: their kinds, equality, order and parts. Total: None where there is no answer.

Source: DMN 1.5, clauses 10.3.2.3 and 10.3.2.13.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from partybuild_flow.feel.terms import Term
from partybuild_flow.feel.types import Kind, Value

CIVIL_ZONE: Final = ZoneInfo("Asia/Shanghai")
"""The clock that people read. A date and time without zone is meant on it, and so is every stored instant."""
_CIVIL_OFFSET: Final = timezone(timedelta(hours=8))

_KINDS: Final[dict[type, Kind]] = {
    Decimal: "number",
    str: "text",
    bool: "boolean",
    date: "date",
    time: "time",
    datetime: "datetime",
    timedelta: "duration",
    Term: "term",
    list: "list",
    dict: "context",
    type(None): "null",
}
ORDERED_KINDS: Final = frozenset(("number", "date", "time", "datetime", "duration", "term"))


def kind_of(value: object) -> Kind | None:
    """The kind of a value; None if this is no FEEL value."""
    return _KINDS.get(type(value))


def on_civil_clock(value: datetime) -> datetime:
    """A stored instant as people read it; one with a zone of its own keeps that."""
    return value.astimezone(CIVIL_ZONE) if value.tzinfo is UTC else value


def _clock_key(value: time) -> time:
    """A time of day that is comparable with any other: one without zone is meant on the civil clock."""
    return value if value.utcoffset() is not None else value.replace(tzinfo=_CIVIL_OFFSET)


def key_of(value: Value) -> Hashable:
    """A key that is the same for equal values and differs for others."""
    kind = kind_of(value)
    if isinstance(value, list):
        return (kind, tuple(key_of(item) for item in value))
    if isinstance(value, dict):
        return (kind, frozenset((name, key_of(item)) for name, item in value.items()))
    if isinstance(value, time):
        return (kind, _clock_key(value))
    return (kind, value)


def equal(left: Value, right: Value) -> bool | None:
    """Whether two values are equal; None for different kinds or units of terms, while null equals only null."""
    if left is None or right is None:
        return left is right
    kind = kind_of(left)
    if kind != kind_of(right) or kind is None:
        return None
    if isinstance(left, Term) and isinstance(right, Term):
        return left == right if left.unit == right.unit else None
    if kind in ("list", "context", "time"):
        return key_of(left) == key_of(right)
    return left == right


def unequal(left: Value, right: Value) -> bool | None:
    """The contrary of `equal`, where that is known."""
    same = equal(left, right)
    return None if same is None else not same


def precedence(left: Value, right: Value) -> int | None:
    """Negative, zero or positive as left is less, equal or greater; None if they have no order."""
    kind = kind_of(left)
    if kind not in ORDERED_KINDS or kind != kind_of(right):
        return None
    one: Any = left
    other: Any = right
    if isinstance(left, Term) and isinstance(right, Term):
        one, other = _term_order(left, right)
    if kind == "time":
        one, other = _clock_key(one), _clock_key(other)
    try:
        return int(one > other) - int(one < other)
    except (TypeError, ArithmeticError):
        return None


def _term_order(left: Term, right: Term) -> tuple[Any, Any]:
    """Keys that order terms of one unit: by length, then by the earlier end; of two units, keys without order."""
    if left.unit != right.unit:
        return None, None
    one, other = ((each.length, not each.inclusive, not each.closing) for each in (left, right))
    return one, other


def rank_of(value: Value, values: Sequence[str]) -> Decimal | None:
    """The place of a value in an ordered choice, from 0."""
    if not isinstance(value, str):
        return None
    try:
        return Decimal(values.index(value))
    except ValueError:
        return None


ORDERS: Final[dict[str, Callable[[int], bool]]] = {
    "<": lambda sign: sign < 0,
    "<=": lambda sign: sign <= 0,
    ">": lambda sign: sign > 0,
    ">=": lambda sign: sign >= 0,
}


def compare(operator: str, left: Value, right: Value) -> bool | None:
    """The truth of a comparison; a missing side is null, except that `=` and `!=` know null."""
    if operator == "=":
        return equal(left, right)
    if operator == "!=":
        return unequal(left, right)
    sign = precedence(left, right)
    return None if sign is None else ORDERS[operator](sign)


def contains(items: Value, value: Value) -> bool | None:
    """Whether a list holds an equal item; a value that is no list holds itself."""
    if items is None:
        return value is None
    if not isinstance(items, list):
        return equal(items, value)
    wanted = key_of(value)
    return any(key_of(item) == wanted for item in items)


def meets(against: Value, value: Value) -> bool | None:
    """Whether a tested value is what a test names: equal to it, or an item of it."""
    if not isinstance(against, list):
        return equal(value, against)
    if isinstance(value, list) and equal(value, against):
        return True
    return contains(against, value)


def all_of(values: Sequence[Value]) -> bool | None:
    """Three-valued and. Source: DMN 1.5, table 50."""
    if any(value is False for value in values):
        return False
    return True if all(value is True for value in values) else None


def any_of(values: Sequence[Value]) -> bool | None:
    """Three-valued or. Source: DMN 1.5, table 50."""
    if any(value is True for value in values):
        return True
    return False if all(value is False for value in values) else None


def negation(value: Value) -> bool | None:
    """Three-valued not."""
    return not value if isinstance(value, bool) else None


def as_items(value: Value) -> list[Any] | None:
    """A value as a list: a single value is a list of one, null is none at all."""
    return value if isinstance(value, list) or value is None else [value]


def at_position(items: Value, position: Value) -> Value:
    """The item at a position counted from 1, from the end if negative."""
    every = as_items(items)
    if every is None or not isinstance(position, Decimal) or position != position.to_integral_value():
        return None
    if not 1 <= abs(position) <= len(every):
        return None
    item: Value = every[int(position) - 1 if position > 0 else int(position)]
    return item


def entry_of(source: Value, entry: str) -> Value:
    """An entry of a context, or that entry of each item of a list, or a part of a date, time or duration."""
    if isinstance(source, dict):
        return source.get(entry)
    if isinstance(source, list):
        return [entry_of(item, entry) for item in source]
    part = PARTS.get((kind_of(source) or "any", entry))
    try:
        return None if part is None else part(source)
    except (ArithmeticError, ValueError):
        return None


def _offset(value: datetime | time) -> timedelta | None:
    return value.utcoffset()


def _zone(value: datetime) -> str | None:
    zone = on_civil_clock(value).tzinfo
    return zone.key if isinstance(zone, ZoneInfo) else None


def _of_duration(unit: int, within: int | None) -> Callable[[Any], Value]:
    """How many whole units (of so many seconds) a duration has beyond the next larger unit; its sign is kept."""

    def part(value: timedelta) -> Value:
        seconds = abs(value) // timedelta(seconds=1)
        count = seconds // unit if within is None else seconds % within // unit
        return Decimal(-count if value < timedelta(0) else count)

    return part


def _of_datetime(read: Callable[[datetime], int]) -> Callable[[Any], Value]:
    return lambda value: Decimal(read(on_civil_clock(value)))


PARTS: Final[dict[tuple[str, str], Callable[[Any], Value]]] = {
    ("date", "year"): lambda value: Decimal(value.year),
    ("date", "month"): lambda value: Decimal(value.month),
    ("date", "day"): lambda value: Decimal(value.day),
    ("date", "weekday"): lambda value: Decimal(value.isoweekday()),
    ("datetime", "year"): _of_datetime(lambda value: value.year),
    ("datetime", "month"): _of_datetime(lambda value: value.month),
    ("datetime", "day"): _of_datetime(lambda value: value.day),
    ("datetime", "weekday"): _of_datetime(lambda value: value.isoweekday()),
    ("datetime", "hour"): _of_datetime(lambda value: value.hour),
    ("datetime", "minute"): _of_datetime(lambda value: value.minute),
    ("datetime", "second"): _of_datetime(lambda value: value.second),
    ("datetime", "time offset"): lambda value: _offset(on_civil_clock(value)),
    ("datetime", "timezone"): _zone,
    ("time", "hour"): lambda value: Decimal(value.hour),
    ("time", "minute"): lambda value: Decimal(value.minute),
    ("time", "second"): lambda value: Decimal(value.second),
    ("time", "time offset"): _offset,
    ("duration", "days"): _of_duration(86400, None),
    ("duration", "hours"): _of_duration(3600, 86400),
    ("duration", "minutes"): _of_duration(60, 3600),
    ("duration", "seconds"): _of_duration(1, 60),
}
"""What a path reads of a date, time or duration. Weekdays run from 1, Monday, to 7.

Source: DMN 1.5, table 53 and table 54."""
