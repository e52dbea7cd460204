"""A store seen through changes that are not saved yet, so that many events share one transaction."""

from __future__ import annotations

from typing import Protocol

from partybuild_flow.case import Case, Change, Entry
from partybuild_flow.feel import Value


class Readable(Protocol):
    """What a decision reads of a store, or of what is pending over one."""

    def load(self, case_id: str, *, fresh: bool = False) -> Case:
        """The case. Raises CaseNotFound."""

    def holder(self, workflow: str, key: tuple[str, ...], values: tuple[Value, ...]) -> str | None:
        """The id of the case that holds these values."""

    def entry_by_key(self, key: str) -> Entry | None:
        """The entry made under this key."""


class Pending:
    """What has been decided and is still to be saved, over the store that it will be saved to."""

    def __init__(self, store: Readable) -> None:
        self._store = store
        self._cases: dict[str, Case] = {}
        self._holders: dict[tuple[str, tuple[str, ...], tuple[Value, ...]], str] = {}
        self._keys: dict[str, Entry] = {}
        self.changes: list[Change] = []

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

    def add(self, change: Change) -> None:
        """Count this change as done for whatever is decided next."""
        entry = change.entry
        self._cases[entry.case.id] = entry.case
        for unique in change.uniques:
            self._holders[unique.workflow, unique.key, unique.values] = unique.case_id
        if entry.key is not None:
            self._keys[entry.key] = entry
        self.changes.append(change)
