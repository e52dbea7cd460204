"""A new resident request beside its duplicates and repeats, among 1,000,000 past requests and among 1,000.

python -m benchmarks.related [--json] [--scale 1] [--batches 15]
"""

from __future__ import annotations

import argparse
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from functools import partial
from itertools import chain
from pathlib import Path
from random import Random
from typing import Final, NamedTuple

from benchmarks.measure import Figure, report, without_garbage_collection
from benchmarks.past_requests import (
    DAYS,
    MATTERS,
    NOW,
    RESIDENTS,
    TEXTS,
    WORKFLOW,
    Past,
    checked,
    fill,
    opened,
    request_data,
    resident_of,
    spread,
    unit_of,
)
from partybuild_flow import Actor, Engine

MILLION: Final = 1_000_000
THOUSAND: Final = 1_000
A_BATCH: Final = 16
WARM: Final = 8
BATCHES: Final = 15
SAMPLE: Final = 500

LONG_KNOWN, OF_LATE, CROWDED = "9001", "9002", "9003"
"""Grids with a long past and some requests of the last days, with the same of the last days only, and with many."""

LONG_PAST, LAST_DAYS, MANY = 50_000, 100, 1_000
A_MONTH: Final = 30


class Spent(NamedTuple):
    """Seconds of a request that was reported and screened, by the wall and by the processor."""

    wall: float
    cpu: float


class Desk:
    """Somebody who takes requests in and screens them, in one file."""

    def __init__(self, path: Path, seed: int) -> None:
        self.engine: Engine = opened(path, lambda: self.now)
        self.now = NOW
        self._random = Random(seed)

    def take(self, wanted: Past) -> Spent:
        """A request is reported and screened."""
        grid, by = wanted.grid, resident_of(wanted.grid, wanted.resident)
        text, door = self._random.choice(TEXTS), f"{wanted.resident}室"
        data = request_data(grid, wanted.matter, by, "138****0000", door, text)
        clerk = Actor("小周", (("clerk", unit_of(grid)),))
        wall, cpu = time.perf_counter(), time.process_time()
        case = self.engine.start(WORKFLOW, data, by=by, event="report").case
        self.engine.send(case.id, "screen", {"hazard": False}, by=clerk)
        spent = Spent(time.perf_counter() - wall, time.process_time() - cpu)
        self.now += timedelta(seconds=30)
        return spent

    def batch(self, wanted: list[Past]) -> Spent:
        """What a request costs, as the median of several."""
        with without_garbage_collection():
            spent = [self.take(each) for each in wanted]
        wall, cpu = ([each[column] for each in spent] for column in (0, 1))
        return Spent(statistics.median(wall), statistics.median(cpu))


def measure(scale: float, batches: int) -> list[Figure]:
    """Fills both files, then lets both desks take turns."""
    large = round(MILLION * scale)
    with tempfile.TemporaryDirectory() as name:
        many, few = Path(name) / "million.db", Path(name) / "thousand.db"
        began = time.perf_counter()
        fill(many, chain(spread(large), _popular()))
        seconds = time.perf_counter() - began
        fill(few, spread(THOUSAND))
        for path in (many, few):
            checked(path, SAMPLE)
        _found_by_key(many)
        size = many.stat().st_size / 1e9
        desk = Desk(many, 1)
        with closing(desk.engine):
            turns = _by_turns(few, desk, _recent(large), batches)
            popular = list(_popular_places(desk))
    return [
        *_figures(turns),
        *popular,
        Figure("fill_seconds", seconds, f"to fill {large:,} past requests, {size:.1f} GB"),
    ]


def _figures(turns: list[tuple[Spent, Spent]]) -> Iterator[Figure]:
    yield Figure(
        "million_to_thousand",
        statistics.median(many.wall / few.wall for many, few in turns),
        "a request reported and screened among 1,000,000 past ones, to one among 1,000",
        most=2.0,
    )
    yield Figure(
        "million_to_thousand_cpu",
        statistics.median(many.cpu / few.cpu for many, few in turns),
        "the same by the time of the processor",
    )
    for name, column in (("million_us", 0), ("thousand_us", 1)):
        spent = statistics.median(pair[column].wall for pair in turns)
        yield Figure(name, spent * 1e6, "microseconds of such a request")


