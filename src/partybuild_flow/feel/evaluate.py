"""The reference evaluator: a walk over the tree. Total: whatever goes wrong gives null.

Steps are counted where they may be out of proportion to the facts: in loops inside loops, in `for`,
in contexts whose entries read each other. An expression that needs too many of them has no value;
so none, however it multiplies its lists, takes long or fills the memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from typing import Any, Final

from partybuild_flow.feel import tree, values
from partybuild_flow.feel.arithmetic import calculate, negative
from partybuild_flow.feel.functions import FUNCTIONS, PATTERN_FUNCTIONS
from partybuild_flow.feel.pattern import work
from partybuild_flow.feel.tree import Node
from partybuild_flow.feel.types import Value

MOST_STEPS: Final = 200_000
"""How many nodes may be evaluated, and items and hundreds of characters be made, where they are counted."""
LONGEST_RANGE: Final = 100_000
"""How many whole numbers a loop may run over."""
_ONE_LOOP: Final = 1
"""How deep the body of one loop counts: its nodes are in proportion to its list, lists within it are not."""
_ALL: Final = 2
"""From this depth on, everything is counted."""


class Exhausted(Exception):
    """The expression needs too many steps. Never leaves this package."""


def evaluate(node: Node, facts: Mapping[str, Value]) -> Value:
    """The value of a tree for these facts; a fact that is not among them is null."""
    try:
        return Evaluator(facts).value(node)
    except Exhausted:
        return None


def size_of(value: Value) -> int:
    """How many steps it is worth to have made a value, everything inside counted."""
    if isinstance(value, list):
        return 1 + sum(map(size_of, value))
    if isinstance(value, dict):
        return 1 + sum(map(size_of, value.values()))
    return 1 + len(value) // 100 if isinstance(value, str) else 1


class Evaluator:
    """One evaluation: the facts, the local names bound so far, the steps that are left."""

    def __init__(self, facts: Mapping[str, Value]) -> None:
        self._facts = facts
        self._locals: dict[str, Value] = {}
        self._steps = MOST_STEPS
        self._depth = 0

    def value(self, node: Node) -> Value:
        """The value of a node."""
        if self._depth >= _ALL:
            self._spend(1)
        return _EVALUATORS[type(node)](self, node)

    def _spend(self, steps: int) -> None:
        if self._depth:
            self._steps -= steps
            if self._steps < 0:
                raise Exhausted

    @contextmanager
    def _bound(self, name: str, value: Value, depth: int = 0) -> Iterator[None]:
        outer = self._locals
        self._locals = {**outer, name: value}
        self._depth += depth
        try:
            yield
        finally:
            self._locals = outer
            self._depth -= depth

    def _made(self, value: Value) -> Value:
        """A value that was put together here."""
        self._spend(size_of(value))
        return value

    def constant(self, node: tree.Constant) -> Value:
        """A constant."""
        return node.value

    def name(self, node: tree.Name) -> Value:
        """A local name or a fact."""
        return self._locals.get(node.id) if node.local else self._facts.get(node.id)

    def path(self, node: tree.Path) -> Value:
        """An entry of a context, or a part of a date, time or duration."""
        source = self.value(node.source)
        if isinstance(source, list):
            self._spend(len(source))
        return values.entry_of(source, node.entry)

    def negative(self, node: tree.Negative) -> Value:
        """The other sign."""
        return negative(self.value(node.operand))

    def arithmetic(self, node: tree.Arithmetic) -> Value:
        """A sum, difference, product, quotient or power."""
        result = calculate(node.operator, self.value(node.left), self.value(node.right))
        return self._made(result) if isinstance(result, str) else result

    def comparison(self, node: tree.Comparison) -> Value:
        """A comparison; of ordered choices by their ranks."""
        left, right = self.value(node.left), self.value(node.right)
        return self._compared(node.operator, node.left, left, node.right, right)

    def _compared(
        self, operator: str, left_node: Node, left: Value, right_node: Node, right: Value
    ) -> bool | None:
        order = tree.ranking(left_node.type, right_node.type)
        if order and operator not in ("=", "!="):
            left, right = values.rank_of(left, order), values.rank_of(right, order)
        elif isinstance(left, list):
            self._spend(size_of(left))
        return values.compare(operator, left, right)

    def range(self, node: tree.Range) -> Value:
        """The whole numbers of a range, in either direction; only loops ask for them."""
        low = None if node.low is None else self.value(node.low)
        high = None if node.high is None else self.value(node.high)
        if not isinstance(low, Decimal) or not isinstance(high, Decimal):
            return None
        if (
            low != low.to_integral_value()
            or high != high.to_integral_value()
            or abs(high - low) >= LONGEST_RANGE
        ):
            return None
        step = 1 if low <= high else -1
        count = int(abs(high - low)) + 1
        self._spend(count)
        return [low + step * number for number in range(count)]

    def contained(self, node: tree.In) -> Value:
        """Whether a value meets any of the tests."""
        value = self.value(node.value)
        with self._bound("?", value):
            return values.any_of(
                [
                    self._meets(node.value, value, test, condition=condition)
                    for test, condition in zip(node.tests, node.conditions, strict=True)
                ]
            )

    def _meets(self, tested: Node, value: Value, test: Node, *, condition: bool) -> Value:
        if isinstance(test, tree.Range):
            return self._in_range(tested, value, test)
        against = self.value(test)
        if condition:
            return against
        if isinstance(against, list):
            self._spend(size_of(against))
        return values.meets(against, value)

    def _in_range(self, tested: Node, value: Value, limits: tree.Range) -> bool | None:
        sides: list[Value] = []
        if limits.low is not None:
            operator = ">=" if limits.low_included else ">"
            sides.append(self._compared(operator, tested, value, limits.low, self.value(limits.low)))
        if limits.high is not None:
            operator = "<=" if limits.high_included else "<"
            sides.append(self._compared(operator, tested, value, limits.high, self.value(limits.high)))
        return values.all_of(sides)

    def conjunction(self, node: tree.And) -> Value:
        """Three-valued and."""
        return values.all_of([self.value(operand) for operand in node.operands])

    def disjunction(self, node: tree.Or) -> Value:
        """Three-valued or."""
        return values.any_of([self.value(operand) for operand in node.operands])

    def negation(self, node: tree.Not) -> Value:
        """Three-valued not."""
        return values.negation(self.value(node.operand))

    def choice(self, node: tree.If) -> Value:
        """One of the branches."""
        return self.value(node.then if self.value(node.condition) is True else node.otherwise)

    def quantified(self, node: tree.Quantified) -> Value:
        """Whether some or every item satisfies the condition."""
        items = values.as_items(self.value(node.source))
        if items is None:
            return None
        verdicts: list[Value] = []
        depth = _ALL if isinstance(node.source, tree.Range) else _ONE_LOOP
        for item in items:
            with self._bound(node.variable, item, depth):
                verdicts.append(self.value(node.condition))
        return values.any_of(verdicts) if node.quantifier == "some" else values.all_of(verdicts)

    def loop(self, node: tree.For) -> Value:
        """A list with a value for each combination of items."""
        results: list[Value] = []
        return results if self._iterate(node, 0, results) else None

    def _iterate(self, node: tree.For, depth: int, results: list[Value]) -> bool:
        """Run the iterators from this one on; False if one has no list."""
        if depth == len(node.iterators):
            result = self.value(node.result)
            self._spend(size_of(result))
            results.append(result)
            return True
        name, source = node.iterators[depth]
        items = values.as_items(self.value(source))
        if items is None:
            return False
        for item in items:
            with self._bound(name, item, _ALL):
                if not self._iterate(node, depth + 1, results):
                    return False
        return True

    def filter(self, node: tree.Filter) -> Value:
        """The items for which a condition is true, or the item at a position."""
        source = self.value(node.source)
        if node.by_position:
            return values.at_position(source, self.value(node.condition))
        items = values.as_items(source)
        if items is None:
            return None
        kept: list[Value] = []
        for item in items:
            with self._bound(node.variable, item, _ONE_LOOP):
                if self.value(node.condition) is True:
                    kept.append(item)
        return kept

    def list(self, node: tree.ListOf) -> Value:
        """A list written out."""
        return self._made([self.value(item) for item in node.items])

    def context(self, node: tree.ContextOf) -> Value:
        """A context written out; an entry reads those before it."""
        entries: dict[str, Any] = {}
        outer = self._locals
        self._depth += _ALL
        try:
            for name, part in node.entries:
                entries[name] = self.value(part)
                self._locals = {**self._locals, name: entries[name]}
            return self._made(entries)
        finally:
            self._locals = outer
            self._depth -= _ALL

    def call(self, node: tree.Call) -> Value:
        """The result of a built-in function."""
        arguments = [self.value(argument) for argument in node.arguments]
        for argument in arguments:
            if isinstance(argument, (list, str)):
                self._spend(len(argument) if isinstance(argument, list) else len(argument) // 100)
        if node.function in PATTERN_FUNCTIONS and all(isinstance(each, str) for each in arguments[:2]):
            self._spend(work(str(arguments[1]), str(arguments[0])))
        function = FUNCTIONS.get(node.function)
        return None if function is None else self._made(function.call(*arguments))


_EVALUATORS: Final[dict[type[Node], Callable[[Evaluator, Any], Value]]] = {
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
    tree.Call: Evaluator.call,
}
