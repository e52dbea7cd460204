"""Events that were sent to other cases and are still to be carried out, and what became of the others; in memory."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import islice
from threading import RLock
from typing import NamedTuple, Protocol

from partybuild_flow.case import Entry, Sent
from partybuild_flow.errors import CaseChanged


class Waiting(NamedTuple):
    """An event that is still to be carried out: its place among all that were sent, who sent it and when."""

    number: int
    case_id: str
    sent: Sent
    occurred_at: datetime


class Carried(NamedTuple):
    """That an event was carried out, or refused with a sentence; without `at` it still waits, for that reason."""

    number: int
    at: datetime | None
    refused: str | None = None


class Sending(NamedTuple):
    """An event that an entry sent to another case, and what became of it.

    Without `carried_at` it still waits; `refused` is the sentence with which the other case refused it,
    or why it waits.
    """

    sequence: int
    case_id: str
    workflow: str
    event: str
    carried_at: datetime | None
    refused: str | None


class Outbox(Protocol):
    """The part of a store that holds what is sent to other cases."""

    def open(self, after: int, limit: int) -> tuple[Waiting, ...]:
        """The next events that are to be carried out, in the order in which they were sent."""

    def of(self, case_id: str) -> tuple[Sending, ...]:
        """What a case sent, in that order."""

    def wait(self, waits: Iterable[Carried]) -> None:
        """Keep why events could not be carried out yet."""


class MemoryOutbox:
    """An outbox in lists."""

    def __init__(self, lock: RLock) -> None:
        self._lock = lock
        self._rows: list[tuple[Waiting, int]] = []
        self._carried: dict[int, Carried] = {}
        self._waiting: dict[int, Waiting] = {}
        self._of: dict[str, list[int]] = {}

    def add(self, entry: Entry) -> None:
        """Keep what an entry sends."""
        for sent in entry.sends:
            number = len(self._rows) + 1
            waiting = Waiting(number, entry.case.id, sent, entry.occurred_at)
            self._rows.append((waiting, entry.sequence))
            self._waiting[number] = waiting
            self._of.setdefault(entry.case.id, []).append(number)

    def open(self, after: int, limit: int) -> tuple[Waiting, ...]:
        """The next events that are to be carried out, in the order in which they were sent."""
        with self._lock:
            return tuple(islice((each for number, each in self._waiting.items() if number > after), limit))

    def check(self, carried: Iterable[Carried]) -> None:
        """Raises CaseChanged where somebody else has carried one of these out."""
        for each in carried:
            if each.number not in self._waiting:
                raise CaseChanged(str(each.number), 0, 1)

    def mark(self, carried: Iterable[Carried]) -> None:
        """Keep what was carried out."""
        for each in carried:
            del self._waiting[each.number]
            self._carried[each.number] = each

    def wait(self, waits: Iterable[Carried]) -> None:
        """Keep why events could not be carried out yet."""
        with self._lock:
            self._carried |= {each.number: each for each in waits if each.number in self._waiting}

    def erase(self, case_id: str) -> None:
        """Empty what a case has sent."""
        for number in self._of.get(case_id, ()):
            waiting, sequence = self._rows[number - 1]
            emptied = waiting._replace(sent=waiting.sent._replace(data={}))
            self._rows[number - 1] = emptied, sequence
            if number in self._waiting:
                self._waiting[number] = emptied

    def of(self, case_id: str) -> tuple[Sending, ...]:
        """What a case sent, in that order."""
        found = []
        for number in self._of.get(case_id, ()):
            waiting, sequence = self._rows[number - 1]
            _, at, refused = self._carried.get(number, Carried(number, None))
            sent = waiting.sent
            found.append(Sending(sequence, sent.case_id, sent.workflow, sent.event, at, refused))
        return tuple(found)