def _recent(number: int) -> list[Past]:
    """What came in the last month, so that it may come again."""
    return [each for each in spread(number) if each.day >= DAYS - A_MONTH]


def _by_turns(few: Path, desk: Desk, recent: list[Past], batches: int) -> list[tuple[Spent, Spent]]:
    """Of each batch what a request costs among the million and among the thousand, whose file begins anew each time."""
    turns, random = [], Random(3)
    recent_few = _recent(THOUSAND)
    desk.batch(_wanted(random, [Past(0, "8000", MATTERS[0], 1)], WARM))
    for number in range(batches):
        again = few.with_name(f"thousand-{number}.db")
        shutil.copy(few, again)
        small = Desk(again, number)
        with closing(small.engine):
            small.batch(_wanted(random, [Past(0, "8000", MATTERS[0], 1)], WARM))
            sides = [(desk, recent), (small, recent_few)]
            spent = {
                side: side.batch(_wanted(random, known, A_BATCH))
                for side, known in sides[:: 1 - number % 2 * 2]
            }
        turns.append((spent[desk], spent[small]))
        again.unlink()
    return turns


def _wanted(random: Random, recent: list[Past], number: int) -> list[Past]:
    """So many requests: every other one repeats a recent one of the same person."""
    found = [random.choice(recent) for _ in range(number)]
    return [
        each
        if place % 2
        else each._replace(matter=random.choice(MATTERS), resident=random.randrange(RESIDENTS))
        for place, each in enumerate(found)
    ]


def _popular() -> Iterator[Past]:
    """One matter of three places: long known, known of late, and of which very many have complained of late."""
    random, matter = Random(5), MATTERS[2]
    for place in range(LONG_PAST):
        yield Past(
            place * (DAYS - A_MONTH) // LONG_PAST, LONG_KNOWN, matter, random.randrange(10 * RESIDENTS)
        )
    for grid, number in ((LONG_KNOWN, LAST_DAYS), (OF_LATE, LAST_DAYS), (CROWDED, MANY)):
        for place in range(number):
            yield Past(DAYS - 5 + place * 5 // number, grid, matter, random.randrange(10 * RESIDENTS))


def _popular_places(desk: Desk) -> Iterator[Figure]:
    """What matches before the window costs nothing; what matches in it costs something each."""
    spent: dict[str, list[float]] = {LONG_KNOWN: [], OF_LATE: [], CROWDED: []}
    for number in range(BATCHES):
        for grid, seconds in spent.items():
            wanted = [Past(0, grid, MATTERS[2], 10 * RESIDENTS + number * 3 + each) for each in range(3)]
            seconds.append(desk.batch(wanted).wall)
    middle = {grid: statistics.median(seconds) for grid, seconds in spent.items()}
    yield Figure(
        "long_past_to_none",
        middle[LONG_KNOWN] / middle[OF_LATE],
        f"the same with {LONG_PAST:,} matches before the window, and {LAST_DAYS} in it, to those in it alone",
        most=1.5,
    )
    each = (middle[CROWDED] - middle[OF_LATE]) / (MANY - LAST_DAYS)
    yield Figure(
        "match_us", each * 1e6, f"microseconds a match in the window, from {LAST_DAYS} to {MANY:,} of them"
    )


def _found_by_key(path: Path) -> None:
    """Relations are found by their key, and the past before the window is not looked through."""
    with closing(sqlite3.connect(path)) as connection:
        plan = " ".join(
            row[3]
            for row in connection.execute(
                "EXPLAIN QUERY PLAN SELECT c.id FROM links l JOIN cases c ON c.id = l.case_id WHERE l.workflow = ?"
                ' AND l.fields = ? AND l."values" = ? AND l.started_at >= ? ORDER BY l.started_at, l.case_id',
                (WORKFLOW, "grid,matter", "", ""),
            )
        )
    if "started_at>?" not in plan or "SCAN" in plan or "TEMP B-TREE" in plan:
        raise AssertionError(f"a relation is not found by its key: {plan}")


def main() -> int:
    """Measures."""
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--batches", type=int, default=BATCHES)
    options, others = parser.parse_known_args()
    return report("Related requests", partial(measure, options.scale, options.batches), others)


if __name__ == "__main__":
    sys.exit(main())
