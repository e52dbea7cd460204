"""Relations made ready: which cases they ask for, and what expressions read of those."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from partybuild_flow.case import Case, Lookup, Member, Related, Unfit
from partybuild_flow.errors import CaseNotFound
from partybuild_flow.feel import Compute, Expression, Type, Value, compile_value
from partybuild_flow.feel.arithmetic import calculate
from partybuild_flow.feel.tree import Call, Path, walk

if TYPE_CHECKING:
    from partybuild_flow.definition import Relation


class Cases(Protocol):
    """The part of a store that relations ask."""

    def load(self, case_id: str, *, fresh: bool = False) -> Case:
        """The case. Raises CaseNotFound."""

    def related(self, lookup: Lookup) -> Related:
        """The cases that are asked for."""


@dataclass(frozen=True, slots=True)
class ReadyRelation:
    """A relation made ready for one step: how to compute what its members hold, and the entries that are read.

    `values` belong to `fields`, which are sorted; `reads` are the facts that all of it needs.
    """

    id: str
    workflow: str
    fields: tuple[str, ...]
    values: tuple[Compute, ...]
    case_id: Compute | None
    during: Compute | None
    states: frozenset[str] | None
    state_names: Mapping[str, str]
    entries: tuple[str, ...]
    own: frozenset[str]
    exact: bool


def ready_relation(relation: Relation, entries: frozenset[str]) -> ReadyRelation:
    """The relation made ready to be asked for these entries."""
    by_field = {each.field: compile_value(each.value) for each in relation.where}
    known = relation.type.item.entries if relation.type.item else {}
    return ReadyRelation(
        relation.id,
        relation.workflow,
        relation.key,
        tuple(by_field[field] for field in relation.key),
        by_field.get(None),
        compile_value(relation.during) if relation.during else None,
        None if relation.states is None else frozenset(relation.states),
        relation.state_names,
        tuple(entry for entry in known if entry in entries),
        relation.fields,
        relation.exact,
    )


def relation_reads(relation: Relation) -> frozenset[str]:
    """The ids of the facts by which a relation finds its members."""
    expressions = [each.value for each in relation.where]
    expressions += [relation.during] if relation.during else []
    return frozenset(read for each in expressions for read in each.reads)


def entries_read(relation: Relation, expressions: Iterable[Expression]) -> frozenset[str]:
    """The entries of the members that some of these expressions may read; all where a member is read as a whole."""
    every = frozenset(relation.type.item.entries if relation.type.item else ())
    found: set[str] = set()
    for expression in expressions:
        if relation.id not in expression.reads:
            continue
        if _holds_contexts(expression.type):
            return every
        for node, _ in walk(expression.tree):
            if isinstance(node, Path):
                found.add(node.entry)
            elif isinstance(node, Call) and node.function != "count" and _takes_contexts(node):
                return every
    return every & found


def _takes_contexts(call: Call) -> bool:
    return any(_holds_contexts(argument.type) for argument in call.arguments)


def _holds_contexts(found: Type) -> bool:
    return found.kind == "context" or (found.item is not None and _holds_contexts(found.item))


def add_relations(
    values: dict[str, Value], relations: Iterable[ReadyRelation], case: Case, now: datetime, store: Cases
) -> None:
    """Adds the members of each relation, in the order in which they began. A case is never a member of its own."""
    for relation in relations:
        lookup = _lookup(relation, values, now)
        found = store.related(lookup).members if lookup is not None else ()
        values[relation.id] = [_context(relation, member) for member in found if member.case_id != case.id]


def _lookup(relation: ReadyRelation, values: Mapping[str, Value], now: datetime) -> Lookup | None:
    """Whom the relation asks for; None if a value is missing, so that nobody is meant."""
    wanted = tuple(compute(values) for compute in relation.values)
    case_id = relation.case_id(values) if relation.case_id is not None else None
    if None in wanted or (relation.case_id is not None and not isinstance(case_id, str)):
        return None
    since: datetime | None = None
    if relation.during is not None:
        before = calculate("-", now, relation.during(values))
        if not isinstance(before, datetime):
            return None
        since = before
    by_id = case_id if isinstance(case_id, str) else None
    return Lookup(relation.workflow, relation.fields, wanted, by_id, since, relation.states, relation.exact)


def _context(relation: ReadyRelation, member: Member) -> dict[str, Value]:
    data, own = member.data, relation.own
    return {
        entry: data.get(entry) if entry in own else _reserved(relation, member, entry)
        for entry in relation.entries
    }


def _reserved(relation: ReadyRelation, member: Member, entry: str) -> Value:
    if entry == "case":
        return member.case_id
    if entry == "state":
        return relation.state_names.get(member.state, member.state)
    return member.unit if entry == "unit" else member.started_at


def missing_cases(
    fields: Iterable[tuple[str, str]], inputs: Mapping[str, Value], store: Cases
) -> dict[str, Unfit]:
    """What was sent for fields that hold cases and is the id of no case of their workflow."""
    faults = {}
    for field, workflow in fields:
        sent = inputs.get(field)
        if isinstance(sent, str):
            try:
                fits = store.load(sent).workflow == workflow
            except CaseNotFound:
                fits = False
            if not fits:
                faults[field] = Unfit("value.case", {"written": sent, "workflow": workflow})
    return faults
