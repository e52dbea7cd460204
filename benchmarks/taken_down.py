"""What an engine writes to SQLite, taken down statement by statement as its driver sends it, and written again raw.

Both take turns, some hundred transactions each, so that a machine that slows down slows both. Nothing is
compared row by row meanwhile: taking down costs the same for each event however many there were.
"""

from __future__ import annotations

import sqlite3
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import sqlalchemy
from sqlalchemy import event

A_CHUNK = 500
"""After how many transactions the other side takes its turn."""

READING = ("SELECT", "PRAGMA")
STATEMENTS = 256


class Write(NamedTuple):
    """A statement that changes something, with its values; `many` for one that is carried out for each of several."""

    statement: str
    values: Any
    many: bool


class Transaction(NamedTuple):
    """Statements of one transaction; one that stood alone was its own."""

    writes: list[Write]
    alone: bool


class TakingConnection(sqlite3.Connection):
    """A connection that tells what it was given, once that is committed."""

    tape: Tape | None = None

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        self._committed: deque[float] = deque(maxlen=A_CHUNK)

    def first_commit_after(self, instant: float) -> float:
        """When the first transaction since an instant was committed, by the clock of `time.perf_counter`."""
        return next(each for each in self._committed if each > instant)

    def execute(self, statement: str, values: Any = (), /) -> sqlite3.Cursor:
        """Carries out a statement."""
        found = super().execute(statement, values)
        self._take(statement, values, many=False)
        return found

    def executemany(self, statement: str, values: Any, /) -> sqlite3.Cursor:
        """Carries out a statement for several values."""
        each = list(values)
        found = super().executemany(statement, each)
        self._take(statement, each, many=True)
        return found

    def _take(self, statement: str, values: Any, *, many: bool) -> None:
        word = _word_of(statement)
        if word == "COMMIT":
            self._committed.append(time.perf_counter())
        if self.tape is None or word in READING:
            return
        if word.startswith("BEGIN"):
            self.tape.begin()
        elif word == "COMMIT":
            self.tape.commit()
        elif word == "ROLLBA":
            self.tape.forget()
        else:
            self.tape.write(Write(statement, values, many), alone=not self.in_transaction)


@contextmanager
def taking_connections() -> Iterator[list[TakingConnection]]:
    """While this lasts, SQLAlchemy opens connections that tell; they are listed in the order in which they came."""
    opened: list[TakingConnection] = []

    class Listed(TakingConnection):
        def __init__(self, *arguments: Any, **settings: Any) -> None:
            super().__init__(*arguments, **settings)
            opened.append(self)

    def choose(_dialect: Any, _record: Any, _arguments: Any, settings: dict[str, Any]) -> None:
        settings["factory"] = Listed

    event.listen(sqlalchemy.Engine, "do_connect", choose)
    try:
        yield opened
    finally:
        event.remove(sqlalchemy.Engine, "do_connect", choose)


@lru_cache(maxsize=1024)
def _word_of(statement: str) -> str:
    """The first letters of a statement, which say what it does."""
    return statement.lstrip()[:6].upper()


class Tape:
    """Takes transactions down, and hands them on as soon as there are enough of them."""

    def __init__(self, hand_on: Callable[[Sequence[Transaction]], None]) -> None:
        self._hand_on = hand_on
        self._chunk: list[Transaction] = []
        self._open: list[Write] = []
        self.transactions = 0
        self.statements = 0

    def begin(self) -> None:
        """A transaction begins."""
        self._open = []

    def write(self, write: Write, *, alone: bool) -> None:
        """A statement was carried out."""
        if alone:
            self._keep(Transaction([write], alone=True))
        else:
            self._open.append(write)

    def commit(self) -> None:
        """The transaction is kept."""
        self._keep(Transaction(self._open, alone=False))
        self._open = []

    def forget(self) -> None:
        """The transaction never was."""
        self._open = []

    def close(self) -> None:
        """Nothing more comes."""
        self._hand_on(self._chunk)
        self._chunk = []

    def _keep(self, transaction: Transaction) -> None:
        self._chunk.append(transaction)
        self.transactions += 1
        self.statements += len(transaction.writes)
        if len(self._chunk) >= A_CHUNK:
            self.close()


class RawFollower:
    """Writes by raw sqlite3 what it is handed, over a database that stands as the other one did at the beginning."""

    def __init__(self, path: Path, pragmas: Mapping[str, str]) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None, cached_statements=STATEMENTS)
        for name, value in pragmas.items():
            self._connection.execute(f"PRAGMA {name} = {value}")
        self.seconds = 0.0

    def follow(self, transactions: Sequence[Transaction]) -> None:
        """Writes transactions, each as one."""
        execute, executemany = self._connection.execute, self._connection.executemany
        began = time.perf_counter()
        for writes, alone in transactions:
            if not alone:
                execute("BEGIN IMMEDIATE")
            for statement, values, many in writes:
                if many:
                    executemany(statement, values)
                else:
                    execute(statement, values)
            if not alone:
                execute("COMMIT")
        self.seconds += time.perf_counter() - began

    def close(self) -> None:
        """Lets go of the file."""
        self._connection.close()


def digests_of(path: Path) -> dict[str, str]:
    """For each table of a database a digest of all its rows, in the order of their keys."""
    connection = sqlite3.connect(path)
    try:
        tables = [
            name
            for (name,) in connection.execute(
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
            )
        ]
        return {table: _digest(connection, table) for table in tables}
    finally:
        connection.close()


def _digest(connection: sqlite3.Connection, table: str) -> str:
    found = connection.execute("SELECT name FROM pragma_table_info(?) WHERE pk ORDER BY pk", (table,))
    keys = ", ".join(f'"{name}"' for (name,) in found)
    digest = sha256()
    for row in connection.execute(f'SELECT * FROM "{table}" ORDER BY {keys or "rowid"}'):
        digest.update(repr(row).encode())
    return digest.hexdigest()
