"""Where a feature's workflows are, and their definitions, read once for all scenarios that use them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from partybuild_flow.engine.library import Library

FEATURES: Final = "features"
WORKFLOWS: Final = "workflows"
_NAMED: Final = re.compile(r"^\s*#\s*(?:workflows|流程目录)\s*[:：]\s*(\S.*?)\s*$", re.MULTILINE)


def named_in(text: str) -> str | None:
    """The folder that a comment of a feature names, as in `# workflows: ../../examples/helpdesk`."""
    matched = _NAMED.search(text)
    return matched[1] if matched else None


def workflows_above(path: Path) -> Path | None:
    """The nearest folder `workflows` with a workflow in it that stands in a folder above this path."""
    found = (folder / WORKFLOWS for folder in path.parents)
    return next((each for each in found if _holds_workflow(each)), None)


def stands_beside(feature: Path, workflows: Path) -> bool:
    """Whether a feature lies in the folder `features` beside these workflows."""
    return (workflows.parent / FEATURES) in feature.parents


def _holds_workflow(folder: Path) -> bool:
    return any(folder.glob("*/workflow.yaml")) or (folder / "workflow.yaml").exists()


class Definitions:
    """The definitions of some folders: read, checked and planned when a scenario first needs them."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self.folders = tuple(folders)
        self._libraries: dict[tuple[tuple[str, str], ...], Library] = {}

    def library(self, parameters: Mapping[str, str] | None = None) -> Library:
        """The definitions with these sets of parameters, by workflow.

        Raises:
            WorkflowInvalid: with the problems of all of them.
        """
        from partybuild_flow.engine.library import Library
        from partybuild_flow.store.memory import MemoryStore

        chosen = tuple(sorted((parameters or {}).items()))
        if chosen not in self._libraries:
            self._libraries[chosen] = Library(self.folders, MemoryStore(), parameters)
        return self._libraries[chosen]
