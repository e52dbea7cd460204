"""Rates: shares of cases, read off what a case holds, when it was in which state, and what happened in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Final

from partybuild_flow.definition import Rate, State
from partybuild_flow.feel import (
    BOOLEAN,
    DATETIME,
    NUMBER,
    Expression,
    Scope,
    Symbol,
    context_of,
)
from partybuild_flow.reader.expressions import read_expression
from partybuild_flow.reader.findings import Findings
from partybuild_flow.reader.names import Names
from partybuild_flow.reader.resolve_fields import type_phrase
from partybuild_flow.reader.text import Scalar
from partybuild_flow.reader.written_rates import WrittenRate

STATES: Final = "?state"
EVENTS: Final = "?event"
"""The ids of what rates read besides the parts of a workflow; no name of a part can be one of them."""

_SHARE: Final = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,6})?)\s*[%％]")
_PASSED: Final = {"首次": "first", "末次": "last", "次数": "count"}
_EVENT: Final = context_of({"first": DATETIME, "last": DATETIME, "count": NUMBER}, _PASSED)
_STATE: Final = context_of(
    {"now": BOOLEAN, "first": DATETIME, "last": DATETIME, "count": NUMBER}, {"现在": "now", **_PASSED}
)
_INSTANTS: Final = ("date", "datetime", "any", "null")


class RatePlace:
    """What a rate may refer to: the workflow's own parts of the kinds in `known`, its states, its events."""

    def __init__(
        self,
        scope: Scope,
        known: Iterable[str],
        deadlines: Iterable[str],
        states: Mapping[str, State],
        events: Mapping[str, str],
        findings: Findings,
    ) -> None:
        passed = context_of(dict.fromkeys(states, _STATE), {each.name: id_ for id_, each in states.items()})
        happened = context_of(dict.fromkeys(events, _EVENT), {name: id_ for id_, name in events.items()})
        own = (
            Symbol(STATES, tuple(_free(scope, "状态", "state")), passed),
            Symbol(EVENTS, tuple(_free(scope, "事件", "event")), happened),
        )
        self.scope = scope.extended(own)
        self.known = frozenset((*known, STATES, EVENTS, "now", "today"))
        self.deadlines = frozenset(deadlines)
        self.findings = findings


def read_rates(written: Iterable[WrittenRate], place: RatePlace) -> dict[str, Rate]:
    """The rates by id, in file order; those with problems are left out."""
    names = Names(place.findings, "rates")
    found: dict[str, Rate] = {}
    for each in written:
        id_ = names.declare("part-rate", each.name, each.id)
        rate = _rate(each, id_, place) if id_ is not None else None
        if rate is not None:
            found[rate.id] = rate
    return found


def _rate(written: WrittenRate, id_: str, place: RatePlace) -> Rate | None:
    numerator = _read(written.numerator, place, condition=True)
    denominator = _read(written.denominator, place, condition=True) if written.denominator else None
    falls = _read(_due_of(written.falls, place), place)
    if falls is not None and falls.type.kind not in _INSTANTS:
        data = {"rate": written.name.text, "type": type_phrase(falls.type)}
        place.findings.add(written.falls.problem("PF350", **data))
    at_least = _share(written.at_least, place.findings)
    if numerator is None or falls is None or (written.denominator is not None and denominator is None):
        return None
    return Rate(
        position=written.name.position,
        id=id_,
        name=written.name.text,
        numerator=numerator,
        denominator=denominator,
        falls=falls,
        at_least=at_least,
    )


def _read(word: Scalar, place: RatePlace, *, condition: bool = False) -> Expression | None:
    found = read_expression(word, place.scope, place.findings, BOOLEAN if condition else None)
    if found is None:
        return None
    for name in sorted(found.reads - place.known):
        symbol = place.scope.find(name)
        shown = symbol.spellings[0] if symbol else name
        place.findings.add(word.problem("PF352", name=shown))
        return None
    return found


def _due_of(word: Scalar, place: RatePlace) -> Scalar:
    """The due instant of a deadline where a deadline alone is written."""
    symbol = place.scope.find(word.text)
    if symbol is None or symbol.id not in place.deadlines:
        return word
    return Scalar(word.source, word.start, word.line, word.column, f"{word.text}.due")


def _share(word: Scalar | None, findings: Findings) -> Decimal | None:
    if word is None:
        return None
    percent = _SHARE.fullmatch(word.text.strip())
    share = Decimal(percent[1]) / 100 if percent else None
    if share is None or not 0 < share <= 1:
        findings.add(word.problem("PF351", written=word.text))
        return None
    return share


def _free(scope: Scope, *spellings: str) -> Iterable[str]:
    """Those spellings that no part of the workflow has: a part of one's own is meant first."""
    return (each for each in spellings if not scope.names.meanings(each))
