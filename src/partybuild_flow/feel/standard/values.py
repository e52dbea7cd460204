"""Values of the standard's FEEL: their kinds, equality, order and parts. Total: None where there is no answer.

Numbers, texts, booleans, dates, times and days-time durations are Python's own. Source: DMN 1.5,
clauses 10.3.2.2 and 10.3.2.15.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final, Protocol
from zoneinfo import ZoneInfo

from partybuild_flow.feel.standard.lengths import YearMonthDuration
from partybuild_flow.feel.values import ORDERS

Value = Any
"""Any value of the standard: those of `feel.types.Value`, YearMonthDuration, Interval and functions."""

NUMBER: Final = "number"
STRING: Final = "string"
BOOLEAN: Final = "boolean"
DATE: Final = "date"
TIME: Final = "time"
DATETIME: Final = "date and time"
DAYS: Final = "days and time duration"
MONTHS: Final = "years and months duration"
LIST: Final = "list"
CONTEXT: Final = "context"
RANGE: Final = "range"
FUNCTION: Final = "function"
NULL: Final = "Null"


@dataclass(frozen=True, slots=True)
class Interval:
    """A range as a value; a missing end (None) is unbounded."""

    low: Value
    high: Value
    low_included: bool
    high_included: bool


class Invocable(Protocol):
    """A function as a value: built in, written out, or logic of a model."""

    @property
    def name(self) -> str:
        """What it is called in warnings."""

    def call(self, positional: Sequence[Value], named: dict[str, Value] | None = None) -> Value:
        """The result for these arguments."""


_KINDS: Final[dict[type, str]] = {
    Decimal: NUMBER,
    str: STRING,
    bool: BOOLEAN,
    date: DATE,
    time: TIME,
    datetime: DATETIME,
    timedelta: DAYS,
    YearMonthDuration: MONTHS,
    list: LIST,
    dict: CONTEXT,
    Interval: RANGE,
    type(None): NULL,
}
_ORDERED: Final = frozenset((NUMBER, STRING, DATE, TIME, DATETIME, DAYS, MONTHS))
_SOME_DAY: Final = date(2000, 1, 1)
"""The day on which the offset of a zone is looked up for a time of day, which has no day of its own."""


def kind_of(value: Value) -> str:
    """The name of a value's type, without what is in it."""
    return _KINDS.get(type(value), FUNCTION)


def offset_of(value: time | datetime) -> timedelta | None:
    """How far its clock is ahead of UTC; None for a local one."""
    if isinstance(value, time) and isinstance(value.tzinfo, ZoneInfo):
        return datetime.combine(_SOME_DAY, value).utcoffset()
    return value.utcoffset()


def seconds_of(value: time) -> timedelta:
    """The time since midnight of a time of day on its own clock."""
    return timedelta(
        hours=value.hour, minutes=value.minute, seconds=value.second, microseconds=value.microsecond
    )


def key_of(value: Value) -> Hashable:
    """A key that is the same for equal values and differs for others."""
    kind = kind_of(value)
    match value:
        case list():
            return (kind, tuple(map(key_of, value)))
        case dict():
            return (kind, frozenset((name, key_of(item)) for name, item in value.items()))
        case Interval():
            ends = (key_of(value.low), key_of(value.high))
            return (kind, ends, value.low_included, value.high_included)
        case datetime() if value.tzinfo is not None:
            return (kind, value.astimezone(UTC))
        case time():
            offset = offset_of(value)
            return (kind, value.replace(tzinfo=None) if offset is None else seconds_of(value) - offset)
    return (kind, value if kind != FUNCTION else id(value))


LARGEST: Final = 1_000_000
"""What holds more values than this is not compared, flattened or counted through."""


def size_of(value: Value, most: int) -> int:
    """How many values lie inside a value, itself counted; counting ends a little above `most`.

    A list may hold one list many times over, and so have more inside than there is room for.
    """
    waiting, count = [value], 0
    while waiting and count <= most:
        each = waiting.pop()
        count += 1
        if isinstance(each, (list, dict)):
            waiting.extend(each if isinstance(each, list) else each.values())
    return count


def equal(left: Value, right: Value) -> bool | None:
    """Whether two values are equal; None for values of different kinds, while null equals only null."""
    if left is None or right is None or left is right:
        return left is right
    kind = kind_of(left)
    if kind != kind_of(right):
        return None
    if kind in (NUMBER, STRING, BOOLEAN, DATE, DAYS, MONTHS):
        return bool(left == right)
    if max(size_of(left, LARGEST), size_of(right, LARGEST)) > LARGEST:
        return None
    return key_of(left) == key_of(right)


def _same_clock(left: Value, right: Value) -> tuple[Value, Value]:
    """Two instants or times of day on one clock: a local one is read on the clock of the other."""
    if isinstance(left, datetime):
        if (left.tzinfo is None) != (right.tzinfo is None):
            zone = left.tzinfo or right.tzinfo
            left, right = left.replace(tzinfo=zone), right.replace(tzinfo=zone)
        return (left, right) if left.tzinfo is None else (left.astimezone(UTC), right.astimezone(UTC))
    one, other = offset_of(left), offset_of(right)
    none = timedelta(0)
    first = one if one is not None else other or none
    second = other if other is not None else one or none
    return seconds_of(left) - first, seconds_of(right) - second


def precedence(left: Value, right: Value) -> int | None:
    """Negative, zero or positive as left is less, equal or greater; None if they have no order."""
    kind = kind_of(left)
    if kind not in _ORDERED or kind != kind_of(right):
        return None
    if kind in (TIME, DATETIME):
        try:
            left, right = _same_clock(left, right)
        except (OverflowError, ValueError):
            return None
    return int(left > right) - int(left < right)


def compare(operator: str, left: Value, right: Value) -> bool | None:
    """The truth of a comparison; None where the sides have no order."""
    if operator in ("=", "!="):
        same = equal(left, right)
        return same if operator == "=" or same is None else not same
    sign = precedence(left, right)
    return None if sign is None else ORDERS[operator](sign)


def within(value: Value, limits: Interval) -> bool | None:
    """Whether a value lies in a range; None if it has no order with its ends."""
    verdict = True
    for end, operator in (
        (limits.low, ">=" if limits.low_included else ">"),
        (limits.high, "<=" if limits.high_included else "<"),
    ):
        if end is None:
            continue
        holds = compare(operator, value, end)
        if holds is None:
            return None
        verdict = verdict and holds
    return verdict


def is_same(left: Value, right: Value) -> bool:
    """Whether two values are one and the same element: equal, and on the same clock if they have any."""
    if isinstance(left, (datetime, time)) and isinstance(right, (datetime, time)):
        return (
            type(left) is type(right)
            and left.replace(tzinfo=None) == right.replace(tzinfo=None)
            and offset_of(left) == offset_of(right)
            and zone_of(left) == zone_of(right)
        )
    return equal(left, right) is True


def zone_of(value: time | datetime) -> str | None:
    """The name of its zone; None if it has none, or only an offset."""
    return value.tzinfo.key if isinstance(value.tzinfo, ZoneInfo) else None


def part_of(source: Value, name: str) -> tuple[bool, Value]:
    """Whether a value that is no context has a part of this name, and the part."""
    read = _PARTS.get((kind_of(source), name))
    return (False, None) if read is None else (True, read(source))


def _nothing(_: Value) -> None:
    """The part that a duration of the other kind would have."""


def _days(value: timedelta, unit: int, within_: int | None) -> Decimal:
    """How many units of so many seconds a duration has beyond the next larger unit; its sign is kept."""
    seconds = abs(value) // timedelta(seconds=1)
    count = Decimal(seconds // unit if within_ is None else seconds % within_ // unit)
    return -count if value < timedelta(0) else count


def _seconds(value: timedelta) -> Decimal:
    amount = Decimal(abs(value) // timedelta(microseconds=1)) / 1_000_000 % 60
    seconds = amount.normalize() if amount % 1 else Decimal(int(amount))
    return -seconds if value < timedelta(0) else seconds


def _second(value: time | datetime) -> Decimal:
    return _seconds(timedelta(seconds=value.second, microseconds=value.microsecond))


def _months(value: YearMonthDuration) -> tuple[int, int]:
    years, months = divmod(abs(value.months), 12)
    return (-years, -months) if value.months < 0 else (years, months)


_PARTS: Final[dict[tuple[str, str], Callable[[Any], Value]]] = {
    **{
        (kind, name): read
        for kind in (DATE, DATETIME)
        for name, read in {
            "year": lambda value: Decimal(value.year),
            "month": lambda value: Decimal(value.month),
            "day": lambda value: Decimal(value.day),
            "weekday": lambda value: Decimal(value.isoweekday()),
        }.items()
    },
    **{
        (kind, name): read
        for kind in (TIME, DATETIME)
        for name, read in {
            "hour": lambda value: Decimal(value.hour),
            "minute": lambda value: Decimal(value.minute),
            "second": _second,
            "time offset": offset_of,
            "timezone": zone_of,
        }.items()
    },
    (DAYS, "days"): lambda value: _days(value, 86400, None),
    (DAYS, "hours"): lambda value: _days(value, 3600, 86400),
    (DAYS, "minutes"): lambda value: _days(value, 60, 3600),
    (DAYS, "seconds"): _seconds,
    (DAYS, "years"): _nothing,
    (DAYS, "months"): _nothing,
    (MONTHS, "years"): lambda value: Decimal(_months(value)[0]),
    (MONTHS, "months"): lambda value: Decimal(_months(value)[1]),
    **dict.fromkeys(((MONTHS, name) for name in ("days", "hours", "minutes", "seconds")), _nothing),
    (RANGE, "start"): lambda value: value.low,
    (RANGE, "end"): lambda value: value.high,
    (RANGE, "start included"): lambda value: value.low_included,
    (RANGE, "end included"): lambda value: value.high_included,
}
"""What a path reads of a value that is no context. Source: DMN 1.5, tables 64 to 67."""
PART_NAMES: Final = frozenset(name for _, name in _PARTS)
