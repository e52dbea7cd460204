"""What callers may catch.

FlowError
├── WorkflowInvalid(problems)         a written definition cannot be used
├── EventRefused(decision)            the event may not happen now; nothing was written
├── CaseNotFound(case_id)
├── CaseChanged(expected, found)      somebody else was faster; load again and resend
├── DmnError                          a DMN model cannot be read, or has no such decision
└── StoreError                        the storage failed; the cause is kept
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from partybuild_flow.problems import Problem


class Refusal(Protocol):
    """The part of a decision that a message needs."""

    @property
    def sentence(self) -> str:
        """Why the event was refused, and what is possible instead."""


class FlowError(Exception):
    """Anything that partybuild_flow reports to its caller."""


class WorkflowInvalid(FlowError):
    """A written definition has problems; `problems` lists all of them in file order."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class EventRefused(FlowError):
    """The event may not happen now. `decision` says why; nothing was written."""

    def __init__(self, decision: Refusal) -> None:
        self.decision = decision
        super().__init__(decision)

    def __str__(self) -> str:
        return self.decision.sentence


class CaseNotFound(FlowError):
    """The store holds no case of this id, or none that the reader may see."""

    def __init__(self, case_id: str) -> None:
        self.case_id = case_id
        super().__init__(f"there is no case {case_id}")


class CaseChanged(FlowError):
    """The case was changed by somebody else since it was read."""

    def __init__(self, case_id: str, expected: int, found: int) -> None:
        self.case_id = case_id
        self.expected = expected
        self.found = found
        super().__init__(
            f"case {case_id} changed while you worked: you read revision {expected}, "
            f"it is now {found}; load it again and resend"
        )


class DmnError(FlowError):
    """A file is no DMN model that can be read, or the model has no decision of that name."""


class StoreError(FlowError):
    """The storage failed; nothing was half-written. The cause is kept as `__cause__`."""
