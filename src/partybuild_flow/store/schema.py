"""The tables of the SQL store, in SQLAlchemy Core. Times are text in UTC, values are journal JSON."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, MetaData, String, Table, Text

FORMAT: Final = 1
"""The version of this schema, kept in the database."""

METADATA: Final = MetaData()

DEFINITIONS: Final = Table(
    "definitions",
    METADATA,
    Column("hash", String, primary_key=True),
    Column("workflow", String, nullable=False),
    Column("version", Integer, nullable=False),
    Column("texts", Text, nullable=False),
)

CASES: Final = Table(
    "cases",
    METADATA,
    Column("id", String, primary_key=True),
    Column("workflow", String, nullable=False),
    Column("definition", String, ForeignKey("definitions.hash"), nullable=False),
    Column("state", String, nullable=False),
    Column("unit", String, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("data", Text, nullable=False),
    Column("done", Text, nullable=False),
    Column("started_by", String, nullable=False),
    Column("changed_at", String, nullable=False),
    Column("head", String, nullable=False),
    Index("cases_by_state", "workflow", "state"),
)

ENTRIES: Final = Table(
    "entries",
    METADATA,
    Column("case_id", String, primary_key=True),
    Column("sequence", Integer, primary_key=True),
    Column("key", String),
    Column("body", Text, nullable=False),
    Column("hash", String, nullable=False),
)
Index("entries_by_key", ENTRIES.c.key, unique=True, sqlite_where=ENTRIES.c.key.is_not(None))

PERSONAL: Final = Table(
    "personal",
    METADATA,
    Column("case_id", String, primary_key=True),
    Column("sequence", Integer, primary_key=True),
    Column("place", String, primary_key=True),
    Column("salt", String, nullable=False),
    Column("value", Text, nullable=False),
)

DEADLINES: Final = Table(
    "deadlines",
    METADATA,
    Column("case_id", String, primary_key=True),
    Column("deadline", String, primary_key=True),
    Column("place", Integer, nullable=False),
    Column("started_at", String, nullable=False),
    Column("due_at", String),
    Column("fired", Boolean, nullable=False),
)
Index("deadlines_by_due", DEADLINES.c.due_at, sqlite_where=DEADLINES.c.fired.is_(False))

EFFECTS: Final = Table(
    "effects",
    METADATA,
    Column("case_id", String, primary_key=True),
    Column("sequence", Integer, primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("kind", String, nullable=False),
    Column("to", String, nullable=False),
    Column("text", Text, nullable=False),
    Column("delivered_at", String),
)

UNIQUES: Final = Table(
    "uniques",
    METADATA,
    Column("workflow", String, primary_key=True),
    Column("key", String, primary_key=True),
    Column("values", String, primary_key=True),
    Column("case_id", String, nullable=False, index=True),
)
