"""What the look-ups of a scenario answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from partybuild_flow.bdd.failing import StepFailed
from partybuild_flow.feel import Value, text_of

if TYPE_CHECKING:
    from partybuild_flow.definition import Workflow


class Answers:
    """Answers by look-up (id or name) and by what is asked; one without inputs answers whatever is asked."""

    def __init__(self) -> None:
        self._given: dict[str, dict[tuple[str, ...], object]] = {}

    def add(self, look_up: str, answer: object, asked: Iterable[str]) -> None:
        """Take an answer; a later one to the same question wins."""
        self._given.setdefault(look_up, {})[tuple(asked)] = answer

    def look_ups(self, workflows: Iterable[Workflow]) -> Mapping[str, Callable[..., object]]:
        """A function for every look-up of the workflows. What was not said fails the step that asks."""
        return {
            look_up.id: self._asking(look_up.id, look_up.name)
            for workflow in workflows
            for look_up in workflow.look_ups.values()
        }

    def _asking(self, identity: str, name: str) -> Callable[..., object]:
        def ask(*asked: Value) -> object:
            told = tuple("" if value is None else _plain(value) for value in asked)
            for spelling in (name, identity):
                given = self._given.get(spelling, {})
                for question in (told, ()):
                    if question in given:
                        return given[question]
            raise StepFailed("no-answer", look_up=name, asked="、".join(told))

        return ask


def _plain(value: Value) -> str:
    return value if isinstance(value, str) else text_of(value)
