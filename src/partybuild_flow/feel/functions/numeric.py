"""Functions of numbers. Source: DMN 1.5, clause 10.3.4.5."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Context,
    Decimal,
    InvalidOperation,
)
from typing import Final

from partybuild_flow.feel.arithmetic import NUMBERS
from partybuild_flow.feel.functions.signature import Function, Signature, function, may_take, takes
from partybuild_flow.feel.types import BOOLEAN, DURATION, NUMBER, TEXT

_LEAST_SCALE: Final = -6111
_MOST_SCALE: Final = 6176
_WRITTEN: Final = re.compile(r"-?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?", re.ASCII)
_SEPARATORS: Final = (" ", ",", ".", None)
_ROOMY: Final = Context(prec=200, Emin=-99999, Emax=99999, traps=[InvalidOperation])


def rounded(number: Decimal, scale: Decimal, rounding: str) -> Decimal | None:
    """A number with at most so many digits after the point; a negative scale rounds to tens, hundreds …"""
    if scale != scale.to_integral_value() or not _LEAST_SCALE <= scale <= _MOST_SCALE:
        return None
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int) or exponent >= -scale:
        return number
    return NUMBERS.plus(number.quantize(Decimal(1).scaleb(-int(scale)), rounding, _ROOMY))


def _rounding(name: str, rounding: str, *, scaled: bool) -> Function:
    def body(number: Decimal, scale: Decimal | None = None) -> Decimal | None:
        return rounded(number, Decimal(0) if scale is None else scale, rounding)

    scale = takes("scale", NUMBER) if scaled else may_take("scale", NUMBER)
    return function(name, [takes("n", NUMBER), scale], NUMBER, body)


def modulo(dividend: Decimal, divisor: Decimal) -> Decimal:
    """The remainder with the sign of the divisor."""
    rest = NUMBERS.remainder(dividend, divisor)
    return NUMBERS.add(rest, divisor) if rest and (rest < 0) != (divisor < 0) else rest


def number_of(written: str, grouping: str | None = None, point: str | None = None) -> Decimal | None:
    """The number that a text says, with the separators that it uses."""
    if grouping not in _SEPARATORS or point not in (".", ",", None) or (point or ".") == grouping:
        return None
    plain = written.replace(grouping, "") if grouping else written
    plain = plain.replace(point, ".") if point else plain
    if len(plain) > 400 or not _WRITTEN.fullmatch(plain):
        return None
    return NUMBERS.create_decimal(plain)


def _real(compute: Callable[[Decimal], Decimal]) -> Callable[[Decimal], Decimal | None]:
    """The function, without the results that are no numbers."""

    def body(number: Decimal) -> Decimal | None:
        result = compute(number)
        return result if result.is_finite() else None

    return body


def _parity(number: Decimal, rest: int) -> bool:
    """Whether a whole number has this remainder after a division by two; without writing out a huge one."""
    if number != number.to_integral_value():
        return False
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int) or exponent > 0:
        return rest == 0
    return int(number.to_integral_value()) % 2 == rest


FUNCTIONS: Final = (
    function(
        "decimal",
        [takes("n", NUMBER), takes("scale", NUMBER)],
        NUMBER,
        lambda n, scale: rounded(n, scale, ROUND_HALF_EVEN),
    ),
    _rounding("floor", ROUND_FLOOR, scaled=False),
    _rounding("ceiling", ROUND_CEILING, scaled=False),
    _rounding("round up", ROUND_UP, scaled=True),
    _rounding("round down", ROUND_DOWN, scaled=True),
    _rounding("round half up", ROUND_HALF_UP, scaled=True),
    _rounding("round half down", ROUND_HALF_DOWN, scaled=True),
    Function(
        "abs",
        (
            Signature((takes("n", NUMBER),), NUMBER, NUMBERS.abs),
            Signature((takes("n", DURATION),), DURATION, timedelta.__abs__),
        ),
    ),
    function("modulo", [takes("dividend", NUMBER), takes("divisor", NUMBER)], NUMBER, modulo),
    function("sqrt", [takes("number", NUMBER)], NUMBER, _real(NUMBERS.sqrt)),
    function("log", [takes("number", NUMBER)], NUMBER, _real(NUMBERS.ln)),
    function("exp", [takes("number", NUMBER)], NUMBER, _real(NUMBERS.exp)),
    function("odd", [takes("number", NUMBER)], BOOLEAN, lambda number: _parity(number, 1)),
    function("even", [takes("number", NUMBER)], BOOLEAN, lambda number: _parity(number, 0)),
    function(
        "number",
        [takes("from", TEXT), may_take("grouping separator", TEXT), may_take("decimal separator", TEXT)],
        NUMBER,
        number_of,
    ),
)
