"""The problems that the checks find, each in the language of the file that it is about."""

from __future__ import annotations

from typing import Final

from partybuild_flow.definition import Workflow
from partybuild_flow.messages import Language, Phrase
from partybuild_flow.problems import Position, Problem, in_file_order
from partybuild_flow.reader.keywords import told_language

WARNINGS: Final = frozenset(
    {
        "PF240",
        "PF241",
        "PF242",
        "PF243",
        "PF244",
        "PF245",
        "PF247",
        "PF248",
        "PF249",
        "PF287",
        "PF257",
        "PF337",
        "PF340",
        "PF341",
        "PF345",
        "PF348",
        "PF374",
        "PF375",
        "PF376",
    }
)
"""Codes of what is likely a mistake, but does what it says."""


class Findings:
    """Problems of one workflow, as they are found."""

    def __init__(self, workflow: Workflow) -> None:
        self._workflow = workflow
        self._languages: dict[str, Language] = {}
        self._problems: list[Problem] = []

    def add(self, code: str, position: Position, **data: object) -> None:
        """Note a problem; the same one at the same place counts once."""
        severity = "warning" if code in WARNINGS else "error"
        language = self.language_at(position)
        self._problems.append(Problem(code, position, data, language, severity))  # type: ignore[arg-type]

    def add_with_set(self, name: str, problem: Problem) -> None:
        """Note a problem that there is only with a set of parameters."""
        data = {"set": name, "code": problem.code, "told": problem.sentence}
        self._problems.append(Problem("PF255", problem.position, data, problem.language, problem.severity))

    def language_at(self, position: Position) -> Language:
        """The language of the file that holds this position."""
        if position.path not in self._languages:
            texts = self._workflow.texts
            # Paths of texts lead from the workflow's folder, those of positions are as the caller gave them.
            own = max((path for path in texts if _ends_with(position.path, path)), key=len, default=None)
            told = told_language(texts[own]) if own is not None else None
            self._languages[position.path] = told or self._workflow.language
        return self._languages[position.path]

    def state(self, state: str) -> Phrase:
        """A state for a sentence; `""` is the start of a case."""
        return (
            Phrase("in-state", {"state": self._workflow.states[state].name}) if state else Phrase("at-start")
        )

    def in_order(self) -> tuple[Problem, ...]:
        """All problems by path, line and column."""
        return tuple(in_file_order(self._problems))


def _ends_with(path: str, inner: str) -> bool:
    plain = path.replace("\\", "/")
    return plain == inner or plain.endswith("/" + inner)
