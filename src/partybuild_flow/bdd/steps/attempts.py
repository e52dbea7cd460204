"""Events that may be refused: a refusal is kept until a step asks about it, and fails the scenario if none does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from partybuild_flow.bdd.failing import StepFailed
from partybuild_flow.bdd.scene import Scene
from partybuild_flow.errors import CaseChanged, EventRefused
from partybuild_flow.messages import Language


@contextmanager
def attempt(scene: Scene) -> Iterator[None]:
    """What is tried here may be refused."""
    try:
        yield
    except (EventRefused, CaseChanged):
        scene.unasked = scene.step


@contextmanager
def must_happen(scene: Scene, row: int, language: Language) -> Iterator[None]:
    """What is done here for a row of a table must not be refused. Raises StepFailed."""
    try:
        yield
    except (EventRefused, CaseChanged):
        told = scene.refusal.sentence(language) if scene.refusal else ""
        raise StepFailed("row-refused", row=row, refusal=told) from None


def settle(scene: Scene) -> None:
    """Fail for a refusal that no step has asked about. Raises StepFailed, which blames the refused step."""
    step, scene.unasked = scene.unasked, None
    if step is not None and scene.refusal is not None:
        raise StepFailed("refused", step=step, refusal=scene.refusal.sentence())
