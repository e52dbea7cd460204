"""Random rule sets that feed each other, over the columns of `random_expressions`."""

from __future__ import annotations

import random

from benchmarks.random_expressions import SCOPE, SYMBOLS, ExpressionMaker
from partybuild_flow.definition import Output, Rule, RuleSet, Setting
from partybuild_flow.feel import NUMBER, Expression, Scope, Symbol, Value, parse_expression
from partybuild_flow.problems import Position

FACTS = ("grade", "extra", "result")


class RuleSetMaker:
    """Makes the same rule sets and rows for the same seed."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self._expressions = ExpressionMaker(seed)

    def facts(self) -> dict[str, Value]:
        """One row."""
        return self._expressions.facts()

    def rule_set(self) -> RuleSet:
        """Rules in two or three strata; some set the same fact, often differently."""
        chance = self._chance
        strata = [
            tuple(self._rule(f"{fact}-{number}", fact, place) for number in range(chance.randrange(1, 5)))
            for place, fact in enumerate(FACTS[: chance.choice((2, 3))])
        ]
        outputs = tuple(
            Output(position=_at(0), id=fact, name=fact, type=NUMBER, default=self._default(place))
            for place, fact in enumerate(FACTS)
        )
        return RuleSet(
            position=_at(0),
            id="made",
            name="made",
            first=chance.random() < 0.5,
            outputs=outputs,
            strata=tuple(strata),
        )

    def _rule(self, id: str, fact: str, stratum: int) -> Rule:
        value = self._parsed(self._chance.choice(("1", "1", "2", "2.5", "党员数", *FACTS[:stratum])), stratum)
        line = self._chance.randrange(1000)
        return Rule(
            position=_at(line),
            id=id,
            name=id,
            when=self._when(stratum),
            conclusions=(Setting(position=_at(line), field=fact, value=value),),
        )

    def _when(self, stratum: int) -> Expression:
        while True:
            condition = self._expressions.expression(2)
            if condition.type.kind == "boolean":
                break
        if not stratum or self._chance.random() < 0.3:
            return condition
        read = self._chance.choice(FACTS[:stratum])
        test = self._chance.choice((f"{read} > 1", f"{read} = null", f"{read} in [1..2]"))
        return self._parsed(f"{test} {self._chance.choice(('and', 'or'))} ({condition.text})", stratum)

    def _default(self, stratum: int) -> Expression | None:
        written = self._chance.choice((None, "0", "党员数", *FACTS[:stratum]))
        return self._parsed(written, stratum) if written else None

    def _parsed(self, text: str, stratum: int) -> Expression:
        known = (
            Scope((*SYMBOLS, *(Symbol(fact, (), NUMBER) for fact in FACTS[:stratum]))) if stratum else SCOPE
        )
        found = parse_expression(text, known).expression
        assert found is not None, text
        return found


def _at(line: int) -> Position:
    return Position("made.rules.yaml", line + 1, 1)
