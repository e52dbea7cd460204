"""Random expressions, rule sets and rows over every kind of value that SQL knows, a fifth of the values missing."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Final

from partybuild_flow.feel import (
    BOOLEAN,
    DATE,
    DATETIME,
    DURATION,
    NUMBER,
    TEXT,
    Expression,
    Scope,
    Symbol,
    Value,
    choice_of,
    list_of,
    parse_expression,
)
from partybuild_flow.rules.sql import Code, Digits, column_of

KINDS: Final = ("国企", "两新", "机关")
LEVELS: Final = ("楼栋长", "社区", "街道", "区级部门")
TAGS: Final = ("老旧小区", "独居", "残疾", "it's", "")
WORDS: Final = ("", "a", "A", "湖景一社区", "it's", "50%", "a_b", "ab", " b ", "\\n", "😀é")
SYMBOLS: Final = (
    Symbol("score", ("得分",), NUMBER),
    Symbol("bonus", ("附加分",), NUMBER),
    Symbol("members", ("党员数",), NUMBER),
    Symbol("name", ("名称",), TEXT),
    Symbol("kind", ("类别",), choice_of(KINDS)),
    Symbol("level", ("级别",), choice_of(LEVELS, ordered=True)),
    Symbol("urgent", ("紧急",), BOOLEAN),
    Symbol("visited", ("走访过",), BOOLEAN),
    Symbol("since", ("起始日",), DATE),
    Symbol("until", ("截止日",), DATE),
    Symbol("seen", ("收到",), DATETIME),
    Symbol("done", ("办结",), DATETIME),
    Symbol("term", ("时限",), DURATION),
    Symbol("tags", ("标签",), list_of(TEXT)),
    Symbol("line", ("分数线",), NUMBER),
)
SCOPE: Final = Scope(SYMBOLS)
CONSTANTS: Final[dict[str, Value]] = {"line": Decimal("89.995")}
DIGITS: Final = {"score": Digits(3, 2), "members": Digits(5, 0), "bonus": Digits(9, 4)}
COLUMNS: Final[dict[tuple[str, ...], Code]] = {
    (symbol.id,): code
    for symbol in SYMBOLS
    if symbol.id not in CONSTANTS
    and (code := column_of(symbol.id, symbol.type, DIGITS.get(symbol.id, Digits(9, 4)))) is not None
}


class ExpressionMaker:
    """Makes the same expressions and rows for the same seed."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self._makers: dict[str, Callable[[int], str]] = {
            "number": self._number,
            "text": self._text,
            "boolean": self._boolean,
            "date": self._date,
            "datetime": self._datetime,
            "duration": self._duration,
        }

    def expression(self, depth: int = 3) -> Expression:
        """An expression; seven of ten are conditions."""
        kind = self._one("number", "text", "date") if self._chance.random() < 0.3 else "boolean"
        while True:
            parsed = parse_expression(self._makers[kind](depth), SCOPE)
            if parsed.expression is not None and not parsed.faults:
                return parsed.expression

    def facts(self) -> dict[str, Value]:
        """One row."""
        return {each: None if self._chance.random() < 0.2 else self._value(each) for (each,) in COLUMNS}

    def _value(self, name: str) -> Value:
        chance = self._chance
        match name:
            case "score":
                return Decimal(chance.choice((0, 8999, 9000, chance.randrange(10_001)))).scaleb(-2)
            case "bonus":
                digits = chance.choice(
                    (0, 1, -1, 15_000, chance.randrange(-(10**13), 10**13), chance.randrange(-99, 99))
                )
                return Decimal(digits).scaleb(-4)
            case "members":
                return Decimal(chance.choice((0, 3, 7, chance.randrange(-5, 100))))
            case "name":
                return chance.choice(WORDS)
            case "kind":
                return chance.choice(KINDS)
            case "level":
                return chance.choice(LEVELS)
            case "urgent" | "visited":
                return chance.random() < 0.5
            case "since" | "until":
                return date(2022, 1, 31) + timedelta(
                    days=chance.choice((0, 1, 28, 243, chance.randrange(-20_000, 9_000)))
                )
            case "seen" | "done":
                begin = datetime(2022, 9, 30, 15, 59, 59, 999_999, tzinfo=UTC)
                return begin + timedelta(
                    microseconds=chance.choice((0, 1, chance.randrange(-(10**15), 10**14)))
                )
            case "term":
                return timedelta(
                    hours=chance.choice((0, 24, -24, chance.randrange(-99, 99))),
                    microseconds=chance.randrange(2),
                )
            case _:
                return [chance.choice(TAGS) for _ in range(chance.randrange(4))]

    def _one(self, *choices: str) -> str:
        return self._chance.choice(choices)

    def _order(self) -> str:
        return self._one("<", "<=", ">", ">=", "=", "!=")

    def _number(self, depth: int) -> str:
        leaves = ("得分", "附加分", "党员数", "分数线", "90", "-2.5", "0", "0.05", "89.995")
        if depth <= 0:
            return self._one(*leaves)
        below = [self._number(depth - 1) for _ in range(2)]
        return self._one(
            *leaves,
            f"({below[0]} + {below[1]})",
            f"({below[0]} - {below[1]})",
            f"({below[0]} * {self._number(0)})",
            f"-({below[0]})",
            f"(if {self._boolean(depth - 1)} then {below[0]} else {below[1]})",
            f"abs({below[0]})",
            f"{self._one('floor', 'ceiling')}({below[0]})",
            f"{self._one('round half up', 'round up', 'round down')}({below[0]}, {self._one('0', '1', '2')})",
            f"round half up({self._number(0)} / {self._number(0)}, {self._one('0', '2')})",
            f"{self._one('min', 'max')}({below[0]}, {below[1]})",
            f"sum({below[0]}, {below[1]})",
            f"string length({self._text(depth - 1)})",
            "count(标签)",
            f"({self._date(0)}).{self._one('year', 'month', 'day', 'weekday')}",
            f"({self._one('收到', '办结')}).{self._one('year', 'month', 'day', 'weekday', 'hour', 'minute', 'second')}",
            f"modulo({below[0]}, 3)",
        )

    def _text(self, depth: int) -> str:
        leaves = ("名称", "类别", "级别", '"a"', '"it\'s"', '"国企"', '""')
        if depth <= 0:
            return self._one(*leaves)
        return self._one(
            *leaves,
            f"({self._text(depth - 1)} + {self._text(depth - 1)})",
            f"(if {self._boolean(depth - 1)} then {self._text(depth - 1)} else {self._text(depth - 1)})",
            f"upper case({self._text(depth - 1)})",
        )

    def _date(self, depth: int) -> str:
        leaves = ("起始日", "截止日", '@"2022-09-30"', '@"2024-02-29"')
        if depth <= 0:
            return self._one(*leaves)
        return self._one(
            *leaves,
            f"({self._date(0)} {self._one('+', '-')} {self._one('3 个月', '1 年', '18 months')})",
            f"(if {self._boolean(depth - 1)} then {self._date(0)} else {self._date(0)})",
            f"date({self._one('收到', '办结')})",
        )

    def _moved_date(self, depth: int) -> str:
        moved = (
            f"({self._date(0)} {self._one('+', '-')} {self._one('60 日', '时限', '5 日 含当日', '36 小时')})"
        )
        return self._one(self._date(depth), moved)

    def _datetime(self, depth: int) -> str:
        leaves = ("收到", "办结", '@"2022-09-30T16:00:00"', '@"2022-09-30T08:00:00Z"')
        if depth <= 0:
            return self._one(*leaves)
        return self._one(*leaves, f"({self._datetime(0)} {self._one('+', '-')} {self._duration(depth - 1)})")

    def _duration(self, depth: int) -> str:
        leaves = ("时限", "4 小时", "30 分钟", '@"P1DT2H"', '@"-PT1S"')
        if depth <= 0:
            return self._one(*leaves)
        return self._one(
            *leaves,
            f"({self._datetime(0)} - {self._datetime(0)})",
            f"({self._date(0)} - {self._date(0)})",
            f"({self._duration(0)} {self._one('+', '-')} {self._duration(0)})",
        )

    def _boolean(self, depth: int) -> str:
        leaves = (
            "紧急",
            "走访过",
            "true",
            "false",
            "null",
            "紧急 = true",
            "标签 = null",
            '包含(标签, "独居")',
        )
        if depth <= 0:
            return self._one(*leaves)
        deep = depth - 1
        edge, close = self._one("[", "("), self._one("]", ")")
        return self._one(
            *leaves,
            f"({self._number(deep)} {self._order()} {self._number(deep)})",
            f"({self._number(0)} / {self._number(0)} {self._order()} {self._number(0)})",
            f"({self._number(0)} / {self._number(0)} {self._order()} {self._number(0)} / {self._number(0)})",
            f"({self._number(0)} / 党员数 * 100 {self._order()} {self._number(0)})",
            f"({self._moved_date(deep)} {self._order()} {self._moved_date(deep)})",
            f"({self._datetime(deep)} {self._order()} {self._datetime(deep)})",
            f"({self._duration(deep)} {self._order()} {self._duration(deep)})",
            f"({self._text(deep)} {self._one('=', '!=')} {self._text(deep)})",
            f"(级别 {self._order()} {self._one(*(f'{chr(34)}{each}{chr(34)}' for each in LEVELS))})",
            f"(级别 in (>= {chr(34)}社区{chr(34)}, null))",
            f"(类别 in ({self._one(*QUOTED)}, {self._one(*QUOTED)}))",
            f"(类别 in ({self._one(*QUOTED)}, null))",
            f"({self._number(0)} in {edge}{self._number(0)}..{self._number(0)}{close})",
            f"({self._number(0)} in (> {self._number(0)}, <= {self._number(0)}, {self._number(0)}))",
            f"({self._date(0)} in {edge}{self._date(0)}..{self._date(0)}{close})",
            f"({self._number(0)} between {self._number(0)} and {self._number(0)})",
            f"({self._boolean(deep)} {self._one('and', 'or')} {self._boolean(deep)})",
            f"({self._boolean(deep)} and {self._boolean(deep)} and {self._boolean(deep)})",
            f"not({self._boolean(deep)})",
            f"(if {self._boolean(deep)} then {self._boolean(deep)} else {self._boolean(deep)})",
            f"({self._boolean(deep)} {self._one('=', '!=')} {self._boolean(deep)})",
            f"({self._number(deep)} {self._one('=', '!=')} null)",
            '"独居" in 标签',
            f"{self._one('contains', 'starts with', 'ends with')}({self._text(deep)}, {self._text(0)})",
            f"({self._boolean(deep)} in (true, {self._boolean(deep)}))",
        )


QUOTED: Final = tuple(f'"{each}"' for each in KINDS)
