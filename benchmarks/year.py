"""The invented year of `pbflow demo`, beside raw sqlite3 that writes the same; and the ranking of a whole round.

python -m benchmarks.year [--json] [--scale 0.1] [--rounds 1]
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, NamedTuple

from benchmarks.durable import PRAGMAS
from benchmarks.measure import Figure, report
from benchmarks.ranking import ranking_seconds
from benchmarks.taken_down import RawFollower, Tape, digests_of, taking_connections
from partybuild_flow.analysis.year import (
    APPLICATIONS,
    Clock,
    Size,
    live,
    open_year,
    over_quota,
    summary,
    world,
)
from partybuild_flow.cli.shipped import shipped

SEED: Final = 1
ROUNDS: Final = 1
MODE: Final = "normal"
INSIDE: Final = ("assert_fact", "start_action_for_state", "complete_and_start_action", "delete_state")
"""The calls that go into the C library."""


class Once(NamedTuple):
    """A year that was lived in a process of its own."""

    seconds: float
    inference: float
    events: int
    entries: int
    digest: str
    peak_mb: float


class Turns(NamedTuple):
    """A year that took turns with raw sqlite3; `seconds` are those of the year, `raw` those of the other side."""

    seconds: float
    inference: float
    raw: float
    transactions: int
    digest: str


def measure(scale: float, rounds: int) -> list[Figure]:
    """Lives the year beside raw sqlite3, and once more alone in a process of its own."""
    applications = round(APPLICATIONS * scale)
    turns = [_by_turns(applications) for _ in range(rounds)]
    alone = _in_a_process_of_its_own(applications)
    if {each.digest for each in turns} != {alone.digest}:
        raise AssertionError("the year came out otherwise when raw sqlite3 took turns with it")
    with tempfile.TemporaryDirectory() as name:
        ranked = ranking_seconds(Path(name) / "ranking.db", APPLICATIONS)
    return [
        Figure(
            "year_to_raw",
            statistics.median((each.seconds - each.inference) / each.raw for each in turns),
            "the year without durable-rules, to raw sqlite3",
            most=4.0,
        ),
        Figure(
            "inference_share", alone.inference / alone.seconds, "the share of its time inside durable-rules"
        ),
        Figure("peak_memory_mb", alone.peak_mb, "of a process that lives it", most=300),
        Figure("seconds", alone.seconds, "a year, SQLite, synchronous=NORMAL"),
        Figure("events", alone.events, "accepted, refused, of the clock"),
        Figure("entries", alone.entries, "lines of all journals"),
        Figure("transactions", turns[0].transactions, "in which they were written"),
        Figure("raw_us", turns[0].raw / turns[0].transactions * 1e6, "a transaction by raw sqlite3"),
        Figure("events_per_second", alone.events / alone.seconds, "events in a second of the year"),
        Figure(
            "ranking_s", ranked, f"{APPLICATIONS:,} applications ranked in the round's own event", most=2.0
        ),
    ]


def _live_once(path: Path, applications: int) -> Once:
    """A year in this process."""
    inside, clock = _inside(), Clock()
    with open_year(f"sqlite:///{path}?synchronous={MODE}", shipped("workflows"), SEED, clock) as engine:
        invented = world(SEED, Size.of(applications))
        began = time.perf_counter()
        lived = live(engine, clock, invented)
        seconds = time.perf_counter() - began
        peak = _peak_mb()
        exceeded = over_quota(summary(engine))
        if lived.unforeseen or exceeded:
            raise AssertionError(f"the year went wrong: {dict(lived.unforeseen)} {exceeded}")
        verified = engine.verify()
    return Once(seconds, inside.seconds, lived.events, verified.entries, verified.digest, peak)


def _inside() -> _Stopwatch:
    """Adds up the time inside the C library from now on."""
    inside = _Stopwatch()
    if find_spec("durable_rules_engine"):
        library = import_module("durable_rules_engine")
        for name in INSIDE:
            setattr(library, name, partial(inside.timed, getattr(library, name)))
    return inside


class _Stopwatch:
    """Adds up the time inside some functions."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def timed(self, function: Callable[..., Any], *arguments: Any) -> Any:
        began = time.perf_counter()
        try:
            return function(*arguments)
        finally:
            self.seconds += time.perf_counter() - began


def _peak_mb() -> float:
    """The most memory this process ever held. Only where the system tells."""
    status = Path("/proc/self/status")
    if status.exists():
        # What `getrusage` tells counts the process that started this one as well.
        lines = dict(line.split(":", 1) for line in status.read_text().splitlines())
        return int(lines["VmHWM"].split()[0]) / 1024
    if not find_spec("resource"):
        return 0.0
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1024 * 1024 if sys.platform == "darwin" else 1024)


def _in_a_process_of_its_own(applications: int) -> Once:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "benchmarks.year", "--once", str(Path(folder) / "year.db")]
        told = subprocess.run(
            [*command, "--applications", str(applications)], check=True, capture_output=True, text=True
        )
    return Once(*json.loads(told.stdout))


def _by_turns(applications: int) -> Turns:
    """A year and, every few hundred transactions, raw sqlite3 that writes the same; then both must hold the same."""
    inside, hidden, clock = _inside(), _Stopwatch(), Clock()
    with tempfile.TemporaryDirectory() as name, taking_connections() as opened:
        path, raw_path = Path(name) / "year.db", Path(name) / "raw.db"
        with open_year(f"sqlite:///{path}?synchronous={MODE}", shipped("workflows"), SEED, clock) as engine:
            with closing(sqlite3.connect(raw_path)) as began:
                opened[0].backup(began)
            raw = RawFollower(raw_path, {"journal_mode": "WAL", **PRAGMAS, "synchronous": MODE})
            tape = Tape(partial(hidden.timed, raw.follow))
            opened[0].tape = tape
            invented = world(SEED, Size.of(applications))
            before = time.perf_counter()
            live(engine, clock, invented)
            seconds = time.perf_counter() - before - hidden.seconds
            opened[0].tape = None
            tape.close()
            digest = engine.verify().digest
        raw.close()
        if digests_of(path) != digests_of(raw_path):
            raise AssertionError("the raw database does not hold what the engine wrote")
    return Turns(seconds, inside.seconds, raw.seconds, tape.transactions, digest)


def main() -> int:
    """Measures, or lives one year and prints what it cost."""
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--once", type=Path)
    parser.add_argument("--applications", type=int, default=APPLICATIONS)
    options, others = parser.parse_known_args()
    if options.once:
        print(json.dumps(_live_once(options.once, options.applications)))
        return 0
    return report("A year", partial(measure, options.scale, options.rounds), others)


if __name__ == "__main__":
    sys.exit(main())
