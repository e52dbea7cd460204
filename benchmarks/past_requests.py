"""A database with any number of past resident requests, made of some that the engine lived, copied in bulk.

One request is lived for each day of a year; a copy differs from it by its id, its resident, its grid, its matter
and its words. Commitments, hashes and all rows of a copy are those that the engine would have written.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, Final, NamedTuple

from benchmarks.measure import without_garbage_collection
from partybuild_flow import Actor, Engine
from partybuild_flow.cli.shipped import shipped
from partybuild_flow.engine.library import Library
from partybuild_flow.store import MemoryStore, open_store
from partybuild_flow.store.journal import GENESIS, Personal, chained, commitment
from partybuild_flow.store.verify import Chain, Row, verified

WORKFLOW: Final = "request-handling"
BEGAN: Final = datetime(2025, 1, 6, 2, tzinfo=UTC)
DAYS: Final = 360
NOW: Final = BEGAN + timedelta(days=DAYS)
A_GRID: Final = 225
"""So many requests a year come from one grid."""

RESIDENTS: Final = 90
"""So many people of a grid ever ask for anything."""

MATTERS: Final = (
    "邻里纠纷",
    "楼道照明",
    "环境卫生",
    "便民服务",
    "物业停车",
    "消防通道",
    "劳动社保",
    "规划建设",
)
TEXTS: Final = (
    "楼道声控灯坏了三天，老人晚上下楼不安全，麻烦尽快来修。",
    "地下车库靠近电梯的位置一下雨就积水，请社区协调。",
    "小区东门消防通道长期被私家车占用，最好能划黄线。",
    "充电桩排队太久，还有人充满了不走，希望出个公约。",
    "垃圾桶两天没有清运，气味蛮大的，麻烦尽快来处理。",
)
AT_ONCE: Final = 5_000
CACHE: Final = 2_000_000
"""Kibibytes for pages while the file is filled."""

TABLES: Final = {
    "cases": "id",
    "entries": "case_id",
    "personal": "case_id",
    "deadlines": "case_id",
    "effects": "case_id",
    "links": "case_id",
    "uniques": "case_id",
}
"""The tables in which a request has rows, and the column that names it."""

MARKS: Final = {
    "grid": "<grid>",
    "resident": "<resident>",
    "phone": "<phone>",
    "door": "<door>",
    "text": "<text>",
    "matter": "楼道照明",
}
"""What stands in a lived request where copies differ."""


class Past(NamedTuple):
    """A request of the past: on which day, where, about what, by whom."""

    day: int
    grid: str
    matter: str
    resident: int


def unit_of(grid: str) -> str:
    """The unit of a grid."""
    return f"园区/湖景街道/{grid}社区"


def resident_of(grid: str, number: int) -> Actor:
    """Somebody who lives there."""
    return Actor(f"某某{grid}-{number}", (("居民", unit_of(grid)),))


LOOK_UPS: Final[Mapping[str, Callable[..., object]]] = {
    "grids-of-place": lambda place: unit_of(str(place).partition("社区")[0]),
    "desk-of-place": lambda place, _: unit_of(str(place).partition("社区")[0]),
    "unit-above": lambda unit: str(unit).rpartition("/")[0],
}


def request_data(
    grid: str, matter: str, resident: Actor, phone: str, door: str, text: str
) -> dict[str, object]:
    """What somebody writes."""
    return {
        "place": f"{grid}社区8幢2单元",
        "kind": "求助",
        "matter": matter,
        "content": text,
        "reporter": resident.id,
        "phone": phone,
        "household": door,
        "hazard": False,
    }


def opened(path: Path, now: Callable[[], datetime], ids: Callable[[], str] | None = None) -> Engine:
    """The engine over a file of past requests."""
    url = f"sqlite:///{path}?synchronous=normal"
    store = open_store(url)
    try:
        return Engine(store, _library(), look_ups=LOOK_UPS, clock=now, ids=ids)
    except BaseException:
        store.close()
        raise


@cache
def _library() -> Library:
    """The shipped workflows, read once for all files."""
    return Library(shipped("workflows"), MemoryStore())


def spread(number: int, seed: int = 1) -> Iterator[Past]:
    """So many requests, over a year and over as many grids as they come from."""
    random, grids = Random(seed), max(number // A_GRID, 1)
    for place in range(number):
        grid = f"{random.randrange(grids):04d}"
        yield Past(place * DAYS // number, grid, random.choice(MATTERS), random.randrange(RESIDENTS))


def fill(path: Path, past: Iterable[Past]) -> int:
    """Lives one request a day, puts copies in their place; how many."""
    ids = _live(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for pragma in (f"cache_size = -{CACHE}", "journal_mode = OFF", "synchronous = OFF"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("BEGIN")
        lived = [_taken_out(connection, case_id) for case_id in ids]
        with without_garbage_collection():
            number = _put_in(connection, lived, past)
        connection.execute("COMMIT")
        connection.execute("PRAGMA journal_mode = WAL")
    return number


def checked(path: Path, sample: int, seed: int = 1) -> None:
    """Has the store check the journals of a sample: hashes, commitments, and each case against its entries."""
    store = open_store(f"sqlite:///{path}")
    try:
        with closing(sqlite3.connect(path)) as connection:
            (last,) = connection.execute("SELECT max(rowid) FROM cases").fetchone()
            places = Random(seed).sample(range(1, last + 1), min(sample, last))
            found = (
                connection.execute("SELECT id FROM cases WHERE rowid = ?", (each,)).fetchone()
                for each in places
            )
            ids = [row[0] for row in found if row]
            told = verified(Chain(store.load(each, fresh=True), _journal(connection, each)) for each in ids)
    finally:
        store.close()
    if told.broken or told.cases != len(ids) or len(ids) < sample * 9 // 10:
        raise AssertionError(f"the past is not as the engine would have written it: {told}")


def _journal(connection: sqlite3.Connection, case_id: str) -> list[Row]:
    apart: dict[int, dict[str, Personal]] = {}
    statement = "SELECT sequence, place, salt, value FROM personal WHERE case_id = ?"
    for sequence, *row in connection.execute(statement, (case_id,)):
        apart.setdefault(sequence, {})[row[0]] = Personal(*row)
    statement = "SELECT sequence, body, hash FROM entries WHERE case_id = ? ORDER BY sequence"
    rows = connection.execute(statement, (case_id,)).fetchall()
    return [Row(sequence, body, head, apart.get(sequence, {})) for sequence, body, head in rows]


def _live(path: Path) -> list[str]:
    """A request of each day, as the engine writes it: reported, and withdrawn a while later."""
    known: list[str] = []

    def next_id() -> str:
        known.append(f"<{len(known):03d}>")
        return known[-1]

    now = BEGAN
    by = Actor(MARKS["resident"], (("居民", unit_of(MARKS["grid"])),))
    data = request_data(MARKS["grid"], MARKS["matter"], by, MARKS["phone"], MARKS["door"], MARKS["text"])
    with opened(path, lambda: now, next_id) as engine:
        for day in range(DAYS):
            now = BEGAN + timedelta(days=day)
            case = engine.start(WORKFLOW, data, by=by, event="report").case
            now += timedelta(minutes=20)
            engine.send(case.id, "withdraw", {"withdrawal-reason": "已经自行解决"}, by=by)
    return known


class Gapped:
    """A row with gaps where copies differ."""

    def __init__(self, row: Iterable[Any], gaps: Mapping[str, str]) -> None:
        self._row = list(row)
        written = [(place, _with_gaps(each, gaps)) for place, each in enumerate(self._row)]
        self._gaps = [(place, text) for place, text in written if text is not None]

    def filled(self, values: Mapping[str, str]) -> list[Any]:
        """The row of a copy."""
        row = self._row.copy()
        for place, text in self._gaps:
            row[place] = text % values
        return row


def _with_gaps(value: Any, gaps: Mapping[str, str]) -> str | None:
    """The text with gaps to be filled; None if there are none."""
    if not isinstance(value, str):
        return None
    text = value.replace("%", "%%")
    for name, mark in gaps.items():
        text = text.replace(mark, f"%({name})s")
    return text if text != value else None


class Line(NamedTuple):
    """An entry of a lived request and its personal values, whose commitments are gaps in it."""

    entry: Gapped
    personal: list[Gapped]
    names: list[str]


class Lived(NamedTuple):
    """A lived request: its rows by table, its journal, and its own row, which holds the newest hash."""

    case: Gapped
    others: list[tuple[str, Gapped]]
    journal: list[Line]


def _taken_out(connection: sqlite3.Connection, case_id: str) -> Lived:
    """The rows of a case, which stands in the file no longer."""
    rows = {
        table: connection.execute(f'SELECT * FROM "{table}" WHERE {column} = ?', (case_id,)).fetchall()
        for table, column in TABLES.items()
    }
    for table, column in TABLES.items():
        connection.execute(f'DELETE FROM "{table}" WHERE {column} = ?', (case_id,))
    gaps = {**MARKS, "id": case_id}
    (case,) = rows["cases"]
    journal = []
    for entry in sorted(rows["entries"], key=lambda row: row[1]):
        apart = [row for row in rows["personal"] if row[1] == entry[1]]
        names = [f"c{entry[1]}-{place}" for place in range(len(apart))]
        promised = {name: commitment(Personal(*row[2:])) for name, row in zip(names, apart, strict=True)}
        personal = [Gapped([*row[:3], "<salt>", row[4]], gaps) for row in apart]
        journal.append(Line(Gapped([*entry[:4], "<hash>"], {**gaps, **promised}), personal, names))
    others = [
        (table, Gapped(row, gaps))
        for table in TABLES
        if table not in ("cases", "entries", "personal")
        for row in rows[table]
    ]
    return Lived(Gapped([*case[:-1], "<hash>"], {**gaps, "hash": "<hash>"}), others, journal)


def _put_in(connection: sqlite3.Connection, lived: list[Lived], past: Iterable[Past]) -> int:
    """Copies, in bulk."""
    random, number = Random(7), 0
    waiting: dict[str, list[Any]] = {table: [] for table in TABLES}
    for number, each in enumerate(past, 1):
        _copy(lived[each.day], _values(random, each, number), random, waiting)
        if number % AT_ONCE == 0:
            _insert(connection, waiting)
    _insert(connection, waiting)
    return number


def _values(random: Random, past: Past, number: int) -> dict[str, str]:
    return {
        "id": f"{number >> 16:08x}-{number & 0xFFFF:04x}-7000-8000-{random.getrandbits(48):012x}",
        "grid": past.grid,
        "resident": resident_of(past.grid, past.resident).id,
        "phone": f"138****{random.randrange(10_000):04d}",
        "door": f"{past.resident}室",
        "text": random.choice(TEXTS),
        "matter": past.matter,
    }


def _copy(lived: Lived, values: dict[str, str], random: Random, waiting: dict[str, list[Any]]) -> None:
    head = GENESIS
    for line in lived.journal:
        for row, name in zip(line.personal, line.names, strict=True):
            case_id, sequence, place, _, value = row.filled(values)
            apart = Personal(place, f"{random.getrandbits(128):032x}", value)
            waiting["personal"].append((case_id, sequence, *apart))
            values[name] = commitment(apart)
        case_id, sequence, key, body, _ = line.entry.filled(values)
        head = chained(head, body)
        waiting["entries"].append((case_id, sequence, key, body, head))
    values["hash"] = head
    waiting["cases"].append(lived.case.filled(values))
    for table, row in lived.others:
        waiting[table].append(row.filled(values))


def _insert(connection: sqlite3.Connection, waiting: dict[str, list[Any]]) -> None:
    for table, rows in waiting.items():
        if rows:
            marks = ", ".join("?" * len(rows[0]))
            if table == "links":
                rows.sort()
            connection.executemany(f'INSERT INTO "{table}" VALUES ({marks})', rows)
            rows.clear()
