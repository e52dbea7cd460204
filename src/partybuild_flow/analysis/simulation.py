"""Invented cases that live their whole life: who does what, when, with which data. Nothing here is real.

The same seed gives the same requests. What the engine refuses is part of life: something else is
tried, and if nothing goes, time passes.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any, Final, NamedTuple

from partybuild_flow.case import ANYONE, UNATTENDED, Actor, Case, Entry
from partybuild_flow.decide import Decision
from partybuild_flow.definition import Field, Transition, Workflow
from partybuild_flow.engine import Engine, Send, Start
from partybuild_flow.errors import FlowError
from partybuild_flow.facts import Plan, plan
from partybuild_flow.feel import TEXT
from partybuild_flow.machine import START
from partybuild_flow.messages import sentence

CASES_AT_ONCE: Final = 250
"""How many cases live side by side; the next event of each is part of one transaction."""

WANDERING: Final = 12
"""After so many events a case heads straight for its end."""

MOST_TRIES: Final = 200
"""After so many requests a case is left as it is."""

MOST_ASKED: Final = 300
"""How many decisions are asked for beforehand to find one worth showing."""

PATIENCE: Final = 0.95
"""How often somebody waits for a condition that time can fulfil."""

STAFF: Final = 5
"""How many people share a role."""
TEXTS: Final = 60
BEGAN: Final = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
_FAR: Final = 10_000


class People(NamedTuple):
    """Who acts in an invented world, and at which units."""

    names: tuple[str, ...]
    units: tuple[str, ...]


@dataclass
class Life:
    """A case on its way: where it stands, when it was looked at last, what was refused since it moved.

    `wanted` is what somebody waits for.
    """

    case: Case
    at: datetime
    tries: int = 0
    waits: int = 0
    refused: set[int] = field(default_factory=set)
    wanted: int | None = None


@dataclass
class Simulated:
    """What came of a simulation."""

    cases: int = 0
    accepted: int = 0
    refused: int = 0
    states: dict[str, int] = field(default_factory=dict)
    reasons: dict[str, int] = field(default_factory=dict)
    acceptance: Decision | None = None
    refusal: Decision | None = None
    asked: int = 0


class Inventor:
    """Makes up requests that a workflow's own definition lets one expect. Pure but for its random draws.

    Raises:
        FlowError: no person begins a case of this workflow, so that there is nothing to make up.
    """

    def __init__(self, workflow: Workflow, people: People, seed: int) -> None:
        starts = (each for each in workflow.transitions if each.starts)
        if all(by.role in UNATTENDED for each in starts for by in each.by):
            raise FlowError(sentence("simulation.no-start", workflow.language, {"workflow": workflow.name}))
        self._workflow = workflow
        self._plan = plan(workflow)
        self._people = people
        self._random = Random(seed)  # noqa: S311 - invented cases, no secrets
        self._distance = distances(self._plan)
        self._once = {name for key in workflow.unique for name in key}
        self._moments = {*workflow.deadlines, "now", "today"}
        self._number = 0

    def ended(self, case: Case) -> bool:
        """Whether a case is in a final state."""
        state: str | None = case.state
        while state:
            if self._workflow.states[state].final:
                return True
            state = self._workflow.states[state].parent
        return False

    def start(self) -> Start:
        """The start of another case."""
        self._number += 1
        transition = self._drawn(self._ways(START, ()), START)
        at = BEGAN + timedelta(minutes=7 * self._number + self._random.randrange(7))
        unit = self._random.choice(self._people.units)
        actor = self._actor(transition, unit, {})
        data = self._data(transition, at)
        identity = f"{self._workflow.id}-{self._number:06d}"
        return Start(self._workflow.id, data, actor, event=transition.event, unit=unit, at=at, id=identity)

    def next(self, life: Life) -> tuple[Transition, Send] | None:
        """What somebody tries next with a case; None if nobody can do anything any more."""
        case = life.case
        life.at += timedelta(hours=self._random.uniform(0.1, 30) * 3 ** min(life.waits, 5))
        open_ways = self._ways(case.state, life.refused)
        if not open_ways:
            life.waits += 1
            life.refused.clear()
            open_ways = self._ways(case.state, ())
        if not open_ways:
            return None
        wanted = next((each for each in open_ways if each.number == life.wanted), None)
        transition = wanted or self._drawn(open_ways, case.state, straight=case.revision > WANDERING)
        actor = self._actor(transition, case.unit, case.data)
        return transition, Send(case.id, transition.event, self._data(transition, life.at), actor, at=life.at)

    def take_refusal(self, life: Life, transition: Transition) -> None:
        """Where time can help, whoever was refused mostly waits and tries again; else another way is tried."""
        reads = transition.when.reads if transition.when else frozenset()
        if not reads.isdisjoint(self._moments) and self._random.random() < PATIENCE:
            life.wanted = transition.number
            life.waits += 1
        else:
            life.wanted = None
            life.refused.add(transition.number)

    def _ways(self, state: str, without: Iterable[int]) -> list[Transition]:
        events = self._plan.events_by_state.get(state, ())
        candidates = (
            each.transition for event in events for each in self._plan.steps[state, event].candidates
        )
        return [
            each
            for each in candidates
            if each.number not in without and any(by.role not in UNATTENDED for by in each.by)
        ]

    def _drawn(self, ways: list[Transition], state: str, *, straight: bool = False) -> Transition:
        """One of the ways; likelier are those that lead nearer to the end, and those that more people may go."""
        here = self._distance.get(state, _FAR)
        nearer = [
            any(self._distance.get(target, _FAR) < here for target in each.targets.values()) for each in ways
        ]
        likely = 1_000 if straight else 3
        weights = [
            (likely if near else 1) * self._commonness(each) for each, near in zip(ways, nearer, strict=True)
        ]
        return self._random.choices(ways, weights)[0]

    def _commonness(self, transition: Transition) -> float:
        """How many people a transition is open to. Whose role stands later in the file, of those there are fewer."""
        places = {role: place for place, role in enumerate(self._workflow.roles, start=1)}
        return sum(1 / places.get(by.role, 1) for by in transition.by if by.role not in UNATTENDED)

    def _actor(self, transition: Transition, unit: str, data: Mapping[str, object]) -> Actor:
        by = self._random.choice([each for each in transition.by if each.role not in UNATTENDED])
        held_at = data.get(by.field) if by.field else unit
        at = held_at if isinstance(held_at, str) else unit
        names = self._people.names
        if by.role == ANYONE:
            return Actor(self._random.choice(names), ())
        # Each role has its own few people, so that who did one thing is asked to do another.
        first = list(self._workflow.roles).index(by.role) * STAFF
        return Actor(names[(first + self._random.randrange(STAFF)) % len(names)], ((by.role, at),))

    def _data(self, transition: Transition, at: datetime) -> dict[str, object]:
        fields = self._workflow.fields
        return {
            need.field: self._value(fields[need.field], at)
            for need in transition.needs
            if not need.optional or self._random.random() < 0.5
        }

    def _value(self, wanted: Field, at: datetime) -> object:
        if wanted.columns:
            return [{column.id: self._value(column, at) for column in wanted.columns} for _ in range(2)]
        if wanted.kind == "list":
            item = wanted.type.item or TEXT
            if item.values:
                return self._random.sample(item.values, min(2, len(item.values)))
            return [self._value(wanted.model_copy(update={"kind": wanted.item or "text", "type": item}), at)]
        if wanted.type.values:
            return self._random.choice(wanted.type.values)
        if wanted.kind in ("number", "integer", "money"):
            return self._number_of(wanted)
        invented: dict[str, Callable[[], object]] = {
            "boolean": lambda: self._random.random() < 0.5,
            "date": lambda: _bounded(self._day(at), wanted),
            "datetime": lambda: _bounded(at - timedelta(hours=self._random.randrange(72)), wanted),
            "term": lambda: timedelta(hours=self._random.randrange(1, 240)),
            "unit": lambda: self._random.choice(self._people.units),
            "person": lambda: self._random.choice(self._people.names),
        }
        return invented.get(wanted.kind, lambda: self._text(wanted))()

    def _text(self, wanted: Field) -> str:
        number = self._number if wanted.id in self._once else self._random.randrange(TEXTS) + 1
        return f"{wanted.name} {number:04d}"

    def _number_of(self, wanted: Field) -> str:
        decimals = 0 if wanted.kind == "integer" else wanted.decimals or 0
        least = float(wanted.minimum) if isinstance(wanted.minimum, Decimal) else 0
        most = float(wanted.maximum) if isinstance(wanted.maximum, Decimal) else least + 100
        drawn = self._random.uniform(least, most)
        return f"{min(max(drawn, least), most):.{decimals}f}"

    def _day(self, at: datetime) -> date:
        return (at - timedelta(days=self._random.randrange(30))).date()


def _bounded(drawn: Any, wanted: Field) -> object:
    """A day or an instant, moved to the bound that it lies beyond."""
    least: Any = wanted.minimum
    most: Any = wanted.maximum
    drawn = drawn if least is None else max(drawn, least)
    return drawn if most is None else min(drawn, most)


def distances(planned: Plan) -> dict[str, int]:
    """How many transitions, those of the clock left out, lead at least from each leaf state to a final one."""
    workflow = planned.workflow
    before: dict[str, set[str]] = {}
    for (state, _), step in planned.steps.items():
        for candidate in step.candidates:
            if candidate.demands - UNATTENDED:
                for target in candidate.transition.targets.values():
                    before.setdefault(target, set()).add(state)
    final = [leaf for state in workflow.states.values() if state.final for leaf in workflow.leaves(state.id)]
    found = dict.fromkeys(final, 0)
    waiting = deque(final)
    while waiting:
        state = waiting.popleft()
        for earlier in before.get(state, ()):
            if earlier not in found:
                found[earlier] = found[state] + 1
                waiting.append(earlier)
    return found


def simulate(
    engine: Engine, inventor: Inventor, cases: int, *, progress: Callable[[int], None] | None = None
) -> Simulated:
    """What came of so many cases, each from its start to its end; `progress` is told how many have ended."""
    result = Simulated()
    while result.cases < cases:
        window = min(CASES_AT_ONCE, cases - result.cases)
        starts = [inventor.start() for _ in range(window)]
        living = []
        for answer in engine.send_many(starts):
            result.cases += 1
            _count(result, answer)
            if isinstance(answer, Entry):
                living.append(Life(answer.case, answer.occurred_at))
        while living:
            living = _advance(engine, inventor, living, result)
        if progress:
            progress(result.cases)
    return result


def _advance(engine: Engine, inventor: Inventor, living: list[Life], result: Simulated) -> list[Life]:
    """Send one event for each living case; gives those that live on."""
    asked: list[tuple[Life, Transition, Send]] = []
    for life in living:
        tried = None if inventor.ended(life.case) or life.tries > MOST_TRIES else inventor.next(life)
        if tried is None:
            result.states[life.case.state] = result.states.get(life.case.state, 0) + 1
        else:
            asked.append((life, *tried))
    _keep_acceptance(engine, asked, result)
    answers = engine.send_many([send for _, _, send in asked])
    for (life, transition, _), answer in zip(asked, answers, strict=True):
        _count(result, answer)
        life.tries += 1
        life.case = answer.case
        if isinstance(answer, Entry):
            life.waits, life.wanted = 0, None
            life.refused.clear()
        else:
            inventor.take_refusal(life, transition)
    return [life for life, _, _ in asked]


def _count(result: Simulated, answer: Entry | Decision) -> None:
    if isinstance(answer, Entry):
        result.accepted += 1
        return
    result.refused += 1
    code = answer.reasons[0].code
    result.reasons[code] = result.reasons.get(code, 0) + 1
    if result.refusal is None or (
        result.refusal.reasons[0].code != "refused.guard" and code == "refused.guard"
    ):
        result.refusal = answer


def _keep_acceptance(
    engine: Engine, asked: Iterable[tuple[Life, Transition, Send]], result: Simulated
) -> None:
    """Ask beforehand about events that have something to explain, until both a condition and rules are found."""
    for _, transition, send in asked:
        if result.asked >= MOST_ASKED or _worth(result.acceptance) == 2:
            return
        if transition.when or transition.decide or transition.settings:
            result.asked += 1
            decision = engine.ask(send.case_id, send.event, send.data, by=send.by, at=send.at)
            if decision.accepted and (
                result.acceptance is None or _worth(decision) > _worth(result.acceptance)
            ):
                result.acceptance = decision


def _worth(decision: Decision | None) -> int:
    """How much an accepted decision has to explain: rules that fired, a condition."""
    if decision is None or decision.transition is None:
        return 0
    return bool(decision.fired) + bool(decision.transition.when)
