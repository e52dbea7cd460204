"""How a request goes on: who comes next and when, state by state, until nobody has anything to do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from random import Random
from typing import Final

from partybuild_flow.analysis.year.requests import handling, intake, outcome
from partybuild_flow.analysis.year.requests.arrivals import arrivals
from partybuild_flow.analysis.year.requests.life import DAYS, SLOW, Life, Turn
from partybuild_flow.analysis.year.requests.places import Neighbourhoods
from partybuild_flow.analysis.year.script import Script, join, look
from partybuild_flow.case import Case

MOST_STEPS: Final = 150
TURNS: Final[Mapping[str, Turn]] = {
    "grid-pending": intake.settle_grid,
    "new": intake.screen,
    "emergency": intake.emergency,
    "screened": intake.after_screening,
    "answered": intake.record_answer,
    "with-captain": intake.take,
    "dispatched": intake.sign,
    "returned": intake.after_return,
    "at-work": handling.at_work,
    "whistled": handling.report_in,
    "supplementing": handling.supply,
    "suspension-pending": handling.decide_suspension,
    "suspended": handling.resume,
    "extension-pending": handling.decide_extension,
    "ending-pending": handling.decide_ending,
    "done-claimed": outcome.take_audit,
    "audit": outcome.audit,
    "callback": outcome.call_back,
    "redo": outcome.redo,
    "supervision": outcome.supervision,
    "closed": outcome.afterwards,
}

OFFICE: Final[Mapping[str, tuple[int, int]]] = {
    "grid-pending": (10, 60),
    "new": (3, 45),
    "screened": (2, 30),
    "answered": (5, 60),
    "returned": (15, 200),
    "whistled": (30, 240),
    "suspension-pending": (30, 300),
    "extension-pending": (30, 300),
    "ending-pending": (30, 300),
    "done-claimed": (10, 240),
    "audit": (5, 60),
    "supervision": (30, 300),
}
"""After how many minutes of an open office somebody comes, in states in which an office has to do something."""

DAYS_LATER: Final[Mapping[str, tuple[int, int]]] = {
    "suspended": (5, 40),
    "callback": (0, 1),
    "redo": (1, 1),
    "merged": (1, 1),
}
"""After how many working days somebody comes, in states in which there is no hurry."""


def resident_requests(there: Neighbourhoods, number: int, random: Callable[..., Random]) -> Script:
    """So many requests, each of which begins when its time comes; `random` gives the chance about one thing."""
    for told in arrivals(random("arrivals"), there, number):
        yield from join(told.at, _life(Life(there, told, random("request", told.number))))


def _life(life: Life) -> Script:
    case = yield from intake.begun(life)
    if case is None:
        return
    at = life.told.at
    for _ in range(MOST_STEPS):
        coming = _coming(life, case, at)
        if coming is None:
            return
        case, at = (yield from look(coming, case.id)), coming
        turn = TURNS.get(case.state)
        if turn is not None:
            case = (yield from turn(life, case, at)) or case


def _coming(life: Life, case: Case, at: datetime) -> datetime | None:
    """When somebody comes to do something about a case; None if nobody does any more."""
    state = case.state
    if state in OFFICE:
        return life.at_the_desk(at, *OFFICE[state])
    if state in DAYS_LATER:
        return life.diary.soon(at, *DAYS_LATER[state])
    match state:
        case "emergency":
            return _emergency(life, at)
        case "with-captain":
            return _captain(life, at)
        case "dispatched":
            return _sign(life, case, at)
        case "at-work":
            return _work(life, case, at)
        case "supplementing":
            return life.diary.soon(at, *((7, 9) if "silence" in life.planned else (1, 3)))
        case "closed":
            return _coming_back(life, case, at)
    return None


def _emergency(life: Life, at: datetime) -> datetime:
    """By the clock on the wall, day and night."""
    late = 150 if "slow" in life.planned else 0
    return at + timedelta(minutes=life.random.randint(10, 100) + late)


def _captain(life: Life, at: datetime) -> datetime:
    """Within the day, or not at all, so that it climbs."""
    return life.later(at, 1_500, 1_900) if life.happens("absent captain") else life.later(at, 30, 700)


def _sign(life: Life, case: Case, at: datetime) -> datetime:
    if "late to sign" in life.done:
        life.done.remove("late to sign")
        return life.diary.soon(at, 1, 1)
    if life.happens("unsigned"):
        return life.diary.soon(at, 2, 3)
    return life.later(at, 5, 80) if case.data["urgency"] == "加急" else life.at_the_desk(at, 20, 240)


def _work(life: Life, case: Case, at: datetime) -> datetime:
    urgent, level = case.data["urgency"] == "加急", str(case.data["level"])
    if case.data.get("first-contact") is None:
        if life.happens("late contact"):
            return life.later(at, 1_600, 2_400)
        return life.later(at, 5, 90) if urgent else life.later(at, 20, 420)
    if urgent or level not in DAYS:
        return life.later(at, 60, 600)
    if int(str(case.data.get("redone") or 0)):
        return life.diary.soon(at, 0, 1)
    return life.diary.soon(at, *(SLOW if life.happens("slow") else DAYS)[level])


def _coming_back(life: Life, case: Case, at: datetime) -> datetime | None:
    """Some residents come back to what was closed, most of them before the time for it is over."""
    if case.data.get("master") and "unmerged" in life.planned - life.done:
        return life.at_the_desk(at, 60, 600)
    if {"reopened", "asked again"} & (life.planned - life.done) and case.data.get("reporter"):
        return life.later(at, 2_000, 45_000)
    return None
