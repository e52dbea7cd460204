"""The floor: the lifecycle of `lifecycle/` as a plain program, written by hand for this one lifecycle.

It looks the state up, checks the role at the unit, validates the data, evaluates the guards and
the table, and appends the same record as the engine. It explains nothing, reads no definition and
checks none: what it costs is what the decisions themselves cost in Python.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from partybuild_flow.case import CLOCK_ACTOR, Actor

CATEGORIES: Final = frozenset({"equipment", "training", "rent"})
SMALLEST: Final = Decimal(500)
LARGEST: Final = Decimal(300000)
HANDLING_TIME: Final = timedelta(hours=72)
UNDER_REVIEW: Final = frozenset({"received", "supplementing", "assessed"})
LIMIT_OF_RETURNS: Final = 2
HUNDRED: Final = Decimal(100)
MOST: Final = Decimal(500000)
CENT: Final = Decimal("0.01")
CALENDAR_ZONE: Final = ZoneInfo("Asia/Shanghai")

Data = Mapping[str, Any]
NOTHING: Final[Data] = {}


class RefusedError(Exception):
    """The event may not happen now; nothing was changed."""


class Entry(NamedTuple):
    """One line of the journal, with the content of the engine's own entry.

    `facts` is what was read, the inputs among it; `inputs` names those; `settings` is what was
    computed; `standing` the demand that the actor met; `fired` the row of the ladder.
    """

    case: str
    seq: int
    event: str
    transition: int
    outcome: str
    actor: Actor
    standing: str
    occurred_at: datetime
    recorded_at: datetime
    source: str
    target: str
    facts: Data
    inputs: tuple[str, ...]
    settings: Data
    fired: tuple[tuple[str, str], ...]
    due_at: datetime | None


class Step(NamedTuple):
    """What one event leads to, before anything is changed."""

    transition: int
    target: str
    standing: str
    inputs: Data
    facts: Data
    outcome: str = ""
    settings: Data = NOTHING
    fired: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class Case:
    """One grant application."""

    id: str
    unit: str
    state: str = ""
    data: dict[str, Any] = field(default_factory=dict)
    seq: int = 0
    returns: int = 0
    assessors: list[str] = field(default_factory=list)
    due_at: datetime | None = None


class GrantDesk:
    """All cases and their journal, in memory. Events come in by `start` and `send`."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.clock = clock
        self.cases: dict[str, Case] = {}
        self.journal: list[Entry] = []

    def start(self, data: Data, by: Actor) -> Entry:
        """Begins a case at the applicant's unit.

        Raises:
            RefusedError: The actor is no applicant, or the data is not as it must be.
        """
        now = self.clock()
        case = Case(id=f"c-{len(self.cases) + 1}", unit=unit_of_applicant(by))
        step = apply(case, data, by)
        self.cases[case.id] = case
        return self._record(case, "apply", step, by, occurred_at=now, recorded_at=now)

    def send(self, case_id: str, event: str, data: Data, by: Actor) -> Entry:
        """Decides an event, changes the case and records it; a passed deadline fires first.

        Raises:
            RefusedError: The event may not happen now.
        """
        case = self.cases[case_id]
        now = self.clock()
        due_at = case.due_at
        overdue = due_at is not None and due_at <= now
        handler = HANDLERS.get(event)
        if handler is None:
            raise RefusedError(f"there is no event {event}")
        step = handler(case, LAPSED.target if overdue else case.state, data, by, now)
        if due_at is not None and overdue:
            self._record(case, "lapse", LAPSED, CLOCK_ACTOR, occurred_at=due_at, recorded_at=now)
        return self._record(case, event, step, by, occurred_at=now, recorded_at=now)

    def _record(
        self,
        case: Case,
        event: str,
        step: Step,
        actor: Actor,
        *,
        occurred_at: datetime,
        recorded_at: datetime,
    ) -> Entry:
        source, target = case.state, step.target
        if target not in UNDER_REVIEW:
            case.due_at = None
        elif source not in UNDER_REVIEW:
            case.due_at = occurred_at + HANDLING_TIME
        if event == "return":
            case.returns += 1
        elif event == "assess":
            case.assessors.append(actor.id)
        case.seq += 1
        case.state = target
        case.data.update(step.inputs)
        case.data.update(step.settings)
        entry = Entry(
            case.id,
            case.seq,
            event,
            step.transition,
            step.outcome,
            actor,
            step.standing,
            occurred_at,
            recorded_at,
            source,
            target,
            step.facts,
            tuple(step.inputs),
            step.settings,
            step.fired,
            case.due_at,
        )
        self.journal.append(entry)
        return entry


def apply(case: Case, data: Data, by: Actor) -> Step:
    """Anyone who is an applicant at the unit may apply."""
    require_role(by, "applicant", case.unit)
    expect(data, required=("category", "amount", "purpose"))
    inputs = {
        "category": category(data["category"]),
        "amount": amount(data["amount"]),
        "purpose": text(data["purpose"]),
    }
    return Step(1, "draft", "applicant", inputs, inputs)


def submit(case: Case, state: str, data: Data, by: Actor, now: datetime) -> Step:
    """A draft of a sufficient amount that begins later than today is received."""
    if state != "draft":
        raise RefusedError("only a draft is submitted")
    require_role(by, "applicant", case.unit)
    expect(data, required=("begins", "handling-unit"))
    begins = day(data["begins"])
    inputs = {"begins": begins, "handling-unit": text(data["handling-unit"])}
    asked = case.data.get("amount")
    today = today_at(now)
    if asked is None or not (asked >= SMALLEST and begins > today):
        raise RefusedError("the amount is too small or the work has begun")
    facts = {**inputs, "amount": asked, "smallest": SMALLEST, "today": today}
    return Step(2, "received", "applicant", inputs, facts)


def return_(case: Case, state: str, data: Data, by: Actor, _: datetime) -> Step:
    """A clerk sends a received application back, twice at most."""
    if state != "received":
        raise RefusedError("only what was received is returned")
    require_role(by, "clerk", case.unit)
    if case.returns >= LIMIT_OF_RETURNS:
        raise RefusedError("it was returned twice already")
    expect(data, required=("remark",))
    inputs = {"remark": text(data["remark"])}
    return Step(3, "supplementing", "clerk", inputs, inputs)


def supply(case: Case, state: str, data: Data, by: Actor, _: datetime) -> Step:
    """The applicant supplies what was missing."""
    if state != "supplementing":
        raise RefusedError("nothing is missing")
    require_role(by, "applicant", case.unit)
    expect(data, required=("amount",), optional=("purpose",))
    asked = amount(data["amount"])
    inputs: dict[str, Any] = {"amount": asked}
    if "purpose" in data:
        inputs["purpose"] = text(data["purpose"])
    if not (asked >= SMALLEST and asked <= LARGEST):
        raise RefusedError("the amount is too small or too large")
    facts = {**inputs, "smallest": SMALLEST, "largest": LARGEST}
    return Step(4, "received", "applicant", inputs, facts)


def assess(case: Case, state: str, data: Data, by: Actor, _: datetime) -> Step:
    """An assessor of the handling unit scores; a high score takes two visits."""
    if state != "received":
        raise RefusedError("only what was received is assessed")
    handling_unit = case.data.get("handling-unit")
    require_role(by, "assessor", handling_unit)
    expect(data, required=("score", "visits"), optional=("remark",))
    score = mark(data["score"])
    visits = count(data["visits"])
    inputs: dict[str, Any] = {"score": score, "visits": visits}
    if "remark" in data:
        inputs["remark"] = text(data["remark"])
    if not (visits >= 1 and (score < 80 or visits >= 2)):
        raise RefusedError("too few visits")
    facts = {**inputs, "handling-unit": handling_unit}
    return Step(5, "assessed", "assessor@handling-unit", inputs, facts)


def award(case: Case, state: str, data: Data, by: Actor, now: datetime) -> Step:
    """An approver who did not assess lets the ladder decide."""
    if state != "assessed":
        raise RefusedError("only what was assessed is awarded")
    require_role(by, "approver", case.unit)
    if by.id in case.assessors:
        raise RefusedError("the assessor does not award")
    expect(data, required=())
    known = case.data
    score, asked = known.get("score"), known.get("amount")
    begins, chosen = known.get("begins"), known.get("category")
    today = today_at(now)
    if score is None or asked is None or begins is None or not (asked <= LARGEST and begins > today):
        raise RefusedError("the amount is too large or the work has begun")
    rung = ladder(score, asked, chosen)
    if rung is None:
        raise RefusedError("no rung of the ladder fits")
    row, outcome, level = rung
    facts = {
        "score": score,
        "amount": asked,
        "largest": LARGEST,
        "begins": begins,
        "today": today,
        "category": chosen,
    }
    fired = (("ladder", row),)
    return Step(6, OUTCOMES[outcome], "approver", NOTHING, facts, outcome, {"level": level}, fired)


