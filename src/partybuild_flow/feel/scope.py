"""What an expression may read by name: the fields, parameters, tables … of one place in a definition.

Every spelling of a symbol leads to its one id. The longest known name wins, so names may hold
spaces, hyphens and Chinese; only whole words match.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from partybuild_flow.feel.types import DATE, DATETIME, NUMBER, TEXT, Type


@dataclass(frozen=True, slots=True)
class Symbol:
    """One thing that may be read: its id in the facts, the names that lead to it, the type of its value.

    The id itself is a spelling too, whether or not `names` repeats it.
    """

    id: str
    names: tuple[str, ...]
    type: Type

    @property
    def spellings(self) -> tuple[str, ...]:
        """All ways to write it, the name that people read first."""
        return tuple(dict.fromkeys((*self.names, self.id)))


class Names:
    """A set of spellings, each with what it stands for, searched by the longest match in a text."""

    def __init__(self) -> None:
        self._root: dict[str, object] = {}
        self._meanings: dict[str, list[object]] = {}

    def add(self, spelling: str, meaning: object) -> None:
        """Make a spelling known; a second, different meaning makes it ambiguous."""
        spelling = " ".join(spelling.split())
        if not spelling:
            return
        meanings = self._meanings.setdefault(spelling, [])
        if meaning not in meanings:
            meanings.append(meaning)
        node = self._root
        for character in spelling:
            node = node.setdefault(character, {})  # type: ignore[assignment]
        node[""] = spelling

    def hide(self, spelling: str, meaning: object) -> None:
        """Make a spelling known with this meaning alone."""
        self._meanings.pop(" ".join(spelling.split()), None)
        self.add(spelling, meaning)

    def __iter__(self) -> Iterator[str]:
        return iter(self._meanings)

    def meanings(self, spelling: str) -> tuple[object, ...]:
        """What a spelling stands for: nothing, one thing, or several if it is ambiguous."""
        return tuple(self._meanings.get(spelling, ()))

    def matches(self, text: str, start: int) -> list[tuple[str, int]]:
        """The spellings that stand at this place as whole words, with their ends, the longest first."""
        found: list[tuple[str, int]] = []
        node: dict[str, object] | None = self._root
        at = start
        while node is not None:
            spelling = node.get("")
            if isinstance(spelling, str) and ends_word(text, at):
                found.append((spelling, at))
            if at >= len(text):
                break
            character, after = text[at], at + 1
            if is_blank(character):
                character = " "
                while after < len(text) and is_blank(text[after]):
                    after += 1
            node = node.get(character)  # type: ignore[assignment]
            at = after
        found.reverse()
        return found


def is_blank(character: str) -> bool:
    """Whether this is white space. Source: DMN 1.5, clause 10.3.1.2, rules 61 and 62."""
    return character.isspace() or character in "\u180e\u200b\ufeff"


def is_word_character(character: str) -> bool:
    """Whether names go on with this character: letters, digits, `_` and marks of any script."""
    return (
        character.isalnum() or character == "_" or (character > "\x7f" and ("_" + character).isidentifier())
    )


def ends_word(text: str, end: int) -> bool:
    """Whether a word may end here, which is not within a run of word characters."""
    return not (0 < end < len(text) and is_word_character(text[end - 1]) and is_word_character(text[end]))


@dataclass(frozen=True, slots=True)
class Scope:
    """The symbols of one place, searchable by any of their spellings; `inner` ones hide those spelled like them."""

    symbols: tuple[Symbol, ...]
    inner: tuple[Symbol, ...]
    names: Names = field(init=False, repr=False, compare=False, hash=False)

    def __init__(self, symbols: Iterable[Symbol] = (), inner: Iterable[Symbol] = ()) -> None:
        outer, hiding = tuple(symbols), tuple(inner)
        object.__setattr__(self, "symbols", (*hiding, *outer))
        object.__setattr__(self, "inner", hiding)
        names = Names()
        for symbol in outer:
            for spelling in symbol.spellings:
                names.add(spelling, symbol)
        for symbol in hiding:
            for spelling in symbol.spellings:
                names.hide(spelling, symbol)
        object.__setattr__(self, "names", names)

    def find(self, spelling: str) -> Symbol | None:
        """The one symbol that this spelling leads to; None if there is none or more than one."""
        meanings = self.names.meanings(" ".join(spelling.split()))
        only = meanings[0] if len(meanings) == 1 else None
        return only if isinstance(only, Symbol) else None

    def extended(self, symbols: Iterable[Symbol]) -> Scope:
        """This scope with more symbols."""
        return Scope((*self.symbols[len(self.inner) :], *symbols), self.inner)

    def hidden_by(self, symbols: Iterable[Symbol]) -> Scope:
        """This scope with symbols that hide whatever is spelled like them."""
        return Scope(self.symbols[len(self.inner) :], (*self.inner, *symbols))


AMBIENT: Final = (
    Symbol("now", (), DATETIME),
    Symbol("today", (), DATE),
    Symbol("actor", ("办理人",), TEXT),
    Symbol("lot", ("签号",), NUMBER),
)
"""What every expression of a workflow may read besides the workflow's own parts."""

MEMBER: Final = "?"
"""What the ids of another case's entries begin with where they stand among the facts of a case."""

THIS_CASE: Final = Symbol("this case", ("本事项",), TEXT)
"""The id of the case itself, which only what has to do with other cases needs."""
