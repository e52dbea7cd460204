"""What a step says when it cannot be carried out, or when a promise is not kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from partybuild_flow.messages import Language, sentence

if TYPE_CHECKING:
    from pytest_bdd.parser import Step


_AS_THEY_ARE: Final = frozenset(("near", "asked"))


class StepFailed(AssertionError):
    """A step failed; `code` and `data` are its sentence in the catalogue of messages.

    `step` is the step to blame where it is not the one that noticed.
    """

    def __init__(self, code: str, *, step: Step | None = None, **data: object) -> None:
        self.code = code
        self.step = step
        self.data = data
        super().__init__(self.sentence("en"))

    def sentence(self, language: Language) -> str:
        """What is wrong, in one sentence."""
        nothing = sentence("feature.nothing", language, {})
        data = {
            name: nothing if name not in _AS_THEY_ARE and value in ((), "") else value
            for name, value in self.data.items()
        }
        return sentence(f"feature.{self.code}", language, data)
