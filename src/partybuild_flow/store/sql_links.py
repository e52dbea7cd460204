"""Which cases are found by the values of which fields, and how often the cases of one key have changed; in SQL."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any, Final

from partybuild_flow.case import Case, Entry, Lookup, Member, Related
from partybuild_flow.errors import CaseChanged
from partybuild_flow.feel import Value
from partybuild_flow.store.canonical import instant_text, read_instant, read_values
from partybuild_flow.store.driver import Dialect, Driver
from partybuild_flow.store.links import (
    BY_ID,
    Bucket,
    LinkKey,
    Place,
    fields_text,
    place_in,
    place_of,
    values_text,
)

_PAGE: Final = 1_000
_NEVER: Final = datetime.max.replace(tzinfo=UTC)
REMEMBERED: Final = 20_000
"""Of how many cases a process keeps in memory what relations read of them."""

_STARTED: Final = "(SELECT {occurred} FROM entries WHERE case_id = c.id AND sequence = 1)"
_COLUMNS: Final = "SELECT c.id, c.revision, c.state, c.unit, {started}, c.data "
_FIND: Final = (
    _COLUMNS.format(started="l.started_at")
    + 'FROM links l JOIN cases c ON c.id = l.case_id WHERE l.workflow = ? AND l.fields = ? AND l."values" = ?'
)
_FIND_ONE: Final = _COLUMNS.format(started="NULL") + "FROM cases c WHERE c.workflow = ? AND c.id = ?"
_ALL: Final = f"SELECT c.id, {_STARTED}, c.data FROM cases c WHERE {{unordered}}c.workflow = ? AND c.id > ? ORDER BY c.id LIMIT {_PAGE}"  # noqa: S608
_STARTED_AT: Final = f"SELECT {_STARTED} FROM cases c WHERE c.id = ?"  # noqa: S608
_INSERT: Final = 'INSERT INTO links (workflow, fields, "values", started_at, case_id) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING'
_COUNT: Final = (
    'INSERT INTO buckets (workflow, fields, "values", revision) VALUES (?, ?, ?, 1)'
    ' ON CONFLICT (workflow, fields, "values") DO UPDATE SET revision = buckets.revision + 1'
)
_REVISION: Final = 'SELECT revision FROM buckets WHERE workflow = ? AND fields = ? AND "values" = ?'
NEWEST_KEY: Final = "(SELECT coalesce(max(number), 0) FROM link_keys)"
_KEEP_KEY: Final = (
    f"INSERT INTO link_keys (workflow, fields, exact, number) VALUES (?, ?, ?, {NEWEST_KEY} + 1)"  # noqa: S608 - constants
    " ON CONFLICT (workflow, fields) DO UPDATE SET exact = link_keys.exact OR excluded.exact, number = excluded.number"
)


class SqlLinks:
    """Links in tables beside the cases; `guarded` holds the connection and translates its errors."""

    def __init__(
        self,
        driver: Driver,
        dialect: Dialect,
        guarded: Callable[[], AbstractContextManager[None]],
        known: Mapping[str, Case],
    ) -> None:
        self._driver = driver
        self._dialect = dialect
        self._known = known
        self._guarded = guarded
        said = {"occurred": dialect.occurred, "unordered": dialect.unordered}
        self._started_at = _STARTED_AT.format(**said)
        self._all = _ALL.format(**said)
        self.keys: dict[str, dict[tuple[str, ...], bool]] = {}
        """By workflow, the fields of its keys and whether their events count."""
        self.newest = 0
        """The newest of them: who does not know what another process has kept since would enter nothing for it."""
        self._read: dict[str, tuple[int, Mapping[str, Value]]] = {}
        self._began: dict[str, datetime] = {}
        self.learn()

    def keep(self, keys: Iterable[LinkKey]) -> None:
        """From now on, find cases by these keys; those that are there already are entered."""
        wanted = [
            key for key in keys if self.keys.get(key.workflow, {}).get(key.fields) not in (True, key.exact)
        ]
        with self._guarded():
            if wanted:
                self._keep(wanted)

    def _keep(self, keys: list[LinkKey]) -> None:
        self._driver.execute(self._dialect.begin)
        try:
            if self._dialect.alone:
                self._driver.execute(self._dialect.alone)
            self.learn()
            for key in keys:
                if key.fields not in self.keys.get(key.workflow, {}):
                    self._enter_all(key)
                self._driver.execute(_KEEP_KEY, (key.workflow, fields_text(key.fields), key.exact))
            self._driver.execute("COMMIT")
        except BaseException:
            self._driver.execute("ROLLBACK")
            raise
        self.learn()

    def related(self, lookup: Lookup) -> Related:
        """The cases that are asked for, in the order in which they began."""
        with self._guarded():
            return self._related(lookup)

    def _related(self, lookup: Lookup) -> Related:
        place = place_of(lookup)
        # The bucket first: what changes between the two reads is found when the event is saved.
        revision = self._revision(place) if lookup.exact else 0
        by_id = lookup.case_id is not None
        query, parameters = (_FIND_ONE, [lookup.workflow, lookup.case_id]) if by_id else (_FIND, [*place])
        if lookup.since is not None and not by_id:
            query += " AND l.started_at >= ?"
            parameters.append(instant_text(lookup.since))
        if lookup.states is not None:
            query += f" AND c.state IN ({', '.join('?' * len(lookup.states))})"
            parameters += sorted(lookup.states)
        if not by_id:
            query += " ORDER BY l.started_at, l.case_id"
        members = [self._member(row) for row in self._rows(query, parameters)]
        if by_id:
            members = [each for each in members if _meets(lookup, each)]
        return Related(tuple(members), revision)

    def _rows(self, query: str, parameters: Sequence[Any]) -> list[Any]:
        """The rows of the cases, with their data only where this process does not know them."""
        rows = self._driver.execute(query.replace("c.data", "NULL", 1), parameters).fetchall()
        if all(self._data_of(case_id, revision) is not None for case_id, revision, *_ in rows):
            return rows
        return self._driver.execute(query, parameters).fetchall()

    def _data_of(self, case_id: str, revision: int) -> Mapping[str, Value] | None:
        case = self._known.get(case_id)
        if case is not None and case.revision == revision:
            return case.data
        read = self._read.get(case_id)
        return read[1] if read is not None and read[0] == revision else None

    def started_at(self, case_id: str) -> datetime | None:
        """When a case began; None if there is none."""
        known = self._began.get(case_id)
        if known is None:
            with self._guarded():
                row = self._driver.execute(self._started_at, (case_id,)).fetchone()
            if not row or not row[0]:
                return None
            if len(self._began) >= REMEMBERED:
                self._began.clear()
            known = self._began[case_id] = read_instant(row[0])
        return known

    def forget(self, case_id: str) -> None:
        """Read anew when a case began; what was read of it may have been undone."""
        self._began.pop(case_id, None)

    def check(self, buckets: Iterable[Bucket]) -> None:
        """Raises CaseChanged where events have counted since the buckets were read."""
        # In one order, so that no two writers wait for each other.
        for place, revision in sorted(buckets):
            if self._dialect.hold:
                self._driver.execute(self._dialect.hold, place)
            found = self._revision(place)
            if found != revision:
                raise CaseChanged(place[2], revision, found)

    def kept(self, entry: Entry) -> None:
        """Enter the case of an entry that is being kept."""
        case = entry.case
        if entry.refused is not None:
            return
        touched = {*entry.settings, *entry.inputs}
        for fields, exact in self.keys.get(case.workflow, {}).items():
            moved = fields != BY_ID and (case.revision == 1 or not touched.isdisjoint(fields))
            if not moved and not exact:
                continue
            place = place_in(case, fields)
            before = self._moved(entry, fields, place) if moved else None
            if exact:
                for each in {place, before}:
                    if each is not None:
                        self._driver.execute(_COUNT, each)

    def _moved(self, entry: Entry, fields: tuple[str, ...], place: Place | None) -> Place | None:
        """Enters a case where it is found now; gives where it was found before."""
        case, driver, before = entry.case, self._driver, None
        if case.revision == 1:
            started = instant_text(entry.occurred_at)
        else:
            text = fields_text(fields)
            row = driver.execute(
                'SELECT "values" FROM links WHERE case_id = ? AND fields = ?', (case.id, text)
            ).fetchone()
            before = (case.workflow, text, row[0]) if row else None
            if before == place:
                return None
            driver.execute("DELETE FROM links WHERE case_id = ? AND fields = ?", (case.id, text))
            began = self.started_at(case.id)
            started = instant_text(began or entry.occurred_at)
        if place is not None:
            driver.execute(_INSERT, (*place, started, case.id))
        return before

    def _enter_all(self, key: LinkKey) -> None:
        if key.fields == BY_ID:
            return
        after = ""
        while rows := self._driver.execute(self._all, (key.workflow, after)).fetchall():
            self._driver.executemany(_INSERT, _links_of(rows, key))
            after = rows[-1][0]

    def learn(self) -> None:
        """Take note of all keys that any process has kept."""
        found: dict[str, dict[tuple[str, ...], bool]] = {}
        newest = 0
        rows = self._driver.execute("SELECT workflow, fields, exact, number FROM link_keys ORDER BY number")
        for workflow, fields, exact, newest in rows:  # noqa: B007 - the last one is the newest
            found.setdefault(workflow, {})[tuple(fields.split(",")) if fields else ()] = bool(exact)
        self.keys, self.newest = found, newest

    def _revision(self, place: Place) -> int:
        row = self._driver.execute(_REVISION, place).fetchone()
        return int(row[0]) if row else 0

    def _member(self, row: Any) -> Member:
        case_id, revision, state, unit, started_at, data = row
        found = self._data_of(case_id, revision)
        if found is None:
            if len(self._read) >= REMEMBERED:
                self._read.clear()
            found = read_values(data)
            self._read[case_id] = (revision, found)
        began = read_instant(started_at) if started_at is not None else self.started_at(case_id)
        return Member(case_id, state, unit, began or _NEVER, found)


def _meets(lookup: Lookup, member: Member) -> bool:
    if lookup.since is not None and member.started_at < lookup.since:
        return False
    return values_text(member.data.get(field) for field in lookup.fields) == values_text(lookup.values)


def _links_of(rows: Iterable[Any], key: LinkKey) -> Iterator[tuple[str, ...]]:
    for case_id, started_at, data in rows:
        values = read_values(data)
        held = [values.get(field) for field in key.fields]
        if None not in held and started_at is not None:
            yield key.workflow, fields_text(key.fields), values_text(held), started_at, case_id
