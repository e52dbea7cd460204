"""Terms with each other, with numbers and with days; what only a calendar can count has no result."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from partybuild_flow.feel import TERM, Scope, Symbol, Term, Value, parse_literal, text_of
from tests.expressions import FACTS, SYMBOLS, faults_of, value_of


def term(length: int | str, unit: str, *, inclusive: bool = False, closing: bool = False) -> Term:
    return Term(Decimal(length), unit, inclusive, closing)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5 工作日", term(5, "working-day")),
        ("3 工作日 含当日", term(3, "working-day", inclusive=True)),
        ("3工作日含当日至下班", term(3, "working-day", inclusive=True, closing=True)),
        ("60 日 至下班", term(60, "day", closing=True)),
        ("4.5 working hours", term("4.5", "working-hour")),
        ("3 working   days inclusive until close", term(3, "working-day", inclusive=True, closing=True)),
        ("1 year", term(1, "year")),
        ("-3 个月", term(-3, "month")),
        ("2 小时", timedelta(hours=2)),
    ],
)
def test_a_number_with_a_unit_is_a_term_or_a_duration(text: str, value: Value) -> None:
    assert value_of(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5 工作日 + 3 工作日 含当日", term(8, "working-day", inclusive=True)),
        ("5 工作日 含当日 - 3 工作日", term(2, "working-day", inclusive=True)),
        ("5 工作日 + 3 日", None),
        ("5 工作日 * 0.5", term(3, "working-day")),
        ("1.5 * 3 工作时", term("4.5", "working-hour")),
        ("5 工作日 * 100000", None),
        ("5 工作日 > 3 工作日", True),
        ("5 工作日 > 3 日", None),
        ("5 工作日 = 5 工作日 含当日", False),
        ("5 工作日 含当日 < 5 工作日", True),
        ("5 工作日 = 5 日", None),
        ("5 工作日 = null", False),
        ("5 工作日 in [3 工作日..5 工作日]", True),
        ("5 工作日 > 2 小时", None),
        ("时限 * 2 > 2 小时", True),
        ("max([3 日, 5 日])", term(5, "day")),
        ("list contains([3 日], 3 日)", True),
        ("起始日 + 3 个月", date(2022, 12, 30)),
        ("起始日 - 7 个月", date(2022, 2, 28)),
        ("起始日 + 60 日", date(2022, 11, 29)),
        ("起始日 + 60 日 含当日", date(2022, 11, 28)),
        ('@"2024-02-29" + 1 年', date(2025, 2, 28)),
        ("起始日 + 100000 年", None),
        ("now + 1 个月", datetime(2022, 10, 30, 8, 30, tzinfo=UTC)),
        ("string(3 working days inclusive)", "3 working days inclusive"),
    ],
)
def test_arithmetic_and_comparison_stay_within_one_unit(text: str, value: Value) -> None:
    assert value_of(text) == value


def test_a_field_of_terms_takes_durations_as_well() -> None:
    scope = Scope((*SYMBOLS, Symbol("limit", ("限期",), TERM)))
    assert value_of("限期.hours", {**FACTS, "limit": timedelta(hours=3)}, scope) == Decimal(3)
    assert value_of("限期.hours", {**FACTS, "limit": term(3, "day")}, scope) is None
    assert value_of("限期 > 2 小时", {**FACTS, "limit": timedelta(hours=3)}, scope) is True
    assert value_of("限期 + 2 工作日", {**FACTS, "limit": term(3, "working-day")}, scope) == term(
        5, "working-day"
    )
    assert faults_of("限期 > 5", scope=scope)[0][0] == "PF420"


def test_a_field_that_is_called_like_a_unit_is_still_a_field() -> None:
    scope = Scope((Symbol("day", ("日",), TERM), Symbol("working-day", ("工作日",), TERM), *SYMBOLS))
    facts = {**FACTS, "day": term(3, "day"), "working-day": term(4, "working-day")}
    assert value_of("日 > 2 日", facts, scope) is True
    assert value_of("日 + 1 日 = 4 日 and 工作日 - 1 工作日 = 3 工作日", facts, scope) is True


@pytest.mark.parametrize(
    "text", ["5 working days", "1 year until close", "4.5 working hours", "-3 months", "1 day"]
)
def test_what_is_shown_is_read_again(text: str) -> None:
    value = value_of(text)
    assert text_of(value) == text
    literal = parse_literal(text).expression
    assert literal is not None