def withdraw(case: Case, state: str, data: Data, by: Actor, _: datetime) -> Step:
    """The applicant takes an application back into a draft while it is under review."""
    if state not in UNDER_REVIEW:
        raise RefusedError("it is not under review")
    require_role(by, "applicant", case.unit)
    expect(data, required=())
    return Step(7, "draft", "applicant", NOTHING, NOTHING)


LAPSED: Final = Step(8, "draft", "clock", NOTHING, NOTHING)
"""What was not handled in time goes back to the applicant."""
OUTCOMES: Final = {"grant": "approved", "refuse": "rejected", "reconsider": "received"}
HANDLERS: Final[Mapping[str, Callable[[Case, str, Data, Actor, datetime], Step]]] = {
    "submit": submit,
    "return": return_,
    "supply": supply,
    "assess": assess,
    "award": award,
    "withdraw": withdraw,
}


def ladder(score: Decimal, asked: Decimal, chosen: str | None) -> tuple[str, str, str] | None:
    """The row, the outcome and the level that the score, the amount and the category lead to."""
    if score < 60:
        return "1", "refuse", "ward"
    if score < 80:
        if asked > 50000:
            return "4", "reconsider", "district"
        if chosen == "rent":
            return "3", "refuse", "ward"
        return ("2", "grant", "ward") if chosen in ("equipment", "training") else None
    return ("5", "grant", "district") if asked <= 100000 else ("6", "grant", "city")


def unit_of_applicant(by: Actor) -> str:
    """The unit where the actor is an applicant."""
    for role, unit in by.roles:
        if role == "applicant":
            return unit
    raise RefusedError("only an applicant applies")


def require_role(by: Actor, role: str, unit: str | None) -> None:
    """Raises RefusedError unless the actor holds the role at the unit or above it."""
    if unit is not None:
        for held, place in by.roles:
            if held == role and (unit == place or unit.startswith(place + "/")):
                return
    raise RefusedError(f"{by.id} is no {role} of {unit}")


def expect(data: Data, required: tuple[str, ...], optional: tuple[str, ...] = ()) -> None:
    """All that is required came, and nothing unknown."""
    for name in required:
        if data.get(name) is None:
            raise RefusedError(f"{name} is missing")
    for name in data:
        if name not in required and name not in optional:
            raise RefusedError(f"{name} is unknown")


def number(value: object) -> Decimal:
    """A finite decimal with two places at most."""
    try:
        exact = Decimal(value)  # type: ignore[arg-type]
        if exact != exact.quantize(CENT):
            raise RefusedError("more than two decimals")
    except (InvalidOperation, TypeError, ValueError):
        raise RefusedError(f"{value!r} is no number") from None
    return exact


def amount(value: object) -> Decimal:
    """An amount of money within what may be asked for at all."""
    asked = number(value)
    if not 0 <= asked <= MOST:
        raise RefusedError("the amount is out of range")
    return asked


def mark(value: object) -> Decimal:
    """A score between 0 and 100."""
    score = number(value)
    if not 0 <= score <= HUNDRED:
        raise RefusedError("the score is out of range")
    return score


def count(value: object) -> int:
    """A whole number from 0."""
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise RefusedError(f"{value!r} is no count")
    return value


def category(value: object) -> str:
    """One of the categories."""
    if value not in CATEGORIES:
        raise RefusedError(f"{value!r} is no category")
    return str(value)


def text(value: object) -> str:
    """A text with something in it."""
    if not isinstance(value, str) or not value:
        raise RefusedError(f"{value!r} is no text")
    return value


def day(value: object) -> date:
    """A date as it is written in ISO 8601."""
    try:
        return date.fromisoformat(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        raise RefusedError(f"{value!r} is no date") from None


def today_at(now: datetime) -> date:
    """The day in the zone of the calendar."""
    return now.astimezone(CALENDAR_ZONE).date()
