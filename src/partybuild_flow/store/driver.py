"""What the SQL store asks of a database: a connection that carries out statements, and what one kind of database says otherwise."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Final, NamedTuple, Protocol

from sqlalchemy import Dialect as Grammar
from sqlalchemy import exc

from partybuild_flow.errors import StoreError


class Rows(Protocol):
    """What a statement gave."""

    @property
    def rowcount(self) -> int:
        """How many rows it changed."""

    def fetchone(self) -> Any:
        """The next row; None after the last."""

    def fetchall(self) -> list[Any]:
        """All rows that are left."""

    def __iter__(self) -> Iterator[Any]:
        """The rows that are left."""


class Driver(Protocol):
    """A connection; values stand for the question marks of a statement. Outside BEGIN and COMMIT each stands alone."""

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction has begun and not ended."""

    def execute(self, statement: str, values: Sequence[Any] = ..., /) -> Rows:
        """What a statement gives."""

    def executemany(self, statement: str, values: Iterable[Sequence[Any]], /) -> object:
        """Carry out a statement for several values."""


class DriverError(Exception):
    """An error of a driver that has no exceptions of the standard library."""


class LostError(DriverError):
    """The database cannot be reached any more; what was begun and not committed is undone."""


class TakenError(DriverError):
    """Another writer has taken a key."""


FAILURES: Final = (sqlite3.Error, exc.SQLAlchemyError, DriverError)
TAKEN: Final = (sqlite3.IntegrityError, TakenError)


class Dialect(NamedTuple):
    """What one kind of database says otherwise than the others.

    `begin` begins a transaction that writes; `occurred` is when an entry's text says that it happened;
    `unordered` keeps a column from choosing the index; `secure` has deleted values overwritten;
    `purge` empties the log that still holds what was erased, and gives False while somebody reads it.
    `alone` holds other writers back while all cases are entered under a new key, and `hold` a bucket that
    a transaction relies on, where beginning does not do so already. With `at_once`, an event that
    changes nothing but its case is one statement without a transaction around it.
    """

    grammar: Grammar
    begin: str
    occurred: str
    unordered: str
    secure: str | None
    purge: Callable[[Driver], bool]
    alone: str | None = None
    hold: str | None = None
    at_once: bool = False


def _nothing() -> None:
    """A file is not lost."""


class Database(NamedTuple):
    """A database that is open, with its tables in place."""

    driver: Driver
    dialect: Dialect
    close: Callable[[], None]
    once: Callable[[str, Sequence[Any]], Rows]
    """Carries out a statement that stands alone and must not be carried out twice."""
    connect_again: Callable[[], None] = _nothing
    """Makes a new connection in the place of one that was lost; does nothing where none was."""


class translated:  # noqa: N801 - reads as what it does
    """Errors of the database as StoreError, with their cause."""

    __slots__ = ()

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, FAILURES):
            raise StoreError(f"the database could not be read: {error}") from error
