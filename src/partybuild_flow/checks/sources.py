"""Where the numbers of a definition come from: a threshold without a source cannot be answered for."""

from __future__ import annotations

from typing import Final

from partybuild_flow.checks.findings import Findings
from partybuild_flow.definition import Workflow

_ANSWERED_FOR: Final = ("number", "duration", "term")


def check_sources(workflow: Workflow, findings: Findings) -> None:
    """Note every number and term among the parameters that does not say where it comes from."""
    for parameter in workflow.parameters.values():
        if parameter.source is None and parameter.type.kind in _ANSWERED_FOR:
            findings.add("PF257", parameter.position, parameter=parameter.name)
