"""What the built-in functions give, and that they give null for what they do not take."""

from __future__ import annotations

import itertools
import math
from datetime import date, time, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partybuild_flow.feel import Symbol, Value, compile_value, evaluate, list_of, parse_expression
from partybuild_flow.feel.functions import CHINESE_NAMES, FUNCTIONS
from partybuild_flow.feel.values import kind_of
from tests.expressions import SCOPE, faults_of, value_of


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
        ("sort([3, 1, 2])", [1, 2, 3]),
        ("sort([3, 1, 2], “desc”)", [3, 2, 1]),
        ("排序([3, 1, 2], “降序”)", [3, 2, 1]),
        ("sort([])", []),
        ("sort([@“2024-05-01”, @“2023-05-01”])[1] = @“2023-05-01”", True),
        ("rank([90, 95, 90, 80], 95)", 1),
        ("rank([90, 95, 90, 80], 90)", 2),
        ("rank([90, 95, 90, 80], 80)", 4),
        ("largest remainder([5, 3, 2], 10)", [5, 3, 2]),
        ("largest remainder([1, 1, 1], 10, 1)", [4, 3, 3]),
        ("largest remainder([6, 3, 1], 5, 1)", [2, 2, 1]),
        ("largest remainder([], 0)", []),
        ("最大余数(weights: [2, 1], total: 4)", [3, 1]),
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
        "sort([1, null])",
        "rank([1, 2], 3)",
        "rank([], 3)",
        "largest remainder([1, 1], 3, 2)",
        "largest remainder([0, 0], 1)",
        "largest remainder([1, -1], 3)",
        "largest remainder([1, 1], 2.5)",
        "largest remainder([], 1)",
        "quota(10 - 2 * 得分, 0.1, “floor”)",
        "quota(10, 0 - 得分, “floor”)",
        "quota(10, 0.1, 承办单位)",
    ],
)
def test_what_a_function_cannot_do_is_null(text: str) -> None:
    assert value_of(text) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("quota(7, 0.1, “floor”)", 0),
        ("quota(7, 0.1, “round”)", 1),
        ("quota(5, 0.1, “round”)", 1),
        ("quota(4, 0.1, “round”)", 0),
        ("quota(3, 1/3, “floor”)", 1),
        ("quota(3, 2/3, “floor”)", 2),
        ("名额(6, 2/3, “取整”)", 4),
        ("名额(5, 0.3, “四舍五入”)", 2),
    ],
)
def test_a_quota_is_a_whole_number_rounded_as_said(text: str, value: Value) -> None:
    assert value_of(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("sort(LEVELS)", ["楼栋长", "社区", "街道", "街道"]),
        ("排序(LEVELS, “降序”)", ["街道", "街道", "社区", "楼栋长"]),
        ("rank(LEVELS, “社区”)", 3),
        ("排名(LEVELS, “街道”)", 1),
    ],
)
def test_sort_and_rank_of_an_ordered_choice_go_by_its_places(text: str, value: Value) -> None:
    level = next(symbol for symbol in SCOPE.symbols if symbol.names == ("承办级别",)).type
    scope = SCOPE.extended([Symbol("LEVELS", (), list_of(level))])
    facts: dict[str, Value] = {"LEVELS": ["街道", "楼栋长", "街道", "社区"]}
    parsed = parse_expression(text, scope).expression
    assert parsed is not None
    assert evaluate(parsed.tree, facts) == value
    assert compile_value(parsed)(facts) == value
    assert evaluate(parsed.tree, {"LEVELS": ["街道", "?"]}) is None


WEIGHTS = st.lists(st.decimals(0, 10_000, places=2), min_size=1, max_size=30)


@given(WEIGHTS, st.integers(0, 500), st.integers(0, 3))
def test_the_shares_of_largest_remainder_add_up_and_stay_within_one_of_their_proportion(
    weights: list[Decimal], total: int, least: int
) -> None:
    shares = FUNCTIONS["largest remainder"].call(weights, Decimal(total), Decimal(least))
    rest, every = total - least * len(weights), sum(map(Fraction, weights))
    if rest < 0 or (rest and not every):
        assert shares is None
        return
    assert isinstance(shares, list)
    assert sum(shares) == total
    assert min(shares) >= least
    for weight, share in zip(weights, shares, strict=True):
        assert not every or abs(Fraction(share) - least - Fraction(weight) * rest / every) < 1
    for one, more in itertools.pairwise(sorted(zip(weights, shares, strict=True))):
        assert one[0] == more[0] or one[1] <= more[1]


