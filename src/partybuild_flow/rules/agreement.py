"""What rows or rules that held say together: one value an output, or a conflict. Pure.

Shared by the reference evaluator, the generated tables and the rule engine, so that they can differ
only in which rows or rules hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from partybuild_flow.case import Conclusion, Conflict
from partybuild_flow.feel import Expression, Value
from partybuild_flow.feel.values import key_of

if TYPE_CHECKING:
    from partybuild_flow.definition import Rule, RuleSet, Table

Evaluation: TypeAlias = Callable[[Mapping[str, Value]], Value]
"""An expression as a function of the facts."""


class PlannedRule(NamedTuple):
    """A rule ready to be carried out; `place` counts the rules of the set in file order."""

    place: int
    id: str
    conclusions: tuple[tuple[str, Evaluation], ...]


class Settled(NamedTuple):
    """A derived fact that no later stratum sets, and its default."""

    fact: str
    default: Evaluation | None


class Stratum(NamedTuple):
    """Rules that do not read each other, and the facts that are settled once they have fired."""

    rules: tuple[PlannedRule, ...]
    settles: tuple[Settled, ...]


class Plan(NamedTuple):
    """A rule set in the order in which it is carried out; `unset` are the facts that no rule sets."""

    rule_set: str
    first: bool
    facts: tuple[str, ...]
    unset: tuple[Settled, ...]
    strata: tuple[Stratum, ...]


class Drawn(NamedTuple):
    """One conclusion of one rule that fired."""

    place: int
    rule: str
    value: Value


def in_file_order(rule_set: RuleSet) -> tuple[Rule, ...]:
    """The rules as they are written, whatever their strata."""
    return tuple(sorted(rule_set.rules, key=lambda rule: (rule.position.line, rule.position.column)))


def plan_of(rule_set: RuleSet, prepare: Callable[[Expression], Evaluation]) -> Plan:
    """The plan of a rule set, its values and defaults prepared by `prepare`.

    A fact is settled after the last stratum that sets it. The strata of a rule set put every
    reader of a fact behind that, so nobody sees a fact before all rules that set it were asked.
    """
    places = {rule.id: place for place, rule in enumerate(in_file_order(rule_set))}
    defaults = {
        output.id: None if output.default is None else prepare(output.default) for output in rule_set.outputs
    }
    last: dict[str, int] = {}
    for number, rules in enumerate(rule_set.strata):
        for rule in rules:
            for conclusion in rule.conclusions:
                defaults.setdefault(conclusion.field, None)
                last[conclusion.field] = number
    strata = tuple(
        Stratum(
            tuple(
                PlannedRule(
                    places[rule.id],
                    rule.id,
                    tuple((each.field, prepare(each.value)) for each in rule.conclusions),
                )
                for rule in rules
            ),
            tuple(Settled(fact, default) for fact, default in defaults.items() if last.get(fact) == number),
        )
        for number, rules in enumerate(rule_set.strata)
    )
    unset = tuple(Settled(fact, default) for fact, default in defaults.items() if fact not in last)
    return Plan(rule_set.id, rule_set.first, tuple(defaults), unset, strata)


def conclude_in_strata(
    plan: Plan,
    facts: Mapping[str, Value],
    holding: Callable[[int, Mapping[str, Value]], Iterable[int]],
) -> Conclusion:
    """What the rules conclude when `holding(stratum, facts)` gives the indices of those that hold.

    The value of a fact that several rules set is that of the first in file order; if they differ
    and the rule set does not say `first`, the set concludes nothing: the conflict is told, every
    output is null and later strata are not asked. Rules in different strata may set one fact; the
    order of the file decides between them all the same. A default is taken where no rule that
    holds sets the fact; it reads the given facts and what earlier strata settled.
    """
    known = dict(facts)
    fired: list[tuple[int, str]] = []
    drawn: dict[str, list[Drawn]] = {}
    known.update({fact: default(facts) if default else None for fact, default in plan.unset})
    for number, stratum in enumerate(plan.strata):
        for index in holding(number, known):
            rule = stratum.rules[index]
            fired.append((rule.place, rule.id))
            for fact, value_of in rule.conclusions:
                drawn.setdefault(fact, []).append(Drawn(rule.place, rule.id, value_of(known)))
        settled: dict[str, Value] = {}
        for fact, default in stratum.settles:
            said = drawn.get(fact)
            if not said:
                settled[fact] = default(known) if default else None
                continue
            if len(said) > 1:
                said.sort(key=_place)
                if not plan.first and _differ(each.value for each in said):
                    conflict = Conflict(plan.rule_set, fact, tuple(each.rule for each in said))
                    return Conclusion(dict.fromkeys(plan.facts), _ids(fired), conflict)
            settled[fact] = said[0].value
        known.update(settled)
    return Conclusion({fact: known[fact] for fact in plan.facts}, _ids(fired))


def conclude_from_rows(table: Table, fired: Sequence[str], said: Sequence[Sequence[Value]]) -> Conclusion:
    """What several rows that hold conclude together: `fired` their numbers, `said` their values.

    Under U that is a conflict, whatever they say; under A only where two values of one output
    differ. The conflict names the first output on which they differ, else the first output.

    Source: DMN 1.5, clause 8.2.10.
    """
    outputs = tuple(output.id for output in table.outputs)
    by_output = dict(zip(outputs, zip(*said, strict=True), strict=True))
    disputed = next((output for output, values in by_output.items() if _differ(values)), None)
    if table.hit == "U" and disputed is None:
        disputed = outputs[0]
    if disputed is not None:
        return Conclusion(dict.fromkeys(outputs), tuple(fired), Conflict(table.id, disputed, tuple(fired)))
    return Conclusion({output: values[0] for output, values in by_output.items()}, tuple(fired))


def _differ(values: Iterable[Value]) -> bool:
    return len({key_of(value) for value in values}) > 1


def _place(drawn: Drawn) -> int:
    return drawn.place


def _ids(fired: list[tuple[int, str]]) -> tuple[str, ...]:
    return tuple(rule for _, rule in sorted(fired))
