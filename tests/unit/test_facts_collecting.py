"""What marks come to: each way, when it is certain, whose marks count."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partybuild_flow.facts.collecting import (
    Collected,
    Collecting,
    Mark,
    Round,
    collected,
    half_up,
    kept,
    round_in,
    without,
)
from partybuild_flow.feel import Value
from partybuild_flow.feel.arithmetic import NUMBERS

PEOPLE = [f"p{number}" for number in range(1, 10)]


def asks(way: str, **changes: object) -> Collecting:
    """What is collected in this way from the people in `asked`, without those in `recused`."""
    plain: dict[str, object] = {
        "event": "give", "key": "@give", "way": way, "value": None, "agreeing": frozenset({True}),
        "asked": (lambda values: values["asked"],), "roles": (), "recused": (lambda values: values.get("recused"),),
        "at_least": None, "ratio": None, "beyond": False, "trim_from": None, "decimals": None, "sealed": False,
        "into": None, "convert": None, "own": frozenset(), "leaves": True, "reads": frozenset(),
    }  # fmt: skip
    return Collecting(**(plain | changes))  # type: ignore[arg-type]


def constant(number: Value) -> Callable[[object], Value]:
    return lambda values: number


def given_by(*values: Value) -> Round:
    marks: list[Mark] = [{"actor": who, "value": value} for who, value in zip(PEOPLE, values, strict=False)]
    return Round(marks=tuple(marks))


def come_to(
    collecting: Collecting, asked: int, *values: Value, recused: list[str] | None = None
) -> Collected:
    facts: dict[str, Value] = {"asked": PEOPLE[:asked], "recused": recused}
    return collected(collecting, given_by(*values), facts)


def verdict(collecting: Collecting, asked: int, *values: Value) -> object:
    """True or False once that is certain, None before."""
    found = come_to(collecting, asked, *values)
    return found.result if found.complete else None


@pytest.mark.parametrize(
    ("collecting", "votes", "expected"),
    [
        (asks("all"), [True, True], None),
        (asks("all"), [True, True, True], True),
        (asks("all"), [True, False], False),
        (asks("any"), [False, False], None),
        (asks("any"), [False, True], True),
        (asks("any"), [False, False, False], False),
        (asks("quorum", at_least=constant(Decimal(2))), [True], None),
        (asks("quorum", at_least=constant(Decimal(2))), [True, True], True),
        (asks("quorum", at_least=constant(Decimal(2))), [False], None),
        (asks("quorum", at_least=constant(Decimal(2))), [False, False], False),
        (asks("ratio", ratio=constant(NUMBERS.divide(Decimal(2), Decimal(3)))), [True, True], True),
        (asks("ratio", ratio=constant(NUMBERS.divide(Decimal(2), Decimal(3)))), [False, True], None),
        (asks("ratio", ratio=constant(NUMBERS.divide(Decimal(2), Decimal(3)))), [False, False], False),
        (asks("ratio", ratio=constant(None)), [True, True, True], None),
        (asks("quorum", at_least=constant(None)), [True, True, True], None),
    ],
)
def test_three_are_asked_and_the_outcome_is_told_as_soon_as_it_is_certain(
    collecting: Collecting, votes: list[Value], expected: object
) -> None:
    assert verdict(collecting, 3, *votes) is expected


@pytest.mark.parametrize(("agreeing", "expected"), [(1, False), (2, False), (3, True), (4, True)])
def test_more_than_half_is_not_half(agreeing: int, expected: bool) -> None:
    half = asks("ratio", ratio=constant(Decimal("0.5")), beyond=True)
    assert verdict(half, 4, *[True] * agreeing, *[False] * (4 - agreeing)) is expected


@given(
    part=st.integers(0, 400), whole=st.integers(1, 400),
    numerator=st.integers(1, 400), denominator=st.integers(1, 400), beyond=st.booleans(),
)  # fmt: skip
def test_a_ratio_decides_as_exact_fractions_do(
    part: int, whole: int, numerator: int, denominator: int, beyond: bool
) -> None:
    from partybuild_flow.facts.collecting import _meets

    share, ratio = Fraction(part, whole), Fraction(numerator, denominator)
    written = NUMBERS.divide(Decimal(numerator), Decimal(denominator))
    assert _meets(part, whole, written, beyond) == (share > ratio if beyond else share >= ratio)


def test_an_abstention_is_given_and_does_not_agree() -> None:
    vote = asks("ratio", ratio=constant(Decimal("0.5")), beyond=True, agreeing=frozenset({"for"}))
    assert verdict(vote, 4, "for", "for", "abstain") is None
    assert verdict(vote, 4, "for", "for", "abstain", "abstain") is False


def test_at_least_so_many_must_be_present_before_a_ratio_is_told() -> None:
    vote = asks("ratio", ratio=constant(Decimal("0.1")), at_least=constant(Decimal(3)))
    assert [verdict(vote, 5, *[True] * count) for count in range(1, 4)] == [None, None, True]


def test_without_anybody_named_a_number_says_when_all_are_there() -> None:
    mean = asks("mean", asked=(), at_least=constant(Decimal(2)))
    assert verdict(mean, 0, Decimal(1)) is None
    assert verdict(mean, 0, Decimal(1), Decimal(2)) == Decimal("1.5")
    signed = asks("all", asked=(), at_least=constant(Decimal(2)))
    assert [verdict(signed, 0, True), verdict(signed, 0, True, True), verdict(signed, 0, False)] == [
        None,
        True,
        False,
    ]


def marks(*texts: str) -> list[Decimal]:
    return [Decimal(text) for text in texts]


def test_a_mean_waits_for_everybody_who_is_asked() -> None:
    mean = asks("mean", decimals=2)
    assert verdict(mean, 3, *marks("80", "90")) is None
    assert verdict(mean, 3, *marks("80", "90", "85")) == Decimal("85.00")
    assert come_to(mean, 3, *marks("80", "90")).result == Decimal("85.00")


def test_from_five_marks_on_the_lowest_and_the_highest_are_dropped() -> None:
    trimmed = asks("trimmed-mean", trim_from=constant(Decimal(5)), decimals=2)
    assert verdict(trimmed, 6, *marks("90", "80.5", "95", "70", "88", "91")) == Decimal("87.38")
    assert verdict(trimmed, 5, *marks("60", "80", "80", "80", "100")) == Decimal("80.00")
    assert verdict(trimmed, 4, *marks("60", "80", "80", "90")) == Decimal("77.50")


def test_of_two_marks_nothing_is_dropped_whatever_is_written() -> None:
    trimmed = asks("trimmed-mean", trim_from=constant(Decimal(1)), decimals=1)
    assert verdict(trimmed, 2, *marks("60", "81")) == Decimal("70.5")


def test_of_seven_judges_with_one_recused_four_of_six_marks_are_averaged() -> None:
    trimmed = asks("trimmed-mean", trim_from=constant(Decimal(5)), decimals=2)
    given = marks("99", "90", "88", "86", "84", "82", "10")
    found = come_to(trimmed, 7, *given, recused=["p7"])
    assert (found.complete, found.given, found.result) == (True, 6, Decimal("87.00"))


@given(st.lists(st.decimals(0, 100, places=2), min_size=1, max_size=9), st.integers(0, 4))
def test_a_mean_is_rounded_half_up_from_its_exact_value(given_marks: list[Decimal], decimals: int) -> None:
    exact = sum(map(Fraction, given_marks), Fraction(0)) / len(given_marks)
    found = half_up(exact, decimals)
    assert abs(Fraction(found) - exact) * 2 * 10**decimals <= 1
    assert Fraction(found) - exact != Fraction(-1, 2 * 10**decimals)


@pytest.mark.parametrize(
    ("exact", "rounded"), [("89.995", "90.00"), ("89.9949", "89.99"), ("-0.005", "-0.01")]
)
def test_a_half_goes_away_from_zero(exact: str, rounded: str) -> None:
    assert str(half_up(Fraction(exact), 2)) == rounded


def test_marks_of_people_who_are_no_longer_asked_do_not_count_and_are_kept() -> None:
    round = given_by(*marks("10", "20", "30"))
    facts: dict[str, Value] = {"asked": ["p1", "p3", "p9"], "recused": ["p3"]}
    found = collected(asks("mean"), round, facts)
    assert (found.values, found.missing, found.asked) == ((Decimal(10),), ("p9",), ("p1", "p9"))
    assert len(round_in({"@give": kept(round)}, "@give").marks) == 3


def test_of_nobody_nothing_is_complete() -> None:
    for way in ("all", "any", "mean"):
        found = collected(asks(way), Round(), {"asked": []})
        assert (found.complete, found.given) == (False, 0)


def signatures(*roles_held: list[str]) -> Round:
    marks: list[Mark] = [
        {"actor": who, "value": True, "as": held} for who, held in zip(PEOPLE, roles_held, strict=False)
    ]
    return Round(marks=tuple(marks))


@pytest.mark.parametrize(
    ("held", "missing"),
    [
        ([["a", "b"]], ("b",)),
        ([["a", "b"], ["a"]], ()),
        ([["a"], ["a"]], ("b",)),
        ([["a", "b"], ["b"]], ()),
    ],
)
def test_each_role_is_signed_for_by_a_person_of_its_own(
    held: list[list[str]], missing: tuple[str, ...]
) -> None:
    both = asks("all", asked=(), roles=("a", "b"))
    assert collected(both, signatures(*held), {}).missing == missing


@given(st.permutations([["a", "b", "c"], ["a"], ["a", "b"]]))
def test_the_order_of_signing_leaves_no_role_unsigned(held: list[list[str]]) -> None:
    found = collected(asks("all", asked=(), roles=("a", "b", "c")), signatures(*held), {})
    assert (found.complete, found.result) == (True, True)


def test_a_round_is_kept_as_it_is_and_discarded_in_whole_or_in_part() -> None:
    round = given_by(True, False)._replace(open=True)
    assert round_in({"@give": kept(round)}, "@give") == round
    assert without(round, ["p1"]).marks == round.marks[1:]
    assert without(round, None) == Round(2)
