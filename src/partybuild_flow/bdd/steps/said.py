"""A step as it is said: its values, and what stands below it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Self

from partybuild_flow.bdd.failing import StepFailed
from partybuild_flow.bdd.near import or_near
from partybuild_flow.bdd.written import data_object, pairs, raw, rows
from partybuild_flow.messages import Language

if TYPE_CHECKING:
    from partybuild_flow.bdd.scene import Scene
    from partybuild_flow.definition import Deadline, Field, Workflow


@dataclass(frozen=True, slots=True)
class Said:
    """One step of a scenario; indexing it gives the value of that name, `""` where it was left out."""

    text: str
    table: Sequence[Sequence[str]] = ()
    long: str | None = None
    language: Language = "en"
    values: Mapping[str, str] = field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, "")

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def get(self, name: str) -> str | None:
        """The value of a part that may have been left out."""
        return self.values.get(name) or None

    def with_values(self, values: Mapping[str, str]) -> Self:
        """The step with the values that the library has found in it."""
        return replace(self, values=values)

    @property
    def pairs(self) -> dict[str, str]:
        """The table below as names and values."""
        return pairs(self.table)

    @property
    def rows(self) -> list[dict[str, str]]:
        """The table below as rows under a heading."""
        return rows(self.table)

    def data(self, workflow: Workflow, scene: Scene) -> dict[str, object]:
        """The data below: a table of two columns, or the names and values of a doc string."""
        if self.long is not None:
            return dict(data_object(self.long))
        return data_of(workflow, self.pairs, scene)


def data_of(workflow: Workflow, cells: Mapping[str, str], scene: Scene) -> dict[str, object]:
    """What cells send, by the name of their field; an empty cell sends nothing. Unknown names are left to the engine."""
    return {
        name: raw(find_field(workflow, name), cell, scene.names)
        for name, cell in cells.items()
        if cell.strip()
    }


def find_field(workflow: Workflow, name: str) -> Field | None:
    """A field by its name or id."""
    return next((each for each in workflow.fields.values() if name in (each.name, each.id)), None)


def field_of(workflow: Workflow, name: str) -> Field:
    """A field by its name or id. Raises StepFailed."""
    found = find_field(workflow, name)
    if found is None:
        near = or_near(name, [each.name for each in workflow.fields.values()])
        raise StepFailed("unknown-field", workflow=workflow.name, field=name, near=near)
    return found


def deadline_of(workflow: Workflow, name: str) -> Deadline:
    """A deadline by its name or id. Raises StepFailed."""
    for each in workflow.deadlines.values():
        if name in (each.name, each.id):
            return each
    near = or_near(name, [each.name for each in workflow.deadlines.values()])
    raise StepFailed("unknown-deadline", workflow=workflow.name, deadline=name, near=near)


def state_ids(workflow: Workflow, name: str) -> tuple[str, ...]:
    """The leaf states that a state, by its name or id, is or holds. Raises StepFailed."""
    for each in workflow.states.values():
        if name in (each.name, each.id):
            return workflow.leaves(each.id)
    near = or_near(name, [each.name for each in workflow.states.values()])
    raise StepFailed("unknown-state", workflow=workflow.name, state=name, near=near)


def event_id(workflow: Workflow, name: str) -> str:
    """An event by its name or id. Raises StepFailed."""
    for identity, title in workflow.events.items():
        if name in (title, identity):
            return identity
    near = or_near(name, workflow.events.values())
    raise StepFailed("unknown-event", workflow=workflow.name, event=name, near=near)
