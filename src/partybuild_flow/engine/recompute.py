"""Open deadlines counted anew after a calendar changed: in pages by id, so that an interrupted run goes on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from partybuild_flow.store import Store

if TYPE_CHECKING:
    from partybuild_flow.calendar import Calendar


class Counted(NamedTuple):
    """By which calendar the deadlines in a store were counted.

    While they are being counted anew, `by` is the calendar before, `anew` the present one and `after`
    the id of the last case that is done.
    """

    by: str
    anew: str = ""
    after: str = ""


def note_calendar(store: Store, calendar: Calendar | None) -> None:
    """Note that deadlines are counted by a calendar, where nothing is noted of one of its name yet."""
    if calendar is not None and store.note(_name(calendar)) is None:
        keep(store, calendar, Counted(calendar.hash))


def counted_by(store: Store, calendar: Calendar) -> Counted:
    """What is noted of a calendar of this name."""
    noted = store.note(_name(calendar))
    return Counted(*json.loads(noted)) if noted else Counted(calendar.hash)


def keep(store: Store, calendar: Calendar, counted: Counted) -> None:
    """Note how far the deadlines are counted by a calendar."""
    store.keep_note(_name(calendar), json.dumps(counted))


def _name(calendar: Calendar) -> str:
    return f"calendar {calendar.id}"
