"""States that no case reaches or finishes from, events that nobody sends, deadlines that nobody heeds."""

from __future__ import annotations

from collections.abc import Iterable

from partybuild_flow.case import CLOCK
from partybuild_flow.checks.findings import Findings
from partybuild_flow.checks.graph import Graph, graph_of, leaves_of, source_leaves
from partybuild_flow.definition import Deadline, State, Workflow


def check_lifecycle(workflow: Workflow, findings: Findings) -> None:
    """Note what is wrong with the ways through a workflow's states."""
    graph = graph_of(workflow)
    if not graph.entries:
        # Without a start nothing is reachable: saying so of each state would bury the one mistake.
        findings.add("PF231", workflow.position)
    else:
        _check_reached(workflow, graph, findings)
    _check_finished(workflow, graph, findings)
    _check_senders(workflow, findings)
    for deadline in workflow.deadlines.values():
        _check_deadline(workflow, graph, deadline, findings)


def _check_reached(workflow: Workflow, graph: Graph, findings: Findings) -> None:
    missed = [leaf for leaf in graph.leaves if leaf not in graph.before]
    entered = {after for leaf in graph.leaves for after in graph.following[leaf]} | set(graph.entries)
    for state in _outermost(workflow, missed):
        never_entered = not state.children and state.id not in entered
        code = "PF234" if never_entered and state.id in graph.finals else "PF230"
        findings.add(code, state.position, state=state.name)


def _check_finished(workflow: Workflow, graph: Graph, findings: Findings) -> None:
    if not graph.finals:
        findings.add("PF233", workflow.position)
        return
    for trap in graph.traps:
        path = min((graph.path_to(leaf) for leaf in trap), key=len)
        state = next(each for each in _outermost(workflow, trap) if path[-1] in workflow.leaves(each.id))
        names = " → ".join(workflow.states[leaf].name for leaf in path)
        findings.add("PF232", state.position, state=state.name, path=names)


def _outermost(workflow: Workflow, leaves: Iterable[str]) -> list[State]:
    """The states that stand for these leaves, outer ones first: a compound state for all leaves inside."""
    rest = set(leaves)
    found: list[State] = []
    for state in sorted(workflow.states.values(), key=lambda state: _depth(workflow, state)):
        inside = workflow.leaves(state.id)
        if rest.issuperset(inside):
            found.append(state)
            rest.difference_update(inside)
    return found


def _depth(workflow: Workflow, state: State) -> int:
    return 1 + _depth(workflow, workflow.states[state.parent]) if state.parent else 0


def _check_senders(workflow: Workflow, findings: Findings) -> None:
    """An event that only the clock sends, though no deadline fires it."""
    fired = {deadline.fires for deadline in workflow.deadlines.values()}
    for event, name in workflow.events.items():
        transitions = [each for each in workflow.transitions if each.event == event]
        by_clock = all(by.role == CLOCK for each in transitions for by in each.by)
        if transitions and by_clock and event not in fired:
            findings.add("PF235", transitions[0].position, event=name)


def _check_deadline(workflow: Workflow, graph: Graph, deadline: Deadline, findings: Findings) -> None:
    leaves = leaves_of(workflow, deadline.states)
    if graph.entries and not any(leaf in graph.before for leaf in leaves):
        findings.add("PF236", deadline.position, deadline=deadline.name)
    elif deadline.fires is not None:
        accepting = {
            leaf
            for each in workflow.transitions
            if each.event == deadline.fires and any(by.role == CLOCK for by in each.by)
            for leaf in source_leaves(workflow, each)
        }
        if accepting.isdisjoint(leaves):
            states = tuple(findings.state(state) for state in deadline.states)
            event = workflow.events[deadline.fires]
            findings.add("PF237", deadline.position, deadline=deadline.name, event=event, states=states)
