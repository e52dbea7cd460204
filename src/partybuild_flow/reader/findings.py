"""What a reading has found wrong so far, and the hints that its sentences end with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from partybuild_flow.feel import nearest
from partybuild_flow.messages import Phrase
from partybuild_flow.problems import Problem

_MOST_WORDS: Final = 10


class Findings:
    """The problems of one reading, and the names of parts that were left out because of them.

    Whoever meets a name of a part that was left out says nothing: its problem is told already.
    """

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.broken: set[str] = set()
        self._lost: set[str] = set()

    def add(self, problem: Problem) -> None:
        """One more problem."""
        self.problems.append(problem)

    def lose(self, section: str) -> None:
        """The names of a section, given by its keyword, are not all known; `*` is any section."""
        self._lost.add(section)

    def lost(self, *sections: str) -> bool:
        """Whether one of these sections may hold names that nobody knows."""
        return "*" in self._lost or not self._lost.isdisjoint(sections)

    def leave_out(self, *names: str) -> None:
        """A part of these names is left out."""
        self.broken.update(names)


def hint_at(word: str, known: Iterable[str], also: Iterable[str] = ()) -> Phrase:
    """The known word that was probably meant, or else those to choose from; `also` may be meant, too."""
    words = tuple(dict.fromkeys(known))
    meant = nearest(word, (*words, *also))
    if meant is not None:
        return Phrase("did-you-mean", {"word": meant})
    if not words:
        return Phrase("nothing")
    return Phrase("choose-from", {"words": some(words)})


def some(words: Sequence[str]) -> tuple[str, ...]:
    """As many words as a sentence bears."""
    return (*words[:_MOST_WORDS], *(("…",) if len(words) > _MOST_WORDS else ()))
