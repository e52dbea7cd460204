"""What an accepted decision makes of a case: the entry to be kept, and the case that follows from it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from partybuild_flow.case import Case, Change, Effect, Entry, Running, Unique, new
from partybuild_flow.decide import Decision
from partybuild_flow.facts import HOME, Due, Plan, home_date
from partybuild_flow.feel import Value, evaluate, text_of

if TYPE_CHECKING:
    from partybuild_flow.definition import Notice

NO_EFFECTS: Final[tuple[Effect, ...]] = ()


NONE_DUE: Final[list[tuple[Running, str]]] = []


def apply(
    decision: Decision, recorded_at: datetime, *, key: str | None = None, deadline: str | None = None
) -> Change:
    """The change that an accepted decision makes; the `case` of its entry is the case afterwards.

    `deadline` is the one that fired the event, where the clock sent it.
    """
    transition = decision.transition
    if transition is None:
        raise ValueError("a refused decision changes nothing")
    plan, case, facts = decision.plan, decision.case, decision.facts
    inputs, settings, now = facts.inputs, decision.settings, facts.now
    data = case.data
    if inputs or settings:
        data = {**data, **inputs, **settings}
    target, running = decision.target, case.deadlines
    if plan.dues:
        dues = plan.running_in[target]
        if dues is not plan.running_in[case.state] or not plan.steady or deadline is not None:
            running = _run(dues, case, data, now, deadline) if dues else ()
    after = _after(decision, data, running)
    entry = new(
        Entry,
        (
            after,
            decision.event,
            transition.number,
            decision.outcome,
            deadline,
            facts.actor,
            now,
            case.state,
            target,
            facts.values,
            tuple(inputs),
            settings,
            facts.standing,
            decision.fired,
            decision.evaluator,
            _effects(transition.notices, decision, data) if transition.notices else NO_EFFECTS,
            None if running is case.deadlines or running == case.deadlines else running,
            None,
            key,
            recorded_at,
            "",
            "",
        ),
    )
    taken = _uniques(plan, after, inputs) if inputs and plan.workflow.unique else ()
    return new(Change, (entry, taken, plan.personal))


def _after(decision: Decision, data: Mapping[str, Value], running: tuple[Running, ...]) -> Case:
    case, event, done = decision.case, decision.event, decision.case.done
    if event in decision.plan.remembered:
        done = {**done, event: (*done.get(event, ()), decision.facts.actor.id)}
    return new(
        Case,
        (
            case.id,
            case.workflow,
            case.definition,
            decision.target,
            case.unit,
            case.revision + 1,
            data,
            done,
            running,
            case.started_by,
            decision.facts.now,
            "",
        ),
    )


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
    if entry.event in remembered:
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


def next_due(case: Case, plan: Plan, now: datetime) -> list[tuple[Running, str]]:
    """The deadlines of a case that should have fired an event by now, earliest first, with that event."""
    for _, _, due_at, fired in case.deadlines:
        if not fired and due_at is not None and due_at <= now:
            break
    else:
        return NONE_DUE
    found = [
        (running.due_at, place, running, due.fires)
        for running in case.deadlines
        if not running.fired and running.due_at is not None and running.due_at <= now
        for place, due in enumerate(plan.dues)
        if due.id == running.deadline and due.fires is not None
    ]
    found.sort(key=lambda each: each[:2])
    return [(running, event) for _, _, running, event in found]


def _run(
    dues: tuple[Due, ...], case: Case, data: Mapping[str, Value], now: datetime, fired: str | None
) -> tuple[Running, ...]:
    """The deadlines that run from now on: those that ran already keep their beginning, all are due anew."""
    before = {running.deadline: running for running in case.deadlines}
    after = []
    for due in dues:
        running = before.get(due.id)
        if running is not None and due.steady and due.id != fired:
            after.append(running)
            continue
        started_at = running.started_at if running else now
        due_at = _due_at(due, data, started_at, now)
        has_fired = due.id == fired or (running is not None and running.fired)
        # A due instant that was moved into the future may fire again.
        still = has_fired and not (
            running and due_at != running.due_at and due_at is not None and due_at > now
        )
        after.append(new(Running, (due.id, started_at, due_at, still)))
    return tuple(after)


def _due_at(due: Due, data: Mapping[str, Value], started_at: datetime, now: datetime) -> datetime | None:
    if due.term is not None:
        return started_at + due.term
    values: dict[str, Value] = {
        **due.constants,
        **{name: data.get(name) for name in due.fields},
        "now": now,
        "today": home_date(now),
    }
    for name, conclude in due.rules:
        values[name] = dict(conclude(values).outputs)
    value = due.compute(values)
    if isinstance(value, timedelta):
        return started_at + value
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        # The last day counts to its end, 24:00. Source: Civil Code of the PRC, article 203.
        return datetime.combine(value + timedelta(days=1), time(), HOME).astimezone(now.tzinfo)
    return None


def _effects(
    notices: tuple[Notice, ...], decision: Decision, data: Mapping[str, Value]
) -> tuple[Effect, ...]:
    values = {**decision.values, **data}
    return tuple(Effect("notify", _recipient(notice.to, data), _filled(notice, values)) for notice in notices)


def _recipient(to: str, data: Mapping[str, Value]) -> str:
    value = data.get(to)
    return value if isinstance(value, str) else to


def _filled(notice: Notice, values: Mapping[str, Value]) -> str:
    pieces = []
    for piece in notice.text:
        if isinstance(piece, str):
            pieces.append(piece)
        else:
            value = evaluate(piece.tree, values)
            pieces.append(value if isinstance(value, str) else "" if value is None else text_of(value))
    return "".join(pieces)


def _uniques(plan: Plan, case: Case, inputs: Mapping[str, Value]) -> tuple[Unique, ...]:
    taken = []
    for key in plan.workflow.unique:
        values = tuple(case.data.get(name) for name in key)
        if None not in values and not inputs.keys().isdisjoint(key):
            taken.append(Unique(case.id, case.workflow, key, values))
    return tuple(taken)
