"""The tables of the SQL store, in SQLAlchemy Core. Times are text in UTC, values are journal JSON."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, MetaData, Table, Text, text
from sqlalchemy import String as AnyString
from sqlalchemy.dialects import postgresql

from partybuild_flow.errors import StoreError

FORMAT: Final = 3
"""The version of this schema, kept in the database."""

METADATA: Final = MetaData()

String: Final = AnyString().with_variant(postgresql.VARCHAR(collation="C"), "postgresql")
"""Texts that are found and ordered by their code points, as in Python."""


def foreign_format(found: int) -> StoreError:
    """Why a database in another format is not opened."""
    return StoreError(
        f"the database was written in format {found}, and this version reads format {FORMAT}; "
        "install the version that wrote it"
    )


DEFINITIONS: Final = Table(
    "definitions",
    METADATA,
    Column("hash", String, primary_key=True),
    Column("workflow", String, nullable=False),
    Column("version", Integer, nullable=False),
    Column("texts", Text, nullable=False),
    Column("number", Integer, nullable=False, server_default="0"),
)
"""The texts of definitions; `number` is the place of each in the order in which they were kept."""

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
Index(
    "entries_by_key",
    ENTRIES.c.key,
    unique=True,
    sqlite_where=ENTRIES.c.key.is_not(None),
    postgresql_where=ENTRIES.c.key.is_not(None),
)

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
    Column("pauses", Text),
    Column("provisional", Boolean, nullable=False),
    Column("warned", Integer, nullable=False),
    Column("next_at", String),
)
# A deadline stands in one index at most: by when the clock acts, or a window by when it closes.
Index(
    "deadlines_by_next",
    DEADLINES.c.next_at,
    DEADLINES.c.case_id,
    sqlite_where=DEADLINES.c.next_at.is_not(None),
    postgresql_where=DEADLINES.c.next_at.is_not(None),
)
Index(
    "deadlines_by_due",
    DEADLINES.c.due_at,
    sqlite_where=text("fired = 0 AND next_at IS NULL"),
    postgresql_where=text("NOT fired AND next_at IS NULL"),
)

NOTES: Final = Table(
    "notes",
    METADATA,
    Column("name", String, primary_key=True),
    Column("text", Text, nullable=False),
)
"""How far sweeps came, and by which calendars deadlines were counted."""

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

LINK_KEYS: Final = Table(
    "link_keys",
    METADATA,
    Column("workflow", String, primary_key=True),
    Column("fields", String, primary_key=True),
    Column("exact", Boolean, nullable=False),
    Column("number", Integer, nullable=False, server_default="0"),
)
"""What cases are found by; the highest `number` is that of the key that was kept last."""

LINKS: Final = Table(
    "links",
    METADATA,
    Column("workflow", String, primary_key=True),
    Column("fields", String, primary_key=True),
    Column("values", String, primary_key=True),
    Column("started_at", String, primary_key=True),
    Column("case_id", String, primary_key=True),
    Index("links_by_case", "case_id", "fields"),
    sqlite_with_rowid=False,
)

BUCKETS: Final = Table(
    "buckets",
    METADATA,
    Column("workflow", String, primary_key=True),
    Column("fields", String, primary_key=True),
    Column("values", String, primary_key=True),
    Column("revision", Integer, nullable=False),
    sqlite_with_rowid=False,
)

OUTBOX: Final = Table(
    "outbox",
    METADATA,
    Column("number", Integer, primary_key=True),
    Column("case_id", String, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("place", Integer, nullable=False),
    Column("target", String, nullable=False),
    Column("workflow", String, nullable=False),
    Column("event", String, nullable=False),
    Column("unit", String),
    Column("data", Text, nullable=False),
    Column("chain", Integer, nullable=False),
    Column("occurred_at", String, nullable=False),
    Column("carried_at", String),
    Column("refused", Text),
    Index("outbox_by_case", "case_id", "sequence", "place", unique=True),
)
Index(
    "outbox_open",
    OUTBOX.c.number,
    sqlite_where=OUTBOX.c.carried_at.is_(None),
    postgresql_where=OUTBOX.c.carried_at.is_(None),
)

UNIQUES: Final = Table(
    "uniques",
    METADATA,
    Column("workflow", String, primary_key=True),
    Column("key", String, primary_key=True),
    Column("values", String, primary_key=True),
    Column("case_id", String, nullable=False, index=True),
)
