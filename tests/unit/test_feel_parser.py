"""What texts of expressions mean: literals, names, spellings, precedence, and the forms of tables."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest

from partybuild_flow.feel import (
    BOOLEAN,
    NUMBER,
    TEXT,
    Scope,
    Symbol,
    Type,
    Value,
    choice_of,
    evaluate,
    list_of,
    parse_expression,
    parse_literal,
    parse_output,
    parse_tests,
)
from partybuild_flow.feel.tree import Arithmetic, Comparison, Constant, In, Name
from partybuild_flow.feel.values import CIVIL_ZONE
from tests.expressions import LEVELS, SCOPE, faults_of, value_of


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", Decimal(0)),
        ("007", Decimal(7)),
        ("3.14", Decimal("3.14")),
        (".5", Decimal("0.5")),
        ("1e3", Decimal(1000)),
        ("1.5E-2", Decimal("0.015")),
        ("-2", Decimal(-2)),
        ("9999999999999999999999999999999999", Decimal("9999999999999999999999999999999999")),
        ("true", True),
        ("false", False),
        ("null", None),
        ('""', ""),
        ('"a\\"b\\\\c\\n\\t"', 'a"b\\c\n\t'),
        ('"\\u0041\\U01F4A9\\uD83D\\uDCA9"', "A💩💩"),
        ("“国企”", "国企"),
        ('“说"好"”', '说"好"'),
        ('"说“好”"', "说“好”"),
        ('@"2022-09-30"', date(2022, 9, 30)),
        ('@"16:00:00"', time(16)),
        ('@"2022-09-30T16:00:00"', datetime(2022, 9, 30, 16, tzinfo=CIVIL_ZONE)),
        ('@"P1DT2H"', timedelta(days=1, hours=2)),
        ('@"-PT30M"', timedelta(minutes=-30)),
        ('@"PT0S"', timedelta()),
        ('@"P0D"', timedelta()),
        ('@"00:00:00"', time()),
        ("4 hours", timedelta(hours=4)),
        ("4小时", timedelta(hours=4)),
        ("1.5 hour", timedelta(minutes=90)),
        ("30 分钟 + 1 minute", timedelta(minutes=31)),
        ("[]", []),
        ('[1, "a", null]', [Decimal(1), "a", None]),
        ("{}", {}),
        ('{a: 1, "b c": a + 1}', {"a": Decimal(1), "b c": Decimal(2)}),
        ("1 /* one */ + // two\n 2", Decimal(3)),
    ],
)
def test_a_literal_means_its_value(text: str, value: Value) -> None:
    assert value_of(text) == value


def test_numbers_are_kept_as_they_are_written() -> None:
    assert str(value_of("89.50")) == "89.50"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("10 - 4 - 3", 3),
        ("2 ** 3 ** 2", 64),
        ("-2 ** 2", 4),
        ("10--5", 15),
        ("5+2**5+3", 40),
        ("-10/-5", 2),
        ("2 * -3", -6),
    ],
)
def test_operators_bind_as_the_standard_says(text: str, value: int) -> None:
    assert value_of(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true or true and false", True),
        ("1 < 2 and 2 < 3", True),
        ("1 + 1 = 2", True),
        ("得分 >= 90 and 类别 in (“国企”, “两新”)", True),
        ("得分≥90 且 得分≤95 且 得分≠92", True),
        ("得分 < 90 或 紧急", True),
        ("sum（1，2，3） = 6", True),
    ],
)
def test_chinese_and_plain_spellings_mean_the_same(text: str, value: Value) -> None:
    assert value_of(text) is value


def test_every_spelling_leads_to_the_one_id() -> None:
    trees = [parse_expression(text, SCOPE).expression for text in ("承办单位", "handling-unit")]
    assert [found.tree for found in trees if found and isinstance(found.tree, Name)] != []
    assert {found.reads for found in trees if found} == {frozenset({"handling-unit"})}


def test_the_longest_known_name_wins() -> None:
    scope = Scope(
        [Symbol("a", ("承办",), TEXT), Symbol("b", ("承办 单位",), TEXT), Symbol("c", ("承办 单位-1",), TEXT)]
    )
    for text, read in (("承办", "a"), ("承办  单位", "b"), ("承办 单位-1", "c")):
        found = parse_expression(text, scope).expression
        assert found is not None
        assert found.reads == {read}


def test_a_hyphen_is_part_of_a_known_name_and_otherwise_minus() -> None:
    scope = Scope([Symbol("score", (), NUMBER), Symbol("bonus", (), NUMBER), Symbol("due-date", (), NUMBER)])
    minus = parse_expression("score-bonus", scope).expression
    name = parse_expression("due-date", scope).expression
    assert minus is not None
    assert isinstance(minus.tree, Arithmetic)
    assert name is not None
    assert isinstance(name.tree, Name)


def test_names_match_whole_words_only() -> None:
    assert faults_of("得分数")[0][0] == "PF401"
    assert value_of("得分-1") == Decimal("90.5")


def test_a_name_that_may_be_a_difference_too_is_ambiguous() -> None:
    scope = Scope([Symbol("a-b", (), NUMBER), Symbol("a", (), NUMBER), Symbol("b", (), NUMBER)])
    assert [fault.code for fault in parse_expression("a-b", scope).faults] == ["PF404"]
    assert parse_expression("a - b", scope).faults == ()


def test_a_name_of_two_parts_is_ambiguous() -> None:
    scope = Scope([Symbol("x", ("总分",), NUMBER), Symbol("y", ("总分",), NUMBER)])
    assert [fault.code for fault in parse_expression("总分 > 1", scope).faults] == ["PF403"]
    assert parse_expression("x > 1", scope).faults == ()


def test_names_may_hold_digits_brackets_and_conjunctions() -> None:
    scope = Scope(
        [
            Symbol("a", ("2022年得分",), NUMBER),
            Symbol("b", ("得分（初评）",), NUMBER),
            Symbol("c", ("或有负债",), NUMBER),
        ]
    )
    found = parse_expression("2022年得分 + 得分（初评） > 或有负债", scope)
    assert found.expression is not None, found.faults
    assert found.expression.reads == {"a", "b", "c"}


def test_a_field_may_be_called_like_a_function() -> None:
    scope = Scope([Symbol("count", (), NUMBER)])
    assert value_of("count([1, 2]) + count", {"count": Decimal(5)}, scope) == 7


def test_non_is_never_an_operator() -> None:
    scope = Scope([Symbol("非公企业", (), BOOLEAN)])
    assert value_of("非公企业", {"非公企业": True}, scope) is True
    assert [code for code, *_ in faults_of("非 紧急")] == ["PF402"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("for x in 评分 return x + 1", [8, 10, 9]),
        ("for i in 1..3 return i * i", [1, 4, 9]),
        ("for i in 3..1 return i", [3, 2, 1]),
        ("for a in [1, 2], b in [10, 20] return a + b", [11, 21, 12, 22]),
        ("for a in [[1, 2], [3]], b in a return b", [1, 2, 3]),
        ("some x in 走访 satisfies x.迟到", True),
        ("every x in 走访 satisfies x.迟到", False),
        ("some a in [1, 2], b in [2, 3] satisfies a = b", True),
        ("every x in [] satisfies false", True),
        ("评分[1]", 7),
        ("评分[-1]", 8),
        ("评分[4]", None),
        ("评分[0]", None),
        ("评分[item > 7]", [9, 8]),
        ("走访[迟到].天数", [3]),
        ("走访[days > 3][1].days", 5),
        ("走访[2].天数 + 1", 6),
        ("走访.天数", [3, 5]),
        ("[[1, 2], [3]][count(item) = 2]", [[1, 2]]),
        ("走访[天数 > count(评分[item > 8])].天数", [3, 5]),
        ("申诉期.open", True),
        ("{a: {b: 2}}.a.b", 2),
        ("5[1]", 5),
        ("if 得分 > 90 then 1 else 2", 1),
        ("if null then 1 else 2", 2),
        ("if 附加分 > 1 then 1 else if 紧急 then 3 else 2", 3),
        ("(if 紧急 then 1 else 2) + 1", 2),
        ("1 in (0 + 1) * 1", True),
    ],
)
def test_loops_filters_paths_and_conditions(text: str, value: Value) -> None:
    assert value_of(text) == value


def test_an_inner_item_does_not_hide_the_entries_of_the_outer_one() -> None:
    assert value_of("走访[some item in [3] satisfies 天数 = item].天数") == [3]


@pytest.mark.parametrize(
    ("tested", "text", "met", "missed"),
    [
        (NUMBER, ">= 90", "90", "89.99"),
        (NUMBER, "≥90", "90", "89.99"),
        (NUMBER, "[80..90)", "80", "90"),
        (NUMBER, "]80..90]", "90", "80"),
        (NUMBER, "(80..90[", "89", "90"),
        (NUMBER, "< 5, > 10", "11", "7"),
        (NUMBER, "1, 2，[5..6]", "5.5", "3"),
        (NUMBER, "not(1, 2)", "3", "2"),
        (NUMBER, "? > 得分 and ? < 95", "92", "96"),
        (NUMBER, "得分", "91.5", "91"),
        (NUMBER, "null", "null", "1"),
        (NUMBER, "[1, 2, 3]", "2", "4"),
        (BOOLEAN, "true", "true", "false"),
        (BOOLEAN, "紧急", "true", "false"),
        (LEVELS, ">= 社区", '"街道"', '"楼栋长"'),
        (LEVELS, "社区, 街道", '"街道"', '"楼栋长"'),
        (LEVELS, '[社区.."街道"]', '"社区"', '"区级部门"'),
        (LEVELS, 'not("社区")', '"街道"', '"社区"'),
        (TEXT, '"国企","两新"', '"两新"', '"机关"'),
        (TEXT, 'starts with(?, "a")', '"ab"', '"b"'),
        (list_of(TEXT), 'list contains(?, "a")', '["a"]', '["b"]'),
    ],
)
def test_unary_tests_are_met_and_missed(tested: Type, text: str, met: str, missed: str) -> None:
    found = parse_tests(text, SCOPE, tested)
    assert found.expression is not None, found.faults
    assert found.expression.type == BOOLEAN
    facts: dict[str, Value] = {"score": Decimal("91.5"), "urgent": True}
    assert evaluate(found.expression.tree, {**facts, "?": value_of(met)}) is True
    assert evaluate(found.expression.tree, {**facts, "?": value_of(missed)}) is False


def test_a_dash_asks_nothing() -> None:
    assert parse_tests(" - ", SCOPE, NUMBER).expression is None
    assert parse_tests(" - ", SCOPE, NUMBER).faults == ()


def test_simple_tests_have_simple_trees() -> None:
    for text, node in ((">= 90", Comparison), ("90", Comparison), ("[1..2]", In), ("1, 2", In)):
        found = parse_tests(text, SCOPE, NUMBER)
        assert found.expression is not None
        assert isinstance(found.expression.tree, node)
        assert found.expression.reads == frozenset()


def test_a_bare_word_in_a_test_is_a_value_of_the_choice_unless_it_is_a_name() -> None:
    named = Scope([Symbol("社区", (), LEVELS)])
    for scope, reads in ((SCOPE, frozenset[str]()), (named, frozenset({"社区"}))):
        found = parse_tests("社区", scope, LEVELS)
        assert found.expression is not None
        assert found.expression.reads == reads


def test_a_bare_word_that_is_no_value_of_the_choice_is_a_fault() -> None:
    assert [
        (fault.code, dict(fault.data)["near"]) for fault in parse_tests("街到", SCOPE, LEVELS).faults
    ] == [("PF422", "街道")]
    assert [fault.code for fault in parse_tests("省厅", SCOPE, LEVELS).faults] == ["PF423"]


@pytest.mark.parametrize(
    ("text", "expected", "value"),
    [
        ("社区", LEVELS, "社区"),
        ('"社区"', LEVELS, "社区"),
        ("不予受理", None, "不予受理"),
        ("part-time", None, "part-time"),
        ("得分", None, Decimal("91.5")),
        ("1 + 1", None, Decimal(2)),
        ("true", None, True),
        ("3年以上", choice_of(("3年以上", "不满3年")), "3年以上"),
    ],
)
def test_an_output_cell_may_be_a_bare_word(text: str, expected: Type | None, value: Value) -> None:
    found = parse_output(text, SCOPE, expected)
    assert found.expression is not None, found.faults
    assert evaluate(found.expression.tree, {"score": Decimal("91.5")}) == value


@pytest.mark.parametrize(
    "text", ["5", "[1, 2]", '{a: "x"}', "4 小时", '"x"', "-5", 'date("2022-01-01")', "null"]
)
def test_a_literal_is_a_constant(text: str) -> None:
    found = parse_literal(text)
    assert found.expression is not None
    assert isinstance(found.expression.tree, Constant)
    assert found.expression.tree.value == value_of(text)


@pytest.mark.parametrize("text", ["国企", "得分 + 1", "now()"])
def test_a_literal_reads_no_fact(text: str) -> None:
    assert [fault.code for fault in parse_literal(text).faults] == ["PF437"]


def test_an_expression_says_which_facts_it_reads() -> None:
    found = parse_expression("some x in 走访 satisfies x.days > 得分 or now() > 申诉期.due", SCOPE)
    assert found.expression is not None
    assert found.expression.reads == {"visits", "score", "now", "window"}


def test_equal_texts_give_equal_expressions_and_spans_tell_where_parts_stand() -> None:
    first, second = (parse_expression("得分 >= 90", SCOPE).expression for _ in range(2))
    assert first == second
    assert first is not None
    assert isinstance(first.tree, Comparison)
    assert (first.tree.span, first.tree.left.span, first.tree.right.span) == ((0, 8), (0, 2), (6, 8))
