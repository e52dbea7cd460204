"""What a well-formed definition means and misses: everything that can be known before a case runs."""

from __future__ import annotations

from partybuild_flow.checks.conditions import Conditions
from partybuild_flow.checks.ensured import check_ensured
from partybuild_flow.checks.examples import check_examples
from partybuild_flow.checks.findings import Findings
from partybuild_flow.checks.flows import check_flows
from partybuild_flow.checks.guards import Guards, check_guards
from partybuild_flow.checks.lifecycle import check_lifecycle
from partybuild_flow.checks.overlaps import check_hidden, check_overlaps
from partybuild_flow.checks.rows import check_rows
from partybuild_flow.checks.rules import check_rules
from partybuild_flow.checks.shares import check_shares
from partybuild_flow.checks.sources import check_sources
from partybuild_flow.checks.unused import check_unused
from partybuild_flow.checks.witnesses import Witnesses
from partybuild_flow.definition import Workflow
from partybuild_flow.problems import Problem

__all__ = ["check"]


def check(workflow: Workflow) -> tuple[Problem, ...]:
    """The problems of a definition that reads well, errors and warnings, in file order. Pure.

    Two conditions exclude each other where that can be proven; where it cannot, they are told to
    meet only with facts for which both were evaluated; what is neither is not told. A set of
    parameters that was not chosen is checked in its place: what is wrong only with it is told so.
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
    check_rules(workflow, conditions, witnesses, findings)
    check_ensured(workflow, findings)
    check_shares(workflow, conditions, findings)
    check_examples(workflow, findings)
    check_unused(workflow, findings)
    check_sources(workflow, findings)
    check_flows(workflow, findings)
    if workflow.chosen_set is None:
        _check_sets(workflow, findings)
    return findings.in_order()


def _check_sets(workflow: Workflow, findings: Findings) -> None:
    told = {(problem.code, problem.position) for problem in findings.in_order()}
    for name, values in workflow.sets.items():
        placed = {
            id_: each.model_copy(update={"position": workflow.parameters[id_].position})
            for id_, each in values.items()
        }
        update = {"parameters": {**workflow.parameters, **placed}, "chosen_set": name}
        for problem in check(workflow.model_copy(update=update)):
            if (problem.code, problem.position) not in told and problem.code != "PF257":
                findings.add_with_set(name, problem)
