"""Relations: every name of another workflow to what it stands for there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from partybuild_flow.definition import Criterion, Field, Relation
from partybuild_flow.feel import (
    DATETIME,
    TEXT,
    THIS_CASE,
    Expression,
    Scope,
    Symbol,
    Type,
    choice_of,
    context_of,
    list_of,
)
from partybuild_flow.messages import Phrase
from partybuild_flow.problems import Problem
from partybuild_flow.reader.expressions import read_assigned, read_expression
from partybuild_flow.reader.findings import Findings, hint_at
from partybuild_flow.reader.keywords import CHINESE, spelled
from partybuild_flow.reader.names import Names
from partybuild_flow.reader.outlines import Outline, OutlineField, Outlines, outline_written
from partybuild_flow.reader.resolve_fields import key_of, type_phrase
from partybuild_flow.reader.text import AnyNode, Scalar, Sequence
from partybuild_flow.reader.written import WrittenField, WrittenWorkflow
from partybuild_flow.reader.written_form import Pair
from partybuild_flow.reader.written_relations import WrittenRelation

RESERVED: Final = {"case": "事项", "state": "状态", "unit": "单位", "started": "发起时间"}
"""The entries of every member besides its fields, in both languages."""

_LENGTHS: Final = frozenset(("duration", "term", "any", "null"))

Find = Callable[[Scalar], Outline | None]
"""Gives the outline of the workflow that a word names; None after a problem."""


@dataclass(frozen=True, slots=True)
class Around:
    """What relations and effects on other cases may refer to."""

    findings: Findings
    facts: Names
    fields: Mapping[str, Field]
    scope: Scope
    find: Find
    relations: Mapping[str, Relation]


def members_type(outline: Outline) -> Type:
    """The type of the list that expressions read of a relation: a context for each case that is found."""
    leaves = tuple(outline.states[id_] for id_ in outline.states if outline.leaves.get(id_) == (id_,))
    kinds = {
        "case": TEXT,
        "state": choice_of(tuple(dict.fromkeys(leaves))),
        "unit": TEXT,
        "started": DATETIME,
    }
    entries = kinds | {field.id: field.type for field in outline.fields.values()}
    spellings = {field.name: field.id for field in outline.fields.values() if field.name != field.id}
    for entry, chinese in RESERVED.items():
        if entry not in outline.fields and chinese not in entries:
            spellings.setdefault(chinese, entry)
    return list_of(context_of(entries, spellings))


def read_relation(written: WrittenRelation, id_: str, around: Around) -> Relation | None:
    """The relation; None after problems without which nothing can be said of its members."""
    outline = around.find(written.workflow)
    if outline is None:
        return None
    during = read_expression(written.during, around.scope, around.findings) if written.during else None
    if during is not None and during.type.kind not in _LENGTHS and written.during is not None:
        data = {"relation": written.name.text, "type": type_phrase(during.type)}
        around.findings.add(written.during.problem("PF273", **data))
    where = [found for pair in written.where for found in _criteria(pair, outline, around)]
    members = members_type(outline)
    every = members.item.entries if outline.hidden and members.item else ()
    return Relation(
        position=written.name.position,
        id=id_,
        name=written.name.text,
        workflow=outline.id,
        where=tuple(where),
        during=during,
        states=_leaves(written.states, outline, around.findings) if written.states else None,
        exact=written.read,
        type=members,
        fields=frozenset(outline.fields),
        state_names=outline.states,
        personal=frozenset(
            each.id for each in outline.fields.values() if each.personal not in (None, "public")
        ).union(every),
        sensitive=frozenset(each.id for each in outline.fields.values() if each.personal == "sensitive"),
    )


def _leaves(words: Iterable[Scalar], outline: Outline, findings: Findings) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for word in words:
        leaves = outline.leaves.get(word.text)
        if leaves is None:
            hint = hint_at(word.text, outline.states.values(), outline.states)
            findings.add(word.problem("PF274", word=word.text, workflow=outline.name, hint=hint))
        found |= dict.fromkeys(leaves or ())
    return tuple(found)


def _criteria(pair: Pair, outline: Outline, around: Around) -> Iterable[Criterion]:
    key = pair.key
    if key is None:
        return
    theirs = outline.field(key.text)
    if theirs is None and key.text in ("same", CHINESE["same"]):
        items: tuple[AnyNode, ...] = pair.value.items if isinstance(pair.value, Sequence) else (pair.value,)
        for word in items:
            if not isinstance(word, Scalar):
                around.findings.add(no_word(word, key, "form-words"))
            elif (found := _same(word, outline, around)) is not None:
                yield found
        return
    by_id = theirs is None and key.text in ("case", CHINESE["case"])
    theirs = theirs if by_id else their_field(key, outline, around.findings)
    value = assigned(pair, around.scope, around.findings, theirs.type if theirs else TEXT if by_id else None)
    if value is not None and (by_id or theirs is not None):
        yield Criterion(position=key.position, field=theirs.id if theirs else None, value=value)


def _same(word: Scalar, outline: Outline, around: Around) -> Criterion | None:
    """A field that both workflows have, by name or by id."""
    own = around.facts.find(word, "PF204", "part-field")
    if own is None:
        return None
    theirs = outline.field(around.facts.name(own)) or outline.field(own)
    theirs = theirs or their_field(word, outline, around.findings)
    if theirs is None:
        return None
    value = read_expression(word, around.scope, around.findings, theirs.type)
    return Criterion(position=word.position, field=theirs.id, value=value) if value is not None else None


def their_field(word: Scalar, outline: Outline, findings: Findings) -> OutlineField | None:
    """The field of another workflow; None after a problem."""
    found = outline.field(word.text)
    if found is None:
        hint = hint_at(word.text, (each.name for each in outline.fields.values()), outline.fields)
        findings.add(word.problem("PF272", word=word.text, workflow=outline.name, hint=hint))
    return found


def assigned(pair: Pair, scope: Scope, findings: Findings, expected: Type | None) -> Expression | None:
    """The expression that stands for a name; None after a problem."""
    word = pair.value
    if isinstance(word, Scalar) and word.text:
        return read_assigned(word, scope, findings, expected)
    findings.add(no_word(word, pair.key, "form-expression"))
    return None


def no_word(node: AnyNode, key: Scalar | None, form: str) -> Problem:
    """The problem of something else where an expression or a word is expected."""
    found = Phrase("found-scalar" if isinstance(node, Scalar) else f"found-{type(node).__name__.lower()}")
    what = Phrase("key", {"key": key.text if key else ""})
    return node.problem("PF108", what=what, expected=Phrase(form), found=found)


class Finding:
    """Finds the workflows that a definition names, itself among them."""

    def __init__(self, written: WrittenWorkflow, outlines: Outlines, findings: Findings) -> None:
        self._written = written
        self._outlines = outlines
        self._findings = findings
        self._own: Outline | None = None
        self._told: set[str] = set()

    def outline(self, word: Scalar) -> Outline | None:
        """The outline of the workflow that a word names; None after a problem."""
        own = [each.text for each in (self._written.workflow, self._written.id) if each is not None]
        if word.text in own:
            self._own = self._own or outline_written(self._written)
            return self._own
        found = self._outlines.find(word.text)
        if found is None and word.text in self._outlines.names:
            if word.text not in self._told:
                self._findings.add(word.problem("PF288", word=word.text))
            self._told.add(word.text)
        elif found is None:
            hint = hint_at(word.text, (*own, *self._outlines.names))
            self._findings.add(word.problem("PF271", word=word.text, hint=hint))
        return found


def workflows_of_fields(
    written: Mapping[str, WrittenField], fields: Mapping[str, Field], find: Find, findings: Findings
) -> dict[str, Field]:
    """The fields of type `case` with the workflow whose cases they hold."""
    found = {}
    for id_, part in written.items():
        key = key_of(part, "workflow")
        if part.type.value != "case":
            if key is not None:
                findings.add(key.problem("PF226", key=key.text, type=part.type.word.text))
        elif part.workflow is not None:
            outline = find(part.workflow)
            if outline is not None:
                found[id_] = fields[id_].model_copy(update={"workflow": outline.id})
        elif part.intact("workflow"):
            key_word = spelled("workflow", part.node.source.language)
            findings.add(part.type.word.problem("PF286", word=part.type.word.text, key=key_word))
    return found


def speaks_of_cases(written: WrittenWorkflow) -> bool:
    """Whether a definition has to do with other cases, so that its expressions may name the case itself."""
    return (
        bool(written.cases)
        or any(part.type.value == "case" for part in written.fields_)
        or any(effect.start or effect.send for each in written.transitions for effect in each.effects)
    )


def this_case(written: WrittenWorkflow) -> Symbol:
    """The name of the case itself, that of the file's language first."""
    english = written.node.source.language == "en"
    return Symbol(THIS_CASE.id, (THIS_CASE.id, *THIS_CASE.names), TEXT) if english else THIS_CASE
