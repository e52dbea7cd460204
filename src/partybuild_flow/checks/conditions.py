"""From expressions to boxes: for which facts a condition is true, false, or not.

Exact about each thing that is read: a name, an entry of a table, a call or a sum that is compared
with a constant. What cannot be compared so is taken whole, as one thing that is true, false or null.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from partybuild_flow.checks.boxes import EVERYTHING, NOTHING, Region, meeting, union
from partybuild_flow.checks.concluded import concluded_values
from partybuild_flow.checks.ranges import (
    EVERY_POINT,
    EVERY_TEXT,
    EVERY_TRUTH,
    ORDERED_KINDS,
    Line,
    Some,
    Values,
    met,
    points,
    within,
)
from partybuild_flow.checks.trees import TESTED, Key, applied, key_of, settled
from partybuild_flow.definition import Field, Workflow
from partybuild_flow.feel import BOOLEAN, NULL, Node, Term, Type, Value
from partybuild_flow.feel.tree import And, Comparison, Constant, If, In, ListOf, Name, Not, Or, Range
from partybuild_flow.feel.values import kind_of

_FLIPPED: Final = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_SIGNS: Final = {"<": "<", "<=": "<=", ">": ">", ">=": ">=", "=": "=n", "!=": "<>1"}
"""How two things stand where a comparison is true: less, equal, greater, `n` both null, `1` one null."""
_ALL_SIGNS: Final = frozenset("<=>n1")
_EITHER: Final = Some(frozenset({True, False}))
_NATURAL: Final[Mapping[str, Values]] = {"boolean": EVERY_TRUTH, "text": EVERY_TEXT} | dict.fromkeys(
    ORDERED_KINDS, EVERY_POINT
)


class Truth:
    """The values of one thing for which a condition about it is true, and those for which it is false."""

    __slots__ = ("false", "true")

    def __init__(self, true: Values, false: Values) -> None:
        self.true = true
        self.false = false

    def where(self, truth: bool, exactly: bool) -> Values:
        """The values for which the condition is this, or else the values for which it is not this."""
        values = self.true if truth else self.false
        return values if exactly else values.complement()


class Conditions:
    """Makes boxes of a workflow's conditions; parameters count as the constants they are.

    `nodes` holds, for each thing that a box made here speaks of, an expression that reads it; `domains`
    all values that it may have.
    """

    def __init__(self, workflow: Workflow) -> None:
        self._fields = workflow.fields
        self._workflow = workflow
        self._constants: dict[str, Node] = {
            each.id: Constant((0, 0), each.type, each.value) for each in workflow.parameters.values()
        }
        self.domains: dict[Key, Values] = {}
        self.nodes: dict[Key, Node] = {}

    def settled(self, condition: Node, tested: Node | None = None) -> Node:
        """The condition with parameters as constants, and with what it tests in the place of `?`."""
        names = self._constants if tested is None else {**self._constants, TESTED: tested}
        return settled(condition, names)

    def where(self, node: Node, truth: bool = True, exactly: bool = True) -> Region:
        """Where a settled condition is `truth`; if not `exactly`, where it is something else or null.

        Raises:
            TooManyBoxesError: nothing can be said within the budget.
        """
        match node:
            case Constant():
                return EVERYTHING if (node.value is truth) == exactly else NOTHING
            case And(operands=operands) | Or(operands=operands):
                parts = (self.where(each, truth, exactly) for each in operands)
                # An `and` is true where all are, false where one is; an `or` the other way round.
                every = (isinstance(node, And) == truth) == exactly
                return meeting(parts) if every else union(parts)
            case Not():
                return self.where(node.operand, not truth, exactly)
            case If() if node.type.kind == "boolean":
                return self._branches(node, truth, exactly)
            case In() if (tests := _as_or(node)) is not None:
                return self.where(tests, truth, exactly)
            case Comparison():
                return self._comparison(node, truth, exactly)
            case _:
                return self._whole(node, truth, exactly)

    def present(self, facts: frozenset[str]) -> Region:
        """Where none of these fields is null."""
        regions = []
        for fact in sorted(facts):
            kind = self._fields[fact].type.kind
            if kind in _NATURAL:
                regions.append(self._box(Name((0, 0), self._fields[fact].type, fact), _not_null(kind)))
        return meeting(regions)

    def _branches(self, node: If, truth: bool, exactly: bool) -> Region:
        return union(
            meeting((self.where(node.condition, True, holds), self.where(branch, truth, exactly)))
            for holds, branch in ((True, node.then), (False, node.otherwise))
        )

    def _comparison(self, node: Comparison, truth: bool, exactly: bool) -> Region:
        left, right, operator = node.left, node.right, node.operator
        if isinstance(left, Constant):
            left, right = right, left
            operator = _FLIPPED[operator]  # type: ignore[assignment]
        if isinstance(right, Constant):
            if (
                left.type.kind == "boolean"
                and operator in ("=", "!=")
                and isinstance(right.value, bool | None)
            ):
                return self._same_truth(left, right.value, (operator == "=") == (truth == exactly))
            if isinstance(right.value, Term) and left.type.kind == "term" and operator not in ("=", "!="):
                return self._of_unit(left, operator, right.value, truth, exactly)
            found = _compared(left, operator, right.value)
            if found is not None:
                return self._box(left, found.where(truth, exactly))
        elif _comparable(left.type, right.type, operator):
            return self._related(left, right, operator, truth, exactly)
        return self._whole(node, truth, exactly)

    def _of_unit(self, left: Node, operator: str, value: Term, truth: bool, exactly: bool) -> Region:
        """Terms of one unit are a line; those of other units, which cannot be compared, stand where null stands."""
        key: Key = ("term", key_of(left), value.unit)
        self.nodes.setdefault(key, left)
        point: Any = (value.length, not value.inclusive, not value.closing, value.unit)
        true = _beyond(operator, point)
        found = Truth(true, Line(true.complement().pieces))
        return self._box_of(key, found.where(truth, exactly), EVERY_POINT)

    def _same_truth(self, condition: Node, value: bool | None, same: bool) -> Region:
        """Where a condition is true, false or null, as asked for, or else where it is not."""
        if value is not None:
            return self.where(condition, value, same)
        parts = (self.where(condition, truth, not same) for truth in (True, False))
        return meeting(parts) if same else union(parts)

    def _related(self, left: Node, right: Node, operator: str, truth: bool, exactly: bool) -> Region:
        """Two things compared: how they stand to each other is taken as one thing."""
        one, other = key_of(left), key_of(right)
        if repr(other) < repr(one):
            one, other, left, right, operator = other, one, right, left, _FLIPPED[operator]
        true = frozenset(_SIGNS[operator])
        known = _ALL_SIGNS if operator in ("=", "!=") else frozenset("<=>")
        found = Truth(Some(true), Some(known - true)).where(truth, exactly)
        domain = Some(frozenset("=n") if one == other else _ALL_SIGNS)
        key: Key = ("related", one, other)
        self.nodes.setdefault(key, Comparison((0, 0), BOOLEAN, "=", left, right))
        return self._box_of(key, found, domain)

    def _whole(self, node: Node, truth: bool, exactly: bool) -> Region:
        """A condition that nothing more is known of than what it gives."""
        found = Truth(Some(frozenset({True})), Some(frozenset({False}))).where(truth, exactly)
        asks_for_null = (
            isinstance(node, Comparison)
            and node.operator in ("=", "!=")
            and any(isinstance(each, Constant) and each.value is None for each in (node.left, node.right))
        )
        return self._box(node, found, _EITHER if asks_for_null else EVERY_TRUTH)

    def _box(self, node: Node, values: Values, domain: Values | None = None) -> Region:
        key = key_of(node)
        self.nodes.setdefault(key, node)
        return self._box_of(key, values, domain or self._domain(node))

    def _box_of(self, key: Key, values: Values, domain: Values) -> Region:
        self.domains.setdefault(key, domain)
        if within(domain, values):
            return EVERYTHING
        decimals = self.decimals(self.nodes[key])
        values = met(values, domain)
        if isinstance(values, Line):
            values = values.in_steps(decimals)
        return NOTHING if values.empty else ({key: values},)

    def decimals(self, node: Node) -> int | None:
        """How many decimals a number has at most; None if that is not known."""
        field = self._fields.get(node.id) if isinstance(node, Name) else None
        if field is None or field.type.kind != "number":
            return None
        return {"integer": 0, "money": 2}.get(field.kind, field.decimals)

    def _domain(self, node: Node) -> Values:
        """All values that a thing may have."""
        key = key_of(node)
        if key not in self.domains:
            field = self._fields.get(node.id) if isinstance(node, Name) and not node.local else None
            concluded = concluded_values(self._workflow, node, self.settled) if field is None else None
            self.domains[key] = domain_of(node.type, field) if concluded is None else concluded
        return self.domains[key]


def domain_of(of: Type, field: Field | None = None) -> Values:
    """All values of a type, or of the field that has it, with null."""
    if of.values:
        return Some(frozenset(of.values), null=True)
    values = _NATURAL.get(of.kind, EVERY_TEXT)
    if field is None or not isinstance(values, Line):
        return values
    bounded = points(field.minimum, field.maximum)
    return Line(bounded.pieces, null=True)


def _not_null(kind: str) -> Values:
    values = _NATURAL[kind]
    return Line(values.pieces) if isinstance(values, Line) else Some(values.members, values.others)


def _compared(thing: Node, operator: str, value: Value) -> Truth | None:
    """The truth of a comparison of something with a constant; None if it is not of a simple kind."""
    everything = _NATURAL.get(thing.type.kind)
    if everything is None:
        return None
    if value is None:
        return _with_null(operator, everything)
    if kind_of(value) != thing.type.kind:
        return None
    if operator in ("=", "!="):
        equal = points(value, value) if isinstance(everything, Line) else Some(frozenset({value}))  # type: ignore[arg-type]
        truth = (equal, equal.complement())
        return Truth(*truth) if operator == "=" else Truth(*reversed(truth))
    if isinstance(everything, Line):
        true = _beyond(operator, value)
        return Truth(true, met(true.complement(), _not_null(thing.type.kind)))
    if thing.type.ordered and value in thing.type.values:
        return _by_rank(operator, thing.type.values, thing.type.values.index(str(value)))
    return None


def _with_null(operator: str, everything: Values) -> Truth:
    null: Values = Line((), null=True) if isinstance(everything, Line) else Some(frozenset(), null=True)
    if operator == "=":
        return Truth(null, null.complement())
    if operator == "!=":
        return Truth(null.complement(), null)
    nothing = everything.complement()
    return Truth(nothing, nothing)


def _beyond(operator: str, value: Value) -> Line:
    point: object = value
    if operator in ("<", "<="):
        return points(None, point, high_included=operator == "<=")  # type: ignore[arg-type]
    return points(point, None, low_included=operator == ">=")  # type: ignore[arg-type]


def _by_rank(operator: str, values: tuple[str, ...], rank: int) -> Truth:
    cut = rank + (operator in ("<=", ">"))
    lower, upper = Some(frozenset(values[:cut])), Some(frozenset(values[cut:]))
    return Truth(lower, upper) if operator in ("<", "<=") else Truth(upper, lower)


def _comparable(left: Type, right: Type, operator: str) -> bool:
    """Whether two things stand to each other as equal or not, and where asked for as less or greater."""
    if left.kind != right.kind or left.kind not in _NATURAL:
        return False
    if operator in ("=", "!="):
        return True
    return left.kind in ORDERED_KINDS or (left.ordered and left.values == right.values)


def _as_or(node: In) -> Node | None:
    """An `in` as the `or` of what its tests say; None if one of them is of another kind."""
    if node.value.type.kind not in (*_NATURAL, "term"):
        return None
    parts = [
        applied(test, node.value) if is_condition else _as_condition(node.value, test)
        for test, is_condition in zip(node.tests, node.conditions, strict=True)
    ]
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    return known[0] if len(known) == 1 else Or(node.span, BOOLEAN, tuple(known))


def _as_condition(value: Node, test: Node) -> Node | None:
    span = test.span
    match test:
        case Range(low=low, high=high):
            ends = []
            if low is not None:
                ends.append(Comparison(span, BOOLEAN, ">=" if test.low_included else ">", value, low))
            if high is not None:
                ends.append(Comparison(span, BOOLEAN, "<=" if test.high_included else "<", value, high))
            return And(span, BOOLEAN, tuple(ends))
        case ListOf(items=items):
            return Or(span, BOOLEAN, tuple(Comparison(span, BOOLEAN, "=", value, item) for item in items))
        case Constant(value=list() as items):
            item = test.type.item or NULL
            constants = (Constant(span, item, each) for each in items)
            return Or(span, BOOLEAN, tuple(Comparison(span, BOOLEAN, "=", value, each) for each in constants))
        case _ if test.type.kind in _NATURAL and value.type.kind == test.type.kind:
            return Comparison(span, BOOLEAN, "=", value, test)
        case _:
            return None
