"""How changes are written into a SQL database: the way of every event, on the driver itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from threading import RLock
from typing import Final

from partybuild_flow.case import Case, Change, Entry, Unique, new
from partybuild_flow.errors import CaseChanged, StoreError
from partybuild_flow.facts.due_plan import ERASE
from partybuild_flow.store.canonical import write_pair
from partybuild_flow.store.deadlines import row_of
from partybuild_flow.store.driver import FAILURES, TAKEN, Database, LostError, Rows, translated
from partybuild_flow.store.group import Asked, Line
from partybuild_flow.store.journal import GENESIS, Written, write
from partybuild_flow.store.links import Bucket, unique_text
from partybuild_flow.store.outbox import Carried
from partybuild_flow.store.rows import write_case
from partybuild_flow.store.sql_erasure import SqlErasure
from partybuild_flow.store.sql_links import NEWEST_KEY, SqlLinks
from partybuild_flow.store.sql_outbox import SqlOutbox

REMEMBERED: Final = 20_000
"""How many cases a process keeps in memory; their revisions guard what is written from them."""

_INSERT_CASE: Final = (
    "INSERT INTO cases (state, data, done, head, revision, changed_at, id, workflow, definition, unit, started_by)"
    f" SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? WHERE {NEWEST_KEY} = ?"
)
_UPDATE_CASE: Final = (
    "UPDATE cases SET state = ?, data = ?, done = ?, head = ?, revision = ?, changed_at = ?"  # noqa: S608 - constants
    f" WHERE id = ? AND revision = ? AND {NEWEST_KEY} = ?"
)
_INSERT_ENTRY: Final = "INSERT INTO entries VALUES (?, ?, ?, ?, ?)"
_INSERT_PERSONAL: Final = "INSERT INTO personal VALUES (?, ?, ?, ?, ?)"
_INSERT_DEADLINE: Final = "INSERT INTO deadlines VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_INSERT_EFFECT: Final = "INSERT INTO effects VALUES (?, ?, ?, ?, ?, ?, NULL)"
_DROP_DEADLINES: Final = "DELETE FROM deadlines WHERE case_id = ?"
_DROP_UNIQUE: Final = "DELETE FROM uniques WHERE case_id = ? AND key = ?"
_INSERT_UNIQUE: Final = 'INSERT INTO uniques (workflow, "key", "values", case_id) VALUES (?, ?, ?, ?)'
_AT_ONCE: Final = (
    f"WITH changed AS ({_UPDATE_CASE} RETURNING id)"  # noqa: S608 - constants
    " INSERT INTO entries (case_id, sequence, key, body, hash) SELECT ?, ?, ?, ?, ? FROM changed"
)
_REVISION: Final = "SELECT revision FROM cases WHERE id = ?"
_HASH: Final = "SELECT hash FROM entries WHERE case_id = ? AND sequence = ?"


_Prepared = tuple[Case | None, dict[str, str], str, Written, tuple[str, str, str, str, int, str]]
"""What an entry is written as: the case before it where that is known, the pairs of its data, the hash before it,
its text, the columns of the case."""


class SqlSaving:
    """The part of a SQL store that writes."""

    def __init__(self, database: Database, salts: Callable[[], str]) -> None:
        self._database = database
        self._salts = salts
        self._lock = RLock()
        self._known: dict[str, Case] = {}
        self._pairs: dict[str, dict[str, str]] = {}
        """The data of the cases that this process wrote last, as they are written."""
        self._line = Line()
        self._is_alone = False
        self._unsure: list[tuple[Rows, Case]] = []
        """Statements of the transaction that must each have changed one case."""
        self._driver, self._dialect = database.driver, database.dialect
        with translated():
            self.links = SqlLinks(self._driver, self._dialect, self._guarded, self._known)
            self.outbox = SqlOutbox(self._driver, self._guarded)
        self._erasure = SqlErasure(self._driver, self._dialect)

    def load(self, case_id: str, *, fresh: bool = False) -> Case:
        """The case. Raises CaseNotFound."""
        raise NotImplementedError

    def save(
        self, changes: Sequence[Change], read: Sequence[Bucket] = (), carried: Sequence[Carried] = ()
    ) -> tuple[Entry, ...]:
        """The entries as they were kept, all in one transaction. Raises CaseChanged, StoreError.

        Callers that come while another one commits share the next transaction, and none fails for another.
        """
        if self._lock.acquire(blocking=False):
            try:
                if self._is_alone or not self._line.someone_writes:
                    return self._save_alone(changes, read, carried)
            finally:
                self._lock.release()
        asked = Asked(changes, read, carried)
        self._line.stand(asked, self._lock, self._save_group)
        return asked.answer()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """While this lasts, no other thread of this process changes a case."""
        with self._lock:
            self._is_alone = True
            try:
                yield
            finally:
                self._is_alone = False

    def _save_group(self, group: Sequence[Asked]) -> None:
        lost = self._save_together(group) if len(group) > 1 else None
        for asked in group:
            if not asked.is_answered:
                self._answer_alone(asked, lost)

    def _answer_alone(self, asked: Asked, lost: LostError | None) -> None:
        changes, read, carried, written = asked.changes, asked.read, asked.carried, asked.written
        try:
            if lost is not None:
                asked.saved = self._save_again(changes, read, carried, written, lost)
            else:
                asked.saved = self._save_alone(changes, read, carried)
        except (CaseChanged, StoreError) as error:
            asked.error = error

    def _save_together(self, group: Sequence[Asked]) -> LostError | None:
        """Answers those that could be saved in one transaction; the others are to be saved alone."""
        driver = self._driver
        try:
            driver.execute(self._dialect.begin)
            for asked in group:
                if not self._is_overtaken(asked):
                    if asked.read or asked.carried:
                        self.links.check(asked.read)
                        self.outbox.mark(asked.carried)
                    asked.written += map(self._save, asked.changes)
            self._commit()
        except BaseException as error:
            for asked in group:
                self._undo(asked.changes)
            if isinstance(error, (CaseChanged, *FAILURES)):
                return error if isinstance(error, LostError) else None
            raise
        for asked in group:
            if asked.written or not asked.changes:
                asked.saved = tuple(asked.written)
        return None

    def _is_overtaken(self, asked: Asked) -> bool:
        """Whether a neighbour in the same transaction has changed a case before."""
        for change in asked.changes:
            case = change.entry.case
            known = self._known.get(case.id)
            if known is not None and known.revision >= case.revision:
                return True
        return False

    def _save_alone(
        self,
        changes: Sequence[Change],
        read: Sequence[Bucket],
        carried: Sequence[Carried],
        *,
        tried: bool = False,
    ) -> tuple[Entry, ...]:
        driver, dialect = self._driver, self._dialect
        written: list[Entry] = []
        try:
            if dialect.at_once and len(changes) == 1 and not (read or carried):
                entry = self._saved_at_once(changes[0], written)
                if entry is not None:
                    return (entry,)
            driver.execute(dialect.begin)
            if read or carried:
                self.links.check(read)
                self.outbox.mark(carried)
            written += map(self._save, changes)
            self._commit()
        except BaseException as error:
            self._undo(changes)
            if isinstance(error, LostError) and not tried:
                return self._save_again(changes, read, carried, written, error)
            if isinstance(error, TAKEN):
                # Another writer took the key, the unique values or the revision first.
                case = changes[0].entry.case
                raise CaseChanged(case.id, case.revision - 1, case.revision - 1) from error
            if isinstance(error, FAILURES):
                raise StoreError(f"the database could not keep the event: {error}") from error
            raise
        return tuple(written)

    def _commit(self) -> None:
        if self._unsure:
            for wrote, case in self._unsure:
                if wrote.rowcount != 1:
                    raise self._changed(case)
            self._unsure.clear()
        self._driver.execute("COMMIT")

    def _save_again(
        self,
        changes: Sequence[Change],
        read: Sequence[Bucket],
        carried: Sequence[Carried],
        written: Sequence[Entry],
        lost: LostError,
    ) -> tuple[Entry, ...]:
        """After the connection was lost: what was being written stands, or is written over a new connection."""
        try:
            self._database.connect_again()
            found = [
                self._driver.execute(_HASH, (entry.case.id, entry.sequence)).fetchone() for entry in written
            ]
        except FAILURES as error:
            raise StoreError(f"the database could not be reached: {lost}; {error}") from error
        if written and all(row and row[0] == entry.hash for row, entry in zip(found, written, strict=True)):
            return tuple(written)
        return self._save_alone(changes, read, carried, tried=True)

    def _prepared(self, change: Change) -> _Prepared:
        entry = change.entry
        case = entry.case
        before = self._known.get(case.id)
        stands = before is not None and before.revision == case.revision - 1
        previous = before.head if before is not None and stands else self._head(case.id, case.revision - 1)
        pairs = self._pairs_of(entry, before)
        written = write(entry, previous, change.personal, self._salts, pairs)
        return before, pairs, previous, written, write_case(case, pairs, written.hash)

    def _saved_at_once(self, change: Change, written: list[Entry]) -> Entry | None:
        """The entry of a change that writes nothing but its case and itself, kept by one statement; None for others."""
        entry, uniques, guarded = change
        case = entry.case
        if (
            case.revision == 1
            or guarded
            or uniques
            or entry.deadlines is not None
            or entry.effects
            or entry.sends
            or (not entry.transition and entry.event == ERASE)
            or case.workflow in self.links.keys
        ):
            return None
        _, pairs, previous, (body, head, _), columns = self._prepared(change)
        kept = self._kept(entry, pairs, previous, head)
        written.append(kept)
        row = (*columns, case.id, case.revision - 1, self.links.newest)
        done = self._database.once(_AT_ONCE, (*row, case.id, case.revision, entry.key, body, head))
        if done.rowcount != 1:
            raise self._changed(case)
        return kept

    def _save(self, change: Change) -> Entry:
        entry, uniques, _ = change
        case, event, transition, *_ = entry
        case_id, sequence, driver = case.id, case.revision, self._driver
        before, pairs, previous, (body, head, personal), columns = self._prepared(change)
        if sequence == 1:
            own = (case_id, case.workflow, case.definition, case.unit, case.started_by)
            wrote = driver.execute(_INSERT_CASE, (*columns, *own, self.links.newest))
        else:
            wrote = driver.execute(_UPDATE_CASE, (*columns, case_id, sequence - 1, self.links.newest))
        if self._dialect.at_once:
            # Asking at once would wait for the answer to every statement.
            self._unsure.append((wrote, case))
        elif wrote.rowcount != 1:
            raise self._changed(case)
        if not transition and event == ERASE:
            self._erasure.before(entry)
        driver.execute(_INSERT_ENTRY, (case_id, sequence, entry.key, body, head))
        if personal:
            self._erasure.secure()
            driver.executemany(_INSERT_PERSONAL, [(case_id, sequence, *each) for each in personal])
        if entry.deadlines is not None:
            self._save_deadlines(entry, ran=before is not None and bool(before.deadlines))
        if entry.effects:
            for place, effect in enumerate(entry.effects):
                driver.execute(_INSERT_EFFECT, (case_id, sequence, place, *effect))
        for unique in uniques:
            self._save_unique(unique)
        if self.links.keys:
            self.links.kept(entry)
        if entry.sends:
            self.outbox.add(entry)
        return self._kept(entry, pairs, previous, head)

    def _kept(self, entry: Entry, pairs: dict[str, str], previous: str, head: str) -> Entry:
        kept = new(Case, (*entry.case[:-1], head))
        self._remember(kept)
        self._pairs[kept.id] = pairs
        return new(Entry, (kept, *entry[1:-2], previous, head))

    def _changed(self, case: Case) -> CaseChanged:
        """Why a case was not written: it changed, or there are keys to be found by that this process did not know."""
        self.links.learn()
        row = self._driver.execute(_REVISION, (case.id,)).fetchone()
        return CaseChanged(case.id, case.revision - 1, row[0] if row else 0)

    def _pairs_of(self, entry: Entry, before: Case | None) -> dict[str, str]:
        """The pairs of the case's data as they are written; what the entry did not touch is not written anew."""
        data = entry.case.data
        known = self._pairs.get(entry.case.id)
        if before is None or known is None or before.revision != entry.case.revision - 1:
            return {name: write_pair(name, value) for name, value in data.items()}
        if before.data is data:
            return known
        pairs = known.copy()
        for name in (*entry.inputs, *entry.settings):
            pairs[name] = write_pair(name, data[name])
        return pairs

    def _head(self, case_id: str, revision: int) -> str:
        if not revision:
            return GENESIS
        known = self.load(case_id, fresh=True)
        if known.revision != revision:
            raise CaseChanged(case_id, revision, known.revision)
        return known.head

    def _save_deadlines(self, entry: Entry, *, ran: bool) -> None:
        case_id = entry.case.id
        if ran:
            self._driver.execute(_DROP_DEADLINES, (case_id,))
        for place, running in enumerate(entry.deadlines or ()):
            self._driver.execute(_INSERT_DEADLINE, row_of(case_id, place, running))

    def _save_unique(self, unique: Unique) -> None:
        key, values = unique_text(unique.key, unique.values)
        self._driver.execute(_DROP_UNIQUE, (unique.case_id, key))
        self._driver.execute(_INSERT_UNIQUE, (unique.workflow, key, values, unique.case_id))

    def _undo(self, changes: Sequence[Change]) -> None:
        for change in changes:
            self._known.pop(change.entry.case.id, None)
            self._pairs.pop(change.entry.case.id, None)
            self.links.forget(change.entry.case.id)
        self._unsure.clear()
        if self._driver.in_transaction:
            self._driver.execute("ROLLBACK")

    def _remember(self, case: Case) -> None:
        if len(self._known) >= REMEMBERED:
            self._known.clear()
            self._pairs.clear()
        self._known[case.id] = case

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        with self._lock, translated():
            yield
