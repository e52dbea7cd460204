"""Functions of lists. Positions count from 1, from the end if negative. Source: DMN 1.5, clause 10.3.4.4."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from decimal import Decimal
from functools import reduce
from typing import Any, Final

from partybuild_flow.feel.arithmetic import NUMBERS
from partybuild_flow.feel.functions.signature import (
    Function,
    Parameter,
    Signature,
    function,
    may_take,
    takes,
    takes_any,
)
from partybuild_flow.feel.types import ANY, BOOLEAN, NUMBER, TEXT, Type, Value, joined, list_of
from partybuild_flow.feel.values import all_of, any_of, contains, key_of, precedence, rank_of

_LIST: Final = list_of(ANY)
_NUMBERS: Final = list_of(NUMBER)
_TEXTS: Final = list_of(TEXT)


def _item(types: Sequence[Type]) -> Type:
    return types[0].item or ANY


def _same(types: Sequence[Type]) -> Type:
    return types[0] if types[0].kind == "list" else _LIST


def _with_items(types: Sequence[Type]) -> Type:
    """The list with further items of the types after it."""
    return list_of(reduce(joined, types[1:], _item(types)))


def _with_lists(types: Sequence[Type]) -> Type:
    return list_of(reduce(joined, (each.item or ANY for each in types)))


def _flat(types: Sequence[Type]) -> Type:
    item = _item(types)
    while item.kind == "list":
        item = item.item or ANY
    return list_of(item)


def extreme(items: list[Value], *, sign: int) -> Value:
    """The least (sign -1) or greatest (sign 1) item; None for none or for items without an order."""
    best: Value = None
    for number, item in enumerate(items):
        order = precedence(item, item if number == 0 else best)
        if order is None:
            return None
        if number == 0 or order * sign > 0:
            best = item
    return best


def extreme_choice(items: list[str], values: list[str], *, sign: int) -> Value:
    """The least or greatest item by the order of the choice's values."""
    ranks = [rank_of(item, values) for item in items]
    best = extreme(list(ranks), sign=sign)
    return values[int(best)] if isinstance(best, Decimal) else None


def total(items: list[Decimal]) -> Decimal | None:
    """The sum; None of nothing."""
    return reduce(NUMBERS.add, items) if items else None


def product(items: list[Decimal]) -> Decimal | None:
    """The product; None of nothing."""
    return reduce(NUMBERS.multiply, items) if items else None


def mean(items: list[Decimal]) -> Decimal | None:
    """The arithmetic mean; None of nothing."""
    return NUMBERS.divide(reduce(NUMBERS.add, items), Decimal(len(items))) if items else None


def median(items: list[Decimal]) -> Decimal | None:
    """The middle one, or the mean of the two in the middle; None of nothing."""
    ranked = sorted(items)
    middle = len(ranked) // 2
    return (
        mean(ranked[middle : middle + 1] if len(ranked) % 2 else ranked[middle - 1 : middle + 1])
        if ranked
        else None
    )


def stddev(items: list[Decimal]) -> Decimal | None:
    """The standard deviation of a sample; None of fewer than two."""
    average = mean(items)
    if average is None or len(items) < 2:
        return None
    squares = (NUMBERS.power(NUMBERS.subtract(item, average), Decimal(2)) for item in items)
    return NUMBERS.sqrt(NUMBERS.divide(reduce(NUMBERS.add, squares), Decimal(len(items) - 1)))


def mode(items: list[Decimal]) -> list[Decimal]:
    """The most frequent ones, in ascending order."""
    counts = Counter(items)
    most = max(counts.values(), default=0)
    return sorted(item for item, count in counts.items() if count == most)


def place_of(items: list[Any], position: Decimal) -> int | None:
    """The index of a position in the list; None if it lies outside."""
    if position != position.to_integral_value() or not 1 <= abs(position) <= len(items):
        return None
    return int(position) - 1 if position > 0 else len(items) + int(position)


def sublist(items: list[Any], start: Decimal, length: Decimal | None = None) -> list[Any] | None:
    """So many items from a position."""
    begin = place_of(items, start)
    if begin is None:
        return None
    if length is None:
        return items[begin:]
    if length != length.to_integral_value() or not 0 <= length <= len(items) - begin:
        return None
    return items[begin : begin + int(length)]


