"""Marks that several people give on one event: who is asked, whose marks count, what they come to. Pure.

A mark is one person's value in one round. A case keeps the round under the id of the event behind `@`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from functools import reduce
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from partybuild_flow.case import Facts
from partybuild_flow.facts.scalars import Convert
from partybuild_flow.feel import Compute, Value
from partybuild_flow.feel.arithmetic import NUMBERS

if TYPE_CHECKING:
    from fractions import Fraction

MARKED: Final = "@mark"
"""The outcome of an event that gave a mark and did not complete the collecting: the state stays."""
MEANS: Final = frozenset(("mean", "trimmed-mean"))
FEWEST_TRIMMED: Final = 3
"""Of fewer marks nothing is left once the lowest and the highest are dropped."""

_EXACT: Final = Context(prec=200)
"""Enough for the sum of very many numbers of 34 digits with exponents up to 34."""

Mark = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Collecting:
    """The `collect` of a transition made ready.

    `key` is where a case keeps the round. `asked` compute people, `roles` are demands of `by` of which
    each has to give once; with neither, whoever meets `by` may give. `own` are the inputs that stay with
    a mark; `reads` is what all of it reads.
    """

    event: str
    key: str
    way: str
    value: Compute | None
    agreeing: frozenset[Value]
    asked: tuple[Compute, ...]
    roles: tuple[str, ...]
    recused: tuple[Compute, ...]
    at_least: Compute | None
    ratio: Compute | None
    beyond: bool
    trim_from: Compute | None
    decimals: int | None
    sealed: bool
    into: str | None
    convert: Convert | None
    own: frozenset[str]
    leaves: bool
    reads: frozenset[str]


def key_of(event: str) -> str:
    """Where a case keeps the marks of an event; nobody can send data under such a name."""
    return f"@{event}"


class Round(NamedTuple):
    """The marks of one round. `open` says that sealed ones may be seen, `over` that what they came to was
    acted upon, so that the next mark begins another round; `final` is what they came to then."""

    number: int = 1
    open: bool = False
    over: bool = False
    marks: tuple[Mark, ...] = ()
    final: Mapping[str, Value] | None = None


class Collected(NamedTuple):
    """What a round has come to so far: how many marks count, who is asked (None: whoever meets `by`), who of
    them is missing, the values, the result if nobody gave any more, whether nothing can change it any more."""

    given: int
    asked: tuple[str, ...] | None
    missing: tuple[str, ...] | None
    values: tuple[Value, ...]
    result: Value
    complete: bool


def round_in(data: Mapping[str, Value], key: str) -> Round:
    """The round that a case's data keeps."""
    kept = data.get(key)
    if not isinstance(kept, dict):
        return Round()
    number, marks = kept["round"], kept["marks"]
    return Round(int(number), kept["open"], kept["over"], tuple(marks), kept.get("final"))


def kept(round: Round) -> dict[str, Value]:
    """The round as a case's data keeps it."""
    found: dict[str, Value] = {
        "round": Decimal(round.number),
        "open": round.open,
        "over": round.over,
        "marks": list(round.marks),
    }
    if round.final is not None:
        found["final"] = dict(round.final)
    return found


def collected(collecting: Collecting, round: Round, values: Mapping[str, Value]) -> Collected:
    """What a round has come to. Marks of people who are not asked, or no longer, do not count."""
    if round.final is not None:
        return _final(round.final)
    recused = frozenset(people(collecting.recused, values))
    marks = [mark for mark in round.marks if mark["actor"] not in recused]
    asked: tuple[str, ...] | None = None
    missing: tuple[str, ...] | None = None
    if collecting.roles:
        signed = _signed(collecting.roles, marks)
        asked = collecting.roles
        missing = tuple(role for role in asked if role not in signed)
        marks = [marks[place] for place in sorted(signed.values())]
    elif collecting.asked:
        asked = tuple(each for each in people(collecting.asked, values) if each not in recused)
        counted = frozenset(asked)
        marks = [mark for mark in marks if mark["actor"] in counted]
        given = {mark["actor"] for mark in marks}
        missing = tuple(each for each in asked if each not in given)
    found = tuple(mark["value"] for mark in marks)
    complete, result = _verdict(collecting, found, None if asked is None else len(asked), values)
    return Collected(len(found), asked, missing, found, result, complete and bool(found))


def refusal(collecting: Collecting, round: Round, facts: Facts) -> tuple[str, Mapping[str, object]] | None:
    """Why this actor may not give a mark: a reason's code and what its sentence names; None if nothing is against it."""
    actor, values = facts.actor.id, facts.values
    data = {"event": collecting.event}
    if actor in people(collecting.recused, values):
        return "refused.recused", data
    if collecting.asked and actor not in people(collecting.asked, values):
        return "refused.not-asked", data
    if round.over:
        return None
    if any(mark["actor"] == actor for mark in round.marks):
        return "refused.given", data
    marks = list(round.marks)
    if collecting.roles:
        with_this = [*marks, {"actor": actor, "as": _standing(collecting, facts)}]
        if len(_signed(collecting.roles, with_this)) == len(_signed(collecting.roles, marks)):
            return "refused.signed", data
    return ("refused.collected", data) if collected(collecting, round, values).complete else None


def marked(collecting: Collecting, round: Round, facts: Facts) -> Round | None:
    """The round with the mark that this event gives; None where its value is missing."""
    value = True if collecting.value is None else collecting.value(facts.values)
    if value is None:
        return None
    before = Round(round.number + 1) if round.over else round
    mark: dict[str, Value] = {"actor": facts.actor.id, "value": value}
    if collecting.roles:
        mark["as"] = _standing(collecting, facts)
    given = {name: each for name, each in facts.inputs.items() if name in collecting.own}
    if given and list(given.values()) != [value]:
        mark["given"] = given
    return before._replace(marks=(*before.marks, mark))


