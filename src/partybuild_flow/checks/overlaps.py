"""Transitions of one event that can hold at once, and guards that hold never or always.

An inner transition is tried before an outer one, and a limited one before what follows when its
limit is spent: that is meant. What is told are two ways out of one state among which only their order decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations

from partybuild_flow.checks.boxes import Region, TooManyBoxesError, meeting
from partybuild_flow.checks.conditions import Conditions
from partybuild_flow.checks.findings import Findings
from partybuild_flow.checks.graph import source_leaves
from partybuild_flow.checks.witnesses import Question, Witnesses
from partybuild_flow.definition import ANYONE, CLOCK, By, Transition, Workflow
from partybuild_flow.feel import BOOLEAN, TEXT, Node, Value, evaluate
from partybuild_flow.feel.tree import Constant, In

Pair = tuple[Transition, Transition]


class _Guards:
    """The conditions of a workflow's transitions, each settled once."""

    def __init__(self, workflow: Workflow, conditions: Conditions) -> None:
        self._conditions = conditions
        self._nodes: dict[int, tuple[Node, ...]] = {}
        self.when = {
            each.number: conditions.settled(each.when.tree) for each in workflow.transitions if each.when is not None
        }

    def nodes(self, transition: Transition) -> tuple[Node, ...]:
        """What must be true for a transition to be taken: its guard, and that its way is one of those it names."""
        number = transition.number
        if number not in self._nodes:
            found = [self.when[number]] if number in self.when else []
            if transition.decide is not None:
                ways = tuple(Constant((0, 0), TEXT, way) for way in transition.targets)
                found.append(In((0, 0), BOOLEAN, self._conditions.settled(transition.decide.tree), ways))
            self._nodes[number] = tuple(found)
        return self._nodes[number]

    def holds_unasked(self, transition: Transition) -> bool:
        """Whether a transition depends on nothing but who sends the event."""
        return (
            not self.nodes(transition)
            and transition.limit is None
            and not transition.not_by
            and not transition.settings
            and not _required(transition)
        )


def check_transitions(workflow: Workflow, conditions: Conditions, witnesses: Witnesses, findings: Findings) -> None:
    """Note guards that hold never or always, and transitions that can hold at once or are never reached."""
    guards = _Guards(workflow, conditions)
    idle = {each.number for each in workflow.transitions if _check_guard(each, guards, conditions, findings)}
    by_pair = {pair: source for pair, source in _pairs(workflow)}
    for (first, second), source in by_pair.items():
        if not idle.isdisjoint((first.number, second.number)) or not _compete(first, second):
            continue
        _check_pair(workflow, (first, second), source, guards, conditions, witnesses, findings)
    _check_hidden(workflow, guards, findings)


def _check_guard(transition: Transition, guards: _Guards, conditions: Conditions, findings: Findings) -> bool:
    """Note a guard that never holds, or always; whether it never does."""
    if transition.when is None:
        return False
    node, data = guards.when[transition.number], {"event": transition.event_name, "guard": transition.when.text}
    present = conditions.present(_required(transition))
    try:
        if not meeting((present, conditions.where(node))):
            findings.add("PF246", transition.position, **data)
            return True
        if not meeting((present, conditions.where(node, exactly=False))):
            findings.add("PF247", transition.position, **data)
    except TooManyBoxesError:
        pass  # nothing is known, so nothing is claimed
    return False


def _check_pair(
    workflow: Workflow,
    pair: Pair,
    source: str,
    guards: _Guards,
    conditions: Conditions,
    witnesses: Witnesses,
    findings: Findings,
) -> None:
    first, second = pair
    state = workflow.states[source].name if source else ""
    data = {"event": second.event_name, "state": state, "line": first.position.line}
    nodes = (*guards.nodes(first), *guards.nodes(second))
    if not nodes:
        findings.add("PF238", second.position, **data)
        return
    present = _required(first) | _required(second)
    try:
        region: Region = meeting((conditions.present(present), *(conditions.where(node) for node in nodes)))
    except TooManyBoxesError:
        region = ({},)
    originals = [tree for each in pair for tree in _originals(each)]

    def hold(facts: Mapping[str, Value]) -> bool:
        return all(evaluate(tree, facts) is True for tree in originals)

    if region and (choice := witnesses.find(Question(nodes, region, present, hold))) is not None:
        findings.add("PF239", second.position, **data, example=witnesses.told(choice))


