"""A store in a SQL database: the schema and the queries through SQLAlchemy Core, the hot path on the driver itself."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import groupby
from threading import RLock
from typing import Final

from sqlalchemy import Engine, exc, make_url

from partybuild_flow.case import Case, Change, Entry, Lookup, Related, Unique, new
from partybuild_flow.errors import CaseChanged, CaseNotFound, StoreError
from partybuild_flow.facts.due_plan import ERASE
from partybuild_flow.feel import Value
from partybuild_flow.store.agenda import keep_note, open_cases, overdue_cases, read_note
from partybuild_flow.store.canonical import write_pair, write_value
from partybuild_flow.store.connection import connected, translated
from partybuild_flow.store.deadlines import row_of
from partybuild_flow.store.journal import GENESIS, Personal, new_salt, read, write
from partybuild_flow.store.links import Bucket
from partybuild_flow.store.outbox import Carried
from partybuild_flow.store.protocol import EVERYTHING, Overdue, Query, Verification, matches
from partybuild_flow.store.rows import read_case, write_case
from partybuild_flow.store.schema import FORMAT, METADATA
from partybuild_flow.store.sql_cases import DEADLINE_COLUMNS, ids_after, ids_found, read_cases
from partybuild_flow.store.sql_erasure import SqlErasure
from partybuild_flow.store.sql_links import NEWEST_KEY, SqlLinks
from partybuild_flow.store.sql_outbox import SqlOutbox
from partybuild_flow.store.upgrade import upgraded
from partybuild_flow.store.verify import Chain, Row, verified

PAGE: Final = 500
REMEMBERED: Final = 20_000
"""How many cases a process keeps in memory; their revisions guard what is written from them."""

_LOAD: Final = "SELECT * FROM cases WHERE id = ?"
_STANDING: Final = "SELECT revision, head FROM cases WHERE id = ?"
_DEADLINES_OF: Final = f"SELECT {DEADLINE_COLUMNS} FROM deadlines WHERE case_id = ? ORDER BY place"  # noqa: S608 - a constant
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
_KEEP_DEFINITION: Final = (
    "INSERT INTO definitions (hash, workflow, version, texts, number)"
    " SELECT ?, ?, ?, ?, coalesce(max(number), 0) + 1 FROM definitions WHERE true ON CONFLICT (hash) DO NOTHING"
)
_HOLDER: Final = 'SELECT case_id FROM uniques WHERE workflow = ? AND "key" = ? AND "values" = ?'
_BY_KEY: Final = "SELECT case_id, sequence FROM entries WHERE key = ?"


class SqlStore:
    """Cases in a SQLite file: one writer, write-ahead log; an event is durable when `save` returns.

    `synchronous=full` (the default) survives a power cut; `normal` survives the death of the
    process, and a power cut may take the newest events, never half of one.
    """

    def __init__(self, engine: Engine, salts: Callable[[], str] = new_salt) -> None:
        self._engine = engine
        self._salts = salts
        self._lock = RLock()
        self._known: dict[str, Case] = {}
        self._pairs: dict[str, dict[str, str]] = {}
        """The data of the cases that this process wrote last, as they are written."""
        self._closed = False
        with translated():
            self._pooled = engine.raw_connection()
            driver = self._pooled.driver_connection
        if not isinstance(driver, sqlite3.Connection):
            raise StoreError(
                f"{engine.dialect.name} is no database that this version can write to; use sqlite:///"
            )
        self._driver = driver
        self._check_format()
        with translated():
            METADATA.create_all(engine)
            self.links = SqlLinks(driver, self._guarded, self._known)
            self.outbox = SqlOutbox(driver, self._guarded)
        self._erasure = SqlErasure(driver)

    @classmethod
    def open(cls, url: str, salts: Callable[[], str] = new_salt) -> SqlStore:
        """The store at a URL; the file and its tables are made where they are missing. Raises StoreError."""
        try:
            parsed = make_url(url)
        except exc.ArgumentError as error:
            raise StoreError(f"{url!r} is no database URL; write one such as sqlite:///cases.db") from error
        if parsed.get_backend_name() != "sqlite":
            raise StoreError(
                f"{parsed.get_backend_name()!r} is no known kind of store; use sqlite:/// or memory://"
            )
        engine = connected(parsed)
        try:
            return cls(engine, salts)
        except BaseException:
            engine.dispose()
            raise

    def load(self, case_id: str, *, fresh: bool = False) -> Case:
        """The case; `fresh` looks into the file whether it is still the same. Raises CaseNotFound."""
        case = self._known.get(case_id)
        if case is not None and not fresh:
            return case
        with self._lock, translated():
            # The newest hash stands for the whole case: nothing of it changes without an entry.
            if case is not None and self._standing(case_id) == (case.revision, case.head):
                return case
            row = self._driver.execute(_LOAD, (case_id,)).fetchone()
            if row is None:
                raise CaseNotFound(case_id)
            case = read_case(row, self._driver.execute(_DEADLINES_OF, (case_id,)).fetchall())
            self._remember(case)
            self._pairs.pop(case_id, None)
        return case

    def _standing(self, case_id: str) -> tuple[int, str] | None:
        row: tuple[int, str] | None = self._driver.execute(_STANDING, (case_id,)).fetchone()
        return row

    def holder(self, workflow: str, key: tuple[str, ...], values: tuple[Value, ...]) -> str | None:
        """The id of the case that holds these values."""
        with self._lock, translated():
            row = self._driver.execute(_HOLDER, (workflow, *_unique_text(key, values))).fetchone()
        return None if row is None else str(row[0])

    def entry_by_key(self, key: str) -> Entry | None:
        """The entry that was made under this key, with the case as it is now."""
        with self._lock, translated():
            row = self._driver.execute(_BY_KEY, (key,)).fetchone()
        if row is None:
            return None
        case_id, sequence = row
        return next(entry for entry in self.history(case_id) if entry.sequence == sequence)

    def related(self, lookup: Lookup) -> Related:
        """The cases that a relation asks for."""
        return self.links.related(lookup)

    def save(
        self, changes: Sequence[Change], read: Sequence[Bucket] = (), carried: Sequence[Carried] = ()
    ) -> tuple[Entry, ...]:
        """The entries as they were kept, all in one transaction. Raises CaseChanged, StoreError."""
        with self._lock:
            driver = self._driver
            try:
                driver.execute("BEGIN IMMEDIATE")
                if read or carried:
                    self.links.check(read)
                    self.outbox.mark(carried)
                saved = tuple(map(self._save, changes))
                driver.execute("COMMIT")
            except BaseException as error:
                self._undo(changes)
                if isinstance(error, sqlite3.IntegrityError):
                    # Another writer took the key, the unique values or the revision first.
                    case = changes[0].entry.case
                    raise CaseChanged(case.id, case.revision - 1, case.revision - 1) from error
                if isinstance(error, sqlite3.Error):
                    raise StoreError(f"the database could not keep the event: {error}") from error
                raise
        return saved

    def history(self, case_id: str, erased: str | None = None) -> Iterator[Entry]:
        """The entries of a case, oldest first."""
        self.load(case_id)
        previous = GENESIS
        for row in self._rows_of(case_id):
            yield read(row.body, previous, row.hash, row.personal, erased)
            previous = row.hash

    def cases(self, query: Query) -> Iterator[Case]:
        """The cases that the query asks for, by id, read a page at a time."""
        for ids in self._pages(query):
            with self._lock, translated():
                found = read_cases(self._driver, ids)
            # A case may have changed since its id was found.
            yield from (case for case in found if matches(query, case))

    def overdue(self, now: datetime, after: Overdue | None, limit: int) -> list[Overdue]:
        """The next cases in which the clock has something to do by now."""
        with self._lock, translated():
            return overdue_cases(self._driver, now, after, limit)

    def open_cases(self, definitions: Sequence[str], after: str, limit: int) -> list[str]:
        """The next cases of these definitions with an open deadline."""
        with self._lock, translated():
            return open_cases(self._driver, definitions, after, limit)

    def note(self, name: str) -> str | None:
        """What was noted under a name."""
        with self._lock, translated():
            return read_note(self._driver, name)

    def keep_note(self, name: str, text: str) -> None:
        """Note something under a name."""
        with self._lock, translated():
            keep_note(self._driver, name, text)

    def keep_definition(self, hash: str, workflow: str, version: int, texts: Mapping[str, str]) -> None:
        """Keep the texts of a definition under their hash."""
        row = (hash, workflow, version, json.dumps(dict(texts), ensure_ascii=False))
        with self._lock, translated():
            self._driver.execute(_KEEP_DEFINITION, row)

    def definition(self, hash: str) -> Mapping[str, str]:
        """The texts of a definition. Raises StoreError."""
        with self._lock, translated():
            row = self._driver.execute("SELECT texts FROM definitions WHERE hash = ?", (hash,)).fetchone()
        if row is None:
            raise StoreError(f"there is no definition {hash}")
        texts: dict[str, str] = json.loads(row[0])
        return texts

    def definitions(self) -> list[str]:
        """The hashes of all definitions, in the order in which they were kept."""
        with self._lock, translated():
            return [row[0] for row in self._driver.execute("SELECT hash FROM definitions ORDER BY number")]

    def verify(self) -> Verification:
        """The whole journal checked, a page of cases at a time."""
        found = verified(Chain(case, self._rows_of(case.id)) for case in self.cases(EVERYTHING))
        with self._lock, translated():
            orphans = self._driver.execute(
                "SELECT DISTINCT case_id FROM entries WHERE case_id NOT IN (SELECT id FROM cases) ORDER BY case_id"
            ).fetchall()
        lost = tuple((str(case_id), "the case is gone, and its entries are left") for (case_id,) in orphans)
        return found._replace(broken=found.broken + lost)

    def purge(self) -> None:
        """Leave nothing of what was erased in the log beside the file. Raises StoreError while others read it."""
        with self._lock, translated():
            self._erasure.purge()

    def close(self) -> None:
        """Close the connection; a second call does nothing."""
        with self._lock:
            if not self._closed:
                self._closed = True
                self._pooled.close()
                self._engine.dispose()

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        with self._lock, translated():
            yield

    def _check_format(self) -> None:
        with translated():
            (found,) = self._driver.execute("PRAGMA user_version").fetchone()
            if found == 0:
                self._driver.execute(f"PRAGMA user_version = {FORMAT}")
            elif found != FORMAT and not upgraded(self._driver, found, FORMAT):
                self._pooled.close()
                raise StoreError(
                    f"the database was written in format {found}, and this version reads format {FORMAT}; "
                    "install the version that wrote it"
                )

    def _save(self, change: Change) -> Entry:
        entry, uniques, guarded = change
        case, event, transition, *_ = entry
        case_id, sequence, driver = case.id, case.revision, self._driver
        before = self._known.get(case_id)
        stands = before is not None and before.revision == sequence - 1
        previous = before.head if before is not None and stands else self._head(case_id, sequence - 1)
        pairs = self._pairs_of(entry, before)
        body, head, personal = write(entry, previous, guarded, self._salts, pairs)
        columns = write_case(case, pairs, head)
        if sequence == 1:
            wrote = driver.execute(
                _INSERT_CASE,
                (*columns, case_id, case.workflow, case.definition, case.unit, case.started_by, self.links.newest),
            )
        else:
            wrote = driver.execute(_UPDATE_CASE, (*columns, case_id, sequence - 1, self.links.newest))
        if wrote.rowcount != 1:
            self.links.learn()
            row = driver.execute(_LOAD, (case_id,)).fetchone()
            raise CaseChanged(case_id, sequence - 1, row[5] if row else 0)
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
        kept = new(Case, (*case[:-1], head))
        self._remember(kept)
        self._pairs[case_id] = pairs
        return new(Entry, (kept, *entry[1:-2], previous, head))

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
        key, values = _unique_text(unique.key, unique.values)
        self._driver.execute(_DROP_UNIQUE, (unique.case_id, key))
        self._driver.execute(_INSERT_UNIQUE, (unique.workflow, key, values, unique.case_id))

    def _undo(self, changes: Sequence[Change]) -> None:
        for change in changes:
            self._known.pop(change.entry.case.id, None)
            self._pairs.pop(change.entry.case.id, None)
            self.links.forget(change.entry.case.id)
        if self._driver.in_transaction:
            self._driver.execute("ROLLBACK")

    def _remember(self, case: Case) -> None:
        if len(self._known) >= REMEMBERED:
            self._known.clear()
            self._pairs.clear()
        self._known[case.id] = case

    def _rows_of(self, case_id: str) -> list[Row]:
        with self._lock, translated():
            personal = self._driver.execute(
                "SELECT sequence, place, salt, value FROM personal WHERE case_id = ? ORDER BY sequence",
                (case_id,),
            ).fetchall()
            rows = self._driver.execute(
                "SELECT sequence, body, hash FROM entries WHERE case_id = ? ORDER BY sequence", (case_id,)
            ).fetchall()
        by_sequence = {
            sequence: {row[1]: Personal(*row[1:]) for row in group}
            for sequence, group in groupby(personal, _first)
        }
        return [Row(sequence, body, hash, by_sequence.get(sequence, {})) for sequence, body, hash in rows]

    def _pages(self, query: Query) -> Iterator[list[str]]:
        """The ids that a query asks for, in pages; all at once where they are filtered, for each page would sort them all."""
        if query != EVERYTHING:
            with self._lock, translated():
                found = ids_found(self._driver, query)
            yield from (found[at : at + PAGE] for at in range(0, len(found), PAGE))
            return
        after: str | None = ""
        while after is not None:
            with self._lock, translated():
                page = ids_after(self._driver, after, PAGE)
            yield page
            after = page[-1] if len(page) == PAGE else None


def _unique_text(key: tuple[str, ...], values: tuple[Value, ...]) -> tuple[str, str]:
    return ",".join(key), f"[{','.join(write_value(value) for value in values)}]"


def _first(row: tuple[int, ...]) -> int:
    return row[0]
