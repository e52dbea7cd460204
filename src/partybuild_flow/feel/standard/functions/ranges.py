"""How points and ranges lie to each other. Source: DMN 1.5, table 78, after HL7's Clinical Quality Language."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from partybuild_flow.feel.functions.signature import takes
from partybuild_flow.feel.standard.functions.builtin import Builtin, Untaken, builtin
from partybuild_flow.feel.standard.functions.constants import constant_of
from partybuild_flow.feel.standard.values import Interval, Value, precedence
from partybuild_flow.feel.types import ANY, RANGE


def _sign(one: Value, other: Value) -> int:
    """How two points lie to each other.

    Raises:
        Untaken: they have no order.
    """
    sign = precedence(one, other)
    if sign is None:
        raise Untaken
    return sign


def _end(end: Value, other: Value, *, low: bool, other_low: bool) -> int:
    """How two ends of ranges lie to each other; a missing one is infinitely far."""
    if end is None or other is None:
        one = 0 if end is not None else -1 if low else 1
        two = 0 if other is not None else -1 if other_low else 1
        return one - two
    return _sign(end, other)


def _starts(one: Interval, other: Interval) -> int:
    """The order of where two ranges begin; an end that is left out begins later."""
    sign = _end(one.low, other.low, low=True, other_low=True)
    return sign or int(other.low_included) - int(one.low_included)


def _ends(one: Interval, other: Interval) -> int:
    """The order of where two ranges end; an end that is left out ends earlier."""
    sign = _end(one.high, other.high, low=False, other_low=False)
    return sign or int(one.high_included) - int(other.high_included)


def _gap(one: Interval, other: Interval) -> int:
    """Negative if the first range ends before the second begins, zero if they share just that point."""
    sign = _end(one.high, other.low, low=False, other_low=True)
    return sign or (0 if one.high_included and other.low_included else -1)


def as_range(value: Value) -> Interval:
    """A point as the range that holds nothing else."""
    return value if isinstance(value, Interval) else Interval(value, value, True, True)


def _before(one: Value, other: Value) -> bool:
    return _gap(as_range(one), as_range(other)) < 0


def _meets(one: Interval, other: Interval) -> bool:
    return one.high_included and other.low_included and _gap(one, other) == 0


def _overlaps(one: Interval, other: Interval) -> bool:
    return _gap(one, other) >= 0 and _gap(other, one) >= 0


def _overlaps_before(one: Interval, other: Interval) -> bool:
    return _starts(one, other) < 0 <= _gap(one, other) and _ends(one, other) <= 0


def _finishes(one: Value, other: Interval) -> bool:
    if not isinstance(one, Interval):
        return other.high_included and other.high is not None and _sign(other.high, one) == 0
    return _ends(one, other) == 0 and _starts(one, other) >= 0


def _starts_it(one: Value, other: Interval) -> bool:
    if not isinstance(one, Interval):
        return other.low_included and other.low is not None and _sign(other.low, one) == 0
    return _starts(one, other) == 0 and _ends(one, other) <= 0


def _during(one: Value, other: Interval) -> bool:
    inner = as_range(one)
    return _starts(inner, other) >= 0 and _ends(inner, other) <= 0


def _coincides(one: Value, other: Value) -> bool:
    left, right = as_range(one), as_range(other)
    return _starts(left, right) == 0 and _ends(left, right) == 0


def _turned(body: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    return lambda one, other: body(other, one)


def _of_ranges(name: str, body: Callable[[Any, Any], bool]) -> Builtin:
    return builtin(name, ([takes("range1", RANGE), takes("range2", RANGE)], body))


def _with_point(name: str, body: Callable[[Any, Any], bool], *, first: bool) -> Builtin:
    """A function of two ranges, or of a point and a range."""
    point, range_ = takes("point", ANY), takes("range", RANGE)
    return builtin(
        name,
        ([takes("range1", RANGE), takes("range2", RANGE)], body),
        ([point, range_] if first else [range_, point], body),
    )


def _of_any(name: str, body: Callable[[Any, Any], bool]) -> Builtin:
    """A function of two ranges or points, however they are mixed."""
    pairs = (("range1", "range2"), ("point", "range"), ("range", "point"), ("point1", "point2"))
    kinds = {name: RANGE if name.startswith("range") else ANY for pair in pairs for name in pair}
    return builtin(
        name, *(([takes(one, kinds[one]), takes(other, kinds[other])], body) for one, other in pairs)
    )


def range_of(written: str) -> Interval | None:
    """The range that a text says, its ends as literals: `[1..10)`; an end that is left out may be missing."""
    text = written.strip()
    low, dots, high = text[1:-1].partition("..")
    if len(text) < 4 or not dots or text[0] not in "[(]" or text[-1] not in "])[":
        return None
    low_included, high_included = text[0] == "[", text[-1] == "]"
    ends = [constant_of(end) if end.strip() else None for end in (low, high)]
    missing = [end is None for end in ends]
    if all(missing) or (missing[0] and (low.strip() or low_included)):
        return None
    if missing[1] and (high.strip() or high_included):
        return None
    if not any(missing):
        sign = precedence(ends[0], ends[1])
        if sign is None or sign > 0:
            return None
    return Interval(ends[0], ends[1], low_included, high_included)


FUNCTIONS: Final = (
    _of_any("before", _before),
    _of_any("after", _turned(_before)),
    _of_any("coincides", _coincides),
    _of_ranges("meets", _meets),
    _of_ranges("met by", _turned(_meets)),
    _of_ranges("overlaps", _overlaps),
    _of_ranges("overlaps before", _overlaps_before),
    _of_ranges("overlaps after", _turned(_overlaps_before)),
    _with_point("finishes", _finishes, first=True),
    _with_point("finished by", _turned(_finishes), first=False),
    _with_point("includes", _turned(_during), first=False),
    _with_point("during", _during, first=True),
    _with_point("starts", _starts_it, first=True),
    _with_point("started by", _turned(_starts_it), first=False),
    builtin("range", ([takes("from", ANY)], lambda text: range_of(text) if isinstance(text, str) else None)),
)
