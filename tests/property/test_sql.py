"""SQL gives what the evaluator gives, in every row, on DuckDB and PostgreSQL; `benchmarks.agreement` asks many more."""

from __future__ import annotations

import pytest
from benchmarks.agreement import compare_expressions, compare_rule_sets
from benchmarks.databases import Database, duckdb_database

from tests.postgres import server

EXPRESSIONS, RULE_SETS, ROWS = 150, 25, 100


def test_expressions_have_one_value_in_python_and_in_duckdb() -> None:
    compared = compare_expressions([duckdb_database()], EXPRESSIONS, ROWS, seed=2)
    assert compared.differences == []
    assert compared.rows >= EXPRESSIONS * ROWS
    assert compared.doubtful < compared.rows / 10


def test_rule_sets_conclude_alike_in_python_and_in_duckdb() -> None:
    compared = compare_rule_sets([duckdb_database()], RULE_SETS, ROWS, seed=2)
    assert compared.differences == []
    assert compared.rows >= RULE_SETS * ROWS


def test_expressions_and_rule_sets_have_one_value_in_postgresql() -> None:
    url = server()
    psycopg = pytest.importorskip("psycopg")
    with psycopg.connect(url.replace("postgresql+psycopg://", "postgresql://")) as connection:
        database = Database("postgres", connection)
        expressions = compare_expressions([database], EXPRESSIONS // 2, ROWS, seed=3)
        rule_sets = compare_rule_sets([database], RULE_SETS // 2, ROWS, seed=3)
        connection.rollback()
    assert expressions.differences + rule_sets.differences == []
    assert expressions.rows >= EXPRESSIONS // 2 * ROWS
