"""The evaluator, generated Python and SQL agree: one value for every random expression in every row.

`python -m benchmarks.agreement [--json] [--expressions 3000] [--rows 400] [--rule-sets 300]`. Each
expression is compiled for DuckDB and for PostgreSQL; what is not SQL, and rows that SQL leaves to the
engine, are counted apart.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlglot import exp

from benchmarks.databases import Database, decode, duckdb_database, postgres_database
from benchmarks.measure import Figure, figures_table
from benchmarks.random_expressions import COLUMNS, CONSTANTS, ExpressionMaker
from benchmarks.random_rule_sets import RuleSetMaker
from partybuild_flow.feel import Expression, Value, compile_value, evaluate
from partybuild_flow.feel.values import key_of
from partybuild_flow.rules.reference import reference_of
from partybuild_flow.rules.sql import Compiler, Scope, Sql, Unfit, compile_rule_set, plain, surely

TITLE: Final = "Evaluator, generated Python and SQL side by side"
SCOPE: Final = Scope(COLUMNS, CONSTANTS)


@dataclass
class Compared:
    """How many expressions or rule sets were compared in how many rows, and what differed."""

    compiled: int = 0
    unfit: int = 0
    rows: int = 0
    doubtful: int = 0
    differences: list[str] = field(default_factory=list)


def compare_expressions(databases: Sequence[Database], count: int, rows: int, seed: int = 1) -> Compared:
    """So many expressions that are SQL, in all databases, against the evaluator and generated Python."""
    maker = ExpressionMaker(seed)
    facts = [maker.facts() for _ in range(rows)]
    for database in databases:
        database.load(COLUMNS, facts)
    total = Compared()
    while total.compiled < count:
        expression = maker.expression()
        if all(_compare(database, expression, facts, total) for database in databases):
            total.compiled += 1
        else:
            total.unfit += 1
    return total


def _compare(
    database: Database, expression: Expression, facts: Sequence[Mapping[str, Value]], total: Compared
) -> bool:
    compiler = Compiler(SCOPE, database.dialect)
    try:
        code = plain(compiler.value(expression.tree))
        condition = compiler.true(expression.tree) if code.kind == "boolean" else None
    except Unfit:
        return False
    generated = compile_value(expression)
    selected = [code.sql, surely(condition) if condition else exp.false(), any_doubt(compiler.doubts)]
    for row, (found, holds, doubtful) in zip(facts, _asked(database, selected), strict=True):
        known = {**row, **CONSTANTS}
        expected = evaluate(expression.tree, known)
        total.rows += 1
        if key_of(generated(known)) != key_of(expected):
            total.differences.append(f"generated: {expression.text}: {expected!r}")
        if doubtful:
            total.doubtful += 1
        elif key_of(decode(found, code)) != key_of(expected):
            total.differences.append(f"{database.dialect}: {expression.text}: {expected!r}, not {found!r}")
        elif condition is not None and holds is not (expected is True):
            total.differences.append(f"{database.dialect}: {expression.text}: as a condition {holds!r}")
    return True


def any_doubt(doubts: Sequence[Sql]) -> Sql:
    """Whether any of the conditions is true."""
    return surely(exp.or_(*(each.copy() for each in doubts))) if doubts else exp.false()


def _asked(database: Database, selected: Sequence[Sql]) -> list[tuple[object, ...]]:
    named = [exp.alias_(each, f"v{place}") for place, each in enumerate(selected)]
    return database.rows(exp.select(*named).from_("cases").order_by("n"))


def compare_rule_sets(databases: Sequence[Database], count: int, rows: int, seed: int = 1) -> Compared:
    """So many random rule sets, in all databases, against the reference evaluator."""
    maker = RuleSetMaker(seed)
    facts = [maker.facts() for _ in range(rows)]
    for database in databases:
        database.load(COLUMNS, facts)
    total = Compared()
    while total.compiled < count:
        rule_set = maker.rule_set()
        reference = reference_of(rule_set)
        expected = [reference({**row, **CONSTANTS}) for row in facts]
        for database in databases:
            try:
                compiled = compile_rule_set(rule_set, SCOPE, database.dialect, "r:")
            except Unfit:
                total.unfit += 1
                break
            source: exp.Expr = exp.to_table("cases")
            for step in compiled.steps:
                added = [exp.alias_(each, name, quoted=True) for name, each in step.columns.items()]
                source = exp.select("*", *added).from_(source).subquery("s")
            named = [exp.alias_(code.sql, name, quoted=True) for name, code in compiled.outputs.items()]
            doubt = compiled.doubt or exp.false()
            select = exp.select(exp.alias_(doubt, "d"), exp.alias_(compiled.fired, "f"), *named)
            codes = list(compiled.outputs.values())
            for want, found in zip(expected, database.rows(select.from_(source).order_by("n")), strict=True):
                total.rows += 1
                doubtful, fired, *values = found
                said = {
                    name: decode(value, code)
                    for name, value, code in zip(want.outputs, values, codes, strict=True)
                }
                if doubtful:
                    total.doubtful += 1
                elif want.conflict or key_of(said) != key_of(want.outputs) or fired != ",".join(want.fired):
                    total.differences.append(f"{database.dialect}: {want!r} {want.outputs} not {said}")
        else:
            total.compiled += 1
    return total


def figures(expressions: int, rule_sets: int, rows: int) -> Iterator[Figure]:
    """All that this program measures."""
    with postgres_database() as postgres:
        databases = [duckdb_database(), *([postgres] if postgres else [])]
        yield Figure("databases", len(databases), "DuckDB, and PostgreSQL where it is installed", most=None)
        for kind, compared in (
            ("expressions", compare_expressions(databases, expressions, rows)),
            ("rule_sets", compare_rule_sets(databases, rule_sets, rows)),
        ):
            yield Figure(kind, compared.compiled, f"compiled and compared in {rows} rows")
            yield Figure(f"{kind}_not_sql", compared.unfit, "left to the engine as a whole")
            yield Figure(f"{kind}_rows", compared.rows, "rows compared, of all databases")
            yield Figure(f"{kind}_doubtful", compared.doubtful, "of them left to the engine")
            yield Figure(f"{kind}_differences", len(compared.differences), "of them different", most=0)
            for each in compared.differences[:5]:
                print(each)


def main(arguments: Sequence[str] | None = None) -> int:
    """Compares, then prints a table, or with `--json` one object of named figures."""
    parser = argparse.ArgumentParser(description=TITLE)
    parser.add_argument(
        "--json", action="store_true", help="print one object of named figures instead of a table"
    )
    parser.add_argument("--expressions", type=int, default=3000)
    parser.add_argument("--rule-sets", type=int, default=300)
    parser.add_argument("--rows", type=int, default=400)
    options = parser.parse_args(arguments)
    measured = list(figures(options.expressions, options.rule_sets, options.rows))
    if options.json:
        print(json.dumps({figure.name: round(figure.value, 3) for figure in measured}, indent=2))
    else:
        print(figures_table(TITLE, measured))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
