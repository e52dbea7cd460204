"""Where no row of a table matches: regions in words, each with facts that the table was asked with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from partybuild_flow.checks.boxes import Box
from partybuild_flow.checks.findings import Findings
from partybuild_flow.checks.partition import TooManyClassesError
from partybuild_flow.checks.table_space import TableSpace
from partybuild_flow.checks.told_regions import told_region
from partybuild_flow.feel import Value
from partybuild_flow.messages import Phrase
from partybuild_flow.rules import conclude_table

MOST_GAPS: Final = 5
"""Regions told of one table; they are as large as they can be, so a sixth is rarely news."""


def check_gaps(space: TableSpace, findings: Findings) -> list[Phrase]:
    """Note the gaps of a table whose outputs have no defaults; gives why it is not fully checked, if it is not.

    A missing value is no gap, unless some row expects it: a condition that reads it says so by itself.
    """
    table = space.table
    if all(output.default is not None for output in table.outputs):
        return []
    rows = sum(1 << number for number, (place, _) in enumerate(space.boxes) if space.rows[place].known)
    known = rows
    told = 0
    unproven: list[Box] = []
    try:
        partition = space.partition(null=False)
        while (bare := partition.bare(known)) is not None:
            if told == MOST_GAPS:
                return [Phrase("unchecked-gaps", {"count": MOST_GAPS})]
            if len(unproven) == MOST_GAPS:
                break
            box, bit = partition.take(bare, rows)
            known |= bit
            if _tell(space, box, findings):
                told += 1
            else:
                unproven.append(box)
    except (TooManyClassesError, TypeError):
        return [Phrase("unchecked-size", {"count": len(table.rows)})]
    return [_unproven(space, unproven[0], findings)] if unproven else []


def _tell(space: TableSpace, box: Box, findings: Findings) -> bool:
    table = space.table

    def is_gap(facts: Mapping[str, Value]) -> bool:
        return not conclude_table(table, facts).fired and space.is_answered(facts)

    example = space.example(space.nodes, (space.from_steps(box),), is_gap, null=False)
    if example is None:
        return False
    position = table.position
    region = told_region(space.from_steps(box, told=True), space.named, findings.language_at(position))
    # A row that could not be turned into boxes may take a part of the region.
    whole = all(each.known for each in space.rows)
    data = {"table": table.name, "example": example}
    if region is None or not whole:
        findings.add("PF340", position, **data, region=Phrase("region-example", {"example": example}))
    else:
        findings.add("PF340", position, **data, region=region)
    return True


def _unproven(space: TableSpace, box: Box, findings: Findings) -> Phrase:
    told = space.from_steps(box, told=True)
    region = told_region(told, space.named, findings.language_at(space.table.position))
    return Phrase("unchecked-gap", {"region": region or Phrase("region-unnamed")})
