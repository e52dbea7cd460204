"""Expressions and tables as SQL: exact, or left to the engine."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from benchmarks.random_expressions import COLUMNS, CONSTANTS, SCOPE

from partybuild_flow.feel import evaluate, parse_expression
from partybuild_flow.rules.sql import Code, Compiler, Dialect, Digits, Scope, Unfit, plain
from partybuild_flow.rules.sql.codes import constant, number


def compiled(text: str, dialect: Dialect = "duckdb") -> tuple[str, Compiler]:
    expression = parse_expression(text, SCOPE).expression
    assert expression is not None
    compiler = Compiler(Scope(COLUMNS, CONSTANTS), dialect)
    code = plain(compiler.value(compiler.tree_of(expression)))
    return code.sql.sql(dialect=dialect), compiler


def asked(text: str, **row: Any) -> object:
    """The value in DuckDB of one row, which the evaluator must give as well."""
    duckdb = pytest.importorskip("duckdb")

    sql, compiler = compiled(text)
    assert not compiler.doubts
    names = [name for (name,) in COLUMNS]
    values = ", ".join(constant(row.get(name)).sql.sql(dialect="duckdb") for name in names)
    columns = ", ".join(f'"{name}"' for name in names)
    found = duckdb.connect().execute(f"SELECT {sql} FROM (VALUES ({values})) AS cases({columns})").fetchone()
    assert found is not None
    expression = parse_expression(text, SCOPE).expression
    assert expression is not None
    assert found[0] == evaluate(expression.tree, {**CONSTANTS, **row})
    return found[0]


def test_a_quotient_is_compared_by_multiplying_out() -> None:
    assert "/" not in compiled("党员数 / 3 >= 2/3")[0]
    assert asked("得分 / 党员数 > 0.3", score=Decimal(1), members=Decimal(3)) is True
    assert asked("得分 / 党员数 > 0.3", score=Decimal(1), members=Decimal(0)) is None
    assert asked("得分 / 党员数 > 0.3", score=Decimal(1), members=Decimal(-3)) is False
    assert asked("得分 / 党员数 = null", score=Decimal(1), members=Decimal(0)) is True


def test_a_quotient_is_rounded_half_up_away_from_zero() -> None:
    assert asked("round half up(得分 / 党员数, 1)", score=Decimal("0.25"), members=Decimal(-1)) == Decimal(
        "-0.3"
    )
    assert asked("round half up(得分 / 党员数, 2)", score=Decimal(2), members=Decimal(3)) == Decimal("0.67")


def test_a_comparison_with_a_missing_side_is_null_but_equality_knows_null() -> None:
    assert asked("得分 > 1") is None
    assert asked("得分 = 1") is False
    assert asked("得分 = 附加分") is True
    assert asked('类别 in ("国企", "两新")') is False


@pytest.mark.parametrize(
    "text", ["得分 / 3", "附加分 * 附加分 * 附加分", "upper case(名称)", "得分 ** 2", "起始日 + 60 日"]
)
def test_what_has_no_exact_form_in_sql_is_not_compiled(text: str) -> None:
    with pytest.raises(Unfit):
        compiled(text)


def test_a_condition_that_is_half_sql_is_doubtful_where_that_half_holds() -> None:
    expression = parse_expression('得分 > 1 and upper case(名称) = "A"', SCOPE).expression
    assert expression is not None
    compiler = Compiler(Scope(COLUMNS, CONSTANTS), "duckdb")
    compiler.true(compiler.tree_of(expression))
    assert [each.sql("duckdb") for each in compiler.doubts] == ['("score" > 1)']
    assert [(each.reason, each.text) for each in compiler.unfit] == [("function", "upper case(名称)")]


def test_a_date_moved_out_of_the_calendar_is_doubtful() -> None:
    _, compiler = compiled("起始日 + 时限 > 截止日")
    assert len(compiler.doubts) == 1


@pytest.mark.parametrize("dialect", ["duckdb", "postgres", "spark"])
def test_texts_of_a_definition_are_literals_whatever_they_hold(dialect: Dialect) -> None:
    sql, _ = compiled('名称 = "\'; DROP TABLE cases; --"', dialect)
    from sqlglot import exp, parse_one

    parsed = parse_one(f"SELECT {sql}", dialect=dialect)
    assert [each.this for each in parsed.find_all(exp.Literal)] == ["'; DROP TABLE cases; --"]


def test_numbers_are_written_without_an_exponent() -> None:
    assert number(Decimal("1E+3")).sql.sql() == "1000"
    assert number(Decimal("1E-7")).sql.sql() == "0.0000001"
    with pytest.raises(Unfit):
        number(Decimal(1).scaleb(40))


def test_durations_are_microseconds() -> None:
    code: Code = constant(timedelta(hours=1))
    assert (code.sql.sql(), code.digits) == ("CAST(3600000000 AS BIGINT)", Digits(10, 0))
