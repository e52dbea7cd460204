"""A definition made ready to run: every expression compiled, and what each event reads known beforehand.

Made once for each definition; nothing in it changes afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from partybuild_flow.case import ANYONE, UNATTENDED
from partybuild_flow.facts.collect_plan import collecting_of, guarded_names
from partybuild_flow.facts.collecting import Collecting
from partybuild_flow.facts.due_plan import as_transition, countable, due_of, in_order, running_in
from partybuild_flow.facts.forms import conversion, conversion_of
from partybuild_flow.facts.reads import deadlines_in_full, expressions_of, rules_read
from partybuild_flow.facts.relation_plan import (
    effects_of,
    personal_elsewhere,
    relations_of,
    targets_of,
    with_relations,
)
from partybuild_flow.facts.scalars import Convert
from partybuild_flow.facts.sending import ReadyEffect, expressions_of_effect
from partybuild_flow.facts.steps import Candidate, Demand, Step
from partybuild_flow.facts.timing import Due, WarnAt
from partybuild_flow.feel import Expression, compile_test, compile_value
from partybuild_flow.machine import Machine
from partybuild_flow.rules import Conclude, compile_rule_set, compile_table

if TYPE_CHECKING:
    from partybuild_flow.calendar import Calendar
    from partybuild_flow.definition import Deadline, Transition, Warn, Workflow


@dataclass(frozen=True)
class Plan:
    """A workflow ready to decide events; `steps` by (leaf state, event id)."""

    workflow: Workflow
    steps: Mapping[tuple[str, str], Step]
    event_ids: Mapping[str, str]
    """The id of an event by its id and by its name."""
    inputs: Mapping[str, tuple[str, Convert]]
    """The id and the conversion of a field by its id and by its name."""
    dues: tuple[Due, ...]
    running_in: Mapping[str, tuple[Due, ...]]
    """The deadlines that run in a leaf state; the very same tuple for states with the same ones."""
    steady: bool
    """Whether no event moves a deadline that runs, unless it leaves its states."""
    remembered: frozenset[str]
    """Events of which a case remembers the actors."""
    personal: frozenset[str]
    unique: tuple[tuple[str, ...], ...]
    collects: Mapping[str, Collecting]
    """What is collected, by id of the event."""
    calendar: Calendar | None
    """The calendar that its terms are counted on."""
    in_full: frozenset[str]
    """Deadlines of which expressions read more than when they are due."""
    correction: Step | None
    """What a correction of fields reads; None where the workflow allows none."""
    sends: Mapping[int, tuple[ReadyEffect, ...]]
    """The effects on other cases, by number of the transition."""

    @cached_property
    def completing(self) -> Mapping[str, tuple[str, ...]]:
        """By leaf state, the events whose marks may become complete there without another mark."""
        found: dict[str, tuple[str, ...]] = {}
        for (state, event), step in self.steps.items():
            for each in step.candidates:
                if each.collecting:
                    found[state] = (*found.get(state, ()), event)
        return found

    @cached_property
    def needing(self) -> Mapping[str, frozenset[str]]:
        """By sensitive field, the roles of the transitions that need or set it: who sees it where nothing else is written."""
        workflow = self.workflow
        found: dict[str, frozenset[str]] = {}
        for each in (*workflow.transitions, *((workflow.correct,) if workflow.correct else ())):
            into = each.collect.into if each.collect else None
            named = (
                {need.field for need in each.needs} | {setting.field for setting in each.settings} | {into}
            )
            roles = frozenset(by.role for by in each.by if by.role in workflow.roles)
            for field in named:
                if field is not None and field in self.personal:
                    found[field] = found.get(field, frozenset()) | roles
        return found

    @cached_property
    def persons(self) -> tuple[str, ...]:
        """The fields that hold persons."""
        return tuple(each.id for each in self.workflow.fields.values() if "person" in (each.kind, each.item))

    @cached_property
    def shown_to(self) -> tuple[str, ...]:
        """The fields of persons to whom something personal is shown, and with it the case."""
        named = {name for each in self.workflow.fields.values() for name in each.seen_by}
        return tuple(name for name in self.persons if name in named)

    @cached_property
    def concealed(self) -> tuple[str, ...]:
        """The fields of those who may know of no such case."""
        return self.workflow.hidden_from

    @cached_property
    def seals(self) -> tuple[Collecting, ...]:
        """What is collected under seal."""
        return tuple(each for each in self.collects.values() if each.sealed)

    @cached_property
    def ways(self) -> Mapping[tuple[str, str], tuple[str, Step]]:
        """The id of the event and its step by leaf state and by either name of the event, without those that read exactly."""
        spellings: dict[str, list[str]] = {}
        for spelling, event in self.event_ids.items():
            spellings.setdefault(event, []).append(spelling)
        return {
            (state, spelling): (event, step)
            for (state, event), step in self.steps.items()
            if not any(relation.exact for relation in step.relations)
            for spelling in spellings[event]
        }

    @cached_property
    def events_by_state(self) -> Mapping[str, tuple[str, ...]]:
        """The events that some transition takes from a leaf state, in file order."""
        found: dict[str, list[str]] = {}
        for state, event in self.steps:
            found.setdefault(state, []).append(event)
        return {state: tuple(events) for state, events in found.items()}

    @cached_property
    def starting_roles(self) -> frozenset[str]:
        """The spellings of the roles that may start a case."""
        starts = (step for (state, _), step in self.steps.items() if not state)
        return frozenset(
            spelling for step in starts for demand in step.demands for spelling in demand.spellings
        )


def plan(workflow: Workflow, calendar: Calendar | None = None) -> Plan:
    """The workflow made ready to run; `calendar` is the one that it names."""
    return _Planning(workflow, calendar).plan()


class _Planning:
    def __init__(self, workflow: Workflow, calendar: Calendar | None) -> None:
        self._workflow = workflow
        self._calendar = calendar
        self._concludes: dict[str, Conclude] = {}
        self._conversions = countable(
            workflow, {field.id: conversion(field) for field in workflow.fields.values()}
        )
        collected = (
            collecting_of(each, tuple(_key(by.role, by.field) for by in each.by), self._conversions)
            for each in workflow.transitions
        )
        self._collects = {each.event: each for each in collected if each}

    def plan(self) -> Plan:
        workflow = self._workflow
        candidates = {each.number: self._candidate(each) for each in workflow.transitions}
        fields = workflow.fields.values()
        dues = tuple(self._due(deadline) for deadline in in_order(workflow))
        personal = frozenset(field.id for field in fields if field.personal)
        return Plan(
            workflow=workflow,
            steps={
                pair: self._step(tuple(candidates[each.number] for each in transitions))
                for pair, transitions in Machine(workflow).table().items()
            },
            event_ids={name: event for event, title in workflow.events.items() for name in (title, event)},
            inputs={
                spelling: (field.id, self._conversions[field.id])
                for field in fields
                for spelling in (field.name, field.id)
            },
            dues=dues,
            running_in=running_in(workflow, dues),
            steady=all(due.steady for due in dues),
            remembered=frozenset(
                event
                for each in workflow.transitions
                for event in (*each.not_by, *((each.event,) if each.limit else ()))
            ),
            personal=personal | guarded_names(workflow, personal) | personal_elsewhere(workflow),
            unique=workflow.unique,
            collects=self._collects,
            calendar=self._calendar,
            in_full=deadlines_in_full(workflow),
            correction=self._step((self._candidate(workflow.correct),)) if workflow.correct else None,
            sends=effects_of(workflow),
        )

    def _due(self, deadline: Deadline) -> Due:
        rules = self._rules_of(deadline.timing)
        warnings = tuple(self._warn_at(warn) for warn in deadline.warns)
        return due_of(self._workflow, deadline, rules, self._calendar, warnings)

    def _warn_at(self, warn: Warn) -> WarnAt:
        message = self._candidate(as_transition(warn))
        before = compile_value(warn.before) if warn.before else None
        return WarnAt(warn.share, before, self._step((message,)), message)

    def _candidate(self, transition: Transition) -> Candidate:
        before = self._rules_of([transition.when] if transition.when else [])
        later = [
            *([transition.decide] if transition.decide else []),
            *(each.value for each in transition.settings),
        ]
        later += [
            piece for notice in transition.notices for piece in notice.text if isinstance(piece, Expression)
        ]
        later += [each for effect in transition.sends for each in expressions_of_effect(effect)]
        return Candidate(
            transition=transition,
            number=transition.number,
            demands=frozenset(_key(by.role, by.field) for by in transition.by),
            not_by=transition.not_by,
            limit=transition.limit,
            needs=tuple(need.field for need in transition.needs if not need.optional),
            accepts=frozenset(need.field for need in transition.needs),
            before=before,
            holds=compile_test(transition.when) if transition.when else None,
            after=tuple(each for each in self._rules_of(later) if each not in before),
            outcome=compile_value(transition.decide) if transition.decide else None,
            settings=tuple(
                (each.field, compile_value(each.value), self._conversions[each.field])
                for each in transition.settings
            ),
            targets=transition.targets,
            notices=transition.notices,
            collecting=self._collects[transition.event] if transition.collect else None,
            unseals=transition.unseals,
            discards=tuple(
                (each.event, compile_value(each.people) if each.people else None)
                for each in transition.discards
            ),
        )

    def _step(self, candidates: tuple[Candidate, ...]) -> Step:
        workflow = self._workflow
        reads = with_relations(workflow, self._reads(candidates))
        transitions = [each.transition for each in candidates]
        accepts = {field for candidate in candidates for field in candidate.accepts}
        reads |= {name for each in workflow.look_ups.values() if each.id in reads for name in each.inputs}
        demands = {
            _key(by.role, by.field): self._demand(by.role, by.field)
            for candidate in candidates
            for by in candidate.transition.by
        }
        keys = tuple(key for key in workflow.unique if accepts.intersection(key))
        at_fields = {demand.field for demand in demands.values() if demand.field}
        kept = reads | at_fields | {field for key in keys for field in key}
        return Step(
            candidates=candidates,
            fields=tuple(field for field in workflow.fields if field in kept),
            constants={each.id: each.value for each in workflow.parameters.values() if each.id in reads},
            deadlines=tuple(each for each in workflow.deadlines if each in reads),
            look_ups=tuple(
                (each, conversion_of(each.type, each.type.kind))
                for each in workflow.look_ups.values()
                if each.id in reads
            ),
            moments=frozenset(reads & {"now", "today", "actor", "lot", "this case"}),
            demands=tuple(demands.values()),
            keys=keys,
            collects=tuple(each for event, each in self._collects.items() if event in reads),
            relations=relations_of(workflow, transitions, frozenset(reads)),
            cases=tuple(
                (field.id, field.workflow)
                for field in workflow.fields.values()
                if field.workflow is not None and field.id in accepts
            ),
            sends=any(each.sends for each in transitions),
        )

    def _demand(self, role: str, field: str | None) -> Demand:
        if role == ANYONE or role in UNATTENDED:
            return Demand(role, frozenset(), None)
        return Demand(_key(role, field), frozenset({role, self._workflow.roles[role].name}), field)

    def _reads(self, candidates: Iterable[Candidate]) -> set[str]:
        """Ids that the candidates read, with what the tables and rule sets among them read."""
        reads: set[str] = set()
        for candidate in candidates:
            for expression in expressions_of(candidate.transition):
                reads |= expression.reads
            reads |= targets_of(candidate.transition)
            for rules, _ in (*candidate.before, *candidate.after):
                reads |= rules_read(self._workflow, rules)
            for event in (*candidate.unseals, *(event for event, _ in candidate.discards)):
                reads |= self._collects[event].reads
        for event in reads & self._collects.keys():
            reads |= self._collects[event].reads
        return reads

    def _rules_of(self, expressions: Iterable[Expression]) -> tuple[tuple[str, Conclude], ...]:
        """The tables and rule sets that the expressions read, those first that others read."""
        ordered: dict[str, Conclude] = {}
        for expression in expressions:
            self._order(expression.reads, ordered)
        return tuple(ordered.items())

    def _order(self, reads: frozenset[str], ordered: dict[str, Conclude]) -> None:
        workflow = self._workflow
        for name in (*workflow.tables, *workflow.rule_sets):
            if name in reads and name not in ordered:
                self._order(rules_read(workflow, name), ordered)
                ordered[name] = self._conclude(name)

    def _conclude(self, name: str) -> Conclude:
        if name not in self._concludes:
            table = self._workflow.tables.get(name)
            self._concludes[name] = (
                compile_table(table) if table else compile_rule_set(self._workflow.rule_sets[name])
            )
        return self._concludes[name]


def _key(role: str, field: str | None) -> str:
    return f"{role}@{field}" if field else role
