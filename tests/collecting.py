"""A panel that marks under seal, a council that votes, two persons who sign: what tests of collecting run."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from partybuild_flow import Actor, Engine, EventRefused

PANEL = """\
workflow: panel
fields:
  mark: {type: number, decimals: 2, min: 0, max: 100}
  remark: {type: text}
  judges: {type: list, item: person}
  recused: {type: list, item: person}
  score: {type: number, decimals: 2}
  passed: {type: boolean}
  reason: {type: text}
  wrong: {type: person}
roles: [officer, judge, secretary, supervisor]
states: {marking: {}, scored: {}, locked: {final: true}, ended: {final: true}}
correct: {by: officer, fields: [judges, recused]}
transitions:
  - {on: convene, by: officer, needs: [judges, recused?], to: marking}
  - {on: replace, from: marking, by: officer, needs: [judges?, recused?]}
  - on: give
    from: marking
    by: judge
    needs: [mark, remark?]
    collect: {value: mark, as: trimmed mean, from: judges, not-from: recused, at-least: 3, into: score, sealed: true}
    set: {passed: score >= 80}
    effects: [{notify: officer, message: "scored {score}"}]
    to: scored
  - {on: reveal, from: marking, by: [secretary, supervisor], needs: [reason], collect: {as: all, from: each role}, unseal: give}
  - {on: withdraw, from: marking, by: officer, needs: [wrong], discard: {give: wrong}}
  - {on: lock, from: scored, by: [secretary, supervisor], collect: {as: all, from: each role}, to: locked}
  - {on: again, from: scored, by: officer, to: marking}
  - {on: look, from: marking, by: clock, unseal: give, set: {score: give.result}, to: ended}
deadlines:
  last call: {while: marking, due: 72 hours, fire: look}
"""

COUNCIL = """\
workflow: council
fields:
  ballot: {type: choice, values: [for, against, abstain]}
  members: {type: list, item: person}
  passed: {type: boolean}
parameters: {share: {value: 2/3, source: "the tests' own"}}
roles: [chair, member]
states: {voting: {}, adopted: {final: true}, failed: {final: true}}
transitions:
  - {on: open, by: chair, needs: [members], to: voting}
  - on: vote
    from: voting
    by: member
    needs: [ballot]
    collect: {value: ballot, for: [for], WAY, from: members, into: passed}
    decide: 'if passed then "yes" else "no"'
    to: {"yes": adopted, "no": failed}
"""

OFFICER = Actor("officer", [("officer", "u")])
SECRETARY = Actor("secretary", [("secretary", "u")])
SUPERVISOR = Actor("supervisor", [("supervisor", "u")])
CHAIR = Actor("chair", [("chair", "u")])
JUDGES = [Actor(f"j{number}", [("judge", "u")]) for number in range(1, 10)]
MEMBERS = [Actor(f"m{number}", [("member", "u")]) for number in range(1, 10)]


def write(folder: Path, **workflows: str) -> Path:
    """The folder of workflows with these in it."""
    for name, text in workflows.items():
        (folder / name).mkdir(parents=True, exist_ok=True)
        (folder / name / "workflow.yaml").write_text(text, encoding="utf-8")
    return folder


def convened(engine: Engine, judges: int = 5, recused: Iterable[str] = ()) -> str:
    """A case in which so many judges are asked."""
    data = {"judges": [each.id for each in JUDGES[:judges]], "recused": list(recused)}
    return engine.start("panel", data, by=OFFICER).case.id


def refusal(engine: Engine, case_id: str, event: str, by: Actor, **data: object) -> str:
    """The code of the first reason against an event that must be refused."""
    try:
        engine.send(case_id, event, data, by=by)
    except EventRefused as refused:
        return str(refused.decision.reasons[0].code)  # type: ignore[attr-defined]
    return "accepted"
