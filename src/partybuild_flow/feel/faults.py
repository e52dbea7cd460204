"""What is wrong in the text of an expression, as values: a code, a place, the words for the sentence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from partybuild_flow.feel.tree import Expression, Span

MOST_FAULTS: Final = 20
"""A text with more faults than this is read no further."""
LONGEST_SUGGESTION: Final = 40
"""Longer words are not compared with the known ones."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: the code of its sentence, the offsets in the text, what the sentence names.

    Where a word differs between languages, `data` holds it twice: `found` and `found_zh`.
    """

    code: str
    start: int
    end: int
    data: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Parsed:
    """What became of a text: an expression, or the faults that keep it from being one, in text order.

    Both are empty only for a test `-`, which asks nothing.
    """

    expression: Expression | None
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class ParsedTemplate:
    """What became of a message with `{expressions}`: its pieces in order, or the faults."""

    pieces: tuple[str | Expression, ...]
    faults: tuple[Fault, ...] = ()


class Unreadable(Exception):
    """Nothing more can be made of the text; the faults are in the report. Never leaves this package."""


class Report:
    """The faults of one text, as they are found.

    A `lenient` one keeps only what ends the reading: what has no type beforehand is no fault.
    """

    def __init__(self, *, lenient: bool = False) -> None:
        self.lenient = lenient
        self._faults: dict[tuple[str, Span], Fault] = {}

    def add(self, code: str, span: Span, **data: str) -> None:
        """Note a fault; the same one at the same place counts once.

        Raises:
            Unreadable: there are enough of them.
        """
        if self.lenient:
            return
        self._faults.setdefault((code, span), Fault(code, span[0], span[1], data))
        if len(self._faults) >= MOST_FAULTS:
            raise Unreadable

    def stop(self, code: str, span: Span, **data: str) -> Unreadable:
        """Note a fault after which the text makes no sense; what it gives is to be raised."""
        self._faults.setdefault((code, span), Fault(code, span[0], span[1], data))
        return Unreadable()

    @property
    def faults(self) -> tuple[Fault, ...]:
        """All faults by their place in the text."""
        return tuple(sorted(self._faults.values(), key=lambda fault: (fault.start, fault.end, fault.code)))


def listed(words: Iterable[str], most: int = 8) -> dict[str, str]:
    """A list of words for a sentence, once for each language."""
    every = list(words)
    if not every:
        return {"known": "none", "known_zh": "无"}
    shown = every[:most]
    more = len(every) > most
    return {
        "known": ", ".join(shown) + (", …" if more else ""),
        "known_zh": "、".join(shown) + ("……" if more else ""),
    }


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that was probably meant, by edit distance; None if none is near.

    Two-character words may differ in one character, longer ones in a third of theirs.
    """
    if len(word) > LONGEST_SUGGESTION:
        return None
    folded = word.casefold()
    limit = max(1, len(word) // 3)
    best: tuple[int, str] | None = None
    for candidate in known:
        if abs(len(candidate) - len(word)) > limit:
            continue
        distance = _distance(folded, candidate.casefold(), limit)
        if (
            distance <= limit
            and distance < max(len(word), len(candidate))
            and (best is None or distance < best[0])
        ):
            best = (distance, candidate)
    return best[1] if best else None


def _distance(left: str, right: str, limit: int) -> int:
    """Optimal string alignment distance; gives up with a number above the limit."""
    before: list[int] = []
    previous = list(range(len(right) + 1))
    for row, character in enumerate(left, 1):
        current = [row]
        for column, other in enumerate(right, 1):
            cost = min(
                previous[column] + 1,
                current[column - 1] + 1,
                previous[column - 1] + (character != other),
            )
            if row > 1 and column > 1 and character == right[column - 2] and left[row - 2] == other:
                cost = min(cost, before[column - 2] + 1)
            current.append(cost)
        if min(current) > limit:
            return limit + 1
        before, previous = previous, current
    return previous[-1]
