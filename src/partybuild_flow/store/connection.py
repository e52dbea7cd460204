"""The connection to a SQLite file: how it is opened, and what its errors are called."""

from __future__ import annotations

import sqlite3
from typing import Final

from sqlalchemy import Engine, create_engine, event, exc
from sqlalchemy.engine import URL

from partybuild_flow.errors import StoreError

BUSY_SECONDS: Final = 30


class translated:  # noqa: N801 - reads as what it does
    """Errors of the database as StoreError, with their cause."""

    __slots__ = ()

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, (sqlite3.Error, exc.SQLAlchemyError)):
            raise StoreError(f"the database could not be read: {error}") from error


def connected(url: URL) -> Engine:
    """What makes connections to the file of a URL. Raises StoreError."""
    query = dict(url.query)
    synchronous = query.pop("synchronous", "full")
    if synchronous not in ("full", "normal"):
        raise StoreError(f"synchronous={synchronous} is not known; write full or normal")
    arguments = {"check_same_thread": False, "timeout": BUSY_SECONDS, "isolation_level": None}
    engine = create_engine(url.set(query=query), connect_args=arguments, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _: object) -> None:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute(f"PRAGMA synchronous = {synchronous}")
            connection.execute("PRAGMA foreign_keys = ON")
        except sqlite3.Error:
            connection.close()
            raise

    return engine