def closed(round: Round, found: Collected, *, over: bool) -> Round:
    """The round when it is complete: sealed marks may be seen, and if it is `over`, what it came to stands."""
    final = as_context(found, visible=True) if over else None
    return round._replace(open=True, over=over, final=final)


def without(round: Round, actors: Sequence[str] | None) -> Round:
    """The round without the marks of these people, or another one where all marks are discarded."""
    if actors is None:
        return Round(round.number + 1)
    marks = tuple(mark for mark in round.marks if mark["actor"] not in actors)
    return round._replace(marks=marks, over=False, final=None)


def as_context(found: Collected, *, visible: bool) -> dict[str, Value]:
    """What expressions read; values and result are null while they are sealed."""
    return {
        "count": Decimal(found.given),
        "asked": None if found.asked is None else list(found.asked),
        "missing": None if found.missing is None else list(found.missing),
        "complete": found.complete,
        "values": list(found.values) if visible else None,
        "result": found.result if visible else None,
    }


def is_visible(collecting: Collecting, round: Round, found: Collected) -> bool:
    """Whether the values of a round may be seen."""
    return round.open or not collecting.sealed or found.complete


def people(computed: Iterable[Compute], values: Mapping[str, Value]) -> tuple[str, ...]:
    """The ids that expressions give, alone or in lists, each once."""
    found: dict[str, None] = {}
    for compute in computed:
        given = compute(values)
        for each in given if isinstance(given, list) else (given,):
            if isinstance(each, str):
                found[each] = None
    return tuple(found)


def _standing(collecting: Collecting, facts: Facts) -> list[Value]:
    return [role for role in collecting.roles if role in facts.standing]


def _signed(roles: tuple[str, ...], marks: Sequence[Mark]) -> dict[str, int]:
    """For each role the place of the mark that signs for it, as many roles as different people can sign for."""
    signed: dict[str, int] = {}

    def signs(place: int, tried: set[str]) -> bool:
        for role in marks[place]["as"]:
            if role in roles and role not in tried:
                tried.add(role)
                if role not in signed or signs(signed[role], tried):
                    signed[role] = place
                    return True
        return False

    for place in range(len(marks)):
        signs(place, set())
    return signed


def _verdict(
    collecting: Collecting, given: tuple[Value, ...], base: int | None, values: Mapping[str, Value]
) -> tuple[bool, Value]:
    """Whether nothing can change the result any more, and the result if nobody gave any more."""
    count = len(given)
    least = collecting.at_least(values) if collecting.at_least else Decimal(0)
    enough = isinstance(least, Decimal) and count >= least
    if collecting.way in MEANS:
        all_given = count == base if base is not None else collecting.at_least is not None
        return enough and all_given, _mean(collecting, given, values) if enough else None
    agreeing = sum(value in collecting.agreeing for value in given)
    may_agree = None if base is None else agreeing + base - count
    match collecting.way:
        case "all":
            reached = enough and 0 < count == agreeing and count == (count if base is None else base)
            certain = reached or agreeing < count
        case "any":
            reached = agreeing > 0
            certain = reached or may_agree == 0
        case "quorum":
            reached = isinstance(least, Decimal) and agreeing >= least
            certain = reached or (may_agree is not None and isinstance(least, Decimal) and may_agree < least)
        case _:
            ratio = collecting.ratio(values) if collecting.ratio else None
            reached = enough and _meets(agreeing, base or count, ratio, collecting.beyond)
            lost = may_agree is not None and not _meets(may_agree, base or 0, ratio, collecting.beyond)
            certain = enough and ratio is not None and (reached or lost or base is None)
    return certain, reached


def _meets(part: int, whole: int, ratio: Value, beyond: bool) -> bool:
    """Whether a share reaches a ratio, or goes beyond it.

    Both quotients are rounded alike to 34 digits, so equal shares stay equal, and unequal ones of
    fewer than 10**16 people stay apart: this decides as cross-multiplication would, also where the
    ratio is 2/3 in a parameter.
    """
    if not whole or not isinstance(ratio, Decimal):
        return False
    share = NUMBERS.divide(Decimal(part), Decimal(whole))
    return share > ratio if beyond else share >= ratio


def _mean(collecting: Collecting, given: tuple[Value, ...], values: Mapping[str, Value]) -> Decimal | None:
    from fractions import Fraction

    marks = sorted(value for value in given if isinstance(value, Decimal))
    if collecting.way == "trimmed-mean" and collecting.trim_from is not None:
        fewest = collecting.trim_from(values)
        if isinstance(fewest, Decimal) and len(marks) >= fewest and len(marks) >= FEWEST_TRIMMED:
            marks = marks[1:-1]
    if not marks:
        return None
    return half_up(Fraction(reduce(_EXACT.add, marks)) / len(marks), collecting.decimals)


def half_up(number: Fraction, decimals: int | None) -> Decimal:
    """An exact number with so many decimals, a half away from zero; with 34 digits where nothing is said."""
    if decimals is None:
        return NUMBERS.divide(Decimal(number.numerator), Decimal(number.denominator))
    scaled = abs(number) * 10**decimals
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal((int(number < 0), Decimal(whole).as_tuple().digits, -decimals))


def _final(final: Mapping[str, Value]) -> Collected:
    def texts(name: str) -> tuple[str, ...] | None:
        found = final[name]
        return tuple(found) if isinstance(found, list) else None

    values, count = final["values"], final["count"]
    return Collected(
        int(count) if isinstance(count, Decimal) else 0,
        texts("asked"),
        texts("missing"),
        tuple(values) if isinstance(values, list) else (),
        final["result"],
        True,
    )
