"""Expressions where they stand in a file: faults become problems at the word inside the text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from partybuild_flow.feel import (
    ANY,
    Expression,
    Fault,
    Parsed,
    Scope,
    Type,
    parse_expression,
    parse_output,
    parse_template,
    parse_tests,
)
from partybuild_flow.problems import Problem
from partybuild_flow.reader.findings import Findings
from partybuild_flow.reader.keywords import TRUTHS
from partybuild_flow.reader.text import Scalar

READABLE: Final = ("fields", "parameters", "look-ups", "cases", "deadlines", "tables", "rules", "collect")
"""The sections whose parts expressions read."""

_NAMES: Final = frozenset(("PF401", "PF402", "PF405", "PF406", "PF407", "PF444"))
"""Names that nobody knows; whatever they were meant to be could have any type."""
_TYPES: Final = frozenset(
    (
        "PF409",
        "PF420",
        "PF421",
        "PF422",
        "PF423",
        "PF424",
        "PF425",
        "PF426",
        "PF427",
        "PF428",
        "PF439",
        "PF441",
    )
)
"""Types that do not go together; told only where the type of everything is known."""


def read_expression(
    word: Scalar, scope: Scope, findings: Findings, expected: Type | None = None
) -> Expression | None:
    """The expression that is written here; None after its problems are told."""
    return _told(word, parse_expression(word.text, scope, expected), findings)


def read_assigned(word: Scalar, scope: Scope, findings: Findings, expected: Type | None) -> Expression | None:
    """As `read_expression`, for what a field or derived fact becomes: a value of its choice needs no quotes."""
    if expected is not None and (expected.values or expected == ANY):
        return read_output(word, scope, findings, expected)
    return _told(
        word, parse_expression(_truth(word, scope, expected) or word.text, scope, expected), findings
    )


def read_output(word: Scalar, scope: Scope, findings: Findings, expected: Type | None) -> Expression | None:
    """As `read_expression`, for an output cell, where a bare word may be meant as text.

    Type `any` is that of a part whose written type has a problem, so that any word may be meant.
    """
    text = _truth(word, scope, expected) or word.text
    return _told(word, parse_output(text, scope, None if expected == ANY else expected), findings)


def read_tests(word: Scalar, scope: Scope, findings: Findings, tested: Type) -> Expression | None:
    """The unary tests of an input cell; None for `-` or after their problems are told."""
    parsed = parse_tests(_truth(word, scope, tested) or word.text, scope, tested)
    if tested == ANY and parsed.faults and findings.problems:
        return None  # its type is not known because of one of them, so a bare word may be meant as text
    return _told(word, parsed, findings)


def _truth(word: Scalar, scope: Scope, expected: Type | None) -> str | None:
    """How FEEL writes 是 or 否 where nothing else can be meant by it."""
    alone = word.text in ("是", "否") and scope.find(word.text) is None
    if alone and (expected is None or (expected.kind in ("boolean", "any") and not expected.values)):
        return str(TRUTHS[word.text]).lower()
    return None


def read_template(word: Scalar, scope: Scope, findings: Findings) -> tuple[str | Expression, ...]:
    """The pieces of a message with expressions in braces; empty after its problems are told."""
    parsed = parse_template(word.text, scope)
    _tell(word, parsed.faults, findings)
    return parsed.pieces


def _told(word: Scalar, parsed: Parsed, findings: Findings) -> Expression | None:
    _tell(word, parsed.faults, findings)
    return None if parsed.faults else parsed.expression


def _tell(word: Scalar, faults: Iterable[Fault], findings: Findings) -> None:
    """Faults as problems, without those that only follow from a problem told elsewhere."""
    lost = findings.lost(*READABLE)
    unsure = lost or any(name in word.text for name in findings.broken if name)
    for fault in faults:
        unsure = unsure or fault.code in _NAMES
    for fault in faults:
        if (fault.code in _TYPES and unsure) or (fault.code in _NAMES and lost):
            continue
        findings.add(Problem(fault.code, word.at(fault.start), fault.data, word.source.language))
