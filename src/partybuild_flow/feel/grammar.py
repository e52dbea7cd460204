"""The grammar of FEEL: text to a typed tree, by recursive descent with precedence.

Source: DMN 1.5, clause 10.3.1.2. Types are decided on the way, because which name is meant inside a
filter or after a dot depends on them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from decimal import Decimal
from typing import Final, Literal, cast

from partybuild_flow.feel import calls, typing
from partybuild_flow.feel.arithmetic import NUMBERS, duration_of, microseconds
from partybuild_flow.feel.cursor import Cursor
from partybuild_flow.feel.faults import Report, nearest
from partybuild_flow.feel.functions import FUNCTIONS
from partybuild_flow.feel.lexer import KEYWORDS, Token, skip_blank
from partybuild_flow.feel.moments import moment_of
from partybuild_flow.feel.naming import Local, Naming
from partybuild_flow.feel.scope import Names, Scope, Symbol
from partybuild_flow.feel.tree import (
    And,
    ArithmeticOperator,
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
ORDERS: Final = ("<", "<=", ">", ">=")
COMPARISONS: Final = ("=", "!=", *ORDERS)
_FUNCTION_NAMES: Final = Names()
for _name in (*FUNCTIONS, "now", "today"):
    _FUNCTION_NAMES.add(_name, _name)
_AMBIENT: Final = {"now": DATETIME, "today": DATE}
_MOMENTS: Final = {"date": DATE, "time": TIME, "datetime": DATETIME, "timedelta": DURATION}


class Grammar(Cursor):
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
        left = self._operand()
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
            tests = [self.test(tested, local=True)]
        else:
            self.take()
            tests = self.tests(tested, local=True)
            if len(tests) == 1 and self.plain(self.peek()) == "..":
                tests = [self._range_to(tests[0], opening)]
            else:
                self.close(")", opening)
        return typing.membership(self.report, value, tests, (value.span[0], self.last))

    def tests(self, tested: Type, *, local: bool) -> list[Node]:
        """One or more unary tests with commas between them."""
        tests = [self.test(tested, local=local)]
        while self.accept(","):
            tests.append(self.test(tested, local=local))
        return tests

    def test(self, tested: Type, *, local: bool) -> Node:
        """A unary test: `>= 90`, a range, or an expression, in which `?` is the tested value."""
        token = self.peek()
        operator = self.plain(token)
        with self.nested():
            if operator in COMPARISONS:
                self.take()
                asked = Name((token.start, token.start), tested, "?", local)
                end = self._binary(_LEVELS["+"])
                span = (token.start, end.span[1])
                return typing.comparison(self.report, cast(ComparisonOperator, operator), asked, end, span)
            with self.naming.binding(("?", Local("?", tested) if local else Symbol("?", (), tested))):
                if operator == "]":
                    self.take()
                    low = self._binary(_LEVELS["+"])
                    return self._range_to(low, token)
                return self._binary(_LEVELS["+"] if local else 1)

    def _range_to(self, low: Node, opening: Token) -> Node:
        """The rest of a range after its `..`."""
        self.expect("..")
        high = self._binary(_LEVELS["+"])
        closing = self.peek()
        if closing.kind == "end":
            self.close(")" if self.plain(opening) == "(" else "]", opening)
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
                named = self.peek()
                if named.kind != "word":
                    raise self.unexpected(named, "a name")
                entry, end = self.naming.entry(named.start, node.type)
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
            "[": self._list,
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

    def _number(self, token: Token) -> Node:
        """A number, or with a unit after it a term."""
        self.take()
        unit = self.peek()
        name = str(unit.value) if unit.kind == "word" else ""
        span = (token.start, unit.end)
        if name in CALENDAR_UNITS:
            self.take()
            self.report.add("PF430", span, unit=name)
            return Constant(span, DURATION, None)
        value = cast(Decimal, token.value)
        if name not in UNITS:
            return Constant(token.span, NUMBER, value)
        self.take()
        try:
            return Constant(span, DURATION, duration_of(NUMBERS.multiply(microseconds(UNITS[name]), value)))
        except ArithmeticError:
            raise self.report.stop("PF442", span, found=self.text[span[0] : span[1]]) from None

    def _word_constant(self, token: Token) -> Node:
        self.take()
        value = {"true": True, "false": False}.get(self.plain(token))
        return Constant(token.span, NULL if value is None else BOOLEAN, value)

    def _at_literal(self, token: Token) -> Node:
        self.take()
        written = self.peek()
        if written.kind != "text":
            raise self.unexpected(written, "a text in quotes")
        self.take()
        span = (token.start, written.end)
        value = moment_of(str(written.value))
        if value is None:
            self.report.add("PF429", written.span, text=str(written.value), expected="2022-09-30T16:00:00")
            return Constant(span, ANY, None)
        return Constant(span, _MOMENTS[type(value).__name__], value)

    def _bracketed(self, token: Token) -> Node:
        self.take()
        inside = self.expression()
        if self.plain(self.peek()) == "..":
            return self._range_to(inside, token)
        self.close(")", token)
        return inside

    def _list(self, token: Token) -> Node:
        """A list, or a range whose lower end is included."""
        self.take()
        items: list[Node] = []
        if not self.accept("]"):
            items.append(self.expression())
            if self.plain(self.peek()) == "..":
                return self._range_to(items[0], token)
            while self.accept(","):
                items.append(self.expression())
            self.close("]", token)
        item = NULL
        for each in items:
            item = joined(item, each.type)
        return ListOf((token.start, self.last), list_of(item if items else ANY), tuple(items))

    def _context(self, token: Token) -> Node:
        self.take()
        entries: list[tuple[str, Node]] = []
        with ExitStack() as bindings:
            while not entries or self.accept(","):
                if not entries and self.accept("}"):
                    return ContextOf((token.start, self.last), context_of({}), ())
                key = self.peek()
                name = str(self.take().value) if key.kind == "text" else self._new_name()
                if any(name == known for known, _ in entries):
                    self.report.add("PF440", key.span, name=name)
                self.expect(":")
                value = self.expression()
                entries.append((name, value))
                bindings.enter_context(self.naming.binding((name, Local(name, value.type))))
            self.close("}", token)
        types = {name: value.type for name, value in entries}
        return ContextOf((token.start, self.last), context_of(types), tuple(entries))

    def _new_name(self) -> str:
        """A name that the text itself gives: words up to the next operator or keyword."""
        if self.peek().kind != "word" or self.plain(self.peek()):
            raise self.unexpected(self.peek(), "a name")
        words: list[str] = []
        while self.peek().kind == "word" and not self.plain(self.peek()):
            words.append(str(self.take().value))
        return " ".join(words)

    def _if(self, token: Token) -> Node:
        self.take()
        condition = self.expression()
        typing.check_condition(self.report, condition)
        self.expect("then")
        then = self.expression()
        self.expect("else")
        otherwise = self.expression()
        return If((token.start, self.last), joined(then.type, otherwise.type), condition, then, otherwise)

    def _iterators(self, bindings: ExitStack) -> list[tuple[str, Node]]:
        """`x in list, y in list …`; each name is bound for what follows it."""
        iterators: list[tuple[str, Node]] = []
        while not iterators or self.accept(","):
            name = self._new_name()
            self.expect("in")
            source = self.expression()
            if self.accept(".."):
                source = self._counting(source, self._binary(_LEVELS["+"]))
            elif source.type.kind not in ("list", "any", "null"):
                self.report.add("PF427", source.span, **typing.words("found", source.type))
            iterators.append((name, source))
            bindings.enter_context(self.naming.binding((name, Local(name, source.type.item or ANY))))
        return iterators

    def _counting(self, low: Node, high: Node) -> Node:
        for end in (low, high):
            if end.type.kind not in ("number", "any", "null"):
                expected = typing.words("expected", NUMBER)
                self.report.add("PF425", end.span, **expected, **typing.words("found", end.type))
        return Range((low.span[0], high.span[1]), list_of(NUMBER), low, high, True, True)

    def _for(self, token: Token) -> Node:
        self.take()
        with ExitStack() as bindings:
            iterators = self._iterators(bindings)
            self.expect("return")
            result = self.expression()
        return For((token.start, self.last), list_of(result.type), tuple(iterators), result)

    def _quantified(self, token: Token) -> Node:
        self.take()
        quantifier: Literal["some", "every"] = "some" if self.plain(token) == "some" else "every"
        with ExitStack() as bindings:
            iterators = self._iterators(bindings)
            self.expect("satisfies")
            node = self.expression()
            typing.check_condition(self.report, node)
        for name, source in reversed(iterators):
            node = Quantified((token.start, self.last), BOOLEAN, quantifier, name, source, node)
        return node

    def _filter(self, source: Node, opening: Token) -> Node:
        """`list[condition]` or `list[position]`; inside, `item` and the entries of an item are known."""
        self.take()
        item = source.type.item or ANY if source.type.kind == "list" else source.type
        variable = self.naming.fresh("item")
        names = [("item", Local(variable, item))]
        if item.kind == "context":
            names += [(name, Local(variable, item, entry)) for name, entry in (typing.entries_of(item) or {}).items()]
        with self.nested(), self.naming.binding(*names):
            condition = self.expression()
        self.close("]", opening)
        by_position = condition.type.kind == "number"
        if not by_position:
            typing.check_condition(self.report, condition)
        type_ = item if by_position else list_of(item)
        return Filter((source.span[0], self.last), type_, source, condition, by_position, variable)

    def _named(self, token: Token, found: tuple[str, int, object] | None) -> Node:
        """What begins with a word: a call, a known name, or one that is not known."""
        for name, end in _FUNCTION_NAMES.matches(self.text, token.start):
            if self.opens(end):
                return self._call(name, token.start, end)
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
        end = self.naming.unknown(token.start)
        self.move(end)
        return Name((token.start, end), ANY, self.text[token.start : end])

    def opens(self, end: int) -> bool:
        """Whether the next thing is an opening bracket."""
        return self.text[skip_blank(self.text, end) :][:1] in ("(", "（")

    def _call(self, name: str, start: int, end: int) -> Node:
        self.move(end)
        with self.nested():
            positional, named = self._arguments(name)
        span = (start, self.last)
        if name in _AMBIENT:
            if positional or named:
                self.report.add("PF408", span, function=name, expected="0", found=str(len(positional) + len(named)))
            return Name(span, _AMBIENT[name], name)
        return calls.call(self.report, name, positional, named, span)

    def _arguments(self, function: str) -> tuple[list[Node], dict[str, Node]]:
        """The arguments in brackets, by place or by name."""
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
                self.move(end)
                self.expect(":")
                named[name] = self.expression()
            elif named:
                raise self.unexpected(token, "a name")
            else:
                positional.append(self.expression())
        if positional and named:
            raise self.report.stop("PF443", (opening.start, self.last), function=function)
        return positional, named

    def _unknown_call(self, start: int, end: int) -> Node:
        name = self.text[start:end]
        near = nearest(name, _FUNCTION_NAMES)
        if near is None:
            self.report.add("PF445", (start, end), name=name)
        else:
            self.report.add("PF444", (start, end), name=name, near=near)
        self.move(end)
        with self.nested():
            self._arguments(name)
        return Name((start, self.last), ANY, name)
