"""Deadlines that a calendar counts, that stand still, recur or warn: when they are due, and when the clock acts next.

Pure. What is measured in a term's own clock is asked of the calendar; a workflow without one has days
without rest, and no working days at all.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Final

from partybuild_flow.case import Running
from partybuild_flow.facts.scalars import HOME, home_date
from partybuild_flow.feel import Compute, Term, Value

if TYPE_CHECKING:
    from partybuild_flow.calendar import Calendar
    from partybuild_flow.facts.steps import Candidate, Step
    from partybuild_flow.rules import Conclude

Pauses = tuple[tuple[datetime, datetime | None], ...]

_MICROSECOND: Final = timedelta(microseconds=1)
WORKING: Final = ("working-day", "working-hour")
"""Units that nothing but a calendar can count."""
_MONTHS: Final = {"month": 1, "quarter": 3, "half-year": 6, "year": 12}


@dataclass(frozen=True, slots=True)
class WarnAt:
    """A warning made ready: when it is given, and what its message reads."""

    share: Decimal | None
    before: Compute | None
    step: Step
    message: Candidate


@dataclass(frozen=True, slots=True)
class Timing:
    """What is out of the ordinary about a deadline. `paused` says that its clock stands still in this state."""

    calendar: Calendar | None
    since: Compute | None
    every: str | None
    warnings: tuple[WarnAt, ...]
    deadlines: tuple[str, ...]
    paused: bool = False


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline made ready: the leaf states in which it runs, and how to compute its term or due instant.

    `fields` and `constants` are what it reads. One that reads no fields is steady: once it runs, no event
    moves it; a `term` known beforehand needs no computing at all, and one without `timing` no calendar.
    Nor does an event move one that reads `only_fields`, unless it changes one of them.
    """

    id: str
    states: frozenset[str]
    rules: tuple[tuple[str, Conclude], ...]
    compute: Compute
    fires: str | None
    fields: tuple[str, ...]
    constants: Mapping[str, Value]
    steady: bool
    only_fields: bool
    term: timedelta | None
    timing: Timing | None = None


def is_unmoved(due: Due, before: Mapping[str, Value], after: Mapping[str, Value]) -> bool:
    """Whether a deadline that runs already is due when it was, for all that its expressions read."""
    if due.only_fields:
        return all(before.get(name) == after.get(name) for name in due.fields)
    return due.steady


def read_values(
    due: Due, data: Mapping[str, Value], now: datetime, running: Mapping[str, Running]
) -> dict[str, Value]:
    """What the expressions of a deadline read."""
    values: dict[str, Value] = {
        **due.constants,
        **{name: data.get(name) for name in due.fields},
        "now": now,
        "today": home_date(now),
    }
    for name in due.timing.deadlines if due.timing else ():
        values[name] = deadline_in_full(running.get(name), now)
    for name, conclude in due.rules:
        values[name] = dict(conclude(values).outputs)
    return values


def deadline_value(running: Running | None, now: datetime) -> dict[str, Value]:
    """What most expressions read of a deadline: when it is due, and whether that is still to come."""
    if running is None:
        return {"due": None, "open": False}
    due = running.due_at
    return {"due": due, "open": due is None or now < due}


def deadline_in_full(running: Running | None, now: datetime) -> dict[str, Value]:
    """As `deadline_value`, with whether it is provisional, since when it runs, and how long it ran without pauses."""
    found = deadline_value(running, now)
    if running is None:
        return {**found, "provisional": None, "started": None, "elapsed": None}
    started = running.started_at
    stood = sum(
        (max(min(end or now, now) - max(begin, started), timedelta()) for begin, end in running.pauses),
        timedelta(),
    )
    elapsed = max(now - started - stood, timedelta())
    return {**found, "provisional": running.provisional, "started": started, "elapsed": elapsed}


def run_timed(
    due: Due,
    timing: Timing,
    running: Running | None,
    data: Mapping[str, Value],
    now: datetime,
    others: Mapping[str, Running],
    *,
    fired: bool,
) -> Running:
    """A deadline as it runs from now on: begun, paused or resumed, due anew, or in its next period."""
    started_at = running.started_at if running else now
    pauses = _paused(running.pauses if running else (), now, paused=timing.paused)
    warned = running.warned if running else 0
    has_fired = fired or (running is not None and running.fired)
    if timing.every is not None:
        has_fired = False
        if fired:
            started_at, warned = period_end(timing.every, started_at), 0
            pauses = tuple(each for each in pauses if each[1] is None or each[1] > started_at)
    values = read_values(due, data, now, others)
    value = due.compute(values)
    base = _base(timing, started_at, value, values)
    due_at, provisional = _due_at(timing, value, base, pauses)
    moved = running is not None and due_at != running.due_at
    has_fired = has_fired and not (moved and due_at is not None and due_at > now)
    warned, next_at = _warnings(timing, value, base, pauses, due_at, warned, values, now)
    if due_at is None or has_fired:
        next_at = None
    elif due.fires is not None:
        next_at = due_at if next_at is None else min(next_at, due_at)
    return Running(due.id, started_at, due_at, has_fired, pauses, provisional, warned, next_at)


