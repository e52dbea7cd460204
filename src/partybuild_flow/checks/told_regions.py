"""Boxes in the words of an analyst: `得分 60 至 <70 且 类别 为 国企`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import reduce
from typing import Any

from partybuild_flow.checks.boxes import Box
from partybuild_flow.checks.ranges import Line, Piece, Some, Values, plain
from partybuild_flow.checks.trees import Key
from partybuild_flow.feel import Term, Type, Value
from partybuild_flow.feel.rendering import plain_text
from partybuild_flow.messages import Language, Phrase

Named = Callable[[Key], tuple[str, Type] | None]
"""What people call a thing, and its type; None if it has no name."""


def told_region(box: Box, named: Named, language: Language) -> Phrase | None:
    """The box in words, as far as its things have names; None if none has."""
    parts = [
        _thing(named_as[0], values, named_as[1], language)
        for key, values in box.items()
        if (named_as := named(key)) is not None
    ]
    return in_one("region-and", parts) if parts else None


def _thing(name: str, values: Values, of: Type, language: Language) -> Phrase:
    said = _pieces(values.pieces, language) if isinstance(values, Line) else _members(values, of)
    if values.null:
        said.append(Phrase("region-null"))
    return Phrase("region-thing", {"name": name, "values": in_one("region-or", said)})


def in_one(code: str, parts: Sequence[Phrase]) -> Phrase:
    """One phrase of several, the first two joined by this phrase, then the next to it, and so on."""
    return reduce(lambda one, other: Phrase(code, {"one": one, "other": other}), parts)


def _pieces(pieces: Iterable[Piece], language: Language) -> list[Phrase]:
    points = [piece[0][0] for piece in pieces if piece[0] and piece[1] and piece[0][0] == piece[1][0]]
    said = [
        _stretch(piece, language)
        for piece in pieces
        if not (piece[0] and piece[1]) or piece[0][0] != piece[1][0]
    ]
    return [*said, *([_listed([_text(point, language) for point in points])] if points else [])]


def _stretch(piece: Piece, language: Language) -> Phrase:
    low, high = piece
    # A cut right after a point leaves the point out below, and takes it in above.
    start = "" if low is None else f"{'>' if low[1] else '≥'}{_text(low[0], language)}"
    end = "" if high is None else f"{'≤' if high[1] else '<'}{_text(high[0], language)}"
    if not start or not end:
        return Phrase("region-plain", {"value": start or end}) if start or end else Phrase("region-present")
    return Phrase("region-between", {"low": start.removeprefix("≥"), "high": end.removeprefix("≤")})


def _members(values: Some, of: Type) -> list[Phrase]:
    order = {text: place for place, text in enumerate(of.values)}
    members = sorted(values.members, key=lambda each: (order.get(str(each), len(order)), str(each)))
    if values.others:
        return [Phrase("region-none-of", {"values": tuple(members)}) if members else Phrase("region-present")]
    if not members:
        return []
    if of.kind == "boolean":
        return [_listed([Phrase("region-true" if each else "region-false") for each in reversed(members)])]
    return [_listed(members)]


def _listed(values: Sequence[object]) -> Phrase:
    """One of these values."""
    first, *rest = values
    every = reduce(lambda one, other: Phrase("region-or", {"one": one, "other": other}), rest, first)
    return Phrase("region-is", {"value": every})


def _text(value: Any, language: Language) -> str:
    if isinstance(value, tuple):
        length, exclusive, until_midnight, unit = value
        return plain_text(Term(length, unit, not exclusive, not until_midnight), language)
    told: Value = plain(value)
    return plain_text(told, language)
