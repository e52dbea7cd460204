"""Entries that erase personal values: who or which deadline did it, and why. Pure; the state stays."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from partybuild_flow.apply import moved_deadlines
from partybuild_flow.case import Actor, Case, Change, Entry
from partybuild_flow.decide import GENERATED
from partybuild_flow.errors import FlowError
from partybuild_flow.facts import Plan, hidden_texts, repeats
from partybuild_flow.facts.correcting import REASON
from partybuild_flow.facts.due_plan import ERASE, ERASED


def erasure(
    plan: Plan,
    case: Case,
    names: frozenset[str],
    reason: str,
    by: Actor,
    now: datetime,
    recorded_at: datetime,
    *,
    deadline: str | None = None,
) -> Change:
    """The change that erases these names of a case; `deadline` is the one that does it, where the clock acts."""
    gone = {name: None for name, value in case.data.items() if name in names and value is not None}
    data = {**case.data, **gone}
    moved = moved_deadlines(plan, case, case.state, data, now, deadline) if plan.dues else None
    after = case._replace(
        revision=case.revision + 1,
        data=data,
        deadlines=case.deadlines if moved is None else moved,
        changed_at=now,
        head="",
    )
    entry = Entry(
        case=after,
        event=ERASE,
        transition=0,
        outcome="",
        deadline=deadline,
        actor=by,
        occurred_at=now,
        source=case.state,
        target=case.state,
        facts={ERASED: sorted(names), REASON: reason},
        inputs=(),
        settings=gone,
        standing=(),
        fired=(),
        evaluator=GENERATED,
        effects=(),
        deadlines=moved,
        recorded_at=recorded_at,
    )
    return Change(entry, (), plan.personal - {REASON})


def personal_ids(plan: Plan, fields: Iterable[str]) -> tuple[str, ...]:
    """The ids of personal fields by either name. Raises FlowError for one that is none."""
    found = []
    for written in fields:
        identity = plan.inputs[written][0] if written in plan.inputs else ""
        if identity not in plan.personal:
            known = [each.name for each in plan.workflow.fields.values() if each.personal]
            raise FlowError(f"{written!r} is no personal field; known: {', '.join(known) or 'none'}")
        found.append(identity)
    return tuple(found)


def tells_of(plan: Plan, names: frozenset[str], case: Case, entries: Iterable[Entry], reason: str) -> bool:
    """Whether a reason repeats a value that is erased under these names."""
    kept = (values for each in entries for values in (each.facts, each.settings))
    return repeats(reason, hidden_texts(plan, (case.data, *kept), names, None))


def is_left(names: frozenset[str], case: Case, entries: Iterable[Entry], *, texts: bool) -> bool:
    """Whether a case or its entries still hold values under these names, or `texts` of notices."""
    if any(case.data.get(name) is not None for name in names):
        return True
    return any(
        any(values.get(name) is not None for values in (entry.facts, entry.settings) for name in names)
        or (texts and any(effect.text for effect in entry.effects))
        for entry in entries
        if entry.transition or entry.event != ERASE
    )
