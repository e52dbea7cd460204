"""A space cut into classes of values that no box tells apart, and where in it no box lies.

Boxes are bits of whole numbers: what a class belongs to is one number, and where classes of several
things meet, only the bits that they share are left. Exact, or given up when the budget is spent.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Final, NamedTuple

from partybuild_flow.checks.boxes import Box
from partybuild_flow.checks.ranges import Cut, Line, Piece, Some, Values, joined
from partybuild_flow.checks.trees import Key

MOST_STEPS: Final = 1_000_000
"""Classes looked at for one table, about half a second."""


class TooManyClassesError(Exception):
    """The budget of steps is spent: nothing is known about the rest."""


class Group(NamedTuple):
    """Values of one thing that belong to the same boxes."""

    boxes: int
    values: tuple[Values, ...]


class Partition:
    """Boxes over some things, each of which may have the values of its domain.

    Raises:
        TypeError: values of one thing cannot be put in one order.
    """

    def __init__(
        self, boxes: Sequence[Box], domains: Mapping[Key, Values], decimals: Mapping[Key, int | None]
    ) -> None:
        self.everything = (1 << len(boxes)) - 1
        self._steps = MOST_STEPS
        asking = {key: sum(key in box for box in boxes) for key in domains}
        # What most boxes ask for goes first: it leaves the fewest boxes to look at further on.
        self._order = tuple(domains)
        self.keys: tuple[Key, ...] = tuple(sorted(domains, key=lambda key: -asking[key]))
        self._groups = tuple(self._cut(key, boxes, domains[key], decimals[key]) for key in self.keys)
        self._free = self._unasked(boxes)

    def bare(self, boxes: int, within: int = 0) -> tuple[int, ...] | None:
        """A place where none of these boxes lies, as the number of a group for the first so many keys.

        With `within` it is a place where that box lies. None if there is no such place.

        Raises:
            TooManyClassesError: it is not known.
        """
        return self._bare(0, boxes, within, set())

    def take(self, place: Sequence[int], boxes: int) -> tuple[Box, int]:
        """A box around a place, as large as it can be without meeting these boxes; from now on it is one more box.

        The second value is its bit.
        """
        chosen = [{index} for index in place]
        chosen += [set(range(len(groups))) for groups in self._groups[len(place) :]]
        met = [self._together(number, indices) for number, indices in enumerate(chosen)]
        for number, groups in enumerate(self._groups):
            others = boxes
            for other, bits in enumerate(met):
                if other != number:
                    others &= bits
            chosen[number] = {index for index, group in enumerate(groups) if not group.boxes & others}
            met[number] = self._together(number, chosen[number])
        return self._box(chosen), self._added(chosen)

    def together(self) -> Iterator[tuple[int, int]]:
        """Every pair of boxes that have something in common, in order."""
        count = self.everything.bit_length()
        beside = [self.everything] * count
        for groups in self._groups:
            meeting = [0] * count
            for group in groups:
                for number in _numbers(group.boxes):
                    meeting[number] |= group.boxes
            beside = [one & other for one, other in zip(beside, meeting, strict=True)]
        for number, others in enumerate(beside):
            for other in _numbers(others >> (number + 1)):
                yield number, number + 1 + other

    # Cutting

    def _cut(self, key: Key, boxes: Sequence[Box], domain: Values, decimals: int | None) -> tuple[Group, ...]:
        asked = [(1 << number, box[key]) for number, box in enumerate(boxes) if key in box]
        unasked = self.everything
        for bit, _ in asked:
            unasked ^= bit
        found: dict[int, list[Values]] = {}
        classes = _line(asked, domain, decimals) if isinstance(domain, Line) else _some(asked, domain)
        for bits, values in classes:
            found.setdefault(bits | unasked, []).append(values)
        return tuple(Group(bits, tuple(values)) for bits, values in found.items())

    def _unasked(self, boxes: Sequence[Box]) -> tuple[int, ...]:
        """For each number of keys the boxes that ask for nothing of the keys from there on."""
        found = [self.everything]
        for key in reversed(self.keys):
            asked = sum(1 << number for number, box in enumerate(boxes) if key in box)
            found.append(found[-1] & ~asked)
        return tuple(reversed(found))

    # Looking

    def _bare(
        self, depth: int, boxes: int, within: int, covered: set[tuple[int, int]]
    ) -> tuple[int, ...] | None:
        if not boxes:
            return ()
        if boxes & self._free[depth] or (depth, boxes) in covered:
            return None
        groups = self._groups[depth]
        self._steps -= len(groups)
        if self._steps < 0:
            raise TooManyClassesError
        seen: set[int] = set()
        for index, group in enumerate(groups):
            if within & ~group.boxes:
                continue
            left = boxes & group.boxes
            if left in seen:
                continue
            seen.add(left)
            found = self._bare(depth + 1, left, within, covered)
            if found is not None:
                return (index, *found)
        covered.add((depth, boxes))
        return None

    def _together(self, number: int, indices: Iterable[int]) -> int:
        bits = 0
        for index in indices:
            bits |= self._groups[number][index].boxes
        return bits

    def _box(self, chosen: Sequence[set[int]]) -> Box:
        box: dict[Key, Values] = {}
        for key, groups, indices in zip(self.keys, self._groups, chosen, strict=True):
            if len(indices) == len(groups):
                continue
            values = [each for index in sorted(indices) for each in groups[index].values]
            both = values[0]
            for each in values[1:]:
                both = joined(both, each) or both
            box[key] = both
        return {key: box[key] for key in self._order if key in box}

    def _added(self, chosen: Sequence[set[int]]) -> int:
        """Take a box up among the boxes; its bit."""
        bit = self.everything + 1
        self.everything |= bit
        self._groups = tuple(
            tuple(
                Group(group.boxes | bit, group.values) if index in indices else group
                for index, group in enumerate(groups)
            )
            for groups, indices in zip(self._groups, chosen, strict=True)
        )
        last = max(
            (
                number
                for number, (groups, indices) in enumerate(zip(self._groups, chosen, strict=True))
                if len(indices) < len(groups)
            ),
            default=-1,
        )
        self._free = tuple(bits | bit if depth > last else bits for depth, bits in enumerate(self._free))
        return bit


def _line(
    asked: Sequence[tuple[int, Values]], domain: Line, decimals: int | None
) -> Iterator[tuple[int, Values]]:
    """The classes of an ordered thing, in order, null last."""
    inside = 1 << max((bit.bit_length() for bit, _ in asked), default=0)
    turns: dict[Cut, int] = {}
    bits = 0
    for bit, values in (*asked, (inside, domain)):
        for low, high in values.pieces if isinstance(values, Line) else ():
            if low is None:
                bits ^= bit
            else:
                turns[low] = turns.get(low, 0) ^ bit
            if high is not None:
                turns[high] = turns.get(high, 0) ^ bit
    cuts = sorted(turns)
    for piece in pairwise([None, *cuts, None]):
        if piece[0] is not None:
            bits ^= turns[piece[0]]
        if bits & inside and not _is_between_steps(piece, decimals):
            yield bits & ~inside, Line((piece,))
    if domain.null:
        yield sum(bit for bit, values in asked if values.null), Line((), null=True)


def _is_between_steps(piece: Piece, decimals: int | None) -> bool:
    """Whether no day, or no number of at most so many decimals, lies in a piece."""
    low, high = piece
    if low is None or high is None:
        return False
    if decimals is not None:
        return high[0] - low[0] <= Decimal(1).scaleb(-decimals) and Line((piece,)).on_grid(decimals).empty
    return type(low[0]) is date and Line((piece,)).on_days().empty


def _some(asked: Sequence[tuple[int, Values]], domain: Some) -> Iterator[tuple[int, Values]]:
    """The classes of texts or truth values: each that is named, all others, null."""
    others = 0
    turns: dict[str | bool, int] = dict.fromkeys(domain.members, 0)
    for bit, values in asked:
        if isinstance(values, Some):
            others |= bit if values.others else 0
            for member in values.members:
                turns[member] = turns.get(member, 0) ^ bit
    for member, turned in turns.items():
        if domain.contains(member):
            yield others ^ turned, Some(frozenset({member}))
    if domain.others:
        yield others, Some(frozenset(turns), others=True)
    if domain.null:
        yield sum(bit for bit, values in asked if values.null), Some(frozenset(), null=True)


def _numbers(bits: int) -> Iterator[int]:
    """The numbers of the bits that are set."""
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest
