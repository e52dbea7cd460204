"""Transitions, deadlines and unique keys: every name to what it stands for, every expression typed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from pydantic_core import PydanticCustomError

from partybuild_flow.case import ANYONE, CASES, CLOCK
from partybuild_flow.definition import By, Field, Need, Notice, SendEffect, Setting, StartEffect, Transition
from partybuild_flow.feel import BOOLEAN, Expression, Scope, Type, tree
from partybuild_flow.messages import Phrase
from partybuild_flow.reader.expressions import read_assigned, read_expression, read_template
from partybuild_flow.reader.findings import Findings, hint_at
from partybuild_flow.reader.keywords import spelled
from partybuild_flow.reader.names import Names
from partybuild_flow.reader.resolve_aims import read_aims
from partybuild_flow.reader.resolve_collect import CollectPlace, read_discards, read_unseals
from partybuild_flow.reader.resolve_effects import kind_of_effect, read_send, read_start
from partybuild_flow.reader.resolve_fields import key_of, type_phrase
from partybuild_flow.reader.resolve_relations import Around
from partybuild_flow.reader.resolve_states import States
from partybuild_flow.reader.text import Scalar
from partybuild_flow.reader.written import WrittenBy, WrittenCorrect, WrittenTransition
from partybuild_flow.reader.written_form import Pair, keyword_of
from partybuild_flow.reader.written_relations import WrittenEffect


@dataclass(frozen=True, slots=True)
class Place:
    """What a transition or a deadline may refer to."""

    findings: Findings
    facts: Names
    fields: dict[str, Field]
    roles: Names
    states: States
    events: Names
    scope: Scope
    unique: tuple[tuple[str, ...], ...]
    by_clock: set[str] = field(default_factory=set)
    """The events that the clock may send, as far as can be told; filled while transitions are read."""
    elsewhere: Around | None = None
    """What effects on other cases may refer to."""

    marks: CollectPlace | None = None
    """Where marks are collected; filled in once it is known what is."""

    def find_field(self, word: Scalar, code: str = "PF204") -> Field | None:
        """The field that is meant; None after a problem."""
        found = self.facts.find(word, code, "part-field")
        return self.fields.get(found) if found is not None else None


def read_unique(
    groups: tuple[tuple[Scalar, ...], ...], facts: Names, findings: Findings
) -> tuple[tuple[str, ...], ...]:
    """The unique keys as ids of fields."""
    found = [[facts.find(word, "PF204", "part-field") for word in once(group, findings)] for group in groups]
    return tuple(tuple(id_ for id_ in group if id_ is not None) for group in found)


def once(words: tuple[Scalar, ...], findings: Findings) -> Iterator[Scalar]:
    """The words, without those that are written twice, which is a problem."""
    seen: set[str] = set()
    for word in words:
        if word.text in seen:
            findings.add(word.problem("PF251", word=word.text))
        else:
            yield word
        seen.add(word.text)


def read_transition(written: WrittenTransition, number: int, place: Place) -> Transition:
    """The transition; parts with problems are left out of it."""
    event = place.events.id_of(written.on.text) or written.on.text
    decide = _decide(written.decide, place) if written.decide else None
    by = tuple(read_by(each, place) for each in written.by or ())
    allowed = tuple(each for each in by if each)
    if written.by is None and written.intact("by"):
        place.findings.add(written.on.problem("PF220", event=written.on.text))
    if not by or any(each is None or each.role == CLOCK for each in by):
        place.by_clock.add(event)
    not_by = (place.events.find(word, "PF205") for word in once(written.not_by, place.findings))
    return Transition(
        position=written.on.position,
        number=number,
        event=event,
        event_name=place.events.name(event) if event in place.events else written.on.text,
        starts=written.from_ is None and written.intact("from"),
        sources=tuple(_sources(written, place)),
        targets=_targets(written, decide, place),
        by=allowed,
        not_by=tuple(id_ for id_ in not_by if id_),
        needs=tuple(_needs(written, place)),
        when=read_expression(written.when, place.scope, place.findings, BOOLEAN) if written.when else None,
        decide=decide,
        settings=tuple(_settings(written, place)),
        limit=written.limit,
        notices=tuple(_notices(written.effects, place)),
        sends=tuple(_sends(written.effects, place)),
        journal_refused=written.journal,
        collect=place.marks.collects.get(event) if place.marks and written.collect else None,
        unseals=tuple(read_unseals(written, allowed, place.marks)) if place.marks else (),
        discards=tuple(read_discards(written, place.marks)) if place.marks else (),
        aims=tuple(read_aims(written, place.facts, place.fields, place.findings)),
    )


def read_correct(written: WrittenCorrect, place: Place) -> Transition:
    """Who may correct which fields, as a transition of number 0 from any state."""
    by = (read_by(each, place) for each in written.by)
    fields = (place.find_field(word) for word in once(written.fields_, place.findings))
    position = written.node.position
    return Transition(
        position=position,
        number=0,
        event="correct",
        event_name=spelled("correct", written.node.source.language),
        starts=False,
        sources=(),
        targets={},
        by=tuple(each for each in by if each),
        needs=tuple(Need(position=position, field=each.id, optional=True) for each in fields if each),
    )


def _sources(written: WrittenTransition, place: Place) -> Iterator[str]:
    for word in once(written.from_ or (), place.findings):
        found = place.states.names.find(word, "PF202")
        if found is not None:
            yield found


def _targets(written: WrittenTransition, decide: Expression | None, place: Place) -> dict[str, str]:
    pairs = written.to or ()
    event = written.on.text
    key = key_of(written, "to") or written.on
    mapped = any(pair.key is not None for pair in pairs)
    if written.from_ is None and written.to is None and written.intact("from", "to"):
        place.findings.add(written.on.problem("PF250", event=event))
    if not written.intact("to", "decide"):
        pass  # one of the two is missing only because its problem is told already
    elif mapped and written.decide is None:
        place.findings.add(key.problem("PF215", event=event))
    elif written.decide is not None and not mapped:
        place.findings.add(written.decide.problem("PF214", event=event))
    elif decide is not None:
        _check_outcomes(pairs, decide, place)
    targets: dict[str, str] = {}
    for pair in pairs:
        found = _target(pair, event, place)
        if found is not None:
            targets[pair.key.text if pair.key else ""] = found
    return targets


def _target(pair: Pair, event: str, place: Place) -> str | None:
    word = pair.value
    if not isinstance(word, Scalar) or not word.text:
        what = Phrase("part-target")
        found = Phrase("found-scalar" if isinstance(word, Scalar) else f"found-{type(word).__name__.lower()}")
        place.findings.add(word.problem("PF108", what=what, expected=Phrase("form-word"), found=found))
        return None
    found_id = place.states.names.find(word, "PF201", event=event)
    if found_id is not None and place.states.children(found_id):
        leaves = tuple(place.states.names.name(child) for child in place.states.children(found_id))
        place.findings.add(word.problem("PF213", event=event, state=word.text, inner=leaves))
        return None
    return found_id


def _check_outcomes(pairs: tuple[Pair, ...], decide: Expression, place: Place) -> None:
    known = outcomes(decide.tree)
    for pair in pairs:
        if known is not None and pair.key is not None and pair.key.text not in known:
            hint = hint_at(pair.key.text, known)
            place.findings.add(
                pair.key.problem("PF216", outcome=pair.key.text, decide=decide.text, hint=hint)
            )


def outcomes(node: tree.Node) -> tuple[str, ...] | None:
    """The texts that an expression may give, as far as they are known; None if any text is possible."""
    if isinstance(node, tree.Constant):
        return (node.value,) if isinstance(node.value, str) else () if node.value is None else None
    if isinstance(node, tree.If):
        branches = (outcomes(node.then), outcomes(node.otherwise))
        return None if None in branches else tuple(text for branch in branches for text in branch or ())
    return node.type.values or None


def _decide(word: Scalar, place: Place) -> Expression | None:
    """The expression that names the way; a table or rule set with one output stands for that output."""
    found = read_expression(word, place.scope, place.findings)
    if found is None:
        return None
    if found.type.kind == "context":
        entries = tuple(found.type.entries.items())
        if len(entries) != 1:
            names = tuple(
                {entry: name for name, entry in found.type.spellings.items()}.get(key, key)
                for key, _ in entries
            )
            place.findings.add(word.problem("PF217", written=word.text, outputs=names))
            return None
        key, type_ = entries[0]
        found = Expression(found.text, tree.Path(found.tree.span, type_, found.tree, key), found.reads)
    if found.type.kind not in ("text", "any", "null"):
        place.findings.add(word.problem("PF218", written=word.text, type=type_phrase(found.type)))
        return None
    return found


def read_by(written: WrittenBy, place: Place) -> By | None:
    """Who may send; None after a problem."""
    word = written.role
    try:
        role: str | None = keyword_of(word, (ANYONE, CLOCK, CASES)).value
    except PydanticCustomError as error:
        if error.type == "PF105" and place.roles.id_of(word.text) is None:
            place.findings.add(word.problem("PF105", **(error.context or {})))
            return None
        language = word.source.language
        keywords = tuple(spelled(each, language) for each in (ANYONE, CLOCK, CASES))
        role = place.roles.find(word, "PF203", also=keywords)
    found = None
    if written.at is not None:
        found = place.find_field(written.at)
        if role in (ANYONE, CLOCK, CASES):
            place.findings.add(written.at.problem("PF223", word=word.text))
        elif found is not None and found.kind != "unit":
            place.findings.add(written.at.problem("PF222", field=written.at.text))
        elif found is None:
            return None
    return (
        By(position=word.position, role=role, field=found.id if found else None) if role is not None else None
    )


def _needs(written: WrittenTransition, place: Place) -> Iterator[Need]:
    seen: set[str] = set()
    for word in written.needs:
        optional = word.text.endswith(("?", "？"))
        name = replace(word, text=word.text[:-1].rstrip()) if optional else word
        found = place.find_field(name)
        if found is None:
            continue
        if found.id in seen:
            place.findings.add(word.problem("PF251", word=name.text))
        else:
            yield Need(position=word.position, field=found.id, optional=optional)
        seen.add(found.id)


def _settings(written: WrittenTransition, place: Place) -> Iterator[Setting]:
    seen: set[str] = set()
    for pair in written.set_:
        key = pair.key
        found = place.find_field(key) if key is not None else None
        expected = found.type if found else None
        value = read_pair(pair, place.scope, place.findings, expected)
        if key is None or found is None:
            continue
        if found.id in seen:
            place.findings.add(key.problem("PF251", word=key.text))
        if any(found.id in group for group in place.unique):
            place.findings.add(key.problem("PF219", field=key.text))
        seen.add(found.id)
        if value is not None:
            yield Setting(position=key.position, field=found.id, value=value)


def read_pair(pair: Pair, scope: Scope, findings: Findings, expected: Type | None) -> Expression | None:
    """The expression that stands for a name."""
    word = pair.value
    if isinstance(word, Scalar) and word.text:
        return read_assigned(word, scope, findings, expected)
    found = Phrase("found-scalar" if isinstance(word, Scalar) else f"found-{type(word).__name__.lower()}")
    what = Phrase("key", {"key": pair.key.text if pair.key else ""})
    findings.add(word.problem("PF108", what=what, expected=Phrase("form-expression"), found=found))
    return None


def _notices(effects: tuple[WrittenEffect, ...], place: Place) -> Iterator[Notice]:
    for effect in effects:
        if kind_of_effect(effect, place.findings) != "notify" or not effect.notify or not effect.message:
            continue
        to = find_recipient(effect.notify, place)
        text = read_template(effect.message, place.scope, place.findings)
        if to is not None:
            yield Notice(position=effect.notify.position, to=to, text=text)


def _sends(effects: tuple[WrittenEffect, ...], place: Place) -> Iterator[StartEffect | SendEffect]:
    for effect in effects:
        if place.elsewhere is not None and (effect.start or effect.send):
            found = (
                read_start(effect, place.elsewhere) if effect.start else read_send(effect, place.elsewhere)
            )
            if found is not None:
                yield found


def find_recipient(word: Scalar, place: Place) -> str | None:
    """The id of the role or field that is told; None after a problem."""
    role = place.roles.id_of(word.text)
    if role is not None:
        return role
    id_ = place.facts.id_of(word.text)
    found = place.fields.get(id_) if id_ is not None else None
    if found is not None and found.kind in ("person", "unit"):
        return found.id
    if word.text not in place.findings.broken and not place.findings.lost("roles", "fields"):
        people = [each.name for each in place.fields.values() if each.kind in ("person", "unit")]
        roles = [place.roles.name(each) for each in place.roles]
        hint = (
            Phrase("is-a", {"kind": Phrase("part-field")}) if found else hint_at(word.text, (*roles, *people))
        )
        place.findings.add(word.problem("PF252", word=word.text, hint=hint))
    return None
