"""Decisions about whole populations in DuckDB: against SQL by hand, against the engine, and what memory they take.

`python -m benchmarks.populations [--json] [--rows 1000000] [--many 10000000] [--shipped 1000000]`. 0 leaves a part out.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from benchmarks.databases import duckdb_database
from benchmarks.measure import Figure, figures_table, interleaved, ratio
from partybuild_flow.analysis.populations.questions import needed_rules, reads_of
from partybuild_flow.analysis.populations.single import select_of
from partybuild_flow.cli.shipped import shipped
from partybuild_flow.definition import Field, Workflow
from partybuild_flow.engine.library import read_workflows
from partybuild_flow.feel import Value
from partybuild_flow.feel.values import key_of
from partybuild_flow.reader import read_texts
from partybuild_flow.rules import compile_table
from partybuild_flow.rules.sql import Code, column_of, digits_of_field, written

TITLE: Final = "Populations in DuckDB"
WORKFLOW: Final = """\
workflow: Star
id: star
version: 1
fields:
  Score: {id: score, type: number, decimals: 2, min: 0, max: 100}
  Kind: {id: kind, type: choice, values: [state, private, office]}
  Members: {id: members, type: integer}
  Vetoed: {id: vetoed, type: boolean}
roles: {Judge: {id: judge}}
states: {Open: {id: open}, Rated: {id: rated, final: true}}
transitions:
  - {on: Apply, id: apply, by: anyone, needs: [Score, Kind, Members, Vetoed], to: Open}
  - {on: Rate, id: rate, from: Open, by: Judge, when: 'rating.star != "none"', to: Rated}
"""
TABLE: Final = """\
table: Rating
id: rating
hit: F
inputs: [Vetoed, Score, Kind, Members]
outputs: {Star: {id: star, type: choice, values: [none, three, four, five, model]}}
rows:
  - ['true', '-', '-', '-', none]
  - ['-', '>= 98', 'state, private', '>= 50', model]
  - ['-', '>= 98', 'office', '>= 20', model]
  - ['-', '>= 90', 'state', '>= 10', five]
  - ['-', '>= {line}', 'private', '>= 3', five]
  - ['-', '>= 90', 'office', '-', five]
  - ['-', '[80..90)', 'state', '>= 3', four]
  - ['-', '[82..92)', 'private', '-', four]
  - ['-', '[80..90)', 'office', '-', four]
  - ['-', '[70..80)', '-', '> 5', three]
  - ['-', '[60..70)', 'private', '> 5', three]
  - ['-', '-', '-', '-', none]
"""
BY_HAND: Final = """
CASE WHEN vetoed THEN 'none'
     WHEN score >= 98 AND kind IN ('state', 'private') AND members >= 50 THEN 'model'
     WHEN score >= 98 AND kind = 'office' AND members >= 20 THEN 'model'
     WHEN score >= 90 AND kind = 'state' AND members >= 10 THEN 'five'
     WHEN score >= 92 AND kind = 'private' AND members >= 3 THEN 'five'
     WHEN score >= 90 AND kind = 'office' THEN 'five'
     WHEN score >= 80 AND score < 90 AND kind = 'state' AND members >= 3 THEN 'four'
     WHEN score >= 82 AND score < 92 AND kind = 'private' THEN 'four'
     WHEN score >= 80 AND score < 90 AND kind = 'office' THEN 'four'
     WHEN score >= 70 AND score < 80 AND members > 5 THEN 'three'
     WHEN score >= 60 AND score < 70 AND kind = 'private' AND members > 5 THEN 'three'
     ELSE 'none' END
"""
ROWS: Final = """
SELECT i AS "case", 'park/street ' || (i % 30) || '/community ' || (i % 300) AS unit,
       CASE WHEN hash(i) % 20 > 0 THEN CAST(hash(i + 1) % 10001 / 100 AS DECIMAL(5, 2)) END AS score,
       CASE WHEN hash(i + 2) % 20 > 0 THEN ['state', 'private', 'office'][CAST(1 + hash(i + 3) % 3 AS BIGINT)] END AS kind,
       CASE WHEN hash(i + 4) % 20 > 0 THEN CAST(hash(i + 5) % 100 AS INTEGER) END AS members,
       hash(i + 6) % 50 = 0 AS vetoed
