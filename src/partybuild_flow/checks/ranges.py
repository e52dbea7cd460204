"""Sets of the values that one thing may have: pieces of a line, or some texts; either with or without null.

Exact: union, meeting and complement lose nothing. What a set is about, nothing here knows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, localcontext
from typing import Any, Final

from partybuild_flow.feel import Value

Point = Decimal | date | datetime | timedelta
Cut = tuple[Any, bool]
"""A place on the line between two values: right before a point (False) or right after it (True)."""
Piece = tuple[Cut | None, Cut | None]
"""What lies between two cuts; None is the end of the line."""

ORDERED_KINDS: Final = frozenset({"number", "date", "datetime", "duration"})
_UNITS: Final[dict[str, Any]] = {
    "number": Decimal(1),
    "date": timedelta(days=1),
    "datetime": timedelta(hours=1),
    "duration": timedelta(hours=1),
}
_ORIGINS: Final[dict[str, Any]] = {
    "number": Decimal(0),
    "date": date(2024, 1, 1),
    "datetime": None,
    "duration": timedelta(0),
}
_STEPS: Final = tuple(Decimal(1).scaleb(-decimals) for decimals in range(7))
_SHORT: Final = 20
_DIGITS: Final = 90
_LONGEST: Final = 40
"""Ends with more digits before the point are left as they are; others need fewer than `_DIGITS` in all."""


@dataclass(frozen=True, slots=True)
class Line:
    """Values of an ordered kind: pieces in order that neither touch nor overlap. `null`: null belongs too."""

    pieces: tuple[Piece, ...]
    null: bool = False

    @property
    def empty(self) -> bool:
        """Whether no value belongs, null neither."""
        return not self.pieces and not self.null

    @property
    def full(self) -> bool:
        """Whether every value belongs, and null."""
        return self.null and self.pieces == ((None, None),)

    def complement(self) -> Line:
        """All other values, null too unless it belongs here."""
        pieces: list[Piece] = []
        start: Cut | None = None
        for low, high in self.pieces:
            if low is not None:
                pieces.append((start, low))
            if high is None:
                return Line(tuple(pieces), not self.null)
            start = high
        pieces.append((start, None))
        return Line(tuple(pieces), not self.null)

    def meet(self, other: Line) -> Line:
        """The values that belong to both."""
        pieces = [
            piece
            for mine in self.pieces
            for theirs in other.pieces
            if (piece := _common(mine, theirs)) is not None
        ]
        return Line(tuple(pieces), self.null and other.null)

    def apart(self, other: Line) -> bool:
        """Whether no value belongs to both."""
        if self.null and other.null:
            return False
        for low, high in self.pieces:
            for start, end in other.pieces:
                if (end is None or low is None or low < end) and (
                    high is None or start is None or start < high
                ):
                    return False
        return True

    def join(self, other: Line) -> Line:
        """The values that belong to one of both."""
        return self.complement().meet(other.complement()).complement()

    def on_grid(self, decimals: int) -> Line:
        """The same numbers of at most so many decimals; every end that was open is closed."""
        ends = ((_ceiling(low, decimals), _floor(high, decimals)) for low, high in self.pieces)
        pieces = tuple((low, high) for low, high in ends if low is None or high is None or low < high)
        return Line(pieces, self.null)

    def on_days(self) -> Line:
        """The same days; every end that was open is closed."""
        ends = ((_first_day(low), _last_day(high)) for low, high in self.pieces)
        pieces = tuple((low, high) for low, high in ends if low is None or high is None or low < high)
        return Line(pieces, self.null)

    @property
    def of_days(self) -> bool:
        """Whether it is about days, which have nothing between them."""
        ends = (cut[0] for piece in self.pieces for cut in piece if cut is not None)
        return type(next(ends, None)) is date

    def in_steps(self, decimals: int | None) -> Line:
        """The same days, or numbers of at most so many decimals; every end that was open is closed."""
        if decimals is not None:
            return self.on_grid(decimals)
        return self.on_days() if self.of_days else self

    def from_steps(self, decimals: int | None) -> Line:
        """As `in_steps`, where pieces between which nothing lies are one."""
        pieces: list[Piece] = []
        for piece in self.in_steps(decimals).pieces:
            low, high = piece
            if pieces and Line(((pieces[-1][1], low),)).in_steps(decimals).empty:
                low = pieces.pop()[0]
            pieces.append((low, high))
        return Line(tuple(pieces), self.null)

    def rounder(self, decimals: int | None) -> Line:
        """As `from_steps`, with ends beside them that have fewer decimals: up to 89.99 is below 90."""
        if decimals is None:
            return self.from_steps(None)
        step = Decimal(1).scaleb(-decimals)
        pieces: list[Piece] = []
        for low, high in self.from_steps(decimals).pieces:
            if low is None or high is None or low[0] != high[0]:
                low = _rounder(low, -step)  # noqa: PLW2901 - told otherwise
                high = _rounder(high, step)  # noqa: PLW2901 - told otherwise
            pieces.append((low, high))
        return Line(tuple(pieces), self.null)

    def contains(self, value: Value) -> bool:
        """Whether the value, of this line's kind, belongs."""
        if value is None:
            return self.null
        below, above = (value, False), (value, True)
        return any(
            (low is None or low <= below) and (high is None or above <= high) for low, high in self.pieces
        )

    def samples(self, kind: str, decimals: int | None) -> list[Value]:
        """Some values that belong, those at the ends of pieces first; null only if nothing else belongs."""
        return list(dict.fromkeys(self._sampled(kind, decimals))) or ([None] if self.null else [])

    def sample(self, kind: str, decimals: int | None) -> Value:
        """The first of the samples."""
        return next(self._sampled(kind, decimals), None)

    def _sampled(self, kind: str, decimals: int | None) -> Iterator[Value]:
        for piece in self.pieces:
            for value in _candidates(piece, kind, decimals):
                if self.contains(value):
                    yield plain(value)


