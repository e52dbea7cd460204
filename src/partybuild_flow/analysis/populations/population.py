"""Where cases come from: CSV, .xlsx, Parquet, a data frame, the store, or a table of PostgreSQL; as columns for SQL."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, NamedTuple

from sqlglot import exp

from partybuild_flow.analysis.importing import cell_value
from partybuild_flow.analysis.tables_in import Flawed, open_table
from partybuild_flow.definition import Field, Workflow
from partybuild_flow.errors import FlowError
from partybuild_flow.feel import Value
from partybuild_flow.messages import Language, sentence
from partybuild_flow.rules.sql import Dialect, Sql, written
from partybuild_flow.store import Store
from partybuild_flow.store.protocol import Query

MEMORY: Final = "512MB"
"""What DuckDB may keep in memory; the rest goes to a file of its own beside it."""
AT_ONCE: Final = 2_000
LARGEST_CASE: Final = 100_000_000
_IDS: Final = ("case", "事项", "事项编号", "编号", "id", "case_id")
_UNITS: Final = ("unit", "单位", "所在单位")
_POSTGRES: Final = ("postgresql://", "postgres://", "postgresql+psycopg://")


class Population(NamedTuple):
    """Cases as the rows of a relation, and how to ask about them.

    `headings` are its columns with their SQL types, `id` and `unit` two of them where there are such.
    `spreadsheet`: cells are text as people type it. `recall` gives the values of a case that is not
    wholly in the columns, by its id. `materialised`: the database may keep a table of its own.
    """

    dialect: Dialect
    connection: Any
    relation: Sql
    headings: Mapping[str, str]
    id: str | None
    unit: str | None
    spreadsheet: bool = False
    materialised: bool = True
    recall: Callable[[str], Mapping[str, Value]] | None = None

    def rows(self, select: exp.Expr) -> Iterator[tuple[Any, ...]]:
        """What a SELECT gives, a few at a time."""
        cursor = self.connection.cursor()
        cursor.execute(written(select, self.dialect))
        while found := cursor.fetchmany(AT_ONCE):
            yield from found

    def heading_of(self, fields: Iterable[Field]) -> str | None:
        """The column of a field, by a name or an id that it has in either definition."""
        return next((name for each in fields for name in (each.name, each.id) if name in self.headings), None)

    def sent(self, field: Field, cell: Any) -> object:
        """What stands in a cell, as the engine takes what people send."""
        if not self.spreadsheet or not isinstance(cell, str):
            return cell
        told = cell.strip()
        if told[:1] == "'" and told[1:2] in ("=", "+", "-", "@"):
            told = told[1:]
        found = cell_value(told or None, field)
        return None if isinstance(found, Flawed) else found


def needs_bulk(language: Language) -> Any:
    """DuckDB. Raises FlowError where it is not installed."""
    try:
        import duckdb
        import sqlglot  # noqa: F401 - what is missing is told at once
    except ImportError as error:
        raise FlowError(sentence("impact.no-bulk", language, {})) from error
    return duckdb


@contextmanager
def population_of(
    cases: object,
    workflow: Workflow,
    *,
    table: str | None,
    id: str | None,
    unit: str | None,
    language: Language,
    note: Callable[[str, int], None],
) -> Iterator[Population]:
    """The cases that a path, a URL, a store or a data frame holds.

    Raises:
        WorkflowInvalid: the file has problems.
        FlowError: a column that is named is not there, or a package is missing.
    """
    if isinstance(cases, str) and cases.startswith(_POSTGRES) and table is not None:
        with _postgres(cases, table, language) as found:
            yield _with_columns(found, id, unit, language)
        return
    duckdb = needs_bulk(language)
    with TemporaryDirectory(prefix="partybuild-flow-") as folder:
        connection = duckdb.connect(str(Path(folder) / "cases.duckdb"))
        try:
            connection.execute(f"SET memory_limit = '{MEMORY}'")
            connection.execute(f"SET temp_directory = '{Path(folder).as_posix()}'")
            if isinstance(cases, Path):
                found = _file(connection, cases, Path(folder), workflow, language)
            elif hasattr(cases, "history") and hasattr(cases, "cases"):
                found = _stored(connection, cases, workflow, Path(folder), note)  # type: ignore[arg-type]  # a store
            else:
                connection.register("frame", cases)
                found = _described(connection, exp.to_table("frame"))
            yield _with_columns(found, id, unit, language)
        except duckdb.Error as error:
            reason = str(error).strip().splitlines()[0]
            raise FlowError(sentence("impact.duckdb", language, {"reason": reason})) from error
        finally:
            connection.close()


def _with_columns(found: Population, id: str | None, unit: str | None, language: Language) -> Population:
    for named in (id, unit):
        if named is not None and named not in found.headings:
            data = {"column": named, "known": "、".join(found.headings)}
            raise FlowError(sentence("impact.no-column", language, data))
    return found._replace(id=id or _first(found.headings, _IDS), unit=unit or _first(found.headings, _UNITS))


def _first(headings: Collection[str], names: Iterable[str]) -> str | None:
    return next((each for each in names if each in headings), None)


def _described(connection: Any, relation: Sql) -> Population:
    described = connection.execute(
        f"DESCRIBE {written(exp.select('*').from_(relation), 'duckdb')}"
    ).fetchall()
    return Population("duckdb", connection, relation, {row[0]: str(row[1]) for row in described}, None, None)


def _file(connection: Any, path: Path, folder: Path, workflow: Workflow, language: Language) -> Population:
    if path.suffix.lower() in (".parquet", ".pq"):
        with path.open("rb") as file:
            file.read(1)
        relation = exp.Anonymous(this="READ_PARQUET", expressions=[exp.Literal.string(str(path))])
        try:
            return _described(connection, exp.Table(this=relation))
        except needs_bulk(language).Error as error:
            raise FlowError(sentence("impact.no-parquet", language, {"file": path})) from error
    names = [name for field in workflow.fields.values() for name in (field.name, field.id)]
    opened = open_table(path, columns=names, language=language)
    plain, delimiter = path, opened.delimiter or ","
    if opened.delimiter is None or opened.encoding == "GB18030":
        plain, delimiter = folder / "cases.csv", ","
        with plain.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(opened.headings)
            writer.writerows([_cell(row.cells.get(each)) for each in opened.headings] for row in opened.rows)
    options: dict[str, Sql] = {
        "header": exp.true(),
        "all_varchar": exp.true(),
        "null_padding": exp.true(),
        "delim": exp.Literal.string(delimiter),
        "quote": exp.Literal.string('"'),
        "escape": exp.Literal.string('"'),
    }
    named: list[Sql] = [exp.Literal.string(str(plain))]
    named += [exp.EQ(this=exp.to_identifier(name), expression=value) for name, value in options.items()]
    reading = exp.Table(this=exp.Anonymous(this="READ_CSV", expressions=named))
    return _described(connection, reading)._replace(spreadsheet=True)


def _cell(cell: object) -> str:
    """A cell of a workbook as text that reads the same again."""
    if cell is None or isinstance(cell, Flawed):
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, Decimal):
        return format(cell, "f")
    return cell.isoformat(" ") if isinstance(cell, datetime) else str(cell)


def _stored(
    connection: Any, store: Store, workflow: Workflow, folder: Path, note: Callable[[str, int], None]
) -> Population:
    """The cases of a workflow; what is no plain value is asked of the store again, case by case."""
    lists = {each.id for each in workflow.fields.values() if each.type.kind == "list"}
    plain = [each.id for each in workflow.fields.values() if not each.columns]
    path, count = folder / "cases.jsonl", 0
    with path.open("w", encoding="utf-8") as file:
        for case in store.cases(Query(workflow=workflow.id)):
            row: dict[str, object] = {"case": case.id, "unit": case.unit}
            row |= {name: _written(case.data.get(name)) for name in plain}
            file.write(f"{json.dumps(row, ensure_ascii=False)}\n")
            count += 1
            if count % AT_ONCE == 0:
                note("read", count)
    types = {
        "case": "VARCHAR",
        "unit": "VARCHAR",
        **{name: "VARCHAR[]" if name in lists else "VARCHAR" for name in plain},
    }
    reading = exp.Anonymous(
        this="READ_JSON",
        expressions=[
            exp.Literal.string(str(path)),
            exp.EQ(this=exp.to_identifier("format"), expression=exp.Literal.string("newline_delimited")),
            exp.EQ(
                this=exp.to_identifier("maximum_object_size"), expression=exp.Literal.number(LARGEST_CASE)
            ),
            exp.EQ(
                this=exp.to_identifier("columns"),
                expression=exp.Struct(
                    expressions=[
                        exp.PropertyEQ(this=exp.Literal.string(name), expression=exp.Literal.string(type_))
                        for name, type_ in types.items()
                    ]
                ),
            ),
        ],
    )
    found = _described(connection, exp.Table(this=reading))
    return found._replace(recall=lambda case_id: store.load(case_id).data)


def _written(value: Value) -> object:
    """A value as SQL reads it again in its plain form; None for others, which the store knows."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ") + "Z"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return value if all(isinstance(item, str) for item in value) else None
    return value if isinstance(value, str) else ""


