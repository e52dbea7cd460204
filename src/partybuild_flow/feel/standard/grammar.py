"""The grammar of the standard: that of definitions without types beforehand, with functions and ranges as values.

Source: DMN 1.5, clause 10.3.1.2.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from partybuild_flow.feel.faults import Report, Unreadable
from partybuild_flow.feel.grammar import ORDERS, Grammar
from partybuild_flow.feel.lexer import KEYWORDS, Token, skip_blank
from partybuild_flow.feel.naming import Local
from partybuild_flow.feel.scope import Scope
from partybuild_flow.feel.standard.moments import moment_of
from partybuild_flow.feel.standard.naming import StandardNaming, TokenNames, key_at
from partybuild_flow.feel.tree import (
    Constant,
    ContextOf,
    Filter,
    FunctionOf,
    In,
    InstanceOf,
    Invocation,
    Name,
    Negative,
    Node,
    Not,
    Path,
    Range,
    TypeName,
    walk,
)
from partybuild_flow.feel.types import ANY, BOOLEAN

LONGEST: Final = 200_000
"""A longer text is not read."""
TESTED: Final = "?"
TYPE_NAMES: Final = (
    "Any",
    "Null",
    "number",
    "string",
    "boolean",
    "date",
    "time",
    "date and time",
    "days and time duration",
    "day time duration",
    "years and months duration",
    "year month duration",
    "list",
    "context",
    "range",
    "function",
)


@dataclass(frozen=True, slots=True)
class Known:
    """The names that a text may read: what is in scope, the entries that contexts may have, types."""

    names: TokenNames
    members: TokenNames
    types: TokenNames


@dataclass(frozen=True, slots=True)
class Read:
    """What became of a text: a tree, or the place and reason why there is none."""

    node: Node | None
    reason: str = ""


class StandardGrammar(Grammar):
    """Reads one text of the standard."""

    deepest = 90

    def __init__(self, text: str, known: Known) -> None:
        report = Report(lenient=True)
        super().__init__(text, Scope(), report)
        self._known_types = known.types
        self._names = StandardNaming(text, Scope(), report, known.names, known.members)
        self.naming = self._names

    def expression(self) -> Node:
        """Any expression, or a range that an operator and its end say: `< 10`."""
        token = self.peek()
        operator = self.plain(token)
        if operator not in ORDERS:
            return super().expression()
        self.take()
        return _one_sided(operator, self.sum(), token.start)

    def _operand(self) -> Node:
        token = self.peek()
        if self.plain(token) == "-":
            self.take()
            with self.nested():
                operand = self._operand()
            span = (token.start, operand.span[1])
            return Negative(span, ANY, operand)
        return self._followed(self._primary(token))

    def _followed(self, node: Node) -> Node:
        while True:
            following = self.peek()
            plain = self.plain(following)
            if plain == ".":
                self.take()
                named = self.peek()
                if named.kind != "word":
                    raise self.unexpected(named, "a name")
                entry, end = self.naming.entry(named.start, ANY)
                self.move(end)
                node = Path((node.span[0], end), ANY, node, entry)
            elif plain == "[" and self._is_filter(following):
                node = self.read_filter(node, following)
            elif plain == "(":
                node = self._invocation(node)
            elif plain == "instance":
                self.take()
                if self.take().value != "of":
                    raise self.unexpected(following, "instance of")
                wanted = self._type_name()
                node = InstanceOf((node.span[0], self.last), BOOLEAN, node, wanted)
            else:
                return node

    def membership(self, value: Node, tests: list[Node]) -> Node:
        """Whether a value meets any of the tests; what reads `?` says itself whether it is met."""
        conditions = tuple(not isinstance(test, Range) and asks(test) for test in tests)
        return In((value.span[0], self.last), BOOLEAN, value, tuple(tests), conditions)

    def _primary(self, token: Token) -> Node:
        if token.kind in ("number", "text"):
            self.take()
            return Constant(token.span, ANY, token.value)
        plain = self.plain(token)
        found = self.naming.match(token.start) if token.kind == "word" or plain == TESTED else None
        if found is not None and (found[1] > token.end or plain not in self._readers()):
            self.move(found[1])
            return Name((token.start, found[1]), ANY, found[0], local=True)
        reader = self._readers().get(plain)
        if reader is not None:
            with self.nested():
                return reader(token)
        if plain == TESTED:
            self.take()
            return Name(token.span, ANY, TESTED, local=True)
        if token.kind != "word" or (plain in KEYWORDS and plain != "not"):
            raise self.unexpected(token, "a value")
        name, end = self._names.words(token.start)
        self.move(end)
        return Name((token.start, end), ANY, name, local=True)

    def _readers(self) -> dict[str, Callable[[Token], Node]]:
        return {**super()._readers(), "function": self._function, "]": self._open_range}

    def _open_range(self, token: Token) -> Node:
        self.take()
        return self.range_to(self.sum(), token)

    def read_at_literal(self, token: Token) -> Node:
        """`@"2022-09-30"`."""
        self.take()
        written = self.peek()
        if written.kind != "text":
            raise self.unexpected(written, "a text in quotes")
        self.take()
        return Constant((token.start, written.end), ANY, moment_of(str(written.value)))

    def read_context(self, token: Token) -> Node:
        """A context; its entries are names for those after them, and for paths and filters."""
        self.take()
        entries: list[tuple[str, Node]] = []
        with self.naming.binding():
            while not self.accept("}"):
                if entries and not self.accept(","):
                    self.close("}", token)
                    break
                name = self._key()
                self.expect(":")
                self._names.bind(name, Local(name, ANY))
                entries.append((name, self.expression()))
        return ContextOf((token.start, self.last), ANY, tuple(entries))

    def _key(self) -> str:
        start = skip_blank(self.text, self.last)
        if self.text[start : start + 1] in ('"', "“"):
            return str(self.take().value)
        key = key_at(self.text, start)
        if key is None:
            raise self.unexpected(self.peek(), "a name")
        self.move(key[1])
        return key[0]

    def read_filter(self, source: Node, opening: Token) -> Node:
        """`list[condition]` or `list[position]`; which of them is seen when it is evaluated."""
        self.take()
        local = Local("item", ANY)
        with self.nested(), self._names.filtering(), self.naming.binding(("item", local)):
            condition = self.expression()
        self.close("]", opening)
        return Filter((source.span[0], self.last), ANY, source, condition, False, "item")

    def read_for(self, token: Token) -> Node:
        """`for … in … return …`; `partial` are the results so far."""
        with self.naming.binding(("partial", Local("partial", ANY))):
            return super().read_for(token)

    def _new_name(self) -> str:
        start = skip_blank(self.text, self.last)
        if self.peek().kind != "word" or self.plain(self.peek()):
            raise self.unexpected(self.peek(), "a name")
        end = self.text.find(" in ", start)
        candidate = self.text[start:end] if end >= 0 else ""
        if candidate and all(character.isalnum() or character in "_-+*/'’. ?" for character in candidate):
            self.move(end)
            return " ".join(candidate.split())
        return super()._new_name()

    def _invocation(self, function: Node) -> Node:
        opening = self.take()
        arguments: list[Node] = []
        names: list[str] = []
        with self.nested():
            while not self.accept(")"):
                if arguments and not self.accept(","):
                    self.close(")", opening)
                    break
                key = key_at(self.text, skip_blank(self.text, self.last))
                if key is not None:
                    self.move(key[1])
                    self.expect(":")
                    names.append(key[0])
                arguments.append(self.expression())
        if names and len(names) != len(arguments):
            raise self.unexpected(opening, "a name")
        return Invocation((function.span[0], self.last), ANY, function, tuple(arguments), tuple(names))

    def _function(self, token: Token) -> Node:
        """A function written out."""
        self.take()
        opening = self.expect("(")
        parameters: list[tuple[str, TypeName | None]] = []
        while not self.accept(")"):
            if parameters and not self.accept(","):
                self.close(")", opening)
                break
            parameters.append(self._parameter())
        external = self.peek().value == "external"
        if external:
            self.take()
        with self.naming.binding(*((name, Local(name, ANY)) for name, _ in parameters)):
            body = self.expression()
        return FunctionOf((token.start, self.last), ANY, tuple(parameters), body, external)

    def _parameter(self) -> tuple[str, TypeName | None]:
        start = skip_blank(self.text, self.last)
        key = key_at(self.text, start)
        if key is not None:
            self.move(key[1])
            self.expect(":")
            return key[0], self._type_name()
        end = (
            min(at for sign in ",)" if (at := self.text.find(sign, start)) >= 0)
            if ")" in self.text[start:]
            else start
        )
        name = " ".join(self.text[start:end].split())
        if not name:
            raise self.unexpected(self.peek(), "a name")
        self.move(end)
        return name, None

    def _type_name(self) -> TypeName:
        """A type: `number`, `list<string>`, `function<number> -> string`, one of the model."""
        start = skip_blank(self.text, self.last)
        found = self._known_types.match(self.text, start)
        name, end = found if found is not None else self._names.words(start)
        if end == start:
            raise self.unexpected(self.peek(), "a type")
        self.move(end)
        parts: list[tuple[str, TypeName]] = []
        if name in ("list", "range", "context", "function") and self.plain(self.peek()) == "<":
            parts = self._type_parts(name)
        if name == "function" and parts is not None and self.plain(self.peek()) == "-":
            self.take()
            self.expect(">")
            parts.append(("", self._type_name()))
        return TypeName(name, tuple(parts))

    def _type_parts(self, name: str) -> list[tuple[str, TypeName]]:
        opening = self.take()
        parts: list[tuple[str, TypeName]] = []
        while not self.accept(">"):
            if parts and not self.accept(","):
                self.close(">", opening)
                break
            key = self._key() if name == "context" else ""
            if name == "context":
                self.expect(":")
            parts.append((key, self._type_name()))
        return parts


def _one_sided(operator: str, end: Node, start: int) -> Range:
    """A range with one end, as an operator and a value say it."""
    included = "=" in operator
    span = (start, end.span[1])
    if operator[0] == "<":
        return Range(span, ANY, None, end, False, included)
    return Range(span, ANY, end, None, included, False)


def asks(node: Node) -> bool:
    """Whether an expression reads the tested value."""
    return any(isinstance(part, Name) and part.id == TESTED for part, _ in walk(node))


def read_expression(text: str, known: Known) -> Read:
    """The tree of an expression."""

    def whole(grammar: StandardGrammar) -> Node:
        node = grammar.expression()
        grammar.finish()
        return node

    return _read(text, known, whole)


def read_tests(text: str, known: Known) -> Read:
    """The tree of unary tests, as a boolean about `?`; `-` and an empty text give true."""
    if text.strip() in ("-", ""):
        return Read(Constant((0, len(text)), BOOLEAN, True))

    asked = Name((0, 0), ANY, TESTED, local=True)

    def negated(grammar: StandardGrammar) -> Node:
        grammar.take()
        opening = grammar.take()
        tests = grammar.tests(ANY, local=True)
        grammar.close(")", opening)
        grammar.finish()
        return Not((0, len(text)), BOOLEAN, grammar.membership(asked, tests))

    def plain(grammar: StandardGrammar) -> Node:
        tests = grammar.tests(ANY, local=True)
        grammar.finish()
        return grammar.membership(asked, tests)

    if text.split("(", maxsplit=1)[0].strip() == "not":
        read = _read(text, known, negated)
        if read.node is not None:
            return read
    return _read(text, known, plain)


def _read(text: str, known: Known, whole: Callable[[StandardGrammar], Node]) -> Read:
    if len(text) > LONGEST:
        return Read(None, f"the text is longer than {LONGEST} characters")
    grammar = StandardGrammar(text, known)
    try:
        if not text.strip():
            return Read(None, "the text is empty")
        return Read(whole(grammar))
    except Unreadable:
        return Read(None, _reason(text, grammar))
    except RecursionError:
        return Read(None, "the expression is nested too deeply")


def _reason(text: str, grammar: StandardGrammar) -> str:
    """What keeps a text from being read, in the words of the catalogue."""
    from partybuild_flow.messages import sentence

    fault = grammar.report.faults[0]
    line = text.count("\n", 0, fault.start) + 1
    column = fault.start - (text.rfind("\n", 0, fault.start) + 1) + 1
    told = sentence(fault.code, "en", fault.data)
    return f"{line}:{column}: {told}"
