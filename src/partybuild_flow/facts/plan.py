"""A definition made ready to run: every expression compiled, and what each event reads known beforehand.

Made once for each definition; nothing in it changes afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from partybuild_flow.case import ANYONE, CLOCK
from partybuild_flow.facts.forms import Convert, conversion, conversion_of
from partybuild_flow.feel import Expression, Value, compile_test, compile_value
from partybuild_flow.machine import START, Machine
from partybuild_flow.rules import compile_rule_set, compile_table

if TYPE_CHECKING:
    from partybuild_flow.case import Conclusion
    from partybuild_flow.definition import Deadline, LookUp, RuleSet, Table, Transition, Workflow

Conclude = Callable[[Mapping[str, Value]], "Conclusion"]
Compute = Callable[[Mapping[str, Value]], Value]


class Demand(NamedTuple):
    """One way to meet `by`: a role, at the case's unit or at the unit in a field. `key` names it in the journal."""

    key: str
    spellings: frozenset[str]
    field: str | None


class Candidate(NamedTuple):
    """A transition made ready: what `decide` asks of it, in the order it asks.

    `before` are the tables and rule sets that the guard reads, `after` those that the way and the
    settings read; each in the order in which they feed each other.
    """

    transition: Transition
    demands: frozenset[str]
    needs: tuple[str, ...]
    accepts: frozenset[str]
    before: tuple[tuple[str, Conclude], ...]
    holds: Callable[[Mapping[str, Value]], bool] | None
    after: tuple[tuple[str, Conclude], ...]
    outcome: Compute | None
    settings: tuple[tuple[str, Compute, Convert], ...]


class Step(NamedTuple):
    """What one event reads in one state, for all its candidates together.

    `constants` are the parameters, `keys` the unique keys that its inputs can fill.
    """

    candidates: tuple[Candidate, ...]
    fields: tuple[str, ...]
    constants: Mapping[str, Value]
    deadlines: tuple[str, ...]
    look_ups: tuple[tuple[LookUp, Convert], ...]
    moments: frozenset[str]
    demands: tuple[Demand, ...]
    keys: tuple[tuple[str, ...], ...]


