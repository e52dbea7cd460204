"""Steps that say what happens."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from partybuild_flow.bdd.failing import StepFailed
from partybuild_flow.bdd.passing import after, before
from partybuild_flow.bdd.scene import Scene
from partybuild_flow.bdd.steps.attempts import attempt, must_happen, settle
from partybuild_flow.bdd.steps.beginning import ON, PERSON, cell
from partybuild_flow.bdd.steps.said import Said, data_of, deadline_of
from partybuild_flow.bdd.written import length

if TYPE_CHECKING:
    from partybuild_flow.definition import Workflow

CASE: Final = ("事项", "case")


def _send(scene: Scene, said: Said) -> None:
    settle(scene)
    workflow = _workflow(scene, said.get("case"))
    with attempt(scene):
        scene.send(
            said["event"],
            said.data(workflow, scene),
            by=said["actor"],
            case=said.get("case"),
            at=said.get("at"),
            key=said.get("key"),
            expected_revision=int(said["revision"]) if said["revision"] else None,
        )


def _send_text(scene: Scene, said: Said) -> None:
    settle(scene)
    if said.long is None:
        raise StepFailed("no-text")
    with attempt(scene):
        scene.send(said["event"], {said["field"]: said.long}, by=said["actor"], case=said.get("case"))


def _send_rows(scene: Scene, said: Said) -> None:
    settle(scene)
    for number, row in enumerate(said.rows, 1):
        case = cell(row, CASE)
        if case is None:
            raise StepFailed("no-column", column=CASE[0] if said.language == "zh-CN" else CASE[1])
        data = data_of(_workflow(scene, case), row, scene)
        with must_happen(scene, number, said.language):
            scene.send(said["event"], data, by=said["actor"], case=case)


def _send_people(scene: Scene, said: Said) -> None:
    settle(scene)
    for number, row in enumerate(said.rows, 1):
        by, on = cell(row, PERSON), cell(row, ON)
        if by is None:
            raise StepFailed("no-column", column=PERSON[0] if said.language == "zh-CN" else PERSON[3])
        case = cell(row, CASE) or said.get("case")
        data = data_of(_workflow(scene, case), row, scene)
        with must_happen(scene, number, said.language):
            scene.send(said["event"], data, by=by, case=case, at=on)


def _ask(scene: Scene, said: Said) -> None:
    settle(scene)
    data = said.data(_workflow(scene, said.get("case")), scene)
    scene.ask(said["event"], data, by=said["actor"], case=said.get("case"))


def _correct(scene: Scene, said: Said) -> None:
    settle(scene)
    data = said.data(_workflow(scene, said.get("case")), scene)
    with attempt(scene):
        scene.correct(data, reason=said["reason"], by=said["actor"], case=said.get("case"))


def _time(scene: Scene, said: Said) -> None:
    settle(scene)
    scene.come(said["moment"])


def _pass(scene: Scene, said: Said) -> None:
    settle(scene)
    scene.wait(said["term"])


def _time_due(scene: Scene, said: Said) -> None:
    settle(scene)
    case = scene.case(said.get("case"))
    deadline = deadline_of(scene.engine.workflow_of(case), said["deadline"])
    due = next((each.due_at for each in case.deadlines if each.deadline == deadline.id), None)
    if due is None:
        raise StepFailed("deadline.idle", deadline=deadline.name)
    for name, moved in (("before", before), ("after", after)):
        if said[name]:
            due = moved(due, length(said[name]), scene.calendar)
    scene.come(due)


def _workflow(scene: Scene, case: str | None) -> Workflow:
    return scene.engine.workflow_of(scene.case(case))


STEPS: Final[Mapping[str, Callable[[Scene, Said], None]]] = {
    "send": _send,
    "send-text": _send_text,
    "send-rows": _send_rows,
    "send-people": _send_people,
    "ask": _ask,
    "correct": _correct,
    "time": _time,
    "pass": _pass,
    "time-due": _time_due,
}
"""By the key of the sentence."""
