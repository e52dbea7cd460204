"""Everything one decision reads, collected in one go before anything is decided."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from partybuild_flow.case import CLOCK, CLOCK_ACTOR, Actor, Case, Facts, Running, Unfit, new
from partybuild_flow.errors import FlowError
from partybuild_flow.facts.forms import Convert, UnfitError, home_date
from partybuild_flow.facts.plan import Demand, Plan, Step
from partybuild_flow.feel import Value
from partybuild_flow.units import Units

if TYPE_CHECKING:
    from partybuild_flow.definition import LookUp

NO_KEYS: Final[Mapping[tuple[str, ...], str]] = {}
NO_FAULTS: Final[Mapping[str, Unfit]] = {}

Look = Callable[..., object]


class Holders(Protocol):
    """The part of a store that a decision asks."""

    def holder(self, workflow: str, key: tuple[str, ...], values: tuple[Value, ...]) -> str | None:
        """The id of the case that holds these values under a unique key."""


class World(NamedTuple):
    """What the host hands in: its organisation and its look-ups, by id."""

    units: Units
    look_ups: Mapping[str, Look]


def gather(
    plan: Plan,
    step: Step,
    case: Case,
    data: Mapping[str, object],
    actor: Actor,
    now: datetime,
    world: World,
    store: Holders,
) -> Facts:
    """The facts of one event: the case's fields under what was sent, parameters, deadlines, look-ups, standing.

    What does not fit its field is kept as a fault, for `decide` to refuse.
    """
    known = case.data
    values = {name: known.get(name) for name in step.fields}
    faults: dict[str, Unfit] | None = None
    inputs: dict[str, Value] = {}
    for sent, raw in data.items():
        field = plan.inputs.get(sent)
        try:
            if field is None:
                raise UnfitError("value.unknown", written=sent)
            inputs[field[0]] = values[field[0]] = field[1](raw)
        except UnfitError as error:
            faults = faults or {}
            faults[field[0] if field else sent] = error.unfit
    if step.constants:
        values |= step.constants
    if step.moments:
        _add_moments(values, step.moments, now, actor)
    if step.deadlines:
        _add_deadlines(values, step.deadlines, case.deadlines, now)
    for look_up, convert in step.look_ups:
        values[look_up.id] = _looked_up(look_up, convert, values, world)
    return new(
        Facts,
        (
            values,
            inputs,
            faults or NO_FAULTS,
            now,
            actor,
            _standing(step.demands, actor, case.unit, values, world.units),
            _holders(plan, step, values, store) if step.keys else NO_KEYS,
        ),
    )


def deadline_value(running: Running | None, now: datetime) -> Value:
    """What expressions read of a deadline: when it is due, and whether that is still to come."""
    if running is None:
        return {"due": None, "open": False}
    due = running.due_at
    return {"due": due, "open": due is None or now < due}


def _add_moments(values: dict[str, Value], moments: frozenset[str], now: datetime, actor: Actor) -> None:
    if "now" in moments:
        values["now"] = now
    if "today" in moments:
        values["today"] = home_date(now)
    if "actor" in moments:
        values["actor"] = actor.id


def _add_deadlines(
    values: dict[str, Value], read: tuple[str, ...], running: tuple[Running, ...], now: datetime
) -> None:
    by_id = {each.deadline: each for each in running}
    for name in read:
        values[name] = deadline_value(by_id.get(name), now)


def _looked_up(look_up: LookUp, convert: Convert, values: Mapping[str, Value], world: World) -> Value:
    ask = world.look_ups.get(look_up.id)
    if ask is None:
        raise FlowError(
            f"the decision asks the look-up {look_up.id!r}; hand it to the engine with look_ups={{…}}"
        )
    answer = ask(*(values.get(name) for name in look_up.inputs))
    try:
        return convert(answer)
    except UnfitError as error:
        raise FlowError(
            f"look-up {look_up.id} answered {answer!r}, which is no {look_up.type.kind}; mend the host's function"
        ) from error


def _standing(
    demands: tuple[Demand, ...], actor: Actor, unit: str, values: Mapping[str, Value], units: Units
) -> tuple[str, ...]:
    """The keys of the demands that the actor meets, in the order of the definition."""
    met = []
    for key, spellings, field in demands:
        if not spellings:
            # Only the engine itself holds this very value, so no caller can pass for the clock.
            if (key == CLOCK) is (actor is CLOCK_ACTOR):
                met.append(key)
            continue
        at = unit if field is None else values.get(field)
        for role, held_at in actor.roles:
            if role in spellings and at is not None and (held_at == at or units.covers(held_at, str(at))):
                met.append(key)
                break
    return tuple(met)


def _holders(
    plan: Plan, step: Step, values: Mapping[str, Value], store: Holders
) -> Mapping[tuple[str, ...], str]:
    found: dict[tuple[str, ...], str] = {}
    for key in step.keys:
        filled = tuple(values[name] for name in key)
        if None not in filled:
            holder = store.holder(plan.workflow.id, key, filled)
            if holder is not None:
                found[key] = holder
    return found
