"""A SQLite file: how it is opened, and what its dialect says otherwise."""

from __future__ import annotations

import sqlite3
from typing import Final

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine import URL

from partybuild_flow.errors import StoreError
from partybuild_flow.store.driver import Database, Dialect, Driver, translated
from partybuild_flow.store.schema import FORMAT, METADATA, foreign_format
from partybuild_flow.store.upgrade import upgraded

BUSY_SECONDS: Final = 30


def _purge(driver: Driver) -> bool:
    busy, _, _ = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy


DIALECT: Final = Dialect(
    grammar=sqlite.dialect(paramstyle="qmark"),
    begin="BEGIN IMMEDIATE",
    occurred="json_extract(body, '$.occurred')",
    unordered="+",
    secure="PRAGMA secure_delete = ON",
    purge=_purge,
)


def opened(url: URL) -> Database:
    """The database in the file of a URL; the file and its tables are made where they are missing. Raises StoreError."""
    engine = _connected(url)
    try:
        with translated():
            pooled = engine.raw_connection()
            driver = pooled.driver_connection
            assert isinstance(driver, sqlite3.Connection)  # noqa: S101 - the URL names this driver
        with translated():
            _check_format(driver)
            METADATA.create_all(engine)
    except BaseException:
        engine.dispose()
        raise

    def close() -> None:
        pooled.close()
        engine.dispose()

    return Database(driver, DIALECT, close, driver.execute)


def _connected(url: URL) -> Engine:
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


def _check_format(driver: sqlite3.Connection) -> None:
    (found,) = driver.execute("PRAGMA user_version").fetchone()
    if found == 0:
        driver.execute(f"PRAGMA user_version = {FORMAT}")
    elif found != FORMAT and not upgraded(driver, found, FORMAT):
        driver.close()
        raise foreign_format(found)
