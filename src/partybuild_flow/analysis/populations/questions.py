"""Which decisions two definitions have in common, and which of them may differ: what is asked of every case."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal, NamedTuple

from partybuild_flow.definition import RuleSet, Table, Workflow
from partybuild_flow.facts.reads import expressions_in_rules
from partybuild_flow.feel import Expression


class Question(NamedTuple):
    """A table, rule set or guard that both definitions have; `outputs` by id with their names."""

    id: str
    name: str
    kind: Literal["table", "rule-set", "guard"]
    outputs: Mapping[str, str]


class Asked(NamedTuple):
    """The questions that may be answered differently, those that may not, and what only one definition has."""

    changed: tuple[Question, ...]
    same: tuple[str, ...]
    removed: tuple[str, ...]
    added: tuple[str, ...]


GUARD = ""
"""The one output of a guard."""


def questions_of(old: Workflow, new: Workflow) -> Asked:
    """What to ask about two definitions, in the order of the newer one's files."""
    before, after = _questions(old), _questions(new)
    shared = [each for each in after if each in before]
    changed, same = [], []
    for each in shared:
        outputs = {name: told for name, told in after[each].outputs.items() if name in before[each].outputs}
        question = after[each]._replace(outputs=outputs)
        if outputs and meaning(old, each) != meaning(new, each):
            changed.append(question)
        else:
            same.append(question.name)
    return Asked(
        tuple(changed),
        tuple(same),
        tuple(before[each].name for each in before if each not in after),
        tuple(after[each].name for each in after if each not in before),
    )


def _questions(workflow: Workflow) -> dict[str, Question]:
    found: dict[str, Question] = {}
    rules: list[Table | RuleSet] = [*workflow.tables.values(), *workflow.rule_sets.values()]
    for each in rules:
        outputs = {output.id: output.name for output in each.outputs}
        kind: Literal["table", "rule-set"] = "table" if each.id in workflow.tables else "rule-set"
        found[each.id] = Question(each.id, each.name, kind, outputs)
    for id_, name, _ in guards_of(workflow):
        found[id_] = Question(id_, name, "guard", {GUARD: name})
    return found


def guards_of(workflow: Workflow) -> Iterator[tuple[str, str, Expression]]:
    """The guards by an id that outlives an edit: the event, and which of its transitions with a guard it is."""
    counted: dict[str, int] = {}
    for each in workflow.transitions:
        if each.when is not None:
            place = counted[each.event] = counted.get(each.event, 0) + 1
            suffix = f" ({place})" if place > 1 else ""
            yield f"guard:{each.event}:{place}", f"{each.event_name}{suffix}", each.when


def guard_of(workflow: Workflow, id_: str) -> Expression | None:
    """The guard with this id."""
    return next((when for each, _, when in guards_of(workflow) if each == id_), None)


def reads_of(workflow: Workflow, id_: str) -> frozenset[str]:
    """What a decision reads by itself."""
    guard = guard_of(workflow, id_)
    if guard is not None:
        return guard.reads
    own = {"?"} | (
        {each.id for each in workflow.rule_sets[id_].outputs} if id_ in workflow.rule_sets else set()
    )
    return frozenset(read for each in expressions_in_rules(workflow, id_) for read in each.reads) - own


def needed_rules(workflow: Workflow, ids: tuple[str, ...]) -> tuple[str, ...]:
    """These decisions and the tables and rule sets that they read, each after what it reads itself."""
    found: dict[str, None] = {}

    def visit(id_: str) -> None:
        if id_ in found:
            return
        for read in sorted(reads_of(workflow, id_)):
            if read in workflow.tables or read in workflow.rule_sets:
                visit(read)
        found[id_] = None

    for each in ids:
        visit(each)
    return tuple(found)


def meaning(workflow: Workflow, id_: str) -> object:
    """What is equal for two decisions exactly if their texts, and all they read besides the case, are."""
    guard = guard_of(workflow, id_)
    own: object
    if guard is not None:
        own = guard.text
    elif id_ in workflow.tables:
        table = workflow.tables[id_]
        rows = [
            ([_text(test) for test in row.tests], [_text(value) for value in row.values])
            for row in table.rows
        ]
        own = (table.hit, [_text(each) for each in table.inputs], rows, _outputs(table))
    else:
        rules = workflow.rule_sets[id_]
        written = [
            (each.id, each.when.text, [(said.field, said.value.text) for said in each.conclusions])
            for each in rules.rules
        ]
        own = (rules.first, written, _outputs(rules))
    return (own, [(read, _read(workflow, read)) for read in sorted(reads_of(workflow, id_))])


def _read(workflow: Workflow, read: str) -> object:
    if read in workflow.tables or read in workflow.rule_sets:
        return meaning(workflow, read)
    if read in workflow.parameters:
        return repr(workflow.parameters[read].value)
    field = workflow.fields.get(read)
    return None if field is None else repr((field.kind, field.type, field.type.values))


def _outputs(rules: Table | RuleSet) -> list[object]:
    return [(each.id, repr(each.type), _text(each.default)) for each in rules.outputs]


def _text(expression: Expression | None) -> str | None:
    return None if expression is None else expression.text
