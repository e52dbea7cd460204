"""How long `check` takes over one table: gaps, overlaps and rows that never match, complete or said not to be.

Tables are made by chance, the same ones every time. A divided table is the whole space cut into rows, again and
again at one input: it is complete, nothing overlaps, and to prove that is the hard part. A faulty one lacks one of
those rows, and another one asks for nothing of its first input. In a drawn table each cell is drawn: wherever one
looks something is wrong, so that most of the time goes into finding and proving examples.

A figure is the best of the rounds, so that what else the machine does is left out.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Sequence
from typing import Final

from benchmarks.measure import Figure, report, seconds_of
from partybuild_flow.checks.conditions import Conditions
from partybuild_flow.checks.findings import Findings
from partybuild_flow.checks.rows import check_rows
from partybuild_flow.checks.witnesses import Witnesses
from partybuild_flow.definition import Workflow
from partybuild_flow.problems import Problem
from partybuild_flow.reader import read_texts

ROUNDS: Final = 9
CHOICES: Final = ("a", "b", "c", "d", "e")
NUMBER: Final = (0, 100)
Cell = tuple[int, int]
"""Of a number from where up to where, of a choice which values, of a boolean which of both; ends count by place."""
WHOLE: Final = {"number": (0, 100), "choice": (0, 5), "boolean": (0, 2)}


def measure() -> Sequence[Figure]:
    """Milliseconds for tables of 12 rows and 7 inputs, and of 200 rows and 8 inputs."""
    figures = []
    for rows, inputs, most in ((12, 7, 5.0), (200, 8, 2000.0)):
        made = {
            "divided": divided(rows, inputs),
            "faulty": faulty(rows, inputs),
            "drawn": drawn(rows, inputs),
        }
        for name, cells in made.items():
            for hit in "UF":
                figures += _figures(f"{name}_{rows}x{inputs}_{hit}".lower(), hit, cells, inputs, most)
    return figures


def _figures(name: str, hit: str, rows: list[list[Cell]], inputs: int, most: float) -> list[Figure]:
    workflow = definition(hit, rows, inputs)
    problems = _checked(workflow)
    codes = {each.code for each in problems}
    if name.startswith("divided") and not codes <= {"PF341"}:
        raise AssertionError(f"{name}: nothing is wrong with it, but {', '.join(map(str, problems))} is told")
    if not name.startswith("divided") and not codes:
        raise AssertionError(f"{name}: something is wrong with it, and nothing is told")
    _checked(workflow)
    seconds = [seconds_of(lambda: _checked(workflow)) for _ in range(ROUNDS)]
    fully = "fully checked" if "PF341" not in codes else "not fully checked, and said so"
    return [Figure(f"{name}_ms", min(seconds) * 1e3, f"{fully}; {len(problems)} problems", most=most)]


def _checked(workflow: Workflow) -> tuple[Problem, ...]:
    findings = Findings(workflow)
    conditions = Conditions(workflow)
    check_rows(workflow, conditions, Witnesses(workflow, conditions), findings)
    return findings.in_order()


def divided(rows: int, inputs: int) -> list[list[Cell]]:
    """The whole space in so many rows that do not overlap."""
    chance = random.Random(7)
    kinds = _kinds(inputs)
    found: list[list[Cell]] = [[WHOLE[kind] for kind in kinds]]
    while len(found) < rows:
        row = found.pop(chance.randrange(len(found)))
        wide = [place for place, (low, high) in enumerate(row) if high - low > 1]
        if not wide:
            found.append(row)
            continue
        place = chance.choice(wide)
        low, high = row[place]
        cut = chance.randrange(low + 1, high)
        found += [[*row[:place], cell, *row[place + 1 :]] for cell in ((low, cut), (cut, high))]
    return found


def faulty(rows: int, inputs: int) -> list[list[Cell]]:
    """A divided table with a gap, and with a row that overlaps others."""
    found = divided(rows + 1, inputs)[1:]
    found[-1] = [WHOLE[_kinds(inputs)[0]], *found[-1][1:]]
    return found


def drawn(rows: int, inputs: int) -> list[list[Cell]]:
    """So many rows, each cell drawn."""
    chance = random.Random(7)

    def cell(kind: str) -> Cell:
        low, high = WHOLE[kind]
        if chance.random() < 0.3:
            return low, high
        one, other = sorted(chance.sample(range(low, high + 1), 2))
        return one, other

    return [[cell(kind) for kind in _kinds(inputs)] for _ in range(rows)]


def definition(hit: str, rows: list[list[Cell]], inputs: int) -> Workflow:
    """A workflow around a table with these rows."""
    kinds = _kinds(inputs)
    types = {
        "number": "number, decimals: 2, min: 0, max: 99.99",
        "choice": f"choice, values: [{', '.join(CHOICES)}]",
        "boolean": "boolean",
    }
    fields = "".join(f"  f{place}: {{type: {types[kind]}}}\n" for place, kind in enumerate(kinds))
    names = ", ".join(f"f{place}" for place in range(inputs))
    needs = ", ".join(f"f{place}?" for place in range(inputs))
    workflow = f"workflow: w\nfields:\n{fields}roles: [clerk]\nstates: {{new: , done: {{final: true}}}}\ntransitions:\n"
    workflow += f"  - {{on: start, by: clerk, needs: [{needs}], to: new}}\n"
    workflow += "  - {on: end, from: new, by: clerk, when: way.out != null, to: done}\n"
    lines = "".join(
        "  - ["
        + ", ".join([*(f"'{_written(kind, cell)}'" for kind, cell in zip(kinds, row, strict=True)), "x"])
        + "]\n"
        for row in rows
    )
    return read_texts(
        {
            "workflow.yaml": workflow,
            "a.table.yaml": f"table: way\nhit: {hit}\ninputs: [{names}]\noutputs: [out]\nrows:\n{lines}",
        },
        "w",
    )


def _kinds(inputs: int) -> list[str]:
    return [("number", "choice", "number", "boolean")[place % 4] for place in range(inputs)]


def _written(kind: str, cell: Cell) -> str:
    if cell == WHOLE[kind]:
        return "-"
    low, high = cell
    if kind == "number":
        return f"[{low}..{high})"
    values = [f'"{each}"' for each in CHOICES] if kind == "choice" else ["false", "true"]
    return ", ".join(values[low:high])


if __name__ == "__main__":
    sys.exit(report("Checking one table", measure))
