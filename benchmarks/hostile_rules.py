"""Random rule sets and facts that try to break a rule engine: every value that it is known to misread.

Long texts, quotes, Chinese, Decimals that differ in the 30th digit, numbers beyond 64 bits, nulls,
missing names, names that collide in 32 bits, 1 to 60 rules in up to 6 strata.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Final, get_args

from partybuild_flow.definition import Output, Rule, RuleSet, Setting
from partybuild_flow.feel import (
    ANY,
    BOOLEAN,
    DATE,
    DATETIME,
    DURATION,
    NUMBER,
    TEXT,
    Expression,
    Node,
    Type,
    Value,
    tree,
)
from partybuild_flow.problems import Position

NOWHERE: Final = (0, 0)

VALUES: Final[Mapping[Type, Sequence[Value]]] = {
    NUMBER: [
        Decimal(number)
        for number in (
            "0", "-0", "1", "1.0", "-1", "5", "89.995", "90.00", "0.1", "1e-300", "1e16", "1e308", "-1e308",
            "0.123456789012345678901234567890", "0.123456789012345678901234567891",
            "9007199254740993", "9223372036854775807", "9223372036854775808", "18446744073709551616",
        )
    ],
    TEXT: [
        "", " ", "5", "5.0", "0", "true", "null", "国企", "国企 ", "国有企业", "“国企”", '"', "'", "\\", '\\"', "\n",
        "\u0000", "😀", "é", "e\u0301", "a", "A", "ab", "ab!", "{}", '{"sid":1}', "%d%s", "{0}", ".*", "[一-龥]",
        "liquid", "costarring", "x" * 65_536, "x" * 65_537, "国" * 30_000,
    ],
    BOOLEAN: [True, False],
    DATE: [date(1, 1, 1), date(2023, 12, 31), date(2024, 2, 29), date(2024, 3, 1), date(9999, 12, 31)],
    DATETIME: [datetime(2024, 2, 29, 12, tzinfo=UTC), datetime(2024, 2, 29, 12, 0, 0, 1, tzinfo=UTC)],
    DURATION: [timedelta(0), timedelta(hours=24), timedelta(days=1), timedelta(days=-1), timedelta.max],
}  # fmt: skip

NAMES: Final[Mapping[str, Type]] = {
    "得分": NUMBER, "liquid": NUMBER, "costarring": NUMBER, "f0": NUMBER,
    "类别": TEXT, "sid": TEXT, 'a "quoted" name': TEXT, "f1": TEXT,
    "党员": BOOLEAN, "id": BOOLEAN,
    "日期": DATE, "$s": DATE,
    "时刻": DATETIME, "时限": DURATION,
    "a.b": ANY, "back\\slash": ANY, "": ANY,
}  # fmt: skip

_EQUALITIES: Final[Sequence[tree.ComparisonOperator]] = ("=", "!=")
_OPERATORS: Final[Sequence[tree.ComparisonOperator]] = get_args(tree.ComparisonOperator)


class RuleSetMaker:
    """Rule sets and facts out of one source of chance."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self._pools = {type_: self._few(values) for type_, values in VALUES.items()}

    def _few(self, values: Sequence[Value]) -> Sequence[Value]:
        """Few values, so that rules and facts often meet."""
        return self._chance.sample(list(values), min(4, len(values)))

    def facts(self) -> dict[str, Value]:
        """Facts for any rule set of this maker: some missing, some null, `any` of every kind."""
        chosen = {name: self._value(type_) for name, type_ in NAMES.items() if self._chance.random() > 0.1}
        return {name: None if self._chance.random() < 0.1 else value for name, value in chosen.items()}

    def rule_set(self, size: int, depth: int) -> RuleSet:
        """A rule set of so many rules in at most so many strata; a rule reads the facts of all strata before it."""
        cuts = sorted(self._chance.randrange(size + 1) for _ in range(depth - 1))
        counts = [end - start for start, end in zip([0, *cuts], [*cuts, size], strict=True)]
        lines = self._chance.sample(range(1, size + 1), size)
        readable = dict(NAMES)
        strata: list[tuple[Rule, ...]] = []
        outputs = ["late"]
        for number, count in enumerate(count for count in counts if count):
            derived = [f"derived {number}.{index}" for index in range(self._chance.randint(1, 3))]
            strata.append(tuple(self._rule(lines.pop(), readable, [*derived, "late"]) for _ in range(count)))
            readable |= dict.fromkeys(derived, ANY)
            outputs += derived
        return RuleSet(
            position=Position("hostile.rules.yaml", 1, 1),
            id="hostile",
            name="hostile",
            first=self._chance.random() < 0.6,
            outputs=tuple(self._output(name) for name in outputs),
            strata=tuple(strata),
        )

    def _output(self, name: str) -> Output:
        default = expression(self._constant(NUMBER)) if self._chance.random() < 0.5 else None
        return Output(
            position=Position("hostile.rules.yaml", 1, 1), id=name, name=name, type=ANY, default=default
        )

    def _rule(self, line: int, readable: Mapping[str, Type], derived: Sequence[str]) -> Rule:
        position = Position("hostile.rules.yaml", line, 1)
        fields = self._chance.sample(list(derived), self._chance.randint(1, 2))
        return Rule(
            position=position,
            id=f"rule {line}",
            name=f"rule {line}",
            when=expression(self._condition(readable, self._chance.choice((0, 1, 1, 2, 3)))),
            conclusions=tuple(
                Setting(position=position, field=field, value=expression(self._conclusion(readable)))
                for field in fields
            ),
        )

    def _conclusion(self, readable: Mapping[str, Type]) -> Node:
        kind = self._chance.choice(list(VALUES))
        return self._constant(kind) if self._chance.random() < 0.7 else self._name(readable, kind)

    def _value(self, type_: Type) -> Value:
        return self._chance.choice(
            self._pools[type_ if type_ in self._pools else self._chance.choice(list(VALUES))]
        )

    def _constant(self, type_: Type) -> Node:
        return constant(self._value(type_), type_)

    def _name(self, readable: Mapping[str, Type], type_: Type) -> Node:
        names = [name for name, each in readable.items() if each in (type_, ANY)]
        name = self._chance.choice(names)
        return tree.Name(NOWHERE, readable[name], name)

    def _condition(self, readable: Mapping[str, Type], depth: int) -> Node:
        if depth == 0:
            return self._chance.choice(self._leaves)(self, readable)
        operands = tuple(self._condition(readable, depth - 1) for _ in range(self._chance.randint(1, 3)))
        match self._chance.randrange(8):
            case 0 | 1:
                return tree.And(NOWHERE, BOOLEAN, operands)
            case 2 | 3 | 4:
                return tree.Or(NOWHERE, BOOLEAN, operands)
            case 5 | 6:
                return tree.Not(NOWHERE, BOOLEAN, operands[0])
            case _:
                return tree.If(NOWHERE, BOOLEAN, operands[0], operands[-1], self._condition(readable, 0))

    def _against_constant(self, readable: Mapping[str, Type]) -> Node:
        kind = self._chance.choice(list(VALUES))
        operator = self._chance.choice(_EQUALITIES if kind in (TEXT, BOOLEAN) else _OPERATORS)
        sides = [self._name(readable, kind), self._constant(kind)]
        if self._chance.random() < 0.2:
            sides.reverse()
        return tree.Comparison(NOWHERE, BOOLEAN, operator, *sides)

    def _against_name(self, readable: Mapping[str, Type]) -> Node:
        kind = self._chance.choice(list(VALUES))
        operator = self._chance.choice(_EQUALITIES if kind in (TEXT, BOOLEAN) else _OPERATORS)
        return tree.Comparison(
            NOWHERE, BOOLEAN, operator, self._name(readable, kind), self._name(readable, kind)
        )

    def _against_null(self, readable: Mapping[str, Type]) -> Node:
        operator = self._chance.choice(_EQUALITIES)
        return tree.Comparison(NOWHERE, BOOLEAN, operator, self._name(readable, ANY), constant(None, ANY))

    def _of_a_sum(self, readable: Mapping[str, Type]) -> Node:
        total = tree.Arithmetic(NOWHERE, NUMBER, "+", self._name(readable, NUMBER), self._constant(NUMBER))
        return tree.Comparison(
            NOWHERE, BOOLEAN, self._chance.choice(_OPERATORS), total, self._constant(NUMBER)
        )

    def _in_a_range(self, readable: Mapping[str, Type]) -> Node:
        kind = self._chance.choice((NUMBER, DATE, DURATION))
        ends = self._chance.random() < 0.5, self._chance.random() < 0.5
        interval = tree.Range(NOWHERE, Type("range"), self._constant(kind), self._constant(kind), *ends)
        return tree.In(NOWHERE, BOOLEAN, self._name(readable, kind), (interval,), (False,))

    def _in_values(self, readable: Mapping[str, Type]) -> Node:
        kind = self._chance.choice((NUMBER, TEXT, DATE))
        tests = (self._constant(kind), self._constant(kind))
        return tree.In(NOWHERE, BOOLEAN, self._name(readable, kind), tests, (False, False))

    def _truth(self, readable: Mapping[str, Type]) -> Node:
        if self._chance.random() < 0.3:
            return constant(self._chance.choice((True, False, None)), BOOLEAN)
        return self._name(readable, BOOLEAN)

    _leaves: Final[Sequence[Callable[[RuleSetMaker, Mapping[str, Type]], Node]]] = (
        *(_against_constant,) * 6,
        _against_name,
        _against_null,
        _of_a_sum,
        _in_a_range,
        _in_values,
        _truth,
    )


def constant(value: Value, type_: Type) -> Node:
    """A constant, as the parser would make it."""
    return tree.Constant(NOWHERE, type_, value)


def expression(node: Node) -> Expression:
    """An expression without a text."""
    return Expression("", node, frozenset())
