"""Files of earlier formats brought to the present one, in one transaction, before anything else is asked of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Final

STEPS: Final[Mapping[int, tuple[str, ...]]] = {
    1: (
        "ALTER TABLE deadlines ADD COLUMN pauses TEXT",
        "ALTER TABLE deadlines ADD COLUMN provisional BOOLEAN NOT NULL DEFAULT 0",
        "ALTER TABLE deadlines ADD COLUMN warned INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE deadlines ADD COLUMN next_at VARCHAR",
        # What format 1 kept of a deadline says that it acts when it is due.
        "UPDATE deadlines SET next_at = due_at WHERE fired = 0",
        "DROP INDEX IF EXISTS deadlines_by_due",
        "CREATE INDEX deadlines_by_next ON deadlines (next_at, case_id) WHERE next_at IS NOT NULL",
        "CREATE INDEX deadlines_by_due ON deadlines (due_at) WHERE fired = 0 AND next_at IS NULL",
    ),
    2: (
        "ALTER TABLE definitions ADD COLUMN number INTEGER DEFAULT '0' NOT NULL",
        "UPDATE definitions SET number = rowid",
        "CREATE TABLE IF NOT EXISTS link_keys (workflow VARCHAR NOT NULL, fields VARCHAR NOT NULL, exact BOOLEAN NOT NULL,"
        " PRIMARY KEY (workflow, fields))",
        "ALTER TABLE link_keys ADD COLUMN number INTEGER DEFAULT '0' NOT NULL",
        "UPDATE link_keys SET number = rowid",
    ),
}
"""What makes a file of this format one of the next; tables that are missing are made afterwards."""


def upgraded(driver: sqlite3.Connection, found: int, wanted: int) -> bool:
    """Whether a file of one format could be made one of another."""
    if found > wanted or not all(each in STEPS for each in range(found, wanted)):
        return False
    driver.execute("BEGIN IMMEDIATE")
    try:
        # Another process may have been faster.
        (found,) = driver.execute("PRAGMA user_version").fetchone()
        for each in range(found, wanted):
            for step in STEPS[each]:
                driver.execute(step)
        driver.execute(f"PRAGMA user_version = {wanted}")
        driver.execute("COMMIT")
    except BaseException:
        driver.execute("ROLLBACK")
        raise
    return True
