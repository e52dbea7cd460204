from __future__ import annotations

from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partybuild_flow.checks import partition as module
from partybuild_flow.checks.boxes import Box
from partybuild_flow.checks.partition import Partition, TooManyClassesError
from partybuild_flow.checks.ranges import EVERY_TRUTH, Line, Some, Values, points
from partybuild_flow.checks.trees import Key
from partybuild_flow.feel import Value

NUMBER: Key = ("number",)
CHOICE: Key = ("choice",)
TRUTH: Key = ("truth",)
DOMAINS: dict[Key, Values] = {
    NUMBER: Line(points(Decimal(0), Decimal(3)).pieces, null=True),
    CHOICE: Some(frozenset("abc")),
    TRUTH: EVERY_TRUTH,
}
DECIMALS = {NUMBER: 0, CHOICE: None, TRUTH: None}
GRID: dict[Key, list[Value]] = {
    NUMBER: [None, *map(Decimal, range(4))],
    CHOICE: ["a", "b", "c"],
    TRUTH: [None, True, False],
}
CELLS = [dict(zip(GRID, values, strict=True)) for values in product(GRID[NUMBER], GRID[CHOICE], GRID[TRUTH])]

_numbers = st.tuples(st.integers(0, 3), st.integers(0, 3), st.booleans()).map(
    lambda drawn: Line(points(Decimal(min(drawn[:2])), Decimal(max(drawn[:2]))).pieces, null=drawn[2])
)
_texts = st.sets(st.sampled_from("abc"), min_size=1, max_size=2).map(lambda some: Some(frozenset(some)))
_truths = st.sampled_from([Some(frozenset({True})), Some(frozenset({False}), null=True)])
BOXES = st.lists(
    st.fixed_dictionaries({}, optional={NUMBER: _numbers, CHOICE: _texts, TRUTH: _truths}), max_size=6
)


def _within(box: Box, cell: dict[Key, Value]) -> bool:
    return all(values.contains(cell[key]) for key, values in box.items())


@settings(deadline=None)
@given(BOXES)
def test_the_boxes_taken_in_bare_places_are_exactly_what_no_box_covers(boxes: list[Box]) -> None:
    partition = Partition(boxes, DOMAINS, DECIMALS)
    rows = known = partition.everything
    taken: list[Box] = []
    while (place := partition.bare(known)) is not None:
        box, bit = partition.take(place, rows)
        known |= bit
        taken.append(box)
        assert len(taken) <= len(CELLS)
    for cell in CELLS:
        covered = any(_within(box, cell) for box in boxes)
        assert covered != any(_within(box, cell) for box in taken)


@settings(deadline=None)
@given(BOXES)
def test_two_boxes_are_together_exactly_where_some_place_lies_in_both(boxes: list[Box]) -> None:
    found = set(Partition(boxes, DOMAINS, DECIMALS).together())
    meeting = {
        (one, other)
        for one in range(len(boxes))
        for other in range(one + 1, len(boxes))
        if any(_within(boxes[one], cell) and _within(boxes[other], cell) for cell in CELLS)
    }
    assert found == meeting


@settings(deadline=None)
@given(BOXES.filter(bool))
def test_a_box_is_hidden_exactly_if_the_others_cover_every_place_in_it(boxes: list[Box]) -> None:
    partition = Partition(boxes, DOMAINS, DECIMALS)
    last = 1 << (len(boxes) - 1)
    hidden = partition.bare(partition.everything & ~last, last) is None
    own = [cell for cell in CELLS if _within(boxes[-1], cell)]
    assert hidden == all(any(_within(box, cell) for box in boxes[:-1]) for cell in own)


def test_what_takes_too_long_is_given_up_and_not_guessed(monkeypatch: pytest.MonkeyPatch) -> None:
    box: Box = {NUMBER: points(Decimal(0), Decimal(3)), CHOICE: Some(frozenset("abc"))}
    domains = {NUMBER: DOMAINS[NUMBER], CHOICE: DOMAINS[CHOICE]}
    monkeypatch.setattr(module, "MOST_STEPS", 1)
    partition = Partition([box], domains, {NUMBER: 0, CHOICE: None})
    with pytest.raises(TooManyClassesError):
        partition.bare(partition.everything)
