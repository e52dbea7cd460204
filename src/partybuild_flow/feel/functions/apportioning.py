"""Places shared out by numbers, and the order of values. Ours; largest remainder after A. Hamilton (1792)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal
from functools import cmp_to_key
from typing import Any, Final

from partybuild_flow.feel.arithmetic import NUMBERS
from partybuild_flow.feel.functions.signature import (
    Function,
    Parameter,
    Signature,
    function,
    may_take,
    takes,
)
from partybuild_flow.feel.types import ANY, NUMBER, TEXT, Type, Value, choice_of, list_of
from partybuild_flow.feel.values import key_of, precedence, rank_of

_LIST: Final = list_of(ANY)
_NUMBERS: Final = list_of(NUMBER)
_TEXTS: Final = list_of(TEXT)
_HIDDEN: Final = Parameter("", _TEXTS)
"""The values of an ordered choice, filled in where the list holds such a choice."""
_WAYS: Final = {
    "floor": ROUND_FLOOR,
    "取整": ROUND_FLOOR,
    "round": ROUND_HALF_UP,
    "四舍五入": ROUND_HALF_UP,
}
_DESCENDING: Final = {"asc": False, "升序": False, "desc": True, "降序": True}
_RATIO: Final = Context(prec=30)
"""A ratio such as 1/3 has 34 digits; a few fewer of its product tell that a third of three is one."""
_LARGEST: Final = Decimal(10) ** 34
"""Weights and totals beyond this, and weights with more places than its digits, are no numbers of anything counted."""


def _whole(number: Decimal) -> int | None:
    """A whole number that is not negative; None for any other."""
    whole = 0 <= number < _LARGEST and number == number.to_integral_value()
    return int(number) if whole else None


def quota(n: Decimal, ratio: Decimal, way: str) -> Decimal | None:
    """So much of a number as a ratio grants, as a whole number, half up where it is rounded."""
    if n < 0 or ratio < 0 or way not in _WAYS:
        return None
    granted = _RATIO.plus(NUMBERS.multiply(n, ratio))
    return NUMBERS.plus(granted.to_integral_value(_WAYS[way])) if granted < _LARGEST else None


def largest_remainder(
    weights: list[Decimal], total: Decimal, least: Decimal | None = None
) -> list[Decimal] | None:
    """Whole numbers that add up to the total: first the least each, then the rest in proportion to the weights.

    What is left over goes to the largest remainders, of equal ones to the larger weight, then in order.
    """
    from fractions import Fraction

    places, first = _whole(total), _whole(least or Decimal(0))
    if places is None or first is None or any(not _is_weight(weight) for weight in weights):
        return None
    rest, every = places - first * len(weights), sum(map(Fraction, weights))
    if rest < 0 or (rest and not every):
        return None
    exact = [Fraction(weight) * rest / every if every else Fraction(0) for weight in weights]
    shares = [int(share) for share in exact]
    by_claim = sorted(range(len(weights)), key=lambda at: (shares[at] - exact[at], -weights[at]))
    for at in by_claim[: rest - sum(shares)]:
        shares[at] += 1
    return [Decimal(first + share) for share in shares]


def _is_weight(weight: Decimal) -> bool:
    exponent = weight.as_tuple().exponent
    return 0 <= weight < _LARGEST and isinstance(exponent, int) and exponent >= -34


def _ranks(items: Sequence[Value], values: list[str] | None) -> list[Value]:
    """The items, or their places in an ordered choice."""
    return list(items) if values is None else [rank_of(item, values) for item in items]


def rank(items: list[Any], value: Value, values: list[str] | None = None) -> Decimal | None:
    """The place of a value among the items, 1 for the highest; equal ones share the best place.

    None for a value that is not among them, and for items without an order.
    """
    if key_of(value) not in map(key_of, items):
        return None
    [own], others = _ranks([value], values), _ranks(items, values)
    signs = [precedence(other, own) for other in others]
    return None if None in signs else Decimal(1 + sum(sign is not None and sign > 0 for sign in signs))


def sort(items: list[Any], way: str | None = None, values: list[str] | None = None) -> list[Any] | None:
    """The items from the least to the greatest, or the other way; equal ones keep their order."""
    keys = _ranks(items, values)
    if way not in (None, *_DESCENDING) or (keys and any(precedence(key, keys[0]) is None for key in keys)):
        return None

    def order(one: int, other: int) -> int:
        return precedence(keys[one], keys[other]) or 0

    ordered = sorted(
        range(len(items)),
        key=cmp_to_key(order),
        reverse=_DESCENDING[way] if way else False,
    )
    return [items[at] for at in ordered]


def _same(types: Sequence[Type]) -> Type:
    return types[0] if types[0].kind == "list" else _LIST


_WAY: Final = takes("way", choice_of(tuple(_WAYS)))
_ORDER: Final = takes("order", choice_of(tuple(_DESCENDING)))

FUNCTIONS: Final = (
    function("quota", [takes("n", NUMBER), takes("ratio", NUMBER), _WAY], NUMBER, quota),
    function(
        "largest remainder",
        [takes("weights", _NUMBERS), takes("total", NUMBER), may_take("least", NUMBER)],
        _NUMBERS,
        largest_remainder,
    ),
    Function(
        "rank",
        (
            Signature((takes("list", _LIST), takes("value", ANY)), NUMBER, rank),
            Signature((takes("list", _TEXTS), takes("value", TEXT), _HIDDEN), NUMBER, rank),
        ),
    ),
    Function(
        "sort",
        (
            Signature((takes("list", _LIST),), _same, sort),
            Signature((takes("list", _LIST), _ORDER), _same, sort),
            Signature(
                (takes("list", _TEXTS), _HIDDEN), _same, lambda items, values: sort(items, None, values)
            ),
            Signature((takes("list", _TEXTS), _ORDER, _HIDDEN), _same, sort),
        ),
    ),
)
