"""Typed nodes out of typed parts, and what is wrong with their types. Source: DMN 1.5, clauses 10.3.2.9 and 10.3.2.13."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, get_args

from partybuild_flow.feel.arithmetic import negative, result_kinds
from partybuild_flow.feel.faults import Report, listed, nearest
from partybuild_flow.feel.terms import Term, term_text
from partybuild_flow.feel.tree import (
    Arithmetic,
    ArithmeticOperator,
    Comparison,
    ComparisonOperator,
    Constant,
    If,
    In,
    ListOf,
    Name,
    Negative,
    Node,
    Path,
    Range,
    Span,
    ranking,
    walk,
)
from partybuild_flow.feel.types import (
    ANY,
    BOOLEAN,
    DOCUMENT,
    DURATION,
    NULL,
    NUMBER,
    TEXT,
    Kind,
    Type,
    fits,
    joined,
    list_of,
)
from partybuild_flow.feel.values import ORDERED_KINDS, PARTS

_WORDS: Final[dict[Kind, tuple[str, str]]] = {
    "any": ("anything", "任意"),
    "null": ("null", "空"),
    "number": ("number", "数字"),
    "text": ("text", "文本"),
    "boolean": ("boolean", "是否"),
    "date": ("date", "日期"),
    "time": ("time", "时刻"),
    "datetime": ("datetime", "时间"),
    "duration": ("term", "时限"),
    "term": ("term", "时限"),
    "months": ("years and months", "年月时长"),
    "range": ("range", "区间"),
    "function": ("function", "函数"),
    "list": ("list", "列表"),
    "context": ("context", "结构"),
}
PART_TYPES: Final[dict[str, Type]] = {"time offset": DURATION, "timezone": TEXT}
"""Parts of dates and times that are no numbers."""
_CHINESE_PARTS: Final = {
    "year": "年",
    "month": "月",
    "day": "日",
    "weekday": "星期",
    "hour": "时",
    "minute": "分",
    "days": "天数",
    "hours": "小时数",
    "minutes": "分钟数",
}
"""What parts of dates, times and durations are called in Chinese as well."""


def words(key: str, *types: Type) -> dict[str, str]:
    """The words for types in a sentence, once for each language."""
    pairs = list(dict.fromkeys(_word(each) for each in types))
    return {key: " or ".join(pair[0] for pair in pairs), f"{key}_zh": "或".join(pair[1] for pair in pairs)}


def _word(type_: Type) -> tuple[str, str]:
    if type_.values:
        return "choice", "选项"
    if type_ == DOCUMENT:
        return "document", "材料"
    if type_.kind == "list" and type_.item is not None and type_.item.kind not in ("any", "null"):
        item, item_zh = _word(type_.item)
        return f"list of {item}", f"{item_zh}列表"
    return _WORDS[type_.kind]


def arithmetic(report: Report, operator: ArithmeticOperator, left: Node, right: Node) -> Node:
    """`left operator right`; operands that never have a result are a fault."""
    span = (left.span[0], right.span[1])
    kinds = result_kinds(operator, left.type.kind, right.type.kind)
    _check_countable(report, left, right)
    if not kinds:
        report.add("PF424", span, operator=operator, **words("left", left.type), **words("right", right.type))
    known = [kind for kind in get_args(Kind) if kind in kinds]
    return Arithmetic(span, Type(known[0]) if len(known) == 1 else ANY, operator, left, right)


def _check_countable(report: Report, left: Node, right: Node) -> None:
    """A term that only a calendar can count, added to a day here, is a fault."""
    for term, other in ((left, right), (right, left)):
        if (
            isinstance(term, Constant)
            and isinstance(term.value, Term)
            and term.value.unit in ("working-day", "working-hour")
            and other.type.kind in ("date", "datetime")
        ):
            found, found_zh = term_text(term.value), term_text(term.value, "zh-CN")
            report.add("PF447", term.span, found=found, found_zh=found_zh)


def negated(report: Report, operand: Node, span: Span) -> Node:
    """`-operand`; of a constant the constant."""
    if operand.type.kind not in ("number", "duration", "term", "any", "null"):
        report.add(
            "PF425", operand.span, **words("expected", NUMBER, DURATION), **words("found", operand.type)
        )
    if isinstance(operand, Constant):
        return Constant(span, operand.type, negative(operand.value))
    return Negative(span, operand.type, operand)


def comparison(report: Report, operator: ComparisonOperator, left: Node, right: Node, span: Span) -> Node:
    """`left operator right`; sides that cannot be compared are a fault."""
    if operator in ("=", "!="):
        check_equality(report, left, right)
    else:
        _check_order(report, operator, left, right)
    return Comparison(span, BOOLEAN, operator, left, right)


def _check_order(report: Report, operator: str, left: Node, right: Node) -> None:
    kinds = {left.type.kind, right.type.kind} - {"any", "null"}
    if len(kinds) > 1 and not fits(left.type, right.type):
        _report_kinds(report, operator, left, right)
    elif "text" in kinds:
        values = ranking(left.type, right.type)
        if not values or any(side.type.values not in ((), values) for side in (left, right)):
            report.add("PF421", _blamed(left, right), operator=operator, **words("found", left.type))
        else:
            check_choices(report, left, right)
    elif kinds and not kinds <= ORDERED_KINDS:
        side = left if left.type.kind in kinds else right
        report.add("PF421", side.span, operator=operator, **words("found", side.type))


def _report_kinds(report: Report, operator: str, left: Node, right: Node) -> None:
    report.add(
        "PF420",
        _blamed(left, right),
        operator=operator,
        **words("left", left.type),
        **words("right", right.type),
    )


def _blamed(left: Node, right: Node) -> Span:
    """The side that is probably wrong: a constant rather than a name."""
    return left.span if isinstance(left, Constant) and not isinstance(right, Constant) else right.span


def check_equality(report: Report, left: Node, right: Node) -> None:
    """Sides that can never be equal are a fault."""
    if not fits(left.type, right.type) and not fits(right.type, left.type):
        _report_kinds(report, "=", left, right)
    else:
        check_choices(report, left, right)


def check_choices(report: Report, left: Node, right: Node) -> None:
    """A text that is no value of the choice on the other side is a fault, and so are choices without a common value."""
    for choice, other in ((left.type, right), (right.type, left)):
        check_values(report, other, choice)
    if left.type.values and right.type.values and not set(left.type.values) & set(right.type.values):
        report.add("PF441", right.span, **listed(left.type.values))


def check_values(report: Report, node: Node, choice: Type) -> None:
    """Texts written in a node that are no values of a choice are faults; a list of choices is checked by its items."""
    while choice.kind == "list":
        choice = choice.item or ANY
    if not choice.values:
        return
    for constant in _written(node):
        value = constant.value
        if isinstance(value, str) and value not in choice.values:
            near = nearest(value, choice.values)
            if near is None:
                report.add("PF423", constant.span, value=value, **listed(choice.values))
            else:
                report.add("PF422", constant.span, value=value, near=near)


def _written(node: Node) -> Iterator[Constant]:
    """The constants that a node may have as its value or as an item of it."""
    if isinstance(node, Constant):
        yield node
    elif isinstance(node, If):
        yield from _written(node.then)
        yield from _written(node.otherwise)
    elif isinstance(node, ListOf):
        for item in node.items:
            yield from _written(item)


def membership(report: Report, value: Node, tests: Sequence[Node], span: Span) -> Node:
    """`value in (tests)`; a test that can never be met is a fault."""
    conditions = tuple(is_condition(test, value.type) for test in tests)
    for test, condition in zip(tests, conditions, strict=True):
        if isinstance(test, Range):
            for end in (test.low, test.high):
                if end is not None:
                    _check_order(report, "in", value, end)
        elif not condition:
            _check_member(report, value, test)
    return In(span, BOOLEAN, value, tuple(tests), conditions)


def _check_member(report: Report, value: Node, test: Node) -> None:
    if test.type.kind == "list" and value.type.kind != "list":
        item = test.type.item or ANY
        if not fits(value.type, item):
            _report_kinds(report, "in", value, test)
        check_values(report, test, value.type)
        check_values(report, value, item)
    elif test.type.kind == "list" and fits(value.type, test.type.item or ANY):
        return
    else:
        check_equality(report, value, test)


def is_condition(test: Node, tested: Type) -> bool:
    """Whether a test says itself when it is met, rather than being a value to compare with."""
    if test.type.kind != "boolean":
        return False
    return tested.kind not in ("boolean", "any") or any(
        isinstance(node, Name) and node.id == "?" for node, _ in walk(test)
    )


def common_type(nodes: Sequence[Node]) -> Type:
    """The type of a value that one of these nodes gives; texts written beside a choice are its values."""
    choice = next((node.type for node in nodes if node.type.values), None)
    found = NULL
    for node in nodes:
        is_value = choice and isinstance(node, Constant) and node.value in choice.values
        found = joined(found, choice if choice and is_value else node.type)
    return found


def path(report: Report, source: Node, entry: str, span: Span) -> Node:
    """`source.entry`; `entry` is already one of the names that `entries_of` gave, if it gave any."""
    owner = source.type
    inner = owner.item or ANY if owner.kind == "list" else owner
    if inner.kind == "context":
        entry = inner.spellings.get(entry, entry)
        found = inner.entries.get(entry, ANY)
    elif (_kind_of_parts(inner), entry) in PARTS:
        found = PART_TYPES.get(entry, NUMBER)
    else:
        found = ANY
        if inner.kind not in ("any", "null"):
            report.add("PF428", source.span, **words("found", inner))
    return Path(span, list_of(found) if owner.kind == "list" else found, source, entry)


def entries_of(type_: Type) -> dict[str, str] | None:
    """The entries that a path may name, by every spelling; None if they are not known."""
    inner = type_.item or ANY if type_.kind == "list" else type_
    if inner.kind == "context" and inner.entries:
        return {**{name: name for name in inner.entries}, **inner.spellings}
    parts = [part for kind, part in PARTS if kind == _kind_of_parts(inner)]
    chinese = {_CHINESE_PARTS[part]: part for part in parts if part in _CHINESE_PARTS}
    # English last: it is what a list of the known names shows.
    return {**chinese, **{part: part for part in parts}} if parts else None


def _kind_of_parts(type_: Type) -> Kind:
    """The kind whose parts a value may have: a term may be a duration."""
    return "duration" if type_.kind == "term" else type_.kind


def check_condition(report: Report, node: Node) -> None:
    """A condition that is never true or false is a fault."""
    if node.type.kind not in ("boolean", "any", "null"):
        report.add("PF426", node.span, **words("found", node.type))


def check_expected(report: Report, node: Node, expected: Type) -> None:
    """A value of another type than the expected one is a fault."""
    if not fits(node.type, expected):
        report.add("PF425", node.span, **words("expected", expected), **words("found", node.type))
    else:
        check_values(report, node, expected)
