"""Raw sqlite3 that writes exactly the rows which the engine wrote, one transaction an event.

The rows are taken from the engine's own database: after every event its tables are compared with
what they held before. The raw side gets the statements ready made and reads nothing, so what it
costs is what SQLite itself costs.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

Key = tuple[Any, ...]
Rows = Mapping[Key, tuple[Any, ...]]
Contents = Mapping[str, Rows]
"""All rows of all tables, by table and primary key."""

KEPT_PRAGMAS: Final = ("page_size", "auto_vacuum", "user_version", "application_id")
"""What a database file itself remembers, besides its journal mode."""


TABLES: Final = """
    SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY rowid
"""
SCHEMA: Final = """
    SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY rowid
"""


class Columns(NamedTuple):
    """The columns of a table, those of its primary key first."""

    key: tuple[str, ...]
    others: tuple[str, ...]

    @property
    def all(self) -> tuple[str, ...]:
        """All columns."""
        return self.key + self.others


class Write(NamedTuple):
    """One prepared statement and its values."""

    statement: str
    values: tuple[Any, ...]


Transaction = tuple[Write, ...]


class Recorded(NamedTuple):
    """What the engine wrote: the database before, one transaction an event, the database afterwards."""

    pragmas: Mapping[str, Any]
    schema: tuple[str, ...]
    first: Transaction
    events: tuple[Transaction, ...]
    contents: Contents


class Recorder:
    """Reads an SQLite file beside the engine that writes it, and tells what each event wrote."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._tables = {name: self._columns(name) for (name,) in self._connection.execute(TABLES)}
        self._before: Contents = {table: {} for table in self._tables}
        self._first = self._step()
        self._events: list[Transaction] = []

    def note(self) -> None:
        """Takes down what the event that just returned has written.

        Raises:
            ValueError: It wrote nothing that another connection can see, so it is not committed.
        """
        written = self._step()
        if not written:
            raise ValueError("the event returned, but another connection sees nothing new")
        self._events.append(written)

    def finish(self) -> Recorded:
        """All that was taken down; the recorder is closed."""
        pragmas = {
            name: self._connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in (*KEPT_PRAGMAS, "journal_mode")
        }
        schema = tuple(sql for (sql,) in self._connection.execute(SCHEMA))
        self._connection.close()
        return Recorded(pragmas, schema, self._first, tuple(self._events), self._before)

    def _columns(self, table: str) -> Columns:
        found = self._connection.execute("SELECT name, pk FROM pragma_table_info(?)", (table,)).fetchall()
        key = tuple(name for name, place in sorted(found, key=lambda column: column[1]) if place)
        others = tuple(name for name, place in found if not place)
        return Columns(key or ("rowid",), others)

    def _step(self) -> Transaction:
        after = {table: self._rows(table) for table in self._tables}
        written = [
            write
            for table, columns in self._tables.items()
            for write in _difference(table, columns, self._before[table], after[table])
        ]
        self._before = after
        return tuple(written)

    def _rows(self, table: str) -> Rows:
        columns = self._tables[table]
        names = ", ".join(map(_quoted, columns.all))
        width = len(columns.key)
        return {
            row[:width]: row[width:]
            for row in self._connection.execute(f"SELECT {names} FROM {_quoted(table)}")
        }


def _difference(table: str, columns: Columns, before: Rows, after: Rows) -> list[Write]:
    """The statements that lead from the rows before to those after; an update sets changed columns only."""
    writes = []
    where = " AND ".join(f"{_quoted(name)} = ?" for name in columns.key)
    for key, row in after.items():
        if key not in before:
            names = ", ".join(map(_quoted, columns.all))
            marks = ", ".join("?" * len(columns.all))
            writes.append(Write(f"INSERT INTO {_quoted(table)} ({names}) VALUES ({marks})", key + row))
        elif before[key] != row:
            changed = [place for place, value in enumerate(row) if before[key][place] != value]
            names = ", ".join(f"{_quoted(columns.others[place])} = ?" for place in changed)
            values = tuple(row[place] for place in changed)
            writes.append(Write(f"UPDATE {_quoted(table)} SET {names} WHERE {where}", values + key))
    writes += [
        Write(f"DELETE FROM {_quoted(table)} WHERE {where}", key) for key in before if key not in after
    ]
    return writes


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


class RawDatabase:
    """A database of the recorded schema and first rows, opened as the engine opens its own."""

    def __init__(self, path: Path, recorded: Recorded, pragmas: Mapping[str, Any]) -> None:
        self._recorded = recorded
        self._path = path
        self._connection = connection = sqlite3.connect(path, isolation_level=None, cached_statements=256)
        for name, value in {**recorded.pragmas, **pragmas}.items():
            connection.execute(f"PRAGMA {name} = {value}")
        for statement in recorded.schema:
            connection.execute(statement)
        self._commit(recorded.first)

    def replay(self) -> None:
        """Writes every event in a transaction of its own."""
        execute = self._connection.execute
        for transaction in self._recorded.events:
            execute("BEGIN IMMEDIATE")
            for statement, values in transaction:
                execute(statement, values)
            execute("COMMIT")

    def close(self) -> None:
        """Lets go of the file.

        Raises:
            ValueError: The database does not hold the rows that were recorded.
        """
        self._connection.close()
        if contents_of(self._path) != self._recorded.contents:
            raise ValueError("the raw database does not hold what the engine wrote")

    def _commit(self, transaction: Transaction) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        for statement, values in transaction:
            self._connection.execute(statement, values)
        self._connection.execute("COMMIT")


def contents_of(path: Path) -> Contents:
    """All rows of a database."""
    return Recorder(path).finish().contents


def size_of(contents: Contents) -> dict[str, tuple[int, int]]:
    """For each table its rows and the characters in them, to compare databases whose ids differ."""
    return {
        table: (len(rows), sum(len(str(value)) for key, row in rows.items() for value in key + row))
        for table, rows in contents.items()
    }
