"""Rates: what a workflow defines, counted over its cases, by unit and period, in exact whole numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from partybuild_flow.case import Case, Entry, Running
from partybuild_flow.facts import home_date
from partybuild_flow.facts.collecting import MARKED
from partybuild_flow.facts.timing import deadline_in_full, is_paused
from partybuild_flow.feel import Value, compile_test, compile_value

if TYPE_CHECKING:
    from partybuild_flow.definition import Rate, Workflow

Every = Literal["month", "quarter", "half-year", "year"]
Period = tuple[date, date]
"""The first and the last day."""

MONTHS: Final[Mapping[Every, int]] = {"month": 1, "quarter": 3, "half-year": 6, "year": 12}
STATES: Final = "?state"
EVENTS: Final = "?event"
NEVER: Final[Mapping[str, Value]] = {"first": None, "last": None, "count": Decimal(0)}


class Share(NamedTuple):
    """One rate of one unit in one period: so many cases of so many.

    `unit` is empty for all units together; `begins` and `ends` are the first and the last day, None
    without a period. `at_least` is what the workflow asks for, as a share of 1.
    """

    rate: str
    name: str
    unit: str
    begins: date | None
    ends: date | None
    numerator: int
    denominator: int
    at_least: Decimal | None

    @property
    def value(self) -> Fraction | None:
        """The share itself; None where no case counts, which is neither 0 % nor 100 %."""
        return Fraction(self.numerator, self.denominator) if self.denominator else None

    @property
    def met(self) -> bool | None:
        """Whether what is asked for is reached, exactly; None where nothing is asked for or no case counts."""
        if self.at_least is None or self.value is None:
            return None
        return self.value >= Fraction(self.at_least)

    def percent(self, decimals: int = 2) -> Decimal | None:
        """The share in percent, rounded half up, for people to read; None where no case counts."""
        if not self.denominator:
            return None
        scaled = self.numerator * 100 * 10**decimals
        return Decimal((2 * scaled + self.denominator) // (2 * self.denominator)).scaleb(-decimals)


class Journal(NamedTuple):
    """A case with its entries, oldest first."""

    case: Case
    entries: Iterable[Entry]


def count_rates(
    workflow: Workflow,
    journals: Iterable[Journal],
    now: datetime,
    *,
    levels: int = 0,
    period: Period | None = None,
    every: Every | None = None,
) -> tuple[Share, ...]:
    """Each rate by unit and period, in the order of the definition; a unit counts what is below it as well.

    `levels` is how many levels of units are told besides all together.
    """
    counting = [_Counting(rate, workflow.deadlines.keys()) for rate in workflow.rates.values()]
    for case, entries in journals:
        values = facts_of(workflow, case, entries, now)
        units = ("", *_above(case.unit, levels))
        for each in counting:
            each.take(values, units, period, every)
    told = sorted({unit for each in counting for unit, _ in each.counted}) or [""]
    firsts = _periods(counting, period, every)
    return tuple(
        each.share(unit, first, period, every) for each in counting for unit in told for first in firsts
    )


def facts_of(workflow: Workflow, case: Case, entries: Iterable[Entry], now: datetime) -> dict[str, Value]:
    """What rates read of a case. A deadline that no longer runs is told as it was when it last ran;
    one that ended while its clock stood still, as due when it ended.
    """
    passed = _Passed(workflow)
    for entry in entries:
        if entry.refused is None:
            passed.take(entry)
    values: dict[str, Value] = {each.id: each.value for each in workflow.parameters.values()}
    values |= {name: case.data.get(name) for name in workflow.fields}
    values |= {name: passed.deadline(name, now) for name in workflow.deadlines}
    within = passed.within.get(case.state, ())
    states = {name: {**passed.states.get(name, NEVER), "now": name in within} for name in workflow.states}
    events = {name: dict(passed.events.get(name, NEVER)) for name in workflow.events}
    return values | {STATES: states, EVENTS: events, "now": now, "today": home_date(now)}


class _Passed:
    """What a journal tells: when a case was in which state, what happened in it, how its deadlines ran."""

    def __init__(self, workflow: Workflow) -> None:
        self.within = {
            leaf: tuple(_with_outer(workflow, leaf))
            for leaf, state in workflow.states.items()
            if not state.children
        }
        self.states: dict[str, dict[str, Value]] = {}
        self.events: dict[str, dict[str, Value]] = {}
        self._deadlines: dict[str, Running] = {}
        self._ended: dict[str, datetime] = {}
        self._here: tuple[str, ...] = ()

    def take(self, entry: Entry) -> None:
        at = entry.occurred_at
        here = self.within.get(entry.target, ())
        for state in here:
            if state not in self._here:
                _note(self.states, state, at)
        self._here = here
        if entry.transition and entry.outcome != MARKED:
            _note(self.events, entry.event, at)
        if entry.deadlines is not None:
            running = {each.deadline: each for each in entry.deadlines}
            for name in self._deadlines.keys() - running.keys():
                self._ended.setdefault(name, at)
            for name, each in running.items():
                self._deadlines[name] = each
                self._ended.pop(name, None)

    def deadline(self, name: str, now: datetime) -> dict[str, Value]:
        running, ended = self._deadlines.get(name), self._ended.get(name)
        found = deadline_in_full(running, ended or now)
        if running is None or ended is None:
            return found
        # What ends while its clock stands still would be due in no period, and no rate would ever count it.
        due = ended if running.due_at is None and is_paused(running) else running.due_at
        return {**found, "due": due, "open": False}


class _Counting:
    """One rate as it is counted: by unit and the first day of the period, cases of the numerator and of all."""

    def __init__(self, rate: Rate, deadlines: Set[str]) -> None:
        self.rate = rate
        # What is due at 24:00 is due on the day that ends, not on the one that begins.
        self._early = timedelta(microseconds=1) if rate.falls.reads <= deadlines else timedelta()
        self.counted: dict[tuple[str, date | None], list[int]] = {}
        self._falls = compile_value(rate.falls)
        self._counts: Callable[[Mapping[str, Value]], bool] | None = (
            compile_test(rate.denominator) if rate.denominator else None
        )
        self._done = compile_test(rate.numerator)

    def take(
        self,
        values: Mapping[str, Value],
        units: Iterable[str],
        period: Period | None,
        every: Every | None,
    ) -> None:
        instant = self._falls(values)
        day = home_date(instant - self._early) if isinstance(instant, datetime) else instant
        if not isinstance(day, date) or (period and not period[0] <= day <= period[1]):
            return
        if self._counts is not None and not self._counts(values):
            return
        done = self._done(values)
        for unit in units:
            pair = self.counted.setdefault((unit, _first_day(day, every)), [0, 0])
            pair[0] += done
            pair[1] += 1

    def share(self, unit: str, first: date | None, period: Period | None, every: Every | None) -> Share:
        numerator, denominator = self.counted.get((unit, first), (0, 0))
        begins, ends = period or (None, None)
        if first is not None and every is not None:
            begins = max(first, begins) if begins else first
            last = _months_later(first, MONTHS[every]) - timedelta(days=1)
            ends = min(last, ends) if ends else last
        rate = self.rate
        return Share(rate.id, rate.name, unit, begins, ends, numerator, denominator, rate.at_least)


def _periods(
    counting: Iterable[_Counting], period: Period | None, every: Every | None
) -> Iterable[date | None]:
    """The first days of the periods to tell; without `every` there is one, of all."""
    if every is None:
        return [None]
    found = [first for each in counting for _, first in each.counted if first is not None]
    if period is not None:
        found = [day for each in period if (day := _first_day(each, every)) is not None]
    return list(_days_between(min(found), max(found), MONTHS[every])) if found else []


def _days_between(first: date, last: date, months: int) -> Iterator[date]:
    while first <= last:
        yield first
        first = _months_later(first, months)


def _first_day(day: date, every: Every | None) -> date | None:
    if every is None:
        return None
    return day.replace(month=(day.month - 1) // MONTHS[every] * MONTHS[every] + 1, day=1)


def _months_later(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    return date(day.year + years, month + 1, 1)


def _above(unit: str, levels: int) -> Iterator[str]:
    """A unit's path down to so many levels."""
    parts = unit.split("/")[:levels] if unit else []
    return ("/".join(parts[: count + 1]) for count in range(len(parts)))


def _with_outer(workflow: Workflow, state: str | None) -> Iterator[str]:
    while state is not None:
        yield state
        state = workflow.states[state].parent


def _note(passed: dict[str, dict[str, Value]], name: str, at: datetime) -> None:
    found = passed.setdefault(name, {**NEVER, "first": at})
    count = found["count"]
    found["last"], found["count"] = at, (count + 1 if isinstance(count, Decimal) else Decimal(1))
