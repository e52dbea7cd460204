"""Which name stands at a place of the text: of the scope, or bound by `for`, `some`, `every` or a filter."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from partybuild_flow.feel.faults import Report, listed, nearest
from partybuild_flow.feel.lexer import CHINESE_WORDS, KEYWORDS, skip_blank, word_end
from partybuild_flow.feel.scope import Names, Scope, Symbol, is_word_character
from partybuild_flow.feel.tree import Name, Node, Span
from partybuild_flow.feel.types import ANY, Type
from partybuild_flow.feel.typing import entries_of, path

_OPERATORS_IN_NAMES: Final = "-+*/"
_ARITHMETIC: Final = frozenset(("number", "date", "time", "datetime", "duration", "term", "any"))


@dataclass(frozen=True, slots=True)
class Local:
    """A name that the expression itself binds; with an entry, what an item's own entry is called in a filter."""

    id: str
    type: Type
    entry: str | None = None


class Naming:
    """The names that may be read at the place where the parser stands."""

    def __init__(self, text: str, scope: Scope, report: Report) -> None:
        self._text = text
        self._scope = scope
        self._report = report
        self._frames: list[Names] = []
        self._filters = 0

    @contextmanager
    def binding(self, *names: tuple[str, Local | Symbol]) -> Iterator[None]:
        """Inside, these names are known and hide those outside."""
        self._frames.append(Names())
        for spelling, local in names:
            self.bind(spelling, local)
        yield
        self._frames.pop()

    def bind(self, spelling: str, local: Local | Symbol) -> None:
        """Make one more name known where the innermost ones are."""
        self._frames[-1].add(spelling, local)

    def fresh(self, name: str) -> str:
        """An id for the item of a filter that nothing else can have, so that nothing hides it from its entries."""
        self._filters += 1
        return f"{name}#{self._filters}"

    def match(self, start: int) -> tuple[str, int, object] | None:
        """The longest known name at this place with its end and meaning; the innermost of equally long ones.

        The meaning is a Local, a Symbol, or a tuple of Symbols for a spelling of several.
        """
        best: tuple[str, int, object] | None = None
        for names in (*reversed(self._frames), self._scope.names):
            for spelling, end in names.matches(self._text, start)[:1]:
                if spelling not in KEYWORDS and (best is None or end > best[1]):
                    meanings = names.meanings(spelling)
                    best = (spelling, end, meanings[0] if len(meanings) == 1 else meanings)
        return best

    def node(self, found: tuple[str, int, object], start: int) -> Node:
        """The node of a name that `match` found; an ambiguous one is a fault."""
        spelling, end, meaning = found
        span = (start, end)
        match meaning:
            case Local(id=id_, type=type_, entry=None):
                return Name(span, type_, id_, local=True)
            case Local(id=id_, type=type_, entry=str(entry)):
                return path(self._report, Name(span, type_, id_, local=True), entry, span)
            case Symbol(id=id_, type=type_):
                self._check_operation(spelling, span)
                return Name(span, type_, id_)
        self._report.add("PF403", span, name=spelling)
        return Name(span, ANY, spelling)

    def _check_operation(self, spelling: str, span: Span) -> None:
        """A name such as `a-b` is a fault where `a` and `b` are numbers too, for it may be meant as their difference."""
        pieces = [spelling]
        for operator in _OPERATORS_IN_NAMES:
            pieces = [piece.strip() for part in pieces for piece in part.split(operator)]
        if len(pieces) > 1 and all(self._is_operand(piece) for piece in pieces):
            self._report.add("PF404", span, name=spelling, first=pieces[0], last=pieces[-1])

    def _is_operand(self, piece: str) -> bool:
        if piece.isdecimal():
            return True
        locals_ = [meaning for frame in self._frames for meaning in frame.meanings(piece)]
        meaning = locals_[-1] if locals_ else self._scope.find(piece)
        return isinstance(meaning, (Local, Symbol)) and meaning.type.kind in _ARITHMETIC

    def unknown(self, start: int, values: Sequence[str] = ()) -> int:
        """Report the unknown name, or the unknown one of these bare values, at this place; gives its end."""
        first, glued, spaced = self.extents(start)
        near_value = nearest(self._text[start:spaced], values)
        if near_value is not None:
            self._report.add("PF422", (start, spaced), value=self._text[start:spaced], near=near_value)
            return spaced
        bound = [name for names in self._frames for name in names if name != "?"]
        known = list(dict.fromkeys((*bound, *self._scope.names)))
        for end in dict.fromkeys((spaced, glued, first)):
            near = nearest(" ".join(self._text[start:end].split()), known)
            if near is not None:
                self._report.add("PF401", (start, end), name=self._text[start:end], near=near)
                return max(end, spaced)
        word = self._text[start:first]
        plain = unicodedata.normalize("NFKC", word)
        if plain != word and plain.isascii():
            self._report.add("PF415", (start, first), found=word, plain=plain)
        elif conjunction := self._glued(word):
            self._report.add("PF434", (start, first), name=word, word=conjunction)
        elif values:
            self._report.add("PF423", (start, spaced), value=self._text[start:spaced], **listed(values))
        else:
            shown = dict.fromkeys((*bound, *(symbol.spellings[0] for symbol in self._scope.symbols)))
            self._report.add("PF402", (start, spaced), name=self._text[start:spaced], **listed(shown))
        return spaced

    def _glued(self, word: str) -> str | None:
        """The Chinese word, such as `且`, that was written without a space beside a known name."""
        return next(
            (
                each
                for each in CHINESE_WORDS
                for piece in word.split(each)
                if piece != word and self._scope.find(piece) is not None
            ),
            None,
        )

    def extents(self, start: int) -> tuple[int, int, int]:
        """Where the word here ends, where with what is glued to it by hyphens, where with the words after it."""
        text = self._text
        first = glued = word_end(text, start)
        while text[glued : glued + 1] in ("-", "/") and is_word_character(text[glued + 1 : glued + 2] or " "):
            glued = word_end(text, glued + 1)
        spaced = first
        while True:
            begin = skip_blank(text, spaced)
            end = word_end(text, begin)
            word = text[begin:end]
            if begin in (spaced, end) or word in KEYWORDS or word in CHINESE_WORDS:
                return first, glued, spaced
            spaced = end

    def entry(self, start: int, owner: Type) -> tuple[str, int]:
        """The entry of a context or the part of a value that is named at this place, with its end."""
        known = entries_of(owner)
        if known is None:
            end = word_end(self._text, start)
            return self._text[start:end], end
        names = Names()
        for spelling, entry in known.items():
            names.add(spelling, entry)
        for spelling, end in names.matches(self._text, start)[:1]:
            return known[spelling], end
        end = word_end(self._text, start)
        word = self._text[start:end]
        near = nearest(word, known)
        if near is None:
            shown = {entry: spelling for spelling, entry in known.items()}
            self._report.add("PF407", (start, end), entry=word, **listed(shown.values()))
        else:
            self._report.add("PF406", (start, end), entry=word, near=near)
        return word, end
