"""Transitions of one event that can hold at once, and outer ones that inner ones keep from ever being tried.

An inner transition is tried before an outer one, and a limited one before what follows when its
limit is spent: that is meant. What is told are two ways out of one state that nothing but their
order tells apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from partybuild_flow.case import ANYONE, UNATTENDED
from partybuild_flow.checks.findings import Findings
from partybuild_flow.checks.graph import source_leaves
from partybuild_flow.checks.guards import Guards, accepted, required
from partybuild_flow.checks.witnesses import Witnesses
from partybuild_flow.definition import By, Transition, Workflow
from partybuild_flow.messages import Phrase

Pair = tuple[Transition, Transition]


def check_overlaps(
    workflow: Workflow, guards: Guards, idle: frozenset[int], witnesses: Witnesses, findings: Findings
) -> None:
    """Note transitions that can hold at once; the `idle` ones never do."""
    stopped = False
    for (first, second), source in _pairs(workflow):
        if not idle.isdisjoint((first.number, second.number)) or not _compete(first, second):
            continue
        data = {"event": second.event_name, "place": findings.state(source), "line": first.position.line}
        if guards.unconditional(first) and guards.unconditional(second):
            findings.add("PF238", second.position, **data)
        elif (choice := guards.example((first, second), witnesses)) is not None:
            findings.add("PF239", second.position, **data, example=witnesses.told(choice))
        elif witnesses.spent and not stopped and not guards.never_together(first, second):
            stopped = True
            reasons = Phrase("unchecked-search", {"line": first.position.line})
            findings.add("PF348", second.position, event=second.event_name, reasons=reasons)


def check_hidden(workflow: Workflow, guards: Guards, findings: Findings) -> None:
    """Note outer transitions that are never tried, because inner ones take the event wherever they could."""
    unique = frozenset(field for key in workflow.unique for field in key)
    for outer in workflow.transitions:
        hiding: dict[int, None] = {}
        for leaf in source_leaves(workflow, outer):
            inner = next(
                (
                    each
                    for each in _inside(workflow, outer, leaf)
                    if _unasked(each, guards, unique) and _takes_all(each, outer)
                ),
                None,
            )
            if inner is None:
                break
            hiding.setdefault(inner.position.line)
        else:
            if hiding:
                findings.add("PF249", outer.position, event=outer.event_name, lines=tuple(hiding))


def _pairs(workflow: Workflow) -> Iterator[tuple[Pair, str]]:
    """Transitions of one event that leave a leaf from one level, with the state of that level; each once."""
    levels: dict[tuple[str, str, str], list[Transition]] = {}
    for transition in workflow.transitions:
        if transition.starts:
            levels.setdefault((transition.event, "", ""), []).append(transition)
        for leaf in source_leaves(workflow, transition):
            level = _level(workflow, transition, leaf)
            levels.setdefault((transition.event, leaf, level), []).append(transition)
    seen: set[tuple[int, int]] = set()
    for (_, _, level), transitions in levels.items():
        for first, second in combinations(transitions, 2):
            if (first.number, second.number) not in seen:
                seen.add((first.number, second.number))
                yield (first, second), level


def _level(workflow: Workflow, transition: Transition, leaf: str) -> str:
    """The innermost state at or around a leaf from which a transition leaves it."""
    return next(state for state in _outward(workflow, leaf) if state in transition.sources)


def _outward(workflow: Workflow, leaf: str) -> Iterator[str]:
    at: str | None = leaf
    while at is not None:
        yield at
        at = workflow.states[at].parent


def _compete(first: Transition, second: Transition) -> bool:
    """Whether one actor with one set of data may meet both, as far as `by`, `needs` and `limit` say."""
    if first.limit is not None and second.limit is None:
        return False
    if not (required(first) <= accepted(second) and required(second) <= accepted(first)):
        return False
    return any(_same(one, other) for one in first.by for other in second.by)


def _same(one: By, other: By) -> bool:
    """Whether the demands are alike: one role at one place, or anyone. Different roles tell ways apart."""
    if one.role in UNATTENDED or other.role in UNATTENDED:
        return one.role == other.role
    if ANYONE in (one.role, other.role):
        return True
    return (one.role, one.field) == (other.role, other.field)


def _inside(workflow: Workflow, outer: Transition, leaf: str) -> Iterator[Transition]:
    """The transitions of the same event that leave a leaf from inside the state that the outer one leaves."""
    level = _level(workflow, outer, leaf)
    inside: set[str] = set()
    for state in _outward(workflow, leaf):
        if state == level:
            break
        inside.add(state)
    for each in workflow.transitions:
        if each.event == outer.event and not inside.isdisjoint(each.sources):
            yield each


def _unasked(transition: Transition, guards: Guards, unique: frozenset[str]) -> bool:
    """Whether a transition depends on nothing but who sends the event."""
    return (
        guards.unconditional(transition)
        and transition.limit is None
        and not (transition.not_by or transition.settings or transition.collect or required(transition))
        and unique.isdisjoint(accepted(transition))
    )


def _takes_all(inner: Transition, outer: Transition) -> bool:
    """Whether the inner transition suits everybody and all data that suit the outer one."""
    return accepted(outer) <= accepted(inner) and all(
        any(_meets(demand, offered) for offered in inner.by) for demand in outer.by
    )


def _meets(one: By, other: By) -> bool:
    """Whether whoever meets the first demand meets the second."""
    if other.role == ANYONE:
        return one.role not in UNATTENDED
    return (one.role, one.field) == (other.role, other.field)
