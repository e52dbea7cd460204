"""A store in this process's memory, for tests and simulations. Nothing outlives the process."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from threading import RLock

from partybuild_flow.case import Case, Change, Entry
from partybuild_flow.errors import CaseChanged, CaseNotFound, StoreError
from partybuild_flow.feel import Value
from partybuild_flow.store.journal import GENESIS, Personal, new_salt, read, write
from partybuild_flow.store.protocol import Query, Verification, matches
from partybuild_flow.store.verify import Chain, Row, verified


class MemoryStore:
    """Cases in a dictionary, the journal in lists; hashes are computed when the journal is read."""

    def __init__(self) -> None:
        self._lock = RLock()
        self._cases: dict[str, Case] = {}
        self._journal: dict[str, list[Change]] = {}
        self._rows: dict[str, list[Row]] = {}
        self._keys: dict[str, Entry] = {}
        self._holders: dict[tuple[str, tuple[str, ...], tuple[Value, ...]], str] = {}
        self._held: dict[tuple[str, tuple[str, ...]], tuple[str, tuple[str, ...], tuple[Value, ...]]] = {}
        self._definitions: dict[str, Mapping[str, str]] = {}

    def load(self, case_id: str, *, fresh: bool = False) -> Case:
        """The case; a fresh one knows the hash of its newest entry. Raises CaseNotFound."""
        case = self._cases.get(case_id)
        if case is None:
            raise CaseNotFound(case_id)
        return self._with_head(case_id) if fresh else case

    def holder(self, workflow: str, key: tuple[str, ...], values: tuple[Value, ...]) -> str | None:
        """The id of the case that holds these values."""
        return self._holders.get((workflow, key, values))

    def entry_by_key(self, key: str) -> Entry | None:
        """The entry that was made under this key."""
        return self._keys.get(key)

    def save(self, changes: Sequence[Change]) -> tuple[Entry, ...]:
        """The entries, all kept or none. Raises CaseChanged."""
        with self._lock:
            self._refuse_stale(changes)
            for change in changes:
                entry, uniques, _ = change
                case = entry.case
                self._cases[case.id] = case
                if case.revision > 1:
                    self._journal[case.id].append(change)
                else:
                    self._journal[case.id] = [change]
                if entry.key is not None:
                    self._keys[entry.key] = entry
                for unique in uniques:
                    self._hold(unique.case_id, (unique.workflow, unique.key, unique.values))
        return tuple([change.entry for change in changes])

    def history(self, case_id: str) -> Iterator[Entry]:
        """The entries of a case, oldest first, with their hashes."""
        self.load(case_id)
        previous = GENESIS
        for row in self._sealed(case_id):
            yield read(row.body, previous, row.hash, row.personal)
            previous = row.hash

    def cases(self, query: Query) -> Iterator[Case]:
        """The cases that the query asks for, by id."""
        with self._lock:
            found = [self._cases[case_id] for case_id in sorted(self._cases)]
            return iter([self._with_head(case.id) for case in found if matches(query, case)])

    def keep_definition(self, hash: str, workflow: str, version: int, texts: Mapping[str, str]) -> None:  # noqa: ARG002
        """Keep the texts of a definition under their hash."""
        self._definitions.setdefault(hash, dict(texts))

    def definition(self, hash: str) -> Mapping[str, str]:
        """The texts of a definition. Raises StoreError."""
        if hash not in self._definitions:
            raise StoreError(f"there is no definition {hash}")
        return self._definitions[hash]

    def verify(self) -> Verification:
        """The whole journal checked."""
        with self._lock:
            ids = sorted(self._cases)
        return verified(Chain(self._with_head(case_id), self._sealed(case_id)) for case_id in ids)

    def close(self) -> None:
        """Nothing to let go of."""

    def _with_head(self, case_id: str) -> Case:
        with self._lock:
            return self._cases[case_id]._replace(head=self._sealed(case_id)[-1].hash)

    def _sealed(self, case_id: str) -> list[Row]:
        """The rows of a case, chained as far as its journal goes."""
        with self._lock:
            rows = self._rows.setdefault(case_id, [])
            for change in self._journal[case_id][len(rows) :]:
                previous = rows[-1].hash if rows else GENESIS
                written = write(change.entry, previous, change.personal, new_salt)
                personal: dict[str, Personal] = {each.place: each for each in written.personal}
                rows.append(Row(change.entry.sequence, written.body, written.hash, personal))
            return list(rows)

    def _refuse_stale(self, changes: Sequence[Change]) -> None:
        pending: dict[str, int] = {}
        for entry, uniques, _ in changes:
            case = entry.case
            expected = case.revision - 1
            if case.id in pending:
                found = pending[case.id]
            else:
                stored = self._cases.get(case.id)
                found = stored.revision if stored is not None else 0
            pending[case.id] = case.revision
            if found != expected or (entry.key is not None and entry.key in self._keys):
                raise CaseChanged(case.id, expected, found)
            for unique in uniques:
                holder = self._holders.get((unique.workflow, unique.key, unique.values))
                if holder not in (None, case.id):
                    raise CaseChanged(case.id, expected, found)

    def _hold(self, case_id: str, place: tuple[str, tuple[str, ...], tuple[Value, ...]]) -> None:
        before = self._held.pop((case_id, place[1]), None)
        if before is not None:
            self._holders.pop(before, None)
        self._holders[place] = case_id
        self._held[case_id, place[1]] = place
