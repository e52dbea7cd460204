"""Messages with expressions in braces: '{类别}已受理'. `{{` and `}}` are plain braces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from partybuild_flow.feel.evaluate import evaluate
from partybuild_flow.feel.faults import Fault, ParsedTemplate, Report, Unreadable
from partybuild_flow.feel.lexer import scan
from partybuild_flow.feel.parser import LONGEST_EXPRESSION, parse_expression
from partybuild_flow.feel.rendering import plain_text
from partybuild_flow.feel.scope import Scope
from partybuild_flow.feel.tree import Expression
from partybuild_flow.feel.types import Value
from partybuild_flow.messages import Language


def parse_template(text: str, scope: Scope) -> ParsedTemplate:
    """The literal pieces and expressions of a message, in order; offsets of faults are in the message."""
    if len(text) > LONGEST_EXPRESSION:
        data = {"length": str(len(text)), "limit": str(LONGEST_EXPRESSION)}
        return ParsedTemplate((), (Fault("PF419", LONGEST_EXPRESSION, len(text), data),))
    report = Report()
    pieces: list[str | Expression] = []
    try:
        _read(text, scope, report, pieces)
    except Unreadable:
        return ParsedTemplate((), report.faults)
    return ParsedTemplate((), report.faults) if report.faults else ParsedTemplate(tuple(pieces))


def _read(text: str, scope: Scope, report: Report, pieces: list[str | Expression]) -> None:
    literal: list[str] = []
    at = 0
    while at < len(text):
        if text[at : at + 2] in ("{{", "}}"):
            literal.append(text[at])
            at += 2
        elif text[at] == "{":
            end = _closing_brace(text, at, report)
            if literal:
                pieces.append("".join(literal))
                literal.clear()
            parsed = parse_expression(text[at + 1 : end], scope)
            for fault in parsed.faults:
                report.add(fault.code, (at + 1 + fault.start, at + 1 + fault.end), **fault.data)
            if parsed.expression is not None:
                pieces.append(parsed.expression)
            at = end + 1
        else:
            if text[at] == "}":
                report.add("PF438", (at, at + 1), found="}")
            literal.append(text[at])
            at += 1
    if literal:
        pieces.append("".join(literal))


def _closing_brace(text: str, opening: int, report: Report) -> int:
    """Where the brace is closed that opens here; braces inside texts and contexts are passed over."""
    at, depth = opening + 1, 1
    while True:
        token = scan(text, at, report)
        if token.kind == "end":
            raise report.stop("PF438", (opening, opening + 1), found="{")
        if token.kind == "operator" and token.value in ("{", "}"):
            depth += 1 if token.value == "{" else -1
            if depth == 0:
                return token.start
        at = token.end


def render_template(
    pieces: Sequence[str | Expression], facts: Mapping[str, Value], language: Language = "zh-CN"
) -> str:
    """The message with its expressions' values filled in; for a missing value nothing."""
    return "".join(
        piece if isinstance(piece, str) else plain_text(evaluate(piece.tree, facts), language)
        for piece in pieces
    )
