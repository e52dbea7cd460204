"""Who may read a case, and what of it is hidden from a reader.

The host itself, a reader of None, sees everything. What is personal in other cases that were read is
hidden from every other reader: they see those cases by themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from partybuild_flow.case import Actor, Case
from partybuild_flow.facts.collecting import key_of
from partybuild_flow.facts.quoting import quoting_outputs
from partybuild_flow.feel import Value, text_of
from partybuild_flow.units import Units

if TYPE_CHECKING:
    from partybuild_flow.definition import Field, Workflow
    from partybuild_flow.facts.plan import Plan

MASK: Final = "***"

STRANGER: Final = Actor("")
"""Whoever is given what anybody may have: every case, and nothing personal of it."""


def may_read(plan: Plan, case: Case, reader: Actor | None, units: Units) -> bool:
    """Whether this reader may see the case at all.

    Whoever began the case may, whoever holds one of the workflow's roles at the case's unit, above it, or
    at a unit that one of its fields holds, and whom a field holds to whom something is shown. From whom
    the case is hidden may not, whatever else he is.
    """
    if reader is None or reader is STRANGER:
        return True
    if is_hidden_from(plan, case, reader, units):
        return False
    if reader.id == case.started_by or holds_role(plan.workflow, case, reader, units):
        return True
    return bool(plan.shown_to) and _is_among(reader, case, plan.shown_to)


def is_hidden_from(plan: Plan, case: Case, reader: Actor, units: Units) -> bool:
    """Whether the workflow hides the whole case from this reader."""
    hidden_from = plan.workflow.hidden_from
    return bool(hidden_from) and _is_kept_from(plan.workflow, hidden_from, case, reader, units)


def holds_role(workflow: Workflow, case: Case, reader: Actor, units: Units) -> bool:
    """Whether the reader holds a role of this workflow that reaches the case."""
    return bool(held_roles(workflow, case, reader, units))


def held_roles(workflow: Workflow, case: Case, reader: Actor, units: Units) -> frozenset[str]:
    """The ids of the workflow's roles that this reader holds where they reach the case."""
    if not reader.roles:
        return frozenset()
    ids = {spelling: role.id for role in workflow.roles.values() for spelling in (role.name, role.id)}
    at_fields = {by.field for transition in workflow.transitions for by in transition.by if by.field}
    reached = {case.unit, *(unit for name in at_fields if isinstance(unit := case.data.get(name), str))}
    return frozenset(
        ids[role]
        for role, held_at in reader.roles
        if role in ids and any(units.covers(held_at, unit) for unit in reached)
    )


def hidden_names(plan: Plan, case: Case, reader: Actor | None, units: Units) -> frozenset[str]:
    """The names, of fields and of what is collected, whose values this reader is not shown."""
    if reader is None or not plan.personal:
        return frozenset()
    workflow = plan.workflow
    held = held_roles(workflow, case, reader, units)
    concerned = reader.id == case.started_by or _is_among(reader, case, plan.persons)
    hidden = {
        field.id
        for field in workflow.fields.values()
        if field.personal and not _is_shown(plan, field, case, reader, units, held, concerned=concerned)
    }
    if not hidden:
        return frozenset()
    collects = {
        name
        for each in workflow.transitions
        if each.collect and not hidden.isdisjoint(need.field for need in each.needs)
        for name in (each.event, key_of(each.event))
    }
    answers = {each.id for each in workflow.look_ups.values() if not hidden.isdisjoint(each.inputs)}
    return frozenset(hidden | collects | answers)


def masked(plan: Plan, values: Mapping[str, Value], hidden: frozenset[str]) -> Mapping[str, Value]:
    """The values with those of hidden names, and all that is personal in other cases, masked."""
    if plan.workflow.relations:
        values = _members_masked(plan.workflow, values)
    values = _outputs_masked(plan, values, hidden)
    if not hidden or hidden.isdisjoint(values):
        return values
    return {name: MASK if name in hidden and value is not None else value for name, value in values.items()}


def hidden_texts(
    plan: Plan, kept: Iterable[Mapping[str, Value]], hidden: frozenset[str], reader: Actor | None
) -> frozenset[str]:
    """What fields that this reader is not shown hold, as texts: what else repeats one of them is masked as well.

    His own id is none of them, nor are choices: everybody knows them from the definition.
    """
    fields = plan.workflow.fields
    names = [name for name in hidden if name in fields and fields[name].kind != "choice"]
    found: set[str] = set()
    waiting = [values.get(name) for values in kept for name in names] if names else []
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
        elif isinstance(value, Decimal):
            found.add(format(value, "f"))
        elif value is not None and not isinstance(value, bool):
            found.add(value if isinstance(value, str) else text_of(value))
    return frozenset(found - {MASK, "" if reader is None else reader.id})


