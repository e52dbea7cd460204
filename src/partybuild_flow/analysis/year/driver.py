"""Lets scripts live through time in one engine: every event at its instant, every deadline in its turn."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from heapq import heapify, heappop, heappush
from itertools import count
from random import Random
from typing import Final, NamedTuple

from partybuild_flow.analysis.year.calendar_2025 import BEGAN, YEAR, day_of, moment
from partybuild_flow.analysis.year.requests.places import LOOK_UPS
from partybuild_flow.analysis.year.script import Act, Answer, Begin, Join, Look, Request, Script
from partybuild_flow.decide import Decision
from partybuild_flow.engine import Engine
from partybuild_flow.engine.library import Library, Source
from partybuild_flow.errors import EventRefused
from partybuild_flow.store import open_store

SWEEPS: Final = (0, 17)
"""The hours at which what is overdue is caught up with: midnight, and the close of business."""


class Clock:
    """The time of the invented world."""

    def __init__(self) -> None:
        self.now = moment(BEGAN, 0)

    def __call__(self) -> datetime:
        """The present instant."""
        return self.now


def open_year(url: str, workflows: Source | Library, seed: int, clock: Clock) -> Engine:
    """An engine whose ids, lots and salts are those of a seed, and whose time is that of the invented world."""
    lots = Random(f"lots/{seed}")  # noqa: S311 - an invented year, no secrets
    salts = Random(f"salts/{seed}")  # noqa: S311
    store = open_store(url, lambda: f"{salts.getrandbits(128):032x}")
    try:
        return Engine(
            store,
            workflows,
            look_ups=LOOK_UPS,
            clock=clock,
            ids=_counted_ids(),
            lots=lambda: lots.getrandbits(90),
        )
    except BaseException:
        store.close()
        raise


def _counted_ids() -> Callable[[], str]:
    numbers = count(1)
    return lambda: f"{YEAR}-{next(numbers):06d}"


@dataclass
class Lived:
    """What happened: how often events were accepted, and why others were refused.

    `unforeseen` are refusals that no script speaks of.
    """

    accepted: int = 0
    looked: int = 0
    by_clock: int = 0
    by_cases: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    unforeseen: Counter[str] = field(default_factory=Counter)
    acceptance: Decision | None = None
    refusal: Decision | None = None

    @property
    def events(self) -> int:
        """All events that were decided."""
        return self.accepted + self.by_clock + self.by_cases + sum(self.refused.values())


class Shown(NamedTuple):
    """Which accepted event is worth showing, and which refused one, by its reason in the scripts."""

    event: str
    refusal: str


class Driver:
    """Sends what scripts ask for, in order of time; `told` hears of each month that begins."""

    def __init__(
        self, engine: Engine, clock: Clock, shown: Shown, told: Callable[[date], None] | None = None
    ) -> None:
        self._engine = engine
        self._clock = clock
        self._shown = shown
        self._told = told
        self._numbers = count()
        self._waiting: list[tuple[datetime, int, Request, Script]] = []
        self._next_sweep = moment(day_of(clock.now) + timedelta(days=1), 0)
        self.lived = Lived()

    def live(self, scripts: Iterable[Script], until: date) -> Lived:
        """Everything that happened until the morning of a day."""
        # What stands by now stands until the end; the collector would look through all of it again and again.
        gc.freeze()
        try:
            return self._lived(scripts, until)
        finally:
            gc.unfreeze()

    def _lived(self, scripts: Iterable[Script], until: date) -> Lived:
        for script in scripts:
            self._go_on(script, None)
        heapify(self._waiting)
        end = moment(until, 0)
        while self._waiting and self._waiting[0][0] < end:
            at, _, request, script = heappop(self._waiting)
            self._time_comes(at)
            self._go_on(script, self._answered(request))
        self._time_comes(end)
        return self.lived

    def _go_on(self, script: Script, answer: Answer) -> None:
        """Give a script its answer, and keep what it asks for next. Whoever asks for the past gets it at once."""
        try:
            request = script.send(answer)
        except StopIteration:
            return
        heappush(self._waiting, (max(request.at, self._clock.now), next(self._numbers), request, script))

    def _time_comes(self, at: datetime) -> None:
        while self._next_sweep <= at:
            month = day_of(self._clock.now).month
            self._clock.now = self._next_sweep
            done = self._engine.catch_up(self._next_sweep)
            self.lived.by_clock += done.fired + done.warned
            self.lived.by_cases += done.carried_out
            day = day_of(self._next_sweep)
            if self._told and day.month != month:
                self._told(day)
            hour = (self._next_sweep - moment(day, 0)) // timedelta(hours=1)
            later = [each for each in SWEEPS if each > hour]
            self._next_sweep = moment(day, later[0]) if later else moment(day + timedelta(days=1), SWEEPS[0])
        self._clock.now = max(at, self._clock.now)

    def _answered(self, request: Request) -> Answer:
        engine, lived = self._engine, self.lived
        if isinstance(request, Join):
            self._go_on(request.script, None)
            return None
        if isinstance(request, Look):
            lived.looked += 1
            return engine.case(request.case_id)
        try:
            if isinstance(request, Begin):
                entry = engine.start(
                    request.workflow, request.data, by=request.by, event=request.event, unit=request.unit
                )
            else:
                self._keep_acceptance(request)
                entry = engine.send(request.case_id, request.event, request.data, by=request.by)
        except EventRefused as refused:
            return self._refused(request, refused.decision)
        lived.accepted += 1
        return entry

    def _keep_acceptance(self, request: Act) -> None:
        """Ask beforehand about the first event of the kind that is to be shown."""
        if self.lived.acceptance is None and request.event == self._shown.event:
            decision = self._engine.ask(request.case_id, request.event, request.data, by=request.by)
            if decision.accepted:
                self.lived.acceptance = decision

    def _refused(self, request: Begin | Act, decision: object) -> Answer:
        if not isinstance(decision, Decision):
            raise TypeError(f"{decision!r} is no decision")
        lived = self.lived
        lived.refused[f"{decision.case.workflow}/{decision.event}"] += 1
        if request.refusal is None:
            lived.unforeseen[f"{decision.case.workflow}/{decision.event}: {decision.sentence}"] += 1
        elif lived.refusal is None or request.refusal == self._shown.refusal:
            lived.refusal = decision
        return decision
