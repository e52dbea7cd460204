"""What begins with a number, a keyword or a bracket: constants, lists, ranges, contexts, conditions, loops.

Source: DMN 1.5, clause 10.3.1.2, rules 33 to 62.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from decimal import Decimal
from typing import Final, Literal, cast

from partybuild_flow.feel import typing
from partybuild_flow.feel.arithmetic import NUMBERS, duration_of, microseconds
from partybuild_flow.feel.cursor import Cursor
from partybuild_flow.feel.faults import Report
from partybuild_flow.feel.lexer import Token
from partybuild_flow.feel.moments import moment_of
from partybuild_flow.feel.naming import Local, Naming
from partybuild_flow.feel.scope import Scope
from partybuild_flow.feel.term_words import Counted, nearest_addition, nearest_unit, unit_at, unit_instead
from partybuild_flow.feel.terms import MAX_LENGTH, Term
from partybuild_flow.feel.tree import (
    Constant,
    ContextOf,
    Filter,
    For,
    If,
    ListOf,
    Node,
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
    TERM,
    TIME,
    Type,
    context_of,
    list_of,
)

DEEPEST: Final = 50
"""How many brackets, calls and conditions may stand inside each other."""
_MOMENTS: Final = {"date": DATE, "time": TIME, "datetime": DATETIME, "timedelta": DURATION}


class Forms(Cursor):
    """The half of the grammar that needs no precedence."""

    deepest = DEEPEST

    def __init__(self, text: str, scope: Scope, report: Report) -> None:
        super().__init__(text, report)
        self.naming = Naming(text, scope, report)
        self._depth = 0

    @abstractmethod
    def expression(self) -> Node:
        """Any expression."""

    @abstractmethod
    def sum(self) -> Node:
        """An expression without comparisons."""

    @contextmanager
    def nested(self) -> Iterator[None]:
        """Count one level of nesting."""
        self._depth += 1
        if self._depth > self.deepest:
            raise self.report.stop("PF418", self.peek().span, limit=str(self.deepest))
        yield
        self._depth -= 1

    def read_number(self, token: Token) -> Node:
        """A number, or with a unit after it a term or duration."""
        self.take()
        value = cast(Decimal, token.value)
        unit = self.peek()
        named = self.naming.match(unit.start) if unit.kind == "word" and not self.plain(unit) else None
        found = unit_at(self.text, unit.start) if unit.kind == "word" and not self.plain(unit) else None
        if found is None or (named is not None and named[1] > found[1]):
            if unit.kind == "word" and not self.plain(unit) and named is None:
                self._check_unit(unit)
            return Constant(token.span, NUMBER, value)
        meaning, end = found
        self.move(end)
        if isinstance(meaning, Counted):
            self._check_addition(self.peek())
        return self._counted(value, meaning, (token.start, end))

    def _check_unit(self, unit: Token) -> None:
        """A word after a number is a fault where it was probably meant as a unit."""
        for end in dict.fromkeys((self.naming.extents(unit.start)[2], unit.end)):
            written = " ".join(self.text[unit.start : end].split())
            near = nearest_unit(written)
            if near is not None:
                raise self.report.stop("PF445", (unit.start, end), unit=written, near=near)

    def _check_addition(self, word: Token) -> None:
        """A word after a unit is a fault where it was probably meant to say how days count."""
        near = nearest_addition(str(word.value)) if word.kind == "word" and not self.plain(word) else None
        if near is not None and self.naming.match(word.start) is None:
            raise self.report.stop("PF445", word.span, unit=str(word.value), near=near)

    def _counted(self, value: Decimal, meaning: Counted | timedelta | str, span: Span) -> Node:
        written = self.text[span[0] : span[1]]
        if isinstance(meaning, str):
            self.report.add("PF430", span, unit=meaning, near=unit_instead(meaning))
            return Constant(span, TERM, None)
        if isinstance(meaning, Counted):
            unit, inclusive, closing = meaning
            if unit != "working-hour" and value != value.to_integral_value():
                self.report.add("PF446", span, found=written)
            if value > MAX_LENGTH:
                raise self.report.stop("PF442", span, found=written)
            return Constant(span, TERM, Term(value, unit, inclusive, closing))
        try:
            return Constant(span, DURATION, duration_of(NUMBERS.multiply(microseconds(meaning), value)))
        except ArithmeticError:
            raise self.report.stop("PF442", span, found=written) from None

    def read_word_constant(self, token: Token) -> Node:
        """`true`, `false` or `null`."""
        self.take()
        value = {"true": True, "false": False}.get(self.plain(token))
        return Constant(token.span, NULL if value is None else BOOLEAN, value)

    def read_at_literal(self, token: Token) -> Node:
        """`@"2022-09-30"`: a date, time, date and time, or duration."""
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

    def read_bracketed(self, token: Token) -> Node:
        """An expression in brackets, or a range whose lower end is excluded."""
        self.take()
        inside = self.expression()
        if self.plain(self.peek()) == "..":
            return self.range_to(inside, token)
        self.close(")", token)
        return inside

    def read_list(self, token: Token) -> Node:
        """A list, or a range whose lower end is included."""
        self.take()
        items: list[Node] = []
        if not self.accept("]"):
            items.append(self.expression())
            if self.plain(self.peek()) == "..":
                return self.range_to(items[0], token)
            while self.accept(","):
                items.append(self.expression())
            self.close("]", token)
        item = typing.common_type(items) if items else ANY
        return ListOf((token.start, self.last), list_of(item), tuple(items))

    def read_context(self, token: Token) -> Node:
        """A context; its entries are names for those after them."""
        self.take()
        entries: dict[str, Node] = {}
        with self.naming.binding():
            while not entries or self.accept(","):
                if not entries and self.accept("}"):
                    return ContextOf((token.start, self.last), context_of({}), ())
                key = self.peek()
                name = str(self.take().value) if key.kind == "text" else self._new_name()
                if name in entries:
                    self.report.add("PF440", key.span, name=name)
                self.expect(":")
                entries[name] = self.expression()
                self.naming.bind(name, Local(name, entries[name].type))
            self.close("}", token)
        types = {name: value.type for name, value in entries.items()}
        return ContextOf((token.start, self.last), context_of(types), tuple(entries.items()))

    def _new_name(self) -> str:
        """A name that the text itself gives: words up to the next operator or keyword."""
        if self.peek().kind != "word" or self.plain(self.peek()):
            raise self.unexpected(self.peek(), "a name")
        words: list[str] = []
        while self.peek().kind == "word" and not self.plain(self.peek()):
            words.append(str(self.take().value))
        return " ".join(words)

    def read_if(self, token: Token) -> Node:
        """`if … then … else …`."""
        self.take()
        condition = self.expression()
        typing.check_condition(self.report, condition)
        self.expect("then")
        then = self.expression()
        self.expect("else")
        otherwise = self.expression()
        type_ = typing.common_type([then, otherwise])
        return If((token.start, self.last), type_, condition, then, otherwise)

    def _iterators(self, bindings: ExitStack) -> list[tuple[str, Node]]:
        """`x in list, y in list …`; each name is bound for what follows it."""
        iterators: list[tuple[str, Node]] = []
        while not iterators or self.accept(","):
            name = self._new_name()
            self.expect("in")
            source = self.expression()
            if self.accept(".."):
                source = self._counting(source, self.sum())
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

    def read_for(self, token: Token) -> Node:
        """`for … in … return …`."""
        self.take()
        with ExitStack() as bindings:
            iterators = self._iterators(bindings)
            self.expect("return")
            result = self.expression()
        return For((token.start, self.last), list_of(result.type), tuple(iterators), result)

    def read_quantified(self, token: Token) -> Node:
        """`some … in … satisfies …` or `every …`."""
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

    def read_filter(self, source: Node, opening: Token) -> Node:
        """`list[condition]` or `list[position]`; inside, `item` and the entries of an item are known."""
        self.take()
        item = source.type.item or ANY if source.type.kind == "list" else source.type
        variable = self.naming.fresh("item")
        names = [("item", Local(variable, item))]
        if item.kind == "context":
            names += [
                (name, Local(variable, item, entry))
                for name, entry in (typing.entries_of(item) or {}).items()
            ]
        with self.nested(), self.naming.binding(*names):
            condition = self.expression()
        self.close("]", opening)
        by_position = condition.type.kind == "number"
        if not by_position:
            typing.check_condition(self.report, condition)
        type_ = item if by_position else list_of(item)
        return Filter((source.span[0], self.last), type_, source, condition, by_position, variable)

    def range_to(self, low: Node, opening: Token) -> Node:
        """The rest of a range, from its `..`."""
        self.expect("..")
        high = self.sum()
        closing = self.peek()
        if closing.kind == "end":
            self.close(")" if self.plain(opening) == "(" else "]", opening)
        if self.plain(closing) not in (")", "]", "["):
            raise self.unexpected(closing, "] )")
        self.take()
        span = (opening.start, closing.end)
        low_included, high_included = self.plain(opening) == "[", self.plain(closing) == "]"
        return Range(span, Type("range"), low, high, low_included, high_included)
