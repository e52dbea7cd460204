"""The texts of a model as trees: each read once for the names that are in scope where it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from partybuild_flow.feel.standard import (
    TYPE_NAMES,
    Evaluator,
    Frame,
    Known,
    Read,
    TokenNames,
    Value,
    read_expression,
    read_tests,
)
from partybuild_flow.feel.standard.values import PART_NAMES


class Texts:
    """What has been read so far. A text means the same wherever the same names are in scope."""

    def __init__(self, entry_names: Iterable[str], type_names: Iterable[str]) -> None:
        self._entries = TokenNames((*PART_NAMES, *entry_names))
        self._types = TokenNames((*TYPE_NAMES, *type_names))
        self._known: dict[frozenset[str], Known] = {}
        self._expressions: dict[tuple[int, str], Read] = {}
        self._tests: dict[tuple[int, str], Read] = {}

    def known(self, frame: Frame) -> Known:
        """The names that a text may read in a scope."""
        names: set[str] = set()
        around: Frame | None = frame
        while around is not None:
            names.update(around.names)
            around = around.outer
        key = frozenset(names)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = Known(TokenNames(names), self._entries, self._types)
        return known

    def value(self, text: str, frame: Frame, evaluator: Evaluator, known: Known | None = None) -> Value:
        """The value of an expression; of an empty text null."""
        if not text.strip():
            return None
        return self._value(text, frame, evaluator, known, self._expressions, read_expression)

    def verdict(self, text: str, tested: Value, frame: Frame, evaluator: Evaluator, known: Known) -> bool:
        """Whether a value meets unary tests."""
        inside = Frame({"?": tested}, frame)
        return self._value(text, inside, evaluator, known, self._tests, read_tests) is True

    def _value(
        self,
        text: str,
        frame: Frame,
        evaluator: Evaluator,
        known: Known | None,
        cache: dict[tuple[int, str], Read],
        read: Callable[[str, Known], Read],
    ) -> Value:
        names = known or self.known(frame)
        key = (id(names), text)
        found = cache.get(key)
        if found is None:
            found = cache[key] = read(text, names)
        if found.node is None:
            evaluator.tell(f"“{text.strip()[:60]}” cannot be read: {found.reason}")
            return None
        return evaluator.value(found.node, frame)
