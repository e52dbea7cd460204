"""Effects on other cases, `start` and `send`: which event they get, with which data, and who of a relation gets it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from partybuild_flow.definition import Order, Relation, SendEffect, Setting, StartEffect
from partybuild_flow.feel import ANY, BOOLEAN, NUMBER, TEXT, Expression, Scope, Symbol, Type
from partybuild_flow.feel.scope import MEMBER
from partybuild_flow.messages import Phrase
from partybuild_flow.reader.expressions import read_expression
from partybuild_flow.reader.findings import Findings, hint_at
from partybuild_flow.reader.keywords import CHINESE, spelled
from partybuild_flow.reader.outlines import Outline, OutlineEvent
from partybuild_flow.reader.resolve_fields import key_of, type_phrase
from partybuild_flow.reader.resolve_relations import Around, assigned, their_field
from partybuild_flow.reader.text import AnyNode, Mapping, Scalar
from partybuild_flow.reader.written_relations import KEYWORDS_OF_EFFECTS, RELATION_WORDS, WrittenEffect

_DIRECTION: Final = re.compile(r"\s+(desc|asc|降序|升序)$")
_ORDERED: Final = frozenset(
    ("number", "text", "boolean", "date", "time", "datetime", "duration", "term", "any", "null")
)
_CHOOSING: Final = ("where", "order", "first", "ties", "per")
_EFFECT_WORDS: Final = frozenset(
    word
    for kind, keywords in KEYWORDS_OF_EFFECTS.items()
    for each in (kind, *keywords)
    for word in (each, CHINESE[each])
)


def kind_of_effect(written: WrittenEffect, findings: Findings) -> str | None:
    """Whether an effect notifies, starts or sends; None after a problem. Keywords that do not belong to it are told."""
    present = [key.text for key, _ in _entries(written)]
    kind = next((each for each in KEYWORDS_OF_EFFECTS if {each, CHINESE[each]} & set(present)), None)
    language = written.node.source.language
    if kind is None:
        if written.intact(*KEYWORDS_OF_EFFECTS):
            allowed = tuple(spelled(each, language) for each in KEYWORDS_OF_EFFECTS)
            findings.add(written.node.problem("PF270", allowed=allowed))
        return None
    own = {word for each in (kind, *KEYWORDS_OF_EFFECTS[kind]) for word in (each, CHINESE[each])}
    for key, _ in _entries(written):
        if key.text not in own and key.text in _EFFECT_WORDS:
            findings.add(key.problem("PF275", key=key.text, kind=spelled(kind, language)))
    needed = {"notify": "message", "send": "to"}.get(kind)
    if needed is not None and key_of(written, needed) is None and written.intact(needed):
        part = RELATION_WORDS[WrittenEffect]
        findings.add(written.node.problem("PF107", key=spelled(needed, language), part=part))
        return None
    return kind


def _entries(written: WrittenEffect) -> tuple[tuple[Scalar, AnyNode], ...]:
    return written.node.entries if isinstance(written.node, Mapping) else ()


def read_start(written: WrittenEffect, around: Around) -> StartEffect | None:
    """The effect that begins cases; None after problems."""
    if written.start is None:
        return None
    outline = around.find(written.start)
    if outline is None:
        return None
    event = _beginning(written, written.start, outline, around.findings)
    per, scope = None, around.scope
    if written.per:
        per = _items(written, around)
        item = (per.type.item if per is not None else None) or ANY
        scope = scope.hidden_by([Symbol("item", ("项",), item)])
    settings, protected = _settings(written, event, outline, scope, around.findings)
    unit = read_expression(written.at, scope, around.findings, TEXT) if written.at else None
    if event is None:
        return None
    return StartEffect(
        position=written.start.position,
        workflow=outline.id,
        event=event.id,
        settings=settings,
        per=per,
        unit=unit,
        protected=protected,
    )


def _items(written: WrittenEffect, around: Around) -> Expression | None:
    word = written.per[0]
    if len(written.per) > 1:
        key = key_of(written, "per") or word
        what, found = Phrase("key", {"key": key.text}), Phrase("found-sequence")
        around.findings.add(key.problem("PF108", what=what, expected=Phrase("form-expression"), found=found))
        return None
    items = read_expression(word, around.scope, around.findings)
    if items is not None and items.type.kind not in ("list", "any"):
        around.findings.add(word.problem("PF276", written=word.text, type=type_phrase(items.type)))
        return None
    return items


def _beginning(
    written: WrittenEffect, word: Scalar, outline: Outline, findings: Findings
) -> OutlineEvent | None:
    """The event that begins the case: the one that is written, or the only one."""
    starts = [event for event in outline.events.values() if event.starts]
    names = tuple(event.name for event in starts)
    if written.event is None:
        if len(starts) == 1:
            return _open_to_cases(starts[0], word, outline, findings)
        findings.add(word.problem("PF277", workflow=outline.name, events=names))
        return None
    found = outline.event(written.event.text)
    if found is None or not found.starts:
        hint = hint_at(written.event.text, names, (event.id for event in starts))
        findings.add(
            written.event.problem("PF278", word=written.event.text, workflow=outline.name, hint=hint)
        )
        return None
    return _open_to_cases(found, written.event, outline, findings)


def _open_to_cases(
    event: OutlineEvent, word: Scalar, outline: Outline, findings: Findings
) -> OutlineEvent | None:
    if not event.by_cases:
        findings.add(word.problem("PF279", event=event.name, workflow=outline.name))
        return None
    return event


def _settings(
    written: WrittenEffect, event: OutlineEvent | None, outline: Outline, scope: Scope, findings: Findings
) -> tuple[tuple[Setting, ...], dict[str, str | None]]:
    """What the event brings, and how it is protected there; all that it needs must be said."""
    found: dict[str, Setting] = {}
    protected: dict[str, str | None] = {}
    for pair in written.with_:
        key = pair.key
        theirs = their_field(key, outline, findings) if key is not None else None
        value = assigned(pair, scope, findings, theirs.type if theirs else None)
        if key is None or theirs is None:
            continue
        if theirs.id in found:
            findings.add(key.problem("PF251", word=key.text))
        elif event is not None and theirs.id not in event.accepts:
            data = {"field": key.text, "event": event.name, "workflow": outline.name}
            findings.add(key.problem("PF280", **data))
        protected[theirs.id] = theirs.personal
        if value is not None:
            found[theirs.id] = Setting(position=key.position, field=theirs.id, value=value)
    said = {field.id for pair in written.with_ if pair.key and (field := outline.field(pair.key.text))}
    missing = [outline.fields[each].name for each in outline.fields if event and each in event.needs - said]
    if event is not None and missing and written.intact("with"):
        word = written.event or written.start or written.send
        if word is not None:
            told = {"event": event.name, "workflow": outline.name}
            findings.add(word.problem("PF281", **told, fields=tuple(missing)))
    return tuple(found.values()), protected


def read_send(written: WrittenEffect, around: Around) -> SendEffect | None:
    """The effect that sends an event to other cases; None after problems."""
    if written.send is None or written.to is None:
        return None
    target = around.facts.id_of(written.to.text)
    relation = around.relations.get(target or "")
    field = around.fields.get(target or "")
    if relation is None and (field is None or field.kind != "case"):
        _tell_no_target(written.to, around)
        return None
    workflow = relation.workflow if relation else field.workflow if field else None
    outline = around.find(replace(written.to, text=workflow)) if workflow else None
    if outline is None:
        return None
    event = outline.event(written.send.text)
    if event is None:
        names = (each.name for each in outline.events.values() if each.by_cases)
        hint = hint_at(written.send.text, names, outline.events)
        data = {"word": written.send.text, "workflow": outline.name, "hint": hint}
        around.findings.add(written.send.problem("PF282", **data))
    else:
        event = _open_to_cases(event, written.send, outline, around.findings)
    position = written.send.position
    if relation is None:
        _no_choosing(written, around.findings)
        settings, protected = _settings(written, event, outline, around.scope, around.findings)
        if event is None or field is None:
            return None
        return SendEffect(position=position, workflow=outline.id, event=event.id, field=field.id,
            settings=settings, protected=protected)  # fmt: skip
    choice = _Choice(written, relation, outline, around)
    settings, protected = _settings(written, event, outline, choice.ranked, around.findings)
    if event is None:
        return None
    return SendEffect(
        position=position,
        workflow=outline.id,
        event=event.id,
        relation=relation.id,
        settings=settings,
        where=choice.condition(),
        order=choice.order(),
        first=choice.first(),
        per=choice.per,
        ties=written.ties,
        protected=protected,
    )


def _tell_no_target(word: Scalar, around: Around) -> None:
    if word.text in around.findings.broken or around.findings.lost("cases", "fields"):
        return
    names = [each.name for each in around.relations.values()]
    names += [each.name for each in around.fields.values() if each.kind == "case"]
    around.findings.add(word.problem("PF283", word=word.text, hint=hint_at(word.text, names)))


def _no_choosing(written: WrittenEffect, findings: Findings) -> None:
    for keyword in _CHOOSING:
        key = key_of(written, keyword)
        if key is not None and written.to is not None:
            findings.add(key.problem("PF284", key=key.text, field=written.to.text))


class _Choice:
    """Who of a relation's members an event is sent to: conditions and orders, read over a member's own entries."""

    def __init__(self, written: WrittenEffect, relation: Relation, outline: Outline, around: Around) -> None:
        self._written = written
        self._around = around
        self._outline = outline
        member = relation.type.item or ANY
        self._entries = member.entries
        self._names = {entry: name for name, entry in member.spellings.items()}
        symbols = [self._symbol(entry) for entry in member.entries]
        self._scope = around.scope.hidden_by(symbols)
        rank = Symbol(f"{MEMBER}rank", ("名次", "rank"), NUMBER)
        # In what is sent, the place is meant, whatever the members call one of their fields.
        self.ranked = around.scope.hidden_by([*symbols, rank])
        self.per = self._per(member)

    def _symbol(self, entry: str) -> Symbol:
        return Symbol(f"{MEMBER}{entry}", (self._names.get(entry, entry), entry), self._entries[entry])

    def _per(self, member: Type) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for word in self._written.per:
            entry = member.spellings.get(word.text, word.text)
            if entry not in member.entries:
                their_field(word, self._outline, self._around.findings)
            else:
                found[entry] = None
        return tuple(found)

    def condition(self) -> Expression | None:
        """The condition that a member must meet."""
        word = self._written.where
        return read_expression(word, self._scope, self._around.findings, BOOLEAN) if word else None

    def order(self) -> tuple[Order, ...]:
        """What the members are put in order by."""
        found = []
        for word in self._written.order:
            direction = _DIRECTION.search(word.text)
            written = replace(word, text=word.text[: direction.start()]) if direction else word
            value = read_expression(written, self._scope, self._around.findings)
            if value is None:
                continue
            if value.type.kind not in _ORDERED:
                problem = word.problem("PF285", written=written.text, type=type_phrase(value.type))
                self._around.findings.add(problem)
                continue
            descending = direction is not None and direction[1] in ("desc", "降序")
            found.append(Order(position=word.position, value=value, descending=descending))
        return tuple(found)

    def first(self) -> Expression | None:
        """How many of each group are sent to."""
        word = self._written.first
        if word is None:
            return None
        count = Symbol(f"{MEMBER}count", ("人数", "count"), NUMBER)
        scope = self._around.scope.hidden_by([count, *(self._symbol(entry) for entry in self.per)])
        return read_expression(word, scope, self._around.findings, NUMBER)
