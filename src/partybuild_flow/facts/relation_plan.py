"""What the events of a definition have to do with other cases, known beforehand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from partybuild_flow.facts.reads import expressions_in_rules, expressions_of
from partybuild_flow.facts.relations import ReadyRelation, entries_read, ready_relation, relation_reads
from partybuild_flow.facts.sending import ReadyEffect, entries_chosen_by, ready_effect

if TYPE_CHECKING:
    from partybuild_flow.definition import Relation, SendEffect, Transition, Workflow

SENDS = "@sends"
"""Stands among the personal names of a plan where what is sent to other cases is personal there."""


def with_relations(workflow: Workflow, reads: set[str]) -> set[str]:
    """What is read, with what the relations among it read; a relation may read those before it."""
    found = set(reads)
    for relation in reversed(tuple(workflow.relations.values())):
        if relation.id in found:
            found |= relation_reads(relation)
    return found


def relations_of(
    workflow: Workflow, transitions: Iterable[Transition], reads: frozenset[str]
) -> tuple[ReadyRelation, ...]:
    """The relations that transitions read, in the order of the file, each with the entries that they read."""
    known = tuple(transitions)
    return tuple(
        ready_relation(relation, _entries(workflow, relation, known, reads))
        for relation in workflow.relations.values()
        if relation.id in reads
    )


def _entries(
    workflow: Workflow, relation: Relation, transitions: tuple[Transition, ...], reads: frozenset[str]
) -> frozenset[str]:
    expressions = [each for transition in transitions for each in expressions_of(transition)]
    rules = (*workflow.tables, *workflow.rule_sets)
    expressions += [each for name in rules if name in reads for each in expressions_in_rules(workflow, name)]
    for other in workflow.relations.values():
        expressions += [each.value for each in other.where]
    sends = [each for transition in transitions for each in _sends_to(transition, relation)]
    chosen = frozenset(entry for send in sends for entry in entries_chosen_by(send))
    return chosen | entries_read(relation, expressions)


def _sends_to(transition: Transition, relation: Relation) -> list[SendEffect]:
    from partybuild_flow.definition import SendEffect

    sends = (each for each in transition.sends if isinstance(each, SendEffect))
    return [each for each in sends if each.relation == relation.id]


def targets_of(transition: Transition) -> frozenset[str]:
    """The relations and the fields that say to whom a transition sends."""
    from partybuild_flow.definition import SendEffect

    sends = [each for each in transition.sends if isinstance(each, SendEffect)]
    return frozenset(target for each in sends for target in (each.relation, each.field) if target)


def effects_of(workflow: Workflow) -> Mapping[int, tuple[ReadyEffect, ...]]:
    """The effects on other cases made ready, by number of the transition."""
    return {
        each.number: tuple(ready_effect(effect) for effect in each.sends)
        for each in workflow.transitions
        if each.sends
    }


def personal_elsewhere(workflow: Workflow) -> frozenset[str]:
    """The relations of which something personal is read, and the mark of what is sent and personal there."""
    every = frozenset((*workflow.tables, *workflow.rule_sets))
    found = {
        relation.id
        for relation in workflow.relations.values()
        if relation.personal & _entries(workflow, relation, workflow.transitions, every)
    }
    sends = (effect for transition in workflow.transitions for effect in transition.sends)
    levels = (level for effect in sends for level in effect.protected.values())
    return frozenset(
        found | ({SENDS} if any(level in ("personal", "sensitive") for level in levels) else set())
    )