def _originals(transition: Transition) -> list[Node]:
    """The conditions as the engine evaluates them."""
    found = [transition.when.tree] if transition.when else []
    if transition.decide is not None:
        ways = tuple(Constant((0, 0), TEXT, way) for way in transition.targets)
        found.append(In((0, 0), BOOLEAN, transition.decide.tree, ways))
    return found


def _pairs(workflow: Workflow) -> Iterator[tuple[Pair, str]]:
    """Transitions of one event that leave one leaf from the same level, with the state they leave; each pair once."""
    levels: dict[tuple[str, str, str], dict[int, Transition]] = {}
    for transition in workflow.transitions:
        if transition.starts:
            levels.setdefault((transition.event, "", ""), {})[transition.number] = transition
        for leaf in source_leaves(workflow, transition):
            level = _level(workflow, transition, leaf)
            levels.setdefault((transition.event, leaf, level), {})[transition.number] = transition
    seen: set[tuple[int, int]] = set()
    for (_, _, level), transitions in levels.items():
        for first, second in combinations(transitions.values(), 2):
            if (first.number, second.number) not in seen:
                seen.add((first.number, second.number))
                yield (first, second), level


def _level(workflow: Workflow, transition: Transition, leaf: str) -> str:
    """The innermost state around a leaf from which a transition leaves it."""
    at: str | None = leaf
    while at is not None and at not in transition.sources:
        at = workflow.states[at].parent
    return at or ""


def _compete(first: Transition, second: Transition) -> bool:
    """Whether one actor with one set of data may meet both, as far as `by`, `needs` and `limit` say."""
    if first.limit is not None and second.limit is None:
        return False
    if not (_required(first) <= _accepted(second) and _required(second) <= _accepted(first)):
        return False
    return any(_same(one, other) for one in first.by for other in second.by)


def _same(one: By, other: By) -> bool:
    """Whether whoever meets one demand meets the other: the same role at the same place, or anyone."""
    if CLOCK in (one.role, other.role):
        return one.role == other.role
    if ANYONE in (one.role, other.role):
        return True
    return (one.role, one.field) == (other.role, other.field)


def _required(transition: Transition) -> frozenset[str]:
    return frozenset(need.field for need in transition.needs if not need.optional)


def _accepted(transition: Transition) -> frozenset[str]:
    return frozenset(need.field for need in transition.needs)


def _check_hidden(workflow: Workflow, guards: _Guards, findings: Findings) -> None:
    """Outer transitions that are never tried, because an inner one takes the event wherever they could."""
    for outer in workflow.transitions:
        leaves = source_leaves(workflow, outer)
        inner = [
            next((each for each in _inside(workflow, outer, leaf) if _takes_all(each, outer, guards)), None)
            for leaf in leaves
        ]
        if leaves and all(inner):
            lines = tuple(dict.fromkeys(each.position.line for each in inner if each))
            findings.add("PF249", outer.position, event=outer.event_name, lines=lines)


def _inside(workflow: Workflow, outer: Transition, leaf: str) -> Iterator[Transition]:
    """The transitions of the same event that leave a leaf from a state inside that of the outer one."""
    inside = set(_up_to(workflow, leaf, _level(workflow, outer, leaf)))
    for each in workflow.transitions:
        if each.event == outer.event and each is not outer and not inside.isdisjoint(each.sources):
            yield each


def _up_to(workflow: Workflow, leaf: str, level: str) -> Iterable[str]:
    at: str | None = leaf
    while at is not None and at != level:
        yield at
        at = workflow.states[at].parent


def _takes_all(inner: Transition, outer: Transition, guards: _Guards) -> bool:
    """Whether an inner transition takes every event that the outer one could."""
    return (
        guards.holds_unasked(inner)
        and _accepted(outer) <= _accepted(inner)
        and all(any(_meets(demand, offered) for offered in inner.by) for demand in outer.by)
    )


def _meets(one: By, other: By) -> bool:
    """Whether whoever meets the first demand meets the second."""
    if other.role == ANYONE:
        return one.role != CLOCK
    return (one.role, one.field) == (other.role, other.field)
