"""Pieces of SQL with what is known of their values: kind, and how many digits a number may have. Pure.

SQL has decimals of a fixed width: what may need more digits than FEEL keeps, or than a DECIMAL
holds, is not compiled but decided by the engine. No number ever becomes a DOUBLE.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Final, Literal, NamedTuple, TypeAlias

from sqlglot import exp

from partybuild_flow.feel import Term, Value, term_text
from partybuild_flow.feel.arithmetic import microseconds

Sql: TypeAlias = exp.Expr
CodeKind: TypeAlias = Literal[
    "null", "number", "text", "boolean", "date", "datetime", "duration", "term", "texts"
]
"""`texts` is a list of texts; a `term` is its written form, which SQL hands on and computes nothing with."""

MOST_DIGITS: Final = 34
"""As many as FEEL keeps; a result that may have more is rounded there, and so is not compiled."""
WIDEST: Final = 38
"""The most digits of a DECIMAL."""
NARROW: Final = 18
"""DuckDB computes decimals of so many digits in a register, and lets a product of two of them overflow."""
LONGEST: Final = 18
"""The digits of microseconds that a BIGINT surely holds."""


class Unfit(Exception):
    """This part cannot be said in SQL exactly; `reason` is the code of the sentence that says why.

    `span` is its place in the text of its expression, `text` that part of the text where it is known.
    """

    def __init__(self, reason: str, span: tuple[int, int] | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.span = span
        self.text = ""


class Digits(NamedTuple):
    """The most digits of a number before the point and after it."""

    whole: int
    scale: int

    @property
    def width(self) -> int:
        """All of them."""
        return self.whole + self.scale

    def joined(self, other: Digits) -> Digits:
        """What holds either number."""
        return Digits(max(self.whole, other.whole), max(self.scale, other.scale))


NO_DIGITS: Final = Digits(0, 0)


@dataclass(frozen=True, slots=True)
class Code:
    """SQL of a value. Dates and instants counted in days or microseconds since 1970 are `counted`; durations always are."""

    sql: Sql
    kind: CodeKind
    digits: Digits = NO_DIGITS
    counted: bool = False
    constant: bool = False
    """Whether it is written out, and so never null."""

    @property
    def copy(self) -> Sql:
        """The SQL for another place of the tree; a node of sqlglot belongs to one."""
        return self.sql.copy()


NULL: Final = Code(exp.null(), "null")


def digits_of(number: Decimal) -> Digits:
    """The digits of one number."""
    _, digits, exponent = number.as_tuple()
    scale = max(-int(exponent), 0)
    return Digits(max(len(digits) + int(exponent), 1), scale)


def constant(value: Value) -> Code:
    """SQL of a constant.

    Raises:
        Unfit: SQL has no such value.
    """
    if value is None:
        return NULL
    if isinstance(value, bool):
        return Code(exp.Boolean(this=value), "boolean", constant=True)
    if isinstance(value, Decimal):
        return number(value)
    if isinstance(value, str):
        if "\0" in value:
            raise Unfit("text")
        return Code(exp.Literal.string(value), "text", constant=True)
    if isinstance(value, datetime):
        return Code(_moment(value), "datetime", constant=True)
    if isinstance(value, date):
        return Code(cast(exp.Literal.string(value.isoformat()), "date"), "date", constant=True)
    if isinstance(value, timedelta):
        found = number(microseconds(value))
        if found.digits.whole > LONGEST:
            raise Unfit("length")
        return Code(cast(found.sql, "bigint"), "duration", found.digits, counted=True, constant=True)
    if isinstance(value, Term):
        return Code(exp.Literal.string(term_text(value)), "term", constant=True)
    if isinstance(value, list) and all(isinstance(item, str) and "\0" not in item for item in value):
        return Code(
            exp.Array(expressions=[exp.Literal.string(item) for item in value]), "texts", constant=True
        )
    raise Unfit("value")


def number(value: Decimal) -> Code:
    """SQL of a number, a literal: never in scientific notation, which would be a DOUBLE."""
    plain = value.normalize() if value else Decimal(0)
    digits = digits_of(plain)
    if digits.width > MOST_DIGITS:
        raise Unfit("digits")
    literal: Sql = exp.Literal.number(format(abs(plain), "f"))
    return Code(exp.Neg(this=literal) if plain < 0 else literal, "number", digits, constant=True)


def _moment(value: datetime) -> Sql:
    if value.tzinfo is None:
        raise Unfit("value")
    written = value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
    return cast(exp.Literal.string(written), "timestamp")


def cast(sql: Sql, type_: str) -> Sql:
    """A cast to a type by its name."""
    return exp.Cast(this=sql, to=exp.DataType.build(type_))


def as_decimal(code: Code, digits: Digits) -> Sql:
    """The number as a DECIMAL with so many digits."""
    if digits.width > WIDEST:
        raise Unfit("digits")
    return cast(code.copy, f"decimal({max(digits.width, 1)}, {digits.scale})")


def hold(digits: Digits) -> Digits:
    """The digits of a result. Raises Unfit where FEEL might round it."""
    if digits.width > MOST_DIGITS:
        raise Unfit("digits")
    return digits


def case(*branches: tuple[Sql, Sql], otherwise: Sql | None = None) -> Sql:
    """`CASE WHEN … THEN … ELSE … END`."""
    return exp.Case(
        ifs=[exp.If(this=condition, true=result) for condition, result in branches], default=otherwise
    )


def all_hold(conditions: Sequence[Sql]) -> Sql:
    """The conditions joined by AND; true for none."""
    return exp.and_(*conditions, copy=False) if conditions else exp.true()


def any_holds(conditions: Sequence[Sql]) -> Sql:
    """The conditions joined by OR; false for none."""
    return exp.or_(*conditions, copy=False) if conditions else exp.false()


def is_null(code: Code) -> Sql:
    """Whether there is no value."""
    return exp.Is(this=code.copy, expression=exp.null())


def surely(condition: Sql) -> Sql:
    """The condition, false where it is null."""
    return exp.Coalesce(this=condition, expressions=[exp.false()])
