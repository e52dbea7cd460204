"""What expressions are worth: three-valued logic, null, equality, order, time."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, localcontext

import pytest

from partybuild_flow.feel import ANY, Scope, Symbol, Value, evaluate, list_of, parse_expression
from partybuild_flow.feel.values import CIVIL_ZONE
from tests.expressions import FACTS, SCOPE, value_of

T, F, N = "true", "false", "null"


@pytest.mark.parametrize(
    ("left", "right", "conjunction", "disjunction"),
    [
        (T, T, True, True),
        (T, F, False, True),
        (T, N, None, True),
        (F, T, False, True),
        (F, F, False, False),
        (F, N, False, None),
        (N, T, None, True),
        (N, F, False, None),
        (N, N, None, None),
    ],
)
def test_and_and_or_follow_the_tables_of_the_standard(
    left: str, right: str, conjunction: Value, disjunction: Value
) -> None:
    assert value_of(f"{left} and {right}") is conjunction
    assert value_of(f"{left} or {right}") is disjunction
    assert value_of(f"not({left} and {right})") is value_of(f"not({left}) or not({right})")


@pytest.mark.parametrize(("operand", "value"), [(T, False), (F, True), (N, None)])
def test_not_keeps_null(operand: str, value: Value) -> None:
    assert value_of(f"not({operand})") is value


@pytest.mark.parametrize(
    ("quantifier", "verdicts", "value"),
    [
        ("some", "[false, null, true]", True),
        ("some", "[false, null]", None),
        ("some", "[false]", False),
        ("some", "[]", False),
        ("every", "[true, null, false]", False),
        ("every", "[true, null]", None),
        ("every", "[true]", True),
        ("every", "[]", True),
    ],
)
def test_some_and_every_are_or_and_and(quantifier: str, verdicts: str, value: Value) -> None:
    assert value_of(f"{quantifier} x in {verdicts} satisfies x") is value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("附加分 = null", True),
        ("附加分 != null", False),
        ("得分 = null", False),
        ("附加分 = 5", False),
        ("附加分 != 5", True),
        ("null = null", True),
        ("附加分 < 5", None),
        ("5 >= 附加分", None),
        ("附加分 + 1", None),
        ("-附加分", None),
        ("附加分 in [1..2]", None),
        ("附加分 in (1, 2)", False),
        ("附加分 in (1, null)", True),
        ("附加分 between 1 and 2", None),
        ("3 between 1 and 附加分", None),
        ("0 between 1 and 附加分", False),
        ("附加分 < 5 and false", False),
        ("附加分 < 5 or true", True),
        ("sum([1, 附加分])", None),
        ("string(附加分)", None),
        ("null.a", None),
        ("null + 1", None),
        ("1 / 0", None),
        ("0 ** -1", None),
        ("sqrt(-1)", None),
    ],
)
def test_a_missing_value_is_null_unless_it_is_asked_for(text: str, value: Value) -> None:
    assert value_of(text) is value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 = 1.0", True),
        ("[1, [2]] = [1.0, [2.00]]", True),
        ("[1, 2] = [2, 1]", False),
        ("{a: 1, b: [2]} = {b: [2.0], a: 1.0}", True),
        ('@"16:00:00" = @"16:00:00+08:00"', True),
        ('@"2022-09-30T16:00:00" = @"2022-09-30T08:00:00Z"', True),
        ('"a" = "A"', False),
        ("list contains([true], true)", True),
        ("1 in [1.0, 2]", True),
        ("[1] in [[1], [2]]", True),
        ("null in [1, null]", True),
    ],
)
def test_equality_is_deep_and_by_value(text: str, value: Value) -> None:
    assert value_of(text) is value


def test_a_truth_value_is_never_a_number() -> None:
    scope = Scope([Symbol("list", (), list_of(ANY))])
    assert value_of("list contains(list, 1)", {"list": [True]}, scope) is False
    assert value_of("list[1] = 1", {"list": [True]}, scope) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("承办级别 < “街道”", True),
        ("承办级别 >= “社区”", True),
        ("“街道” > 承办级别", True),
        ("承办级别 in [“社区”..“街道”]", True),
        ("承办级别 in (> “社区”)", False),
        ("next(承办级别)", "街道"),
        ("previous(previous(承办级别))", None),
        ("next(next(承办级别)) = “区级部门”", True),
        ("max([承办级别, “街道”, “楼栋长”])", "街道"),
        ("min(承办级别, “街道”)", "社区"),
        ("next(承办级别) > 承办级别", True),
    ],
)
def test_ordered_choices_compare_by_their_order(text: str, value: Value) -> None:
    assert value_of(text) == value


def test_a_text_that_has_left_the_choice_has_no_order() -> None:
    assert value_of("承办级别 < “街道”", {**FACTS, "level": "省厅"}) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.1 + 0.2", "0.3"),
        ("1 / 3", "0.3333333333333333333333333333333333"),
        ("2 / 3", "0.6666666666666666666666666666666667"),
        ("10 ** 33 + 0.5", "1000000000000000000000000000000000"),
        ("10 ** 33 + 1.5", "1000000000000000000000000000000002"),
        ("89.995 >= 90", None),
        ("2 ** 0.5", "1.414213562373095048801688724209698"),
        ("0 ** 0", "1"),
        ("1.10 + 1.1", "2.20"),
    ],
)
def test_numbers_have_34_digits_and_round_half_to_even(text: str, value: str | None) -> None:
    with localcontext(prec=5):
        assert value_of(text) == (False if value is None else Decimal(value))


@pytest.mark.parametrize(
    "text", ["10 ** 6145", "9 ** (9 ** (9 ** 9))", "1e6144 * 10", "-(1e6144) * 10", "exp(1e9)"]
)
def test_a_number_that_is_too_large_is_null(text: str) -> None:
    assert value_of(text) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('@"2022-01-31" + 1.5 hours', date(2022, 1, 31)),
        ('@"2022-12-31" + @"P1D"', date(2023, 1, 1)),
        ('@"P1D" + @"2024-02-28"', date(2024, 2, 29)),
        ('@"2022-10-01" - @"2022-09-30"', timedelta(days=1)),
        ('@"2022-10-01" - @"P1D"', date(2022, 9, 30)),
        ("now + 4 hours", datetime(2022, 9, 30, 12, 30, tzinfo=UTC)),
        ('now - @"2022-09-30T16:00:00"', timedelta(minutes=30)),
        ('@"23:30:00" + 1 hour', time(0, 30)),
        ('@"00:30:00" - 1 hour', time(23, 30)),
        ('@"16:00:00" - @"15:00:00"', timedelta(hours=1)),
        ("时限 * 2", timedelta(days=2, hours=4)),
        ("0.5 * 时限", timedelta(hours=13)),
        ("时限 / 2", timedelta(hours=13)),
        ("时限 / 13 hours", Decimal(2)),
        ("-时限", timedelta(days=-1, hours=-2)),
        ("时限 / 0", None),
        ('@"9999-12-31" + 时限', None),
        ("时限 * 1e20", None),
    ],
)
def test_dates_times_and_terms_calculate(text: str, value: Value) -> None:
    assert value_of(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("today.year", 2022),
        ("起始日.month", 9),
        ("起始日.day", 30),
        ("起始日.weekday", 5),
        ("now.hour", 16),
        ("now.minute", 30),
        ("now.second", 0),
        ("now.weekday", 5),
        ("申诉期.due.day", 9),
        ("now.time offset", timedelta(hours=8)),
        ("now.timezone", "Asia/Shanghai"),
        ('@"2022-09-30T16:00:00Z".hour', 16),
        ('@"2022-09-30T16:00:00-05:00".time offset', timedelta(hours=-5)),
        ('@"10:20:30".second', 30),
        ('@"P1DT2H3M4S".days', 1),
        ('@"P1DT2H3M4S".hours', 2),
        ('@"P1DT2H3M4S".minutes', 3),
        ('@"P1DT2H3M4S".seconds', 4),
        ('@"-P1DT2H".hours', -2),
        ("[today, today].year", [2022, 2022]),
        ("今天().年", 2022),
        ("起始日.月 + 起始日.日", 39),
        ("起始日.星期", 5),
        ("now.时 * 60 + now.分", 990),
        ('(@"2022-10-01" - 起始日).天数', 1),
        ('@"P1DT2H3M4S".小时数', 2),
        ('@"P1DT2H3M4S".分钟数', 3),
    ],
)
def test_parts_of_dates_times_and_terms(text: str, value: Value) -> None:
    assert value_of(text) == value


def test_a_date_and_time_without_zone_is_meant_on_the_civil_clock() -> None:
    value = value_of('date and time("2022-09-30T16:00:00")')
    assert value == datetime(2022, 9, 30, 8, 0, tzinfo=UTC)
    assert isinstance(value, datetime)
    assert value.tzinfo is CIVIL_ZONE


def test_now_and_today_are_facts() -> None:
    assert value_of("now() = now and today() = today") is True


@pytest.mark.parametrize(
    "text",
    [
        "for a in 1..1000, b in 1..1000, c in 1..1000 return 1",
        "for a in 1..1000000000 return a",
        "some x in 1..100000 satisfies some y in 1..100000 satisfies x * y = -1",
        'for i in 1..100000 return matches("' + "a" * 40 + '", "(a|aa)+$")',
        "{a: [1, 1], " + ", ".join(f"{chr(98 + i)}: [{chr(97 + i)}, {chr(97 + i)}]" for i in range(24)) + "}",
        '{a: "xx", ' + ", ".join(f"{chr(98 + i)}: {chr(97 + i)} + {chr(97 + i)}" for i in range(24)) + "}.y",
        'replace(replace(replace("'
        + "a" * 50
        + '", "a", "'
        + "a" * 50
        + '"), "a", "'
        + "a" * 50
        + '"), "a", "aa")',
    ],
)
def test_what_multiplies_without_end_is_null(text: str) -> None:
    assert value_of(text) is None


def test_one_loop_over_a_long_list_of_facts_is_no_multiplication() -> None:
    marks: list[Value] = [Decimal(1)] * 200_000
    found = parse_expression("every x in 评分 satisfies x > 0 and x < 2 and x != 3", SCOPE)
    assert found.expression is not None
    assert evaluate(found.expression.tree, {"marks": marks}) is True


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("得分 > 1", {"score": "x"}),
        ("走访.天数", {"visits": "x"}),
        ("得分 + 1", {"score": 1}),
        ("得分 > 1", {}),
        ("string length(单位)", {"unit": Decimal(1)}),
    ],
)
def test_facts_of_other_types_than_said_are_null(text: str, facts: dict[str, Value]) -> None:
    found = parse_expression(text, SCOPE)
    assert found.expression is not None
    assert evaluate(found.expression.tree, facts) is None
