"""Dates, instants and durations in SQL: compared as they are, computed with as whole days or microseconds. Pure."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Final

from sqlglot import exp

from partybuild_flow.feel import Term
from partybuild_flow.rules.sql.codes import LONGEST, NULL, Code, Digits, Sql, Unfit, cast, constant
from partybuild_flow.rules.sql.dialects import (
    Dialect,
    days,
    microseconds,
    months_later,
    on_civil_clock,
    part,
)

DAY: Final = 86_400_000_000
_EPOCH: Final = date(1970, 1, 1).toordinal()
_FIRST_DAY, _LAST_DAY = 1 - _EPOCH, date.max.toordinal() - _EPOCH
_FIRST_MOMENT, _LAST_MOMENT = (_FIRST_DAY + 1) * DAY, _LAST_DAY * DAY
_LAST_SUMMER_TIME: Final = datetime(1991, 12, 31, 16, tzinfo=UTC)
"""From here on Asia/Shanghai is eight hours ahead of UTC, always."""
_SURELY: Final = 8000
"""Years by which a date between 1000 and 1999 may be moved."""
_PARTS: Final = {
    "date": ("year", "month", "day", "weekday"),
    "datetime": ("year", "month", "day", "weekday", "hour", "minute", "second"),
}


def counted(code: Code, dialect: Dialect) -> Code:
    """The date as whole days, the instant as whole microseconds."""
    if code.counted or code.kind == "null":
        return code
    sql = days(code.copy, dialect) if code.kind == "date" else microseconds(code.copy, dialect)
    return Code(sql, code.kind, Digits(7 if code.kind == "date" else LONGEST, 0), counted=True)


def alike(left: Code, right: Code, dialect: Dialect) -> tuple[Sql, Sql]:
    """Two dates or two instants as SQL compares them."""
    if left.counted or right.counted:
        left, right = counted(left, dialect), counted(right, dialect)
    return left.copy, right.copy


def plain(code: Code) -> Code:
    """A value that is no count, as it leaves SQL. Raises Unfit."""
    if code.kind in ("date", "datetime") and code.counted:
        raise Unfit("moment")
    return code


def sum_of(operator: str, left: Code, right: Code, dialect: Dialect, doubts: list[Sql]) -> Code:
    """A sum or difference of dates, instants and durations. Raises Unfit."""
    kinds = (left.kind, right.kind)
    if "null" in kinds:
        return NULL
    if kinds == ("duration", "duration"):
        return _count(operator, left, right, "duration")
    if operator == "+" and left.kind == "duration":
        left, right, kinds = right, left, (right.kind, left.kind)
    if kinds == ("datetime", "duration"):
        found = _count(operator, counted(left, dialect), right, "datetime")
        doubts.append(_outside(found, _FIRST_MOMENT, _LAST_MOMENT))
        return found
    if kinds == ("date", "duration"):
        return _later_day(operator, left, right, dialect, doubts)
    if operator == "-" and kinds == ("datetime", "datetime"):
        return _count("-", counted(left, dialect), counted(right, dialect), "duration")
    if operator == "-" and kinds == ("date", "date"):
        difference = _count("-", counted(left, dialect), counted(right, dialect), "duration")
        sql = exp.Mul(this=cast(difference.sql, "bigint"), expression=exp.Literal.number(DAY))
        return Code(exp.Paren(this=sql), "duration", Digits(LONGEST, 0), counted=True)
    raise Unfit("moment")


def _count(operator: str, left: Code, right: Code, kind: str) -> Code:
    if max(left.digits.whole, right.digits.whole) > LONGEST:
        raise Unfit("length")
    made = (exp.Add if operator == "+" else exp.Sub)(this=left.copy, expression=right.copy)
    digits = Digits(max(left.digits.whole, right.digits.whole, LONGEST - 1) + 1, 0)
    return Code(exp.Paren(this=made), kind, digits, counted=True)  # type: ignore[arg-type]  # one of its kinds


def _later_day(operator: str, day: Code, length: Code, dialect: Dialect, doubts: list[Sql]) -> Code:
    """A date moved by a duration: the day on which it ends, so that part of a day counts back, not on."""
    amount = length.copy if operator == "+" else exp.Neg(this=length.copy)
    modulus = exp.Literal.number(DAY)
    rest = exp.Paren(this=exp.Mod(this=exp.Paren(this=amount), expression=modulus.copy()))
    rest = exp.Paren(
        this=exp.Mod(
            this=exp.Paren(this=exp.Add(this=rest, expression=modulus.copy())), expression=modulus.copy()
        )
    )
    whole = exp.Paren(this=exp.Sub(this=amount.copy(), expression=rest))
    moved = (
        exp.IntDiv(this=whole, expression=modulus.copy())
        if dialect != "postgres"
        else exp.Anonymous(this="DIV", expressions=[whole, modulus.copy()])
    )
    sql = exp.Paren(this=exp.Add(this=counted(day, dialect).copy, expression=cast(moved, "bigint")))
    found = Code(sql, "date", Digits(LONGEST, 0), counted=True)
    doubts.append(_outside(found, _FIRST_DAY, _LAST_DAY))
    return found


def _outside(code: Code, first: int, last: int) -> Sql:
    between = exp.Between(this=code.copy, low=_integer(first), high=_integer(last))
    return exp.Not(this=exp.Paren(this=between))


def _integer(value: int) -> Sql:
    return exp.Neg(this=exp.Literal.number(-value)) if value < 0 else exp.Literal.number(value)


def moved_by_term(day: Code, term: Term, sign: int, dialect: Dialect, doubts: list[Sql]) -> Code:
    """A date moved by days, months or years. Raises Unfit for terms that only a calendar can count."""
    if day.kind == "null":
        return NULL
    if day.kind != "date" or term.unit not in ("day", "month", "year"):
        raise Unfit("term")
    length = sign * int(term.length)
    first = (1 if length < 0 else -1) if term.inclusive and length else 0
    if term.unit == "day":
        base = counted(day, dialect)
        if abs(length) > _SURELY * 366:
            raise Unfit("term")
        sql = exp.Paren(this=exp.Add(this=base.copy, expression=exp.Paren(this=_integer(length + first))))
        found = Code(sql, "date", Digits(LONGEST, 0), counted=True)
        doubts.append(_outside(found, _FIRST_DAY, _LAST_DAY))
        return found
    months = length * (12 if term.unit == "year" else 1)
    if day.counted or first or abs(months) > 900 * 12:
        raise Unfit("term")
    bounds = (constant(date(1000, 1, 1)).sql, constant(date(8999, 12, 31)).sql)
    doubts.append(exp.Not(this=exp.Paren(this=exp.Between(this=day.copy, low=bounds[0], high=bounds[1]))))
    return Code(months_later(day.copy, months, dialect), "date")


def part_of(code: Code, entry: str, dialect: Dialect, doubts: list[Sql]) -> Code:
    """A part of a date, of an instant on the civil clock, or of a duration. Raises Unfit."""
    if code.kind == "null":
        return NULL
    if code.counted or entry not in _PARTS.get(code.kind, ()):
        raise Unfit("moment")
    sql = code.copy
    if code.kind == "datetime":
        sql = clock(code, dialect, doubts)
    return Code(part(sql, entry, dialect), "number", Digits(4, 0))


def clock(code: Code, dialect: Dialect, doubts: list[Sql]) -> Sql:
    """An instant as the civil clock shows it; before 1992 the engine knows how the clock went."""
    if code.counted:
        raise Unfit("moment")
    doubts.append(exp.LT(this=code.copy, expression=constant(_LAST_SUMMER_TIME).sql))
    return on_civil_clock(code.copy, dialect)


def date_of(code: Code, dialect: Dialect, doubts: list[Sql]) -> Code:
    """The date of an instant on the civil clock, or the date itself."""
    if code.kind in ("date", "null"):
        return code
    if code.kind != "datetime":
        raise Unfit("moment")
    return Code(cast(clock(code, dialect, doubts), "date"), "date")


def negative(code: Code) -> Code:
    """The duration the other way."""
    if code.kind != "duration":
        raise Unfit("form")
    return Code(exp.Paren(this=exp.Neg(this=code.copy)), "duration", code.digits, counted=True)
