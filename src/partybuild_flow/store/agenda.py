"""What a sweep over all cases asks of a SQL store: who is overdue, which deadlines are open, how far it came."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from partybuild_flow.store.canonical import instant_text, read_instant
from partybuild_flow.store.driver import Driver
from partybuild_flow.store.protocol import Overdue

_OVERDUE: Final = (
    "SELECT DISTINCT next_at, case_id FROM deadlines WHERE next_at <= ? AND (next_at, case_id) > (?, ?)"
    " ORDER BY next_at, case_id LIMIT ?"
)
_OPEN: Final = (
    "SELECT DISTINCT case_id FROM deadlines JOIN cases ON cases.id = deadlines.case_id"
    " WHERE case_id > ? AND NOT fired AND due_at IS NOT NULL AND definition IN ({marks})"
    " ORDER BY case_id LIMIT ?"
)


def overdue_cases(driver: Driver, now: datetime, after: Overdue | None, limit: int) -> list[Overdue]:
    """Cases in which the clock has something to do by now, after a place in the order of instant and id."""
    place = (instant_text(after.at), after.case_id) if after else ("", "")
    rows = driver.execute(_OVERDUE, (instant_text(now), *place, limit)).fetchall()
    return [Overdue(read_instant(at), case_id) for at, case_id in rows]


def open_cases(driver: Driver, definitions: Sequence[str], after: str, limit: int) -> list[str]:
    """Ids of cases of these definitions with an open deadline, after an id."""
    wanted = _OPEN.format(marks=", ".join("?" * len(definitions)))
    return [row[0] for row in driver.execute(wanted, (after, *definitions, limit))]


def read_note(driver: Driver, name: str) -> str | None:
    """What was noted under a name."""
    row = driver.execute("SELECT text FROM notes WHERE name = ?", (name,)).fetchone()
    return None if row is None else str(row[0])


def keep_note(driver: Driver, name: str, text: str) -> None:
    """Note something under a name, in the place of what was noted before."""
    driver.execute(
        "INSERT INTO notes (name, text) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET text = excluded.text",
        (name, text),
    )
