"""Values between Python and the standard's FEEL."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final

from partybuild_flow.feel.arithmetic import NUMBERS
from partybuild_flow.feel.standard import Value, YearMonthDuration
from partybuild_flow.feel.standard.values import size_of

DEEPEST: Final = 100
"""How deep values may lie inside each other."""
LARGEST: Final = 5_000_000
"""How many values a result may hold."""
_SAME: Final = (bool, str, datetime, date, time, timedelta, YearMonthDuration)


def value_in(given: Any, tell: Callable[[str], None], depth: int = 0) -> Value:
    """What a program hands in, as a value; null, and why, for what is none."""
    if given is None or isinstance(given, _SAME):
        return given
    if depth > DEEPEST:
        tell(f"a value is nested deeper than {DEEPEST}")
        return None
    if isinstance(given, (Decimal, int, float)):
        number = Decimal(repr(given)) if isinstance(given, float) else Decimal(given)
        if number.is_finite():
            try:
                return NUMBERS.plus(number)
            except ArithmeticError:
                pass
        tell(f"{given} is no number of FEEL")
        return None
    if isinstance(given, Mapping):
        return {str(name): value_in(item, tell, depth + 1) for name, item in given.items()}
    if isinstance(given, (list, tuple)):
        return [value_in(item, tell, depth + 1) for item in given]
    tell(f"a {type(given).__name__} is no value of FEEL")
    return None


def value_out(value: Value, tell: Callable[[str], None]) -> Any:
    """A value as a program gets it; null, and why, for a range or function, which only FEEL has."""
    if size_of(value, LARGEST) > LARGEST:
        tell(f"the result holds more than {LARGEST} values")
        return None
    return _out(value, tell)


def _out(value: Value, tell: Callable[[str], None]) -> Any:
    if isinstance(value, list):
        return [_out(item, tell) for item in value]
    if isinstance(value, dict):
        return {name: _out(item, tell) for name, item in value.items()}
    if value is None or isinstance(value, (*_SAME, Decimal)):
        return value
    tell("the result is a range or a function, which only FEEL has")
    return None
