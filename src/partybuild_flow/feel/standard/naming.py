"""Names as the standard reads them: sequences of tokens, the longest in scope first.

What is not in scope is read as far as words go, because the entries of a context may be known only
when it is there. Source: DMN 1.5, clause 10.3.1.2, rules 25 to 30, and clause 10.3.1.5.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Final

from partybuild_flow.feel.faults import Report
from partybuild_flow.feel.lexer import KEYWORDS, skip_blank, word_end
from partybuild_flow.feel.naming import Local, Naming
from partybuild_flow.feel.scope import Scope, Symbol, is_word_character
from partybuild_flow.feel.types import Type

_SYMBOLS: Final = "./-’'+*?"


def _token_end(text: str, at: int) -> int:
    """Where the token of a name ends that begins here; the same place if there is none."""
    if at < len(text) and text[at] in _SYMBOLS:
        return at + 1
    return word_end(text, at, astral=True)


def tokens_of(name: str) -> tuple[str, ...]:
    """The tokens of a name."""
    found: list[str] = []
    at = skip_blank(name, 0)
    while at < len(name):
        end = max(_token_end(name, at), at + 1)
        found.append(name[at:end])
        at = skip_blank(name, end)
    return tuple(found)


class TokenNames:
    """A set of names, searched by the longest sequence of tokens at a place of a text."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._names: dict[tuple[str, ...], str] = {}
        self._longest = 0
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        """Make a name known."""
        tokens = tokens_of(name)
        if tokens:
            self._names[tokens] = name
            self._longest = max(self._longest, len(tokens))

    def find(self, name: str) -> str | None:
        """The known name that is written with these tokens."""
        return self._names.get(tokens_of(name))

    def match(self, text: str, start: int) -> tuple[str, int] | None:
        """The longest known name at a place, with its end."""
        best: tuple[str, int] | None = None
        tokens: list[str] = []
        at = start
        while len(tokens) < self._longest:
            end = _token_end(text, at)
            if end == at:
                break
            tokens.append(text[at:end])
            found = self._names.get(tuple(tokens))
            if found is not None:
                best = (found, end)
            at = skip_blank(text, end)
        return best


class StandardNaming(Naming):
    """The names that may stand at the place where the parser is; a name means what is in scope when it is read."""

    def __init__(
        self, text: str, scope: Scope, report: Report, known: TokenNames, members: TokenNames
    ) -> None:
        super().__init__(text, scope, report)
        self._text = text
        self._known = known
        self._members = members
        self._own: list[TokenNames] = []
        self._written = TokenNames()
        """The entries of contexts that this text writes out itself."""
        self._filters_open = 0

    @contextmanager
    def binding(self, *names: tuple[str, Local | Symbol]) -> Iterator[None]:
        """Inside, these names are known."""
        self._own.append(TokenNames(name for name, _ in names))
        yield
        self._own.pop()

    @contextmanager
    def filtering(self) -> Iterator[None]:
        """Inside, the entries of items are known by their names."""
        self._filters_open += 1
        yield
        self._filters_open -= 1

    def bind(self, spelling: str, local: Local | Symbol) -> None:  # noqa: ARG002 - what it means is seen later
        """Make one more name known where the innermost ones are, and as an entry for what follows."""
        self._own[-1].add(spelling)
        self._written.add(spelling)

    def match(self, start: int) -> tuple[str, int, object] | None:
        """The longest name in scope at this place, with its end."""
        entries = [self._written, self._members] if self._filters_open else []
        sets = [*self._own, self._known, *entries]
        found = [match for names in sets if (match := names.match(self._text, start))]
        best = max(found, key=lambda match: match[1], default=None)
        return None if best is None or best[0] in KEYWORDS - {"not"} else (*best, None)

    def words(self, start: int) -> tuple[str, int]:
        """The words here up to the next operator or keyword, as a name that is not in scope."""
        end = start
        while True:
            begin = skip_blank(self._text, end)
            after = word_end(self._text, begin, astral=True)
            if begin == after or (end > start and self._text[begin:after] in KEYWORDS):
                break
            end = after
        return " ".join(self._text[start:end].split()), end

    def entry(self, start: int, owner: Type) -> tuple[str, int]:  # noqa: ARG002 - the owner is seen later
        """The entry that is named at this place, with its end."""
        known = [
            found for names in (self._written, self._members) if (found := names.match(self._text, start))
        ]
        return max((*known, self.words(start)), key=lambda found: found[1])


_PLAIN_KEY: Final = re.compile(r'[^\s:"{}\[\](),@][^:"{}\[\](),]*')


def key_at(text: str, start: int) -> tuple[str, int] | None:
    """The name before a colon that begins here: of an entry or of an argument."""
    match = _PLAIN_KEY.match(text, start)
    if match is None or text[match.end() : match.end() + 1] != ":":
        return None
    return " ".join(match[0].split()), match.end()


def is_name_start(text: str, at: int) -> bool:
    """Whether a name may begin at this place."""
    return at < len(text) and (is_word_character(text[at]) or text[at] == "?") and not text[at].isdigit()
