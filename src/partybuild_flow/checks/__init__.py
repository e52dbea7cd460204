"""What a well-formed definition means and misses: everything that can be known before a case runs."""

from __future__ import annotations

from partybuild_flow.checks.conditions import Conditions
from partybuild_flow.checks.examples import check_examples
from partybuild_flow.checks.findings import Findings
from partybuild_flow.checks.guards import Guards, check_guards
from partybuild_flow.checks.lifecycle import check_lifecycle
from partybuild_flow.checks.overlaps import check_hidden, check_overlaps
from partybuild_flow.checks.rows import check_rows, check_rules
from partybuild_flow.checks.unused import check_unused
from partybuild_flow.checks.witnesses import Witnesses
from partybuild_flow.definition import Workflow
from partybuild_flow.problems import Problem

__all__ = ["check"]


def check(workflow: Workflow) -> tuple[Problem, ...]:
    """The problems of a definition that reads well, errors and warnings, in file order. Pure.

    Two conditions exclude each other where that can be proven; where it cannot, they are told to
    meet only with facts for which both were evaluated; what is neither is not told.
    """
    findings = Findings(workflow)
    conditions = Conditions(workflow)
    witnesses = Witnesses(workflow, conditions)
    check_lifecycle(workflow, findings)
    guards = Guards(workflow, conditions)
    idle = check_guards(workflow, guards, findings)
    check_overlaps(workflow, guards, idle, witnesses, findings)
    check_hidden(workflow, guards, findings)
    check_rows(workflow, conditions, witnesses, findings)
    check_rules(workflow, conditions, findings)
    check_examples(workflow, findings)
    check_unused(workflow, findings)
    return findings.in_order()