@contextmanager
def _postgres(url: str, table: str, language: Language) -> Iterator[Population]:
    """A table of PostgreSQL, asked in place: nothing is written there."""
    try:
        import psycopg
    except ImportError as error:
        raise FlowError(sentence("impact.no-postgres", language, {})) from error
    schema, _, name = table.rpartition(".")
    try:
        with psycopg.connect(url.replace("postgresql+psycopg://", "postgresql://")) as connection:
            connection.read_only = True
            found = connection.execute(
                "SELECT a.attname, format_type(a.atttypid, a.atttypmod) FROM pg_attribute a"
                " WHERE a.attrelid = to_regclass(%s) AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum",
                [f'"{schema}"."{name}"' if schema else f'"{name}"'],
            ).fetchall()
            if not found:
                raise FlowError(sentence("impact.no-table", language, {"table": table}))
            headings = {str(row[0]): str(row[1]).upper() for row in found}
            relation = exp.to_table(name, quoted=True)
            if schema:
                relation.set("db", exp.to_identifier(schema, quoted=True))
            connection.execute("SET TIME ZONE 'UTC'")
            yield Population("postgres", connection, relation, headings, None, None, materialised=False)
    except psycopg.Error as error:
        raise FlowError(
            sentence("impact.postgres", language, {"reason": str(error).strip().splitlines()[0]})
        ) from error


def columns_in(headings: Sequence[str]) -> list[Sql]:
    """The raw columns with these headings, as `r:` and the heading."""
    return [exp.alias_(exp.column(each, quoted=True), f"r:{each}", quoted=True) for each in headings]
