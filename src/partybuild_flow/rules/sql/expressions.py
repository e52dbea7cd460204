"""FEEL expressions as SQL with the same value in every row, or not at all.

Three questions are asked of a condition: its value (true, false or null), SQL that is true exactly if
it is true, and SQL that is true exactly if it is false. The latter two may be null for false: that
is what `WHERE` and `CASE` need, and it leaves the comparisons bare.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from typing import Final

from sqlglot import exp

from partybuild_flow.feel import Expression, Node, Term, tree
from partybuild_flow.rules.sql import moments, numbers
from partybuild_flow.rules.sql.calls import ORDERED, called
from partybuild_flow.rules.sql.codes import (
    NULL,
    Code,
    Sql,
    Unfit,
    all_hold,
    any_holds,
    case,
    cast,
    constant,
    is_null,
    number,
)
from partybuild_flow.rules.sql.dialects import (
    Dialect,
    holds_item,
)
from partybuild_flow.rules.sql.numbers import COMPARISONS, Quotient
from partybuild_flow.rules.sql.scope import UNKNOWN, Scope

_CONTRARY: Final = {"=": "!=", "!=": "=", "<": ">=", ">=": "<", "<=": ">", ">": "<="}


class Compiler:
    """Expressions over some names in one dialect.

    `doubts` gathers conditions of rows that the engine must decide, `unfit` what it decides there, and why.
    """

    def __init__(self, scope: Scope, dialect: Dialect) -> None:
        self.scope = scope
        self.dialect = dialect
        self.doubts: list[Sql] = []
        self.unfit: list[Unfit] = []
        self._text = ""
        self._locals: dict[str, Code] = {}

    def tree_of(self, expression: Expression) -> Node:
        """The tree of an expression that is to be compiled next."""
        self._text = expression.text
        return expression.tree

    @contextmanager
    def bound(self, name: str, code: Code) -> Iterator[None]:
        """A local name, such as `?` of a unary test, while something is compiled."""
        outer = self._locals
        self._locals = {**outer, name: code}
        try:
            yield
        finally:
            self._locals = outer

    def value(self, node: Node) -> Code:
        """The value of an expression. Raises Unfit."""
        try:
            return self._value(node)
        except Unfit as unfit:
            folded = self.scope.folded(node)
            if folded is None:
                raise self._placed(unfit) from None
            return folded

    def _placed(self, unfit: Unfit) -> Unfit:
        """The same, with the words of the text that are meant."""
        if not unfit.text:
            begin, end = unfit.span or (0, len(self._text))
            unfit.text = self._text[begin:end]
        return unfit

    def _value(self, node: Node) -> Code:
        match node:
            case tree.Constant(value=value):
                return constant(value)
            case tree.Name():
                return self._name(node)
            case tree.Path():
                return self._path(node)
            case tree.Negative(operand=operand):
                code = self.value(operand)
                counted = code.kind not in ("number", "null")
                return moments.negative(code) if counted else numbers.negative(code)
            case tree.Arithmetic():
                return self._arithmetic(node)
            case tree.If(condition=condition, then=then, otherwise=otherwise):
                return self.chosen([(self.true(condition), self.value(then))], self.value(otherwise))
            case tree.Call():
                return called(self, node)
            case tree.Comparison() | tree.And() | tree.Or() | tree.Not() | tree.In():
                return Code(exp.Paren(this=self._verdict(node)), "boolean")
            case _:
                raise Unfit("form", node.span)

    def true(self, node: Node) -> Sql:
        """SQL that is true exactly if the condition is true."""
        return self._truth(node, wanted=True)

    def chosen(self, branches: Sequence[tuple[Sql, Code]], otherwise: Code) -> Code:
        """The first value whose condition is true, else the other. Raises Unfit where the kinds differ."""
        codes = [*(code for _, code in branches), otherwise]
        kinds = {code.kind for code in codes} - {"null"}
        if not kinds:
            return NULL
        if len(kinds) > 1 or len({code.counted for code in codes if code.kind != "null"}) > 1:
            raise Unfit("kinds")
        digits = codes[0].digits
        for code in codes[1:]:
            digits = digits.joined(code.digits)
        numbers.fits(digits)
        sql = case(*((condition, code.copy) for condition, code in branches), otherwise=otherwise.copy)
        counted = next(code.counted for code in codes if code.kind != "null")
        return Code(sql, kinds.pop(), digits, counted)

    def _name(self, node: tree.Name) -> Code:
        found = self._locals.get(node.id) or self.scope.columns.get((node.id,))
        if found is None:
            raise Unfit("name", node.span)
        return found

    def _path(self, node: tree.Path) -> Code:
        source = node.source
        if isinstance(source, tree.Name) and (source.id, node.entry) in self.scope.columns:
            return self.scope.columns[source.id, node.entry]
        return moments.part_of(self.value(source), node.entry, self.dialect, self.doubts)

    def _arithmetic(self, node: tree.Arithmetic) -> Code:
        left, right = node.left, node.right
        for term, other, swapped in ((right, left, False), (left, right, True)):
            length = self.scope.constant(term) if term.type.kind == "term" else None
            if isinstance(length, timedelta):
                length = None
            elif isinstance(length, Term) and node.operator in "+-" and (node.operator == "+" or not swapped):
                sign = 1 if node.operator == "+" else -1
                return moments.moved_by_term(self.value(other), length, sign, self.dialect, self.doubts)
            if term.type.kind == "term" and not isinstance(self.scope.constant(term), timedelta):
                raise Unfit("term", node.span)
        if node.operator in ("/", "**"):
            raise Unfit("division" if node.operator == "/" else "form", node.span)
        one, two = self.value(left), self.value(right)
        kinds = {one.kind, two.kind} - {"null"}
        if kinds <= {"number"}:
            return numbers.arithmetic(node.operator, one, two)
        if node.operator == "+" and kinds <= {"text"}:
            return Code(exp.Paren(this=exp.DPipe(this=one.copy, expression=two.copy)), "text")
        if node.operator == "*":
            raise Unfit("form", node.span)
        return moments.sum_of(node.operator, one, two, self.dialect, self.doubts)

    def _truth(self, node: Node, *, wanted: bool) -> Sql:
        try:
            return self._asked(node, wanted=wanted)
        except Unfit as unfit:
            value = self.scope.constant(node)
            if value is UNKNOWN:
                raise self._placed(unfit) from None
            return exp.Boolean(this=value is wanted)

    def _asked(self, node: Node, *, wanted: bool) -> Sql:
        match node:
            case tree.Constant(value=value):
                return exp.Boolean(this=value is wanted)
            case tree.Not(operand=operand):
                return self._truth(operand, wanted=not wanted)
            case tree.And(operands=operands):
                return self._joined(operands, wanted=wanted, conjunction=wanted)
            case tree.Or(operands=operands):
                return self._joined(operands, wanted=wanted, conjunction=not wanted)
            case tree.Comparison(operator=operator, left=left, right=right):
                return self._compared(operator if wanted else _CONTRARY[operator], left, right, node)
            case tree.In() if wanted:
                return self._member(node, exact=False)
            case tree.If(condition=condition, then=then, otherwise=otherwise):
                branch = (self.true(condition), self._truth(then, wanted=wanted))
                return case(branch, otherwise=self._truth(otherwise, wanted=wanted))
            case _:
                sql = self.boolean(node)
                return sql if wanted else exp.Not(this=exp.Paren(this=sql))

    def _joined(self, operands: Sequence[Node], *, wanted: bool, conjunction: bool) -> Sql:
        """Operands joined; one that is no SQL leaves a row open only where all others hold."""
        found: list[Sql] = []
        unfit: list[Unfit] = []
        for operand in operands:
            try:
                found.append(exp.Paren(this=self._truth(operand, wanted=wanted)))
            except Unfit as reason:
                unfit.append(reason)
        if not unfit:
            return all_hold(found) if conjunction else any_holds(found)
        if not (conjunction and found):
            raise unfit[0]
        self.unfit += unfit
        self.doubts.append(all_hold(found))
        return exp.false()

    def boolean(self, node: Node) -> Sql:
        """The three-valued value of a condition."""
        code = self.value(node)
        if code.kind == "null":
            return cast(exp.null(), "boolean")
        if code.kind != "boolean":
            raise Unfit("kinds", node.span)
        return code.copy

    def _verdict(self, node: Node) -> Sql:
        match node:
            case tree.Not(operand=operand):
                return exp.Not(this=exp.Paren(this=self.boolean(operand)))
            case tree.And(operands=operands):
                return all_hold([exp.Paren(this=self.boolean(each)) for each in operands])
            case tree.Or(operands=operands):
                return any_holds([exp.Paren(this=self.boolean(each)) for each in operands])
            case tree.Comparison(operator=operator, left=left, right=right):
                return self._compared(operator, left, right, node, exact=True)
            case tree.In():
                return self._member(node, exact=True)
            case _:
                raise Unfit("form", node.span)

    def _compared(self, operator: str, left: Node, right: Node, node: Node, *, exact: bool = False) -> Sql:
        """A comparison; unless `exact`, null may stand for false."""
        try:
            order = tree.ranking(left.type, right.type)
            if order and operator not in ("=", "!="):
                return self._ranked(operator, left, right, order)
            for one, two, turned in ((left, right, False), (right, left, True)):
                quotient = self.quotient(one)
                other = self.quotient(two) if quotient is not None else None
                if quotient is not None and other is not None and operator not in ("=", "!="):
                    return numbers.between_quotients(operator, quotient, other)
                if quotient is not None:
                    side = numbers.MIRRORED[operator] if turned else operator
                    return self._through(side, quotient, self.value(two))
            return self.codes_compared(operator, self.value(left), self.value(right), exact=exact)
        except Unfit as unfit:
            raise Unfit(unfit.reason, unfit.span or node.span) from None

    def _through(self, operator: str, quotient: Quotient, other: Code) -> Sql:
        """A quotient compared. Equality knows null: no quotient equals none."""
        compared = numbers.compared(operator, quotient, other)
        if operator not in ("=", "!="):
            return compared
        absent = any_holds(
            [
                is_null(quotient.top),
                is_null(quotient.bottom),
                exp.EQ(this=quotient.bottom.copy, expression=number(Decimal(0)).sql),
            ]
        )
        both = is_null(other)
        same = case(
            (exp.Paren(this=absent), both),
            (both.copy(), exp.false()),
            otherwise=numbers.compared("=", quotient, other),
        )
        return same if operator == "=" else exp.Not(this=same)

    def codes_compared(self, operator: str, left: Code, right: Code, *, exact: bool = False) -> Sql:
        """Two values compared as FEEL does; unless `exact`, null may stand for false."""
        kinds = {left.kind, right.kind} - {"null"}
        if len(kinds) > 1 or not kinds.isdisjoint(("texts", "term")):
            raise Unfit("kinds")
        if operator in ("=", "!="):
            if right.kind == "null" or left.kind == "null":
                absent = is_null(left if right.kind == "null" else right)
                return absent if operator == "=" else exp.Not(this=absent)
        elif len({left.kind, right.kind}) > 1:
            return cast(exp.null(), "boolean")
        elif not kinds <= ORDERED:
            raise Unfit("kinds")
        one, two = self._sides(left, right)
        if operator in ("=", "!="):
            plain = left.constant or right.constant
            if operator == "=" and plain and not exact:
                return exp.EQ(this=one, expression=two)
            return (exp.NullSafeEQ if operator == "=" else exp.NullSafeNEQ)(this=one, expression=two)
        return COMPARISONS[operator](this=one, expression=two)

    def _sides(self, left: Code, right: Code) -> tuple[Sql, Sql]:
        if left.kind == "number":
            return numbers.aligned(left, right)
        if left.kind in ("date", "datetime"):
            return moments.alike(left, right, self.dialect)
        return left.copy, right.copy

    def _ranked(self, operator: str, left: Node, right: Node, order: Sequence[str]) -> Sql:
        """Values of an ordered choice compared by their places in it; a text that is no value has none."""
        one, two = (self._rank(self.value(each), order) for each in (left, right))
        return COMPARISONS[operator](this=one, expression=two)

    @staticmethod
    def _rank(code: Code, order: Sequence[str]) -> Sql:
        if code.kind == "null":
            return cast(exp.null(), "int")
        if isinstance(code.sql, exp.Literal):
            written = str(code.sql.this)
            known = written in order
            return exp.Literal.number(order.index(written)) if known else cast(exp.null(), "int")
        ranks = [
            (exp.EQ(this=code.copy, expression=exp.Literal.string(each)), exp.Literal.number(place))
            for place, each in enumerate(order)
        ]
        return case(*ranks)

    def quotient(self, node: Node) -> Quotient | None:
        """A quotient of numbers, perhaps times a power of ten; None for anything else."""
        if not isinstance(node, tree.Arithmetic) or node.type.kind != "number":
            return None
        if node.operator == "/":
            found = Quotient(self.value(node.left), self.value(node.right))
            return found if {each.kind for each in found} <= {"number"} else None
        if node.operator == "*":
            for one, two in ((node.left, node.right), (node.right, node.left)):
                inner = self.quotient(one)
                factor = self.scope.constant(two) if inner is not None else None
                if inner is not None and isinstance(factor, Decimal):
                    return numbers.scaled(inner, constant(factor), factor)
        return None

    def _member(self, node: tree.In, *, exact: bool) -> Sql:
        value = self.value(node.value)
        texts = [
            test.value
            for test in node.tests
            if isinstance(test, tree.Constant) and isinstance(test.value, str)
        ]
        if value.kind == "text" and len(texts) == len(node.tests) > 1:
            among = exp.In(this=value.copy, expressions=[constant(each).sql for each in texts])
            return exp.Coalesce(this=among, expressions=[exp.false()]) if exact else among
        with self.bound("?", value):
            met = [
                exp.Paren(this=self._met(node, value, test, condition=condition, exact=exact))
                for test, condition in zip(node.tests, node.conditions, strict=True)
            ]
        return any_holds(met)

    def _met(self, node: tree.In, value: Code, test: Node, *, condition: bool, exact: bool) -> Sql:
        asked = tree.Name(node.value.span, node.value.type, "?", local=True)
        if isinstance(test, tree.Range):
            sides: list[Sql] = []
            for end, operator in (
                (test.low, ">=" if test.low_included else ">"),
                (test.high, "<=" if test.high_included else "<"),
            ):
                if end is not None:
                    sides.append(self._compared(operator, asked, end, node, exact=exact))
            return all_hold(sides)
        if condition:
            return self.boolean(test) if exact else self.true(test)
        if test.type.kind == "list" or (isinstance(test, tree.Name) and self.value(test).kind == "texts"):
            return self._in_texts(self.value(test), value, node)
        return self._compared("=", asked, test, node, exact=exact)

    def _in_texts(self, items: Code, value: Code, node: Node) -> Sql:
        if items.kind != "texts" or value.kind not in ("text", "null") or not value.constant:
            raise Unfit("form", node.span)
        held = holds_item(items.copy, value.copy, self.dialect)
        return case((is_null(items), is_null(value)), otherwise=held)