FROM range({count}) t(i)
"""


def star(line: int) -> Workflow:
    """A table of twelve rows; `line` is what a private unit needs for five stars."""
    texts = {"workflow.yaml": WORKFLOW, "rating.table.yaml": TABLE.replace("{line}", str(line))}
    return read_texts(texts, "star")


def against_hand(count: int, rounds: int = 7) -> Iterator[Figure]:
    """The generated SELECT against the one that a person would write, over the same rows."""
    database = duckdb_database()
    database.connection.execute(f"CREATE TABLE cases AS {ROWS.format(count=count)}")
    select, _ = select_of(star(92), "rating", "duckdb")
    ours = f"SELECT star FROM ({written(select, 'duckdb')})"
    theirs = f"SELECT {BY_HAND} AS star FROM cases"
    both = f"SELECT count(*) FROM (SELECT * FROM ({ours}) POSITIONAL JOIN ({theirs}) t(hand)) WHERE star IS DISTINCT FROM hand"
    differences = database.connection.execute(both).fetchone()[0]

    def run(sql: str) -> None:
        database.connection.execute(f"CREATE OR REPLACE TEMP TABLE result AS {sql}")

    measured = interleaved(
        {"ours": lambda: {"all": lambda: run(ours)}, "hand": lambda: {"all": lambda: run(theirs)}}, rounds
    )
    one, other = measured["ours", "all"], measured["hand", "all"]
    yield Figure("rows", count, "rows, a table of 12 rows over four columns")
    yield Figure("rows_differences", differences, "of them decided otherwise than by hand", most=0)
    yield Figure(
        "rows_million_a_second", count / sorted(one)[len(one) // 2] / 1e6, "of them, by the generated SQL"
    )
    yield Figure("rows_to_duckdb", ratio(one, other), "the generated SQL to SQL by hand", most=1.5)


def memory(count: int) -> Iterator[Figure]:
    """What an impact over so many cases in a Parquet file takes, in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cases.parquet"
        database = duckdb_database()
        database.connection.execute(f"COPY ({ROWS.format(count=count)}) TO '{path}' (FORMAT parquet)")
        database.connection.close()
        command = [sys.executable, "-m", "benchmarks.populations", "--one", str(path)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
    found = json.loads(done.stdout)
    yield Figure("impact_cases", found["cases"], "cases in a Parquet file, two tables compared")
    yield Figure("impact_changed", found["changed"], "outcomes that change")
    yield Figure("impact_seconds", found["seconds"], "seconds, all changes written as CSV")
    yield Figure("impact_peak_mb", found["peak_mb"], "resident memory at most", most=1024)


def one_impact(path: str) -> None:
    """The child of `memory`."""
    from partybuild_flow.analysis.populations import impact

    with tempfile.TemporaryDirectory() as folder:
        report = impact(star(90), star(92), path, by_unit=2, out=[Path(folder) / "changes.csv"])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    found = {"cases": report.cases, "changed": report.changed, "seconds": report.seconds, "peak_mb": peak}
    print(json.dumps(found))


def shipped_tables(count: int) -> Iterator[Figure]:
    """Every shipped table that is SQL, decided in DuckDB and by the engine over the same generated rows."""
    tables = differences = doubtful = left = 0
    for workflow in read_workflows(shipped("workflows")):
        for table in workflow.tables.values():
            found = _compare_table(workflow, table.id, count)
            if found is None:
                left += 1
                continue
            tables += 1
            differences += found[0]
            doubtful += found[1]
    yield Figure("shipped_tables", tables, f"shipped tables compared on {count} rows each")
    yield Figure("shipped_left", left, "not SQL at all, so decided by the engine")
    yield Figure("shipped_doubtful", doubtful, "rows left to the engine")
    yield Figure("shipped_differences", differences, "rows decided otherwise than by the engine", most=0)


def _compare_table(workflow: Workflow, id_: str, count: int) -> tuple[int, int] | None:
    from partybuild_flow.errors import FlowError

    chance = random.Random(id_)
    today = {"now": datetime(2024, 6, 1, tzinfo=UTC), "today": date(2024, 6, 1)}
    fields: dict[str, Field] = {}
    given: dict[str, Value] = {**today}
    for needed in needed_rules(workflow, (id_,)):
        for read in reads_of(workflow, needed):
            field = workflow.fields.get(read)
            if field is not None and column_of(read, field.type) is not None:
                fields[read] = field
            elif read not in workflow.parameters and read not in {
                **workflow.tables,
                **workflow.rule_sets,
                **today,
            }:
                given[read] = None
    try:
        select, codes = select_of(workflow, id_, "duckdb", relation="numbered", given=given)
    except FlowError:
        return None
    database = duckdb_database()
    columns: dict[tuple[str, ...], Code] = {(name,): _column(name, field) for name, field in fields.items()}
    known: dict[str, Value] = {each.id: each.value for each in workflow.parameters.values()} | given
    judge = _judge(workflow, id_, known)
    differences = doubtful = 0
    for begin in range(0, count, BATCH):
        rows = [
            {name: _random(chance, field) for name, field in fields.items()}
            for _ in range(min(BATCH, count - begin))
        ]
        load(database.connection, columns, rows)
        answers = database.connection.execute(written(select, "duckdb")).fetchall()
        for row, (*values, _, engine) in zip(rows, answers, strict=True):
            if engine:
                doubtful += 1
                continue
            expected = judge(row)
            said = {name: _decoded(value, codes[name]) for name, value in zip(codes, values, strict=True)}
            differences += key_of(said) != key_of(expected)
    return differences, doubtful


BATCH: Final = 50_000


def load(
    connection: Any, columns: Mapping[tuple[str, ...], Code], rows: Sequence[Mapping[str, Value]]
) -> None:
    """The rows as table `numbered`, in order, by way of a file: a million single inserts take long."""
    from partybuild_flow.rules.sql import sql_type

    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps({name: _plain(value) for name, value in row.items()}, ensure_ascii=False))
            file.write("\n")
        file.flush()
        types = {name[0]: sql_type(code).sql(dialect="duckdb") for name, code in columns.items()}
        written_types = (
            ", ".join(f"'{name}': '{type_}'" for name, type_ in types.items()) or "'nothing': 'INT'"
        )
        connection.execute(
            f"CREATE OR REPLACE TABLE numbered AS SELECT * FROM read_json('{file.name}', "
            f"format = 'newline_delimited', columns = {{{written_types}}})"
        )


