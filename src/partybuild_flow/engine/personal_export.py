"""Everything that a store holds about one person, for that person, with what is personal to others masked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from partybuild_flow.case import Case, Entry
from partybuild_flow.explain import event_name
from partybuild_flow.facts import MASK, Plan
from partybuild_flow.facts.collecting import round_in
from partybuild_flow.facts.masking import held_by
from partybuild_flow.feel import Value

if TYPE_CHECKING:
    from partybuild_flow.definition import Field

Journal = Callable[[Case], list[Entry]]
"""The entries of a case as whoever asks may see them, oldest first."""

Hidden = Callable[[Plan, Case], frozenset[str]]
"""The names whose values the person is not shown."""

BEGAN, NAMED, ACTED = "began", "named", "acted"
"""How a person may have to do with a case."""


def personal_export(
    person: str, cases: Iterable[Case], plan_of: Callable[[str], Plan], journal: Journal, hidden: Hidden
) -> dict[str, object]:
    """What is kept of a person: each case with its names, how he has to do with it, its fields, what he did."""
    found = []
    for case in cases:
        plan = plan_of(case.definition)
        told = _case(person, case, plan, journal(case), hidden(plan, case))
        found += [told] if told is not None else []
    return {"person": person, "cases": found}


def _case(
    person: str, case: Case, plan: Plan, entries: list[Entry], hidden: frozenset[str]
) -> dict[str, object] | None:
    own = [entry for entry in entries if entry.actor.id == person]
    concerned = [BEGAN] if case.started_by == person else []
    if any(person in held_by(case.data.get(name)) for name in plan.persons):
        concerned.append(NAMED)
    if own or any(person in _givers(case, each.key) for each in plan.collects.values()):
        concerned.append(ACTED)
    told = [effect.text for entry in entries for effect in entry.effects if effect.to == person]
    if not concerned and not told:
        return None
    workflow = plan.workflow
    data = entries[-1].case.data if entries else case.data
    brought = {name: entry.facts.get(name) for entry in own for name in entry.inputs}
    is_own = BEGAN in concerned or NAMED in concerned
    fields = {
        field.name: value
        for field in workflow.fields.values()
        if (value := _seen(person, field, data, brought, hidden if is_own else None)) is not None
    }
    return {
        "case": case.id,
        "workflow": workflow.name,
        "state": workflow.states[case.state].name,
        "unit": case.unit,
        "as": concerned,
        "fields": fields,
        "events": [_event(plan, entry) for entry in own],
        "told": told,
    }


def _seen(
    person: str,
    field: Field,
    data: Mapping[str, Value],
    brought: Mapping[str, Value],
    hidden: frozenset[str] | None,
) -> Value:
    """The value of a field: his own, or of a case of his; None where it is not about him."""
    value = data.get(field.id)
    if value is None or (field.id in brought and brought[field.id] == value):
        return value
    if "person" in (field.kind, field.item) and person in held_by(value):
        others = field.personal is not None
        named: list[Value] = [MASK if others and each != person else each for each in held_by(value)]
        return named if isinstance(value, list) else value
    if hidden is None:
        return None
    of_others = field.personal is not None and "person" in (field.kind, field.item)
    return MASK if of_others or field.id in hidden else value


def _event(plan: Plan, entry: Entry) -> dict[str, object]:
    fields = plan.workflow.fields
    inputs = {fields[name].name: entry.facts.get(name) for name in entry.inputs if name in fields}
    language = plan.workflow.language
    return {
        "at": entry.occurred_at,
        "event": event_name(plan.workflow, entry.event, language),
        "fields": inputs,
    }


def _givers(case: Case, key: str) -> Iterator[str]:
    return (str(mark["actor"]) for mark in round_in(case.data, key).marks)
