"""Gather, decide and apply in one stride, for events with nothing out of the ordinary about them.

What cannot be answered for certain, refusals among it, is left to the three hops, which are the
meaning of an event; a property test holds both equal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from partybuild_flow.apply import NO_EFFECTS, NO_SENDS, moved_deadlines
from partybuild_flow.case import Actor, Case, Change, Entry, Fired, Reason, new
from partybuild_flow.decide import GENERATED, NOT_FIRED, NOTHING, conclude, done_before, settle
from partybuild_flow.facts import Candidate, Convert, Demand, Plan, Step, UnfitError, add_moments
from partybuild_flow.feel import Value
from partybuild_flow.units import Units

_Decided = tuple[str, str, Mapping[str, Value], tuple[Fired, ...], str]
"""Outcome, target, settings, the rules that held, the evaluator."""


@dataclass(frozen=True, slots=True)
class Way:
    """The only transition for an event in a state, and what is known of it beforehand for one stride.

    `inputs` are the fields that may be sent, by either name; `target` is where it leads if nothing
    decides the way; `moving` are the targets in which other deadlines run, or run anew.
    """

    event: str
    step: Step
    candidate: Candidate
    demand: Demand
    standing: tuple[str, ...]
    inputs: Mapping[str, tuple[str, Convert]]
    asks_done: bool
    target: str
    remembers: bool
    moving: frozenset[str]


def ordinary_ways(plan: Plan) -> dict[tuple[str, str, str], Way]:
    """The ordinary ways of a workflow by its hash, leaf state and either name of the event."""
    return {
        (plan.workflow.hash, state, spelling): _way(plan, state, event, step)
        for (state, spelling), (event, step) in plan.ways.items()
        if state and _is_ordinary(plan, state, step)
    }


def _is_ordinary(plan: Plan, state: str, step: Step) -> bool:
    if (
        step.reaches_out
        or len(step.candidates) != 1
        or len(step.demands) != 1
        or not step.demands[0].spellings
    ):
        return False
    candidate = step.candidates[0]
    if candidate.moves_marks or step.collects or "lot" in step.moments:
        return False
    if not plan.completing.keys().isdisjoint(candidate.targets.values() or (state,)):
        return False
    return not (step.look_ups or step.deadlines or step.keys or candidate.before or candidate.notices)


def _way(plan: Plan, state: str, event: str, step: Step) -> Way:
    candidate, demand = step.candidates[0], step.demands[0]
    return Way(
        event=event,
        step=step,
        candidate=candidate,
        demand=demand,
        standing=(demand.key,),
        inputs={name: field for name, field in plan.inputs.items() if field[0] in candidate.accepts},
        asks_done=bool(candidate.not_by or candidate.limit),
        target=candidate.targets.get("", state),
        remembers=event in plan.remembered,
        moving=frozenset(
            target
            for target in (candidate.targets.values() or (state,))
            if plan.running_in[target] is not plan.running_in[state] or not plan.steady
        ),
    )


def ordinary_change(  # noqa: C901, PLR0912 - one stride is one function
    plan: Plan, way: Way, case: Case, data: Mapping[str, object], by: Actor, units: Units,
    now: datetime, recorded_at: datetime,
) -> Change | None:  # fmt: skip
    """The change that gather, decide and apply would make of an event, or None: then they are to be asked."""
    identity, workflow, definition, source, unit, revision, known, done, running, started_by, _, _ = case
    step, candidate, demand = way.step, way.candidate, way.demand
    values: dict[str, Value] = {}
    for name in step.fields:
        values[name] = known.get(name)
    sent = _with_inputs(way, data, values, known) if data else ((), known)
    if sent is None:
        return None
    inputs, known = sent
    for name in candidate.needs:
        if name not in inputs or values[name] is None:
            return None
    at = unit if demand.field is None else values[demand.field]
    for role, held_at in by.roles:
        if role in demand.spellings and at is not None and (held_at == at or units.covers(held_at, str(at))):
            break
    else:
        return None
    if way.asks_done and done_before(candidate, case, by):
        return None
    if step.constants:
        values |= step.constants
    if step.moments:
        add_moments(values, step.moments, now, by)
    if candidate.holds is not None and not candidate.holds(values):
        return None
    outcome, target, settings, fired, evaluator = "", way.target, NOTHING, NOT_FIRED, GENERATED
    if candidate.outcome is not None or candidate.settings or candidate.after:
        taken = _decided(way, values)
        if taken is None:
            return None
        outcome, target, settings, fired, evaluator = taken
        known = {**known, **settings}
    deadlines = moved_deadlines(plan, case, target, known, now) if target in way.moving else None
    if deadlines is not None:
        running = deadlines
    if way.remembers:
        done = {**done, way.event: (*done.get(way.event, ()), by.id)}
    after = new(Case, (
        identity, workflow, definition, target, unit, revision + 1, known, done, running, started_by, now, "",
    ))  # fmt: skip
    return new(Change, (new(Entry, (
        after, way.event, candidate.number, outcome, None, by, now, source, target, values, inputs, settings,
        way.standing, fired, evaluator, NO_EFFECTS, deadlines, None, None, recorded_at, NO_SENDS, "", "",
    )), (), plan.personal))  # fmt: skip


def _with_inputs(
    way: Way, data: Mapping[str, object], values: dict[str, Value], known: Mapping[str, Value]
) -> tuple[tuple[str, ...], Mapping[str, Value]] | None:
    """What was sent, added to the facts and to the case's data; None where something does not fit."""
    inputs: tuple[str, ...] = ()
    changed = {**known}
    try:
        for sent, raw in data.items():
            name, convert = way.inputs[sent]
            if name in inputs:
                return None
            changed[name] = values[name] = convert(raw)
            inputs += (name,)
    except (KeyError, UnfitError):
        return None
    return inputs, changed


def _decided(way: Way, values: Mapping[str, Value]) -> _Decided | None:
    """What the rules, the outcome and the settings make of the facts; None where the hops are to be asked."""
    candidate = way.candidate
    fired, evaluator, outcome, target = NOT_FIRED, GENERATED, "", way.target
    if candidate.after:
        values, fired, evaluator, conflict = conclude(candidate.after, values, fired, evaluator)
        if conflict:
            return None
    if candidate.outcome is not None:
        found = candidate.outcome(values)
        if not isinstance(found, str) or found not in candidate.targets:
            return None
        outcome, target = found, candidate.targets[found]
    settings = settle(candidate, values)
    return None if isinstance(settings, Reason) else (outcome, target, settings, fired, evaluator)
