"""Steps that say how a case must stand: its state, its data, its deadlines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from partybuild_flow.bdd.failing import StepFailed
from partybuild_flow.bdd.scene import Scene
from partybuild_flow.bdd.steps.beginning import cell
from partybuild_flow.bdd.steps.happening import CASE
from partybuild_flow.bdd.steps.said import Said, deadline_of, field_of, state_ids
from partybuild_flow.bdd.telling import seen_due, seen_value
from partybuild_flow.bdd.written import items, moment, value_of
from partybuild_flow.case import Case, Running
from partybuild_flow.facts import MASK
from partybuild_flow.messages import SEPARATORS

if TYPE_CHECKING:
    from partybuild_flow.definition import Deadline, Workflow

STATE: Final = ("状态", "state")


def expect_state(scene: Scene, case: Case, wanted: str) -> None:
    """Raises StepFailed where the case is not in this state or one inside it."""
    workflow = scene.engine.workflow_of(case)
    if case.state not in state_ids(workflow, wanted):
        raise StepFailed("state", case=case.id, wanted=wanted, state=workflow.states[case.state].name)


def expect_value(scene: Scene, case: Case, name: str, written: str, said: Said) -> None:
    """Raises StepFailed where the field does not hold this value."""
    field = field_of(scene.engine.workflow_of(case), name)
    value = case.data.get(field.id)
    wanted = value_of(field, written, scene.names)
    # An empty cell says no value, and an empty list is none to read.
    if wanted != value and not (wanted in (None, []) and value in (None, [])):
        # A report is read by whoever runs the features.
        told = MASK if field.personal and value is not None else seen_value(value, said.language)
        raise StepFailed("field", case=case.id, field=field.name, wanted=written, value=told)


def expect_same(wanted: Iterable[str], found: Iterable[str], code: str, said: Said, **data: Any) -> None:
    """Raises StepFailed where two lists of names differ."""
    one, other = list(wanted), list(found)
    if one != other:
        between = SEPARATORS[said.language]
        raise StepFailed(code, wanted=between.join(one), found=between.join(other), **data)


def open_deadlines(scene: Scene, case: Case) -> list[Running]:
    """The deadlines of a case that are still to come."""
    return [
        each for each in case.deadlines if not each.fired and (each.due_at is None or each.due_at > scene.now)
    ]


def _state(scene: Scene, said: Said) -> None:
    expect_state(scene, scene.case(said.get("case")), said["state"])


def _state_not(scene: Scene, said: Said) -> None:
    case = scene.case(said.get("case"))
    if case.state in state_ids(scene.engine.workflow_of(case), said["state"]):
        raise StepFailed("state-not", case=case.id, state=said["state"])


def _field(scene: Scene, said: Said) -> None:
    expect_value(scene, scene.case(said.get("case")), said["field"], said["value"], said)


def _field_not(scene: Scene, said: Said) -> None:
    case = scene.case(said.get("case"))
    field = field_of(scene.engine.workflow_of(case), said["field"])
    if value_of(field, said["value"], scene.names) == case.data.get(field.id):
        raise StepFailed("field-not", case=case.id, field=field.name, value=said["value"])


def _field_empty(scene: Scene, said: Said) -> None:
    expect_value(scene, scene.case(said.get("case")), said["field"], "", said)


def _data(scene: Scene, said: Said) -> None:
    case = scene.case(said.get("case"))
    for name, written in said.pairs.items():
        expect_value(scene, case, name, written, said)


def _cases(scene: Scene, said: Said) -> None:
    for row in said.rows:
        name, state = cell(row, CASE), cell(row, STATE)
        if name is None:
            raise StepFailed("no-column", column=CASE[0] if said.language == "zh-CN" else CASE[1])
        case = scene.case(name)
        if state is not None:
            expect_state(scene, case, state)
        for field, written in row.items():
            expect_value(scene, case, field, written, said)


def _unit(scene: Scene, said: Said) -> None:
    case = scene.case(said.get("case"))
    if case.unit != said["unit"]:
        raise StepFailed("unit", case=case.id, wanted=said["unit"], unit=case.unit)


def _deadline(scene: Scene, said: Said) -> None:
    _, deadline, running = _running(scene, said)
    if running is None:
        raise StepFailed("deadline.idle", deadline=deadline.name)
    if running.due_at != moment(said["moment"]):
        told = seen_due(running.due_at, said.language)
        raise StepFailed("deadline", deadline=deadline.name, wanted=said["moment"], due=told)


def _deadline_idle(scene: Scene, said: Said) -> None:
    _, deadline, running = _running(scene, said)
    if running is not None:
        told = seen_due(running.due_at, said.language)
        raise StepFailed("deadline.runs", deadline=deadline.name, due=told)


def _deadline_paused(scene: Scene, said: Said) -> None:
    _, deadline, running = _running(scene, said)
    if running is None:
        raise StepFailed("deadline.idle", deadline=deadline.name)
    if not (running.pauses and running.pauses[-1][1] is None):
        told = seen_due(running.due_at, said.language)
        raise StepFailed("deadline.runs", deadline=deadline.name, due=told)


def _deadline_provisional(scene: Scene, said: Said) -> None:
    _, deadline, running = _running(scene, said)
    if running is None:
        raise StepFailed("deadline.idle", deadline=deadline.name)
    if not running.provisional:
        raise StepFailed("deadline.firm", deadline=deadline.name)


def _deadlines(scene: Scene, said: Said) -> None:
    case = scene.case(said.get("case"))
    workflow = scene.engine.workflow_of(case)
    wanted = {deadline_of(workflow, each).name for each in items(said["deadlines"])}
    found = {workflow.deadlines[each.deadline].name for each in open_deadlines(scene, case)}
    expect_same(sorted(wanted), sorted(found), "deadlines", said)


def _running(scene: Scene, said: Said) -> tuple[Workflow, Deadline, Running | None]:
    case = scene.case(said.get("case"))
    workflow = scene.engine.workflow_of(case)
    deadline = deadline_of(workflow, said["deadline"])
    found = [each for each in open_deadlines(scene, case) if each.deadline == deadline.id]
    return workflow, deadline, found[0] if found else None


STEPS: Final[Mapping[str, Callable[[Scene, Said], None]]] = {
    "state": _state,
    "state-not": _state_not,
    "field": _field,
    "field-not": _field_not,
    "field-empty": _field_empty,
    "data": _data,
    "cases": _cases,
    "unit": _unit,
    "deadline": _deadline,
    "deadline-idle": _deadline_idle,
    "deadline-paused": _deadline_paused,
    "deadline-provisional": _deadline_provisional,
    "deadlines": _deadlines,
}
"""By the key of the sentence."""
