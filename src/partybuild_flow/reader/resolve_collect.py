"""What transitions collect: who is asked, what a mark is, what the marks come to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from partybuild_flow.case import CLOCK
from partybuild_flow.definition import By, Collect, Discard, Field, Parameter
from partybuild_flow.feel import (
    AMBIENT,
    BOOLEAN,
    NUMBER,
    TEXT,
    Expression,
    Scope,
    Symbol,
    Type,
    Value,
    context_of,
    evaluate,
    list_of,
    parse_literal,
)
from partybuild_flow.messages import Phrase
from partybuild_flow.reader.expressions import read_expression
from partybuild_flow.reader.findings import Findings, hint_at
from partybuild_flow.reader.keywords import spelled
from partybuild_flow.reader.names import Names, check_id
from partybuild_flow.reader.resolve_fields import key_of, type_phrase
from partybuild_flow.reader.text import Scalar
from partybuild_flow.reader.written import WrittenTransition, WrittenWorkflow
from partybuild_flow.reader.written_collect import WrittenCollect

MEANS: Final = ("mean", "trimmed-mean")
TRIM_FROM: Final = "5"
"""Panels of fewer judges keep every mark, unless the definition says otherwise."""
_BELONGS: Final = {
    "for": ("all", "any", "quorum", "ratio"),
    "at-least": ("all", "quorum", "ratio", *MEANS),
    "ratio": ("ratio",),
    "trim-from": ("trimmed-mean",),
    "decimals": MEANS,
}
"""The ways to which a keyword belongs; every other one belongs to all."""
_BEYOND: Final = re.compile(r"(?:>(?!=)|＞|超过|more than(?= ))")
_REACHED: Final = re.compile(r"(?:>=|≥|＞＝|不少于|at least(?= ))")
_SPELLINGS: Final = {
    "份数": "count",
    "应到": "asked",
    "未到": "missing",
    "已齐": "complete",
    "各值": "values",
    "结果": "result",
}


@dataclass(frozen=True, slots=True)
class CollectPlace:
    """What a `collect` may refer to."""

    findings: Findings
    facts: Names
    fields: Mapping[str, Field]
    parameters: Mapping[str, Parameter]
    events: Names
    scope: Scope
    unique: frozenset[str]
    collects: Mapping[str, Collect]


def collecting_events(
    transitions: Iterable[WrittenTransition], events: Names, facts: Names, findings: Findings
) -> dict[str, WrittenTransition]:
    """The transitions that collect, by the id of their event, which expressions read from now on; one an event."""
    found: dict[str, WrittenTransition] = {}
    written = tuple(transitions)
    for each in written:
        if each.collect is None:
            continue
        event = events.id_of(each.on.text) or each.on.text
        if event in found:
            key = key_of(each, "collect") or each.on
            line = found[event].on.line
            findings.add(key.problem("PF297", event=each.on.text, line=line))
            continue
        spellings = [(other.on, other.id) for other in written if other.id and other.id.text == event]
        name, id_ = spellings[0] if spellings else (each.on, None)
        wrong = Findings()
        if id_ is not None:
            check_id(id_, wrong)
        found[event] = each
        if facts.declare("part-event", name, None if wrong.problems else id_) is None:
            findings.lose("collect")
    return {event: each for event, each in found.items() if event in facts}


def read_collects(
    workflow: WrittenWorkflow,
    events: Names,
    facts: Names,
    fields: Mapping[str, Field],
    parameters: Mapping[str, Parameter],
    findings: Findings,
) -> CollectPlace:
    """What is collected, and what whatever opens or discards marks may refer to."""
    written = collecting_events(workflow.transitions, events, facts, findings)
    parts: list[Field | Parameter] = [*fields.values(), *parameters.values()]
    scope = Scope((*(Symbol(each.id, (each.name,), each.type) for each in parts), *AMBIENT))
    unique = frozenset(facts.id_of(word.text) or "" for group in workflow.unique for word in group)
    place = CollectPlace(findings, facts, fields, parameters, events, scope, unique, {})
    found = ((event, read_collect(transition, place)) for event, transition in written.items())
    return replace(place, collects={event: collect for event, collect in found if collect is not None})


def read_unseals(written: WrittenTransition, by: tuple[By, ...], place: CollectPlace) -> Iterator[str]:
    """The events whose sealed marks a transition opens: by two persons with a reason, or by the clock."""
    for word in written.unseal:
        event = _collected(word, place)
        if event is None:
            continue
        own = place.collects.get(place.events.id_of(written.on.text) or "") if written.collect else None
        by_clock = bool(by) and all(each.role == CLOCK for each in by)
        told = place.findings.lost("fields", "transitions") or not written.intact("collect", "needs", "by")
        if not (told or by_clock or (_takes_two(own, by, place) and _brings_reason(written, own, place))):
            place.findings.add(word.problem("PF289", event=written.on.text))
        yield event


def read_discards(written: WrittenTransition, place: CollectPlace) -> Iterator[Discard]:
    """The events whose marks a transition takes away, and whose marks."""
    for key, node in written.discard:
        if key is None:
            continue
        event = _collected(key, place)
        if not isinstance(node, Scalar) or not node.text:
            what = Phrase("key", {"key": key.text})
            kind = "scalar" if isinstance(node, Scalar) else type(node).__name__.lower()
            found = Phrase(f"found-{kind}")
            expected = Phrase("form-expression")
            place.findings.add(node.problem("PF108", what=what, expected=expected, found=found))
        elif event is not None:
            everybody = node.text == spelled("all", node.source.language)
            people = None if everybody else next(_people((node,), place), None)
            if everybody or people is not None:
                yield Discard(position=key.position, event=event, people=people)


def _collected(word: Scalar, place: CollectPlace) -> str | None:
    event = place.events.find(word, "PF205")
    if event is None or event in place.collects:
        return event
    known = [place.events.name(each) for each in place.collects]
    if not place.findings.lost("collect"):
        place.findings.add(word.problem("PF299", event=word.text, hint=hint_at(word.text, known)))
    return None


def _takes_two(collect: Collect | None, by: tuple[By, ...], place: CollectPlace) -> bool:
    """Whether two persons at least must agree, as far as can be told."""
    if collect is None or collect.way not in ("all", "quorum"):
        return False
    least = _known(collect.at_least, place)
    if isinstance(least, Decimal) and least >= 2:
        return True
    if collect.way == "quorum":
        return False
    many = len(collect.asked) > 1 or any(each.type.kind == "list" for each in collect.asked)
    return len(by) > 1 if collect.each_role else many


def _brings_reason(written: WrittenTransition, collect: Collect | None, place: CollectPlace) -> bool:
    """Whether a text has to be filled in that is not what a mark is."""
    marks = collect.value.reads if collect and collect.value else frozenset()
    fields = (place.fields.get(place.facts.id_of(word.text) or "") for word in written.needs)
    return any(each is not None and each.kind == "text" and each.id not in marks for each in fields)


def type_of_collected(collect: Collect) -> Type:
    """The type of what expressions read of an event that collects."""
    value = collect.value.type if collect.value else BOOLEAN
    entries = {
        "count": NUMBER,
        "asked": list_of(TEXT),
        "missing": list_of(TEXT),
        "complete": BOOLEAN,
        "values": list_of(value),
        "result": NUMBER if collect.way in MEANS else BOOLEAN,
    }
    return context_of(entries, _SPELLINGS)


def read_collect(transition: WrittenTransition, around: CollectPlace) -> Collect | None:
    """What the transition collects; None if nothing, or after a problem that leaves nothing of it."""
    written = transition.collect
    if written is None:
        return None
    findings = around.findings
    way = written.as_.value
    _check_keywords(written, findings)
    if transition.from_ is None and transition.intact("from"):
        findings.add(transition.on.problem("PF298", event=transition.on.text))
    value = _value(transition, written, around)
    each_role = _asks_each_role(written)
    asked = () if each_role else tuple(_people(written.from_people, around))
    at_least = _number(written.at_least, around)
    ratio, beyond = _ratio(written.ratio, around)
    into = _into(written, around)
    trim_from = _number(written.trim_from, around) or parse_literal(TRIM_FROM).expression
    _check_reachable(transition, written, at_least, around)
    return Collect(
        position=written.as_.word.position,
        way=way,
        value=value,
        agreeing=tuple(_agreeing(written, value, findings)),
        asked=asked,
        each_role=each_role,
        recused=tuple(_people(written.not_from, around)),
        at_least=at_least,
        ratio=ratio,
        beyond=beyond,
        trim_from=trim_from if way == "trimmed-mean" else None,
        decimals=written.decimals if written.decimals is not None or into is None else into.decimals,
        into=into.id if into else None,
        sealed=written.sealed,
    )


def _check_keywords(written: WrittenCollect, findings: Findings) -> None:
    """Each way has its keywords, and cannot do without some of them."""
    way, word = written.as_
    language = word.source.language
    for keyword, ways in _BELONGS.items():
        key = key_of(written, keyword)
        if key is not None and way not in ways:
            findings.add(key.problem("PF293", key=key.text, way=word.text))
    needed = {"quorum": ["at-least"], "ratio": ["ratio"]}.get(way, [])
    needed += ["value"] if way in MEANS else []
    # Without anybody being named, only a number says when all marks are there.
    needed += ["at-least"] if not written.from_people and way not in ("any", "quorum") else []
    for keyword in needed:
        if key_of(written, keyword) is None and written.intact(keyword, "from-people"):
            findings.add(word.problem("PF292", way=word.text, key=spelled(keyword, language)))


def _value(transition: WrittenTransition, written: WrittenCollect, around: CollectPlace) -> Expression | None:
    """The expression of a mark, which reads what the event brings."""
    word = written.value
    if word is None:
        return None
    found = read_expression(word, around.scope, around.findings)
    if found is None:
        return None
    required = (each.text for each in transition.needs if not each.text.endswith(("?", "？")))
    brought = {around.facts.id_of(each) for each in required}
    if transition.intact("needs") and found.reads.isdisjoint(brought):
        around.findings.add(word.problem("PF290", value=word.text, event=transition.on.text))
    wanted, choice = (NUMBER if written.as_.value in MEANS else BOOLEAN), bool(written.for_)
    fits = found.type.kind in (("text", "any") if choice else (wanted.kind, "any"))
    if not fits:
        data = {"value": word.text, "type": type_phrase(found.type), "way": written.as_.word.text}
        expected = Phrase("collect-choice") if choice or found.type.values else type_phrase(wanted)
        if written.as_.value in MEANS:
            expected = type_phrase(wanted)
        around.findings.add(word.problem("PF291", expected=expected, **data))
    return found


def _agreeing(written: WrittenCollect, value: Expression | None, findings: Findings) -> Iterator[bool | str]:
    """The values that count as yes."""
    if not written.for_:
        yield True
    known = value.type.values if value else ()
    for word in written.for_:
        if known and word.text not in known:
            problem = word.problem(
                "PF224",
                written=word.text,
                type=type_phrase(value.type) if value else "",
                hint=hint_at(word.text, known),
            )
            findings.add(problem)
        yield word.text


def _asks_each_role(written: WrittenCollect) -> bool:
    words = written.from_people
    return len(words) == 1 and words[0].text == spelled("each-role", words[0].source.language)


def _people(words: tuple[Scalar, ...], around: CollectPlace) -> Iterator[Expression]:
    for word in words:
        found = read_expression(word, around.scope, around.findings)
        if found is None:
            continue
        item = found.type.item if found.type.kind == "list" and found.type.item else found.type
        if item.kind not in ("text", "any", "null") or item.values:
            around.findings.add(word.problem("PF294", written=word.text, type=type_phrase(found.type)))
        yield found


def _number(word: Scalar | None, around: CollectPlace) -> Expression | None:
    return read_expression(word, around.scope, around.findings, NUMBER) if word else None


def _ratio(word: Scalar | None, around: CollectPlace) -> tuple[Expression | None, bool]:
    """The ratio, and whether it must be exceeded, as `> 1/2` or `more than 1/2` says."""
    if word is None:
        return None, False
    beyond = _BEYOND.match(word.text)
    sign = beyond or _REACHED.match(word.text)
    # Blanks keep every later word at its place, for whoever is told of a fault.
    bare = replace(word, text=" " * sign.end() + word.text[sign.end() :]) if sign else word
    found = _number(bare, around)
    value = _known(found, around)
    too_much = isinstance(value, Decimal) and (value >= 1 if beyond else value > 1)
    if found is not None and isinstance(value, Decimal) and (value < 0 or too_much or not (value or beyond)):
        around.findings.add(word.problem("PF295", written=word.text, bounds=Phrase("collect-ratio")))
    return found, bool(beyond)


def _known(found: Expression | None, around: CollectPlace) -> Value:
    """The value of an expression that reads parameters only; None of any other."""
    if found is None or not found.reads <= around.parameters.keys():
        return None
    return evaluate(found.tree, {name: around.parameters[name].value for name in found.reads})


def _check_reachable(
    transition: WrittenTransition, written: WrittenCollect, at_least: Expression | None, around: CollectPlace
) -> None:
    """So many marks must be possible, as far as can be told: of the roles of `by`, of people named one by one."""
    word, least = written.at_least, _known(at_least, around)
    if word is None or not isinstance(least, Decimal):
        return
    if least < 1 or least != least.to_integral_value():
        bounds = Phrase("collect-whole")
    else:
        asked = _number_asked(transition, written, around)
        if asked is None or least <= asked:
            return
        bounds = Phrase("collect-asked", {"count": asked})
    around.findings.add(word.problem("PF295", written=word.text, bounds=bounds))


def _number_asked(transition: WrittenTransition, written: WrittenCollect, around: CollectPlace) -> int | None:
    if _asks_each_role(written):
        return len(transition.by or ())
    found = [around.fields.get(around.facts.id_of(word.text) or "") for word in written.from_people]
    return len(found) if found and all(each and each.kind == "person" for each in found) else None


def _into(written: WrittenCollect, around: CollectPlace) -> Field | None:
    word = written.into
    if word is None:
        return None
    found = around.facts.find(word, "PF204", "part-field")
    field = around.fields.get(found or "")
    if field is None:
        return None
    expected = NUMBER if written.as_.value in MEANS else BOOLEAN
    if field.type.kind not in (expected.kind, "any"):
        data = {"field": word.text, "type": type_phrase(field.type), "way": written.as_.word.text}
        around.findings.add(word.problem("PF296", expected=type_phrase(expected), **data))
    elif field.id in around.unique:
        around.findings.add(word.problem("PF219", field=word.text))
    return field
