"""What an accepted decision makes of a case: the entry to be kept, and the case that follows from it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from partybuild_flow.case import Case, Change, Effect, Entry, Running, Sent, Unique, new
from partybuild_flow.decide import Decision
from partybuild_flow.facts import Due, Plan, is_paused, is_unmoved, run_timed
from partybuild_flow.facts.collecting import MARKED
from partybuild_flow.facts.sending import sent_events
from partybuild_flow.facts.timing import end_of_day, read_values
from partybuild_flow.feel import Value, render_template

if TYPE_CHECKING:
    from partybuild_flow.definition import Notice

NO_EFFECTS: Final[tuple[Effect, ...]] = ()
NO_SENDS: Final[tuple[Sent, ...]] = ()


def apply(
    decision: Decision,
    recorded_at: datetime,
    *,
    key: str | None = None,
    deadline: str | None = None,
    ids: Callable[[], str] | None = None,
    chain: int = 1,
) -> Change:
    """The change that an accepted decision makes; the `case` of its entry is the case afterwards.

    `deadline` is the one that fired the event, where the clock sent it; `ids` names the cases that it
    begins, and `chain` is the place of what it sends in a chain of events.
    """
    plan, case, event, facts, transition, outcome, target, settings, _, fired, evaluator, _ = decision
    if transition is None:
        raise ValueError("a refused decision changes nothing")
    values, inputs, _, now, actor, standing, _ = facts
    identity, workflow, definition, source, unit, revision, data, done, running, started_by, _, _ = case
    if inputs or settings:
        data = {**data, **inputs, **settings}
    deadlines = moved_deadlines(plan, case, target, data, now, deadline) if plan.dues else None
    if deadlines is not None:
        running = deadlines
    if transition.number and event in plan.remembered:
        done = {**done, event: (*done.get(event, ()), actor.id)}
    after = new(Case, (
        identity, workflow, definition, target, unit, revision + 1, data, done, running, started_by, now, "",
    ))  # fmt: skip
    effects = (
        _effects(transition.notices, decision, data)
        if transition.notices and outcome != MARKED
        else NO_EFFECTS
    )
    effects_elsewhere = plan.sends.get(transition.number) if plan.sends and outcome != MARKED else None
    sends = NO_SENDS
    if effects_elsewhere:
        sends = sent_events(effects_elsewhere, {**decision.values, **data}, after, ids, chain)
    entry = new(Entry, (
        after, event, transition.number, outcome, deadline, actor, now, source, target, values, tuple(inputs),
        settings, standing, fired, evaluator, effects, deadlines, None, key, recorded_at, sends, "", "",
    ))  # fmt: skip
    taken = _uniques(plan, after, inputs) if inputs and plan.unique else ()
    return new(Change, (entry, taken, plan.personal))


def refusal(decision: Decision, recorded_at: datetime) -> Change:
    """The change of a refused decision that its transition wants journalled: nothing but the revision changes."""
    case, facts = decision.case, decision.facts
    number = decision.reasons[0].transition
    after = case._replace(revision=case.revision + 1, changed_at=facts.now, head="")
    codes = ", ".join(dict.fromkeys(reason.code for reason in decision.reasons))
    entry = Entry(
        after, decision.event, number, "", None, facts.actor, facts.now, case.state, case.state, facts.values,
        tuple(facts.inputs), {}, facts.standing, (), decision.evaluator, NO_EFFECTS, None, codes,
        None, recorded_at,
    )  # fmt: skip
    return Change(entry, (), decision.plan.personal)


def replayed(case: Case | None, entry: Entry, remembered: frozenset[str]) -> Case:
    """The case after an entry, from the case before it and what the entry keeps; nothing is decided again.

    `entry.case` names the case's identity only (id, workflow, definition, unit, who began it).
    """
    before = case or entry.case._replace(data={}, done={}, deadlines=())
    if entry.refused is not None:
        return before._replace(revision=before.revision + 1, changed_at=entry.occurred_at, head=entry.hash)
    done = before.done
    if entry.transition and entry.event in remembered:
        done = {**done, entry.event: (*done.get(entry.event, ()), entry.actor.id)}
    inputs = {name: entry.facts[name] for name in entry.inputs}
    return before._replace(
        state=entry.target,
        revision=before.revision + 1 if case else 1,
        data={**before.data, **inputs, **entry.settings},
        done=done,
        deadlines=before.deadlines if entry.deadlines is None else entry.deadlines,
        changed_at=entry.occurred_at,
        head=entry.hash,
    )


def is_overdue(case: Case, now: datetime) -> bool:
    """Whether the clock should have warned or fired an event in a case by now."""
    for running in case.deadlines:
        next_at = running.next_at
        if next_at is not None and next_at <= now:
            return True
    return False


def moved_deadlines(
    plan: Plan, case: Case, target: str, data: Mapping[str, Value], now: datetime, fired: str | None = None
) -> tuple[Running, ...] | None:
    """The deadlines of a case after an event, or None if it leaves them as they are."""
    dues = plan.running_in[target]
    if dues is plan.running_in[case.state] and plan.steady and fired is None:
        return None
    moved = run_deadlines(dues, case, data, now, fired) if dues else ()
    return None if moved == case.deadlines else moved


def run_deadlines(
    dues: tuple[Due, ...], case: Case, data: Mapping[str, Value], now: datetime, fired: str | None = None
) -> tuple[Running, ...]:
    """The deadlines that run from now on: those that ran already keep their beginning, all are due anew."""
    before = {running.deadline: running for running in case.deadlines}
    after: list[Running] = []
    for due in dues:
        running = before.get(due.id)
        timing = due.timing
        if (
            running is not None
            and due.id != fired
            and is_unmoved(due, case.data, data)
            and (timing is None or timing.paused == is_paused(running))
        ):
            after.append(running)
            continue
        if timing is not None:
            others = {each.deadline: each for each in after}
            after.append(run_timed(due, timing, running, data, now, others, fired=due.id == fired))
            continue
        started_at = running.started_at if running else now
        due_at = _due_at(due, data, started_at, now)
        has_fired = due.id == fired or (running is not None and running.fired)
        # A due instant that was moved into the future may fire again.
        still = has_fired and not (
            running and due_at != running.due_at and due_at is not None and due_at > now
        )
        next_at = None if still or due.fires is None else due_at
        after.append(new(Running, (due.id, started_at, due_at, still, (), False, 0, next_at)))
    return tuple(after)


def _due_at(due: Due, data: Mapping[str, Value], started_at: datetime, now: datetime) -> datetime | None:
    if due.term is not None:
        return started_at + due.term
    value = due.compute(read_values(due, data, now, {}))
    if isinstance(value, timedelta):
        return started_at + value
    if isinstance(value, datetime):
        return value
    return end_of_day(value) if isinstance(value, date) else None


def _effects(
    notices: tuple[Notice, ...], decision: Decision, data: Mapping[str, Value]
) -> tuple[Effect, ...]:
    values = {**decision.values, **data}
    language = decision.plan.workflow.language
    return tuple(
        Effect("notify", _recipient(notice.to, data), render_template(notice.text, values, language))
        for notice in notices
    )


def _recipient(to: str, data: Mapping[str, Value]) -> str:
    value = data.get(to)
    return value if isinstance(value, str) else to


def _uniques(plan: Plan, case: Case, inputs: Mapping[str, Value]) -> tuple[Unique, ...]:
    taken = []
    for key in plan.unique:
        values = tuple(case.data.get(name) for name in key)
        if None not in values and not inputs.keys().isdisjoint(key):
            taken.append(Unique(case.id, case.workflow, key, values))
    return tuple(taken)
