"""Typed trees to Python `ast` nodes, in three modes: the value; whether it is true; whether it is false.

The code is bold: it trusts static types and lets arithmetic raise. What it raises is in `code.FAILURES`,
and whoever runs the code then asks the reference evaluator instead.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import Final

from partybuild_flow.feel import arithmetic, tree, values
from partybuild_flow.feel.code import Code, both, choose, compared, load, plain
from partybuild_flow.feel.cost import is_costly
from partybuild_flow.feel.evaluate import evaluate
from partybuild_flow.feel.functions import FUNCTIONS
from partybuild_flow.feel.tree import Node
from partybuild_flow.feel.types import BOOLEAN, Value

_EQUALITY: Final = frozenset(("number", "text", "boolean", "date", "datetime", "duration"))
"""Kinds for which Python's `==` is FEEL's `=`, null included."""
_ORDER: Final = frozenset(("number", "date", "datetime", "duration"))
"""Kinds for which Python's `<` is FEEL's `<`, null excluded."""
_COMPARISONS: Final[dict[str, tuple[type[ast.cmpop], type[ast.cmpop]]]] = {
    "=": (ast.Eq, ast.NotEq),
    "!=": (ast.NotEq, ast.Eq),
    "<": (ast.Lt, ast.GtE),
    "<=": (ast.LtE, ast.Gt),
    ">": (ast.Gt, ast.LtE),
    ">=": (ast.GtE, ast.Lt),
}
"""Each comparison and its contrary."""
_ARITHMETIC: Final[dict[str, Callable[..., object]]] = {
    "+": arithmetic.NUMBERS.add,
    "-": arithmetic.NUMBERS.subtract,
    "*": arithmetic.NUMBERS.multiply,
    "/": arithmetic.NUMBERS.divide,
    "**": arithmetic.power,
}
_DIRECT: Final = _EQUALITY | {"time"}
"""Kinds of arguments for which a function's body may be called without looking at them again."""


class Unfit(Exception):
    """This part has to be left to the evaluator, together with what binds its names. Never leaves this module."""


