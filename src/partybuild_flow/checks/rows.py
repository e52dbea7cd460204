"""Rows of tables and rules of rule sets: what matches at once, what contradicts, what never matches.

The regions of all rows are made once and compared pairwise; an overlap is told only with facts
for which the rows were evaluated.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from typing import Final

from partybuild_flow.checks.boxes import EVERYTHING, Region, TooManyBoxesError, covered, meeting, separate
from partybuild_flow.checks.conditions import Conditions
from partybuild_flow.checks.findings import Findings
from partybuild_flow.checks.witnesses import Question, Told, Witnesses, row_conditions
from partybuild_flow.definition import Row, RuleSet, Table, Workflow
from partybuild_flow.feel import Node, Value, evaluate
from partybuild_flow.feel.values import key_of
from partybuild_flow.rules.reference import conclude_table

MOST_PAIRS: Final = 20
"""Overlaps told of one table; whoever has more has made one mistake many times."""


class _RowRegion:
    """A row with its conditions and where they hold; `known` is False where the budget was spent."""

    def __init__(self, conditions: Conditions, table: Table, row: Row) -> None:
        self.row = row
        self.nodes = row_conditions(conditions, table, row)
        self.known = True
        try:
            self.region: Region = meeting(conditions.where(node) for node in self.nodes)
        except TooManyBoxesError:
            self.region, self.known = EVERYTHING, False


def check_rows(workflow: Workflow, conditions: Conditions, witnesses: Witnesses, findings: Findings) -> None:
    """Note what is wrong between the rows of each table."""
    for table in workflow.tables.values():
        rows = [_RowRegion(conditions, table, row) for row in table.rows]
        for each in rows:
            if not each.region:
                findings.add("PF335", each.row.position, row=each.row.number, table=table.name)
        matching = [each for each in rows if each.region]
        if table.hit == "F":
            _check_hidden(table, matching, findings)
        else:
            _check_overlaps(table, matching, witnesses, findings)


def check_rules(workflow: Workflow, conditions: Conditions, findings: Findings) -> None:
    """Note rules that never hold, and those that hold whatever the facts."""
    for rule_set in workflow.rule_sets.values():
        _check_rule_set(rule_set, conditions, findings)


def _check_rule_set(rule_set: RuleSet, conditions: Conditions, findings: Findings) -> None:
    for rule in rule_set.rules:
        node = conditions.settled(rule.when.tree)
        try:
            if not conditions.where(node):
                code = "PF336"
            elif rule.when.reads and not conditions.where(node, exactly=False):
                code = "PF337"
            else:
                continue
        except TooManyBoxesError:
            continue  # nothing is known, so nothing is claimed
        findings.add(code, rule.position, rule=rule.name, condition=rule.when.text)


def _check_hidden(table: Table, rows: list[_RowRegion], findings: Findings) -> None:
    """Rows that never fire under F, because one earlier row matches all they match."""
    for index, later in enumerate(rows):
        if not later.known:
            continue
        hiding = next(
            (each for each in rows[:index] if each.known and covered(later.region, each.region)),
            None,
        )
        if hiding is not None:
            findings.add(
                "PF334", later.row.position, row=later.row.number, earlier=hiding.row.number, table=table.name
            )


def _check_overlaps(table: Table, rows: list[_RowRegion], witnesses: Witnesses, findings: Findings) -> None:
    """Two rows that match the same facts under U, or contradict each other under A."""
    found = 0
    for first, second in combinations(rows, 2):
        if separate(first.region, second.region):
            continue
        if table.hit == "A" and _say_the_same(first.row, second.row):
            continue
        try:
            region = meeting((first.region, second.region))
        except TooManyBoxesError:
            region = EVERYTHING
        told = _example(table, first, second, region, witnesses)
        if told is None:
            continue
        code = "PF332" if table.hit == "U" else "PF333"
        data = {"first": first.row.number, "second": second.row.number, "table": table.name}
        findings.add(code, second.row.position, **data, example=told)
        found += 1
        if found == MOST_PAIRS:
            return


def _example(
    table: Table, first: _RowRegion, second: _RowRegion, region: Region, witnesses: Witnesses
) -> Told | None:
    """Facts for which both rows hold, and under A say different things."""
    wanted = {str(first.row.number), str(second.row.number)}

    def clash(facts: Mapping[str, Value]) -> bool:
        if not (_holds(table, first.row, facts) and _holds(table, second.row, facts)):
            return False
        if table.hit == "A" and not _differ(first.row, second.row, facts):
            return False
        # What the engine's own reference says is what counts.
        return wanted <= set(conclude_table(table, facts).fired)

    nodes: tuple[Node, ...] = (*first.nodes, *second.nodes)
    if not nodes:
        nodes = tuple(tested.tree for tested in table.inputs)
    choice = witnesses.find(Question(nodes, region, frozenset(), clash))
    return None if choice is None else witnesses.told(choice)


def _holds(table: Table, row: Row, facts: Mapping[str, Value]) -> bool:
    return all(
        test is None or evaluate(test.tree, {**facts, "?": evaluate(tested.tree, facts)}) is True
        for tested, test in zip(table.inputs, row.tests, strict=True)
    )


def _say_the_same(first: Row, second: Row) -> bool:
    return [each.tree for each in first.values] == [each.tree for each in second.values] or all(
        not one.reads and not other.reads and _equal(one.tree, other.tree, {})
        for one, other in zip(first.values, second.values, strict=True)
    )


def _differ(first: Row, second: Row, facts: Mapping[str, Value]) -> bool:
    pairs = zip(first.values, second.values, strict=True)
    return any(not _equal(one.tree, other.tree, facts) for one, other in pairs)


def _equal(one: Node, other: Node, facts: Mapping[str, Value]) -> bool:
    return key_of(evaluate(one, facts)) == key_of(evaluate(other, facts))
