"""The door by which pytest-bdd finds the library: one step, whose parser knows every sentence.

Loaded with the plugin, before any conftest.py, so that steps which adopters define go before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pytest

try:
    from pytest_bdd import step
    from pytest_bdd.parsers import StepParser
except ImportError:  # features are not run then, and plugin.py says so
    pass
else:
    if TYPE_CHECKING:
        from partybuild_flow.bdd.scene import Scene

    class LibraryParser(StepParser):
        """Tells pytest-bdd which steps the library knows."""

        def __init__(self) -> None:
            super().__init__("a step of partybuild_flow")

        def parse_arguments(self, name: str) -> dict[str, object] | None:
            """The step as a whole; its values are found when it is carried out."""
            return {"said": name} if self.is_matching(name) else None

        def is_matching(self, name: str) -> bool:
            """Whether the library has such a sentence."""
            from partybuild_flow.bdd.library import find

            return find(name) is not None

    @step(LibraryParser())
    def _(
        request: pytest.FixtureRequest,
        _flow_scene: Scene,
        said: str,
        datatable: Sequence[Sequence[str]] | None = None,
        docstring: str | None = None,
    ) -> None:
        from partybuild_flow.bdd.steps import Said, carry_out

        carry_out(
            _flow_scene, Said(said, datatable or (), docstring, getattr(request.node, "language", "en"))
        )
