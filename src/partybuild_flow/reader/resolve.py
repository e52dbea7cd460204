"""The written files of one definition as a `Workflow`: every name resolved, every expression typed.

Goes on after each problem. Parts that read each other are read in the order of their dependence, so
that the types of outputs are known where they are read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final, NamedTuple, TypeVar

from partybuild_flow.definition import (
    Deadline,
    Field,
    LookUp,
    Parameter,
    Relation,
    Role,
    RuleSet,
    Table,
    Workflow,
)
from partybuild_flow.feel import (
    AMBIENT,
    ANY,
    BOOLEAN,
    DATETIME,
    DURATION,
    Expression,
    Scope,
    Symbol,
    Type,
    context_of,
)
from partybuild_flow.reader.findings import Findings
from partybuild_flow.reader.including import Argument
from partybuild_flow.reader.names import Names, check_id
from partybuild_flow.reader.outlines import Outlines
from partybuild_flow.reader.resolve_arguments import check_arguments
from partybuild_flow.reader.resolve_collect import read_collects, type_of_collected
from partybuild_flow.reader.resolve_deadlines import check_counted, read_deadline
from partybuild_flow.reader.resolve_fields import (
    is_whole,
    read_field,
    read_look_up,
    read_parameter,
    read_sets,
    type_of,
)
from partybuild_flow.reader.resolve_personal import read_hidden_from, readers_of_fields
from partybuild_flow.reader.resolve_rates import RatePlace, read_rates
from partybuild_flow.reader.resolve_relations import (
    Around,
    Finding,
    read_relation,
    speaks_of_cases,
    this_case,
    workflows_of_fields,
)
from partybuild_flow.reader.resolve_rules import read_rule_set
from partybuild_flow.reader.resolve_states import States, events_of
from partybuild_flow.reader.resolve_tables import context_type, read_ensured, read_table
from partybuild_flow.reader.resolve_transitions import Place, read_correct, read_transition, read_unique
from partybuild_flow.reader.text import AnyNode, Scalar
from partybuild_flow.reader.written import WrittenParameters, WrittenRuleSet, WrittenTable, WrittenWorkflow
from partybuild_flow.reader.written_form import NamedPart

FACTS: Final = ("fields", "parameters", "look-ups", "cases", "deadlines")
_DEADLINE: Final = context_of(
    {"due": DATETIME, "open": BOOLEAN, "provisional": BOOLEAN, "started": DATETIME, "elapsed": DURATION},
    {"到期": "due", "未到期": "open", "暂定": "provisional", "开始": "started", "已用": "elapsed"},
)

Rules = WrittenTable | WrittenRuleSet
N = TypeVar("N", bound=NamedPart)


class Written(NamedTuple):
    """The files of one definition in their written form."""

    workflow: WrittenWorkflow
    parameters: tuple[WrittenParameters, ...]
    rules: tuple[Rules, ...]
    fragments: frozenset[str] = frozenset()
    """The paths of the texts that were included."""
    arguments: tuple[Argument, ...] = ()


def resolve(
    written: Written, texts: Mapping[str, str], hash_: str, findings: Findings, outlines: Outlines
) -> Workflow:
    """The definition; it may be used if no problem was found."""
    return _Resolution(written, findings, outlines).workflow(texts, hash_)


class _Resolution:
    """One definition on its way from the written form: all names are known, then the parts are read."""

    def __init__(self, written: Written, findings: Findings, outlines: Outlines) -> None:
        workflow = written.workflow
        parameters = (
            *workflow.parameters,
            *(part for file in written.parameters for part in file.parameters),
        )
        self.written = workflow
        self.sets = tuple(part for file in written.parameters for part in file.sets)
        self.ensure = tuple(word for file in written.parameters for word in file.ensure)
        self.findings = findings
        self.facts = Names(findings, *FACTS, readable=True)
        fields = self._declared("part-field", workflow.fields_)
        known = self._declared("part-parameter", parameters)
        look_ups = self._declared("part-look-up", workflow.look_ups)
        related = self._declared("part-relation", workflow.cases)
        self.deadlines = self._declared("part-deadline", workflow.deadlines)
        self.rules = self._declared_rules(written.rules)
        self.roles = Names(findings, "roles")
        for role in workflow.roles:
            self.roles.declare("part-role", role.name, role.id)
        self.states = States(workflow.states, findings)
        self.events = events_of(workflow.transitions, findings)
        check_arguments(written.arguments, self.facts, self.roles, self.states, self.events, findings)
        self.fields = {id_: read_field(part, id_, findings) for id_, part in fields.items()}
        self.parameters = {id_: read_parameter(part, id_, findings) for id_, part in known.items()}
        self.look_ups = {id_: read_look_up(part, id_, self.facts, findings) for id_, part in look_ups.items()}
        self.find = Finding(workflow, outlines, findings).outline
        self.fields |= workflows_of_fields(fields, self.fields, self.find, findings)
        self.fields |= readers_of_fields(fields, self.fields, self.roles, self.facts, findings)
        self.marks = read_collects(workflow, self.events, self.facts, self.fields, self.parameters, findings)
        self.relations: dict[str, Relation] = {}
        self.unread: set[str] = set()
        for id_, relation in related.items():
            found = read_relation(relation, id_, self._around(self._scope({})))
            if found is not None:
                self.relations[id_] = found
            else:
                self.unread.add(id_)
                findings.leave_out(relation.name.text, id_)
                findings.lose("cases")

    def _around(self, scope: Scope) -> Around:
        return Around(self.findings, self.facts, self.fields, scope, self.find, self.relations)

    def _declared(self, kind: str, parts: Iterable[N]) -> dict[str, N]:
        found = {}
        for part in parts:
            id_ = self.facts.declare(kind, part.name, part.id)
            if id_ is not None:
                found[id_] = part
        return found

    def _declared_rules(self, parts: Iterable[Rules]) -> dict[str, Rules]:
        found = {}
        for part in parts:
            kind, name = _kind_and_name(part)
            id_ = self.facts.declare(kind, name, part.id)
            if id_ is not None:
                found[id_] = part
        return found

    def workflow(self, texts: Mapping[str, str], hash_: str) -> Workflow:
        """Everything read, in the order in which types become known."""
        written, findings = self.written, self.findings
        tables, rule_sets, scope = self._concluding()
        unique = read_unique(written.unique, self.facts, findings)
        place = Place(findings, self.facts, self.fields, self.roles, self.states, self.events, scope, unique)
        place = replace(place, elsewhere=self._around(scope), marks=self.marks)
        transitions = tuple(
            read_transition(part, number, place) for number, part in enumerate(written.transitions, 1)
        )
        due = ((id_, read_deadline(part, id_, place)) for id_, part in self.deadlines.items())
        deadlines = {id_: deadline for id_, deadline in due if deadline is not None}
        self._check_circles(tables, rule_sets, deadlines)
        if written.calendar is None and written.intact("calendar"):
            told = {id_: (self.deadlines[id_], deadline) for id_, deadline in deadlines.items()}
            check_counted(told, self.parameters, {**tables, **rule_sets}, findings)
        if written.id is not None:
            check_id(written.id, findings)
        states = self.states.made()
        events = {transition.event: transition.event_name for transition in transitions}
        known = (*self.fields, *self.parameters, *self.deadlines)
        rates = RatePlace(scope, known, self.deadlines, states, events, findings)
        return Workflow(
            position=written.workflow.position,
            id=(written.id or written.workflow).text,
            name=written.workflow.text,
            version=written.version,
            language=written.node.source.language,
            effective_from=written.effective_from,
            calendar=written.calendar.text if written.calendar else None,
            fields=self.fields,
            roles=self._roles(),
            states=states,
            events=events,
            transitions=transitions,
            deadlines=deadlines,
            parameters=self.parameters,
            ensures=tuple(read_ensured(self.ensure, self.parameters.values(), findings)),
            sets=read_sets(self.sets, self.facts, self.parameters, findings),
            look_ups=self.look_ups,
            relations=self.relations,
            tables=tables,
            rule_sets=rule_sets,
            unique=unique,
            hidden_from=read_hidden_from(written.hidden_from, self.fields, self.facts, findings),
            rates=read_rates(written.rates, rates),
            correct=read_correct(written.correct, place) if written.correct else None,
            texts=texts,
            hash=hash_,
        )

    def _concluding(self) -> tuple[dict[str, Table], dict[str, RuleSet], Scope]:
        """Tables and rule sets in file order, and what all other expressions may read."""
        types = {id_: self._expected(part) for id_, part in self.rules.items()}
        tables: dict[str, Table] = {}
        rule_sets: dict[str, RuleSet] = {}
        for id_ in self._in_order():
            part, scope = self.rules[id_], self._scope(types)
            if isinstance(part, WrittenTable):
                tables[id_] = read_table(part, id_, scope, self.findings, self.parameters.values())
                types[id_] = context_type(tables[id_].outputs) if types[id_] is not ANY else ANY
            else:
                rule_sets[id_] = read_rule_set(part, id_, scope, self.facts, self.findings)
                types[id_] = context_type(rule_sets[id_].outputs)
        return (
            {id_: tables[id_] for id_ in self.rules if id_ in tables},
            {id_: rule_sets[id_] for id_ in self.rules if id_ in rule_sets},
            self._scope(types),
        )

    def _roles(self) -> dict[str, Role]:
        found = ((self.roles.id_of(part.name.text), part.name) for part in self.written.roles)
        return {id_: Role(position=name.position, id=id_, name=name.text) for id_, name in found if id_}

    def _scope(self, rules: Mapping[str, Type]) -> Scope:
        """What expressions may read; parts that were left out may be anything."""
        parts: list[Field | Parameter | LookUp | Relation] = [
            *self.fields.values(),
            *self.parameters.values(),
        ]
        parts += self.look_ups.values()
        parts += self.relations.values()
        typed = (
            {part.id: part.type for part in parts} | dict.fromkeys(self.deadlines, _DEADLINE) | dict(rules)
        )
        typed |= {event: type_of_collected(collect) for event, collect in self.marks.collects.items()}
        symbols = [Symbol(id_, (self.facts.name(id_),), type_) for id_, type_ in typed.items()]
        left_out = (name for name in sorted(self.findings.broken) if name and self.facts.id_of(name) is None)
        unread = (Symbol(id_, (self.facts.name(id_),), ANY) for id_ in self.unread)
        own = (this_case(self.written),) if speaks_of_cases(self.written) else ()
        return Scope((*symbols, *unread, *(Symbol(name, (), ANY) for name in left_out), *AMBIENT, *own))

    @staticmethod
    def _expected(part: Rules) -> Type:
        """What is known of a part's outputs before it is read; anything if some were left out."""
        if not is_whole(part, "outputs", len(part.outputs)):
            return ANY
        outputs: dict[str, Type] = {}
        spellings: dict[str, str] = {}
        for output in part.outputs:
            id_ = (output.id or output.name).text
            outputs[id_] = type_of(output, Findings()) or ANY
            spellings[output.name.text] = id_
        if isinstance(part, WrittenRuleSet):
            for pair in (pair for rule in part.rules for pair in rule.conclude):
                if pair.key is not None and pair.key.text not in (*outputs, *spellings):
                    outputs[pair.key.text] = ANY
        return context_of(outputs, spellings)

    def _in_order(self) -> list[str]:
        """Tables and rule sets, each after those whose names stand in its text."""
        texts = {id_: "\n".join(_texts(part)) for id_, part in self.rules.items()}
        names = {id_: {id_, self.facts.name(id_)} for id_ in self.rules}
        found: dict[str, None] = {}

        def visit(id_: str, above: frozenset[str]) -> None:
            for other, spellings in names.items():
                if (
                    other not in found
                    and other not in above
                    and any(name in texts[id_] for name in spellings)
                ):
                    visit(other, above | {other})
            found.setdefault(id_)

        for id_ in self.rules:
            visit(id_, frozenset((id_,)))
        return list(found)

    def _check_circles(
        self, tables: Mapping[str, Table], rule_sets: Mapping[str, RuleSet], deadlines: Mapping[str, Deadline]
    ) -> None:
        """Tables, rule sets and deadlines must not read each other in a circle."""
        reads = {
            **{id_: _reads(table) for id_, table in tables.items()},
            **{id_: _reads(rules) for id_, rules in rule_sets.items()},
            **{
                id_: frozenset().union(*(each.reads for each in deadline.timing))
                for id_, deadline in deadlines.items()
            },
        }
        settled: set[str] = set()
        for id_ in reads:
            path = [id_]
            while path:
                onward = [read for read in sorted(reads[path[-1]]) if read in reads and read not in settled]
                if not onward:
                    settled.add(path.pop())
                elif onward[0] in path:
                    self._tell_circle(path[path.index(onward[0]) :])
                    settled.update(path)
                    path = []
                else:
                    path.append(onward[0])

    def _tell_circle(self, path: list[str]) -> None:
        first = path[0]
        name = self.deadlines[first].name if first in self.deadlines else _kind_and_name(self.rules[first])[1]
        shown = " → ".join(self.facts.name(id_) for id_ in (*path, first))
        self.findings.add(name.problem("PF321", name=name.text, path=shown))


