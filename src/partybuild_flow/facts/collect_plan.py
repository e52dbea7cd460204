"""The `collect` of a transition made ready to run, from its definition."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from partybuild_flow.facts.collecting import Collecting, key_of
from partybuild_flow.facts.correcting import REASON
from partybuild_flow.facts.reads import expressions_in
from partybuild_flow.facts.scalars import Convert
from partybuild_flow.feel import compile_value

if TYPE_CHECKING:
    from partybuild_flow.definition import Transition, Workflow


def collecting_of(
    transition: Transition, roles: tuple[str, ...], conversions: Mapping[str, Convert]
) -> Collecting | None:
    """What a transition collects; `roles` are the demands of its `by`, `conversions` those of the fields."""
    collect = transition.collect
    if collect is None:
        return None
    brought = frozenset(need.field for need in transition.needs)
    return Collecting(
        event=transition.event,
        key=key_of(transition.event),
        way=collect.way,
        value=compile_value(collect.value) if collect.value else None,
        agreeing=frozenset(collect.agreeing),
        asked=tuple(compile_value(each) for each in collect.asked),
        roles=roles if collect.each_role else (),
        recused=tuple(compile_value(each) for each in collect.recused),
        at_least=compile_value(collect.at_least) if collect.at_least else None,
        ratio=compile_value(collect.ratio) if collect.ratio else None,
        beyond=collect.beyond,
        trim_from=compile_value(collect.trim_from) if collect.trim_from else None,
        decimals=collect.decimals,
        sealed=collect.sealed,
        into=collect.into,
        convert=conversions[collect.into] if collect.into else None,
        own=brought if collect.sealed else brought & (collect.value.reads if collect.value else frozenset()),
        leaves=bool(transition.targets),
        reads=frozenset(name for each in expressions_in(collect) for name in each.reads) - brought,
    )


def guarded_names(workflow: Workflow, personal: frozenset[str]) -> frozenset[str]:
    """The names under which marks of personal values are kept and read, the reasons for correcting such, and
    what look-ups answer that are asked with them."""
    correct = workflow.correct
    told = correct is not None and not personal.isdisjoint(need.field for need in correct.needs)
    found: set[str] = {REASON} if told else set()
    for transition in workflow.transitions:
        if transition.collect and not personal.isdisjoint(need.field for need in transition.needs):
            found |= {transition.event, key_of(transition.event)}
    found |= {each.id for each in workflow.look_ups.values() if not personal.isdisjoint(each.inputs)}
    return frozenset(found)
