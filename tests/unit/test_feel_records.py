"""Records that are written out: their entries by id, whichever name was written."""

from __future__ import annotations

from decimal import Decimal

import pytest

from partybuild_flow.feel import (
    NUMBER,
    TEXT,
    Scope,
    Symbol,
    Type,
    Value,
    context_of,
    evaluate,
    parse_expression,
)
from partybuild_flow.feel.types import list_of

RECORD = context_of({"name": TEXT, "votes": NUMBER}, {"姓名": "name", "票数": "votes"})
RECORDS = list_of(RECORD)
SCOPE = Scope((Symbol("list", ("名单",), RECORDS), Symbol("who", ("申请人",), TEXT)))
FACTS: dict[str, Value] = {"list": [{"name": "甲", "votes": Decimal(1)}], "who": "乙"}


def value(text: str, expected: Type = RECORDS) -> object:
    expression = parse_expression(text, SCOPE, expected).expression
    assert expression is not None
    return evaluate(expression.tree, FACTS)


def faults(text: str) -> list[tuple[str, int]]:
    return [(fault.code, fault.start) for fault in parse_expression(text, SCOPE, RECORDS).faults]


@pytest.mark.parametrize(
    "text",
    [
        "[{姓名: 申请人, 票数: 2}]",
        "[{name: 申请人, 票数: 2}]",
        "if 申请人 = null then 名单 else [{姓名: 申请人, 票数: 2}]",
        "for x in [2] return {姓名: 申请人, 票数: x}",
        "追加([], {姓名: 申请人, 票数: 2})",
        "concatenate([], [{姓名: 申请人, 票数: 2}])",
        "[{姓名: 申请人, 票数: 2}][1 = 1]",
    ],
)
def test_entries_are_called_by_their_ids(text: str) -> None:
    assert value(text) == [{"name": "乙", "votes": 2}]


def test_what_follows_them_in_an_expression_reads_them_by_either_name() -> None:
    assert value("追加(名单, {姓名: 申请人, 票数: 名单[1].票数 + 1})") == [
        {"name": "甲", "votes": 1},
        {"name": "乙", "votes": 2},
    ]


def test_one_record_is_expected_as_several_are() -> None:
    assert value("{姓名: 申请人}", RECORD) == {"name": "乙"}


def test_an_entry_that_no_record_has_is_a_fault_at_its_name() -> None:
    assert faults("[{姓名: 申请人}, {票: 2}]") == [("PF448", 13)]


def test_an_entry_of_another_type_is_a_fault_by_its_name_too() -> None:
    assert [code for code, _ in faults("[{票数: 申请人}]")] == ["PF425"]


def test_a_record_keeps_what_another_entry_of_it_reads_by_name() -> None:
    assert faults('[{票数: 2, 姓名: if 票数 > 1 then "多" else "少"}]') == [("PF448", 2)]
