"""Expressions where they stand in a file: faults become problems at the word inside the text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from partybuild_flow.feel import (
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

_UNKNOWN: Final = ("PF401", "PF402")
_READABLE: Final = ("fields", "parameters", "look-ups", "deadlines", "rules")


def read_expression(
    word: Scalar, scope: Scope, findings: Findings, expected: Type | None = None
) -> Expression | None:
    """The expression that is written here; None after its problems are told."""
    return _told(word, parse_expression(word.text, scope, expected), findings)


def read_assigned(word: Scalar, scope: Scope, findings: Findings, expected: Type | None) -> Expression | None:
    """As `read_expression`, for what a field or derived fact becomes: a value of its choice needs no quotes."""
    text = _truth(word, scope, expected) or word.text
    parse = parse_output if expected is not None and expected.values else parse_expression
    return _told(word, parse(text, scope, expected), findings)


def read_output(
    word: Scalar, scope: Scope, findings: Findings, expected: Type | None = None
) -> Expression | None:
    """As `read_expression`, for an output cell, where a bare word may be meant as text."""
    text = _truth(word, scope, expected) or word.text
    return _told(word, parse_output(text, scope, expected), findings)


def read_tests(word: Scalar, scope: Scope, findings: Findings, tested: Type) -> Expression | None:
    """The unary tests of an input cell; None for `-` or after their problems are told."""
    text = _truth(word, scope, tested) or word.text
    return _told(word, parse_tests(text, scope, tested), findings)


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
    for fault in faults:
        if fault.code in _UNKNOWN and findings.lost(*_READABLE):
            continue
        findings.add(Problem(fault.code, word.at(fault.start), fault.data, word.source.language))
