"""The grammar of FEEL: text to a typed tree, by recursive descent with precedence.

Source: DMN 1.5, clause 10.3.1.2. Types are decided on the way, because which name is meant inside a
filter or after a dot depends on them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, cast

from partybuild_flow.feel import calls, typing
from partybuild_flow.feel.faults import Report, nearest
from partybuild_flow.feel.forms import Forms
from partybuild_flow.feel.functions import CHINESE_NAMES, FUNCTIONS
from partybuild_flow.feel.lexer import KEYWORDS, Token, scan, skip_blank
from partybuild_flow.feel.naming import Local
from partybuild_flow.feel.scope import Names, Scope, Symbol
from partybuild_flow.feel.tree import (
    And,
    ArithmeticOperator,
    ComparisonOperator,
    Constant,
    Name,
    Node,
    Or,
    Range,
)
from partybuild_flow.feel.types import ANY, BOOLEAN, DATE, DATETIME, TEXT, Type

_LEVELS: Final = {
    "or": 1,
    "and": 2,
    **dict.fromkeys(("=", "!=", "<", "<=", ">", ">=", "between", "in"), 3),
    **dict.fromkeys("+-", 4),
    **dict.fromkeys("*/", 5),
    "**": 6,
}
ORDERS: Final = ("<", "<=", ">", ">=")
COMPARISONS: Final = ("=", "!=", *ORDERS)
_FUNCTION_NAMES: Final = Names()
for _name in (*FUNCTIONS, "now", "today"):
    _FUNCTION_NAMES.add(_name, _name)
    if _name in CHINESE_NAMES:
        _FUNCTION_NAMES.add(CHINESE_NAMES[_name], _name)
_BEGINNINGS: Final = frozenset(
    ["(", "[", "{", "@", "-", "?", "if", "for", "some", "every", "true", "false", "null", "not"]
)
"""Operators and keywords with which a value may begin."""
_AMBIENT: Final = {"now": DATETIME, "today": DATE}


class Grammar(Forms):
    """Reads one text; what is wrong goes into the report, and parsing goes on where it can."""

    def __init__(self, text: str, scope: Scope, report: Report, words: tuple[str, ...] = ()) -> None:
        super().__init__(text, scope, report)
        self._words = Names()
        """Texts that may be written without quotes here."""
        for word in words:
            self._words.add(word, word)

    def expression(self) -> Node:
        """Any expression."""
        with self.nested():
            return self._binary(1)

    def sum(self) -> Node:
        """An expression without comparisons."""
        return self._binary(_LEVELS["+"])

    def _binary(self, lowest: int, first: Node | None = None) -> Node:
        """Operands joined by operators that bind at least so tightly; the first may be read already."""
        left = self._operand() if first is None else first
        compared = False
        while True:
            token = self.peek()
            operator = self.plain(token)
            level = _LEVELS.get(operator, 0)
            if level == 0 or level < lowest:
                return left
            if operator in ORDERS and compared:
                raise self.report.stop("PF433", token.span, operator=operator)
            compared = operator in ORDERS
            self.take()
            left = self._joined(left, operator, level)

    def _joined(self, left: Node, operator: str, level: int) -> Node:
        if operator in ("and", "or"):
            return self._junction(left, operator, level)
        if operator == "between":
            return self._between(left)
        if operator == "in":
            return self._in(left)
        right = self._binary(level + 1)
        if operator in COMPARISONS:
            span = (left.span[0], right.span[1])
            return typing.comparison(self.report, cast(ComparisonOperator, operator), left, right, span)
        return typing.arithmetic(self.report, cast(ArithmeticOperator, operator), left, right)

    def _junction(self, left: Node, operator: str, level: int) -> Node:
        operands = [left, self._binary(level + 1)]
        while self.accept(operator):
            operands.append(self._binary(level + 1))
        for operand in operands:
            typing.check_condition(self.report, operand)
        span = (left.span[0], operands[-1].span[1])
        return (And if operator == "and" else Or)(span, BOOLEAN, tuple(operands))

    def _between(self, value: Node) -> Node:
        low = self.sum()
        self.expect("and")
        high = self.sum()
        limits = Range((low.span[0], high.span[1]), Type("range"), low, high, True, True)
        return self.membership(value, [limits])

    def _in(self, value: Node) -> Node:
        """What follows `in`: one test, or several in brackets."""
        tested = value.type
        opening = self.peek()
        if self.plain(opening) != "(":
            tests = [self.test(tested, local=True, lowest=_LEVELS["+"])]
        else:
            self.take()
            tests = self.tests(tested, local=True)
            if len(tests) == 1 and self.plain(self.peek()) == "..":
                tests = [self.range_to(tests[0], opening)]
            else:
                self.close(")", opening)
                if len(tests) == 1 and not isinstance(tests[0], Range):
                    # The brackets may only have been those of a value: `x in (a + b) * c`.
                    tests = [self._binary(_LEVELS["+"], self._followed(tests[0]))]
        return self.membership(value, tests)

    def membership(self, value: Node, tests: list[Node]) -> Node:
        """Whether a value meets any of the tests that end here."""
        return typing.membership(self.report, value, tests, (value.span[0], self.last))

    def tests(self, tested: Type, *, local: bool) -> list[Node]:
        """One or more unary tests with commas between them."""
        tests = [self.test(tested, local=local)]
        while self.accept(","):
            tests.append(self.test(tested, local=local))
        return tests

    def test(self, tested: Type, *, local: bool, lowest: int = 1) -> Node:
        """A unary test: `>= 90`, a range, or an expression, in which `?` is the tested value."""
        token = self.peek()
        operator = self.plain(token)
        with self.nested():
            if operator in COMPARISONS:
                self.take()
                asked = Name((token.start, token.start), tested, "?", local)
                end = self.sum()
                span = (token.start, end.span[1])
                return typing.comparison(self.report, cast(ComparisonOperator, operator), asked, end, span)
            with self.naming.binding(("?", Local("?", tested) if local else Symbol("?", (), tested))):
                if operator == "]":
                    self.take()
                    low = self.sum()
                    return self.range_to(low, token)
                return self._binary(lowest)

    def _operand(self) -> Node:
        """A value with all that stands after it: paths and filters; or one with a minus before it."""
        token = self.peek()
        if self.plain(token) == "-":
            self.take()
            with self.nested():
                return typing.negated(self.report, operand := self._operand(), (token.start, operand.span[1]))
        return self._followed(self._primary(token))

    def _followed(self, node: Node) -> Node:
        """A value with the paths and filters that stand after it."""
        while True:
            following = self.peek()
            if self.plain(following) == ".":
                self.take()
                named = self.peek()
                if named.kind != "word":
                    raise self.unexpected(named, "a name")
                entry, end = self.naming.entry(named.start, node.type)
                self.move(end)
                node = typing.path(self.report, node, entry, (node.span[0], end))
            elif self.plain(following) == "[" and self._is_filter(following):
                node = self.read_filter(node, following)
            else:
                return node

    def _is_filter(self, opening: Token) -> bool:
        """Whether a bracket begins a filter; where no value follows, it ends a range."""
        inside = scan(self.text, opening.end, self.report)
        return (
            inside.kind in ("number", "text")
            or self.plain(inside) in _BEGINNINGS
            or (inside.kind == "word" and not self.plain(inside))
        )

    def _primary(self, token: Token) -> Node:
        found = (
            self.naming.match(token.start) if token.kind in ("word", "number") or token.value == "?" else None
        )
        bare = self._words.matches(self.text, token.start)[:1] if found is None else []
        if (
            token.kind == "number"
            and max([token.end, *(end for _, end in bare), found[1] if found else 0]) == token.end
        ):
            return self.read_number(token)
        if token.kind == "text":
            self.take()
            return Constant(token.span, TEXT, str(token.value))
        reader = self._readers().get(self.plain(token))
        if reader and token.kind in ("word", "operator") and (found is None or found[1] <= token.end):
            with self.nested():
                return reader(token)
        if found is not None or bare or token.kind == "word":
            return self._named(token, found)
        raise self.unexpected(token, "a value")

    def _readers(self) -> dict[str, Callable[[Token], Node]]:
        """What begins with a keyword or bracket."""
        return {
            "(": self.read_bracketed,
            "[": self.read_list,
            "{": self.read_context,
            "@": self.read_at_literal,
            "if": self.read_if,
            "for": self.read_for,
            "some": self.read_quantified,
            "every": self.read_quantified,
            "true": self.read_word_constant,
            "false": self.read_word_constant,
            "null": self.read_word_constant,
        }

    def _named(self, token: Token, found: tuple[str, int, object] | None) -> Node:
        """What begins with a word: a call, a known name, or one that is not known."""
        for spelling, end in _FUNCTION_NAMES.matches(self.text, token.start):
            if self.opens(end):
                return self._call(str(_FUNCTION_NAMES.meanings(spelling)[0]), token.start, end)
        if found is not None:
            self.move(found[1])
            return self.naming.node(found, token.start)
        for word, end in self._words.matches(self.text, token.start)[:1]:
            self.move(end)
            return Constant((token.start, end), TEXT, word)
        if self.plain(token) in KEYWORDS:
            raise self.unexpected(token, "not(…)" if token.value == "not" else "a value")
        end = self.naming.extents(token.start)[2]
        if self.opens(end):
            return self._unknown_call(token.start, end)
        end = self.naming.unknown(token.start, list(self._words))
        self.move(end)
        return Name((token.start, end), ANY, self.text[token.start : end])

    def opens(self, end: int) -> bool:
        """Whether the next thing is an opening bracket."""
        return self.text[skip_blank(self.text, end) :][:1] in ("(", "（")

    def _call(self, name: str, start: int, end: int) -> Node:
        self.move(end)
        with self.nested():
            positional, named = self._arguments(name, self.text[start:end])
        span = (start, self.last)
        if name in _AMBIENT:
            if positional or named:
                self.report.add(
                    "PF408",
                    span,
                    function=self.text[start:end],
                    expected="0",
                    found=str(len(positional) + len(named)),
                )
            return Name(span, _AMBIENT[name], name)
        return calls.call(self.report, name, positional, named, span, self.text[start:end])

    def _arguments(self, function: str, written: str) -> tuple[list[Node], dict[str, Node]]:
        """The arguments in brackets, by place or by name; `written` is how the function is named."""
        opening = self.take()
        positional: list[Node] = []
        named: dict[str, Node] = {}
        while not self.accept(")"):
            if positional or named:
                if self.plain(self.peek()) != ",":
                    self.close(")", opening)
                    break
                self.take()
            token = self.peek()
            end = self.naming.extents(token.start)[2] if token.kind == "word" else token.start
            if token.kind == "word" and self.text[skip_blank(self.text, end) :][:1] == ":":
                name = " ".join(self.text[token.start : end].split())
                calls.check_argument_name(self.report, function, name, (token.start, end), written)
                if name in named:
                    self.report.add("PF440", (token.start, end), name=name)
                self.move(end)
                self.expect(":")
                named[name] = self.expression()
            elif named:
                raise self.unexpected(token, "a name")
            else:
                positional.append(self.expression())
        if positional and named:
            raise self.report.stop("PF443", (opening.start, self.last), function=written)
        return positional, named

    def _unknown_call(self, start: int, end: int) -> Node:
        name = self.text[start:end]
        near = nearest(name, _FUNCTION_NAMES)
        if near is None:
            self.report.add("PF444", (start, end), name=name)
        else:
            meant = str(_FUNCTION_NAMES.meanings(near)[0])
            near_zh = CHINESE_NAMES.get(meant, meant)
            self.report.add("PF405", (start, end), name=name, near=meant, near_zh=near_zh)
        self.move(end)
        with self.nested():
            self._arguments(name, name)
        return Name((start, self.last), ANY, name)
