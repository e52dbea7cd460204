"""What one pytest session remembers of features, from the first one to the report of coverage."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from partybuild_flow.bdd.definitions import Definitions

if TYPE_CHECKING:
    from partybuild_flow.bdd.coverage import Coverage


class State:
    """What one pytest session remembers of features."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.definitions: dict[tuple[Path, ...], Definitions] = {}
        self.told: dict[tuple[Path, ...], Path] = {}
        """The feature that has told the problems of its definitions."""
        self.left: list[Path] = []
        """Features that could not be collected, because pytest-bdd is not there."""
        self.tags: set[str] = set()
        self.covered: Coverage | None = None
        if covers(config):
            from partybuild_flow.bdd.coverage import Coverage

            self.covered = Coverage()

    def definitions_in(self, folders: tuple[Path, ...]) -> Definitions:
        """The definitions of some folders, read once a session."""
        return self.definitions.setdefault(folders, Definitions(folders))


STATE: Final = pytest.StashKey[State]()


def covers(config: pytest.Config) -> bool:
    """Whether coverage is asked for."""
    return bool(config.getoption("--flow-cover")) or config.getoption("--flow-cover-fail-under") is not None
