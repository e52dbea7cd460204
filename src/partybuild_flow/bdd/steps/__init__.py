"""What each sentence of the library does to the scene, by its key."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from partybuild_flow.bdd.library import find
from partybuild_flow.bdd.scene import Scene
from partybuild_flow.bdd.steps import beginning, counted, happening, promised, standing
from partybuild_flow.bdd.steps.said import Said

STEPS: Final[Mapping[str, Callable[[Scene, Said], None]]] = {
    **beginning.STEPS,
    **happening.STEPS,
    **standing.STEPS,
    **promised.STEPS,
    **counted.STEPS,
}
"""A function for every sentence."""


def carry_out(scene: Scene, said: Said) -> None:
    """Carry out a step of the library. Raises StepFailed."""
    found = find(said.text)
    if found is None:
        raise LookupError(said.text)
    STEPS[found.sentence.key](scene, said.with_values(found.values))


__all__ = ["STEPS", "Said", "carry_out"]
