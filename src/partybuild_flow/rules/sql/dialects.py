"""What DuckDB, PostgreSQL and Spark say differently, beyond what sqlglot translates."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from sqlglot import exp

from partybuild_flow.rules.sql.codes import Sql, case, cast

Dialect: TypeAlias = Literal["duckdb", "postgres", "spark"]
DIALECTS: Final[tuple[Dialect, ...]] = ("duckdb", "postgres", "spark")

_AHEAD: Final = 8


def written(sql: Sql, dialect: Dialect) -> str:
    """The text of a statement."""
    return sql.sql(dialect=dialect, pretty=True)


def microseconds(moment: Sql, dialect: Dialect) -> Sql:
    """An instant as whole microseconds since 1970."""
    if dialect == "duckdb":
        return exp.func("EPOCH_US", moment)
    if dialect == "spark":
        return exp.func("UNIX_MICROS", cast(moment, "timestamptz"))
    seconds = exp.Extract(this=exp.var("EPOCH"), expression=moment)
    return cast(exp.Mul(this=seconds, expression=exp.Literal.number(1_000_000)), "bigint")


def days(day: Sql, dialect: Dialect) -> Sql:
    """A date as whole days since 1970."""
    if dialect == "spark":
        return cast(exp.func("UNIX_DATE", day), "bigint")
    return cast(
        exp.Paren(this=exp.Sub(this=day, expression=cast(exp.Literal.string("1970-01-01"), "date"))), "bigint"
    )


def months_later(day: Sql, months: int, dialect: Dialect) -> Sql:
    """The same day number so many months later, or the last day of that month."""
    if dialect == "spark":
        return exp.func("ADD_MONTHS", day, exp.Literal.number(months))
    interval = exp.Interval(this=exp.Literal.string(str(months)), unit=exp.var("MONTH"))
    return cast(exp.Paren(this=exp.Add(this=day, expression=interval)), "date")


def on_civil_clock(moment: Sql, dialect: Dialect) -> Sql:
    """An instant since 1992 as a clock in Asia/Shanghai shows it."""
    if dialect == "spark":
        shifted = exp.Add(
            this=exp.func("UNIX_MICROS", cast(moment, "timestamptz")),
            expression=exp.Literal.number(_AHEAD * 3_600_000_000),
        )
        return exp.func("TIMESTAMP_MICROS", shifted)
    interval = exp.Interval(this=exp.Literal.string(str(_AHEAD)), unit=exp.var("HOUR"))
    return exp.Paren(this=exp.Add(this=moment, expression=interval))


def part(moment: Sql, name: str, dialect: Dialect) -> Sql:
    """A part of a date or of an instant on the civil clock, as a whole number; weekdays run from 1, Monday."""
    if name == "weekday":
        if dialect == "spark":
            return exp.Add(this=exp.func("WEEKDAY", moment), expression=exp.Literal.number(1))
        return cast(exp.Extract(this=exp.var("ISODOW"), expression=moment), "int")
    found: Sql = exp.Extract(this=exp.var(name.upper()), expression=moment)
    if name == "second":
        found = exp.Floor(this=found)
    return cast(found, "int")


def whole_quotient(dividend: Sql, divisor: Sql, dialect: Dialect) -> Sql:
    """The whole quotient of two whole numbers that are not negative."""
    if dialect == "duckdb":
        return exp.IntDiv(
            this=exp.Cast(this=dividend, to=_huge()), expression=exp.Cast(this=divisor, to=_huge())
        )
    if dialect == "postgres":
        return exp.Anonymous(this="DIV", expressions=[dividend, divisor])
    return exp.IntDiv(this=exp.Paren(this=dividend), expression=exp.Paren(this=divisor))


def _huge() -> exp.DataType:
    return exp.DataType.build("int128")


def holds_item(items: Sql, item: Sql, dialect: Dialect) -> Sql:
    """Whether a list that is not null holds a text; never null."""
    if dialect == "duckdb":
        return exp.func("LIST_CONTAINS", items, item)
    if dialect == "postgres":
        found = exp.Is(this=exp.func("ARRAY_POSITION", items, item), expression=exp.null())
        return exp.Paren(this=exp.Not(this=exp.Paren(this=found)))
    return exp.Coalesce(
        this=exp.Anonymous(this="ARRAY_CONTAINS", expressions=[items, item]), expressions=[exp.false()]
    )


def length_of(items: Sql, dialect: Dialect) -> Sql:
    """How many items a list has; null for null."""
    name = {"duckdb": "LEN", "postgres": "CARDINALITY", "spark": "SIZE"}[dialect]
    counted = exp.Anonymous(this=name, expressions=[items])
    missing = exp.Is(this=items.copy(), expression=exp.null())
    return case((exp.Not(this=missing), counted)) if dialect == "spark" else counted


def holds_text(text: Sql, wanted: Sql, dialect: Dialect) -> Sql:
    """Whether a text stands in another."""
    if dialect == "postgres":
        return exp.Paren(
            this=exp.GT(
                this=exp.Anonymous(this="STRPOS", expressions=[text, wanted]),
                expression=exp.Literal.number(0),
            )
        )
    return exp.Anonymous(this="CONTAINS", expressions=[text, wanted])


def begins_with(text: Sql, wanted: Sql, dialect: Dialect) -> Sql:
    """Whether a text begins with another."""
    return exp.Anonymous(
        this="STARTSWITH" if dialect == "spark" else "STARTS_WITH", expressions=[text, wanted]
    )


def ends_with(text: Sql, wanted: Sql, dialect: Dialect) -> Sql:
    """Whether a text ends with another."""
    if dialect == "postgres":
        tail = exp.func("RIGHT", text, exp.Anonymous(this="CHAR_LENGTH", expressions=[wanted]))
        return exp.Paren(this=exp.EQ(this=tail, expression=wanted.copy()))
    return exp.Anonymous(this="SUFFIX" if dialect == "duckdb" else "ENDSWITH", expressions=[text, wanted])
