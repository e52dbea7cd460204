"""Expressions of a definition in the words of the standard: choices in quotes, names and operators as DMN has them.

Source: DMN 1.5, clause 10.3.1.2.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final

from partybuild_flow.definition import Workflow
from partybuild_flow.feel import Expression, Term, Value, tree
from partybuild_flow.feel.moments import clock_text, duration_text
from partybuild_flow.feel.rendering import entry_name, number_text, quoted
from partybuild_flow.feel.standard import (
    BUILTINS,
    TYPE_NAMES,
    Known,
    TokenNames,
    read_expression,
    read_tests,
)
from partybuild_flow.feel.standard.values import PART_NAMES
from partybuild_flow.feel.tree import Node, ranking
from partybuild_flow.messages import Phrase

TESTED: Final = "?"
_UNITS: Final = {"day": "P{}D", "month": "P{}M", "year": "P{}Y"}


class UnsayableError(Exception):
    """Something that DMN cannot say, with the reason."""

    def __init__(self, reason: Phrase) -> None:
        super().__init__(reason.code)
        self.reason = reason


def names_in(workflow: Workflow) -> dict[str, str]:
    """The names that people read, by the ids of all that an expression may read."""
    sections = (
        workflow.fields,
        workflow.parameters,
        workflow.look_ups,
        workflow.relations,
        workflow.deadlines,
        workflow.tables,
        workflow.rule_sets,
    )
    return {id_: part.name for section in sections for id_, part in section.items()}


class Standard:
    """What expressions of one workflow say in the words of the standard.

    Raises:
        UnsayableError: from each method, what DMN cannot say.
    """

    def __init__(self, names: dict[str, str]) -> None:
        self._names = names
        self._known = Known(TokenNames(names.values()), TokenNames(PART_NAMES), TokenNames(TYPE_NAMES))

    def name(self, expression: Expression, id_: str) -> str:
        """The name of something that an expression reads."""
        found = self._names.get(id_)
        if found is None:
            reads = (node for node, _ in tree.walk(expression.tree) if isinstance(node, tree.Name))
            spans = (node.span for node in reads if node.id == id_ and node.span[0] < node.span[1])
            start, end = next(spans, (0, 0))
            found = expression.text[start:end] or id_
            self._names[id_] = found
            self._known.names.add(found)
        read = read_expression(found, self._known).node
        if not isinstance(read, tree.Name) or read.id != found:
            raise UnsayableError(Phrase("dmn-name"))
        return found

    def expression(self, expression: Expression) -> str:
        """An expression."""
        for id_ in sorted(expression.reads):
            self.name(expression, id_)
        told = self._said(expression.tree)
        if read_expression(told, self._known).node is None:
            raise UnsayableError(Phrase("dmn-form"))
        return told

    def tests(self, expression: Expression | None) -> str:
        """The unary tests of an input."""
        if expression is None:
            return "-"
        for id_ in sorted(expression.reads):
            self.name(expression, id_)
        told = self._tests(expression.tree)
        if read_tests(told, self._known).node is None:
            raise UnsayableError(Phrase("dmn-form"))
        return told

    def _tests(self, node: Node) -> str:
        plain = self._plain_tests(node)
        if plain is not None:
            return plain
        if isinstance(node, tree.Not) and (inner := self._plain_tests(node.operand)) is not None:
            return f"not({inner})"
        return self._said(node)

    def _plain_tests(self, node: Node) -> str | None:
        """Tests of the value itself, without its name; None of any other condition."""
        match node:
            case tree.In(value=tree.Name(id="?")):
                return self._several(node)
            case tree.Comparison(operator="=", left=tree.Name(id="?"), right=right):
                return self._said(right)
            case tree.Comparison(operator="!=", left=tree.Name(id="?"), right=right):
                return f"not({self._said(right)})"
            case tree.Comparison(operator=operator, left=tree.Name(id="?") as left, right=right):
                self._hold_to_no_order(left, right)
                return f"{operator} {self._said(right)}"
            case _:
                return None

    def _several(self, node: tree.In) -> str:
        """The tests of a value; some may be conditions on it."""
        return ", ".join(
            self._tests(test) if condition else self._test(test, node.value)
            for test, condition in zip(node.tests, node.conditions, strict=True)
        )

    def _test(self, test: Node, tested: Node) -> str:
        if isinstance(test, tree.Range):
            self._hold_to_no_order(tested, test.low or test.high or tested)
        return self._said(test)

    @staticmethod
    def _hold_to_no_order(left: Node, right: Node) -> None:
        if ranking(left.type, right.type):
            raise UnsayableError(Phrase("dmn-order"))

    def _said(self, node: Node) -> str:
        match node:
            case tree.Constant(value=value):
                return constant(value)
            case tree.Name(id=id_, local=local):
                return id_ if local or id_ == TESTED else self._names.get(id_, id_)
            case tree.Path(source=source, entry=entry):
                inner = source.type.item or source.type
                names = {id_: name for name, id_ in inner.spellings.items()}
                return f"{self._inside(source)}.{entry_name(names.get(entry, entry))}"
            case tree.Range():
                return self._range(node)
            case tree.In(value=value):
                return f"{self._inside(value)} in ({self._several(node)})"
            case tree.Comparison(operator=operator, left=left, right=right):
                if operator not in ("=", "!="):
                    self._hold_to_no_order(left, right)
                return f"{self._inside(left)} {operator} {self._inside(right)}"
            case tree.Arithmetic(operator=sign, left=left, right=right):
                return f"{self._inside(left)} {sign} {self._inside(right)}"
            case tree.Call(function=function, arguments=arguments):
                if function not in BUILTINS:
                    raise UnsayableError(Phrase("dmn-function", {"name": function}))
                return f"{function}({', '.join(map(self._said, arguments))})"
            case _:
                return self._logic(node)

    def _logic(self, node: Node) -> str:
        match node:
            case tree.Negative(operand=operand):
                return f"-{self._inside(operand)}"
            case tree.And(operands=operands):
                return " and ".join(map(self._inside, operands))
            case tree.Or(operands=operands):
                return " or ".join(map(self._inside, operands))
            case tree.Not(operand=operand):
                return f"not({self._said(operand)})"
            case tree.If(condition=condition, then=then, otherwise=otherwise):
                return f"if {self._said(condition)} then {self._said(then)} else {self._said(otherwise)}"
            case tree.Quantified(
                quantifier=quantifier, variable=variable, source=source, condition=condition
            ):
                inside = self._said(condition)
                return f"{quantifier} {variable} in {self._inside(source)} satisfies {inside}"
            case tree.ListOf(items=items):
                return f"[{', '.join(map(self._said, items))}]"
            case _:
                raise UnsayableError(Phrase("dmn-form"))

    def _inside(self, node: Node) -> str:
        """As a part of another expression."""
        told = self._said(node)
        is_one = isinstance(node, tree.Constant | tree.Name | tree.Path | tree.Call | tree.ListOf | tree.Not)
        return told if is_one else f"({told})"

    def _range(self, node: tree.Range) -> str:
        low = None if node.low is None else self._said(node.low)
        high = None if node.high is None else self._said(node.high)
        if low is None:
            return f"{'<=' if node.high_included else '<'} {high}"
        if high is None:
            return f"{'>=' if node.low_included else '>'} {low}"
        return f"{'[' if node.low_included else '('}{low}..{high}{']' if node.high_included else ')'}"


def constant(value: Value) -> str:
    """A constant.

    Raises:
        UnsayableError: DMN has no such value.
    """
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case Decimal():
            return number_text(value)
        case str():
            return quoted(value)
        case timedelta():
            return f'duration("{duration_text(value)}")'
        case Term():
            return f'duration("{_length(value)}")'
        case datetime():
            return f'date and time("{clock_text(value)}")'
        case date():
            return f'date("{value.isoformat()}")'
        case time():
            return f'time("{clock_text(value)}")'
        case list():
            return "[" + ", ".join(constant(each) for each in value) + "]"
        case _:
            raise UnsayableError(Phrase("dmn-form"))


def _length(term: Term) -> str:
    if term.unit not in _UNITS or term.inclusive or term.closing:
        raise UnsayableError(Phrase("dmn-term"))
    return _UNITS[term.unit].format(number_text(term.length))


def texts_in(said: str) -> Iterator[str]:
    """The texts that a list of constants such as `"a", "b"` names; nothing if it says anything else."""
    known = Known(TokenNames(), TokenNames(), TokenNames(TYPE_NAMES))
    found = read_expression(f"[{said}]", known).node
    if isinstance(found, tree.ListOf):
        values = [each.value for each in found.items if isinstance(each, tree.Constant)]
        texts = [each for each in values if isinstance(each, str)]
        if len(texts) == len(found.items):
            yield from texts
