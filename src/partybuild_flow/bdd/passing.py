"""How far time goes on: so many hours, days, months at the same time of day, or working days of a calendar."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from partybuild_flow.bdd.failing import StepFailed
from partybuild_flow.facts import HOME
from partybuild_flow.feel.terms import Term

if TYPE_CHECKING:
    from partybuild_flow.calendar import Calendar


def after(now: datetime, span: timedelta | Term, calendar: Callable[[], Calendar | None]) -> datetime:
    """The instant so much later; a working day keeps the time of day. Raises StepFailed without a calendar."""
    if isinstance(span, timedelta):
        return now + span
    here, count = now.astimezone(HOME), int(span.length)
    if span.unit == "day":
        return (here + timedelta(days=count)).astimezone(now.tzinfo)
    if span.unit in ("month", "year"):
        return _months_later(here, count * (12 if span.unit == "year" else 1)).astimezone(now.tzinfo)
    known = calendar()
    if known is None:
        raise StepFailed("no-calendar")
    if span.unit == "working-hour":
        due = known.due(span, now)
        return due.instant if due else now
    while count:
        here += timedelta(days=1)
        count -= known.is_working(here.date())
    return here.astimezone(now.tzinfo)


def before(then: datetime, span: timedelta | Term, calendar: Callable[[], Calendar | None]) -> datetime:
    """The instant so much earlier, as a warning reckons it. Raises StepFailed for a term without a calendar."""
    if isinstance(span, timedelta):
        return then - span
    known = calendar()
    if known is None:
        raise StepFailed("no-calendar")
    return known.before(then, span) or then


def _months_later(here: datetime, months: int) -> datetime:
    """The same day so many months later, or the last of that month."""
    years, month = divmod(here.month - 1 + months, 12)
    year = here.year + years
    return here.replace(year=year, month=month + 1, day=min(here.day, monthrange(year, month + 1)[1]))
