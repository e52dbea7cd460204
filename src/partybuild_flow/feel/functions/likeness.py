"""How alike two texts are, and how far apart two places: in decimals, the same on every machine. Ours.

Source: L. R. Dice (1945), over pairs of neighbouring characters; the haversine formula on a sphere.
"""

from __future__ import annotations

from collections import Counter
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Final

from partybuild_flow.feel.arithmetic import NUMBERS
from partybuild_flow.feel.functions.signature import Function, function, takes
from partybuild_flow.feel.types import NUMBER, TEXT

_RADIUS: Final = Decimal("6371008.8")
"""The mean radius of the earth in metres (IUGG)."""

_TENTH: Final = Decimal("0.1")
_PI: Final = Decimal("3.141592653589793238462643383279502884197")
_CONTEXT: Final = Context(prec=40, rounding=ROUND_HALF_UP)
_LEAST: Final = Decimal("1e-38")
_STEEP: Final = Decimal("0.75")
"""Above this sine, the angle is found from its cosine."""


def similarity(first: str, second: str) -> Decimal | None:
    """Twice the pairs of neighbouring characters that both have, by all pairs: from 0 to 1.

    Only letters, digits and ideographs count, capitals or not. A text with one of them counts as one pair; None
    where both have none.
    """
    one, other = _pairs(first), _pairs(second)
    every = one.total() + other.total()
    return NUMBERS.divide(Decimal(2 * (one & other).total()), Decimal(every)) if every else None


def _pairs(text: str) -> Counter[str]:
    plain = "".join(filter(str.isalnum, text.casefold()))
    return Counter([plain[at : at + 2] for at in range(max(len(plain) - 1, 1))] if plain else [])


def distance(
    latitude: Decimal, longitude: Decimal, other_latitude: Decimal, other_longitude: Decimal
) -> Decimal | None:
    """Metres between two places given in degrees, rounded half up to a tenth; None for what is no place."""
    latitudes, longitudes = (latitude, other_latitude), (longitude, other_longitude)
    if any(abs(each) > 90 for each in latitudes) or any(abs(each) > 180 for each in longitudes):
        return None
    context = _CONTEXT
    north, other_north = (_radians(each) for each in latitudes)
    upwards = _sine(context.divide(context.subtract(other_north, north), Decimal(2)))
    turned = context.subtract(_radians(other_longitude), _radians(longitude))
    sideways = _sine(context.divide(turned, Decimal(2)))
    cosines = context.multiply(_cosine(north), _cosine(other_north))
    square = context.fma(upwards, upwards, context.multiply(cosines, context.multiply(sideways, sideways)))
    angle = context.multiply(Decimal(2), _angle(context.sqrt(min(square, Decimal(1)))))
    return context.multiply(angle, _RADIUS).quantize(_TENTH, ROUND_HALF_UP, _CONTEXT)


def _radians(degrees: Decimal) -> Decimal:
    return _CONTEXT.divide(_CONTEXT.multiply(degrees, _PI), Decimal(180))


def _sine(angle: Decimal) -> Decimal:
    return _series(angle, angle, 1)


def _cosine(angle: Decimal) -> Decimal:
    return _series(angle, Decimal(1), 0)


def _series(angle: Decimal, first: Decimal, power: int) -> Decimal:
    """The sum of the terms in which the angle has every second power from this one on, their signs in turn."""
    context, term, total = _CONTEXT, first, first
    square = context.multiply(angle, angle)
    while abs(term) > _LEAST:
        term = context.divide(context.multiply(term, -square), Decimal((power + 1) * (power + 2)))
        total, power = context.add(total, term), power + 2
    return total


def _angle(sine: Decimal) -> Decimal:
    """The angle from 0 to a quarter turn that has this sine, by Newton's method."""
    context = _CONTEXT
    if sine > _STEEP:
        cosine = context.sqrt(context.subtract(Decimal(1), context.multiply(sine, sine)))
        return context.subtract(context.divide(_PI, Decimal(2)), _angle(cosine))
    found = sine
    for _ in range(8):
        found = context.add(found, context.divide(context.subtract(sine, _sine(found)), _cosine(found)))
    return found


FUNCTIONS: Final[tuple[Function, ...]] = (
    function("similarity", [takes("first", TEXT), takes("second", TEXT)], NUMBER, similarity),
    function(
        "distance",
        [takes(name, NUMBER) for name in ("latitude", "longitude", "other latitude", "other longitude")],
        NUMBER,
        distance,
    ),
)
