"""A PostgreSQL database: how it is opened, its connection, and what its dialect says otherwise."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, suppress
from functools import lru_cache
from typing import Any, Final, TypeVar

import psycopg
from psycopg import errors
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.engine import URL

from partybuild_flow.errors import StoreError
from partybuild_flow.store.driver import (
    Database,
    Dialect,
    Driver,
    DriverError,
    LostError,
    Rows,
    TakenError,
    translated,
)
from partybuild_flow.store.schema import FORMAT, METADATA, foreign_format

Result = TypeVar("Result")

FORMAT_NOTE: Final = "@format"
"""The note that names the format of the database."""
_OPENING: Final = 7_202_611
"""The advisory lock under which tables are made."""
_TRIES: Final = 3
_PAUSE_SECONDS: Final = 0.2
_BACKEND: Final = "SELECT pid, backend_start FROM pg_stat_activity WHERE pid = pg_backend_pid()"
_STILL_THERE: Final = "SELECT 1 FROM pg_stat_activity WHERE pid = %s AND backend_start = %s"
_TAKEN: Final = (errors.UniqueViolation, errors.SerializationFailure, errors.DeadlockDetected)
_IDLE: Final = psycopg.pq.TransactionStatus.IDLE


def _purge(driver: Driver) -> bool:
    driver.execute("VACUUM personal, effects, outbox, uniques, links, buckets, cases")
    return True


DIALECT: Final = Dialect(
    grammar=postgresql.dialect(paramstyle="qmark"),  # type: ignore[no-untyped-call]
    begin="BEGIN",
    occurred="(body::json ->> 'occurred')",
    unordered="",
    secure=None,
    purge=_purge,
    alone="LOCK TABLE cases IN SHARE ROW EXCLUSIVE MODE",
    hold=(
        'INSERT INTO buckets (workflow, fields, "values", revision) VALUES (?, ?, ?, 0)'
        ' ON CONFLICT (workflow, fields, "values") DO UPDATE SET revision = buckets.revision'
    ),
    at_once=True,
)


def opened(url: URL) -> Database:
    """The database of a URL, its tables made where they are missing. Raises StoreError."""
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    engine = create_engine(url.set(drivername="postgresql+psycopg"), hide_parameters=True)
    try:
        with translated():
            _prepare(engine)
    finally:
        engine.dispose()
    try:
        driver = PostgresDriver(lambda: psycopg.connect(address, autocommit=True))
    except psycopg.Error as error:
        raise StoreError(f"the database could not be reached: {str(error).splitlines()[0]}") from error
    return Database(driver, DIALECT, driver.close, driver.once, driver.connect_again)


def _prepare(engine: Engine) -> None:
    with engine.begin() as connection:
        # Two processes that make the same table at once would fail otherwise.
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _OPENING})
        METADATA.create_all(connection)
        named = {"name": FORMAT_NOTE}
        found = connection.execute(text("SELECT text FROM notes WHERE name = :name"), named).scalar()
        if found is None:
            keep = text("INSERT INTO notes (name, text) VALUES (:name, :format)")
            connection.execute(keep, {**named, "format": str(FORMAT)})
        elif found != str(FORMAT):
            raise foreign_format(int(found))


class _Named:
    """The errors of psycopg by what they mean here. Their details are left out: they quote values."""

    def __init__(self, driver: PostgresDriver) -> None:
        self._driver = driver

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if not isinstance(error, psycopg.Error):
            return
        told = error.diag.message_primary or str(error)
        if isinstance(error, _TAKEN):
            raise TakenError(told) from error
        if self._driver.is_lost:
            raise LostError(told) from error
        raise DriverError(told) from error


class PostgresRows:
    """What a statement gave, fetched when it is asked for."""

    __slots__ = ("_cursor", "_driver")

    def __init__(self, driver: PostgresDriver, cursor: psycopg.Cursor[Any]) -> None:
        self._driver = driver
        self._cursor = cursor

    @property
    def rowcount(self) -> int:
        """How many rows were changed."""
        self._driver.arrive()
        return self._cursor.rowcount

    def fetchone(self) -> Any:
        """The next row; None after the last."""
        with self._driver.named:
            return self._cursor.fetchone()

    def fetchall(self) -> list[Any]:
        """All rows that are left."""
        with self._driver.named:
            return self._cursor.fetchall()

    def __iter__(self) -> Iterator[Any]:
        return iter(self.fetchall())


class _NoRows:
    rowcount = 0

    def fetchone(self) -> Any:
        return None

    def fetchall(self) -> list[Any]:
        return []

    def __iter__(self) -> Iterator[Any]:
        return iter(())


NO_ROWS: Final = _NoRows()


class PostgresDriver:
    """A connection of psycopg. Within a transaction statements travel together, until something is asked of one.

    Where the connection is lost outside a transaction, what was asked is asked again over a new one.
    """

    def __init__(self, connect: Callable[[], psycopg.Connection[Any]]) -> None:
        self.named = _Named(self)
        self._connect = connect
        self._connection = connect()
        self._backend = self._backend_of()
        self._travelling: AbstractContextManager[psycopg.Pipeline] | None = None
        self._pipeline: psycopg.Pipeline | None = None
        self._closed = False

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction has begun and not ended."""
        return self._travelling is not None

    @property
    def is_lost(self) -> bool:
        """Whether the server cannot be reached over this connection any more."""
        return self._connection.closed

    def execute(self, statement: str, values: Sequence[Any] = (), /) -> Rows:
        """What a statement gives."""
        if statement in _ENDINGS:
            _ENDINGS[statement](self)
            return NO_ROWS
        if self._travelling is None:
            return self._alone(lambda: self._executed(statement, values))
        with self.named:
            return self._executed(statement, values)

    def _executed(self, statement: str, values: Sequence[Any]) -> Rows:
        return PostgresRows(self, self._connection.execute(_percent(statement), values))

    def executemany(self, statement: str, values: Iterable[Sequence[Any]], /) -> None:
        """Carry out a statement for several values."""
        rows = list(values)

        def carry_out() -> None:
            with self._connection.cursor() as cursor:
                cursor.executemany(_percent(statement), rows)

        if self._travelling is None:
            self._alone(carry_out)
        else:
            with self.named:
                carry_out()

    def once(self, statement: str, values: Sequence[Any], /) -> Rows:
        """What a statement gives that is its own transaction. Where the connection is lost, it may stand or not."""
        with self.named:
            return self._executed(statement, values)

    def arrive(self) -> None:
        """Wait for the answers to what is travelling."""
        if self._pipeline is not None:
            with self.named:
                self._pipeline.sync()

    def close(self) -> None:
        """Let go of the connection."""
        self._closed = True
        self._connection.close()

    def _alone(self, act: Callable[[], Result]) -> Result:
        """What a statement gives that is its own transaction and may be carried out twice."""
        try:
            with self.named:
                return act()
        except LostError:
            self.connect_again()
            with self.named:
                return act()

    def begin(self) -> None:
        """A transaction begins."""
        self.connect_again()
        with self.named:
            self._travelling = self._connection.pipeline()
            self._pipeline = self._travelling.__enter__()
            self._connection.execute("BEGIN")

    def commit(self) -> None:
        """It ends, and all of it stands."""
        travelling = self._travelling
        assert travelling is not None  # noqa: S101 - whoever commits has begun
        with self.named:
            self._connection.execute("COMMIT")
            travelling.__exit__(None, None, None)
        self._travelling = self._pipeline = None

    def roll_back(self) -> None:
        """It ends, and nothing of it stands."""
        travelling, self._travelling, self._pipeline = self._travelling, None, None
        if travelling is not None:
            with suppress(psycopg.Error):
                travelling.__exit__(None, None, None)
        if not self.is_lost and self._connection.info.transaction_status != _IDLE:
            with suppress(psycopg.OperationalError):
                self._connection.execute("ROLLBACK")

    def _backend_of(self) -> tuple[Any, ...]:
        """The process of the server behind the connection, and since when."""
        found = self._connection.execute(_BACKEND).fetchone()
        return tuple(found or ())

    def connect_again(self) -> None:
        """A new connection in the place of one that was lost, once the server has given up whatever the old one did."""
        if self._closed:
            raise LostError("the store is closed")
        if not self.is_lost:
            return
        lost = self._backend
        for left in reversed(range(_TRIES)):
            try:
                self._connection = self._connect()
                self._backend = self._backend_of()
                break
            except psycopg.OperationalError as error:
                if not left:
                    raise LostError(f"the server cannot be reached: {str(error).splitlines()[0]}") from error
                time.sleep(_PAUSE_SECONDS)
        with self.named:
            while self._connection.execute(_STILL_THERE, lost).fetchone():
                time.sleep(_PAUSE_SECONDS)


_ENDINGS: Final[dict[str, Callable[[PostgresDriver], None]]] = {
    "BEGIN": PostgresDriver.begin,
    "COMMIT": PostgresDriver.commit,
    "ROLLBACK": PostgresDriver.roll_back,
}


@lru_cache(maxsize=1024)
def _percent(statement: str) -> str:
    return statement.replace("%", "%%").replace("?", "%s")
