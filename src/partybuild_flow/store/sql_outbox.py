"""Events that were sent to other cases and are still to be carried out, and what became of the others; in SQL."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from typing import Final

from partybuild_flow.case import Entry, Sent
from partybuild_flow.errors import CaseChanged
from partybuild_flow.store.canonical import instant_text, read_instant, read_values, write_context
from partybuild_flow.store.driver import Driver
from partybuild_flow.store.outbox import Carried, Sending, Waiting

_ADD: Final = (
    "INSERT INTO outbox (case_id, sequence, place, target, workflow, event, unit, data, chain, occurred_at)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_OPEN: Final = (
    "SELECT number, case_id, target, workflow, event, data, unit, chain, occurred_at FROM outbox"
    " WHERE carried_at IS NULL AND number > ? ORDER BY number LIMIT ?"
)
_MARK: Final = (
    "UPDATE outbox SET carried_at = ?, refused = ?, data = '' WHERE number = ? AND carried_at IS NULL"
)
_WAIT: Final = "UPDATE outbox SET refused = ? WHERE number = ? AND carried_at IS NULL"
_OF: Final = (
    "SELECT sequence, target, workflow, event, carried_at, refused FROM outbox"
    " WHERE case_id = ? ORDER BY sequence, place"
)


class SqlOutbox:
    """An outbox in a table beside the cases; `guarded` holds the connection and translates its errors."""

    def __init__(self, driver: Driver, guarded: Callable[[], AbstractContextManager[None]]) -> None:
        self._driver = driver
        self._guarded = guarded

    def add(self, entry: Entry) -> None:
        """Keep what an entry sends."""
        case_id, sequence, occurred_at = entry.case.id, entry.sequence, instant_text(entry.occurred_at)
        self._driver.executemany(
            _ADD,
            [
                (
                    case_id,
                    sequence,
                    place,
                    target,
                    workflow,
                    event,
                    unit,
                    write_context(data),
                    chain,
                    occurred_at,
                )
                for place, (target, workflow, event, data, unit, chain) in enumerate(entry.sends)
            ],
        )

    def open(self, after: int, limit: int) -> tuple[Waiting, ...]:
        """The next events that are to be carried out, in the order in which they were sent."""
        with self._guarded():
            rows = self._driver.execute(_OPEN, (after, limit)).fetchall()
        return tuple(
            Waiting(
                number,
                case_id,
                Sent(target, workflow, event, read_values(data), unit, chain),
                read_instant(occurred_at),
            )
            for number, case_id, target, workflow, event, data, unit, chain, occurred_at in rows
        )

    def mark(self, carried: Iterable[Carried]) -> None:
        """Keep what is being carried out. Raises CaseChanged where somebody else has done it."""
        for number, at, refused in carried:
            if at is not None:
                row = (instant_text(at), refused, number)
                if self._driver.execute(_MARK, row).rowcount != 1:
                    raise CaseChanged(str(number), 0, 1)

    def wait(self, waits: Iterable[Carried]) -> None:
        """Keep why events could not be carried out yet."""
        with self._guarded():
            self._driver.executemany(_WAIT, [(each.refused, each.number) for each in waits])

    def of(self, case_id: str) -> tuple[Sending, ...]:
        """What a case sent, in that order."""
        with self._guarded():
            rows = self._driver.execute(_OF, (case_id,)).fetchall()
        return tuple(
            Sending(sequence, target, workflow, event, read_instant(at) if at else None, refused)
            for sequence, target, workflow, event, at, refused in rows
        )