def _plain(value: Value) -> object:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return value.replace(tzinfo=None).isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    return value // timedelta(microseconds=1) if isinstance(value, timedelta) else value


def _decoded(value: Any, code: Code) -> Value:
    from benchmarks.databases import decode

    return decode(value, code)


def _judge(workflow: Workflow, id_: str, known: Mapping[str, Value]) -> Any:
    from partybuild_flow.analysis.populations.judge import Judge

    if needed_rules(workflow, (id_,)) == (id_,):
        concluded = compile_table(workflow.tables[id_])
        return lambda row: concluded({**known, **row}).outputs
    judge = Judge(workflow, (id_,), known)
    return lambda row: judge.verdicts(row)[id_].outputs


def _column(name: str, field: Field) -> Code:
    code = column_of(name, field.type, digits_of_field(field))
    assert code is not None
    return code


def _random(chance: random.Random, field: Field) -> Value:
    """A value of a field, often at an edge, a fifth of them missing."""
    if chance.random() < 0.2:
        return None
    kind = field.type.kind
    if field.type.values:
        return chance.choice(field.type.values)
    match kind:
        case "number":
            low = int(field.minimum) if isinstance(field.minimum, Decimal) else 0
            high = int(field.maximum) if isinstance(field.maximum, Decimal) else 200
            places = (
                0 if field.kind == "integer" else min(field.decimals if field.decimals is not None else 2, 4)
            )
            return Decimal(chance.randrange(low * 10**places, high * 10**places + 1)).scaleb(-places)
        case "boolean":
            return chance.random() < 0.5
        case "date":
            return date(2024, 6, 1) + timedelta(days=chance.randrange(-2000, 400))
        case "datetime":
            return datetime(2024, 6, 1, tzinfo=UTC) + timedelta(minutes=chance.randrange(-(10**6), 10**5))
        case "duration":
            return timedelta(hours=chance.randrange(-9, 99))
        case "list":
            values = (field.type.item.values if field.type.item else ()) or ("a", "b")
            return [chance.choice(values) for _ in range(chance.randrange(3))]
        case _:
            return chance.choice(("a", "b", "it's", "园区"))


def figures(rows: int, many: int, shipped_rows: int) -> Iterator[Figure]:
    """All that this program measures."""
    if rows:
        yield from against_hand(rows)
    if many:
        yield from memory(many)
    if shipped_rows:
        yield from shipped_tables(shipped_rows)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures, then prints a table, or with `--json` one object of named figures."""
    parser = argparse.ArgumentParser(description=TITLE)
    parser.add_argument(
        "--json", action="store_true", help="print one object of named figures instead of a table"
    )
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--many", type=int, default=10_000_000)
    parser.add_argument("--shipped", type=int, default=1_000_000)
    parser.add_argument("--one", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.one:
        one_impact(options.one)
        return 0
    measured = list(figures(options.rows, options.many, options.shipped))
    if options.json:
        print(json.dumps({figure.name: round(figure.value, 3) for figure in measured}, indent=2))
    else:
        print(figures_table(TITLE, measured))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
