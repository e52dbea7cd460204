"""Rows that are never reached, because earlier rows take all that they ask for: one of them, or several together."""

from __future__ import annotations

from partybuild_flow.checks.findings import Findings
from partybuild_flow.checks.partition import Partition, TooManyClassesError
from partybuild_flow.checks.table_space import TableSpace
from partybuild_flow.messages import Phrase


def check_hidden_rows(space: TableSpace, findings: Findings) -> list[Phrase]:
    """Note the hidden rows of a table in which the first row counts; gives why it is not fully checked, if it is not."""
    try:
        partition = space.partition(null=True)
    except TypeError:
        return [Phrase("unchecked-size", {"count": len(space.rows)})]
    for place, later in enumerate(space.rows):
        if not later.region or not later.known:
            continue
        try:
            hiding = _hiding(space, partition, place)
        except TooManyClassesError:
            return [Phrase("unchecked-from-row", {"row": later.row.number})]
        data = {"row": later.row.number, "table": space.table.name}
        if len(hiding) == 1:
            findings.add("PF334", later.row.position, **data, earlier=space.rows[hiding[0]].row.number)
        elif hiding:
            numbers = tuple(space.rows[each].row.number for each in hiding)
            findings.add("PF347", later.row.position, **data, earlier=numbers)
    return []


def _hiding(space: TableSpace, partition: Partition, place: int) -> list[int]:
    """The places of the earlier rows that hide a row, none that is not needed; empty if it is reached."""
    bits: dict[int, int] = {}
    own: list[int] = []
    for number, (row, _) in enumerate(space.boxes):
        if row < place and space.rows[row].known:
            bits[row] = bits.get(row, 0) | 1 << number
        elif row == place:
            own.append(1 << number)

    def hide(rows: list[int]) -> bool:
        boxes = sum(bits[row] for row in rows)
        return all(partition.bare(boxes, box) is None for box in own)

    needed = list(bits)
    if not hide(needed):
        return []
    for row in list(bits):
        if hide([row]):
            return [row]
    for row in reversed(list(bits)):
        fewer = [each for each in needed if each != row]
        if hide(fewer):
            needed = fewer
    return needed
