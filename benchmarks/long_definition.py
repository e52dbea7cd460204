"""A generated definition of 500 lines, as for a large procedure: workflow, table, rule set."""

from __future__ import annotations

from collections.abc import Mapping
from string import ascii_uppercase
from typing import Final

LINES: Final = 500
STAGES: Final = ascii_uppercase[:20]
ROLES: Final = ("Clerk", "Assessor", "Inspector", "Approver")
BANDS: Final = tuple(range(0, 100, 10))
AMOUNTS: Final = ("< 1000", "[1000..10000)", "[10000..100000)", ">= 100000")


def texts() -> Mapping[str, str]:
    """The files of the definition by name; together they have `LINES` lines."""
    table, rules = _table(), _rules()
    workflow = _workflow()
    missing = LINES - len(workflow) - len(table) - len(rules)
    if missing < 0:
        raise ValueError(f"the definition is {-missing} lines too long")
    workflow += [f"# Remark {number} of the people who keep this file." for number in range(1, missing + 1)]
    files = {"workflow.yaml": workflow, "bands.table.yaml": table, "weak-points.rules.yaml": rules}
    return {name: "\n".join(lines) + "\n" for name, lines in files.items()}


def _workflow() -> list[str]:
    lines = ["workflow: Long procedure", "id: long-procedure", "version: 1", "fields:"]
    lines += [
        "  Kind: {id: kind, type: choice, values: [new, renewal, change]}",
        "  Amount: {id: amount, type: number, decimals: 2, min: 0}",
        "  Verdict: {id: verdict, type: choice, values: [grant, refuse]}",
    ]
    for stage in STAGES:
        lines += [
            f"  Mark {stage}: {{id: mark-{stage.lower()}, type: number, decimals: 2, min: 0, max: 100}}",
            f"  Note {stage}: {{id: note-{stage.lower()}, type: text}}",
        ]
    lines += ["roles:", *(f"  {role}: {{id: {role.lower()}}}" for role in ROLES), "states:"]
    lines += ["  In progress:", "    id: in-progress", "    states:"]
    lines += [f"      Stage {stage}: {{id: stage-{stage.lower()}}}" for stage in STAGES]
    lines += ["  Granted: {id: granted, final: true}", "  Refused: {id: refused, final: true}"]
    lines += [
        "parameters:",
        "  Pass mark: {id: pass-mark, value: 60, source: the benchmark's own}",
        "  Ceiling: {id: ceiling, value: 500000, source: the benchmark's own}",
    ]
    lines += ["transitions:", "  - {on: Open, id: open, by: Clerk, needs: [Kind, Amount], to: Stage A}"]
    for place, stage in enumerate(STAGES):
        lines += _stage(place, stage)
    lines += [
        "  - {on: Lapse, id: lapse, from: In progress, by: clock, to: Refused}",
        "deadlines:",
        "  Handling: {id: handling, while: In progress, due: 720 hours, fire: Lapse}",
    ]
    return lines


def _stage(place: int, stage: str) -> list[str]:
    role, last = ROLES[place % len(ROLES)], place == len(STAGES) - 1
    lines = [
        f"  - on: Pass {stage}",
        f"    id: pass-{stage.lower()}",
        f"    from: Stage {stage}",
        f"    by: {role}",
        f"    needs: [Mark {stage}, 'Note {stage}?']",
        f"    when: Mark {stage} >= Pass mark and Amount <= Ceiling and not(Weak points.Hopeless)",
    ]
    if last:
        lines += [
            "    decide: Bands.Outcome",
            "    set: {Verdict: Bands.Outcome}",
            "    to: {grant: Granted, refuse: Refused}",
        ]
    else:
        lines.append(f"    to: Stage {STAGES[place + 1]}")
    if place:
        lines += [
            f"  - on: Return {stage}",
            f"    id: return-{stage.lower()}",
            f"    from: Stage {stage}",
            f"    by: {role}",
            f"    needs: [Note {stage}]",
            "    limit: 3",
            f"    to: Stage {STAGES[place - 1]}",
        ]
    return lines


def _table() -> list[str]:
    lines = ["table: Bands", "id: bands", "hit: U", "inputs: [Mark T, Amount]"]
    lines += ["outputs:", "  Outcome: {id: outcome, type: choice, values: [grant, refuse]}", "rows:"]
    for low in BANDS:
        mark = f"[{low}..{low + 10})" if low < 90 else "[90..100]"
        for place, amount in enumerate(AMOUNTS):
            outcome = "grant" if low >= 60 + 10 * place else "refuse"
            lines.append(f"  - ['{mark}', '{amount}', {outcome}]")
    return lines


def _rules() -> list[str]:
    lines = ["rule-set: Weak points", "id: weak-points", "rules:"]
    for stage in STAGES[:16]:
        lines += [
            f"  Low mark {stage}:",
            f"    when: Mark {stage} < 50 and Amount > 1000",
            f"    conclude: {{Weak {stage}: true}}",
            f"    because: a mark below 50 at stage {stage} is weak",
        ]
    lines += [
        "  Weak from the beginning:",
        f"    when: Weak A and Weak B and Weak C or {' and '.join(f'Weak {stage}' for stage in STAGES[3:16])}",
        "    conclude: {Hopeless: true}",
        "    because: three weak stages from the beginning, or all later ones, are not made good any more",
    ]
    return [*lines, "default:", "  Hopeless: false", *(f"  Weak {stage}: false" for stage in STAGES[:16])]
