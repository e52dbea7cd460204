"""The search for the smallest changes that make a decision better: fewest places first, then fewest steps.

Along one place values are tried at growing distances, and between two that are decided differently until the step
where it changes is found. Of several places all but one go as far as nothing gets worse, then each goes back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from itertools import combinations, product
from typing import Final, NamedTuple

from partybuild_flow.analysis.advice.goal import Rank, rank_of
from partybuild_flow.analysis.advice.places import Line, Place
from partybuild_flow.decide import Decision
from partybuild_flow.feel import Value

EVERY: Final = 48
"""Up to so many values of a line are all tried."""
MOST_STOPS: Final = 6
"""So many ends of one place are combined with other places."""

Decide = Callable[[Mapping[str, Value]], Decision | None]
"""The decision with some fields changed; None where a value does not fit its field."""


class Move(NamedTuple):
    """So many steps at a place along one of its lines."""

    place: int
    line: int
    steps: int


Moves = tuple[Move, ...]


class Seen(NamedTuple):
    """What a decision came to: its rank, and all by which two decisions can be told apart."""

    rank: Rank
    told: tuple[object, ...]


UNFIT: Final = Seen(Rank(False, Decimal(-1)), ())


class Exhausted(Exception):
    """The budget of decisions is used up."""


class Search:
    """Looks for moves with which `decide` gives more than it gives without any, and at least `wanted`."""

    def __init__(
        self, places: list[Place], held: Mapping[str, Value], decide: Decide, budget: int, wanted: Rank | None
    ) -> None:
        self._places = places
        self._held = held
        self._decide = decide
        self._left = budget
        self._known: dict[Moves, Seen] = {}
        self._wanted = wanted
        self._base = self._seen(()).rank
        self.complete = True

    def found(self, most_places: int) -> list[Moves]:
        """The smallest moves: all of so few places as will do, those of fewer steps first."""
        found: dict[Moves, int] = {}
        try:
            for size in range(1, min(most_places, len(self._places)) + 1):
                for chosen in combinations(range(len(self._places)), size):
                    for moves in self._of(chosen):
                        found[moves] = sum(each.steps for each in moves)
                if size == 1:
                    self._look_between(found)
                if found:
                    break
                # Of several places with many values not every sum is tried.
                self.complete = self.complete and (self._is_small() or len(self._places) == 1)
            if found and len(next(iter(found))) == 1:
                self.complete = True
            elif not found:
                self.complete = self.complete and len(self._places) <= most_places
        except Exhausted:
            self.complete = False
        fewest = min(map(len, found), default=0)
        sums = sorted(
            (each for each in found if len(each) == fewest),
            key=lambda each: (found[each], -max(move.steps for move in each), each),
        )
        # Of the ways to share a sum among the same places one is told: that with the furthest step.
        places: dict[tuple[int, ...], Moves] = {}
        for moves in sums:
            places.setdefault(tuple(each.place for each in moves), moves)
        return list(places.values())

    def changed(self, moves: Moves) -> dict[str, Value]:
        """The fields that moves change, with their new values."""
        values: dict[str, Value] = {}
        for move in moves:
            place = self._places[move.place]
            held = values.get(place.field.id, self._held.get(place.field.id))
            values[place.field.id] = place.put(held, place.lines[move.line].value(move.steps))
        return values

    def _look_between(self, found: dict[Moves, int]) -> None:
        """Try the values of single places that were passed over and are nearer than what was found."""
        nearest = min(found.values(), default=None)
        of_line = {moves[0][:2]: moves for moves in found}
        for place, each in enumerate(self._places):
            for line, (length, _) in enumerate(each.lines):
                known = of_line.get((place, line))
                most = (
                    length
                    if nearest is None
                    else min(length, nearest if known is None else known[0].steps) - 1
                )
                if nearest is None and length > self._left // 4:
                    # What is left is for several places together.
                    self.complete = False
                    continue
                for steps in range(1, most + 1):
                    moves = (Move(place, line, steps),)
                    if self._is_better(self._seen(moves)):
                        found.pop(known or (), None)
                        found[moves] = steps
                        break

    def _is_small(self) -> bool:
        return all(line.length == 1 for place in self._places for line in place.lines)

    def _of(self, chosen: tuple[int, ...]) -> Iterator[Moves]:
        """Moves of all these places that make it better."""
        for lines in product(*(range(len(self._places[each].lines)) for each in chosen)):
            for far in self._further((), tuple(zip(chosen, lines, strict=True))):
                near = self._nearer(far)
                if len(near) == len(chosen):
                    yield near

    def _further(self, before: Moves, rest: tuple[tuple[int, int], ...]) -> Iterator[Moves]:
        (place, line), *others = rest
        tried = self._along(before, place, line, self._line(place, line).length, ends=bool(others))
        if not others:
            better = [steps for steps, seen in tried.items() if steps and self._is_better(seen)]
            if better:
                yield (*before, Move(place, line, min(better)))
            return
        kept = [steps for steps, seen in tried.items() if steps and not self._is_worse(seen)]
        # The furthest first: with it the last place needs the least.
        for steps in sorted(kept, reverse=True)[:MOST_STOPS]:
            yield from self._further((*before, Move(place, line, steps)), tuple(others))

    def _nearer(self, moves: Moves) -> Moves:
        """The same places with as few steps as still make it better, one place after the other."""
        for move in moves if len(moves) > 1 else ():
            others = tuple(each for each in moves if each.place != move.place)
            tried = self._along(others, move.place, move.line, move.steps, ends=False)
            steps = min(steps for steps, seen in tried.items() if self._is_better(seen))
            moves = tuple(each._replace(steps=steps) if each.place == move.place else each for each in moves)
        return tuple(each for each in moves if each.steps)

    def _along(self, others: Moves, place: int, line: int, length: int, *, ends: bool) -> dict[int, Seen]:
        """What comes of values along a line: of all, or of those at which it changes.

        Without `ends`, no further than to the first that makes it better.
        """
        tried: dict[int, Seen] = {0: self._seen(others)}
        previous = 0
        for steps in _probes(length):
            tried[steps] = self._seen((*others, Move(place, line, steps)))
            waiting = [(previous, steps)]
            while waiting:
                low, high = waiting.pop()
                if high - low < 2 or tried[low] == tried[high]:
                    continue
                middle = (low + high) // 2
                tried[middle] = self._seen((*others, Move(place, line, middle)))
                waiting += [(middle, high), (low, middle)]
            previous = steps
            if not ends and any(self._is_better(seen) for seen in tried.values()):
                break
        return tried

    def _line(self, place: int, line: int) -> Line:
        return self._places[place].lines[line]

    def _seen(self, moves: Moves) -> Seen:
        moves = tuple(sorted(each for each in moves if each.steps))
        known = self._known.get(moves)
        if known is None:
            if self._left <= 0:
                raise Exhausted
            self._left -= 1
            known = self._known[moves] = _seen_of(self._decide(self.changed(moves)))
        return known

    def _is_better(self, seen: Seen) -> bool:
        enough = self._wanted is None or not self._wanted.exceeds(seen.rank)
        return enough and seen.rank.exceeds(self._base)

    def _is_worse(self, seen: Seen) -> bool:
        return self._base.exceeds(seen.rank)


def _seen_of(decision: Decision | None) -> Seen:
    if decision is None:
        return UNFIT
    reasons = tuple((each.code, each.transition) for each in decision.reasons)
    return Seen(rank_of(decision), (decision.outcome, decision.target, decision.fired, reasons))


def _probes(length: int) -> Iterator[int]:
    """Where a line is tried first: everywhere on a short one, at growing distances on a long one."""
    if length <= EVERY:
        yield from range(1, length + 1)
        return
    steps = 1
    while steps < length:
        yield steps
        steps *= 2
    yield length
