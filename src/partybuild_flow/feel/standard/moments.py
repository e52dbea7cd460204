"""Text to dates, times and durations, and values back to text. Source: DMN 1.5, clause 10.3.4.1, and ISO 8601.

Unlike those of definitions, dates and times without a zone stay local.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from partybuild_flow.feel.moments import amount_of, date_of, duration_text, microseconds
from partybuild_flow.feel.rendering import entry_name, number_text, quoted
from partybuild_flow.feel.standard.lengths import YearMonthDuration
from partybuild_flow.feel.standard.values import Interval, Value

_TIME: Final = re.compile(
    r"([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]+))?([Zz]|[+-][0-9]{2}:[0-9]{2}(?::[0-9]{2})?|@[A-Za-z0-9_+/-]+)?",
    re.ASCII,
)
_DAYS: Final = re.compile(
    r"(-?)P(?:([0-9]+)D)?(?:T(?=[0-9])(?:([0-9]+)H)?(?:([0-9]+)M)?(?:([0-9]+)(?:\.([0-9]+))?S)?)?", re.ASCII
)
_MONTHS: Final = re.compile(r"(-?)P(?:([0-9]{1,12})Y)?(?:([0-9]{1,12})M)?", re.ASCII)
_ZONE: Final = re.compile(r"[A-Za-z_]+(?:/[A-Za-z0-9_+-]+)*", re.ASCII)
ZULU: Final = timezone(timedelta(0))
FARTHEST_ZONE: Final = timedelta(hours=14)


def time_of(text: str) -> time | None:
    """The time of day written as `16:00:00`, with or without an offset or zone."""
    match = _TIME.fullmatch(text)
    if not match:
        return None
    hour, minute, second, fraction, written = match.groups()
    zone = zone_named(written) if written else None
    if written and zone is None:
        return None
    try:
        return time(int(hour), int(minute), int(second), microseconds(fraction), tzinfo=zone)
    except ValueError:
        return None


def datetime_of(text: str) -> datetime | None:
    """The date and time written as `2022-09-30T16:00:00`; midnight where only a date is written."""
    day, separator, clock = text.partition("T")
    on, at = date_of(day), time_of(clock) if separator else time(0)
    return None if on is None or at is None else datetime.combine(on, at)


def duration_of(text: str) -> timedelta | YearMonthDuration | None:
    """The duration written as `P1DT2H30M` or as `P1Y2M`."""
    match = _MONTHS.fullmatch(text)
    if match and any(match.groups()[1:]):
        sign, years, months = match.groups()
        count = 12 * int(years or 0) + int(months or 0)
        return YearMonthDuration(-count if sign else count)
    match = _DAYS.fullmatch(text)
    if not match or not any(match.groups()[1:]) or max(map(len, match.groups(""))) > 15:
        return None
    return amount_of(*match.groups())


def moment_of(text: str) -> Value:
    """What an at-literal means: the one of the five that the text is written as."""
    if text.lstrip("-").startswith("P"):
        return duration_of(text)
    return datetime_of(text) if "T" in text else date_of(text) or time_of(text)


def zone_named(written: str) -> tzinfo | None:
    """The zone written as `Z`, `+08:00` or `@Asia/Shanghai`; None if there is none."""
    if written in ("Z", "z"):
        return ZULU
    if written[0] == "@":
        try:
            return ZoneInfo(written[1:]) if _ZONE.fullmatch(written[1:]) else None
        except (ZoneInfoNotFoundError, ValueError, OSError):
            return None
    hours, minutes, *rest = (int(part) for part in written[1:].split(":"))
    offset = timedelta(hours=hours, minutes=minutes, seconds=rest[0] if rest else 0)
    if offset > FARTHEST_ZONE or minutes > 59 or (rest and rest[0] > 59):
        return None
    return timezone(-offset if written[0] == "-" else offset)


def clock_text(value: time | datetime) -> str:
    """A time, or a date and time, with as many digits as it has; a named zone stands after `@`."""
    local = value.replace(tzinfo=None).isoformat()
    if value.microsecond:
        local = local.rstrip("0")
    if value.tzinfo is None:
        return local
    if isinstance(value.tzinfo, ZoneInfo):
        return f"{local}@{value.tzinfo.key}"
    offset = value.utcoffset() or timedelta(0)
    if not offset:
        return local + "Z"
    hours, rest = divmod(abs(offset).seconds, 3600)
    seconds = f":{rest % 60:02}" if rest % 60 else ""
    return f"{local}{'-' if offset < timedelta(0) else '+'}{hours:02}:{rest // 60:02}{seconds}"


def string_of(value: Value) -> str:
    """A value as the function `string` gives it; texts inside lists and contexts are quoted."""
    return value if isinstance(value, str) else _written(value)


_WORDS: Final = {None: "null", True: "true", False: "false"}


def _written(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return _WORDS[value]
    match value:
        case Decimal():
            return number_text(value)
        case str():
            return quoted(value)
        case timedelta():
            return duration_text(value)
        case time() | datetime():
            return clock_text(value)
        case date():
            return value.isoformat()
        case list():
            return "[" + ", ".join(map(_written, value)) + "]"
        case dict():
            entries = (f"{entry_name(name)}: {_written(item)}" for name, item in value.items())
            return "{" + ", ".join(entries) + "}"
        case Interval():
            return _range_text(value)
        case YearMonthDuration():
            return str(value)
    return "function"


def _range_text(value: Interval) -> str:
    if value.low is None:
        return f"{'<=' if value.high_included else '<'} {_written(value.high)}"
    if value.high is None:
        return f"{'>=' if value.low_included else '>'} {_written(value.low)}"
    opening, closing = "[" if value.low_included else "(", "]" if value.high_included else ")"
    return f"{opening}{_written(value.low)}..{_written(value.high)}{closing}"
