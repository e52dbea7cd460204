"""Personal values taken out of a database: rows and salts deleted, and their bytes overwritten."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Final

from partybuild_flow.case import Entry
from partybuild_flow.errors import StoreError
from partybuild_flow.facts.due_plan import ERASED
from partybuild_flow.store.driver import Dialect, Driver
from partybuild_flow.store.journal import SHORTEST, is_erased
from partybuild_flow.store.links import fields_text

_KEPT: Final = "SELECT sequence, place, value FROM personal WHERE case_id = ?"
_DELETE: Final = "DELETE FROM personal WHERE case_id = ? AND sequence = ? AND place = ?"
_READ_ELSEWHERE: Final = (
    "SELECT p.case_id, p.sequence, p.place, c.data FROM personal p JOIN cases c ON c.id = p.case_id"
    " WHERE p.case_id <> ? AND p.place LIKE 'facts/%' AND substr(p.value, 1, 2) = '[{' AND replace(p.value, ?, '') <> p.value"
)
_LINKS: Final = 'SELECT workflow, fields, "values" FROM links WHERE case_id = ?'
_DROP_BUCKET: Final = (
    'DELETE FROM buckets WHERE workflow = ? AND fields = ? AND "values" = ? AND NOT EXISTS'
    ' (SELECT 1 FROM links l WHERE l.workflow = buckets.workflow AND l.fields = buckets.fields AND l."values" = buckets."values"'
    " AND l.case_id <> ?)"
)


class SqlErasure:
    """Erases within a transaction of the store; `purge` afterwards leaves nothing in the file beside the database."""

    def __init__(self, driver: Driver, dialect: Dialect) -> None:
        self._driver = driver
        self._dialect = dialect
        self._secure = dialect.secure is None
        self._left = False

    def secure(self) -> None:
        """From now on, whatever this connection deletes is overwritten."""
        if not self._secure and self._dialect.secure is not None:
            self._driver.execute(self._dialect.secure).fetchall()
            self._secure = True

    def before(self, entry: Entry) -> None:
        """Erase what an entry says is erased of its case, before the rest of the entry is kept."""
        self.secure()
        self._left = True
        case, driver = entry.case, self._driver
        names = _names(entry)
        gone = [row for row in driver.execute(_KEPT, (case.id,)) if is_erased(row[1], names)]
        driver.executemany(_DELETE, [(case.id, sequence, place) for sequence, place, _ in gone])
        for sequence, place, _ in gone:
            section, number, *part = place.split("/")
            if section == "effects":
                column = '"to"' if part else "text"
                driver.execute(
                    f"UPDATE effects SET {column} = '' WHERE case_id = ? AND sequence = ? AND place = ?",  # noqa: S608
                    (case.id, sequence, int(number)),
                )
        driver.execute("UPDATE outbox SET data = '{}' WHERE case_id = ? AND carried_at IS NULL", (case.id,))
        for (key,) in driver.execute("SELECT key FROM uniques WHERE case_id = ?", (case.id,)).fetchall():
            if not names.isdisjoint(key.split(",")):
                driver.execute("DELETE FROM uniques WHERE case_id = ? AND key = ?", (case.id, key))
        for workflow, fields, values in driver.execute(_LINKS, (case.id,)).fetchall():
            if not names.isdisjoint(fields.split(",")):
                driver.execute(_DROP_BUCKET, (workflow, fields, values, case.id))
        asked = "SELECT 1 FROM link_keys WHERE workflow = ? AND fields <> ? LIMIT 1"
        if driver.execute(asked, (case.workflow, fields_text(()))).fetchone():
            self._erase_elsewhere(
                case.id,
                {value for _, place, value in gone if place.partition("/")[0] in ("facts", "settings")},
            )

    def _erase_elsewhere(self, case_id: str, values: Iterable[str]) -> None:
        """What other cases have read of this one by their relations, in their facts."""
        for value in values:
            if len(value) < SHORTEST + 2:
                continue
            for other, sequence, place, data in self._driver.execute(
                _READ_ELSEWHERE, (case_id, value)
            ).fetchall():
                if place.removeprefix("facts/") not in json.loads(data):
                    self._driver.execute(_DELETE, (other, sequence, place))

    def purge(self) -> None:
        """Empty the log of the database, which still holds what was erased. Raises StoreError while others read it."""
        if self._left:
            if not self._dialect.purge(self._driver):
                raise StoreError(
                    "the values are erased, and the write-ahead log still holds them, because another program reads "
                    "the database; erase again when it has finished"
                )
            self._left = False


def _names(entry: Entry) -> frozenset[str]:
    names = entry.facts[ERASED]
    return frozenset(str(name) for name in names) if isinstance(names, list) else frozenset()
