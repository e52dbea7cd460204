"""Rows of tables: what matches at once, what contradicts, what never matches, what no row matches.

The regions of all rows are made once; an overlap or a gap is told only with facts for which the
table was asked. What could not be found out is told too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from partybuild_flow.checks.boxes import EVERYTHING, TooManyBoxesError, meeting
from partybuild_flow.checks.conditions import Conditions
from partybuild_flow.checks.findings import Findings
from partybuild_flow.checks.gaps import check_gaps
from partybuild_flow.checks.hidden_rows import check_hidden_rows
from partybuild_flow.checks.table_space import RowSpace, TableSpace
from partybuild_flow.checks.told_regions import in_one
from partybuild_flow.checks.witnesses import Told, Witnesses
from partybuild_flow.definition import Row, Workflow
from partybuild_flow.feel import Node, Value, evaluate
from partybuild_flow.feel.values import key_of
from partybuild_flow.messages import Phrase
from partybuild_flow.rules import conclude_table

MOST_PAIRS: Final = 10
"""Overlaps told of one table, and those looked for in vain; whoever has more has made one mistake many times."""


def check_rows(workflow: Workflow, conditions: Conditions, witnesses: Witnesses, findings: Findings) -> None:
    """Note what is wrong with the rows of each table, and which table could not be fully checked."""
    for table in workflow.tables.values():
        witnesses.refill()
        space = TableSpace(workflow, conditions, table, witnesses)
        for each in space.rows:
            if not each.region:
                findings.add("PF335", each.row.position, row=each.row.number, table=table.name)
        reasons = check_hidden_rows(space, findings) if table.hit == "F" else _check_overlaps(space, findings)
        reasons += check_gaps(space, findings)
        unknown = tuple(each.row.number for each in space.rows if not each.known)
        if unknown and reasons:
            reasons.insert(0, Phrase("unchecked-rows", {"rows": unknown}))
        if reasons:
            data = {"table": table.name, "reasons": in_one("unchecked-and", reasons)}
            findings.add("PF341", table.position, **data)


def _check_overlaps(space: TableSpace, findings: Findings) -> list[Phrase]:
    """Two rows that match the same facts under U, or contradict each other under A."""
    table = space.table
    found = 0
    unproven: list[tuple[int, int]] = []
    reasons: list[Phrase] = []
    for one, other in _pairs(space):
        first, second = space.rows[one], space.rows[other]
        if table.hit == "A" and _say_the_same(first.row, second.row):
            continue
        if MOST_PAIRS in (found, len(unproven)):
            reasons.append(Phrase("unchecked-overlaps", {"count": found}))
            break
        told = _example(space, first, second)
        if told is None:
            unproven.append((first.row.number, second.row.number))
        else:
            code = "PF332" if table.hit == "U" else "PF333"
            data = {"first": first.row.number, "second": second.row.number, "table": table.name}
            findings.add(code, second.row.position, **data, example=told)
            found += 1
    if unproven:
        one, other = unproven[0]
        reasons.append(Phrase("unchecked-pair", {"first": one, "second": other}))
    return reasons


def _pairs(space: TableSpace) -> list[tuple[int, int]]:
    """The places of rows whose boxes have something in common, in order."""
    places = [place for place, _ in space.boxes]
    try:
        together = space.partition(null=True).together()
        pairs = {(places[one], places[other]) for one, other in together if places[one] != places[other]}
    except TypeError:
        pairs = {(one, other) for one in places for other in places if one < other}
    return sorted(pairs)


def _example(space: TableSpace, first: RowSpace, second: RowSpace) -> Told | None:
    """Facts for which both rows hold, and under A say different things."""
    wanted = {str(first.row.number), str(second.row.number)}
    # Where rows contradict each other, the compiled table asks the reference as well.
    both = space.table.model_copy(update={"rows": (first.row, second.row)})

    def clash(facts: Mapping[str, Value]) -> bool:
        if space.table.hit == "A" and not _differ(first.row, second.row, facts):
            return False
        return wanted <= set(conclude_table(both, facts).fired)

    nodes: tuple[Node, ...] = (*first.nodes, *second.nodes) or space.inputs
    try:
        region = meeting((first.region, second.region))
    except TooManyBoxesError:
        region = EVERYTHING
    return space.example(nodes, region, clash, null=True)


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
