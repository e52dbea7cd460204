"""A store in this process's memory, for tests and simulations. Nothing outlives the process."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from threading import RLock

from partybuild_flow.case import Case, Change, Entry, Lookup, Related
from partybuild_flow.errors import CaseChanged, CaseNotFound, StoreError
from partybuild_flow.facts.due_plan import ERASE, ERASED
from partybuild_flow.feel import Value
from partybuild_flow.store.journal import GENESIS, SHORTEST, Personal, is_erased, new_salt, read, write
from partybuild_flow.store.links import Bucket, MemoryLinks
from partybuild_flow.store.outbox import Carried, MemoryOutbox
from partybuild_flow.store.protocol import Overdue, Query, Verification, matches
from partybuild_flow.store.sweep import Sweep, is_open
from partybuild_flow.store.verify import Chain, Row, verified


class MemoryStore:
    """Cases in a dictionary, the journal in lists; hashes are computed when the journal is read."""

    def __init__(self, salts: Callable[[], str] = new_salt) -> None:
        self._lock = RLock()
        self._salts = salts
        self._cases: dict[str, Case] = {}
        self._journal: dict[str, list[Change]] = {}
        self._rows: dict[str, list[Row]] = {}
        self._keys: dict[str, Entry] = {}
        self._holders: dict[tuple[str, tuple[str, ...], tuple[Value, ...]], str] = {}
        self._held: dict[tuple[str, tuple[str, ...]], tuple[str, tuple[str, ...], tuple[Value, ...]]] = {}
        self._definitions: dict[str, Mapping[str, str]] = {}
        self._notes: dict[str, str] = {}
        self.links = MemoryLinks(self._lock, self._cases, self._began)
        self.outbox = MemoryOutbox(self._lock)
        self._sweep: Sweep | None = None

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

    def related(self, lookup: Lookup) -> Related:
        """The cases that a relation asks for."""
        return self.links.related(lookup)

    def save(
        self, changes: Sequence[Change], read: Sequence[Bucket] = (), carried: Sequence[Carried] = ()
    ) -> tuple[Entry, ...]:
        """The entries, all kept or none. Raises CaseChanged."""
        with self._lock:
            plainly = self._sweep is None and not (read or carried or self.links.keys)
            if plainly and len(changes) == 1 and self._went_on(changes[0]):
                return (changes[0].entry,)
            self._refuse_stale(changes)
            self.links.check(read)
            self.outbox.check(carried)
            self.outbox.mark(carried)
            for change in changes:
                entry, uniques, _ = change
                case = entry.case
                identity = case.id
                self._cases[identity] = case
                if case.revision > 1:
                    self._journal[identity].append(change)
                else:
                    self._journal[identity] = [change]
                if entry.key is not None:
                    self._keys[entry.key] = entry
                if self._sweep is not None:
                    self._sweep.add(case)
                for unique in uniques:
                    self._hold(unique.case_id, (unique.workflow, unique.key, unique.values))
                if self.links.keys:
                    self.links.kept(entry)
                if entry.sends:
                    self.outbox.add(entry)
                if not entry.transition and entry.event == ERASE:
                    self._erase(entry)
        return tuple([change.entry for change in changes])

    def alone(self) -> RLock:
        """While this lasts, no other thread changes a case."""
        return self._lock

    def history(self, case_id: str, erased: str | None = None) -> Iterator[Entry]:
        """The entries of a case, oldest first, with their hashes."""
        self.load(case_id)
        previous = GENESIS
        for row in self._sealed(case_id):
            yield read(row.body, previous, row.hash, row.personal, erased)
            previous = row.hash

    def cases(self, query: Query) -> Iterator[Case]:
        """The cases that the query asks for, by id."""
        with self._lock:
            found = [self._cases[case_id] for case_id in sorted(self._cases)]
            return iter([self._with_head(case.id) for case in found if matches(query, case)])

    def overdue(self, now: datetime, after: Overdue | None, limit: int) -> list[Overdue]:
        """The next cases in which the clock has something to do by now."""
        with self._lock:
            if after is None or self._sweep is None or self._sweep.now < now:
                self._sweep = Sweep(self._cases.values(), now)
            found = self._sweep.found(self._cases, now, after, limit)
            if len(found) < limit:
                self._sweep = None
            return found

    def open_cases(self, definitions: Sequence[str], after: str, limit: int) -> list[str]:
        """The next cases of these definitions with an open deadline."""
        with self._lock:
            every = sorted(
                case.id for case in self._cases.values() if case.id > after and is_open(case, definitions)
            )
            return every[:limit]

    def note(self, name: str) -> str | None:
        """What was noted under a name."""
        return self._notes.get(name)

    def keep_note(self, name: str, text: str) -> None:
        """Note something under a name."""
        self._notes[name] = text

    def keep_definition(self, hash: str, workflow: str, version: int, texts: Mapping[str, str]) -> None:  # noqa: ARG002
        """Keep the texts of a definition under their hash."""
        self._definitions.setdefault(hash, dict(texts))

    def definition(self, hash: str) -> Mapping[str, str]:
        """The texts of a definition. Raises StoreError."""
        if hash not in self._definitions:
            raise StoreError(f"there is no definition {hash}")
        return self._definitions[hash]

    def definitions(self) -> list[str]:
        """The hashes of all definitions, in the order in which they were kept."""
        return list(self._definitions)

    def verify(self) -> Verification:
        """The whole journal checked."""
        with self._lock:
            ids = sorted(self._cases)
        return verified(Chain(self._with_head(case_id), self._sealed(case_id)) for case_id in ids)

    def purge(self) -> None:
        """Nothing is left behind in memory."""

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
                written = write(change.entry, previous, change.personal, self._salts)
                personal: dict[str, Personal] = {each.place: each for each in written.personal}
                rows.append(Row(change.entry.sequence, written.body, written.hash, personal))
            return list(rows)

    def _went_on(self, change: Change) -> bool:
        """Whether the change was the plainest: one more entry of a case that stands, without key or unique values."""
        entry, uniques, _ = change
        case = entry.case
        stored = self._cases.get(case.id)
        if stored is None or stored.revision != case.revision - 1 or uniques or entry.key is not None:
            return False
        if not entry.transition and entry.event == ERASE:
            return False
        if entry.sends:
            self.outbox.add(entry)
        self._cases[case.id] = case
        self._journal[case.id].append(change)
        return True

    def _erase(self, entry: Entry) -> None:
        """Take what an entry says is erased out of all that is kept of its case, and of what others have read of it."""
        case_id, names = entry.case.id, entry.facts[ERASED]
        erased = frozenset(str(name) for name in names) if isinstance(names, list) else frozenset()
        rows = self._sealed(case_id)
        gone = {
            personal.value
            for row in rows
            for place, personal in row.personal.items()
            if place.partition("/")[2] in erased and len(personal.value) > SHORTEST + 1
        }
        self._rows[case_id] = [_without(row, lambda place, _: is_erased(place, erased)) for row in rows]
        kept = self._journal[case_id]
        kept[:] = [each._replace(entry=_emptied(each.entry)) for each in kept]
        for read_again in self.history(case_id):
            if read_again.key is not None:
                self._keys[read_again.key] = read_again._replace(case=entry.case)
        for (holder, key), place in list(self._held.items()):
            if holder == case_id and not erased.isdisjoint(key):
                del self._held[holder, key], self._holders[place]
        self.outbox.erase(case_id)
        for other in self._cases.values() if gone and self.links.keys else ():
            if other.id != case_id:
                self._rows[other.id] = [
                    _without(row, _reading(gone, other)) for row in self._sealed(other.id)
                ]

    def _began(self, case_id: str) -> datetime | None:
        journal = self._journal.get(case_id)
        return journal[0].entry.occurred_at if journal else None

    def _refuse_stale(self, changes: Sequence[Change]) -> None:
        pending: dict[str, int] = {}
        for entry, uniques, _ in changes:
            case = entry.case
            identity, revision = case.id, case.revision
            found = pending.get(identity)
            if found is None:
                stored = self._cases.get(identity)
                found = stored.revision if stored is not None else 0
            pending[identity] = revision
            if found != revision - 1 or (entry.key is not None and entry.key in self._keys):
                raise CaseChanged(identity, revision - 1, found)
            for unique in uniques:
                holder = self._holders.get((unique.workflow, unique.key, unique.values))
                if holder not in (None, identity):
                    raise CaseChanged(identity, revision - 1, found)

    def _hold(self, case_id: str, place: tuple[str, tuple[str, ...], tuple[Value, ...]]) -> None:
        before = self._held.pop((case_id, place[1]), None)
        if before is not None:
            self._holders.pop(before, None)
        self._holders[place] = case_id
        self._held[case_id, place[1]] = place


def _without(row: Row, is_gone: Callable[[str, str], bool]) -> Row:
    """A row without the personal values, by place and text, that are gone."""
    left = {place: each for place, each in row.personal.items() if not is_gone(place, each.value)}
    return row._replace(personal=left)


def _reading(values: set[str], case: Case) -> Callable[[str, str], bool]:
    """Whether what a case keeps at a place is what a relation has read, with one of these values in it."""

    def is_gone(place: str, text: str) -> bool:
        section, _, name = place.partition("/")
        read = section == "facts" and name not in case.data and text.startswith("[{")
        return read and any(value in text for value in values)

    return is_gone


def _emptied(entry: Entry) -> Entry:
    """An entry whose row is written already, without its values."""
    return entry._replace(case=entry.case._replace(data={}), facts={}, settings={}, effects=(), sends=())
