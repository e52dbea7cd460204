"""Text to typed trees: expressions, unary tests, cells of tables, constants. Never raises, whatever the text."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from partybuild_flow.feel import typing
from partybuild_flow.feel.evaluate import evaluate
from partybuild_flow.feel.faults import Fault, Parsed, Report, Unreadable
from partybuild_flow.feel.forms import DEEPEST
from partybuild_flow.feel.grammar import Grammar
from partybuild_flow.feel.lexer import KEYWORDS, skip_blank, word_end
from partybuild_flow.feel.records import by_ids, unknown_entries
from partybuild_flow.feel.scope import Scope
from partybuild_flow.feel.tree import (
    Constant,
    Expression,
    For,
    In,
    Name,
    Node,
    Not,
    Quantified,
    Range,
    children,
    walk,
)
from partybuild_flow.feel.types import BOOLEAN, TEXT, Type

LONGEST_EXPRESSION: Final = 10_000
"""A longer text is not read."""
DEEPEST_TREE: Final = 100
"""How many nodes may stand below each other; long sums are deep too."""
_JOINTS: Final = str.maketrans("", "", "/·-")
TESTED: Final = "?"
"""The name of the value that a unary test tests."""


def parse_expression(text: str, scope: Scope, expected: Type | None = None) -> Parsed:
    """The expression that the text says; a value of another type than `expected` is a fault."""

    def read(grammar: Grammar) -> Node:
        node = grammar.expression()
        grammar.finish()
        return node if expected is None else _expected(grammar.report, text, node, expected)

    return _parsed(text, scope, read)


def _expected(report: Report, text: str, node: Node, expected: Type) -> Node:
    """The tree of a value of the expected type: its records by the ids of their entries; a fault if it is none."""
    found = by_ids(node, expected)
    for start, entry, value in unknown_entries(found, expected):
        at = max(text.rfind(entry, start, value.span[0]), start)
        record = expected if expected.kind == "context" else expected.item
        names = {id_: name for name, id_ in record.spellings.items()} if record else {}
        known = ", ".join(names.get(id_, id_) for id_ in (record.entries if record else ()))
        data = {"entry": entry, "known": known, "known_zh": known.replace(", ", "、")}
        report.add("PF448", (at, at + len(entry)), **data)
    typing.check_expected(report, found, expected)
    return found


def parse_output(text: str, scope: Scope, expected: Type | None = None) -> Parsed:
    """As `parse_expression`, for the output cell of a table: a bare word may be meant as text.

    If the expected type is a choice, its values may stand without quotes where they are no known
    names. If no type is expected, a single word that is no known name is text.
    """
    bare = " ".join(text.split())
    if expected is None and len(text) <= LONGEST_EXPRESSION and _is_bare(bare, scope):
        start = skip_blank(text, 0)
        constant = Constant((start, start + len(text.strip())), TEXT, bare)
        return Parsed(Expression(text, constant, frozenset()))

    def read(grammar: Grammar) -> Node:
        node = grammar.expression()
        grammar.finish()
        return node if expected is None else _expected(grammar.report, text, node, expected)

    return _parsed(text, scope, read, expected.values if expected else ())


def _is_bare(text: str, scope: Scope) -> bool:
    """Whether a text is made of words, not one of which is a number, a keyword or a known name."""
    pieces = re.split("[ /·-]+", text)
    return all(
        piece[:1].isalpha()
        and word_end(piece, 0) == len(piece)
        and piece not in KEYWORDS
        and scope.find(piece) is None
        for piece in (*pieces, text.replace(" ", "").translate(_JOINTS))
    )


def parse_tests(text: str, scope: Scope, tested: Type) -> Parsed:
    """Unary tests as one boolean expression about the name `?`; `-` gives no expression and no fault.

    Values of a tested choice may stand without quotes where they are no known names.
    Source: DMN 1.5, clause 10.3.1.2, rules 7 to 17.
    """
    if text.strip() == "-":
        return Parsed(None)

    def read(grammar: Grammar) -> Node:
        token = grammar.peek()
        negated = grammar.plain(token) == "not" and grammar.opens(token.end)
        if negated:
            grammar.take()
            opening = grammar.take()
            tests = grammar.tests(tested, local=False)
            grammar.close(")", opening)
        else:
            tests = grammar.tests(tested, local=False)
        grammar.finish()
        node = _about_tested(grammar.report, tests, tested)
        return Not((token.start, grammar.last), BOOLEAN, node) if negated else node

    values = tested.item.values if tested.kind == "list" and tested.item else tested.values
    return _parsed(text, scope, read, values)


def _about_tested(report: Report, tests: list[Node], tested: Type) -> Node:
    """Unary tests as one boolean, in the simplest form."""
    span = (tests[0].span[0], tests[-1].span[1])
    asked = Name((span[0], span[0]), tested, TESTED)
    first = tests[0]
    if len(tests) == 1 and not isinstance(first, Range):
        if typing.is_condition(first, tested):
            return first
        if first.type.kind not in ("list", "any") and tested.kind != "list":
            return typing.comparison(report, "=", asked, first, span)
    return typing.membership(report, asked, tests, span)


def parse_literal(text: str) -> Parsed:
    """The constant that the text says, as a `Constant`; anything that would read a fact is a fault."""

    def read(grammar: Grammar) -> Node:
        node = grammar.expression()
        grammar.finish()
        for part, _ in walk(node):
            if isinstance(part, Name) and not part.local:
                grammar.report.add("PF437", part.span)
        return Constant(node.span, node.type, None if grammar.report.faults else evaluate(node, {}))

    parsed = _parsed(text, Scope(), read)
    unfit = {(fault.start, fault.end) for fault in parsed.faults if fault.code == "PF437"}
    return Parsed(
        parsed.expression,
        tuple(
            fault for fault in parsed.faults if fault.code == "PF437" or (fault.start, fault.end) not in unfit
        ),
    )


def _parsed(text: str, scope: Scope, read: Callable[[Grammar], Node], words: tuple[str, ...] = ()) -> Parsed:
    report = Report()
    if len(text) > LONGEST_EXPRESSION:
        return Parsed(None, (_too_long(text),))
    try:
        if skip_blank(text, 0) == len(text):
            raise report.stop("PF436", (0, len(text)))
        tree = read(Grammar(text, scope, report, words))
        reads = _checked(report, tree)
    except Unreadable:
        return Parsed(None, report.faults)
    except RecursionError:
        return Parsed(None, (Fault("PF418", 0, len(text), {"limit": str(DEEPEST)}),))
    if report.faults:
        return Parsed(None, report.faults)
    return Parsed(Expression(text, tree, reads))


def _too_long(text: str) -> Fault:
    data = {"length": str(len(text)), "limit": str(LONGEST_EXPRESSION)}
    return Fault("PF419", LONGEST_EXPRESSION, len(text), data)


def _checked(report: Report, tree: Node) -> frozenset[str]:
    """The ids of facts that a tree reads; too deep a tree or a range out of place is a fault."""
    reads: set[str] = set()
    if isinstance(tree, Range):
        report.add("PF435", tree.span)
    for node, depth in walk(tree):
        if depth > DEEPEST_TREE:
            raise report.stop("PF418", node.span, limit=str(DEEPEST))
        if isinstance(node, Name) and not node.local and node.id != TESTED:
            reads.add(node.id)
        if not isinstance(node, (In, For, Quantified)):
            for part in children(node):
                if isinstance(part, Range):
                    report.add("PF435", part.span)
    return frozenset(reads)
