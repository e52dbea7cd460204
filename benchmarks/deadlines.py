"""Sweeps over many deadlines on SQLite: 100,000 due at one instant, and 600,000 counted anew by another calendar.

Cases are made by copying the rows of one case that the engine began, so that making them costs little;
their journals begin with the sweep.
"""

from __future__ import annotations

import sqlite3
import statistics
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime
from datetime import time as clock_time
from pathlib import Path

from benchmarks.measure import Figure, report, seconds_of
from partybuild_flow import Actor, CaughtUp, Engine
from partybuild_flow.calendar import Calendar, CalendarYear, DaysOff

MANY, FEW, OPEN = 100_000, 1_000, 600_000
ROUNDS = 5
WORKFLOW = """\
workflow: reminder
calendar: work
fields:
  note: {type: text}
  overdue: {type: integer}
roles: [clerk]
parameters:
  term: {value: 5 working days, source: "the benchmark's own"}
states:
  open: {}
  closed: {final: true}
transitions:
  - {on: begin, by: clerk, needs: [note], set: {overdue: "0"}, to: open}
  - {on: close, from: open, by: clerk, to: closed}
  - {on: expire, from: open, by: clock, set: {overdue: overdue + 1}}
deadlines:
  handling: {while: open, due: term, fire: expire}
"""
CLERK = Actor("clerk", [("clerk", "park")])
BEGAN = datetime(2022, 12, 28, 2, tzinfo=UTC)
HOURS = ((clock_time(9), clock_time(17)),)
THIS_YEAR = CalendarYear(2022, date(2021, 10, 25), "")
NEXT_YEAR = CalendarYear(
    2023, date(2022, 12, 8), "", (DaysOff("New Year", date(2022, 12, 31), date(2023, 1, 2)),)
)
BEFORE = Calendar("work", "work", HOURS, years=(THIS_YEAR,))
AFTER = Calendar("work", "work", HOURS, years=(THIS_YEAR, NEXT_YEAR))
LATER = datetime(2023, 3, 1, tzinfo=UTC)


def opened(folder: Path, calendar: Calendar, now: datetime) -> Engine:
    """An engine over the file in this folder."""
    home = folder / "workflows" / "reminder"
    home.mkdir(parents=True, exist_ok=True)
    (home / "workflow.yaml").write_text(WORKFLOW, encoding="utf-8")
    url = f"sqlite:///{folder / 'cases.db'}?synchronous=normal"
    return Engine.open(url, folder / "workflows", calendars={"work": calendar}, clock=lambda: now)


def filled(folder: Path, count: int) -> None:
    """A file with so many cases, each with one open deadline, all due at the same instant."""
    with opened(folder, BEFORE, BEGAN) as engine:
        engine.start("reminder", {"note": "pipe burst"}, by=CLERK)
    connection = sqlite3.connect(folder / "cases.db")
    numbers = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})"
    for table, key in (("cases", "id"), ("deadlines", "case_id")):
        columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
        values = ", ".join("printf('case-%07d', n.i)" if name == key else name for name in columns)
        connection.execute(f"INSERT INTO {table} {numbers} SELECT {values} FROM {table}, n")
        connection.execute(f"DELETE FROM {table} WHERE {key} NOT LIKE 'case-%'")
    connection.execute("DELETE FROM entries")
    connection.commit()
    connection.close()


def swept(count: int) -> float:
    """The seconds a deadline in which so many fire that are due at one instant; checked to be in order, once each."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        filled(folder, count)
        with opened(folder, BEFORE, LATER) as engine:
            done: list[CaughtUp] = []
            seconds = seconds_of(lambda: done.append(engine.catch_up()))
            if done != [CaughtUp(fired=count)] or engine.catch_up() != CaughtUp():
                raise AssertionError(f"{count} were due, and the sweeps did {done}")
        connection = sqlite3.connect(folder / "cases.db")
        fired = [row[0] for row in connection.execute("SELECT case_id FROM entries ORDER BY rowid")]
        connection.close()
        if fired != [f"case-{number:07}" for number in range(1, count + 1)]:
            raise AssertionError("deadlines did not fire in order, once each")
    return seconds / count


def counted_anew() -> float:
    """The seconds in which all open deadlines are counted by another calendar, which moves every one of them."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        filled(folder, OPEN)
        with opened(folder, AFTER, BEGAN) as engine:
            began = time.perf_counter()
            done = engine.catch_up()
            seconds = time.perf_counter() - began
        if done != CaughtUp(recomputed=OPEN):
            raise AssertionError(f"{OPEN} were open, and the sweep did {done}")
        connection = sqlite3.connect(folder / "cases.db")
        (moved,) = connection.execute(
            "SELECT count(*) FROM deadlines WHERE due_at LIKE '2023-01-05%'"
        ).fetchone()
        connection.close()
        if moved != OPEN:
            raise AssertionError(f"{moved} of {OPEN} deadlines were moved")
    return seconds


def measure() -> Sequence[Figure]:
    swept(FEW)
    few = [swept(FEW) for _ in range(ROUNDS)]
    many = swept(MANY)
    few += [swept(FEW) for _ in range(ROUNDS)]
    anew = counted_anew()
    return (
        Figure(
            "each_100k_to_1k",
            many / statistics.median(few),
            "a deadline among 100,000 due at once to one among 1,000",
            most=1.5,
        ),
        Figure("each_100k_us", many * 1e6, "microseconds a deadline, fired and journalled"),
        Figure("each_1k_us", statistics.median(few) * 1e6, "the same among 1,000"),
        Figure("recount_600k_seconds", anew, "600,000 open deadlines counted anew and journalled"),
        Figure("recount_a_second", OPEN / anew, "of these in one second"),
    )


if __name__ == "__main__":
    raise SystemExit(report("Sweeps over deadlines", measure))
