"""Explanations as lines for people: each point with where it is written."""

from __future__ import annotations

from collections.abc import Iterator

from partybuild_flow.explain import UNKNOWN
from partybuild_flow.explain.explained import Explanation, Point


def explanation_lines(explanation: Explanation) -> list[str]:
    """The sentence, and a line for every point and every value that it read."""
    return [explanation.sentence, *(line for each in explanation.points for line in _lines(each, 0))]


def _lines(point: Point, depth: int) -> Iterator[str]:
    indent = "  " * depth
    text = ": ".join(each for each in (point.title, point.because, point.text) if each)
    value = f" → {point.value}" if point.value is not None else ""
    place = f"  [{point.position}]" if point.position else ""
    yield f"{indent}{point.mark} {text}{value}{place}"
    for seen in point.seen:
        source = f" ({seen.source})" if seen.source else ""
        yield f"{indent}    {seen.name} = {UNKNOWN if seen.value is None else seen.value}{source}"
    for each in point.points:
        yield from _lines(each, depth + 1)
