"""Functions of dates, and the present. Source: DMN 1.5, clauses 10.3.4.7 and 10.3.4.10."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from partybuild_flow.feel.functions.signature import takes
from partybuild_flow.feel.functions.temporal import MONTHS, WEEKDAYS
from partybuild_flow.feel.standard.functions.builtin import Builtin, builtin
from partybuild_flow.feel.types import DATE, DATETIME


def _of_day(name: str, body: Callable[[date], Any]) -> Builtin:
    return builtin(name, ([takes("date", DATE)], body), ([takes("date", DATETIME)], body))


def _now() -> datetime:
    return datetime.now().astimezone()


FUNCTIONS: Final = (
    _of_day("day of year", lambda day: Decimal(day.timetuple().tm_yday)),
    _of_day("day of week", lambda day: WEEKDAYS[day.weekday()]),
    _of_day("month of year", lambda day: MONTHS[day.month - 1]),
    _of_day("week of year", lambda day: Decimal(day.isocalendar().week)),
    builtin("now", ([], _now)),
    builtin("today", ([], lambda: _now().date())),
)
