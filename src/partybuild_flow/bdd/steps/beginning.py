"""Steps that say what there is to begin with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from partybuild_flow.bdd.failing import StepFailed
from partybuild_flow.bdd.scene import Scene
from partybuild_flow.bdd.steps.attempts import attempt, must_happen, settle
from partybuild_flow.bdd.steps.said import Said, data_of, field_of
from partybuild_flow.bdd.written import items, value_of
from partybuild_flow.feel import Value

PERSON: Final = ("人员", "办理人", "person", "actor", "who")
UNIT: Final = ("单位", "unit")
ROLES: Final = ("角色", "role", "roles")

NAME: Final = ("记为", "as")
BY: Final = ("由", "by")
AT_UNIT: Final = ("于", "at")
WITH_EVENT: Final = ("起于", "event")
ON: Final = ("发生在", "on")


def cell(row: dict[str, str], names: tuple[str, ...]) -> str | None:
    """The cell under one of these headings, taken out of the row."""
    for name in names:
        if name in row:
            return row.pop(name).strip() or None
    return None


def _now(scene: Scene, said: Said) -> None:
    scene.at(said["moment"])


def _actor(scene: Scene, said: Said) -> None:
    scene.person(said["actor"], *items(said["roles"]), at=said["unit"])


def _no_role(scene: Scene, said: Said) -> None:
    scene.person(said["actor"])


def _people(scene: Scene, said: Said) -> None:
    for row in said.rows:
        name, unit, roles = (cell(row, names) for names in (PERSON, UNIT, ROLES))
        if name is None:
            raise StepFailed("no-column", column=PERSON[0] if said.language == "zh-CN" else PERSON[3])
        scene.person(name, *items(roles or ""), at=unit or "")


def _parameter_set(scene: Scene, said: Said) -> None:
    scene.parameters(said["set"], said.get("workflow"))


def _look_up(scene: Scene, said: Said) -> None:
    asked = tuple(items(said["asked"])) if "asked" in said else ()
    scene.answer(said["look_up"], said["answer"] or None, *asked)


def _lots(scene: Scene, said: Said) -> None:
    try:
        numbers = [int(each) for each in items(said["lots"])]
    except ValueError:
        raise StepFailed("bad-lots", written=said["lots"]) from None
    scene.lots(*numbers)


def _start(scene: Scene, said: Said) -> None:
    settle(scene)
    data = said.data(scene.workflow(said["workflow"]), scene)
    with attempt(scene):
        scene.start(
            said["workflow"],
            data,
            by=said["actor"],
            unit=said.get("unit"),
            event=said.get("event"),
            at=said.get("at"),
            key=said.get("key"),
            name=said.get("name"),
        )


def _start_rows(scene: Scene, said: Said) -> None:
    settle(scene)
    workflow = scene.workflow(said["workflow"])
    for number, row in enumerate(said.rows, 1):
        name, by, unit, event, on = (cell(row, each) for each in (NAME, BY, AT_UNIT, WITH_EVENT, ON))
        by = by or said.get("actor")
        if by is None:
            raise StepFailed("no-column", column=BY[0] if said.language == "zh-CN" else BY[1])
        with must_happen(scene, number, said.language):
            scene.start(
                said["workflow"],
                data_of(workflow, row, scene),
                by=by,
                unit=unit or said.get("unit"),
                event=event,
                at=on,
                name=name,
            )


def _name_by_field(scene: Scene, said: Said) -> None:
    workflow = scene.workflow(said["workflow"])
    field = field_of(workflow, said["field"])
    wanted = value_of(field, said["value"], scene.names)

    def meant(data: Mapping[str, Value], _: str) -> bool:
        return data.get(field.id) == wanted

    _call_one(scene, workflow.id, said, meant)


def _name_by_unit(scene: Scene, said: Said) -> None:
    _call_one(scene, scene.workflow(said["workflow"]).id, said, lambda _, unit: unit == said["unit"])


def _call_one(
    scene: Scene, workflow: str, said: Said, meant: Callable[[Mapping[str, Value], str], bool]
) -> None:
    found = [each for each in scene.engine.cases(workflow=workflow) if meant(each.data, each.unit)]
    if len(found) != 1:
        raise StepFailed("not-one", count=len(found), cases=tuple(each.id for each in found[:9]))
    scene.call(found[0].id, said["name"])


def _name_latest(scene: Scene, said: Said) -> None:
    workflow = scene.workflow(said["workflow"])
    begun = [each.case for each in scene.entries if each.case.workflow == workflow.id and each.sequence == 1]
    if not begun:
        raise StepFailed("not-one", count=0, cases=())
    scene.call(begun[-1].id, said["name"])


def _about(scene: Scene, said: Said) -> None:
    scene.about(said["case"])


STEPS: Final[Mapping[str, Callable[[Scene, Said], None]]] = {
    "now": _now,
    "actor": _actor,
    "no-role": _no_role,
    "people": _people,
    "parameter-set": _parameter_set,
    "look-up": _look_up,
    "lots": _lots,
    "start": _start,
    "start-rows": _start_rows,
    "name-by-field": _name_by_field,
    "name-by-unit": _name_by_unit,
    "name-latest": _name_latest,
    "about": _about,
}
"""By the key of the sentence."""