def repeats(text: str, texts: frozenset[str]) -> bool:
    """Whether a text repeats one of these; single characters do not count."""
    return any(len(each) > 1 and each in text for each in texts)


def without_people(case: Case, texts: frozenset[str]) -> Case:
    """The case without the ids of people that stand in fields whose values are hidden."""
    if not texts:
        return case
    done = case.done
    if done:
        done = {event: tuple(MASK if each in texts else each for each in ids) for event, ids in done.items()}
    started_by = MASK if case.started_by in texts else case.started_by
    return case._replace(started_by=started_by, done=done)


def nameless(plan: Plan, values: Mapping[str, Value], texts: frozenset[str]) -> Mapping[str, Value]:
    """The values without those ids where no field holds them: who acted, who gave a mark."""
    if not texts:
        return values
    fields = plan.workflow.fields
    return {name: value if name in fields else _replaced(value, texts) for name, value in values.items()}


def _replaced(value: Value, texts: frozenset[str]) -> Value:
    if isinstance(value, str):
        return MASK if value in texts else value
    if isinstance(value, list):
        return [_replaced(each, texts) for each in value]
    if isinstance(value, dict):
        return {name: _replaced(each, texts) for name, each in value.items()}
    return value


def held_by(value: Value) -> tuple[str, ...]:
    """The persons or units that a field's value names."""
    return tuple(each for each in (value if isinstance(value, list) else (value,)) if isinstance(each, str))


def _is_shown(
    plan: Plan,
    field: Field,
    case: Case,
    reader: Actor,
    units: Units,
    held: frozenset[str],
    *,
    concerned: bool,
) -> bool:
    if field.hidden_from and _is_kept_from(plan.workflow, field.hidden_from, case, reader, units):
        return False
    if case.data.get(field.id) == reader.id and field.kind == "person":
        return True
    if field.seen_by:
        return not held.isdisjoint(field.seen_by) or _is_among(reader, case, field.seen_by)
    if field.personal == "personal":
        return bool(held) or concerned
    needing = plan.needing.get(field.id)
    return bool(held) if not needing else not held.isdisjoint(needing)


def _is_among(reader: Actor, case: Case, fields: Iterable[str]) -> bool:
    """Whether one of these fields holds the reader as a person."""
    return any(reader.id in held_by(case.data.get(name)) for name in fields)


def _is_kept_from(workflow: Workflow, fields: Iterable[str], case: Case, reader: Actor, units: Units) -> bool:
    """Whether the reader is the person that one of the fields holds, or has a role at the unit or below it."""
    for name in fields:
        field = workflow.fields[name]
        for value in held_by(case.data.get(name)):
            if "unit" not in (field.kind, field.item):
                if reader.id == value:
                    return True
            elif value and any(units.covers(value, held_at) for _, held_at in reader.roles):
                return True
    return False


def _outputs_masked(plan: Plan, values: Mapping[str, Value], hidden: frozenset[str]) -> Mapping[str, Value]:
    """The values without what tables and rule sets have concluded from what is hidden."""
    workflow = plan.workflow
    personal = hidden | (plan.personal & workflow.relations.keys())
    if not personal:
        return values
    concluded: dict[str, Value] = {}
    for name in (*workflow.tables, *workflow.rule_sets):
        outputs = values.get(name)
        if isinstance(outputs, dict):
            quoting = quoting_outputs(workflow, name, personal)
            concluded[name] = {
                output: MASK if output in quoting and value is not None else value
                for output, value in outputs.items()
            }
    return {**values, **concluded} if concluded else values


def _members_masked(workflow: Workflow, values: Mapping[str, Value]) -> Mapping[str, Value]:
    hidden = dict(values)
    for relation in workflow.relations.values():
        members = values.get(relation.id)
        if relation.personal and isinstance(members, list):
            hidden[relation.id] = [_member_masked(member, relation.personal) for member in members]
    return hidden


def _member_masked(member: Value, personal: frozenset[str]) -> Value:
    if not isinstance(member, dict):
        return member
    return {
        entry: MASK if entry in personal and value is not None else value for entry, value in member.items()
    }
