"""Who may read a case, and what of it is hidden from a reader."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from partybuild_flow.case import Actor, Case
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

    Whoever began a case sees what is personal in it, but not what is sensitive.
    """
    if reader is None or holds_role(workflow, case, reader, units):
        return values
    own = reader.id == case.started_by
    hidden = {
        field.id
        for field in workflow.fields.values()
        if field.personal == "sensitive" or (field.personal and not own)
    }
    return {name: MASK if name in hidden and value is not None else value for name, value in values.items()}
