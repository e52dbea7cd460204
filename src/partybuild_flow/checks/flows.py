"""Personal values that flow into what more people see: plain fields, texts for others, other workflows' fields.

Only what carries a value counts: a comparison, a count or the condition of an `if` says something about a
value and does not repeat it. What a look-up answers is not followed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from partybuild_flow.checks.findings import Findings
from partybuild_flow.definition import Field, Transition, Workflow
from partybuild_flow.facts.quoting import computed
from partybuild_flow.feel import Expression
from partybuild_flow.feel.tree import (
    Arithmetic,
    Call,
    ContextOf,
    Filter,
    For,
    If,
    ListOf,
    Name,
    Negative,
    Node,
    Path,
)
from partybuild_flow.messages import Phrase
from partybuild_flow.problems import Position

_COUNTING: Final = frozenset(("count", "string length", "index of", "rank", "quota", "lot"))
"""Functions that are not boolean and yet do not repeat what they are given."""
_LEVELS: Final = {None: 0, "personal": 1, "sensitive": 2}


class Source(NamedTuple):
    """Something personal: a field of the workflow, or an entry of one of its relations."""

    name: str
    entry: str = ""


Local = Mapping[str, frozenset[Source] | str]
"""What local names carry; text is the id of the relation whose members they are."""


def check_flows(workflow: Workflow, findings: Findings) -> None:
    """Note where a personal value is kept or told less protected than where it comes from."""
    if not any(each.personal for each in workflow.fields.values()) and not any(
        each.personal for each in workflow.relations.values()
    ):
        return
    flows = _Flows(workflow, findings)
    for transition in workflow.transitions:
        flows.check(transition)
    for deadline in workflow.deadlines.values():
        for warn in deadline.warns:
            flows.check_text(warn.to, warn.text, warn.position)


class _Flows:
    def __init__(self, workflow: Workflow, findings: Findings) -> None:
        self._workflow = workflow
        self._findings = findings
        self._every = frozenset(workflow.roles)
        self._entered: list[str] = []
        self._needing: dict[str, frozenset[str]] = {}
        for each in (*workflow.transitions, *((workflow.correct,) if workflow.correct else ())):
            named = {need.field for need in each.needs} | {setting.field for setting in each.settings}
            named |= {each.collect.into} if each.collect and each.collect.into else set()
            roles = frozenset(by.role for by in each.by) & self._every
            for field in named:
                self._needing[field] = self._needing.get(field, frozenset()) | roles

    def check(self, transition: Transition) -> None:
        """Note what flows by one transition."""
        fields = self._workflow.fields
        for setting in transition.settings:
            self._check_field(fields[setting.field], setting.value, setting.position)
        collect = transition.collect
        if collect is not None and collect.into and collect.value is not None and "mean" in collect.way:
            self._check_field(fields[collect.into], collect.value, collect.position)
        for notice in transition.notices:
            self.check_text(notice.to, notice.text, notice.position)
        for effect in transition.sends:
            for setting in effect.settings:
                protected = effect.protected.get(setting.field)
                if protected != "public":
                    for source in self._weaker(_LEVELS[protected], setting.value):
                        data = {"workflow": effect.workflow, "field": setting.field}
                        self._tell("PF376", setting.position, source, **data)

    def check_text(self, to: str, text: Iterable[str | Expression], position: Position) -> None:
        """Note what a text tells whom it is not shown."""
        pieces = [piece for piece in text if isinstance(piece, Expression)]
        for source in sorted({each for piece in pieces for each in self._carried(piece.tree, {})}):
            if not self._may_be_told(source, to):
                told: dict[str, object] = {"to": self._name(to) if to else Phrase("nobody-named")}
                self._tell("PF375", position, source, **told)

    def _check_field(self, target: Field, value: Expression, position: Position) -> None:
        if target.public:
            return
        sources = self._carried(value.tree, {})
        for source in sorted(sources):
            if source.name != target.id and not self._is_as_protected(target, source):
                self._tell("PF374", position, source, field=target.name)

    def _weaker(self, level: int, value: Expression) -> list[Source]:
        return sorted(each for each in self._carried(value.tree, {}) if self._level(each) > level)

    def _tell(self, code: str, position: Position, source: Source, **data: object) -> None:
        self._findings.add(code, position, source=self._told(source), **data)

    def _told(self, source: Source) -> str:
        name = self._name(source.name)
        relation = self._workflow.relations.get(source.name)
        if relation is None or relation.type.item is None:
            return name
        names = {entry: told for told, entry in relation.type.item.spellings.items()}
        return f"{name}.{names.get(source.entry, source.entry)}"

    def _name(self, identity: str) -> str:
        workflow = self._workflow
        for parts in (workflow.fields, workflow.relations, workflow.roles):
            if identity in parts:
                return str(parts[identity].name)
        return identity

    # Who sees what

    def _level(self, source: Source) -> int:
        field = self._workflow.fields.get(source.name)
        if field is not None:
            return _LEVELS[field.personal]
        return 2 if source.entry in self._workflow.relations[source.name].sensitive else 1

    def _readers(self, field: Field) -> frozenset[str]:
        """The roles that are shown a personal field, and the fields of persons that it names."""
        if field.seen_by:
            return frozenset(field.seen_by)
        needing = self._needing.get(field.id, frozenset()) if field.personal == "sensitive" else frozenset()
        return needing or self._every

    def _is_as_protected(self, target: Field, source: Source) -> bool:
        if _LEVELS[target.personal] < self._level(source):
            return False
        field = self._workflow.fields.get(source.name)
        if field is None:
            return True
        hidden = frozenset((*target.hidden_from, *self._workflow.hidden_from))
        return self._readers(target) <= self._readers(field) and hidden.issuperset(field.hidden_from)

    def _may_be_told(self, source: Source, to: str) -> bool:
        """Whether a role, whom a field of persons holds, or who works at the unit that a field holds is shown this."""
        field = self._workflow.fields.get(source.name)
        if field is None:
            return False
        recipient = self._workflow.fields.get(to)
        if to in field.hidden_from:
            return False
        readers = self._readers(field)
        if recipient is None:
            return to in readers
        if "person" in (recipient.kind, recipient.item):
            return to in (field.id, *field.seen_by) or (field.personal == "personal" and not field.seen_by)
        return not readers.isdisjoint(self._roles_at(to))

    def _roles_at(self, unit: str) -> frozenset[str]:
        """The roles that somebody needs at the unit that a field holds."""
        return frozenset(by.role for each in self._workflow.transitions for by in each.by if by.field == unit)

    # What an expression repeats

    def _carried(self, node: Node, local: Local) -> frozenset[Source]:
        match node:
            case Name(id=name, local=True):
                found = local.get(name, frozenset())
                return found if isinstance(found, frozenset) else frozenset()
            case Name(id=name):
                return self._named(name)
            case Path(source=source, entry=entry):
                return self._entry(source, entry, local)
            case Negative(operand=only) | Filter(source=only):
                return self._carried(only, local)
            case Arithmetic(left=left, right=right) | If(then=left, otherwise=right):
                return self._carried(left, local) | self._carried(right, local)
            case For(iterators=iterators, result=result):
                inner = dict(local)
                for variable, source in iterators:
                    inner[variable] = self._members(source, inner) or self._carried(source, inner)
                return self._carried(result, inner)
            case ListOf(items=items):
                return self._all(items, local)
            case ContextOf(entries=entries):
                return self._all((value for _, value in entries), local)
            case Call(function=function, arguments=arguments):
                silent = function in _COUNTING or node.type.kind == "boolean"
                return frozenset() if silent else self._all(arguments, local)
            case _:
                return frozenset()

    def _all(self, nodes: Iterable[Node], local: Local) -> frozenset[Source]:
        return frozenset(source for node in nodes for source in self._carried(node, local))

    def _named(self, name: str) -> frozenset[Source]:
        """What a name of the workflow carries."""
        workflow = self._workflow
        field = workflow.fields.get(name)
        if field is not None:
            return frozenset({Source(name)}) if field.personal else frozenset()
        if name in workflow.tables or name in workflow.rule_sets:
            return self._concluded(name, None)
        for rule_set in workflow.rule_sets.values():
            if any(output.id == name for output in rule_set.outputs):
                return self._concluded(rule_set.id, name)
        return frozenset()

    def _entry(self, source: Node, entry: str, local: Local) -> frozenset[Source]:
        relation = self._members(source, local)
        if relation is not None:
            personal = entry in self._workflow.relations[relation].personal
            return frozenset({Source(relation, entry)}) if personal else frozenset()
        if isinstance(source, Name) and not source.local:
            if source.id in self._workflow.tables or source.id in self._workflow.rule_sets:
                return self._concluded(source.id, entry)
            if source.id in self._workflow.events:
                return self._collected(source.id, entry)
        return self._carried(source, local)

    def _members(self, node: Node, local: Local) -> str | None:
        """The relation whose members a node gives, some of them or one; None for anything else."""
        match node:
            case Name(id=name, local=True):
                found = local.get(name)
                return found if isinstance(found, str) else None
            case Name(id=name):
                return name if name in self._workflow.relations else None
            case Filter(source=source):
                return self._members(source, local)
            case Call(arguments=(first, *_)):
                return self._members(first, local)
            case If(then=left, otherwise=right):
                return self._members(left, local) or self._members(right, local)
            case _:
                return None

    def _collected(self, event: str, entry: str) -> frozenset[Source]:
        collects = [
            each.collect for each in self._workflow.transitions if each.event == event and each.collect
        ]
        if entry == "values":
            return self._all((each.value.tree for each in collects if each.value), {})
        if entry in ("asked", "missing"):
            return self._all((asked.tree for each in collects for asked in each.asked), {})
        return frozenset()

    def _concluded(self, rules: str, output: str | None) -> frozenset[Source]:
        """What an output of a table or rule set repeats, or any of them."""
        if f"{rules}.{output}" in self._entered:
            return frozenset()
        self._entered.append(f"{rules}.{output}")
        try:
            values = (value.tree for name, value in computed(self._workflow, rules) if output in (None, name))
            return self._all(values, {})
        finally:
            self._entered.pop()
