"""Where an expression holds, as boxes: for each thing it reads a set of values, the sets independent.

Things that depend on each other (a table's output and what the table reads) are taken as independent.
So boxes that have nothing in common prove that two conditions exclude each other; boxes that do have
something in common prove nothing, until facts are found for which the conditions hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Final

from partybuild_flow.checks.ranges import Values, apart, joined, met, within
from partybuild_flow.checks.trees import Key

Box = Mapping[Key, Values]
"""The values of some things; a thing that is not named may have any value."""
Region = tuple[Box, ...]
"""What lies in one of these boxes."""

EVERYTHING: Final[Region] = ({},)
NOTHING: Final[Region] = ()
MOST_BOXES: Final = 128


class TooManyBoxesError(Exception):
    """The budget of boxes is spent: nothing is known about this region."""


def common(one: Box, other: Box) -> Box | None:
    """The box of what lies in both; None if nothing does."""
    smaller, larger = (one, other) if len(one) <= len(other) else (other, one)
    both = dict(larger)
    for key, values in smaller.items():
        if key in both:
            values = met(values, both[key])  # noqa: PLW2901 - narrowed
            if values.empty:
                return None
        both[key] = values
    return both


def separate(one: Region, other: Region) -> bool:
    """Whether nothing lies in both regions."""
    return all(_apart(box, beside) for box in one for beside in other)


def meeting(regions: Iterable[Region]) -> Region:
    """What lies in all regions. Raises TooManyBoxesError."""
    result = EVERYTHING
    for region in regions:
        found = (box for one in result for other in region if (box := common(one, other)) is not None)
        result = _limited(found)
        if not result:
            break
    return result


def union(regions: Iterable[Region]) -> Region:
    """What lies in any of the regions. Raises TooManyBoxesError."""
    found: list[Box] = []
    for region in regions:
        for box in region:
            if not box:
                return EVERYTHING
            _add(found, box)
    return _limited(found)


def contained(inner: Box, outer: Box) -> bool:
    """Whether all that lies in the first box lies in the second."""
    return all(key in inner and within(inner[key], values) for key, values in outer.items())


def covered(inner: Region, outer: Region) -> bool:
    """Whether each box of the first region lies in a single box of the second."""
    return all(any(contained(box, other) for other in outer) for box in inner)


def _apart(one: Box, other: Box) -> bool:
    return any(key in other and apart(values, other[key]) for key, values in one.items())


def _add(found: list[Box], box: Box) -> None:
    """Add a box, as a part of another one where the two differ in the values of one thing only."""
    for index, other in enumerate(found):
        if other.keys() != box.keys():
            continue
        different = [key for key in box if box[key] != other[key]]
        if not different:
            return
        if len(different) == 1:
            both = joined(box[different[0]], other[different[0]])
            if both is not None:
                found[index] = {**other, different[0]: both}
                return
    found.append(box)


def _limited(found: Iterable[Box]) -> Region:
    region = tuple(islice(found, MOST_BOXES + 1))
    if len(region) > MOST_BOXES:
        raise TooManyBoxesError
    return region
