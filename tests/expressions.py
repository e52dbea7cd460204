"""What the tests of expressions share: a scope with every type of fact, and two short questions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from partybuild_flow.feel import (
    BOOLEAN,
    DATE,
    DATETIME,
    DURATION,
    NUMBER,
    TEXT,
    Scope,
    Symbol,
    Type,
    Value,
    choice_of,
    compile_test,
    compile_value,
    context_of,
    evaluate,
    list_of,
    parse_expression,
)
from partybuild_flow.messages import Language, sentence

LEVELS = choice_of(("楼栋长", "社区", "街道", "区级部门"), ordered=True)
VISIT = context_of(
    {"late": BOOLEAN, "days": NUMBER, "note": TEXT}, {"迟到": "late", "天数": "days", "备注": "note"}
)
SYMBOLS = (
    Symbol("score", ("得分",), NUMBER),
    Symbol("bonus", ("附加分",), NUMBER),
    Symbol("category", ("类别",), choice_of(("国企", "两新", "机关"))),
    Symbol("level", ("承办级别",), LEVELS),
    Symbol("handling-unit", ("承办单位",), TEXT),
    Symbol("full-name", ("姓 名",), TEXT),
    Symbol("urgent", ("紧急",), BOOLEAN),
    Symbol("since", ("起始日",), DATE),
    Symbol("now", (), DATETIME),
    Symbol("today", (), DATE),
    Symbol("term", ("时限",), DURATION),
    Symbol("marks", ("评分",), list_of(NUMBER)),
    Symbol("visits", ("走访",), list_of(VISIT)),
    Symbol("window", ("申诉期",), context_of({"due": DATETIME, "open": BOOLEAN})),
    Symbol("unit", ("单位",), TEXT),
)
SCOPE = Scope(SYMBOLS)
FACTS: Mapping[str, Value] = {
    "score": Decimal("91.5"),
    "bonus": None,
    "category": "国企",
    "level": "社区",
    "handling-unit": "湖景一社区",
    "full-name": None,
    "urgent": True,
    "since": date(2022, 9, 30),
    "now": datetime(2022, 9, 30, 8, 30, tzinfo=UTC),
    "today": date(2022, 9, 30),
    "term": timedelta(days=1, hours=2),
    "marks": [Decimal(7), Decimal(9), Decimal(8)],
    "visits": [
        {"late": True, "days": Decimal(3), "note": "甲"},
        {"late": False, "days": Decimal(5), "note": None},
    ],
    "window": {"due": datetime(2022, 10, 8, 16, 0, tzinfo=UTC), "open": True},
    "unit": "园区",
}


def value_of(text: str, facts: Mapping[str, Value] = FACTS, scope: Scope = SCOPE) -> Value:
    """The value of an expression; the generated code must agree."""
    parsed = parse_expression(text, scope)
    assert parsed.expression is not None, [sentence(fault.code, "en", fault.data) for fault in parsed.faults]
    value = evaluate(parsed.expression.tree, facts)
    assert repr(compile_value(parsed.expression)(facts)) == repr(value)
    assert compile_test(parsed.expression)(facts) is (value is True)
    return value


def faults_of(
    text: str, expected: Type | None = None, language: Language = "zh-CN", scope: Scope = SCOPE
) -> list[tuple[str, str, str]]:
    """Code, the words at fault, and the sentence of everything that is wrong in a text."""
    return [
        (fault.code, text[fault.start : fault.end], sentence(fault.code, language, fault.data))
        for fault in parse_expression(text, scope, expected).faults
    ]
