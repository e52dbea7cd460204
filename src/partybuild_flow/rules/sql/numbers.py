"""Exact arithmetic of SQL decimals, and of the quotients that SQL cannot have. Pure.

A quotient has up to 34 digits in FEEL and no exact form in SQL. It is compiled only where its digits
do not matter: compared with a number, by multiplying out, and rounded, by whole division.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final, NamedTuple

from sqlglot import exp

from partybuild_flow.rules.sql.codes import (
    MOST_DIGITS,
    NARROW,
    NULL,
    WIDEST,
    Code,
    Digits,
    Sql,
    Unfit,
    all_hold,
    any_holds,
    as_decimal,
    case,
    cast,
    hold,
    is_null,
    number,
)
from partybuild_flow.rules.sql.dialects import Dialect, whole_quotient

_BINARY: Final[dict[str, type[exp.Binary]]] = {"+": exp.Add, "-": exp.Sub, "*": exp.Mul}
COMPARISONS: Final[dict[str, type[exp.Binary]]] = {
    "<": exp.LT,
    "<=": exp.LTE,
    ">": exp.GT,
    ">=": exp.GTE,
    "=": exp.EQ,
    "!=": exp.NEQ,
}
MIRRORED: Final = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "=", "!=": "!="}
_NOUGHT: Final = exp.Literal.number(0)


class Quotient(NamedTuple):
    """A number that is not divided out: `top` through `bottom`."""

    top: Code
    bottom: Code


def arithmetic(operator: str, left: Code, right: Code) -> Code:
    """A sum, difference or product. Raises Unfit where FEEL might round it."""
    if "null" in (left.kind, right.kind):
        return NULL
    if operator == "*":
        digits = Digits(left.digits.whole + right.digits.whole, left.digits.scale + right.digits.scale)
    else:
        joined = left.digits.joined(right.digits)
        digits = Digits(joined.whole + 1, joined.scale)
    hold(digits)
    one, other = (_operand(each, digits, operator) for each in (left, right))
    return Code(exp.Paren(this=_BINARY[operator](this=one, expression=other)), "number", digits)


def _operand(code: Code, digits: Digits, operator: str) -> Sql:
    """The operand, wide enough for the result: DuckDB's results are as wide as their operands."""
    scale = code.digits.scale
    if operator == "*":
        # A product that is wide needs one wide operand, and is never wider than it can be.
        return as_decimal(
            code, Digits(digits.width - scale if digits.width > NARROW else code.digits.whole, scale)
        )
    return as_decimal(code, Digits(digits.whole, scale))


def negative(code: Code) -> Code:
    """The number with the other sign."""
    return (
        NULL if code.kind == "null" else Code(exp.Paren(this=exp.Neg(this=code.copy)), "number", code.digits)
    )


def scaled(found: Quotient, factor: Code, value: Decimal) -> Quotient:
    """A quotient times a power of ten, which changes no digit of it. Raises Unfit for other factors."""
    if value <= 0 or value.normalize().as_tuple().digits != (1,):
        raise Unfit("division")
    return Quotient(arithmetic("*", found.top, factor), found.bottom)


def compared(operator: str, found: Quotient, other: Code) -> Sql:
    """A quotient compared with a number, multiplied out; null where the divisor is zero or anything is missing.

    Raises:
        Unfit: the quotient may lie so near to the number that its 34 digits equal it.
    """
    if other.kind == "null":
        return exp.null()
    top, bottom = found
    gap = max(top.digits.scale, other.digits.scale + bottom.digits.scale) + bottom.digits.whole
    if gap + other.digits.whole + 2 > MOST_DIGITS:
        raise Unfit("division")
    product = arithmetic("*", other, bottom)
    one, two = aligned(top, product)
    straight = COMPARISONS[operator](this=one, expression=two)
    turned = COMPARISONS[MIRRORED[operator]](this=one.copy(), expression=two.copy())
    positive = exp.GT(this=bottom.copy, expression=_NOUGHT.copy())
    below = exp.LT(this=bottom.copy, expression=_NOUGHT.copy())
    return case((positive, straight), (below, turned))


def between_quotients(operator: str, left: Quotient, right: Quotient) -> Sql:
    """Two quotients compared, multiplied out: equal ones have the same 34 digits. Raises Unfit as `compared` does."""
    if "null" in {each.kind for each in (*left, *right)}:
        return cast(exp.null(), "boolean")
    apart = left.bottom.digits.width + right.bottom.digits.width
    if apart + max(left.top.digits.whole, right.top.digits.whole) + 2 > MOST_DIGITS:
        raise Unfit("division")
    one, two = aligned(arithmetic("*", left.top, right.bottom), arithmetic("*", right.top, left.bottom))
    straight = COMPARISONS[operator](this=one, expression=two)
    turned = COMPARISONS[MIRRORED[operator]](this=one.copy(), expression=two.copy())
    alike = any_holds(
        [
            exp.Paren(this=all_hold([_sign(left.bottom, sign), _sign(right.bottom, sign)]))
            for sign in (exp.GT, exp.LT)
        ]
    )
    differ = any_holds(
        [
            exp.Paren(this=all_hold([_sign(left.bottom, sign), _sign(right.bottom, other)]))
            for sign, other in ((exp.GT, exp.LT), (exp.LT, exp.GT))
        ]
    )
    return case((alike, straight), (differ, turned))


def aligned(left: Code, right: Code) -> tuple[Sql, Sql]:
    """Two numbers as SQL compares them. Raises Unfit where no DECIMAL holds both."""
    if left.digits.joined(right.digits).width > WIDEST:
        raise Unfit("digits")
    return left.copy, right.copy


