"""What the built-in functions give, and that they give null for what they do not take."""

from __future__ import annotations

from datetime import date, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partybuild_flow.feel import Value
from partybuild_flow.feel.functions import FUNCTIONS
from partybuild_flow.feel.values import kind_of
from tests.expressions import value_of


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("decimal(1/3, 2)", "0.33"),
        ("decimal(1.5, 0)", "2"),
        ("decimal(2.5, 0)", "2"),
        ("floor(-1.5)", "-2"),
        ("floor(-1.56, 1)", "-1.6"),
        ("ceiling(1.5)", "2"),
        ("ceiling(-1.56, 1)", "-1.5"),
        ("round up(5.5, 0)", "6"),
        ("round up(-5.5, 0)", "-6"),
        ("round down(1.126, 2)", "1.12"),
        ("round half up(2.5, 0)", "3"),
        ("round half up(-2.5, 0)", "-3"),
        ("round half up(89.995, 2)", "90.00"),
        ("round half down(2.5, 0)", "2"),
        ("round half down(2.51, 0)", "3"),
        ("round half up(1234, -2)", "1200"),
        ("floor(1e40)", "1e40"),
        ("abs(-10)", "10"),
        ("modulo(12, 5)", "2"),
        ("modulo(-12, 5)", "3"),
        ("modulo(12, -5)", "-3"),
        ("modulo(10.1, 4.5)", "1.1"),
        ("sqrt(16)", "4"),
        ("log(1)", "0"),
        ("exp(0)", "1"),
        ('number("1,000.50", ",", ".")', "1000.50"),
        ('number("1.000,5", ".", ",")', "1000.5"),
        ('number("1e3")', "1000"),
        ("string length(“💩国”)", "2"),
        ("count([1, null])", "2"),
        ("count([])", "0"),
        ("min([3, 1, 2])", "1"),
        ("max(3, 1, 2)", "3"),
        ("sum([1, 2.5])", "3.5"),
        ("sum(1, 2)", "3"),
        ("product([2, 3, 4])", "24"),
        ("mean([1, 2, 6])", "3"),
        ("mean(1, 2)", "1.5"),
        ("median([8, 2, 5, 3, 4])", "4"),
        ("median([6, 1, 2, 3])", "2.5"),
        ("stddev([2, 4, 7, 5])", "2.081665999466132735282297706979931"),
        ('day of year(@"2019-09-17")', "260"),
        ('week of year(@"2005-01-01")', "53"),
    ],
)
def test_functions_that_give_numbers(text: str, value: str) -> None:
    assert value_of(text) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("string(1.50)", "1.50"),
        ("string(1e3)", "1000"),
        ('string("a")', "a"),
        ('string([1, "a", {b: true}])', '[1, "a", {b: true}]'),
        ('string(@"2022-09-30")', "2022-09-30"),
        ("string(now)", "2022-09-30T16:30:00+08:00"),
        ('string(@"2022-09-30T16:00:00Z")', "2022-09-30T16:00:00Z"),
        ('string(@"2022-09-30T16:00:00@Europe/Paris")', "2022-09-30T16:00:00@Europe/Paris"),
        ("string(26 hours)", "P1DT2H"),
        ("string(0 hours)", "PT0S"),
        ('substring("foobar", 3)', "obar"),
        ('substring("foobar", 3, 3)', "oba"),
        ('substring("foobar", -2, 1)', "a"),
        ('substring("foobar", 7)', ""),
        ('substring(string: "foobar", start position: 3)', "obar"),
        ('upper case("aBc4")', "ABC4"),
        ('lower case("aBc4")', "abc4"),
        ('substring before("foobar", "bar")', "foo"),
        ('substring before("foobar", "x")', ""),
        ('substring after("foobar", "ob")', "ar"),
        ('substring after("", "a")', ""),
        ('replace("abcd", "(ab)|(a)", "[1=$1][2=$2]")', "[1=ab][2=]cd"),
        ('replace("a.b", "\\\\.", "-")', "a-b"),
        ('string join(["a", null, "c"])', "ac"),
        ('string join(["a", "b"], "、")', "a、b"),
        ('day of week(@"2019-09-17")', "Tuesday"),
        ('month of year(@"2019-09-17")', "September"),
        ("day of week(now)", "Friday"),
        ("get value({a: “x”}, “a”)", "x"),
    ],
)
def test_functions_that_give_text(text: str, value: str) -> None:
    assert value_of(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('contains("foobar", "ob")', True),
        ('starts with("foobar", "fo")', True),
        ('ends with("foobar", "r")', True),
        ('matches("foobar", "^fo*b")', True),
        ('matches("FOO", "foo", "i")', True),
        ('matches("11010119900307123X", "^[0-9]{17}[0-9X]$")', True),
        ("list contains([1, 2], 2)", True),
        ("list contains([1, null], null)", True),
        ("all([true, null, false])", False),
        ("all([true, null])", None),
        ("all([])", True),
        ("any([false, true])", True),
        ("any([])", False),
        ("odd(5)", True),
        ("even(-2)", True),
        ("even(1e50)", True),
        ("odd(1.5)", False),
        ("is(1, 1.0)", True),
        ('is(@"2022-09-30T16:00:00+08:00", @"2022-09-30T08:00:00Z")', False),
    ],
)
def test_functions_that_give_truth(text: str, value: Value) -> None:
    assert value_of(text) is value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('split("John Doe", "\\\\s")', ["John", "Doe"]),
        ('split("a;b;;", ";")', ["a", "b", "", ""]),
        ("sublist([4, 5, 6], 1, 2)", [4, 5]),
        ("sublist([4, 5, 6], -2)", [5, 6]),
        ("append([1], 2, 3)", [1, 2, 3]),
        ("concatenate([1, 2], [3])", [1, 2, 3]),
        ("insert before([1, 3], 1, 2)", [2, 1, 3]),
        ("insert before([1, 3], -1, 2)", [1, 2, 3]),
        ("remove([1, 2, 3], 2)", [1, 3]),
        ("reverse([1, 2, 3])", [3, 2, 1]),
        ("index of([1, 2, 3, 2], 2)", [2, 4]),
        ("union([1, 2], [2.0, 3])", [1, 2, 3]),
        ("distinct values([1, 2, 1, null, null])", [1, 2, None]),
        ("flatten([[1, 2], [[3]], 4])", [1, 2, 3, 4]),
        ("mode([6, 3, 9, 6, 6])", [6]),
        ("mode([6, 1, 9, 6, 1])", [1, 6]),
        ("mode([])", []),
        ("get entries({a: 1})", [{"key": "a", "value": 1}]),
        ("count(5)", 1),
    ],
)
def test_functions_of_lists(text: str, value: Value) -> None:
    assert value_of(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('date("2022-09-30")', date(2022, 9, 30)),
        ("date(2022, 9, 30)", date(2022, 9, 30)),
        ("date(now)", date(2022, 9, 30)),
        ('time("16:00:00")', time(16)),
        ("time(16, 30, 0)", time(16, 30)),
        ("time(now)", time(16, 30)),
        ('date and time(date("2022-09-30"), time("16:30:00")) = now', True),
        ('duration("P1DT2H")', timedelta(days=1, hours=2)),
        ("abs(-(2 hours))", timedelta(hours=2)),
        ("date(month: 9, day: 30, year: 2022)", date(2022, 9, 30)),
    ],
)
def test_functions_of_dates_and_times(text: str, value: Value) -> None:
    assert value_of(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "date(2022, 得分 - 78.5, 1)",
        "date(2022, 得分, 1)",
        "time(得分, 0, 0)",
        "substring(“abc”, 0 * 得分)",
        "substring(“abc”, -4 + 0 * 得分)",
        "sublist([1], 得分)",
        "remove([1], 得分)",
        "sum([])",
        "mean([])",
        "min([])",
        "median([])",
        "product([])",
        "stddev([1])",
        "min([1, null])",
        "sum([1, null])",
        "modulo(1, 0 * 得分)",
        "log(0 * 得分)",
        "decimal(1.5, 0.5 * 得分)",
        "decimal(1.5, 99999)",
        "number(承办单位)",
        'number("1", 承办单位, ".")',
        'replace("abc", 承办单位, "$")',
        'replace("abc", "a*", "x")',
        'matches("abc", "a", "z")',
        "date(承办单位)",
        "duration(承办单位)",
        'date and time(@"2022-09-30", time(承办单位))',
        "get value({a: 1}, “b”)",
    ],
)
def test_what_a_function_cannot_do_is_null(text: str) -> None:
    assert value_of(text) is None


values = st.recursive(
    st.none()
    | st.booleans()
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.sampled_from(["", "a", "2022-09-30", "P1D", "(a*)*b", "16:00:00", "国企"])
    | st.dates()
    | st.times()
    | st.datetimes(timezones=st.timezones())
    | st.timedeltas(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "key"]), inner, max_size=2)
    ),
    max_leaves=5,
)


@settings(max_examples=1000, deadline=None)
@given(st.sampled_from(sorted(FUNCTIONS)), st.lists(values, max_size=4))
def test_every_function_gives_a_value_whatever_it_is_given(name: str, arguments: list[Value]) -> None:
    result = FUNCTIONS[name].call(*arguments)
    assert kind_of(result) is not None
    assert not isinstance(result, Decimal) or result.is_finite()
