"""Text to dates, times, durations and back. Source: DMN 1.5, clause 10.3.2.3.4 ff., and ISO 8601."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from partybuild_flow.feel.values import CIVIL_ZONE

_DATE: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", re.ASCII)
_TIME: Final = re.compile(
    r"([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,9}))?(Z|[+-][0-9]{2}:[0-9]{2}(?::[0-9]{2})?|@[A-Za-z0-9_+/-]+)?",
    re.ASCII,
)
_DURATION: Final = re.compile(
    r"(-?)P(?:([0-9]{1,9})D)?(?:T(?=[0-9])(?:([0-9]{1,12})H)?(?:([0-9]{1,12})M)?(?:([0-9]{1,12})(?:\.([0-9]{1,9}))?S)?)?",
    re.ASCII,
)
_ZONE: Final = re.compile(r"[A-Za-z_]+(?:/[A-Za-z0-9_+-]+)*", re.ASCII)
_ZULU: Final = timezone(timedelta(0), "Z")
"""The zone written as `Z`; not `datetime.UTC`, in which instants are stored and which is read on the civil clock."""


def date_of(text: str) -> date | None:
    """The date written as `2022-09-30`."""
    match = _DATE.fullmatch(text)
    try:
        return date(*map(int, match.groups())) if match else None
    except ValueError:
        return None


def time_of(text: str) -> time | None:
    """The time of day written as `16:00:00`, with or without an offset or zone."""
    match = _TIME.fullmatch(text)
    if not match:
        return None
    hour, minute, second, fraction, zone = match.groups()
    known, where = _zone(zone)
    if not known:
        return None
    try:
        return time(int(hour), int(minute), int(second), microseconds(fraction), tzinfo=where)
    except ValueError:
        return None


def datetime_of(text: str) -> datetime | None:
    """The instant written as `2022-09-30T16:00:00`, on the civil clock where it names no zone."""
    day, separator, clock = text.partition("T")
    on, at = date_of(day), time_of(clock) if separator else time(0)
    return None if on is None or at is None else moment(on, at)


def moment(on: date, at: time) -> datetime:
    """The instant of a time of day on a date."""
    return datetime.combine(on, at, tzinfo=at.tzinfo or CIVIL_ZONE)


def duration_of(text: str) -> timedelta | None:
    """The days and time duration written as `P1DT2H30M`."""
    match = _DURATION.fullmatch(text)
    if not match or not any(match.groups()[1:]):
        return None
    return amount_of(*match.groups())


def amount_of(
    sign: str,
    days: str | None,
    hours: str | None,
    minutes: str | None,
    seconds: str | None,
    fraction: str | None,
) -> timedelta | None:
    """The duration of its parts as they are written; None where it is too long."""
    try:
        amount = timedelta(
            days=int(days or 0),
            hours=int(hours or 0),
            minutes=int(minutes or 0),
            seconds=int(seconds or 0),
            microseconds=microseconds(fraction),
        )
    except OverflowError:
        return None
    return -amount if sign else amount


def moment_of(text: str) -> date | time | datetime | timedelta | None:
    """What an at-literal means: the one of the four that the text is written as."""
    if "T" in text and not text.lstrip("-").startswith("P"):
        return datetime_of(text)
    on, length = date_of(text), duration_of(text)
    return on if on is not None else length if length is not None else time_of(text)


def microseconds(fraction: str | None) -> int:
    """The microseconds of the digits behind the point."""
    return int((fraction or "").ljust(6, "0")[:6] or 0)


def _zone(written: str | None) -> tuple[bool, tzinfo | None]:
    """Whether a zone is known, and the zone."""
    if not written:
        return True, None
    if written == "Z":
        return True, _ZULU
    if written[0] == "@":
        try:
            return (True, ZoneInfo(written[1:])) if _ZONE.fullmatch(written[1:]) else (False, None)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            return False, None
    hours, minutes, *rest = (int(part) for part in written[1:].split(":"))
    offset = timedelta(hours=hours, minutes=minutes, seconds=rest[0] if rest else 0)
    if hours > 14 or minutes > 59 or (rest and rest[0] > 59):
        return False, None
    return True, timezone(-offset if written[0] == "-" else offset) if offset else _ZULU


def duration_text(value: timedelta) -> str:
    """A duration as `P1DT2H30M`."""
    amount = abs(value)
    minutes, seconds = divmod(amount.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    fraction = f".{amount.microseconds:06}".rstrip("0") if amount.microseconds else ""
    day = f"{amount.days}D" if amount.days else ""
    clock = (
        (f"{hours}H" if hours else "")
        + (f"{minutes}M" if minutes else "")
        + (f"{seconds}{fraction}S" if seconds or fraction else "")
    )
    body = day + ("T" + clock if clock else "")
    return ("-" if value < timedelta(0) else "") + "P" + (body or "T0S")


def clock_text(value: time | datetime) -> str:
    """A time, or a date and time, as FEEL writes it; a named zone stands after `@`."""
    zone = value.tzinfo
    if isinstance(zone, ZoneInfo) and zone is not CIVIL_ZONE:
        return f"{value.replace(tzinfo=None).isoformat()}@{zone.key}"
    written = value.isoformat()
    return written.removesuffix("+00:00") + "Z" if written.endswith("+00:00") else written
