from __future__ import annotations

from collections.abc import Mapping

from hypothesis import assume, given, settings

from partybuild_flow.checks.boxes import TooManyBoxesError, meeting
from partybuild_flow.checks.conditions import Conditions
from partybuild_flow.checks.witnesses import Question, Witnesses
from partybuild_flow.feel import Node, Value, evaluate
from tests.unit.test_checks_conditions import FACTS, SIMPLE_CONDITIONS, WORKFLOW, parsed


def _true_for(text: str, facts: dict[str, Value]) -> Node:
    """A condition that these facts meet: what is written, or its contrary, or that it has no value."""
    tree = parsed(text).tree
    value = evaluate(tree, facts)
    return tree if value is True else parsed(f"not({text})" if value is False else f"({text}) = null").tree


@settings(deadline=None, max_examples=150)
@given(SIMPLE_CONDITIONS, SIMPLE_CONDITIONS, FACTS)
def test_where_two_conditions_hold_together_facts_for_it_are_found_and_both_hold_for_them(
    one: str, other: str, facts: dict[str, Value]
) -> None:
    trees = [_true_for(text, facts) for text in (one, other)]

    def hold(facts: Mapping[str, Value]) -> bool:
        return all(evaluate(tree, facts) is True for tree in trees)

    assert hold(facts)
    conditions = Conditions(WORKFLOW)
    search = Witnesses(WORKFLOW, conditions)
    nodes = tuple(conditions.settled(tree) for tree in trees)
    try:
        region = meeting(conditions.where(node) for node in nodes)
    except TooManyBoxesError:
        assume(False)
    choice = search.find(Question(nodes, region, frozenset(), hold))
    assert choice is not None
    found = search.facts(choice, ())
    assert found is not None
    assert hold(found)
