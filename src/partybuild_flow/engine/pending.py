"""A store seen through changes that are not saved yet, so that many events share one transaction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from threading import RLock
from typing import Final, Protocol

from partybuild_flow.case import Case, Change, Entry, Lookup, Related
from partybuild_flow.feel import Value
from partybuild_flow.store import Bucket, LinkKey
from partybuild_flow.store.links import MemoryLinks, Place, place_of

TRIES: Final = 20
"""How often what is pending is decided anew because another writer was faster."""


class Readable(Protocol):
    """What a decision reads of a store, or of what is pending over one."""

    def load(self, case_id: str, *, fresh: bool = False) -> Case:
        """The case. Raises CaseNotFound."""

    def holder(self, workflow: str, key: tuple[str, ...], values: tuple[Value, ...]) -> str | None:
        """The id of the case that holds these values."""

    def entry_by_key(self, key: str) -> Entry | None:
        """The entry made under this key."""

    def related(self, lookup: Lookup) -> Related:
        """The cases that a relation asks for."""

    def history(self, case_id: str) -> Iterable[Entry]:
        """The entries of a case that are saved."""


class Pending:
    """What has been decided and is still to be saved, over the store that it will be saved to."""

    def __init__(self, store: Readable) -> None:
        self._store = store
        self._cases: dict[str, Case] = {}
        self._holders: dict[tuple[str, tuple[str, ...], tuple[Value, ...]], str] = {}
        self._keys: dict[str, Entry] = {}
        self._began: dict[str, datetime] = {}
        self._buckets: dict[Place, int] = {}
        self._links: MemoryLinks | None = None
        self.changes: list[Change] = []
        self.chain: int = store.chain if isinstance(store, Pending) else 1
        """The place, in a chain of events, of what is sent by whatever is decided next."""

    def load(self, case_id: str, *, fresh: bool = False) -> Case:
        """The case with what is pending. Raises CaseNotFound."""
        pending = self._cases.get(case_id)
        return pending if pending is not None else self._store.load(case_id, fresh=fresh)

    def holder(self, workflow: str, key: tuple[str, ...], values: tuple[Value, ...]) -> str | None:
        """The id of the case that holds these values, or is about to."""
        pending = self._holders.get((workflow, key, values))
        return pending if pending is not None else self._store.holder(workflow, key, values)

    def entry_by_key(self, key: str) -> Entry | None:
        """The entry that was made, or is about to be made, under this key."""
        pending = self._keys.get(key)
        return pending if pending is not None else self._store.entry_by_key(key)

    def history(self, case_id: str) -> Iterable[Entry]:
        """The entries of a case that are saved."""
        return self._store.history(case_id)

    @property
    def read(self) -> tuple[Bucket, ...]:
        """The buckets that exact relations read in the store, as they were found first."""
        return tuple(Bucket(place, revision) for place, revision in self._buckets.items())

    def related(self, lookup: Lookup) -> Related:
        """The cases that a relation asks for, with what is pending."""
        found = self._store.related(lookup)
        if lookup.exact and not isinstance(self._store, Pending):
            self._buckets.setdefault(place_of(lookup), found.revision)
        if not self._cases:
            return found
        if self._links is None:
            self._links = MemoryLinks(RLock(), self._cases, self._began_at)
        if lookup.case_id is None:
            self._links.keep([LinkKey(lookup.workflow, lookup.fields)])
        mine = self._links.related(lookup).members
        others = [each for each in found.members if each.case_id not in self._cases]
        if not mine:
            return Related(tuple(others), found.revision)
        members = sorted((*others, *mine), key=lambda each: (each.started_at, each.case_id))
        return Related(tuple(members), found.revision)

    def _began_at(self, case_id: str) -> datetime | None:
        """When a case began that is pending."""
        case = self._cases.get(case_id)
        if case_id not in self._began and case is not None:
            found = self._store.related(Lookup(case.workflow, (), (), case_id)).members
            self._began |= {each.case_id: each.started_at for each in found}
        return self._began.get(case_id)

    def add(self, change: Change) -> None:
        """Count this change as done for whatever is decided next."""
        entry = change.entry
        self._cases[entry.case.id] = entry.case
        if entry.case.revision == 1:
            self._began[entry.case.id] = entry.occurred_at
        if self._links is not None:
            self._links.kept(entry)
        for unique in change.uniques:
            self._holders[unique.workflow, unique.key, unique.values] = unique.case_id
        if entry.key is not None:
            self._keys[entry.key] = entry
        self.changes.append(change)

    def take(self, other: Pending) -> None:
        """Count all that is pending over this one as done."""
        for change in other.changes:
            self.add(change)
