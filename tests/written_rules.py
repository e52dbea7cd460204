"""Tables and rule sets written as text, for tests of `rules`: the reader's shape without its files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Literal

from partybuild_flow.definition import Output, Row, Rule, RuleSet, Setting, Table
from partybuild_flow.feel import (
    ANY,
    BOOLEAN,
    DATE,
    NUMBER,
    TEXT,
    Expression,
    Scope,
    Symbol,
    Type,
    choice_of,
    list_of,
    parse_expression,
    parse_tests,
)
from partybuild_flow.feel.faults import Parsed
from partybuild_flow.problems import Position

LEVELS: Final = choice_of(("楼栋长", "社区", "街道"), ordered=True)
NAMES: Final[Mapping[str, Type]] = {
    "得分": NUMBER,
    "年限": NUMBER,
    "类别": TEXT,
    "党员": BOOLEAN,
    "日期": DATE,
    "级别": LEVELS,
    "分数": list_of(NUMBER),
}
"""Facts that every expression may read."""


def at(line: int) -> Position:
    """A position in a file of rules."""
    return Position("written.yaml", line, 1)


def expression(text: str, names: Mapping[str, Type] = NAMES) -> Expression:
    """The expression that this text says."""
    return _sound(parse_expression(text, _scope(names)))


def _scope(names: Mapping[str, Type]) -> Scope:
    return Scope([Symbol(name, (name,), type_) for name, type_ in names.items()])


def _sound(parsed: Parsed) -> Expression:
    assert not parsed.faults, parsed.faults
    assert parsed.expression is not None
    return parsed.expression


def table(
    hit: Literal["U", "A", "F"],
    inputs: Sequence[str],
    outputs: Sequence[str],
    rows: Sequence[Sequence[str]],
    defaults: Mapping[str, str] | None = None,
) -> Table:
    """A table; a row is the tests of its inputs, then the values of its outputs."""
    tested = [expression(text) for text in inputs]
    return Table(
        position=at(1),
        id="甄别表",
        name="甄别表",
        hit=hit,
        inputs=tuple(tested),
        outputs=tuple(_output(name, (defaults or {}).get(name)) for name in outputs),
        rows=tuple(
            Row(
                position=at(number),
                number=number,
                tests=tuple(
                    None if text == "-" else _sound(parse_tests(text, _scope(NAMES), each.type))
                    for text, each in zip(row[: len(inputs)], tested, strict=True)
                ),
                values=tuple(expression(text) for text in row[len(inputs) :]),
            )
            for number, row in enumerate(rows, start=1)
        ),
    )


def _output(name: str, default: str | None) -> Output:
    given = None if default is None else expression(default)
    return Output(position=at(1), id=name, name=name, type=ANY, default=given)


Written = tuple[str, Mapping[str, str]]
"""A rule: when, and what it concludes."""


def rule_set(
    *strata: Mapping[str, Written],
    first: bool = False,
    defaults: Mapping[str, str] | None = None,
    lines: Mapping[str, int] | None = None,
) -> RuleSet:
    """A rule set; rules stand in the file as they are given here, except those whose line is told."""
    derived = {fact: None for rules in strata for _, concluded in rules.values() for fact in concluded}
    facts = dict.fromkeys([*derived, *(defaults or {})])
    names = {**NAMES, **dict.fromkeys(facts, ANY)}
    order = {name: line for line, name in enumerate((name for rules in strata for name in rules), start=1)}
    order |= lines or {}
    return RuleSet(
        position=at(1),
        id="研判",
        name="研判",
        first=first,
        outputs=tuple(_output(name, (defaults or {}).get(name)) for name in facts),
        strata=tuple(
            tuple(_rule(name, rule, order[name], names) for name, rule in rules.items()) for rules in strata
        ),
    )


def _rule(name: str, rule: Written, line: int, names: Mapping[str, Type]) -> Rule:
    when, concluded = rule
    return Rule(
        position=at(line),
        id=name,
        name=name,
        when=expression(when, names),
        conclusions=tuple(
            Setting(position=at(line), field=fact, value=expression(text, names))
            for fact, text in concluded.items()
        ),
    )