@dataclass(frozen=True, slots=True)
class Some:
    """Texts or truth values: these, or all but these where `others`. `null`: null belongs too."""

    members: frozenset[str | bool]
    others: bool = False
    null: bool = False

    @property
    def empty(self) -> bool:
        """Whether no value belongs, null neither."""
        return not self.members and not self.others and not self.null

    @property
    def full(self) -> bool:
        """Whether every value belongs, and null."""
        return self.others and not self.members and self.null

    def complement(self) -> Some:
        """All other values, null too unless it belongs here."""
        return Some(self.members, not self.others, not self.null)

    def meet(self, other: Some) -> Some:
        """The values that belong to both."""
        null = self.null and other.null
        if self.others and other.others:
            return Some(self.members | other.members, others=True, null=null)
        if self.others:
            return Some(other.members - self.members, null=null)
        if other.others:
            return Some(self.members - other.members, null=null)
        return Some(self.members & other.members, null=null)

    def apart(self, other: Some) -> bool:
        """Whether no value belongs to both."""
        return self.meet(other).empty

    def join(self, other: Some) -> Some:
        """The values that belong to one of both."""
        return self.complement().meet(other.complement()).complement()

    def contains(self, value: Value) -> bool:
        """Whether the value, a text or a truth value, belongs."""
        if value is None:
            return self.null
        return (value in self.members) != self.others

    def samples(self, order: Iterable[str | bool] = ()) -> list[Value]:
        """Some values that belong, in this order; null only if nothing else belongs."""
        found: list[Value] = [value for value in order if self.contains(value)]
        found += sorted(self.members.difference(found), key=str) if not self.others else []
        if self.others and not found:
            found.append(next(text for text in _words() if text not in self.members))
        return found or ([None] if self.null else [])


Values = Line | Some

EVERY_POINT: Final = Line(((None, None),), null=True)
EVERY_TEXT: Final = Some(frozenset(), others=True, null=True)
EVERY_TRUTH: Final = Some(frozenset({True, False}), null=True)


def points(
    low: Point | None, high: Point | None, *, low_included: bool = True, high_included: bool = True
) -> Line:
    """The points between two ends, without null; a missing end is unbounded."""
    start = None if low is None else (low, not low_included)
    end = None if high is None else (high, high_included)
    piece = _common((start, None), (None, end))
    return Line((piece,) if piece else ())


def met(one: Values, other: Values) -> Values:
    """The values of both sets; two of different natures have none in common but null."""
    if isinstance(one, Line) and isinstance(other, Line):
        return one.meet(other)
    if isinstance(one, Some) and isinstance(other, Some):
        return one.meet(other)
    return Some(frozenset(), null=one.null and other.null)


