"""Everything one decision reads, collected in one go before anything is decided."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from partybuild_flow.case import (
    ANYONE,
    CASES,
    CLOCK,
    CLOCK_ACTOR,
    Actor,
    Case,
    CaseActor,
    Facts,
    Running,
    Unfit,
    new,
)
from partybuild_flow.errors import FlowError
from partybuild_flow.facts.collecting import Collecting, as_context, collected, is_visible, round_in
from partybuild_flow.facts.plan import Plan
from partybuild_flow.facts.relations import Cases, add_relations, missing_cases
from partybuild_flow.facts.scalars import Convert, UnfitError, home_date
from partybuild_flow.facts.steps import Demand, Step
from partybuild_flow.facts.timing import deadline_in_full, deadline_value
from partybuild_flow.feel import Value
from partybuild_flow.units import Units

if TYPE_CHECKING:
    from partybuild_flow.definition import LookUp

NO_KEYS: Final[Mapping[tuple[str, ...], str]] = {}
NO_FAULTS: Final[Mapping[str, Unfit]] = {}

Look = Callable[..., object]
LOTS: Final = 10**30


class Holders(Cases, Protocol):
    """The part of a store that a decision asks."""

    def holder(self, workflow: str, key: tuple[str, ...], values: tuple[Value, ...]) -> str | None:
        """The id of the case that holds these values under a unique key."""


def draw_lot() -> int:
    """A random whole number, of which enough are possible to put 27 people in any order."""
    import secrets

    return secrets.randbelow(LOTS)


class World(NamedTuple):
    """What the host hands in: its organisation, its look-ups by id, and what draws random whole numbers."""

    units: Units
    look_ups: Mapping[str, Look]
    lots: Callable[[], int] = draw_lot


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
    values: dict[str, Value] = {}
    for name in step.fields:
        values[name] = known.get(name)
    inputs: dict[str, Value] = {}
    faults = _add_inputs(values, inputs, data, plan.inputs) if data else NO_FAULTS
    if step.constants:
        values |= step.constants
    if step.moments:
        add_moments(values, step.moments, now, actor)
        if "lot" in step.moments:
            values["lot"] = Decimal(world.lots())
        if "this case" in step.moments:
            values["this case"] = case.id
    if step.deadlines:
        _add_deadlines(values, step.deadlines, plan.in_full, case.deadlines, now)
    if step.look_ups:
        for look_up, convert in step.look_ups:
            values[look_up.id] = _looked_up(look_up, convert, values, world)
    if step.collects:
        _add_collects(values, step.collects, known)
    if step.relations:
        add_relations(values, step.relations, case, now, store)
    if step.cases and not faults:
        faults = missing_cases(step.cases, inputs, store)
    standing = _standing(step.demands, actor, case.unit, values, world.units)
    holders = _holders(plan, step, values, store) if step.keys else NO_KEYS
    return new(Facts, (values, inputs, faults, now, actor, standing, holders))


def _add_inputs(
    values: dict[str, Value],
    inputs: dict[str, Value],
    data: Mapping[str, object],
    fields: Mapping[str, tuple[str, Convert]],
) -> Mapping[str, Unfit]:
    """Adds what was sent, by id; gives what does not fit."""
    faults: dict[str, Unfit] | None = None
    for sent, raw in data.items():
        field = fields.get(sent)
        try:
            if field is None:
                raise UnfitError("value.unknown", written=sent)
            name, convert = field
            inputs[name] = values[name] = convert(raw)
        except UnfitError as error:
            faults = faults or {}
            faults[field[0] if field else sent] = error.unfit
    return faults or NO_FAULTS


def add_moments(values: dict[str, Value], moments: frozenset[str], now: datetime, actor: Actor) -> None:
    """Adds the names that expressions read of the event itself."""
    if "now" in moments:
        values["now"] = now
    if "today" in moments:
        values["today"] = home_date(now)
    if "actor" in moments:
        values["actor"] = actor.id


def _add_deadlines(
    values: dict[str, Value],
    read: tuple[str, ...],
    in_full: frozenset[str],
    running: tuple[Running, ...],
    now: datetime,
) -> None:
    by_id = {each.deadline: each for each in running}
    for name in read:
        value_of = deadline_in_full if name in in_full else deadline_value
        values[name] = value_of(by_id.get(name), now)


def _add_collects(values: dict[str, Value], read: tuple[Collecting, ...], data: Mapping[str, Value]) -> None:
    for each in read:
        round = round_in(data, each.key)
        found = collected(each, round, values)
        values[each.event] = as_context(found, visible=is_visible(each, round, found))


def _looked_up(look_up: LookUp, convert: Convert, values: Mapping[str, Value], world: World) -> Value:
    ask = world.look_ups.get(look_up.id)
    if ask is None:
        raise FlowError(
            f"the decision asks the look-up {look_up.id!r}; hand it to the engine with look_ups={{…}}"
        )
    answer = ask(*(values.get(name) for name in look_up.inputs))
    try:
        return convert(answer)
    except UnfitError:
        # What it answered may be personal, and errors end in logs.
        raise FlowError(
            f"look-up {look_up.id} answered a {type(answer).__name__} that is no {look_up.type.kind}; mend the host's function"
        ) from None


def _standing(
    demands: tuple[Demand, ...], actor: Actor, unit: str, values: Mapping[str, Value], units: Units
) -> tuple[str, ...]:
    """The keys of the demands that the actor meets, in the order of the definition."""
    met: tuple[str, ...] = ()
    for demand in demands:
        spellings = demand.spellings
        if not spellings:
            # Only the engine itself makes these actors, so no caller can pass for the clock or a case.
            if demand.key == (
                CLOCK if actor is CLOCK_ACTOR else CASES if type(actor) is CaseActor else ANYONE
            ):
                met += (demand.key,)
            continue
        at = unit if demand.field is None else values.get(demand.field)
        if at is None:
            continue
        for role, held_at in actor.roles:
            if role in spellings and (held_at == at or units.covers(held_at, str(at))):
                met += (demand.key,)
                break
    return met


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
