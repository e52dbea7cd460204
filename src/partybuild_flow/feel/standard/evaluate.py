"""The evaluator of the standard: a walk over the tree in a scope of frames.

Total: whatever goes wrong gives null and a sentence that says why. Source: DMN 1.5, clause 10.3.2.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from partybuild_flow.feel import tree
from partybuild_flow.feel.standard import values
from partybuild_flow.feel.standard.arithmetic import calculate, negative
from partybuild_flow.feel.standard.budget import Budget, Exhausted, Frame, Logic
from partybuild_flow.feel.standard.counting import counted
from partybuild_flow.feel.standard.functions import BUILTINS
from partybuild_flow.feel.standard.functions.builtin import Untaken
from partybuild_flow.feel.standard.moments import string_of
from partybuild_flow.feel.standard.types import ANY, conforms, type_of_name
from partybuild_flow.feel.standard.values import Interval, Value, equal, kind_of
from partybuild_flow.feel.tree import Node
from partybuild_flow.feel.values import all_of, any_of


class Evaluator(Budget):
    """One evaluation of trees."""

    def result(self, node: Node, frame: Frame) -> Value:
        """The value of a whole tree; None if it takes too much."""
        try:
            return self.value(node, frame)
        except Exhausted:
            self.tell("the expression takes too many steps or calls inside each other")
        except RecursionError:
            self.tell("the expression is nested too deeply")
        return None

    def value(self, node: Node, frame: Frame) -> Value:
        """The value of a node."""
        return _EVALUATORS[type(node)](self, node, frame)

    def constant(self, node: tree.Constant, _: Frame) -> Value:
        """A constant; an at-literal that says nothing is null."""
        if node.value is None and node.type.kind == "any":
            self.tell("what stands after @ is no date, time or duration")
        return node.value

    def name(self, node: tree.Name, frame: Frame) -> Value:
        """What a name is bound to."""
        found, value = frame.find(node.id)
        if not found:
            self.tell(f"there is no “{node.id}” here")
        return value

    def path(self, node: tree.Path, frame: Frame) -> Value:
        """An entry of a context, of each context of a list, or a part of a value."""
        return self.entry(self.value(node.source, frame), node.entry)

    def entry(self, source: Value, name: str) -> Value:
        """An entry or part of a value by its name."""
        if isinstance(source, dict):
            if name not in source:
                self.tell(f"the context has no entry “{name}”")
            return source.get(name)
        if isinstance(source, list):
            self.spend(len(source))
            return [self.entry(item, name) for item in source]
        found, part = values.part_of(source, name)
        if not found:
            self.tell(f"a {kind_of(source)} has no “{name}”")
        return part

    def negative(self, node: tree.Negative, frame: Frame) -> Value:
        """The other sign."""
        value = self.value(node.operand, frame)
        result = negative(value)
        if result is None:
            self.tell(f"a {kind_of(value)} has no other sign")
        return result

    def arithmetic(self, node: tree.Arithmetic, frame: Frame) -> Value:
        """A sum, difference, product, quotient or power."""
        left, right = self.value(node.left, frame), self.value(node.right, frame)
        result = calculate(node.operator, left, right)
        if result is None:
            self.tell(f"{shown(left)} {node.operator} {shown(right)} has no result")
        return result

    def comparison(self, node: tree.Comparison, frame: Frame) -> Value:
        """A comparison."""
        left, right = self.value(node.left, frame), self.value(node.right, frame)
        verdict = values.compare(node.operator, left, right)
        if verdict is None:
            self.tell(f"{shown(left)} and {shown(right)} cannot be compared by {node.operator}")
        return verdict

    def range(self, node: tree.Range, frame: Frame) -> Value:
        """A range; None if its ends have no order or the wrong one."""
        low = None if node.low is None else self.value(node.low, frame)
        high = None if node.high is None else self.value(node.high, frame)
        if (node.low is not None and low is None) or (node.high is not None and high is None):
            self.tell("an end of a range is null")
            return None
        if node.low is not None and node.high is not None:
            sign = values.precedence(low, high)
            if sign is None or sign > 0:
                self.tell(f"{shown(low)}..{shown(high)} is no range")
                return None
        return Interval(low, high, node.low_included, node.high_included)

    def contained(self, node: tree.In, frame: Frame) -> Value:
        """Whether a value meets any of the tests."""
        value = self.value(node.value, frame)
        inside = Frame({"?": value}, frame)
        verdicts = [
            self._met(value, test, inside, condition=condition)
            for test, condition in zip(node.tests, node.conditions, strict=True)
        ]
        return any_of(verdicts)

    def _met(self, value: Value, test: Node, frame: Frame, *, condition: bool) -> bool | None:
        if isinstance(test, tree.Range) and not isinstance(value, Interval):
            return self._between(value, test, frame)
        against = self.value(test, frame)
        if condition and (against is None or isinstance(against, bool)):
            return against
        if isinstance(against, bool) and value is not None and not isinstance(value, bool):
            return None if isinstance(test, tree.Constant) else against
        return self._meets(value, against)

    def _between(self, value: Value, limits: tree.Range, frame: Frame) -> bool | None:
        """Whether a value lies within ends written out, which may be null."""
        sides: list[Value] = []
        for end, operator in (
            (limits.low, ">=" if limits.low_included else ">"),
            (limits.high, "<=" if limits.high_included else "<"),
        ):
            if end is not None:
                limit = self.value(end, frame)
                sides.append(values.compare(operator, value, limit))
                if sides[-1] is None and value is not None and limit is not None:
                    self.tell(f"{shown(value)} and {shown(limit)} cannot be compared by {operator}")
        return all_of(sides)

    @staticmethod
    def _meets(value: Value, against: Value) -> bool | None:
        if isinstance(against, Interval):
            return equal(value, against) if isinstance(value, Interval) else values.within(value, against)
        if isinstance(against, list):
            if isinstance(value, list) and equal(value, against):
                return True
            return any(
                (values.within(value, item) if isinstance(item, Interval) else equal(value, item)) is True
                for item in against
            )
        return equal(value, against)

    def conjunction(self, node: tree.And, frame: Frame) -> Value:
        """Three-valued and."""
        return all_of(self._truths(node.operands, frame))

    def disjunction(self, node: tree.Or, frame: Frame) -> Value:
        """Three-valued or."""
        return any_of(self._truths(node.operands, frame))

    def _truths(self, operands: tuple[Node, ...], frame: Frame) -> list[Value]:
        found = [self.value(operand, frame) for operand in operands]
        for each in found:
            if each is not None and not isinstance(each, bool):
                self.tell(f"{shown(each)} is neither true nor false")
        return found

    def negation(self, node: tree.Not, frame: Frame) -> Value:
        """Three-valued not."""
        verdict = self.value(node.operand, frame)
        return not verdict if isinstance(verdict, bool) else None

    def choice(self, node: tree.If, frame: Frame) -> Value:
        """One of the branches."""
        return self.value(node.then if self.value(node.condition, frame) is True else node.otherwise, frame)

    def quantified(self, node: tree.Quantified, frame: Frame) -> Value:
        """Whether some or every item satisfies the condition."""
        items = self.items(self._source(node.source, frame))
        if items is None:
            return None
        verdicts = [self._round(node.condition, Frame({node.variable: item}, frame)) for item in items]
        return any_of(verdicts) if node.quantifier == "some" else all_of(verdicts)

    def _round(self, node: Node, frame: Frame) -> Value:
        self.spend()
        return self.value(node, frame)

    def _source(self, node: Node, frame: Frame) -> Value:
        """What a loop runs over; two numbers may also count down."""
        if isinstance(node, tree.Range) and node.low is not None and node.high is not None:
            low, high = self.value(node.low, frame), self.value(node.high, frame)
            return Interval(low, high, node.low_included, node.high_included)
        return self.value(node, frame)

    def items(self, source: Value) -> Sequence[Value] | None:
        """What a loop runs over; None, and why, if it is nothing to run over."""
        if source is None:
            self.tell("there is nothing to run over but null")
            return None
        if not isinstance(source, Interval):
            return source if isinstance(source, list) else [source]
        numbers = counted(source)
        if numbers is None:
            self.tell(f"{string_of(source)} is nothing to run over")
        return numbers

    def loop(self, node: tree.For, frame: Frame) -> Value:
        """A list with a value for each combination of items."""
        results: list[Value] = []
        reads_results = any(
            isinstance(each, tree.Name) and each.id == "partial" for each, _ in tree.walk(node)
        )
        for inside in self._rounds(node.iterators, frame):
            if inside is None:
                return None
            around = inside
            if reads_results:
                self.spend(1 + len(results) // 100)
                around = Frame({"partial": list(results)}, inside)
            results.append(self._round(node.result, around))
        return results

    def _rounds(self, iterators: tuple[tuple[str, Node], ...], frame: Frame) -> Iterator[Frame | None]:
        if not iterators:
            yield frame
            return
        (name, source), *further = iterators
        items = self.items(self._source(source, frame))
        if items is None:
            yield None
            return
        for item in items:
            yield from self._rounds(tuple(further), Frame({name: item}, frame))

    def filter(self, node: tree.Filter, frame: Frame) -> Value:
        """The items for which a condition is true, or the item at a position."""
        source = self.value(node.source, frame)
        return self.filtered(source, lambda inside: self.value(node.condition, inside), frame)

    def filtered(self, source: Value, condition: Callable[[Frame], Value], frame: Frame) -> Value:
        """As `filter`, for any source and condition."""
        if source is None:
            return None
        items = source if isinstance(source, list) else [source]
        kept: list[Value] = []
        for number, item in enumerate(items, 1):
            self.spend()
            verdict = condition(_item_frame(item, frame))
            if isinstance(verdict, Decimal) and number == 1:
                return self._at(items, verdict)
            if verdict is True:
                kept.append(item)
        if not items:
            told = list(self.told)
            is_position = isinstance(condition(frame), Decimal)
            self.told[:] = told
            return None if is_position else []
        return kept

    def _at(self, items: list[Value], position: Decimal) -> Value:
        if position == position.to_integral_value() and 1 <= abs(position) <= len(items):
            return items[int(position) - 1 if position > 0 else int(position)]
        self.tell(f"a list of {len(items)} has no item {position}")
        return None

    def list(self, node: tree.ListOf, frame: Frame) -> Value:
        """A list written out."""
        return [self.value(item, frame) for item in node.items]

    def context(self, node: tree.ContextOf, frame: Frame) -> Value:
        """A context written out; an entry reads those before it."""
        entries: dict[str, Value] = {}
        inside = Frame(entries, frame)
        for name, part in node.entries:
            if name in entries:
                self.tell(f"the context has “{name}” twice")
                return None
            entries[name] = self.value(part, inside)
        return entries

    def function(self, node: tree.FunctionOf, frame: Frame) -> Value:
        """A function written out, which keeps its scope."""
        wanted = [ANY if each is None else type_of_name(each, self.types) for _, each in node.parameters]

        def body(given: dict[str, Value]) -> Value:
            if node.is_external:
                self.tell("a function of Java or PMML is not run")
                return None
            return self.value(node.body, Frame(given, frame))

        names = tuple(name for name, _ in node.parameters)
        return Logic("function", names, tuple(each or ANY for each in wanted), body, self)

    def instance(self, node: tree.InstanceOf, frame: Frame) -> Value:
        """Whether a value is of a type."""
        value = self.value(node.value, frame)
        wanted = type_of_name(node.wanted, self.types)
        if wanted is None:
            self.tell(f"“{node.wanted.name}” is no type")
            return None
        if value is None:
            return wanted.kind == values.NULL
        return conforms(value, wanted, self.types)

    def invocation(self, node: tree.Invocation, frame: Frame) -> Value:
        """The result of a function."""
        function = self._callee(node.function, frame)
        arguments = [self.value(argument, frame) for argument in node.arguments]
        return self.called(function, arguments, node.names)

    def _callee(self, node: Node, frame: Frame) -> Value:
        """A function; a name that means another value here may still be that of a built-in one."""
        found = self.value(node, frame)
        if isinstance(node, tree.Name) and kind_of(found) != values.FUNCTION and node.id in BUILTINS:
            return BUILTINS[node.id]
        return found

    def called(self, function: Value, arguments: Sequence[Value], names: Sequence[str] = ()) -> Value:
        """The result of calling any value with arguments, by place or by name."""
        if kind_of(function) != values.FUNCTION:
            self.tell(f"{shown(function)} is no function")
            return None
        self.spend()
        named = dict(zip(names, arguments, strict=True)) if names else None
        try:
            result = function.call(arguments, named)
        except Untaken:
            listed = ", ".join(map(shown, arguments))
            self.tell(f"{function.name} does not take ({listed})")
            return None
        if result is None and function.name in BUILTINS and None not in arguments:
            self.tell(f"{function.name}({', '.join(map(shown, arguments))}) is null")
        return result


def _item_frame(item: Value, frame: Frame) -> Frame:
    """What a condition about an item reads: its entries, and the item itself unless an entry is called so."""
    return Frame({"item": item, **item} if isinstance(item, dict) else {"item": item}, frame)


def shown(value: Value) -> str:
    """A value in a warning: not longer than it helps."""
    if isinstance(value, (date, datetime, timedelta)):
        return string_of(value)
    if values.size_of(value, 50) > 50:
        return f"a long {kind_of(value)}"
    written = string_of([value])[1:-1]
    return written if len(written) <= 60 else written[:60] + "…"


_EVALUATORS: Final[dict[type[Node], Callable[[Evaluator, Any, Frame], Value]]] = {
    tree.Constant: Evaluator.constant,
    tree.Name: Evaluator.name,
    tree.Path: Evaluator.path,
    tree.Negative: Evaluator.negative,
    tree.Arithmetic: Evaluator.arithmetic,
    tree.Comparison: Evaluator.comparison,
    tree.Range: Evaluator.range,
    tree.In: Evaluator.contained,
    tree.And: Evaluator.conjunction,
    tree.Or: Evaluator.disjunction,
    tree.Not: Evaluator.negation,
    tree.If: Evaluator.choice,
    tree.Quantified: Evaluator.quantified,
    tree.For: Evaluator.loop,
    tree.Filter: Evaluator.filter,
    tree.ListOf: Evaluator.list,
    tree.ContextOf: Evaluator.context,
    tree.FunctionOf: Evaluator.function,
    tree.InstanceOf: Evaluator.instance,
    tree.Invocation: Evaluator.invocation,
}
