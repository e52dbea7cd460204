"""Where a case may do better: each value that may be changed, with the values beside it in its own steps."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final, NamedTuple

from partybuild_flow.feel import Value

if TYPE_CHECKING:
    from partybuild_flow.definition import Field

REACH: Final = 1_000_000
"""So many steps are looked at where a field has no bound."""
_DAYS: Final = 3_660


class Line(NamedTuple):
    """Values in one direction: how many there are, and the value so many steps away (from 1)."""

    length: int
    value: Callable[[int], Value]


class Place(NamedTuple):
    """A field, or a column of one item of a list of records, or whether a list holds one of its choices."""

    field: Field
    part: Field
    """What holds the value: the field itself or the column."""
    value: Value
    lines: tuple[Line, ...]
    item: int | None = None
    choice: str | None = None

    def put(self, held: Value, value: Value) -> Value:
        """The value of the whole field with this value at the place."""
        if self.choice is not None:
            kept = [each for each in held if each != self.choice] if isinstance(held, list) else []
            return [*kept, self.choice] if value is True else kept
        if self.item is not None and isinstance(held, list):
            return [
                {**each, self.part.id: value} if at == self.item and isinstance(each, dict) else each
                for at, each in enumerate(held)
            ]
        return value


def places_in(fields: Mapping[str, Field], reads: frozenset[str], values: Mapping[str, Value]) -> list[Place]:
    """The places of the improvable fields among those that are read."""
    read = (field for field in fields.values() if field.id in reads)
    return [place for field in read for place in _places(field, values.get(field.id)) if place.lines]


def _places(field: Field, value: Value) -> Iterator[Place]:
    if field.columns:
        for item, record in enumerate(value if isinstance(value, list) else ()):
            for column in field.columns:
                if (field.improvable or column.improvable) and isinstance(record, dict):
                    held = record.get(column.id)
                    yield Place(field, column, held, _lines(column, held), item)
    elif not field.improvable:
        return
    elif field.kind == "list":
        held_choices = value if isinstance(value, list) else []
        for choice in field.type.item.values if field.type.item else ():
            there = choice in held_choices
            yield Place(field, field, there, _other(there), choice=choice)
    else:
        yield Place(field, field, value, _lines(field, value))


def _lines(field: Field, value: Value) -> tuple[Line, ...]:
    if field.type.values:
        return _among(field.type.values, value)
    kind = field.type.kind
    if kind == "boolean":
        return _among((False, True), value) if value is None else _other(value is True)
    if kind == "number" and (value is None or isinstance(value, Decimal)):
        return _numbers(field, value)
    if kind == "date" and isinstance(value, date):
        return _days(field, value)
    return ()


def _other(truth: bool) -> tuple[Line, ...]:
    return (Line(1, lambda _: not truth),)


def _among(values: tuple[Value, ...], value: Value) -> tuple[Line, ...]:
    if value not in values:
        return (Line(len(values), lambda steps: values[steps - 1]),)
    at = values.index(value)
    lines = (
        Line(len(values) - 1 - at, lambda steps: values[at + steps]),
        Line(at, lambda steps: values[at - steps]),
    )
    return tuple(each for each in lines if each.length)


def _numbers(field: Field, value: Decimal | None) -> tuple[Line, ...]:
    step = Decimal((0, (1,), -_decimals(field, value)))
    least = field.minimum if isinstance(field.minimum, Decimal) else None
    most = field.maximum if isinstance(field.maximum, Decimal) else None
    if value is None:
        start = (least if least is not None else Decimal(0)) - step
        return (Line(_steps(start, most, step), lambda steps: start + steps * step),)
    lines = (
        Line(_steps(value, most, step), lambda steps: value + steps * step),
        Line(_steps(-value, None if least is None else -least, step), lambda steps: value - steps * step),
    )
    return tuple(each for each in lines if each.length > 0)


def _decimals(field: Field, value: Decimal | None) -> int:
    """How many decimals the field counts in: as written, else as its type or its value has them."""
    if field.decimals is not None:
        return field.decimals
    if field.kind in ("integer", "money"):
        return 0 if field.kind == "integer" else 2
    exponent = value.normalize().as_tuple().exponent if value is not None else 0
    return max(0, -int(exponent))


def _steps(start: Decimal, end: Decimal | None, step: Decimal) -> int:
    return REACH if end is None else min(REACH, int((end - start) // step))


def _days(field: Field, value: date) -> tuple[Line, ...]:
    least = field.minimum if isinstance(field.minimum, date) else None
    most = field.maximum if isinstance(field.maximum, date) else None
    later = min(_DAYS, (date.max - value).days if most is None else (most - value).days)
    earlier = min(_DAYS, (value - date.min).days if least is None else (value - least).days)
    lines = (
        Line(later, lambda steps: value + timedelta(days=steps)),
        Line(earlier, lambda steps: value - timedelta(days=steps)),
    )
    return tuple(each for each in lines if each.length > 0)
