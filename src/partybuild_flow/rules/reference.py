"""The reference evaluator of tables and rule sets: plain Python, the tree walked, nothing prepared.

The oracle of the generated tables and of the rule engine, and what decides where the rule engine
cannot be installed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final

from partybuild_flow.case import Conclusion
from partybuild_flow.feel import Expression, Value, evaluate
from partybuild_flow.rules.agreement import Evaluation, conclude_from_rows, conclude_in_strata, plan_of

if TYPE_CHECKING:
    from partybuild_flow.definition import Row, RuleSet, Table

REFERENCE: Final = "reference 1"
"""The evaluator's name in the journal."""


def conclude_table(table: Table, facts: Mapping[str, Value]) -> Conclusion:
    """What a decision table concludes from these facts.

    A row holds if all its tests are true; a null test does not hold. Where no row holds, every
    output takes its default, else null. `fired` are the numbers of the rows that held, as text; under F
    that of the first.

    Source: DMN 1.5, clause 8.2.10.
    """
    scopes = tested_scopes(table, facts)
    held = [row for row in table.rows if _holds(row, scopes)]
    if table.hit == "F":
        held = held[:1]
    if not held:
        return Conclusion(
            {
                output.id: None if output.default is None else evaluate(output.default.tree, facts)
                for output in table.outputs
            },
            (),
        )
    said = [[evaluate(value.tree, facts) for value in row.values] for row in held]
    if len(held) == 1:
        outputs = (output.id for output in table.outputs)
        return Conclusion(dict(zip(outputs, said[0], strict=True)), (str(held[0].number),))
    return conclude_from_rows(table, [str(row.number) for row in held], said)


def tested_scopes(table: Table, facts: Mapping[str, Value]) -> list[dict[str, Value]]:
    """For each input of a table the facts with the input's value as `?`."""
    return [{**facts, "?": evaluate(tested.tree, facts)} for tested in table.inputs]


def _holds(row: Row, scopes: list[dict[str, Value]]) -> bool:
    return all(
        test is None or evaluate(test.tree, scope) is True
        for test, scope in zip(row.tests, scopes, strict=True)
    )


def conclude_rule_set(rule_set: RuleSet, facts: Mapping[str, Value]) -> Conclusion:
    """What a rule set concludes from these facts; see `conclude_in_strata` for facts that several rules set.

    Every rule whose condition is true fires once, stratum after stratum; a null condition does
    not hold. `fired` are the ids of the rules, in file order.
    """
    return reference_of(rule_set)(facts)


def reference_of(rule_set: RuleSet) -> Callable[[Mapping[str, Value]], Conclusion]:
    """`conclude_rule_set` for one rule set and many facts."""
    plan = plan_of(rule_set, walked)

    def holding(number: int, known: Mapping[str, Value]) -> list[int]:
        rules = rule_set.strata[number]
        return [index for index, rule in enumerate(rules) if evaluate(rule.when.tree, known) is True]

    return lambda facts: conclude_in_strata(plan, facts, holding)


def walked(expression: Expression) -> Evaluation:
    """The expression as a function that walks its tree."""
    return lambda facts: evaluate(expression.tree, facts)