def next_warning(
    due: Due, timing: Timing, running: Running, data: Mapping[str, Value], others: Mapping[str, Running]
) -> int:
    """The place of the warning that the clock gives at the deadline's next instant."""
    now = running.next_at or running.started_at
    values = read_values(due, data, now, others)
    value = due.compute(values)
    base = _base(timing, running.started_at, value, values)
    open_places = [place for place in range(len(timing.warnings)) if not running.warned >> place & 1]
    instants = {
        place: at
        for place in open_places
        if base is not None and running.due_at is not None
        for at in (
            _warning_at(timing, timing.warnings[place], value, base, running.pauses, running.due_at, values),
        )
        if at is not None
    }
    return min(instants, key=lambda place: (instants[place], place)) if instants else open_places[0]


def is_paused(running: Running) -> bool:
    """Whether the clock of a deadline stands still."""
    return bool(running.pauses) and running.pauses[-1][1] is None


def _paused(pauses: Pauses, now: datetime, *, paused: bool) -> Pauses:
    """The pauses with one begun or ended now; one of no length is none."""
    lasting = bool(pauses) and pauses[-1][1] is None
    if paused == lasting:
        return pauses
    if paused:
        return (*pauses, (now, None))
    begun = pauses[-1][0]
    return (*pauses[:-1], (begun, now)) if now > begun else pauses[:-1]


def _base(timing: Timing, started_at: datetime, value: Value, values: Mapping[str, Value]) -> datetime | None:
    """The instant from which a term runs; None where that is not known yet."""
    if timing.every is not None:
        end = period_end(timing.every, started_at)
        counts_days = isinstance(value, Term) and value.unit != "working-hour" and value.length > 0
        # The last day of the period is the day from which days are counted.
        return end - _MICROSECOND if counts_days else end
    if timing.since is None:
        return started_at
    since = timing.since(values)
    if isinstance(since, datetime):
        return since.astimezone(UTC)
    return datetime.combine(since, time(), HOME).astimezone(UTC) if isinstance(since, date) else None


def _due_at(
    timing: Timing, value: Value, base: datetime | None, pauses: Pauses
) -> tuple[datetime | None, bool]:
    """The due instant and whether a calendar may still move it; none while a pause lasts."""
    if isinstance(value, datetime):
        return value.astimezone(UTC), False
    if isinstance(value, date):
        return end_of_day(value), False
    calendar = _calendar(timing, value)
    if calendar is None or base is None or not isinstance(value, Term | timedelta):
        return None, False
    found = calendar.due(value, base, pauses)
    if found is None:
        return None, False
    return found.instant, found.provisional and timing.calendar is not None


def end_of_day(day: date) -> datetime:
    """24:00 of a day. Source: Civil Code of the PRC, article 203."""
    return datetime.combine(day + timedelta(days=1), time(), HOME).astimezone(UTC)


def _warnings(
    timing: Timing,
    value: Value,
    base: datetime | None,
    pauses: Pauses,
    due_at: datetime | None,
    warned: int,
    values: Mapping[str, Value],
    now: datetime,
) -> tuple[int, datetime | None]:
    """Which warnings count as given, a bit each, and when the next one is to be given.

    One whose instant was moved into the future may be given again.
    """
    if due_at is None or base is None or not timing.warnings:
        return warned, None
    given, next_at = 0, None
    for place, warning in enumerate(timing.warnings):
        at = _warning_at(timing, warning, value, base, pauses, due_at, values)
        if at is None or at >= due_at:
            continue
        if warned >> place & 1 and at <= now:
            given |= 1 << place
        elif next_at is None or at < next_at:
            next_at = at
    return given, next_at


def _warning_at(
    timing: Timing,
    warning: WarnAt,
    value: Value,
    base: datetime,
    pauses: Pauses,
    due_at: datetime,
    values: Mapping[str, Value],
) -> datetime | None:
    if warning.share is not None:
        calendar = _calendar(timing, value)
        if isinstance(value, Term | timedelta) and calendar is not None:
            return calendar.fraction(value, base, warning.share, pauses)
        return base + timedelta(microseconds=int((due_at - base) // _MICROSECOND * warning.share))
    before = warning.before(values) if warning.before is not None else None
    calendar = _calendar(timing, before)
    if calendar is None or not isinstance(before, Term | timedelta):
        return None
    return calendar.before(due_at, before)


def period_end(every: str, instant: datetime) -> datetime:
    """24:00 of the last day of the period in which an instant lies. Weeks end on Sundays."""
    day = home_date(instant)
    if every == "week":
        day += timedelta(days=7 - day.isoweekday())
    elif every != "day":
        months = _MONTHS[every]
        month = (day.month + months - 1) // months * months
        day = date(day.year, month, monthrange(day.year, month)[1])
    return end_of_day(day)


def _calendar(timing: Timing, value: Value) -> Calendar | None:
    if timing.calendar is not None:
        return timing.calendar
    return None if isinstance(value, Term) and value.unit in WORKING else _without_rest()


@cache
def _without_rest() -> Calendar:
    from partybuild_flow.calendar import Calendar

    return Calendar("", "", ((time(0), time(23, 59)),), frozenset())
