"""What a loop over a range runs over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from partybuild_flow.feel.standard.values import Interval, Value

LONGEST_LIST: Final = 1_000_000


def counted(limits: Interval) -> Sequence[Value] | None:
    """The whole numbers or the days of a range, in either direction; None for any other range."""
    low, high = limits.low, limits.high
    if type(low) is date and type(high) is date:
        one, other = low.toordinal(), high.toordinal()
    elif isinstance(low, Decimal) and isinstance(high, Decimal):
        if (
            low != low.to_integral_value()
            or high != high.to_integral_value()
            or abs(high - low) > LONGEST_LIST
        ):
            return None
        one, other = int(low), int(high)
    else:
        return None
    step = 1 if one <= other else -1
    numbers = list(range(one, other + step, step))
    numbers = numbers[0 if limits.low_included else 1 : len(numbers) if limits.high_included else -1]
    return [date.fromordinal(each) if isinstance(low, date) else Decimal(each) for each in numbers]
