"""The SQL for Spark, run by Spark; where pyspark and Java 17 are."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from benchmarks.agreement import SCOPE, any_doubt
from benchmarks.databases import decode, encode
from benchmarks.random_expressions import COLUMNS, CONSTANTS, ExpressionMaker

from partybuild_flow.analysis.populations import decision_sql
from partybuild_flow.feel import Expression, evaluate
from partybuild_flow.feel.values import key_of
from partybuild_flow.rules.sql import Code, Compiler, Sql, Unfit, plain, sql_type
from tests.impact import versions

EXPRESSIONS, ROWS, AT_ONCE = 60, 40, 30


def java_version() -> int:
    """The major version of Java; 0 without one."""
    home = os.environ.get("JAVA_HOME")
    java = shutil.which("java", path=f"{home}/bin" if home else None)
    if java is None:
        return 0
    told = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
    found = re.search(r'version "(\d+)', told)
    return int(found[1]) if found else 0


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A session of Spark in this process's own Java."""
    pytest.importorskip("pyspark", reason="the extra spark is not installed")
    if java_version() < 17:
        pytest.skip("there is no Java 17")
    from pyspark.sql import SparkSession

    warehouse = tmp_path_factory.mktemp("spark")
    session = (
        SparkSession.builder.master("local[1]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.shuffle.partitions", "1")
        .config("spark.sql.warehouse.dir", str(warehouse))
        .getOrCreate()
    )
    yield session
    session.stop()


def typed(code: Any) -> str:
    written: str = sql_type(code).sql(dialect="spark")
    return written


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_expressions_have_one_value_in_python_and_in_spark(spark: Any) -> None:
    maker = ExpressionMaker(11)
    facts = [maker.facts() for _ in range(ROWS)]
    names = [name for (name,) in COLUMNS]
    schema = ", ".join(f"`{name}` {typed(COLUMNS[name,])}" for name in names)
    rows = [(number, *(encode(row[name]) for name in names)) for number, row in enumerate(facts)]
    spark.createDataFrame(rows, f"n INT, {schema}").createOrReplaceTempView("cases")
    ready: list[tuple[Expression, Code, Sql]] = []
    while len(ready) < EXPRESSIONS:
        expression = maker.expression(2)
        compiler = Compiler(SCOPE, "spark")
        try:
            ready.append((expression, plain(compiler.value(expression.tree)), any_doubt(compiler.doubts)))
        except Unfit:
            continue
    for begin in range(0, EXPRESSIONS, AT_ONCE):
        some = ready[begin : begin + AT_ONCE]
        columns = [
            f"{part.sql(dialect='spark')} AS {name}{number}"
            for number, (_, code, doubt) in enumerate(some)
            for name, part in (("v", code.sql), ("d", doubt))
        ]
        answers = spark.sql(f"SELECT {', '.join(columns)} FROM cases ORDER BY n").collect()
        for row, answer in zip(facts, answers, strict=True):
            for number, (expression, code, _) in enumerate(some):
                if not answer[f"d{number}"]:
                    expected = evaluate(expression.tree, {**CONSTANTS, **row})
                    found = decode(answer[f"v{number}"], code)
                    assert key_of(found) == key_of(expected), expression.text


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_a_decision_runs_in_spark(spark: Any, tmp_path: Path) -> None:
    old, _ = versions(tmp_path)
    spark.sql(
        "SELECT CAST(x AS DECIMAL(5, 2)) AS score, y AS kind FROM VALUES (91.5, '国企'), (85, '两新'), (NULL, NULL) t(x, y)"
    ).createOrReplaceTempView("cases")
    found = spark.sql(decision_sql(old, "rating", "spark")).collect()
    assert [(each["star"], each["fired"], each["engine"]) for each in found] == [
        ("五星", "1", False),
        ("三星", "3", False),
        ("无", "4", False),
    ]
