"""What must be true for a transition to be taken, and guards that hold never or always."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from partybuild_flow.checks.boxes import Region, TooManyBoxesError, meeting
from partybuild_flow.checks.conditions import Conditions
from partybuild_flow.checks.findings import Findings
from partybuild_flow.checks.witnesses import Choice, Question, Witnesses
from partybuild_flow.definition import Transition, Workflow
from partybuild_flow.feel import BOOLEAN, TEXT, Node, Value, evaluate
from partybuild_flow.feel.tree import Constant, In
from partybuild_flow.messages import Phrase


class Guards:
    """The conditions of a workflow's transitions: the guard, and that `decide` names one of the ways."""

    def __init__(self, workflow: Workflow, conditions: Conditions) -> None:
        self._conditions = conditions
        self._originals = {each.number: _conditions_of(each) for each in workflow.transitions}
        self._settled = {
            number: tuple(conditions.settled(each) for each in nodes)
            for number, nodes in self._originals.items()
        }

    def unconditional(self, transition: Transition) -> bool:
        """Whether no expression keeps a transition from being taken."""
        return not self._settled[transition.number]

    def never_together(self, *transitions: Transition) -> bool:
        """Whether it is proven that no facts let all of these be taken."""
        try:
            return not self._region(transitions)
        except TooManyBoxesError:
            return False

    def unknown(self, *transitions: Transition) -> bool:
        """Whether the budget does not suffice to say where all of these are taken."""
        try:
            self._region(transitions)
        except TooManyBoxesError:
            return True
        return False

    def always(self, transition: Transition) -> bool:
        """Whether it is proven that the guard of a transition holds whatever the facts."""
        guard = self._settled[transition.number][0]
        try:
            return not meeting(
                (self._conditions.present(required(transition)), self._conditions.where(guard, exactly=False))
            )
        except TooManyBoxesError:
            return False

    def example(self, transitions: tuple[Transition, ...], witnesses: Witnesses) -> Choice | None:
        """Facts for which all of these transitions would be taken; None if none were found."""
        originals = [node for each in transitions for node in self._originals[each.number]]

        def hold(facts: Mapping[str, Value]) -> bool:
            return all(evaluate(node, facts) is True for node in originals)

        nodes = tuple(node for each in transitions for node in self._settled[each.number])
        try:
            region = self._region(transitions)
        except TooManyBoxesError:
            region = ({},)
        present = frozenset(field for each in transitions for field in required(each))
        return witnesses.find(Question(nodes, region, present, hold)) if region else None

    def _region(self, transitions: Iterable[Transition]) -> Region:
        parts: list[Region] = []
        for each in transitions:
            parts.append(self._conditions.present(required(each)))
            parts += [self._conditions.where(node) for node in self._settled[each.number]]
        return meeting(parts)


def check_guards(workflow: Workflow, guards: Guards, findings: Findings) -> frozenset[int]:
    """Note guards that hold never or always; the numbers of the transitions that are never taken."""
    idle: set[int] = set()
    for transition in workflow.transitions:
        if transition.when is None:
            continue
        data = {"event": transition.event_name, "guard": transition.when.text}
        if guards.never_together(transition):
            idle.add(transition.number)
            findings.add("PF246", transition.position, **data)
        elif guards.always(transition):
            findings.add("PF247", transition.position, **data)
        elif guards.unknown(transition):
            reasons = Phrase("unchecked-guard")
            findings.add("PF348", transition.position, event=transition.event_name, reasons=reasons)
    return frozenset(idle)


def required(transition: Transition) -> frozenset[str]:
    """The fields that the event must bring."""
    return frozenset(need.field for need in transition.needs if not need.optional)


def accepted(transition: Transition) -> frozenset[str]:
    """The fields that the event may bring."""
    return frozenset(need.field for need in transition.needs)


def _conditions_of(transition: Transition) -> tuple[Node, ...]:
    guard = [transition.when.tree] if transition.when else []
    if transition.decide is None:
        return tuple(guard)
    outcome = transition.decide.tree
    ways = tuple(Constant(outcome.span, TEXT, way) for way in transition.targets)
    return (*guard, In(outcome.span, BOOLEAN, outcome, ways, (False,) * len(ways)))
