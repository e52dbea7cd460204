"""What FEEL means by the standard, one claim a line: an expression, `=>`, and what equals it."""

from __future__ import annotations

from pathlib import Path

import pytest

from partybuild_flow.feel.standard import (
    BUILTINS,
    TYPE_NAMES,
    Evaluator,
    Frame,
    Known,
    TokenNames,
    Value,
    read_expression,
)
from partybuild_flow.feel.standard.moments import string_of
from partybuild_flow.feel.standard.values import PART_NAMES

CLAIMS = [
    (path.stem, number, *line.rsplit(" => ", 1))
    for path in sorted((Path(__file__).parent / "claims").glob("*.feel"))
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
    if line.strip() and not line.startswith("//")
]


def evaluated(text: str) -> tuple[Value, list[str]]:
    known = Known(TokenNames(BUILTINS), TokenNames(PART_NAMES), TokenNames(TYPE_NAMES))
    read = read_expression(text, known)
    told: list[str] = []
    if read.node is None:
        return None, [read.reason]
    return Evaluator({}, told).result(read.node, Frame(BUILTINS)), told


def same(one: Value, other: Value) -> bool:
    return type(one) is type(other) and (one == other or string_of(one) == string_of(other))


@pytest.mark.parametrize(
    ("expression", "expected"),
    [pytest.param(claim[2], claim[3], id=f"{claim[0]}:{claim[1]}") for claim in CLAIMS],
)
def test_an_expression_means_what_is_claimed(expression: str, expected: str) -> None:
    wanted, reasons = evaluated(expected)
    assert not reasons or expected == "null", reasons
    found, told = evaluated(expression)
    assert same(found, wanted), (found, told)
