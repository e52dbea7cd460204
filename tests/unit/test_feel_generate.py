"""The code that expressions become."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from decimal import Decimal

import pytest

from partybuild_flow.feel import Expression, Value, compile_test, compile_value, parse_expression, parse_tests
from partybuild_flow.feel.code import load
from partybuild_flow.feel.emit import Emitter
from partybuild_flow.feel.generate import function, guarded
from tests.expressions import FACTS, SCOPE


def parsed(text: str) -> Expression:
    found = parse_expression(text, SCOPE).expression
    assert found is not None
    return found


def code_of(text: str) -> str:
    return ast.unparse(ast.fix_missing_locations(Emitter().test(parsed(text).tree)))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (
            "score >= 90 and category in (“国企”, “两新”)",
            "((t1 := facts['score']) is not None and t1 >= K2) and facts['category'] in K3",
        ),
        ("得分 in [80..90)", "((t1 := facts['score']) is not None and t1 >= K2) and t1 < K3"),
        ("单位 = “园区”", "facts['unit'] == '园区'"),
        ("附加分 = null", "facts['bonus'] == None"),
        ("not(得分 > 1)", "(t1 := facts['score']) is not None and t1 <= K2"),
        ("承办级别 < “街道”", "(t1 := K2.get(facts['level'])) is not None and t1 < 2"),
        ("紧急", "facts['urgent'] is True"),
    ],
)
def test_a_test_becomes_what_a_hand_would_write(text: str, code: str) -> None:
    assert code_of(text) == code


def test_the_pieces_of_several_expressions_make_one_function() -> None:
    emitter = Emitter()
    emitter.bind("?", "tested")
    tests = [
        parse_tests(text, SCOPE, parsed("得分").type).expression
        for text in ("< 60", "[60..90)", "? > 附加分")
    ]
    results: list[ast.stmt] = [
        ast.If(emitter.test(test.tree), [ast.Return(emitter.constant(f"row {row}"))], [])
        for row, test in enumerate(tests, 1)
        if test is not None
    ]
    first = ast.Assign([ast.Name("tested", ast.Store())], emitter.result(parsed("得分").tree))
    choose = function(
        emitter,
        ["facts"],
        [guarded([first, *results, ast.Return(ast.Constant(None))], ast.Constant("failed"))],
    )
    assert choose({"score": Decimal(50), "bonus": Decimal(1)}) == "row 1"
    assert choose({"score": Decimal(60), "bonus": Decimal(1)}) == "row 2"
    assert choose({"score": Decimal(95), "bonus": Decimal(1)}) == "row 3"
    assert choose({"score": Decimal(95), "bonus": None}) is None
    assert choose({}) == "failed"


def test_a_costly_part_of_a_bound_test_reads_the_bound_value() -> None:
    emitter = Emitter()
    emitter.bind("?", "tested")
    test = parse_tests("sum(for x in [1, 2] return x * ?) = 6", SCOPE, parsed("得分").type).expression
    assert test is not None
    ask = function(emitter, ["facts", "tested"], [ast.Return(emitter.test(test.tree))])
    assert ask(FACTS, Decimal(2)) is True
    assert ask(FACTS, Decimal(3)) is False


@pytest.mark.parametrize(
    "text",
    [
        "some x in 评分 satisfies sum(for y in 评分 return y + x) > 30",
        "some x in 走访 satisfies some y in 评分 satisfies x.days = y + 1",
        "count(走访[天数 in 评分]) = 0",
        "得分 in (some x in 评分 satisfies x > ?, count(评分[item > ?]) = 0)",
        "some x in 5 .. 7 satisfies x = 6",
    ],
)
def test_costly_parts_are_left_to_the_evaluator_also_within_other_code(text: str) -> None:
    emitter = Emitter()
    ask = function(emitter, ["facts"], [ast.Return(emitter.true(parsed(text).tree))])
    assert ask(FACTS) is compile_test(parsed(text))(FACTS)


def test_what_is_known_to_be_present_is_not_known_elsewhere() -> None:
    facts: Mapping[str, Value] = {"score": None, "bonus": Decimal(5)}
    for text, value in (
        ("得分 > 1 and 附加分 > 1 or 得分 < 3", None),
        ("(得分 > 1 or 附加分 > 1) and 得分 < 3", None),
        ("if 得分 > 1 then 得分 < 5 else 得分 < 7", None),
        ("(得分 > 1) = (得分 < 5)", True),
        ("附加分 > 1 or 得分 > 1", True),
    ):
        assert compile_value(parsed(text))(facts) is value
        assert compile_test(parsed(text))(facts) is (value is True)


def test_code_that_fails_is_answered_by_the_evaluator() -> None:
    assert compile_value(parsed("得分 / 0"))(FACTS) is None
    assert compile_test(parsed("得分 / 0 = null"))(FACTS) is True
    assert compile_test(parsed("得分 > 1"))({}) is False
    assert compile_test(parsed("得分 > 1"))({"score": "x"}) is False


def test_a_function_does_not_change_its_facts() -> None:
    before = repr(FACTS)
    compile_value(parsed("[append(评分, 1), 走访[迟到], reverse(评分), flatten([评分])]"))(FACTS)
    assert repr(FACTS) == before


def test_the_emitter_names_its_variables_itself() -> None:
    emitter = Emitter()
    assert [emitter.temporary(), emitter.temporary()] == ["t1", "t2"]
    assert isinstance(load("t1"), ast.Name)