@given(st.lists(st.decimals(-10, 10, places=1), min_size=1, max_size=20), st.booleans())
def test_sort_and_rank_agree(items: list[Decimal], descending: bool) -> None:
    ordered = FUNCTIONS["sort"].call(items, "desc" if descending else "asc")
    assert isinstance(ordered, list)
    assert ordered == sorted(items, reverse=descending)
    ranks = [FUNCTIONS["rank"].call(items, item) for item in sorted(items, reverse=True)]
    assert ranks[0] == 1
    assert all(
        rank == sum(other > item for other in items) + 1
        for item, rank in zip(sorted(items, reverse=True), ranks, strict=True)
    )


def test_every_function_has_one_chinese_name() -> None:
    assert set(CHINESE_NAMES) == {*FUNCTIONS, "now", "today"} - {"not"}
    assert len(set(CHINESE_NAMES.values())) == len(CHINESE_NAMES)


@pytest.mark.parametrize("name", sorted(CHINESE_NAMES))
def test_a_chinese_name_calls_the_same_function(name: str) -> None:
    arguments = {"now": "", "today": ""}.get(name, "得分, 得分")
    told = [
        [
            (fault.code, {**fault.data, "function": ""})
            for fault in parse_expression(f"{each}({arguments})", SCOPE).faults
        ]
        for each in (name, CHINESE_NAMES[name])
    ]
    assert told[0] == told[1]
    assert not any(code in ("PF402", "PF444", "PF405") for code, _ in told[1])


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


@pytest.mark.parametrize(
    ("text", "code", "word"),
    [
        ("quota(5, 0.1, “flor”)", "PF422", "“flor”"),
        ("sort([1], “down”)", "PF423", "“down”"),
        ("sort([“a”, “b”])", "PF421", "[“a”, “b”]"),
        ("排名([1], “a”)", "PF409", "“a”"),
        ("next(得分)", "PF409", "得分"),
        ("下一个(类别)", "PF439", "类别"),
        ("next(承办级别, 承办级别)", "PF408", "next(承办级别, 承办级别)"),
        ("合记([1])", "PF405", "合记"),
    ],
)
def test_what_a_function_of_ours_does_not_take_is_a_fault(text: str, code: str, word: str) -> None:
    assert (code, word) in [fault[:2] for fault in faults_of(text)]


def test_a_fault_calls_a_function_as_it_is_written() -> None:
    assert faults_of("合计()") == [("PF408", "合计()", "“合计”需要 1 个参数，这里有 0 个；请增减")]
    assert faults_of("合记([1])")[0][2] == "没有函数“合记”，是否想写“合计”？"
    assert faults_of("合记([1])", language="en")[0][2] == "there is no function “合记”; did you mean “sum”?"


def test_if_then_else_have_chinese_words_that_stand_apart() -> None:
    assert value_of("如果 得分 >= 90 那么 “五星” 否则 “四星”") == "五星"
    assert faults_of("如果得分 >= 90 那么 “五星” 否则 “四星”")[0][:2] == ("PF434", "如果得分")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('similarity("楼道灯坏了三天", "楼道灯，坏了三天！")', "1"),
        ('similarity("abcd", "ABCE")', "0.6666666666666666666666666666666667"),
        ('相似度("积水", "停车") ', "0"),
        ('similarity("a", "A")', "1"),
        ("distance(31.3, 120.7, 31.3, 120.7)", "0.0"),
        ("距离(31.3, 120.7, 31.30045, 120.7)", "50.0"),
        ("distance(0, 0, 0, 180)", "20015114.4"),
        ("distance(0, 179.9999, 0, -179.9999)", "22.2"),
    ],
)
def test_how_alike_and_how_far(text: str, value: str) -> None:
    found = value_of(text)
    assert isinstance(found, Decimal)
    assert str(found) == value


@pytest.mark.parametrize(
    "text", ['similarity("", "，。")', "distance(91, 0, 0, 0)", "distance(0, 181, 0, 0)"]
)
def test_what_is_no_text_and_no_place_is_like_nothing(text: str) -> None:
    assert value_of(text) is None


@given(st.text(max_size=30), st.text(max_size=30))
def test_similarity_is_mutual_and_between_none_and_one(one: str, other: str) -> None:
    found = FUNCTIONS["similarity"].call(one, other)
    assert found == FUNCTIONS["similarity"].call(other, one)
    assert found is None or (isinstance(found, Decimal) and 0 <= found <= 1)


@given(*[st.decimals(-90, 90, places=6)] * 4)
def test_distance_agrees_with_what_floats_make_of_it(
    north: Decimal, east: Decimal, up: Decimal, right: Decimal
) -> None:
    found = FUNCTIONS["distance"].call(north, east, up, right)
    one, other = math.radians(north), math.radians(up)
    square = math.sin((other - one) / 2) ** 2
    square += math.cos(one) * math.cos(other) * math.sin(math.radians(right - east) / 2) ** 2
    assert isinstance(found, Decimal)
    assert abs(float(found) - 2 * 6371008.8 * math.asin(math.sqrt(min(square, 1)))) < 0.2
