"""Steps that say what the rates of a workflow come to, over all cases of the scenario."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from partybuild_flow.bdd.failing import StepFailed
from partybuild_flow.bdd.near import or_near
from partybuild_flow.bdd.scene import Scene
from partybuild_flow.bdd.steps.said import Said

if TYPE_CHECKING:
    from partybuild_flow.engine import Share

NONE: Final = ("无", "none")
"""What is written where no case counts."""


def _rate(scene: Scene, said: Said) -> None:
    share = _share(scene, said)
    found = f"{share.numerator}/{share.denominator}" if share.denominator else ""
    wanted = said["share"].replace(" ", "")
    if (wanted in NONE and found) or (wanted not in NONE and wanted != found):
        raise StepFailed("rate", rate=share.name, wanted=said["share"], found=found)


def _met(scene: Scene, said: Said) -> None:
    _expect(scene, said, met=True)


def _not_met(scene: Scene, said: Said) -> None:
    _expect(scene, said, met=False)


def _expect(scene: Scene, said: Said, *, met: bool) -> None:
    share = _share(scene, said)
    if share.met is not met:
        asked = "" if share.at_least is None else f"{(share.at_least * 100).normalize():f} %"
        found = f"{share.numerator}/{share.denominator}" if share.denominator else ""
        raise StepFailed("rate-met", rate=share.name, asked=asked, found=found)


def _share(scene: Scene, said: Said) -> Share:
    """A rate over all cases and units."""
    workflow = scene.workflow(said.get("workflow"))
    shares = scene.engine.rates(workflow.id)
    for each in shares:
        if said["rate"] in (each.rate, each.name):
            return each
    names = [each.name for each in shares]
    raise StepFailed("unknown-rate", rate=said["rate"], near=or_near(said["rate"], names))


STEPS: Final[Mapping[str, Callable[[Scene, Said], None]]] = {
    "rate": _rate,
    "rate-met": _met,
    "rate-not-met": _not_met,
}
"""By the key of the sentence."""
