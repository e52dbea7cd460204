"""What an evaluation may take: steps, calls inside each other; and what it tells on the way.

Calls go on in threads of their own, because only a thread has frames of its own: so recursion may go deep
without touching the limit of the program around it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Final

from partybuild_flow.feel.standard.functions.builtin import Untaken
from partybuild_flow.feel.standard.types import ANY, StandardType, Types, converted
from partybuild_flow.feel.standard.values import Value

MOST_STEPS: Final = 2_000_000
"""How many calls and rounds of loops one decision may take."""
MOST_CALLS: Final = 1_000
"""How deep calls may stand inside each other."""
_CALLS_IN_A_THREAD: Final = 15
"""After so many calls inside each other the next goes on in a thread, which has frames of its own."""


class Exhausted(Exception):
    """The expression needs too many steps or too many calls inside each other. Never leaves this package."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Names with their values, and the frame around them."""

    names: Mapping[str, Value]
    outer: Frame | None = None

    def find(self, name: str) -> tuple[bool, Value]:
        """Whether a name is in scope, and its value."""
        frame: Frame | None = self
        while frame is not None:
            if name in frame.names:
                return True, frame.names[name]
            frame = frame.outer
        return False, None


class Budget:
    """One evaluation: the types of the model, what was told on the way, the steps that are left."""

    def __init__(self, types: Types, told: list[str]) -> None:
        self.types = types
        self.told = told
        self._steps = MOST_STEPS
        self._calls = 0

    def tell(self, sentence: str) -> None:
        """Note why something has no value."""
        if sentence not in self.told and len(self.told) < 100:
            self.told.append(sentence)

    def spend(self, steps: int = 1) -> None:
        """Count what is done.

        Raises:
            Exhausted: it is too much.
        """
        self._steps -= steps
        if self._steps < 0:
            raise Exhausted

    def entered(self, body: Callable[[], Value]) -> Value:
        """The result of the body of a function, however deep calls stand inside each other."""
        self.spend()
        if self._calls >= MOST_CALLS:
            raise Exhausted
        self._calls += 1
        try:
            return self._in_thread(body) if self._calls % _CALLS_IN_A_THREAD == 0 else body()
        finally:
            self._calls -= 1

    @staticmethod
    def _in_thread(body: Callable[[], Value]) -> Value:
        with ThreadPoolExecutor(1, "FEEL") as thread:
            return thread.submit(body).result()


@dataclass(frozen=True, slots=True, eq=False)
class Logic:
    """A function with named parameters: one written out, or one of a model. `body` gets its arguments as a frame."""

    name: str
    parameters: tuple[str, ...]
    parameter_types: tuple[StandardType, ...]
    body: Callable[[dict[str, Value]], Value]
    budget: Budget
    result_type: StandardType = field(default=ANY)

    def call(self, positional: Sequence[Value], named: dict[str, Value] | None = None) -> Value:
        """The result for these arguments.

        Raises:
            Untaken: there are too few, too many, others, or ones of another type.
        """
        if named is None:
            if len(positional) != len(self.parameters):
                raise Untaken
            given = dict(zip(self.parameters, positional, strict=True))
        else:
            if not set(named) <= set(self.parameters):
                raise Untaken
            given = {name: named.get(name) for name in self.parameters}
        for name, wanted in zip(self.parameters, self.parameter_types, strict=True):
            done, value = converted(given[name], wanted, self.budget.types)
            if not done:
                raise Untaken
            given[name] = value
        return self.budget.entered(lambda: self.body(given))
