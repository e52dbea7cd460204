"""What happens to a case in the benchmarks: who sends which event with which data. Input of every program."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from partybuild_flow.case import Actor

LIFECYCLE = Path(__file__).parent / "lifecycle"
WARD = "city/north/ward-3"
DESK = "city/north/office-1/desk-2"
BEGINS = "2031-03-01"

APPLICANT = Actor("u-1", (("applicant", WARD),))
CLERK = Actor("u-2", (("clerk", "city/north"),))
ASSESSOR = Actor("u-3", (("assessor", "city/north/office-1"),))
APPROVER = Actor("u-4", (("clerk", "city/south"), ("approver", "city")))


class Step(NamedTuple):
    """One event as a caller sends it: data as it comes out of JSON. `hours` go by before it is sent."""

    event: str
    data: Mapping[str, object]
    by: Actor
    hours: int = 0


Life = tuple[Step, ...]
"""All events of one case; the first one starts it."""


class Clock:
    """The clock that is handed to every program, so that all of them record the same instants."""

    def __init__(self) -> None:
        self.now = datetime(2030, 12, 2, 1, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        """The instant it is now."""
        return self.now

    def advance(self, hours: int) -> None:
        """Let hours go by."""
        self.now += timedelta(hours=hours)


def apply_for(category: str, amount: str) -> Step:
    """The event that starts a case."""
    data = {"category": category, "amount": amount, "purpose": "two looms and a dryer"}
    return Step("apply", data, APPLICANT)


def assess(score: str, visits: int = 2) -> Step:
    """An assessment that lets the award depend on the score alone."""
    return Step("assess", {"score": score, "visits": visits}, ASSESSOR)


SUBMIT = Step("submit", {"begins": BEGINS, "handling-unit": DESK}, APPLICANT)
RETURN = Step("return", {"remark": "the offer of the second dealer is missing"}, CLERK)
WITHDRAW = Step("withdraw", {}, APPLICANT)
AWARD = Step("award", {}, APPROVER)


def supply(amount: str) -> Step:
    """The answer to a return."""
    return Step("supply", {"amount": amount}, APPLICANT)


LIVES: tuple[Life, ...] = (
    (apply_for("equipment", "12000.00"), SUBMIT, assess("85.50"), AWARD),
    (apply_for("training", "8400.50"), SUBMIT, RETURN, supply("7900.00"), assess("71.25"), AWARD),
    (apply_for("rent", "30000.00"), SUBMIT, WITHDRAW, SUBMIT, assess("55.00", 1), AWARD),
    (
        apply_for("equipment", "80000.00"),
        SUBMIT,
        assess("70.00"),
        AWARD,
        RETURN,
        supply("45000.00"),
        assess("76.75"),
        AWARD,
    ),
    (apply_for("rent", "250000.00"), SUBMIT, RETURN, supply("240000.00"), assess("92.00", 3), AWARD),
)
"""The lives that are timed; every event of them is accepted and no deadline passes."""

HOSTILE_LIVES: tuple[Life, ...] = (
    (apply_for("boats", "12000.00"),),
    (apply_for("rent", "12000.005"),),
    (apply_for("rent", "500000.01"),),
    (apply_for("rent", "many"),),
    (Step("apply", {"category": "rent", "amount": "12.00"}, APPLICANT),),
    (Step("apply", {"category": "rent", "amount": "12.00", "purpose": "x"}, CLERK),),
    (apply_for("rent", "499.99"), SUBMIT),
    (apply_for("rent", "900.00"), SUBMIT._replace(by=CLERK), SUBMIT._replace(data={"begins": BEGINS})),
    (apply_for("rent", "900.00"), SUBMIT._replace(data={**SUBMIT.data, "begins": "2030-12-02"}), AWARD),
    (apply_for("rent", "900.00"), SUBMIT, assess("85.00", 1), assess("-1.00"), assess("85.00")),
    (apply_for("rent", "900.00"), SUBMIT, assess("85.00")._replace(by=APPROVER), WITHDRAW, WITHDRAW),
    (
        apply_for("rent", "900.00"),
        SUBMIT,
        RETURN,
        supply("300000.01"),
        supply("900.00"),
        RETURN,
        supply("900.00"),
        RETURN,
    ),
    (
        apply_for("rent", "900.00"),
        SUBMIT,
        assess("85.00")._replace(by=Actor("u-4", (("assessor", DESK), ("approver", "city")))),
        AWARD,
        AWARD._replace(by=Actor("u-5", (("approver", "city"),))),
    ),
    (apply_for("rent", "900.00"), SUBMIT, RETURN._replace(data={"remark": "x", "colour": "red"})),
)
"""Lives with events that are refused; every program must refuse the same ones."""

LAPSED_LIVES: tuple[Life, ...] = (
    (apply_for("rent", "900.00"), SUBMIT, RETURN, SUBMIT._replace(hours=73), assess("90.00"), AWARD),
    (apply_for("rent", "900.00"), SUBMIT, assess("90.00")._replace(hours=72), SUBMIT, assess("90.00")),
    (
        apply_for("rent", "900.00"),
        SUBMIT,
        WITHDRAW._replace(hours=71),
        SUBMIT._replace(hours=71),
        assess("90.00"),
    ),
)
"""Lives in which the deadline passes or nearly passes, and the event after it is accepted (but for one)."""


def events_of(lives: tuple[Life, ...]) -> int:
    """The number of events, starts included."""
    return sum(len(life) for life in lives)