class Emitter(Code):
    """The code of expressions, for as many of them as one function has.

    From outside, ask for `result` and `test`; `value`, `true` and `false` conclude from what stands
    before them in the same expression which facts are present.
    """

    def result(self, node: Node) -> ast.expr:
        """Code for the value of an expression that may stand anywhere in the function."""
        return self._left_to_evaluator(node) if is_costly(node) else self._alone(node)

    def test(self, node: Node) -> ast.expr:
        """Code that is True exactly if an expression's value is true, and may stand anywhere in the function."""
        if is_costly(node):
            return compared(self._left_to_evaluator(node), ast.Is(), plain(True))
        return self._apart_code(self.true, node)

    def value(self, node: Node) -> ast.expr:
        """Code for the value of a node."""
        match node:
            case tree.Constant(value=value):
                return self.constant(value)
            case tree.Name():
                return self._name(node)
            case tree.Path():
                return self._path(node)
            case tree.Negative(operand=operand):
                return self.call(arithmetic.negative, self.value(operand))
            case tree.Arithmetic():
                return self._arithmetic(node)
            case tree.If(condition=condition, then=then, otherwise=otherwise):
                with self.apart():
                    chosen = self.true(condition)
                return choose(chosen, self._alone(then), self._alone(otherwise))
            case tree.ListOf(items=items):
                return ast.List([self._alone(item) for item in items], ast.Load())
            case tree.Call():
                return self._call(node)
            case tree.Filter():
                return self._filter(node)
            case tree.Not(operand=operand):
                return self.call(values.negation, self._alone(operand))
            case tree.And() | tree.Or() | tree.Comparison() | tree.In() | tree.Quantified():
                return self._verdict(node)
            case _:
                return self._left_to_evaluator(node)

    def true(self, node: Node) -> ast.expr:
        """Code that is True exactly if the value of a node is true, and else False."""
        return self._asked(node, wanted=True)

    def false(self, node: Node) -> ast.expr:
        """Code that is True exactly if the value of a node is false, and else False."""
        return self._asked(node, wanted=False)

    def _asked(self, node: Node, *, wanted: bool) -> ast.expr:
        mode = self.true if wanted else self.false
        match node:
            case tree.And(operands=operands) | tree.Or(operands=operands):
                if isinstance(node, tree.And) is wanted:
                    return both(ast.And(), [mode(operand) for operand in operands])
                return both(ast.Or(), [self._apart_code(mode, operand) for operand in operands])
            case tree.Not(operand=operand):
                return self._asked(operand, wanted=not wanted)
            case tree.If(condition=condition, then=then, otherwise=otherwise):
                return choose(
                    self._apart_code(self.true, condition),
                    self._apart_code(mode, then),
                    self._apart_code(mode, otherwise),
                )
            case tree.Comparison():
                return self._comparison(node, wanted=wanted)
            case tree.In():
                return self._member(node, wanted=wanted)
            case tree.Quantified():
                return self._quantified(node, wanted=wanted)
            case tree.Constant(value=value):
                return plain(value is wanted)
            case _:
                return compared(self._alone(node), ast.Is(), plain(wanted))

    def _apart_code(self, mode: Callable[[Node], ast.expr], node: Node) -> ast.expr:
        with self.apart():
            return mode(node)

    def _alone(self, node: Node) -> ast.expr:
        return self._apart_code(self.value, node)

    def _name(self, node: tree.Name) -> ast.expr:
        if node.local:
            return load(self.locals[node.id])
        variable = self.present.get(node.id) or self.bound.get(node.id)
        if variable is not None:
            return load(variable)
        return ast.Subscript(load(self.facts), ast.Constant(node.id), ast.Load())

    def operand(self, node: Node) -> tuple[list[ast.expr], ast.expr]:
        """Checks that a value is there, and code for it where they hold; a fact is then known to be present."""
        if isinstance(node, tree.Constant):
            return ([plain(False)] if node.value is None else []), self.constant(node.value)
        fact = node.id if isinstance(node, tree.Name) and not node.local else None
        if fact is not None and fact in self.present:
            return [], load(self.present[fact])
        code = self._name(node) if isinstance(node, tree.Name) else self._alone(node)
        setting, reading = (code, code) if isinstance(code, ast.Name) else self.set_variable(code)
        if fact is not None and isinstance(reading, ast.Name):
            self.present[fact] = reading.id
        return [compared(setting, ast.IsNot(), plain(None))], reading

    def _rank(self, node: Node, order: tuple[str, ...]) -> tuple[list[ast.expr], ast.expr]:
        """As `operand`, for the place of a value in an ordered choice."""
        if isinstance(node, tree.Constant):
            known = node.value in order
            return ([] if known else [plain(False)]), ast.Constant(
                order.index(str(node.value)) if known else -1
            )
        ranks = self.constant({value: rank for rank, value in enumerate(order)})
        setting, reading = self.set_variable(
            ast.Call(ast.Attribute(ranks, "get", ast.Load()), [self._alone(node)], [])
        )
        return [compared(setting, ast.IsNot(), plain(None))], reading

    def _if_present(self, checks: Sequence[ast.expr], code: ast.expr) -> ast.expr:
        return choose(both(ast.And(), checks), code, plain(None)) if checks else code

    def _path(self, node: tree.Path) -> ast.expr:
        if node.source.type.kind != "context":
            return self.call(values.entry_of, self.value(node.source), ast.Constant(node.entry))
        with self.apart():
            checks, source = self.operand(node.source)
        get = ast.Attribute(source, "get", ast.Load())
        return self._if_present(checks, ast.Call(get, [ast.Constant(node.entry)], []))

    def _arithmetic(self, node: tree.Arithmetic) -> ast.expr:
        if node.left.type.kind != "number" or node.right.type.kind != "number":
            operator = ast.Constant(node.operator)
            return self.call(arithmetic.calculate, operator, self._alone(node.left), self._alone(node.right))
        with self.apart():
            checks, left = self.operand(node.left)
            more, right = self.operand(node.right)
        return self._if_present([*checks, *more], self.call(_ARITHMETIC[node.operator], left, right))

    def _call(self, node: tree.Call) -> ast.expr:
        function = FUNCTIONS[node.function]
        for signature in function.signatures:
            expected = [signature.parameter(at).type.kind for at in range(len(node.arguments))]
            if signature.takes(len(node.arguments)) and all(
                kind == argument.type.kind and kind in _DIRECT
                for kind, argument in zip(expected, node.arguments, strict=True)
            ):
                with self.apart():
                    operands = [self.operand(argument) for argument in node.arguments]
                checks = [check for operand in operands for check in operand[0]]
                return self._if_present(checks, self.call(signature.body, *(code for _, code in operands)))
        return self.call(function.call, *(self._alone(argument) for argument in node.arguments))

    def _left_to_evaluator(self, node: Node) -> ast.expr:
        """A call of the evaluator."""
        names = [part for part, _ in tree.walk(node) if isinstance(part, tree.Name)]
        if any(name.local and name.id in self.locals for name in names):
            raise Unfit
        facts: ast.expr = load(self.facts)
        bound = {name.id: self.bound[name.id] for name in names if not name.local and name.id in self.bound}
        if bound:
            keys: list[ast.expr | None] = [None, *map(ast.Constant, bound)]
            facts = ast.Dict(keys, [facts, *map(load, bound.values())])
        return self.call(evaluate, self.constant(node), facts)

    def _comparison(self, node: tree.Comparison, *, wanted: bool) -> ast.expr:
        parts = self._comparable(node)
        if parts is None:
            return compared(self._compared_at_run_time(node), ast.Is(), plain(wanted))
        checks, left, right = parts
        operator = _COMPARISONS[node.operator][0 if wanted else 1]()
        return both(ast.And(), [*checks, compared(left, operator, right)])

    def _compared_at_run_time(self, node: tree.Comparison) -> ast.expr:
        operator = ast.Constant(node.operator)
        return self.call(values.compare, operator, self._alone(node.left), self._alone(node.right))

    def _comparable(self, node: tree.Comparison) -> tuple[list[ast.expr], ast.expr, ast.expr] | None:
        """Checks, and sides that Python compares as FEEL does; None if there are no such."""
        left, right = node.left, node.right
        kind = left.type.kind if left.type.kind == right.type.kind else None
        if node.operator in ("=", "!="):
            if kind in _EQUALITY or "null" in (left.type.kind, right.type.kind):
                return [], self._alone(left), self._alone(right)
            return None
        order = tree.ranking(left.type, right.type)
        if order:
            checks, one = self._rank(left, order)
            more, other = self._rank(right, order)
            return [*checks, *more], one, other
        if kind not in _ORDER:
            return None
        checks, one = self.operand(left)
        more, other = self.operand(right)
        return [*checks, *more], one, other

    def _verdict(self, node: Node) -> ast.expr:
        """Code for one of the three truth values."""
        match node:
            case tree.Comparison():
                with self.apart():
                    parts = self._comparable(node)
                if parts is None:
                    return self._compared_at_run_time(node)
                checks, left, right = parts
                return self._if_present(checks, compared(left, _COMPARISONS[node.operator][0](), right))
            case tree.And(operands=operands):
                return self._folded([self._alone(operand) for operand in operands], decisive=False)
            case tree.Or(operands=operands):
                return self._folded([self._alone(operand) for operand in operands], decisive=True)
            case tree.In():
                return self._in(node, self.value)
            case _:
                return self._left_to_evaluator(node)

    def _folded(self, codes: Sequence[ast.expr], *, decisive: bool) -> ast.expr:
        """Three-valued and (decisive False) or or (True): the decisive value if any has it, null if any is null."""
        if len(codes) == 1:
            return codes[0]
        parts = [self.set_variable(code) for code in codes]
        decided = [compared(setting, ast.Is(), plain(decisive)) for setting, _ in parts]
        contrary = [compared(reading, ast.Is(), plain(not decisive)) for _, reading in parts]
        rest = choose(both(ast.And(), contrary), plain(not decisive), plain(None))
        return choose(both(ast.Or(), decided), plain(decisive), rest)

    def _member(self, node: tree.In, *, wanted: bool) -> ast.expr:
        constants = self._constants(node)
        if constants is not None:
            operator = ast.In() if wanted else ast.NotIn()
            return compared(self._alone(node.value), operator, self.constant(constants))
        return self._in(node, self.true if wanted else self.false)

    @staticmethod
    def _constants(node: tree.In) -> tuple[Value, ...] | frozenset[Value] | None:
        """The constants of a plain list of values; None if the tests are anything else."""
        kind = node.value.type.kind
        if kind not in _EQUALITY or any(node.conditions):
            return None
        found: list[Value] = []
        for test in node.tests:
            if not isinstance(test, tree.Constant) or test.type.kind not in (kind, "null"):
                return None
            found.append(test.value)
        return frozenset(found) if kind == "text" else tuple(found)

    def _in(self, node: tree.In, mode: Callable[[Node], ast.expr]) -> ast.expr:
        """The tests one by one, about a variable that holds the tested value."""
        if (
            isinstance(node.value, tree.Name)
            and len(node.tests) == 1
            and isinstance(node.tests[0], tree.Range)
        ):
            return mode(as_comparisons(node.value, node.tests[0]))
        outer = dict(self.locals)
        try:
            with self.apart():
                setting, reading = self.set_variable(self._alone(node.value))
                self.locals["?"] = reading.id if isinstance(reading, ast.Name) else ""
                tests = [
                    self._test(node, test, condition=condition, mode=mode)
                    for test, condition in zip(node.tests, node.conditions, strict=True)
                ]
        except Unfit:
            self.locals = outer
            code = self._left_to_evaluator(node)
            return code if mode == self.value else compared(code, ast.Is(), plain(mode == self.true))
        finally:
            self.locals = outer
        joined = (
            self._folded(tests, decisive=True)
            if mode == self.value
            else both(ast.Or() if mode == self.true else ast.And(), tests)
        )
        # A tuple of one is true whatever it holds: the variable is set, then the tests are asked.
        return both(ast.And(), [ast.Tuple([setting], ast.Load()), joined])

    def _test(
        self, node: tree.In, test: Node, *, condition: bool, mode: Callable[[Node], ast.expr]
    ) -> ast.expr:
        asked = tree.Name(test.span, node.value.type, "?", local=True)
        if condition:
            return self._apart_code(mode, test)
        if isinstance(test, tree.Range):
            return self._apart_code(mode, as_comparisons(asked, test))
        if (asked.type.kind == test.type.kind and test.type.kind in _EQUALITY) or test.type.kind == "null":
            return self._apart_code(mode, tree.Comparison(test.span, node.type, "=", asked, test))
        code = self.call(values.meets, self._alone(test), load(self.locals["?"]))
        return code if mode == self.value else compared(code, ast.Is(), plain(mode == self.true))

    def _quantified(self, node: tree.Quantified, *, wanted: bool) -> ast.expr:
        if is_costly(node):
            return compared(self._left_to_evaluator(node), ast.Is(), plain(wanted))
        checks, source = self._items(node.source)
        each = self.true if wanted else self.false
        ask = any if (node.quantifier == "some") is wanted else all
        return both(
            ast.And(), [*checks, self.call(ask, self._loop(node.variable, source, node.condition, each))]
        )

    def _items(self, node: Node) -> tuple[list[ast.expr], ast.expr]:
        with self.apart():
            return self.operand(node)

    def _loop(
        self, variable: str, source: ast.expr, condition: Node, each: Callable[[Node], ast.expr]
    ) -> ast.expr:
        name, outer = self.temporary(), dict(self.locals)
        self.locals[variable] = name
        code = self._apart_code(each, condition)
        self.locals = outer
        return ast.GeneratorExp(code, [ast.comprehension(ast.Name(name, ast.Store()), source, [], 0)])

    def _filter(self, node: tree.Filter) -> ast.expr:
        if node.by_position:
            return self.call(values.at_position, self._alone(node.source), self._alone(node.condition))
        if is_costly(node):
            return self._left_to_evaluator(node)
        checks, source = self._items(node.source)
        name, outer = self.temporary(), dict(self.locals)
        self.locals[node.variable] = name
        kept = self._apart_code(self.true, node.condition)
        self.locals = outer
        loop = ast.comprehension(ast.Name(name, ast.Store()), source, [kept], 0)
        return self._if_present(checks, ast.ListComp(load(name), [loop]))


def as_comparisons(asked: Node, limits: tree.Range) -> Node:
    """A range as the comparisons that a value in it meets."""
    sides: list[Node] = []
    if limits.low is not None:
        operator: tree.ComparisonOperator = ">=" if limits.low_included else ">"
        sides.append(tree.Comparison(limits.span, BOOLEAN, operator, asked, limits.low))
    if limits.high is not None:
        operator = "<=" if limits.high_included else "<"
        sides.append(tree.Comparison(limits.span, BOOLEAN, operator, asked, limits.high))
    return sides[0] if len(sides) == 1 else tree.And(limits.span, BOOLEAN, tuple(sides))