def apart(one: Values, other: Values) -> bool:
    """Whether no value belongs to both sets."""
    if isinstance(one, Line) and isinstance(other, Line):
        return one.apart(other)
    if isinstance(one, Some) and isinstance(other, Some):
        return one.apart(other)
    return not (one.null and other.null)


def joined(one: Values, other: Values) -> Values | None:
    """The values of either set; None where one set cannot hold both natures."""
    if isinstance(one, Line) and isinstance(other, Line):
        return one.join(other)
    if isinstance(one, Some) and isinstance(other, Some):
        return one.join(other)
    return None


def within(inner: Values, outer: Values) -> bool:
    """Whether every value of the first set belongs to the second."""
    return met(inner, outer.complement()).empty


def _common(one: Piece, other: Piece) -> Piece | None:
    low = one[0] if other[0] is None else other[0] if one[0] is None else max(one[0], other[0])
    high = one[1] if other[1] is None else other[1] if one[1] is None else min(one[1], other[1])
    return (low, high) if low is None or high is None or low < high else None


def _is_step(number: Decimal, decimals: int) -> bool:
    """Whether a number has at most so many decimals, as far as a glance tells."""
    exponent = number.as_tuple().exponent
    return isinstance(exponent, int) and -decimals <= exponent <= 0 and number.adjusted() < _SHORT


def _ceiling(cut: Cut | None, decimals: int) -> Cut | None:
    """The lower end of what is left of a piece that begins here."""
    if cut is None or cut[0].adjusted() > _LONGEST:
        return cut
    step = _STEPS[decimals] if decimals < len(_STEPS) else Decimal(1).scaleb(-decimals)
    if _is_step(cut[0], decimals):
        return (cut[0] + step if cut[1] else cut[0]), False
    with localcontext() as context:
        context.prec = _DIGITS
        least = cut[0].quantize(step, rounding=ROUND_CEILING)
        return (least + step if cut[1] and least == cut[0] else least), False


def _floor(cut: Cut | None, decimals: int) -> Cut | None:
    """The upper end of what is left of a piece that ends here."""
    if cut is None or cut[0].adjusted() > _LONGEST:
        return cut
    step = _STEPS[decimals] if decimals < len(_STEPS) else Decimal(1).scaleb(-decimals)
    if _is_step(cut[0], decimals):
        return (cut[0] if cut[1] else cut[0] - step), True
    with localcontext() as context:
        context.prec = _DIGITS
        most = cut[0].quantize(step, rounding=ROUND_FLOOR)
        return (most if cut[1] or most != cut[0] else most - step), True


def _first_day(cut: Cut | None) -> Cut | None:
    if cut is None or not cut[1] or cut[0] == date.max:
        return cut
    return cut[0] + timedelta(days=1), False


def _last_day(cut: Cut | None) -> Cut | None:
    if cut is None or cut[1] or cut[0] == date.min:
        return cut
    return cut[0] - timedelta(days=1), True


def _rounder(cut: Cut | None, step: Decimal) -> Cut | None:
    """The cut of an end that belongs, or of the number beside it that does not, if that is shorter to write."""
    if cut is None or abs(cut[0].adjusted()) > _LONGEST:
        return cut
    beside = cut[0] + step
    shorter = beside.normalize().as_tuple().exponent > cut[0].normalize().as_tuple().exponent
    return (beside, step < 0) if shorter and step != step.to_integral_value() else cut


def _candidates(piece: Piece, kind: str, decimals: int | None) -> Iterator[Value]:
    """Points in and around a piece; not all of them belong."""
    unit, origin = _UNITS[kind], _ORIGINS[kind]
    low, high = piece[0] and piece[0][0], piece[1] and piece[1][0]
    if low is not None:
        yield low
    if high is not None:
        yield high
    try:
        if low is not None and high is not None:
            middle = low + (high - low) / 2
            yield middle if decimals is None else round(middle, decimals)
        elif low is None and high is None and origin is not None:
            yield origin
        if low is not None:
            yield low + unit
        if high is not None:
            yield high - unit
    except (OverflowError, ArithmeticError):
        return  # nothing lies beyond the end of the calendar or of the numbers


def plain(value: Value) -> Value:
    """A number as people write it, without trailing zeros."""
    if not isinstance(value, Decimal) or abs(value.adjusted()) > _LONGEST:
        return value
    return Decimal(int(value)) if value == value.to_integral_value() else value.normalize()


def _words() -> Iterable[str]:
    yield "…"
    yield from (f"…{number}" for number in range(1, 1_000))
