from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partybuild_flow.checks.ranges import (
    EVERY_POINT,
    EVERY_TEXT,
    Line,
    Some,
    apart,
    joined,
    met,
    points,
    within,
)
from partybuild_flow.feel import Value

ENDS = st.none() | st.integers(0, 6).map(Decimal)
RANGES = st.builds(
    lambda low, high, low_included, high_included, null: Line(
        points(low, high, low_included=low_included, high_included=high_included).pieces, null
    ),
    ENDS,
    ENDS,
    st.booleans(),
    st.booleans(),
    st.booleans(),
)
SOMES = st.builds(Some, st.frozensets(st.sampled_from("甲乙丙")), st.booleans(), st.booleans())
NUMBERS: list[Value] = [None, *(Decimal(half) / 2 for half in range(-1, 14))]
TEXTS: list[Value] = [None, "甲", "乙", "丙", "丁"]


def _join_all(lines: list[Line]) -> Line:
    found = Line(())
    for line in lines:
        found = found.join(line)
    return found


LINES = st.lists(RANGES, max_size=3).map(_join_all)


@given(LINES, LINES, st.sampled_from(NUMBERS))
def test_sets_on_a_line_join_meet_and_exclude_as_sets_do(one: Line, other: Line, value: Value) -> None:
    assert one.join(other).contains(value) == (one.contains(value) or other.contains(value))
    assert one.meet(other).contains(value) == (one.contains(value) and other.contains(value))
    assert one.complement().contains(value) != one.contains(value)


@given(SOMES, SOMES, st.sampled_from(TEXTS))
def test_sets_of_texts_join_meet_and_exclude_as_sets_do(one: Some, other: Some, value: Value) -> None:
    assert one.join(other).contains(value) == (one.contains(value) or other.contains(value))
    assert one.meet(other).contains(value) == (one.contains(value) and other.contains(value))
    assert one.complement().contains(value) != one.contains(value)


@given(LINES | SOMES, LINES | SOMES)
def test_two_sets_are_apart_if_nothing_is_left_where_they_meet(one: Line | Some, other: Line | Some) -> None:
    assert apart(one, other) == met(one, other).empty


@given(LINES | SOMES, LINES | SOMES)
def test_a_set_within_another_leaves_nothing_outside(one: Line | Some, other: Line | Some) -> None:
    values = NUMBERS if isinstance(one, Line) and isinstance(other, Line) else TEXTS
    if within(one, other) and type(one) is type(other):
        assert all(other.contains(value) for value in values if one.contains(value))


@given(LINES)
def test_a_line_is_empty_only_if_nothing_belongs(line: Line) -> None:
    assert line.empty == (not any(line.contains(value) for value in [*NUMBERS, Decimal(-9), Decimal(99)]))


@given(LINES, st.integers(0, 2))
def test_samples_belong_and_there_is_one_of_every_set_that_is_not_empty(line: Line, decimals: int) -> None:
    gridded = line.on_grid(decimals)
    samples = gridded.samples("number", decimals)
    assert all(gridded.contains(value) and line.contains(value) for value in samples)
    assert bool(samples) != gridded.empty


@given(LINES, st.sampled_from(NUMBERS))
def test_the_grid_of_whole_numbers_keeps_those_and_no_others(line: Line, value: Value) -> None:
    gridded = line.on_grid(0)
    if value is None or value == int(value):  # type: ignore[arg-type]
        assert gridded.contains(value) == line.contains(value)


def test_no_whole_number_lies_between_two_neighbours() -> None:
    assert points(Decimal(89), Decimal(90), low_included=False, high_included=False).on_grid(0).empty
    assert not points(Decimal(89), Decimal(90), low_included=False, high_included=False).on_grid(2).empty


def test_an_end_too_long_for_any_field_is_left_as_it_is() -> None:
    line = points(Decimal("1e400"), None)
    assert line.on_grid(2) == line


def test_sets_of_different_natures_share_nothing_but_null() -> None:
    assert met(EVERY_POINT, EVERY_TEXT) == Some(frozenset(), null=True)
    assert joined(EVERY_POINT, EVERY_TEXT) is None


def test_a_text_outside_a_set_of_texts_is_found() -> None:
    (sample,) = Some(frozenset({"…", "…1"}), others=True).samples()
    assert sample == "…2"


@pytest.mark.parametrize("end", [date.max, date.min])
def test_samples_stop_at_the_end_of_the_calendar(end: date) -> None:
    assert end in points(end, end).samples("date", None)