def insert_before(items: list[Any], position: Decimal, item: Value) -> list[Any] | None:
    """The list with one more item at a position."""
    place = place_of(items, position)
    return None if place is None else [*items[:place], item, *items[place:]]


def remove(items: list[Any], position: Decimal) -> list[Any] | None:
    """The list without the item at a position."""
    place = place_of(items, position)
    return None if place is None else [*items[:place], *items[place + 1 :]]


def index_of(items: list[Any], match: Value) -> list[Decimal]:
    """The positions of all equal items."""
    wanted = key_of(match)
    return [Decimal(number) for number, item in enumerate(items, 1) if key_of(item) == wanted]


def distinct_values(items: list[Any]) -> list[Any]:
    """The items in order, each of several equal ones once."""
    first: dict[Hashable, Any] = {}
    for item in items:
        first.setdefault(key_of(item), item)
    return list(first.values())


def concatenate(*lists: list[Any]) -> list[Any]:
    """The items of all lists."""
    return [item for each in lists for item in each]


def flatten(items: list[Any]) -> list[Any]:
    """The items of all lists inside, however deep."""
    flat: list[Any] = []
    for item in items:
        if isinstance(item, list):
            flat.extend(flatten(item))
        else:
            flat.append(item)
    return flat


def _extreme(name: str, sign: int) -> Function:
    """`min` or `max`; the parameter without a name is filled in for ordered choices."""

    def plain(items: list[Value]) -> Value:
        return extreme(items, sign=sign)

    def choices(items: list[str], values: list[str]) -> Value:
        return extreme_choice(items, values, sign=sign)

    items = takes("list", _LIST)
    return Function(
        name,
        (
            Signature((items,), _item, plain),
            Signature((takes("list", _TEXTS), Parameter("", _TEXTS)), _item, choices),
        ),
        gathers=True,
    )


def _of_numbers(name: str, result: Type, body: Callable[[list[Decimal]], Value]) -> Function:
    return function(name, [takes("list", _NUMBERS)], result, body, gathers=True)


FUNCTIONS: Final = (
    function("list contains", [takes("list", _LIST), takes_any("element", ANY)], BOOLEAN, contains),
    function("count", [takes("list", _LIST)], NUMBER, lambda items: Decimal(len(items))),
    _extreme("min", -1),
    _extreme("max", 1),
    _of_numbers("sum", NUMBER, total),
    _of_numbers("product", NUMBER, product),
    _of_numbers("mean", NUMBER, mean),
    _of_numbers("median", NUMBER, median),
    _of_numbers("stddev", NUMBER, stddev),
    _of_numbers("mode", _NUMBERS, mode),
    function("all", [takes("list", _LIST)], BOOLEAN, all_of, gathers=True),
    function("any", [takes("list", _LIST)], BOOLEAN, any_of, gathers=True),
    function(
        "sublist",
        [takes("list", _LIST), takes("start position", NUMBER), may_take("length", NUMBER)],
        _same,
        sublist,
    ),
    Function(
        "append",
        (
            Signature(
                (takes("list", _LIST), takes_any("item", ANY)),
                _with_items,
                lambda items, *more: [*items, *more],
                repeated=True,
            ),
        ),
    ),
    Function("concatenate", (Signature((takes("list", _LIST),), _with_lists, concatenate, repeated=True),)),
    Function(
        "union",
        (
            Signature(
                (takes("list", _LIST),),
                _with_lists,
                lambda *lists: distinct_values(concatenate(*lists)),
                repeated=True,
            ),
        ),
    ),
    function(
        "insert before",
        [takes("list", _LIST), takes("position", NUMBER), takes_any("newItem", ANY)],
        lambda types: list_of(joined(_item(types), types[-1])),
        insert_before,
    ),
    function("remove", [takes("list", _LIST), takes("position", NUMBER)], _same, remove),
    function("reverse", [takes("list", _LIST)], _same, lambda items: items[::-1]),
    function("index of", [takes("list", _LIST), takes_any("match", ANY)], _NUMBERS, index_of),
    function("distinct values", [takes("list", _LIST)], _same, distinct_values),
    function("flatten", [takes("list", _LIST)], _flat, flatten),
)
