"""Entries that the clock makes without an event: a warning, deadlines counted anew. Pure; the state stays."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from partybuild_flow.case import CLOCK_ACTOR, Actor, Case, Change, Effect, Entry, Facts, Running
from partybuild_flow.decide import GENERATED, NOT_FIRED, conclude
from partybuild_flow.facts import HOME, Due, Plan, run_timed
from partybuild_flow.facts.due_plan import RECOMPUTE, WARN
from partybuild_flow.facts.timing import WarnAt
from partybuild_flow.feel import Value, render_template
from partybuild_flow.messages import sentence


def warned(
    plan: Plan, case: Case, due: Due, running: Running, place: int, facts: Facts, recorded_at: datetime
) -> Change:
    """The entry of one warning of a deadline, by its place in the definition; `case` is as it was before."""
    timing = due.timing
    if timing is None:
        raise ValueError(f"{due.id} warns of nothing")
    warning, now = timing.warnings[place], facts.now
    others = {each.deadline: each for each in case.deadlines}
    given = running._replace(warned=running.warned | 1 << place)
    moved = run_timed(due, timing, given, case.data, now, others, fired=False)
    after = tuple(moved if each.deadline == running.deadline else each for each in case.deadlines)
    effect = _effect(plan, case, warning, running, facts)
    return _entry(plan, case, WARN, facts, after, recorded_at, deadline=running.deadline, effects=(effect,))


def recomputed(plan: Plan, case: Case, now: datetime, recorded_at: datetime) -> Change | None:
    """The entry of all open deadlines counted anew; None if none is moved."""
    before = {each.deadline: each for each in case.deadlines}
    known = dict(before)
    for due in plan.running_in[case.state]:
        running = before.get(due.id)
        if due.timing is not None and running is not None and not running.fired:
            known[due.id] = run_timed(due, due.timing, running, case.data, now, known, fired=False)
    after = tuple(known[each.deadline] for each in case.deadlines)
    if after == case.deadlines:
        return None
    facts = Facts({}, {}, {}, now, CLOCK_ACTOR, (), {})
    return _entry(plan, case, RECOMPUTE, facts, after, recorded_at)


def due_text(due_at: datetime) -> str:
    """A due instant as people say it: midnight is the end of a day, 24:00."""
    local = due_at.astimezone(HOME)
    if (local.hour, local.minute, local.second) == (0, 0, 0):
        return f"{(local - timedelta(days=1)).date().isoformat()} 24:00"
    return local.strftime("%Y-%m-%d %H:%M:%S" if local.second else "%Y-%m-%d %H:%M")


def _effect(plan: Plan, case: Case, warning: WarnAt, running: Running, facts: Facts) -> Effect:
    values: Mapping[str, Value] = facts.values
    if warning.message.after:
        values, _, _, _ = conclude(warning.message.after, values, NOT_FIRED, GENERATED)
    (notice,) = warning.message.notices
    language = plan.workflow.language
    if notice.text:
        text = render_template(notice.text, values, language)
    else:
        name = plan.workflow.deadlines[running.deadline].name
        due = due_text(running.due_at) if running.due_at else ""
        text = sentence("deadline.warning", language, {"deadline": name, "due": due})
    told = case.data.get(notice.to)
    return Effect(WARN, told if isinstance(told, str) else notice.to, text)


def _entry(
    plan: Plan,
    case: Case,
    event: str,
    facts: Facts,
    deadlines: tuple[Running, ...],
    recorded_at: datetime,
    *,
    deadline: str | None = None,
    effects: tuple[Effect, ...] = (),
) -> Change:
    after = case._replace(revision=case.revision + 1, deadlines=deadlines, changed_at=facts.now, head="")
    actor: Actor = facts.actor
    entry = Entry(
        case=after,
        event=event,
        transition=0,
        outcome="",
        deadline=deadline,
        actor=actor,
        occurred_at=facts.now,
        source=case.state,
        target=case.state,
        facts=facts.values,
        inputs=(),
        settings={},
        standing=facts.standing,
        fired=(),
        evaluator=GENERATED,
        effects=effects,
        deadlines=deadlines,
        recorded_at=recorded_at,
    )
    return Change(entry, (), plan.personal)
