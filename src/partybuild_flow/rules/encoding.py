"""Rules and facts in small integers: all that the C engine ever sees. Pure.

A comparison with constants becomes a comparison of ranks; what our evaluator decides is seen as a
code. The C engine compares texts, long or fractional numbers, nulls and missing fields in its own way.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeAlias

from partybuild_flow.feel import Expression, Node, Value, compile_value
from partybuild_flow.feel.tree import Name
from partybuild_flow.rules.agreement import Evaluation
from partybuild_flow.rules.conditions import FALSE, NULL, TRUE, Compared, Judged, Part, parts_of, subject_of

if TYPE_CHECKING:
    from partybuild_flow.definition import Rule

RULES_LIMIT: Final = 60
"""Rules in one C rule set: it dies of the 65th that holds at once, and each set has a catch-all."""
FIELDS_LIMIT: Final = 200
"""Fields in one message: 252 are safe, and the engine adds its own."""
PARTS_LIMIT: Final = 90
"""Parts of one rule before it is seen as a single code; with two fields each it stays below FIELDS_LIMIT."""

ALWAYS: Final = "f0"
"""The field that is 1 in every message."""

NULL_RANK, FOREIGN_RANK, UNORDERED_RANK, LOWEST_RANK = 0, 1, 2, 3
"""Null; a value of another kind; one of the kind without an order (NaN); less than every constant.

The nth constant in ascending order, from 0, has rank `LOWEST_RANK + 1 + 2 * n`; what lies between
two constants has the rank between theirs."""

Codes: TypeAlias = Callable[[Mapping[str, Value]], tuple[int, ...]]
"""Reads facts, gives the numbers of one field, or of a rank and whether it is missing."""


class Condition(NamedTuple):
    """A field of the message compared with a number by one of = != < <= > >=."""

    field: str
    operator: str
    number: int


@dataclass(frozen=True, slots=True)
class Encoded:
    """Rules of one stratum as the C engine sees them; `conditions` has those of each rule, in order."""

    conditions: tuple[tuple[Condition, ...], ...]
    codes: tuple[Codes, ...]
    template: str

    def message(self, facts: Mapping[str, Value]) -> str:
        """The one message, in JSON, with an answer to all that the rules ask about these facts."""
        numbers: list[int] = []
        for codes in self.codes:
            numbers += codes(facts)
        return self.template % tuple(numbers)


def encode(rules: Sequence[Rule]) -> list[Encoded]:
    """The rules in order, in as few pieces as the limits of the C engine allow."""
    pieces: list[Encoded] = []
    piece: list[tuple[Part, ...]] = []
    subjects: set[Hashable] = set()
    for rule in rules:
        parts = parts_of(rule.when.tree)
        if len(parts) > PARTS_LIMIT:
            parts = (Judged(rule.when.tree, TRUE),)
        joined = subjects.union(subject_of(part) for part in parts)
        if piece and (len(piece) == RULES_LIMIT or 2 * len(joined) >= FIELDS_LIMIT):
            pieces.append(_encoded(piece))
            piece, joined = [], {subject_of(part) for part in parts}
        piece.append(parts)
        subjects = joined
    return [*pieces, _encoded(piece)] if piece else pieces


def _encoded(rules: Sequence[Sequence[Part]]) -> Encoded:
    asked: dict[Hashable, list[Part]] = {}
    for parts in rules:
        for part in parts:
            asked.setdefault(subject_of(part), []).append(part)
    width = 1
    questions: dict[Hashable, _Judgement | _Ranking] = {}
    for subject, parts in asked.items():
        question = _question(parts, width)
        questions[subject] = question
        width += question.width
    conditions = tuple(
        tuple(each for part in parts for each in questions[subject_of(part)].conditions(part))
        for parts in rules
    )
    always = (Condition(ALWAYS, "=", 1),)
    fields = "".join(f',"f{number}":%d' for number in range(1, width))
    return Encoded(
        tuple(tuple(dict.fromkeys(each)) or always for each in conditions),
        tuple(question.codes() for question in questions.values()),
        f'{{"{ALWAYS}":1{fields}}}',
    )


def _question(parts: Sequence[Part], number: int) -> _Judgement | _Ranking:
    compared = [part for part in parts if isinstance(part, Compared)]
    value_of = _reader(parts[0].node)
    if not compared:
        return _Judgement(value_of, f"f{number}")
    ordering = any(part.operator not in ("=", "!=") for part in compared)
    constants: list[Any] = [part.constant for part in compared]
    return _Ranking(
        value_of, f"f{number}", f"f{number + 1}" if ordering else None, tuple(sorted(set(constants)))
    )


def _reader(node: Node) -> Evaluation:
    if isinstance(node, Name):
        fact = node.id
        return lambda facts: facts.get(fact)
    return compile_value(Expression("", node, frozenset()))


@dataclass(frozen=True, slots=True)
class _Judgement:
    """A field that holds what our evaluator says about a condition."""

    value_of: Evaluation
    field: str

    @property
    def width(self) -> int:
        return 1

    def conditions(self, part: Part) -> tuple[Condition, ...]:
        return () if isinstance(part, Compared) else (Condition(self.field, "=", part.wanted),)

    def codes(self) -> Codes:
        value_of = self.value_of

        def judge(facts: Mapping[str, Value]) -> tuple[int, ...]:
            value = value_of(facts)
            return (TRUE if value is True else FALSE if value is False else NULL,)

        return judge


@dataclass(frozen=True, slots=True)
class _Ranking:
    """A field that holds the rank of a value among constants of one type, and one that says it has no order."""

    value_of: Evaluation
    field: str
    missing: str | None
    constants: tuple[Any, ...]

    @property
    def width(self) -> int:
        return 1 if self.missing is None else 2

    def conditions(self, part: Part) -> tuple[Condition, ...]:
        if isinstance(part, Judged):
            return ()
        rank = LOWEST_RANK + 1 + 2 * self.constants.index(part.constant)
        compared = Condition(self.field, part.operator, rank)
        if part.operator == "=":
            return (compared,)
        if part.operator == "!=":
            return (compared, Condition(self.field, "!=", FOREIGN_RANK))
        assert self.missing is not None  # noqa: S101 - every operator of the subject was asked before
        return (Condition(self.missing, "=", 0), compared)

    def codes(self) -> Codes:
        value_of, constants, kind, paired = (
            self.value_of,
            self.constants,
            type(self.constants[0]),
            bool(self.missing),
        )

        def rank(facts: Mapping[str, Value]) -> tuple[int, ...]:
            value: Any = value_of(facts)
            if type(value) is not kind:
                number = NULL_RANK if value is None else FOREIGN_RANK
            else:
                try:
                    place = bisect_left(constants, value)
                except ArithmeticError:
                    number = UNORDERED_RANK
                else:
                    known = place < len(constants) and constants[place] == value
                    number = LOWEST_RANK + 2 * place + known
            return (number, int(number < LOWEST_RANK)) if paired else (number,)

        return rank
