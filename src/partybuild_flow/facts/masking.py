"""Who may read a case, and what of it is hidden from a reader."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from partybuild_flow.case import Actor, Case
from partybuild_flow.facts.collecting import key_of
from partybuild_flow.feel import Value
from partybuild_flow.units import Units

if TYPE_CHECKING:
    from partybuild_flow.definition import Workflow

MASK: Final = "***"


def may_read(workflow: Workflow, case: Case, reader: Actor | None, units: Units) -> bool:
    """Whether this reader may see the case at all.

    The host itself (None) may; so may whoever began the case, and whoever holds one of the
    workflow's roles at the case's unit, above it, or at a unit that one of its fields holds.
    """
    return reader is None or reader.id == case.started_by or holds_role(workflow, case, reader, units)


def holds_role(workflow: Workflow, case: Case, reader: Actor, units: Units) -> bool:
    """Whether the reader holds a role of this workflow that reaches the case."""
    spellings = {spelling for role in workflow.roles.values() for spelling in (role.id, role.name)}
    at_fields = {by.field for transition in workflow.transitions for by in transition.by if by.field}
    reached = {case.unit, *(unit for name in at_fields if isinstance(unit := case.data.get(name), str))}
    return any(
        role in spellings and any(units.covers(held_at, unit) for unit in reached)
        for role, held_at in reader.roles
    )


def masked(
    workflow: Workflow, case: Case, values: Mapping[str, Value], reader: Actor | None, units: Units
) -> Mapping[str, Value]:
    """The values with personal fields hidden from a reader who holds no role over the case.

    Whoever began a case sees what is personal in it, but not what is sensitive. What is personal in
    other cases that were read is hidden from every reader: they see those cases by themselves.
    """
    if reader is None:
        return values
    if workflow.relations:
        values = _members_masked(workflow, values)
    if holds_role(workflow, case, reader, units):
        return values
    own = reader.id == case.started_by
    hidden = {
        field.id
        for field in workflow.fields.values()
        if field.personal == "sensitive" or (field.personal and not own)
    }
    hidden |= {
        name
        for each in workflow.transitions
        if each.collect and not hidden.isdisjoint(need.field for need in each.needs)
        for name in (each.event, key_of(each.event))
    }
    return {name: MASK if name in hidden and value is not None else value for name, value in values.items()}


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
