"""Which cases of a SQL store a query asks for, and the cases themselves, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any, Final

from sqlalchemy import not_, or_, select

from partybuild_flow.case import Case
from partybuild_flow.store.canonical import instant_text
from partybuild_flow.store.driver import Dialect, Driver
from partybuild_flow.store.protocol import Query
from partybuild_flow.store.rows import read_case
from partybuild_flow.store.schema import CASES, DEADLINES

DEADLINE_COLUMNS: Final = "deadline, started_at, due_at, fired, pauses, provisional, warned, next_at"
_AFTER: Final = "SELECT id FROM cases WHERE id > ? ORDER BY id LIMIT ?"
_CASES: Final = "SELECT * FROM cases WHERE id IN ({marks}) ORDER BY id"
_DEADLINES: Final = (
    "SELECT case_id, {columns} FROM deadlines WHERE case_id IN ({marks}) ORDER BY case_id, place"
)


def ids_after(driver: Driver, after: str, limit: int) -> list[str]:
    """The ids of the next so many cases after an id."""
    return [row[0] for row in driver.execute(_AFTER, (after, limit))]


def ids_found(driver: Driver, dialect: Dialect, query: Query) -> list[str]:
    """The ids of all cases that a query asks for, in order."""
    compiled = _wanted(query).compile(dialect=dialect.grammar, compile_kwargs={"render_postcompile": True})
    parameters = tuple(compiled.params[name] for name in compiled.positiontup or ())
    return [row[0] for row in driver.execute(str(compiled), parameters)]


def read_cases(driver: Driver, ids: Sequence[str]) -> list[Case]:
    """Those of some cases that are still there, by id."""
    marks = ", ".join("?" * len(ids))
    rows = driver.execute(_CASES.format(marks=marks), ids).fetchall()
    deadlines = driver.execute(_DEADLINES.format(marks=marks, columns=DEADLINE_COLUMNS), ids).fetchall()
    by_case = {case_id: [row[1:] for row in group] for case_id, group in groupby(deadlines, _first)}
    return [read_case(row, by_case.get(row[0], ())) for row in rows]


def _wanted(query: Query) -> Any:
    wanted = select(CASES.c.id).order_by(CASES.c.id)
    if query.workflow is not None:
        wanted = wanted.where(CASES.c.workflow == query.workflow)
    if query.states is not None:
        wanted = wanted.where(CASES.c.state.in_(query.states))
    if query.unit is not None:
        below = CASES.c.unit.startswith(query.unit + "/", autoescape=True)
        wanted = wanted.where(or_(CASES.c.unit == query.unit, below))
    if query.due_before is not None:
        before = instant_text(query.due_before)
        due = select(DEADLINES.c.case_id).where(DEADLINES.c.due_at < before, not_(DEADLINES.c.fired))
        # What the clock acts on is found by when it acts, which is never after it is due.
        acting, windows = due.where(DEADLINES.c.next_at < before), due.where(DEADLINES.c.next_at.is_(None))
        wanted = wanted.where(CASES.c.id.in_(acting.union_all(windows)))
    return wanted


def _first(row: tuple[Any, ...]) -> Any:
    return row[0]
