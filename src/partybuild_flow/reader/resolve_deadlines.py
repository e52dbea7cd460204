"""Deadlines: in which states they run, from when, until when, what stops, repeats and announces them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Final

from partybuild_flow.definition import Deadline, Parameter, RuleSet, Table, Warn
from partybuild_flow.feel import Expression, Term, Type, term_text, tree
from partybuild_flow.reader.expressions import read_expression, read_template
from partybuild_flow.reader.findings import Findings
from partybuild_flow.reader.keywords import spelled
from partybuild_flow.reader.resolve_fields import key_of, type_phrase
from partybuild_flow.reader.resolve_personal import read_erased
from partybuild_flow.reader.resolve_transitions import Place, find_recipient, once
from partybuild_flow.reader.text import Scalar
from partybuild_flow.reader.written_deadlines import WrittenDeadline, WrittenWarn

_SHARE: Final = re.compile(r"([0-9]{1,4}(?:\.[0-9]{1,4})?)\s*[%％]")
_LENGTHS: Final = ("duration", "term", "any", "null")
_INSTANTS: Final = ("date", "datetime")


def read_deadline(written: WrittenDeadline, id_: str, place: Place) -> Deadline | None:
    """The deadline; None after problems of its due expression."""
    states = tuple(_states(written.while_, place))
    due = read_expression(written.due, place.scope, place.findings)
    if due is not None and due.type.kind not in (*_LENGTHS, *_INSTANTS):
        problem = written.due.problem("PF254", deadline=written.name.text, type=type_phrase(due.type))
        place.findings.add(problem)
    fires = place.events.find(written.fire, "PF205") if written.fire else None
    told = written.fire is None or written.fire.text in place.findings.broken
    if fires is not None and written.fire is not None and fires not in place.by_clock and not told:
        place.findings.add(written.fire.problem("PF253", event=written.fire.text, deadline=written.name.text))
    since = _since(written, place)
    pauses = tuple(_pauses(written, states, place))
    warns = tuple(found for warn in written.warn if (found := _warn(warn, place)))
    erases = read_erased(written, place.fields, place.facts, place.findings)
    if due is None:
        return None
    _check_parts(written, due.type, place.findings)
    return Deadline(
        position=written.name.position,
        id=id_,
        name=written.name.text,
        states=states,
        due=due,
        fires=fires,
        since=since,
        every=written.every.value if written.every else None,
        pauses=pauses,
        warns=warns,
        erases=erases,
    )


def _states(words: tuple[Scalar, ...], place: Place) -> Iterator[str]:
    for word in once(words, place.findings):
        state = place.states.names.find(word, "PF206")
        if state is not None:
            yield state


def _since(written: WrittenDeadline, place: Place) -> Expression | None:
    if written.since is None:
        return None
    since = read_expression(written.since, place.scope, place.findings)
    if since is not None and since.type.kind not in (*_INSTANTS, "any", "null"):
        data = {"deadline": written.name.text, "type": type_phrase(since.type)}
        place.findings.add(written.since.problem("PF267", **data))
    return since


def _pauses(written: WrittenDeadline, states: tuple[str, ...], place: Place) -> Iterator[str]:
    running = {leaf for state in states for leaf in _leaves(state, place)}
    for word in once(written.pause, place.findings):
        state = place.states.names.find(word, "PF206")
        if state is None:
            continue
        if len(states) == len(written.while_) and not running.issuperset(_leaves(state, place)):
            key = spelled("while", word.source.language)
            problem = word.problem("PF264", deadline=written.name.text, state=word.text, key=key)
            place.findings.add(problem)
        yield state


def _leaves(state: str, place: Place) -> Iterator[str]:
    children = place.states.children(state)
    for child in children:
        yield from _leaves(child, place)
    if not children:
        yield state


def _warn(written: WrittenWarn, place: Place) -> Warn | None:
    to = find_recipient(written.notify, place) if written.notify else ""
    text = read_template(written.message, place.scope, place.findings) if written.message else ()
    share: Decimal | None = None
    before: Expression | None = None
    percent = _SHARE.fullmatch(written.at.text)
    if percent:
        share = Decimal(percent[1]) / 100
        if not 0 < share < 1:
            place.findings.add(written.at.problem("PF263", written=written.at.text))
    else:
        before = read_expression(written.at, place.scope, place.findings)
        if before is not None and before.type.kind not in _LENGTHS:
            place.findings.add(written.at.problem("PF266", type=type_phrase(before.type)))
    if to is None or (share is None and before is None):
        return None
    return Warn(position=written.at.position, share=share, before=before, to=to, text=text)


def _check_parts(written: WrittenDeadline, due: Type, findings: Findings) -> None:
    """Parts that do not go together."""
    name = written.name.text
    if written.every is not None:
        if due.kind in _INSTANTS:
            findings.add(written.due.problem("PF262", deadline=name, type=type_phrase(due)))
        if written.since is not None:
            _not_with(written, "since", "PF268", findings)
        if written.fire is None and not written.erase and written.intact("fire", "erase"):
            findings.add(written.every.word.problem("PF269", deadline=name))
    elif due.kind in _INSTANTS:
        for keyword in ("since", "pause"):
            if key_of(written, keyword) is not None:
                _not_with(written, keyword, "PF265", findings, type=type_phrase(due))


def _not_with(written: WrittenDeadline, keyword: str, code: str, findings: Findings, **data: object) -> None:
    key = key_of(written, keyword)
    if key is not None:
        findings.add(key.problem(code, deadline=written.name.text, key=key.text, **data))


def check_counted(
    deadlines: Mapping[str, tuple[WrittenDeadline, Deadline]],
    parameters: Mapping[str, Parameter],
    rules: Mapping[str, Table | RuleSet],
    findings: Findings,
) -> None:
    """Note each deadline whose terms need a calendar; for a workflow that names none."""
    for written, deadline in deadlines.values():
        lengths = [each for each in deadline.timing if each.type.kind in ("term", "any")]
        term = next(_terms_of(lengths, parameters, rules), None)
        if term is not None:
            language = written.name.source.language
            key = spelled("calendar", language)
            data = {"deadline": written.name.text, "found": term_text(term, language), "key": key}
            findings.add(written.due.problem("PF260", **data))


def _terms_of(
    expressions: Iterable[Expression],
    parameters: Mapping[str, Parameter],
    rules: Mapping[str, Table | RuleSet],
) -> Iterator[Term]:
    """The terms written in expressions and in what they read."""
    waiting, seen = list(expressions), set[str]()
    while waiting:
        expression = waiting.pop(0)
        for node, _ in tree.walk(expression.tree):
            if isinstance(node, tree.Constant) and isinstance(node.value, Term):
                yield node.value
        for read in sorted(expression.reads - seen):
            seen.add(read)
            value = parameters[read].value if read in parameters else None
            if isinstance(value, Term):
                yield value
            if read in rules:
                waiting += _said(rules[read])


def _said(part: Table | RuleSet) -> Iterator[Expression]:
    """What a table or rule set may conclude, and what it reads to do so."""
    if isinstance(part, Table):
        yield from part.inputs
        for row in part.rows:
            yield from row.values
    else:
        for rule in part.rules:
            yield from (conclusion.value for conclusion in rule.conclusions)
    yield from (output.default for output in part.outputs if output.default)
