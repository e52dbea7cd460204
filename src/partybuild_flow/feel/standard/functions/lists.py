"""Functions of lists that compare or order their items. Source: DMN 1.5, clauses 10.3.4.4 and 10.3.4.8."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from decimal import Decimal
from functools import cmp_to_key
from typing import Any, Final

from partybuild_flow.feel.functions.listing import place_of
from partybuild_flow.feel.functions.signature import may_take, takes, takes_any
from partybuild_flow.feel.standard.functions.builtin import builtin
from partybuild_flow.feel.standard.values import LARGEST, Invocable, Value, equal, key_of, precedence, size_of
from partybuild_flow.feel.types import ANY, FUNCTION, NUMBER, list_of

_LIST: Final = list_of(ANY)


def extreme(items: list[Value], sign: int) -> Value:
    """The least (sign -1) or greatest (sign 1) item; None for none or for items without an order."""
    best: Value = None
    for number, item in enumerate(items):
        order = precedence(item, item if number == 0 else best)
        if order is None:
            return None
        if number == 0 or order * sign > 0:
            best = item
    return best


def sublist(items: list[Any], start: Decimal, length: Decimal | None = None) -> list[Any] | None:
    """So many items from a position."""
    begin = place_of(items, start)
    if begin is None or length is None:
        return None if begin is None else items[begin:]
    if length != length.to_integral_value() or not 1 <= length <= len(items) - begin:
        return None
    return items[begin : begin + int(length)]


def replaced(items: list[Any], position: Decimal, item: Value) -> list[Any] | None:
    """The list with another item at a position."""
    place = place_of(items, position)
    return None if place is None else [*items[:place], item, *items[place + 1 :]]


def replaced_where(items: list[Any], match: Invocable, item: Value) -> list[Any] | None:
    """The list with another item wherever a function of an item and the new one is true."""
    verdicts = [match.call([each, item]) for each in items]
    if not all(isinstance(verdict, bool) for verdict in verdicts):
        return None
    return [item if verdict else each for each, verdict in zip(items, verdicts, strict=True)]


def distinct(items: list[Any]) -> list[Any] | None:
    """The items in order, each of several equal ones once."""
    if size_of(items, LARGEST) > LARGEST:
        return None
    first: dict[Hashable, Any] = {}
    for item in items:
        first.setdefault(key_of(item), item)
    return list(first.values())


def contains(items: list[Any], element: Value) -> bool:
    """Whether a list holds an equal item."""
    return any(equal(item, element) is True for item in items)


def index_of(items: list[Any], match: Value) -> list[Decimal]:
    """The positions of all equal items."""
    return [Decimal(number) for number, item in enumerate(items, 1) if equal(item, match) is True]


def flatten(items: list[Any]) -> list[Any] | None:
    """The items of all lists inside, however deep; None if they are too many."""
    return list(_flat(items)) if size_of(items, LARGEST) <= LARGEST else None


def _flat(items: list[Any]) -> Iterator[Any]:
    waiting = [iter(items)]
    while waiting:
        for item in waiting[-1]:
            if isinstance(item, list):
                waiting.append(iter(item))
                break
            yield item
        else:
            waiting.pop()


class _Unordered(Exception):
    """Two items have no order."""


def ordered(items: list[Any], precedes: Invocable | None = None) -> list[Any] | None:
    """The items in the order of a function that says which of two comes first; else from the least."""

    def natural(one: Value, other: Value) -> int:
        sign = precedence(one, other)
        if sign is None:
            raise _Unordered
        return sign

    def asked(one: Value, other: Value) -> int:
        verdicts = [precedes.call(pair) for pair in ([one, other], [other, one])] if precedes else []
        if not all(isinstance(verdict, bool) for verdict in verdicts):
            raise _Unordered
        return int(verdicts[1]) - int(verdicts[0])

    try:
        return sorted(items, key=cmp_to_key(natural if precedes is None else asked))
    except _Unordered:
        return None


FUNCTIONS: Final = (
    builtin("list contains", ([takes("list", _LIST), takes_any("element", ANY)], contains)),
    builtin("count", ([takes("list", _LIST)], lambda items: Decimal(len(items))), gathers=False),
    builtin("min", ([takes("list", _LIST)], lambda items: extreme(items, -1)), gathers=True),
    builtin("max", ([takes("list", _LIST)], lambda items: extreme(items, 1)), gathers=True),
    builtin(
        "sublist",
        ([takes("list", _LIST), takes("start position", NUMBER), may_take("length", NUMBER)], sublist),
    ),
    builtin("index of", ([takes("list", _LIST), takes_any("match", ANY)], index_of)),
    builtin(
        "union",
        ([takes("list", _LIST)], lambda *lists: distinct([item for each in lists for item in each])),
        repeated=True,
    ),
    builtin("distinct values", ([takes("list", _LIST)], distinct)),
    builtin("flatten", ([takes("list", _LIST)], flatten)),
    builtin(
        "list replace",
        ([takes("list", _LIST), takes("position", NUMBER), takes_any("newItem", ANY)], replaced),
        ([takes("list", _LIST), takes("match", FUNCTION), takes_any("newItem", ANY)], replaced_where),
    ),
    builtin(
        "sort",
        ([takes("list", _LIST), takes("precedes", FUNCTION)], ordered),
        ([takes("list", _LIST)], ordered),
    ),
)