class Due(NamedTuple):
    """A deadline made ready: the leaf states in which it runs, and how to compute its term or due instant.

    `fields` and `constants` are what it reads. One that reads no fields is steady: once it runs, no event
    moves it; a `term` known beforehand needs no computing at all.
    """

    id: str
    states: frozenset[str]
    rules: tuple[tuple[str, Conclude], ...]
    compute: Compute
    fires: str | None
    fields: tuple[str, ...]
    constants: Mapping[str, Value]
    steady: bool
    term: timedelta | None


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

    @cached_property
    def ways(self) -> Mapping[tuple[str, str], tuple[str, Step]]:
        """The id of the event and its step by leaf state and by either name of the event."""
        spellings: dict[str, list[str]] = {}
        for spelling, event in self.event_ids.items():
            spellings.setdefault(event, []).append(spelling)
        return {
            (state, spelling): (event, step)
            for (state, event), step in self.steps.items()
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


def plan(workflow: Workflow) -> Plan:
    """The workflow made ready to run."""
    return _Planning(workflow).plan()


class _Planning:
    def __init__(self, workflow: Workflow) -> None:
        self._workflow = workflow
        self._concludes: dict[str, Conclude] = {}
        self._conversions = {field.id: conversion(field) for field in workflow.fields.values()}

    def plan(self) -> Plan:
        workflow = self._workflow
        candidates = {each.number: self._candidate(each) for each in workflow.transitions}
        fields = workflow.fields.values()
        dues = tuple(self._due(deadline) for deadline in workflow.deadlines.values())
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
            running_in=_running_in(workflow, dues),
            steady=all(due.steady for due in dues),
            remembered=frozenset(
                event
                for each in workflow.transitions
                for event in (*each.not_by, *((each.event,) if each.limit else ()))
            ),
            personal=frozenset(field.id for field in fields if field.personal),
        )

    def _due(self, deadline: Deadline) -> Due:
        workflow = self._workflow
        rules = self._rules_of([deadline.due])
        reads = set(deadline.due.reads).union(*(rules_read(workflow, name) for name, _ in rules))
        constants = {name: each.value for name, each in workflow.parameters.items() if name in reads}
        compute = compile_value(deadline.due)
        steady = not rules and reads <= constants.keys()
        term = compute(constants) if steady else None
        return Due(
            deadline.id,
            frozenset(leaf for state in deadline.states for leaf in workflow.leaves(state)),
            rules,
            compute,
            deadline.fires,
            tuple(name for name in workflow.fields if name in reads),
            constants,
            steady,
            term if isinstance(term, timedelta) else None,
        )

    def _candidate(self, transition: Transition) -> Candidate:
        before = self._rules_of([transition.when] if transition.when else [])
        later = [
            *([transition.decide] if transition.decide else []),
            *(each.value for each in transition.settings),
        ]
        later += [
            piece for notice in transition.notices for piece in notice.text if isinstance(piece, Expression)
        ]
        return Candidate(
            transition=transition,
            demands=frozenset(_key(by.role, by.field) for by in transition.by),
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
        )

    def _step(self, candidates: tuple[Candidate, ...]) -> Step:
        workflow = self._workflow
        reads = self._reads(candidates)
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
            moments=frozenset(reads & {"now", "today", "actor"}),
            demands=tuple(demands.values()),
            keys=keys,
        )

    def _demand(self, role: str, field: str | None) -> Demand:
        if role in (ANYONE, CLOCK):
            return Demand(role, frozenset(), None)
        return Demand(_key(role, field), frozenset({role, self._workflow.roles[role].name}), field)

    def _reads(self, candidates: Iterable[Candidate]) -> set[str]:
        """Ids that the candidates read, with what the tables and rule sets among them read."""
        reads: set[str] = set()
        for candidate in candidates:
            for expression in expressions_of(candidate.transition):
                reads |= expression.reads
            for rules, _ in (*candidate.before, *candidate.after):
                reads |= rules_read(self._workflow, rules)
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


def _running_in(workflow: Workflow, dues: tuple[Due, ...]) -> Mapping[str, tuple[Due, ...]]:
    leaves = [START, *(state.id for state in workflow.states.values() if not state.children)]
    by_state = {leaf: tuple(due for due in dues if leaf in due.states) for leaf in leaves}
    one_of_each = {tuple(due.id for due in running): running for running in by_state.values()}
    return {leaf: one_of_each[tuple(due.id for due in running)] for leaf, running in by_state.items()}


def expressions_of(transition: Transition) -> tuple[Expression, ...]:
    """Every expression of a transition, in the order in which it is evaluated."""
    own = (transition.when, transition.decide, *(setting.value for setting in transition.settings))
    pieces = (piece for notice in transition.notices for piece in notice.text)
    return tuple(each for each in (*own, *pieces) if isinstance(each, Expression))


def rules_read(workflow: Workflow, name: str) -> frozenset[str]:
    """Ids of the facts that a table or rule set reads, without those it derives itself."""
    table = workflow.tables.get(name)
    expressions = _of_table(table) if table else _of_rule_set(workflow.rule_sets[name])
    own = {"?"} if table else {output.id for output in workflow.rule_sets[name].outputs}
    return frozenset(read for expression in expressions for read in expression.reads) - own


def _of_table(table: Table) -> list[Expression]:
    tests = [test for row in table.rows for test in row.tests if test]
    values = [value for row in table.rows for value in row.values]
    return [*table.inputs, *tests, *values, *(each.default for each in table.outputs if each.default)]


def _of_rule_set(rule_set: RuleSet) -> list[Expression]:
    conclusions = [each.value for rule in rule_set.rules for each in rule.conclusions]
    defaults = [each.default for each in rule_set.outputs if each.default]
    return [*(rule.when for rule in rule_set.rules), *conclusions, *defaults]


def _key(role: str, field: str | None) -> str:
    return f"{role}@{field}" if field else role
