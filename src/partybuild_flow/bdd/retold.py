"""An accepted decision, made anew from the entry it has left: facts and state are all it takes."""

from __future__ import annotations

from collections.abc import Sequence

from partybuild_flow.case import Entry, Facts
from partybuild_flow.decide import Decision, completed, decide, decide_step
from partybuild_flow.facts import Plan


def decision_of(plan: Plan, entries: Sequence[Entry], entry: Entry) -> Decision:
    """The decision that made this entry, which is one of the entries kept in order."""
    case = entry.case
    before = case._replace(state=entry.source, revision=0, data={}, done={}, deadlines=())
    for each in entries:
        if each is entry:
            break
        if each.case.id == case.id:
            before = each.case
    facts = Facts(
        values=entry.facts,
        inputs={name: entry.facts[name] for name in entry.inputs},
        faults={},
        now=entry.occurred_at,
        actor=entry.actor,
        standing=entry.standing,
        holders={},
    )
    if plan.correction is not None and entry.transition == plan.correction.candidates[0].number:
        return decide_step(plan, plan.correction, before, entry.event, facts)
    decision = decide(plan, before, entry.event, facts)
    if (before.state, entry.event) not in plan.steps or decision.target == entry.target:
        return decision
    # Marks may have become complete without another one.
    return completed(plan, before, entry.event, facts) or decision
