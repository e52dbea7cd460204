"""A rule set as SQL: stratum after stratum, which rules hold, then the facts that are settled.

Where rules that disagree hold together, the engine decides what that means.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from sqlglot import exp

from partybuild_flow.feel import Expression
from partybuild_flow.feel.tree import Constant
from partybuild_flow.rules.agreement import in_file_order
from partybuild_flow.rules.sql.codes import Code, Sql, any_holds, case, cast, surely
from partybuild_flow.rules.sql.dialects import Dialect
from partybuild_flow.rules.sql.expressions import Compiler
from partybuild_flow.rules.sql.scope import Compiled, Scope, Step

if TYPE_CHECKING:
    from partybuild_flow.definition import RuleSet


class _Said(NamedTuple):
    """One conclusion: the column that says whether its rule holds, and the value."""

    place: int
    holds: Sql
    value: Expression


def compile_rule_set(rule_set: RuleSet, scope: Scope, dialect: Dialect, prefix: str) -> Compiled:
    """The rule set over a scope; its columns begin with `prefix`.

    Raises:
        Unfit: a rule or a conclusion is no SQL, so that the engine decides every row.
    """
    building = _Building(rule_set, scope, dialect, prefix)
    building.settle(None)
    for number in range(len(rule_set.strata)):
        building.ask(number)
        building.settle(number)
    return building.compiled()


class _Building:
    """The steps of a rule set so far, and the facts that are settled; later rules read them as columns."""

    def __init__(self, rule_set: RuleSet, scope: Scope, dialect: Dialect, prefix: str) -> None:
        self._rule_set = rule_set
        self._prefix = prefix
        self._places = {rule.id: place for place, rule in enumerate(in_file_order(rule_set))}
        self._defaults = {output.id: output.default for output in rule_set.outputs}
        self._last: dict[str, int] = {}
        for number, rules in enumerate(rule_set.strata):
            for rule in rules:
                for conclusion in rule.conclusions:
                    self._defaults.setdefault(conclusion.field, None)
                    self._last[conclusion.field] = number
        self._columns = dict(scope.columns)
        self._compiler = Compiler(scope._replace(columns=self._columns), dialect)
        self._steps: list[Step] = []
        self._outputs: dict[str, Code] = {}
        self._said: dict[str, list[_Said]] = {}

    def ask(self, number: int) -> None:
        """Which rules of a stratum hold."""
        holding: dict[str, Sql] = {}
        for rule in self._rule_set.strata[number]:
            place = self._places[rule.id]
            column = f"{self._prefix}rule {place}"
            holding[column] = surely(self._compiler.true(self._compiler.tree_of(rule.when)))
            for conclusion in rule.conclusions:
                said = _Said(place, exp.column(column, quoted=True), conclusion.value)
                self._said.setdefault(conclusion.field, []).append(said)
        if holding:
            self._steps.append(Step(holding))

    def settle(self, number: int | None) -> None:
        """The facts that no later stratum sets; None: those that no rule sets."""
        settled: dict[str, Sql] = {}
        codes: dict[str, Code] = {}
        for fact, default in self._defaults.items():
            if self._last.get(fact) != number:
                continue
            code = _settled(self._compiler, self._said.get(fact, []), default, first=self._rule_set.first)
            column = f"{self._prefix}{fact}"
            settled[column] = cast(code.copy, "text") if code.kind == "null" else code.copy
            codes[fact] = as_column(code, column)
        if settled:
            self._steps.append(Step(settled))
        self._outputs.update(codes)
        self._columns.update({(fact,): code for fact, code in codes.items()})

    def compiled(self) -> Compiled:
        """What was built."""
        doubts, doubt = self._compiler.doubts, f"{self._prefix}doubt"
        if doubts:
            self._steps.append(Step({doubt: surely(any_holds(doubts))}))
        return Compiled(
            tuple(self._steps),
            {output: self._outputs[output] for output in self._defaults},
            _fired(self._rule_set, self._places, self._prefix),
            exp.column(doubt, quoted=True) if doubts else None,
            tuple(self._compiler.unfit),
        )


def as_column(code: Code, column: str) -> Code:
    """What has become a column of its own."""
    return Code(exp.column(column, quoted=True), code.kind, code.digits, code.counted)


def _settled(compiler: Compiler, said: Sequence[_Said], default: Expression | None, *, first: bool) -> Code:
    """The value of the first rule in file order that holds, else the default."""
    ordered = sorted(said, key=lambda each: each.place)
    choices = [(each.holds.copy(), compiler.value(compiler.tree_of(each.value))) for each in ordered]
    otherwise = compiler.value(compiler.tree_of(default)) if default else Code(exp.null(), "null")
    if not first and len(ordered) > 1:
        compiler.doubts += _disagreeing(ordered)
    return compiler.chosen(choices, otherwise) if choices else otherwise


def _disagreeing(said: Sequence[_Said]) -> list[Sql]:
    """Whether rules hold together that may say different values."""
    groups: dict[object, list[Sql]] = {}
    for each in said:
        value = each.value.tree
        key = repr(value.value) if isinstance(value, Constant) else each.place
        groups.setdefault(key, []).append(each.holds)
    if len(groups) < 2:
        return []
    one, none = exp.Literal.number(1), exp.Literal.number(0)
    counts: list[Sql] = [
        case((any_holds([each.copy() for each in group]), one.copy()), otherwise=none.copy())
        for group in groups.values()
    ]
    total = counts[0]
    for count in counts[1:]:
        total = exp.Add(this=total, expression=count)
    return [exp.GT(this=exp.Paren(this=total), expression=one)]


def _fired(rule_set: RuleSet, places: dict[str, int], prefix: str) -> Sql:
    """The ids of the rules that hold, in file order."""
    names: list[Sql] = [
        case((exp.column(f"{prefix}rule {places[rule.id]}", quoted=True), exp.Literal.string(rule.id)))
        for rule in in_file_order(rule_set)
    ]
    return exp.Anonymous(this="CONCAT_WS", expressions=[exp.Literal.string(","), *names])
