"""What the engine asks of every store."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Final, NamedTuple, Protocol

from partybuild_flow.case import Case, Change, Entry, Lookup, Related
from partybuild_flow.feel import Value
from partybuild_flow.store.links import Bucket, Links
from partybuild_flow.store.outbox import Carried, Outbox


class Query(NamedTuple):
    """Which cases are asked for; None asks for all. `due_before` is an aware instant."""

    workflow: str | None = None
    states: tuple[str, ...] | None = None
    unit: str | None = None
    due_before: datetime | None = None


EVERYTHING: Final = Query()


class Overdue(NamedTuple):
    """A case in which the clock has something to do, and since when."""

    at: datetime
    case_id: str


class Verification(NamedTuple):
    """What `verify` found: how much was read, one digest of all heads, and every place where the journal is broken.

    `broken` pairs a case id with a sentence.
    """

    cases: int
    entries: int
    digest: str
    broken: tuple[tuple[str, str], ...]


class Store(Protocol):
    """Where cases, journal, deadlines and effects live. Safe to share between threads."""

    def load(self, case_id: str, *, fresh: bool = False) -> Case:
        """The case; `fresh` looks past what this process remembers of it. Raises CaseNotFound."""

    def holder(self, workflow: str, key: tuple[str, ...], values: tuple[Value, ...]) -> str | None:
        """The id of the case that holds these values under a unique key of the workflow."""

    def entry_by_key(self, key: str) -> Entry | None:
        """The entry that an earlier `send` or `start` made under this key."""

    @property
    def links(self) -> Links:
        """What finds cases for relations."""

    @property
    def outbox(self) -> Outbox:
        """What was sent to other cases."""

    def related(self, lookup: Lookup) -> Related:
        """The cases that a relation asks for."""

    def save(
        self, changes: Sequence[Change], read: Sequence[Bucket] = (), carried: Sequence[Carried] = ()
    ) -> tuple[Entry, ...]:
        """The entries as they were kept, all in one transaction, durable on return.

        `read` are the buckets that exact relations read, `carried` the sent events that are hereby
        carried out.

        Raises:
            CaseChanged: a case is no longer at the revision before its entry, a unique key is taken,
                a key was used meanwhile, events counted in a bucket that was read, or somebody else
                carried one of the sent events out; nothing was written.
            StoreError: the storage failed; nothing was written.
        """

    def alone(self) -> AbstractContextManager[object]:
        """While this lasts, no other thread of this process changes a case."""

    def history(self, case_id: str, erased: str | None = None) -> Iterator[Entry]:
        """The entries of a case, oldest first; the `case` of each names the identity only.

        `erased` stands in the place of personal values that were erased.
        """

    def purge(self) -> None:
        """Leave nothing behind of what was erased. Raises StoreError where another program still reads it."""

    def cases(self, query: Query) -> Iterator[Case]:
        """The cases that a query asks for, by id."""

    def overdue(self, now: datetime, after: Overdue | None, limit: int) -> list[Overdue]:
        """The next so many cases in which the clock has something to do by now, by instant and id, after a place."""

    def open_cases(self, definitions: Sequence[str], after: str, limit: int) -> list[str]:
        """The ids of the next so many cases of these definitions with an open deadline, in order, after an id."""

    def note(self, name: str) -> str | None:
        """What was noted under a name; None if nothing was."""

    def keep_note(self, name: str, text: str) -> None:
        """Note something under a name, durable on return."""

    def keep_definition(self, hash: str, workflow: str, version: int, texts: Mapping[str, str]) -> None:
        """Keep the texts of a definition under their hash; once is enough."""

    def definition(self, hash: str) -> Mapping[str, str]:
        """The texts of a definition. Raises StoreError where the hash is unknown."""

    def definitions(self) -> list[str]:
        """The hashes of all definitions, in the order in which they were kept."""

    def verify(self) -> Verification:
        """The whole journal read and checked: chains, heads, commitments."""

    def close(self) -> None:
        """Let go of files and connections; a second call does nothing."""


def matches(query: Query, case: Case) -> bool:
    """Whether a query asks for this case."""
    return (
        (query.workflow is None or case.workflow == query.workflow)
        and (query.states is None or case.state in query.states)
        and (query.unit is None or case.unit == query.unit or case.unit.startswith(query.unit + "/"))
        and (
            query.due_before is None
            or any(
                each.due_at is not None and not each.fired and each.due_at < query.due_before
                for each in case.deadlines
            )
        )
    )
