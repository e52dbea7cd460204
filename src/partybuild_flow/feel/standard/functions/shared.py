"""What definitions and the standard have alike: functions of numbers and texts that care for no type beforehand."""

from __future__ import annotations

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
    Decimal,
)
from typing import Final

from partybuild_flow.feel.arithmetic import NUMBERS
from partybuild_flow.feel.functions import FUNCTIONS as OURS
from partybuild_flow.feel.functions.numeric import rounded
from partybuild_flow.feel.functions.signature import may_take, takes, takes_any
from partybuild_flow.feel.pattern import is_found, replace_all
from partybuild_flow.feel.standard.functions.builtin import Builtin, builtin, from_dialect
from partybuild_flow.feel.standard.lengths import YearMonthDuration
from partybuild_flow.feel.standard.values import is_same
from partybuild_flow.feel.types import ANY, BOOLEAN, DURATION, MONTHS, NUMBER, TEXT

_ALIKE: Final = (
    "modulo,sqrt,log,exp,odd,even,string length,upper case,lower case,substring before,substring after,"
    "contains,starts with,ends with,split,string join,"
    "sum,product,mean,median,stddev,mode,all,any,append,concatenate,reverse,insert before,remove"
)


def substring(string: str, start: Decimal, length: Decimal | None = None) -> str | None:
    """So many characters from a position, or as many as there are; from the end if the position is negative."""
    position = int(start)
    if not 1 <= abs(position) <= len(string) or (length is not None and length < 1):
        return None
    begin = position - 1 if position > 0 else len(string) + position
    return (
        string[begin:] if length is None else string[begin : begin + int(min(length, Decimal(len(string))))]
    )


def _scaled(way: str) -> Callable[[Decimal, Decimal], Decimal | None]:
    """A rounding to so many digits after the point; what a scale has after its own point does not count."""

    def body(number: Decimal, scale: Decimal) -> Decimal | None:
        result = rounded(number, Decimal(int(scale)), way)
        exponent = number.as_tuple().exponent
        if way != ROUND_HALF_EVEN or result is None or not isinstance(exponent, int):
            return result
        return _padded(result, int(scale))

    return body


def _padded(number: Decimal, scale: int) -> Decimal:
    """The number with that scale, where its digits allow it: `decimal(1, 2)` is 1.00."""
    places = 34 - max(number.adjusted() + 1, 1)
    return number.quantize(Decimal(1).scaleb(-min(scale, places)), context=NUMBERS) if scale > 0 else number


def _rounding(name: str, way: str, *, bare: bool = False) -> Builtin:
    number, scale, body = takes("n", NUMBER), takes("scale", NUMBER), _scaled(way)
    whole = ([number], lambda n: body(n, Decimal(0)))
    return builtin(name, *([whole] if bare else []), ([number, scale], body))


def _plainly(pattern: str, flags: str | None) -> tuple[str, str]:
    """A pattern and its flags without `q`, which says that it is no pattern but the text itself."""
    if flags is None or "q" not in flags:
        return pattern, flags or ""
    escaped = "".join(f"\\{each}" if each in "\\|.?*+(){}[]^$-" else each for each in pattern)
    return escaped, "i" if "i" in flags else ""


def matches(text: str, pattern: str, flags: str | None = None) -> bool | None:
    """Whether a text holds a match of a pattern."""
    plain, others = _plainly(pattern, flags)
    return is_found(plain, others, text, liberal=True)


def replace(text: str, pattern: str, replacement: str, flags: str | None = None) -> str | None:
    """A text with all matches of a pattern replaced."""
    plain, others = _plainly(pattern, flags)
    if "q" in (flags or ""):
        replacement = replacement.replace("\\", "\\\\").replace("$", "\\$")
    return replace_all(plain, others, text, replacement, liberal=True)


_PATTERN: Final = [takes("input", TEXT), takes("pattern", TEXT)]

FUNCTIONS: Final = (
    builtin("matches", ([*_PATTERN, may_take("flags", TEXT)], matches)),
    builtin("replace", ([*_PATTERN, takes("replacement", TEXT), may_take("flags", TEXT)], replace)),
    *(from_dialect(OURS[name]) for name in _ALIKE.split(",")),
    builtin("not", ([takes("negand", BOOLEAN)], lambda negand: not negand)),
    builtin("is", ([takes_any("value1", ANY), takes_any("value2", ANY)], is_same)),
    builtin(
        "substring",
        ([takes("string", TEXT), takes("start position", NUMBER), may_take("length", NUMBER)], substring),
    ),
    _rounding("decimal", ROUND_HALF_EVEN),
    _rounding("floor", ROUND_FLOOR, bare=True),
    _rounding("ceiling", ROUND_CEILING, bare=True),
    _rounding("round up", ROUND_UP),
    _rounding("round down", ROUND_DOWN),
    _rounding("round half up", ROUND_HALF_UP),
    _rounding("round half down", ROUND_HALF_DOWN),
    builtin(
        "abs",
        ([takes("n", NUMBER)], NUMBERS.abs),
        ([takes("n", DURATION)], timedelta.__abs__),
        ([takes("n", MONTHS)], lambda n: YearMonthDuration(abs(n.months))),
    ),
)
