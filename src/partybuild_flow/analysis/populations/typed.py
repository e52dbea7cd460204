"""Raw columns of a population as typed ones, and which of their rows SQL must not trust.

What stands in a cell in the plain form of its type is read by SQL; whatever else it may be, the engine
reads it, as it reads what people send.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final, NamedTuple

from sqlglot import exp

from partybuild_flow.definition import Field
from partybuild_flow.rules.sql import (
    Code,
    Dialect,
    Digits,
    Sql,
    column_of,
    constant,
    digits_of_field,
    sql_type,
)

_DECIMAL: Final = re.compile(r"(?:DECIMAL|NUMERIC)\((\d+), ?(\d+)\)", re.IGNORECASE)
_WHOLE: Final = {
    "TINYINT": 3,
    "SMALLINT": 5,
    "INTEGER": 10,
    "UTINYINT": 3,
    "USMALLINT": 5,
    "UINTEGER": 10,
    "INT4": 10,
    "INT2": 5,
}
_LARGE: Final = ("BIGINT", "UBIGINT", "HUGEINT", "UHUGEINT", "INT8")
_FLOATS: Final = ("DOUBLE", "FLOAT", "REAL", "DOUBLE PRECISION", "FLOAT4", "FLOAT8")
_TEXTS: Final = ("VARCHAR", "TEXT", "CHARACTER VARYING")
_SURE_OF_FLOATS: Final = Digits(11, 4)
"""So many digits a DOUBLE holds exactly."""
_AHEAD: Final = "8"


class Typed(NamedTuple):
    """The value of a field in SQL, what is known of it, and where it is not to be trusted (None: nowhere)."""

    sql: Sql
    code: Code
    doubt: Sql | None


def typed_column(
    raw: Sql, raw_type: str, field: Field, dialect: Dialect, *, spreadsheet: bool = False
) -> Typed | None:
    """A raw column as one of a field's type; None where SQL has no such type, or cannot read the column.

    In a spreadsheet's cell, space around a text is no part of it, and a list is one text.
    """
    digits = digits_of_field(field)
    code = column_of(f"f:{field.id}", field.type, digits)
    if code is None:
        return None
    kind, raw_type = code.kind, raw_type.upper()
    if raw_type.startswith("ENUM"):
        raw, raw_type = _cast(raw, "text"), "VARCHAR"
    found: Typed | None = None
    if raw_type in _TEXTS and kind == "texts":
        found = _split(raw, code, field, dialect) if spreadsheet else None
    elif raw_type in _TEXTS:
        found = _from_text(raw, code, dialect)
        if found is not None and spreadsheet and kind == "text":
            around = exp.Anonymous(
                this="REGEXP_MATCHES",
                expressions=[raw.copy(), exp.Literal.string("^[\\s\\p{Z}']|[\\s\\p{Z}]$")],
            )
            found = found._replace(doubt=around)
    elif kind == "number":
        found = _number(raw, raw_type, code)
    elif (kind, raw_type) == ("boolean", "BOOLEAN") or (kind, raw_type) == ("date", "DATE"):
        found = Typed(raw.copy(), code, None)
    elif kind == "datetime" and raw_type.startswith("TIMESTAMP"):
        found = _instant(raw, raw_type, code, dialect)
    elif kind == "texts" and raw_type in ("VARCHAR[]", "TEXT[]", "ARRAY<TEXT>"):
        found = Typed(raw.copy(), code, None)
    return found if found is None else _within(found, field)


def _cast(sql: Sql, type_: str) -> Sql:
    return exp.Cast(this=sql.copy(), to=exp.DataType.build(type_))


def _matches(raw: Sql, pattern: str, dialect: Dialect) -> Sql:
    anchored = exp.Literal.string(f"^({pattern})$")
    if dialect == "postgres":
        return exp.RegexpLike(this=raw.copy(), expression=anchored)
    if dialect == "spark":
        return exp.Anonymous(this="RLIKE", expressions=[raw.copy(), anchored])
    return exp.Anonymous(this="REGEXP_FULL_MATCH", expressions=[raw.copy(), exp.Literal.string(pattern)])


def _plainly(raw: Sql, pattern: str, value: Sql, code: Code, dialect: Dialect) -> Typed:
    """The value where the text is in the plain form; doubt where there is text of another form."""
    plain = _matches(raw, pattern, dialect)
    found = exp.Case(ifs=[exp.If(this=plain, true=value)])
    filled = exp.NEQ(this=raw.copy(), expression=exp.Literal.string(""))
    return Typed(found, code, exp.And(this=filled, expression=exp.Not(this=exp.Paren(this=plain.copy()))))


def _from_text(raw: Sql, code: Code, dialect: Dialect) -> Typed | None:
    match code.kind:
        case "text":
            return Typed(exp.Nullif(this=raw.copy(), expression=exp.Literal.string("")), code, None)
        case "number":
            whole, scale = code.digits
            places = f"([.][0-9]{{1,{scale}}})?" if scale else ""
            value = exp.Cast(this=raw.copy(), to=sql_type(code))
            return _plainly(raw, f"-?[0-9]{{1,{whole}}}{places}", value, code, dialect)
        case "boolean":
            truth = exp.In(this=raw.copy(), expressions=[exp.Literal.string(each) for each in ("是", "true")])
            return _plainly(raw, "是|否|true|false", truth, code, dialect)
        case "date":
            # Days that no month has are the engine's to refuse.
            days = "(1[0-9]|2[0-8]|0[1-9])"
            return _plainly(
                raw,
                f"[1-9][0-9]{{3}}-(0[1-9]|1[0-2])-{days}|[1-9][0-9]{{3}}-(01|03|05|07|08|10|12)-(29|30|31)|[1-9][0-9]{{3}}-(04|06|09|11)-(29|30)",
                _cast(raw, "date"),
                code,
                dialect,
            )
        case "datetime":
            return _instant_from_text(raw, code, dialect)
        case _:
            return None


def _split(raw: Sql, code: Code, field: Field, dialect: Dialect) -> Typed:
    """A list that is written in one cell of a spreadsheet; of a choice, only with values that it has."""
    values = field.type.item.values if field.type.item else ()
    item = f"({'|'.join(re.escape(each) for each in values)})" if values else r"[^\s\p{Z}'、;；]+"
    parts = [raw.copy(), exp.Literal.string("[、;；]")]
    value = exp.Anonymous(this="STRING_SPLIT_REGEX", expressions=parts)
    return _plainly(raw, f"{item}([、;；]{item})*", value, code, dialect)


def _instant_from_text(raw: Sql, code: Code, dialect: Dialect) -> Typed:
    """An instant in UTC, as the store writes it, or one on the civil clock since 1992, as people do."""
    day = "(199[2-9]|[2-9][0-9]{3})-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])"
    clock = "[ T]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,6})?)?"
    ends_in_z = _matches(raw, f"{day}{clock}Z", dialect)
    plain = _matches(raw, f"{day}{clock}", dialect)
    without = exp.Anonymous(this="RTRIM", expressions=[raw.copy(), exp.Literal.string("Z")])
    if dialect == "spark":
        without = exp.Anonymous(this="RTRIM", expressions=[exp.Literal.string("Z"), raw.copy()])
    interval = exp.Interval(this=exp.Literal.string(_AHEAD), unit=exp.var("HOUR"))
    on_civil_clock = exp.Paren(this=exp.Sub(this=_cast(raw, "timestamp"), expression=interval))
    value = exp.Case(
        ifs=[
            exp.If(this=ends_in_z, true=_cast(without, "timestamp")),
            exp.If(this=plain, true=on_civil_clock),
        ]
    )
    either = exp.Or(this=ends_in_z.copy(), expression=plain.copy())
    filled = exp.NEQ(this=raw.copy(), expression=exp.Literal.string(""))
    return Typed(value, code, exp.And(this=filled, expression=exp.Not(this=exp.Paren(this=either))))


def _number(raw: Sql, raw_type: str, code: Code) -> Typed | None:
    declared = _DECIMAL.fullmatch(raw_type)
    known: Digits | None = None
    if declared:
        known = Digits(int(declared[1]) - int(declared[2]), int(declared[2]))
    elif raw_type in _WHOLE:
        known = Digits(_WHOLE[raw_type], 0)
    if known is not None and known.width <= max(code.digits.width, 18):
        exact = Code(code.sql, "number", known)
        return Typed(raw.copy() if declared else exp.Cast(this=raw.copy(), to=sql_type(exact)), exact, None)
    if raw_type in _FLOATS:
        code = Code(
            code.sql,
            "number",
            Digits(
                min(code.digits.whole, _SURE_OF_FLOATS.whole), min(code.digits.scale, _SURE_OF_FLOATS.scale)
            ),
        )
    elif known is None and raw_type not in (*_LARGE, "NUMERIC"):
        return None
    limit = exp.Literal.number(10**code.digits.whole)
    small = exp.LT(this=exp.Abs(this=raw.copy()), expression=limit)
    rounded = exp.Cast(this=raw.copy(), to=sql_type(code))
    back = _cast(rounded, "double") if raw_type in _FLOATS else rounded.copy()
    exact_value = exp.EQ(this=back, expression=raw.copy())
    value = exp.Case(ifs=[exp.If(this=small, true=rounded)])
    outside = exp.Case(
        ifs=[exp.If(this=small.copy(), true=exp.Not(this=exp.Paren(this=exact_value)))],
        default=exp.Not(this=exp.Is(this=raw.copy(), expression=exp.null())),
    )
    return Typed(value, code, outside)


def _instant(raw: Sql, raw_type: str, code: Code, dialect: Dialect) -> Typed | None:
    if "ZONE" in raw_type or raw_type.endswith("TZ"):
        if dialect != "duckdb":
            return Typed(exp.AtTimeZone(this=raw.copy(), zone=exp.Literal.string("UTC")), code, None)
        return Typed(exp.func("MAKE_TIMESTAMP", exp.func("EPOCH_US", raw.copy())), code, None)
    if raw_type not in (
        "TIMESTAMP",
        "TIMESTAMP WITHOUT TIME ZONE",
        "TIMESTAMP_NS",
        "TIMESTAMP_MS",
        "TIMESTAMP_S",
    ):
        return None
    # Without a zone it is meant on the civil clock, whose summer times the engine knows.
    interval = exp.Interval(this=exp.Literal.string(_AHEAD), unit=exp.var("HOUR"))
    early = exp.LT(this=raw.copy(), expression=_cast(exp.Literal.string("1992-01-01 00:00:00"), "timestamp"))
    return Typed(exp.Paren(this=exp.Sub(this=_cast(raw, "timestamp"), expression=interval)), code, early)


def _within(found: Typed, field: Field) -> Typed:
    """Values that the field does not allow are the engine's to refuse."""
    doubts = [] if found.doubt is None else [found.doubt]
    if field.type.values:
        among = exp.In(
            this=found.sql.copy(), expressions=[exp.Literal.string(each) for each in field.type.values]
        )
        doubts.append(exp.Not(this=exp.Paren(this=among)))
    for bound, comparison in ((field.minimum, exp.LT), (field.maximum, exp.GT)):
        if isinstance(bound, Decimal) and found.code.kind == "number":
            doubts.append(comparison(this=found.sql.copy(), expression=constant(bound).sql))
    return found._replace(doubt=exp.or_(*doubts, copy=False) if doubts else None)
