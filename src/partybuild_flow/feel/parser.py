"""The grammar of FEEL: text to a typed tree, by recursive descent with precedence.

Source: DMN 1.5, clause 10.3.1.2. Types are decided on the way, because which name is meant inside a
filter or after a dot depends on them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from typing import Final, cast

from partybuild_flow.feel import calls, typing
from partybuild_flow.feel.arithmetic import LONGEST_TEXT
from partybuild_flow.feel.cursor import Cursor
from partybuild_flow.feel.faults import Report, nearest
from partybuild_flow.feel.functions import FUNCTIONS
from partybuild_flow.feel.lexer import KEYWORDS, Token, skip_blank
from partybuild_flow.feel.moments import moment_of
from partybuild_flow.feel.naming import Local, Naming
from partybuild_flow.feel.scope import Names, Scope
from partybuild_flow.feel.tree import (
    And,
    ArithmeticOperator,
    Comparison,
    ComparisonOperator,
    Constant,
    ContextOf,
    Filter,
    For,
    If,
    ListOf,
    Name,
    Node,
    Or,
    Quantified,
    Range,
    Span,
)
from partybuild_flow.feel.types import (
    ANY,
    BOOLEAN,
    DATE,
    DATETIME,
    DURATION,
    NULL,
    NUMBER,
    TEXT,
    TIME,
    Type,
    context_of,
    joined,
    list_of,
)

DEEPEST: Final = 50
"""How many brackets, calls and conditions may stand inside each other."""
UNITS: Final = {
    "hour": timedelta(hours=1),
    "hours": timedelta(hours=1),
    "小时": timedelta(hours=1),
    "minute": timedelta(minutes=1),
    "minutes": timedelta(minutes=1),
    "分钟": timedelta(minutes=1),
}
CALENDAR_UNITS: Final = frozenset(
    "day days week weeks month months year years 日 天 周 月 个月 年 工作日 工作时 自然日".split()
)
"""Units that need a calendar; known, but not carried out by this version."""
_LEVELS: Final = {
    "or": 1,
    "and": 2,
    **dict.fromkeys(("=", "!=", "<", "<=", ">", ">=", "between", "in"), 3),
    **dict.fromkeys("+-", 4),
    **dict.fromkeys("*/", 5),
    "**": 6,
}
_UNARY: Final = 7
ORDERS: Final = ("<", "<=", ">", ">=")
COMPARISONS: Final = ("=", "!=", *ORDERS)
_FUNCTION_NAMES: Final = Names()
for _name in (*FUNCTIONS, "now", "today"):
    _FUNCTION_NAMES.add(_name, _name)
_AMBIENT: Final = {"now": DATETIME, "today": DATE}
_MOMENTS: Final = {"date": DATE, "time": TIME, "datetime": DATETIME, "timedelta": DURATION}


class Parser(Cursor):
    """Reads one text; what is wrong goes into the report, and parsing goes on where it can."""

    def __init__(self, text: str, scope: Scope, report: Report, words: tuple[str, ...] = ()) -> None:
        super().__init__(text, report)
        self.naming = Naming(text, scope, report)
        self._depth = 0
        self._words = Names()
        """Texts that may be written without quotes here."""
        for word in words:
            self._words.add(word, word)

    @contextmanager
    def nested(self) -> Iterator[None]:
        """Count one level of nesting."""
        self._depth += 1
        if self._depth > DEEPEST:
            raise self.report.stop("PF418", self.peek().span, limit=str(DEEPEST))
        yield
        self._depth -= 1

    def expression(self) -> Node:
        """Any expression."""
        with self.nested():
            return self._binary(1)

    def _binary(self, lowest: int) -> Node:
        """Operands joined by operators that bind at least so tightly."""
        left = self._operand() if lowest < _UNARY else self._operand()
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
            left = self._joined(left, operator, token, level)

    def _joined(self, left: Node, operator: str, token: Token, level: int) -> Node:
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
        low = self._binary(_LEVELS["+"])
        self.expect("and")
        high = self._binary(_LEVELS["+"])
        limits = Range((low.span[0], high.span[1]), Type("range"), low, high, True, True)
        return typing.membership(self.report, value, [limits], (value.span[0], high.span[1]))

    def _in(self, value: Node) -> Node:
        """What follows `in`: one test, or several in brackets."""
        tested = value.type
        opening = self.peek()
        if self.plain(opening) != "(":
            tests = [self.test(tested)]
        else:
            self.take()
            tests = [self.test(tested)]
            if self.accept(".."):
                tests = [self._range_to(tests[0], opening)]
            else:
                tests = [*tests, *self._further_tests(tested)]
                self.close(")", opening)
        return typing.membership(self.report, value, tests, (value.span[0], self.last))

    def _further_tests(self, tested: Type) -> list[Node]:
        tests: list[Node] = []
        while self.accept(","):
            tests.append(self.test(tested))
        return tests

    def tests(self, tested: Type) -> list[Node]:
        """One or more unary tests with commas between them."""
        return [self.test(tested), *self._further_tests(tested)]

    def test(self, tested: Type) -> Node:
        """A unary test: `>= 90`, a range, or an expression, in which `?` is the tested value."""
        token = self.peek()
        operator = self.plain(token)
        if operator in COMPARISONS:
            self.take()
            asked = Name((token.start, token.start), tested, "?", local=True)
            end = self._binary(_LEVELS["+"])
            span = (token.start, end.span[1])
            return typing.comparison(self.report, cast(ComparisonOperator, operator), asked, end, span)
        with self.naming.binding(("?", Local("?", tested))):
            return self.expression()

    def _range_to(self, low: Node, opening: Token) -> Node:
        """The rest of a range after its `..`."""
        high = self._binary(_LEVELS["+"])
        closing = self.peek()
        if self.plain(closing) not in (")", "]", "["):
            raise self.unexpected(closing, "] )")
        self.take()
        span = (opening.start, closing.end)
        low_included, high_included = self.plain(opening) == "[", self.plain(closing) == "]"
        return Range(span, Type("range"), low, high, low_included, high_included)

    def _operand(self) -> Node:
        """A value with all that stands after it: paths and filters; or one with a minus before it."""
        token = self.peek()
        if self.plain(token) == "-":
            self.take()
            with self.nested():
                return typing.negated(self.report, operand := self._operand(), (token.start, operand.span[1]))
        node = self._primary(token)
        while True:
            following = self.peek()
            if self.plain(following) == ".":
                self.take()
                start = skip_blank(self.text, following.end)
                self.word()
                entry, end = self.naming.entry(start, node.type)
                self.move(end)
                node = typing.path(self.report, node, entry, (node.span[0], end))
            elif self.plain(following) == "[" and not isinstance(node, Range):
                node = self._filter(node, following)
            else:
                return node

    def _primary(self, token: Token) -> Node:
        found = self.naming.match(token.start) if token.kind in ("word", "number") or token.value == "?" else None
        if token.kind == "number" and (found is None or found[1] <= token.end):
            return self._number(token)
        if token.kind == "text":
            self.take()
            return Constant(token.span, TEXT, str(token.value))
        reader = self._readers().get(self.plain(token))
        if reader and token.kind in ("word", "operator") and (found is None or found[1] <= token.end):
            with self.nested():
                return reader(token)
        if token.kind == "word" or found is not None:
            return self._named(token, found)
        raise self.unexpected(token, "a value")

    def _readers(self) -> dict[str, Callable[[Token], Node]]:
        """What begins with a keyword or bracket."""
        return {
            "(": self._bracketed,
            "[": self._list_or_range,
            "]": self._list_or_range,
            "{": self._context,
            "@": self._at_literal,
            "if": self._if,
            "for": self._for,
            "some": self._quantified,
            "every": self._quantified,
            "true": self._word_constant,
            "false": self._word_constant,
            "null": self._word_constant,
        }