def _kind_and_name(part: Rules) -> tuple[str, Scalar]:
    return ("part-table", part.table) if isinstance(part, WrittenTable) else ("part-rule-set", part.rule_set)


def _texts(part: Rules) -> Iterator[str]:
    """Every text of a table or rule set in which an expression may stand."""
    words: list[AnyNode | None] = [pair.value for pair in part.default]
    words += [output.default for output in part.outputs]
    if isinstance(part, WrittenTable):
        words += [*part.inputs, *(cell for row in part.rows for cell in row.cells)]
    else:
        for rule in part.rules:
            words += [rule.when, *(pair.value for pair in rule.conclude)]
    return (word.text for word in words if isinstance(word, Scalar))


def _reads(part: Table | RuleSet) -> frozenset[str]:
    """The ids of facts that a table or rule set needs, without those it derives itself."""
    expressions: list[Expression | None] = [output.default for output in part.outputs]
    if isinstance(part, Table):
        expressions += part.inputs
        expressions += [each for row in part.rows for each in (*row.tests, *row.values)]
    else:
        for rule in part.rules:
            expressions += [rule.when, *(conclusion.value for conclusion in rule.conclusions)]
    own = {output.id for output in part.outputs} if isinstance(part, RuleSet) else set()
    return frozenset().union(*(each.reads for each in expressions if each)) - own
