"""A store in a SQL database: the schema and the queries through SQLAlchemy Core, the hot path on the driver itself."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Final

from sqlalchemy import URL, exc, make_url

from partybuild_flow.case import Case, Entry, Lookup, Related
from partybuild_flow.errors import CaseNotFound, StoreError
from partybuild_flow.feel import Value
from partybuild_flow.store.agenda import keep_note, open_cases, overdue_cases, read_note
from partybuild_flow.store.driver import Database, translated
from partybuild_flow.store.journal import GENESIS, Personal, new_salt, read
from partybuild_flow.store.links import unique_text
from partybuild_flow.store.protocol import EVERYTHING, Overdue, Query, Verification, matches
from partybuild_flow.store.rows import read_case
from partybuild_flow.store.sql_cases import DEADLINE_COLUMNS, ids_after, ids_found, read_cases
from partybuild_flow.store.sql_saving import SqlSaving
from partybuild_flow.store.verify import Chain, Row, verified

PAGE: Final = 500
_LOAD: Final = "SELECT * FROM cases WHERE id = ?"
_STANDING: Final = "SELECT revision, head FROM cases WHERE id = ?"
_DEADLINES_OF: Final = f"SELECT {DEADLINE_COLUMNS} FROM deadlines WHERE case_id = ? ORDER BY place"  # noqa: S608 - a constant
_KEEP_DEFINITION: Final = (
    "INSERT INTO definitions (hash, workflow, version, texts, number)"
    " SELECT ?, ?, ?, ?, coalesce(max(number), 0) + 1 FROM definitions WHERE true ON CONFLICT (hash) DO NOTHING"
)
_HOLDER: Final = 'SELECT case_id FROM uniques WHERE workflow = ? AND "key" = ? AND "values" = ?'
_BY_KEY: Final = "SELECT case_id, sequence FROM entries WHERE key = ?"


_ENTRIES: Final = "SELECT sequence, body, hash FROM entries WHERE case_id = ? ORDER BY sequence"
_PERSONAL: Final = "SELECT sequence, place, salt, value FROM personal WHERE case_id = ? ORDER BY sequence"


class SqlStore(SqlSaving):
    """Cases in a SQLite file: one writer, write-ahead log; an event is durable when `save` returns.

    `synchronous=full` (the default) survives a power cut; `normal` survives the death of the
    process, and a power cut may take the newest events, never half of one.
    """

    def __init__(self, database: Database, salts: Callable[[], str] = new_salt) -> None:
        super().__init__(database, salts)
        self._closed = False

    @classmethod
    def open(cls, url: str, salts: Callable[[], str] = new_salt) -> SqlStore:
        """The store at a URL; the file and its tables are made where they are missing. Raises StoreError."""
        try:
            parsed = make_url(url)
        except exc.ArgumentError as error:
            raise StoreError(f"{url!r} is no database URL; write one such as sqlite:///cases.db") from error
        database = _opened(parsed)
        try:
            return cls(database, salts)
        except BaseException:
            database.close()
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
            row = self._driver.execute(_HOLDER, (workflow, *unique_text(key, values))).fetchone()
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
                self._database.close()

    def _rows_of(self, case_id: str) -> list[Row]:
        with self._lock, translated():
            rows = self._driver.execute(_ENTRIES, (case_id,)).fetchall()
            # What was personal in them cannot be missed afterwards, only erased.
            personal = self._driver.execute(_PERSONAL, (case_id,)).fetchall()
        by_sequence = {
            sequence: {row[1]: Personal(*row[1:]) for row in group}
            for sequence, group in groupby(personal, _first)
        }
        return [Row(sequence, body, hash, by_sequence.get(sequence, {})) for sequence, body, hash in rows]

    def _pages(self, query: Query) -> Iterator[list[str]]:
        """The ids that a query asks for, in pages; all at once where they are filtered, for each page would sort them all."""
        if query != EVERYTHING:
            with self._lock, translated():
                found = ids_found(self._driver, self._dialect, query)
            yield from (found[at : at + PAGE] for at in range(0, len(found), PAGE))
            return
        after: str | None = ""
        while after is not None:
            with self._lock, translated():
                page = ids_after(self._driver, after, PAGE)
            yield page
            after = page[-1] if len(page) == PAGE else None


def _opened(url: URL) -> Database:
    kind = url.get_backend_name()
    if kind == "sqlite":
        from partybuild_flow.store import sqlite

        return sqlite.opened(url)
    if kind == "postgresql":
        try:
            from partybuild_flow.store import postgres
        except ModuleNotFoundError as error:
            raise StoreError("PostgreSQL needs partybuild-flow[postgres]; install that extra") from error
        return postgres.opened(url)
    raise StoreError(f"{kind!r} is no known kind of store; use sqlite:///, postgresql:// or memory://")


def _first(row: tuple[int, ...]) -> int:
    return row[0]
