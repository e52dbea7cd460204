"""A contest and its entries, the pair of workflows that most tests of relations run."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from partybuild_flow import Actor, Engine

CONTEST = """\
workflow: contest
fields:
  title: {type: text}
  places: {type: integer, min: 0}
  teams: {type: list}
  chief: {type: case, workflow: entry}
  passed: {type: integer}
  recent: {type: integer}
roles: [host]
cases:
  entries: {workflow: entry, where: {contest: this case}}
  handed in: {id: handed-in, workflow: entry, where: {contest: this case}, states: handed in}
  others: {workflow: contest, where: {same: [title]}, during: 48 hours}
states:
  open: {}
  closed: {final: true}
transitions:
  - {on: begin, by: host, needs: [title, places, teams], to: open, set: {recent: count(others)},
     effects: [{start: entry, per: teams, with: {contest: this case, team: item}}]}
  - {on: admit, from: open, by: host, needs: [title], effects: [{start: entry, at: '"park/east"', with: {contest: this case, team: title}}]}
  - {on: count, from: open, by: host, set: {passed: 'count(handed in[score >= 60])'}}
  - {on: appoint, from: open, by: host, needs: [chief], effects: [{send: praise, to: chief, with: {note: title}}]}
  - on: announce
    from: open
    by: host
    when: 'every x in entries satisfies x.state != "awaited"'
    to: closed
    effects: [{send: choose, to: handed in, where: score >= 60, order: [score desc, team], per: group, first: places, with: {place: rank}}]
  - {on: remind, from: open, by: host, effects: [{send: remind, to: entries}]}
"""

ENTRY = """\
workflow: entry
fields:
  contest: {type: case, workflow: contest}
  team: {type: text}
  group: {type: choice, values: [a, b], ordered: true}
  score: {type: number, decimals: 1, min: 0, max: 100}
  place: {type: integer}
  note: {type: text}
  reminders: {type: integer}
  phone: {type: text, personal: sensitive}
roles: [captain]
cases:
  parent: {workflow: contest, where: {case: contest}}
  siblings: {workflow: entry, where: {same: contest}, states: chosen, read: exact}
states:
  awaited: {}
  handed in: {id: handed-in}
  withdrawn: {final: true}
  chosen: {final: true}
transitions:
  - {on: invite, by: cases, needs: [contest, team], to: awaited}
  - {on: hand in, id: hand-in, from: awaited, by: captain, needs: [group, score, phone?], when: 'parent[1].state = "open"', to: handed in}
  - {on: withdraw, from: awaited, by: captain, to: withdrawn}
  - {on: move, from: handed in, by: captain, needs: [contest]}
  - {on: claim, from: handed in, by: captain, when: 'count(siblings) < parent[1].places', to: chosen}
  - {on: choose, from: handed in, by: cases, needs: [place], to: chosen}
  - {on: praise, from: [handed in, chosen], by: cases, needs: [note?]}
  - {on: remind, from: awaited, by: cases, set: {reminders: if reminders = null then 1 else reminders + 1}}
"""

HOST = Actor("u-1", (("host", "park"), ("captain", "park")))


def write_contest(folder: Path, contest: str = CONTEST, entry: str = ENTRY) -> Path:
    """The folder of workflows with both in it."""
    for name, text in (("contest", contest), ("entry", entry)):
        (folder / name).mkdir(parents=True, exist_ok=True)
        (folder / name / "workflow.yaml").write_text(text, encoding="utf-8")
    return folder


def begun(
    engine: Engine, teams: Sequence[str], places: int = 1, title: str = "speech"
) -> tuple[str, list[str]]:
    """A contest with an entry for each team: its id and theirs."""
    entry = engine.start("contest", {"title": title, "places": places, "teams": list(teams)}, by=HOST)
    return entry.case.id, [sent.case_id for sent in entry.sends]


def handed_in(engine: Engine, entry: str, score: object, group: str = "a") -> None:
    """The entry with its score."""
    engine.send(entry, "hand in", {"group": group, "score": score}, by=HOST)