def rounded(found: Quotient, places: int, dialect: Dialect) -> Code:
    """A quotient rounded half up, away from zero, to so many places: whole division of scaled numbers.

    Raises:
        Unfit: so many digits have no exact form, or FEEL's 34 digits might round otherwise.
    """
    top, bottom = found
    scale = max(top.digits.scale, bottom.digits.scale)
    whole = top.digits.whole + bottom.digits.scale + 1
    above, below = top.digits.whole + scale + places + 1, bottom.digits.whole + scale + 1
    if below + places + 2 + whole > MOST_DIGITS - 1 or above + 1 > WIDEST - 1 or places < 0:
        raise Unfit("division")
    if dialect == "spark" and whole + places > NARROW:
        raise Unfit("division")
    dividend = arithmetic(
        "*", Code(_magnitude(top), "number", top.digits), number(Decimal(2).scaleb(scale + places))
    )
    divisor = arithmetic("*", Code(_magnitude(bottom), "number", bottom.digits), number(Decimal(10) ** scale))
    dividend = arithmetic("+", dividend, divisor)
    divisor = arithmetic("*", divisor, number(Decimal(2)))
    # A divisor of zero gives null, as in FEEL; PostgreSQL and Spark would fail.
    safe = exp.Nullif(this=_whole(divisor), expression=_NOUGHT.copy())
    digits = Digits(whole + places, 0)
    sized = as_decimal(Code(whole_quotient(_whole(dividend), safe, dialect), "number", digits), digits)
    result = arithmetic("*", Code(sized, "number", digits), number(Decimal(1).scaleb(-places)))
    signs = [
        all_hold([_sign(top, exp.LT), _sign(bottom, exp.GT)]),
        all_hold([_sign(top, exp.GT), _sign(bottom, exp.LT)]),
    ]
    turned = case((any_holds(signs), exp.Neg(this=result.copy)), otherwise=result.copy)
    return Code(turned, "number", Digits(whole, places))


def _sign(code: Code, comparison: type[exp.Binary]) -> Sql:
    return comparison(this=code.copy, expression=_NOUGHT.copy())


def _magnitude(code: Code) -> Sql:
    return exp.Abs(this=code.copy)


def _whole(code: Code) -> Sql:
    """A number that has no places any more, as a DECIMAL without them."""
    return as_decimal(Code(code.sql, "number", code.digits), Digits(code.digits.whole, 0))


def floor(code: Code, places: int, *, up: bool = False) -> Code:
    """The greatest number with so many places that is not above the number; `up`: the least not below it."""
    if code.digits.scale <= places or code.kind == "null":
        return code
    digits = hold(Digits(code.digits.whole + 1, places))
    shifted = code if not places else arithmetic("*", code, number(Decimal(10) ** places))
    whole: Sql = exp.Ceil(this=shifted.copy) if up else exp.Floor(this=shifted.copy)
    if not places:
        return Code(whole, "number", digits)
    cut = Code(whole, "number", Digits(digits.whole + places, 0))
    result = arithmetic("*", cut, number(Decimal(1).scaleb(-places)))
    return Code(result.sql, "number", digits)


def half_up(code: Code, places: int) -> Code:
    """The number rounded half up, away from zero."""
    if code.digits.scale <= places or code.kind == "null":
        return code
    digits = hold(Digits(code.digits.whole + 1, places))
    wide = as_decimal(code, Digits(code.digits.whole + 1, code.digits.scale))
    return Code(exp.Round(this=wide, decimals=exp.Literal.number(places)), "number", digits)


def truncated(code: Code, places: int, *, away: bool) -> Code:
    """The number cut off towards zero, or rounded away from it."""
    if code.digits.scale <= places or code.kind == "null":
        return code
    positive = exp.GTE(this=code.copy, expression=_NOUGHT.copy())
    above, below = floor(code, places, up=away), floor(code, places, up=not away)
    return Code(case((positive, above.copy), otherwise=below.copy), "number", above.digits)


def extreme(codes: list[Code], *, least: bool) -> Code:
    """The least or greatest of several values; null if one is missing."""
    if any(each.kind == "null" for each in codes):
        return NULL
    digits = codes[0].digits
    for each in codes[1:]:
        digits = digits.joined(each.digits)
    if digits.width > WIDEST:
        raise Unfit("digits")
    parts = [as_decimal(each, digits) if each.kind == "number" else each.copy for each in codes]
    function = exp.Least if least else exp.Greatest
    found = function(this=parts[0], expressions=parts[1:])
    missing = [is_null(each) for each in codes if not each.constant]
    # SQL passes over what is missing, FEEL does not.
    sql = case((exp.Not(this=exp.Paren(this=any_holds(missing))), found)) if missing else found
    return Code(sql, codes[0].kind, digits, codes[0].counted)


def rounding(name: str, code: Code, places: int) -> Code:
    """The number after one of FEEL's functions. Raises Unfit for what SQL rounds otherwise."""
    if code.kind == "null":
        return NULL
    match name:
        case "abs":
            return Code(exp.Abs(this=code.copy), "number", code.digits)
        case "floor" | "ceiling":
            return floor(code, places, up=name == "ceiling")
        case "round up" | "round down":
            return truncated(code, places, away=name == "round up")
        case "round half up":
            return half_up(code, places)
        case _ if code.digits.scale <= places:
            return code
        case _:
            raise Unfit("function")


def fits(digits: Digits) -> None:
    """Raises Unfit where no DECIMAL holds so many digits."""
    if digits.width > WIDEST:
        raise Unfit("digits")
