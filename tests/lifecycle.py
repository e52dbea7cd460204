"""The lifecycle that most tests run: a request with a table, a rule set, a window, a look-up and a personal field."""

from __future__ import annotations

from pathlib import Path

WORKFLOW = """\
workflow: request
version: 1
unique: [source, source number]
fields:
  category: {type: choice, values: [help, complaint, praise]}
  level: {type: choice, values: [house, community, street], ordered: true}
  source: {type: text}
  source number: {type: text, id: source-number}
  households: {type: integer, min: 0, max: 1000}
  score: {type: number, decimals: 2, min: 0, max: 100}
  handling unit: {type: unit, id: handling-unit}
  phone: {type: text, personal: sensitive}
  note: {type: text}
  overdue: {type: integer}
  urgent: {type: boolean}
roles: [resident, clerk, handler, leader]
parameters:
  pass mark: {id: pass-mark, value: 60, source: "the tests' own"}
  handling term: {id: handling-term, value: 48 hours, source: "the tests' own"}
look-ups:
  open complaints: {id: open-complaints, with: [phone], type: number}
states:
  registered: {}
  open: {states: [assigned, working, waiting]}
  closed: {final: true}
  rejected: {final: true}
transitions:
  - {on: report, by: anyone, needs: [category, source?, source number?, households?, phone?, note?], to: registered, set: {overdue: "0"}}
  - on: screen
    from: registered
    by: clerk
    needs: [level, handling unit]
    set: {urgent: alarm.alarming}
    decide: screening.way
    to: {accept: assigned, reject: rejected}
    effects: [{notify: handling unit, message: "a {category} request was assigned"}]
  - {on: sign, from: assigned, by: {role: handler, at: handling unit}, to: working}
  - {on: ask back, id: ask-back, from: working, by: {role: handler, at: handling unit}, needs: [note], limit: 2, to: waiting}
  - {on: answer, from: waiting, by: anyone, to: working}
  - {on: remind, from: open, by: [resident, clerk]}
  - {on: expire, from: open, by: clock, set: {overdue: overdue + 1}}
  - on: close
    from: working
    by: [clerk, leader]
    not-by: [screen]
    needs: [score]
    when: score >= pass mark and open complaints = 0
    to: closed
    journal: refused
  - {on: close, from: open, by: leader, when: overdue > 0, to: closed}
  - {on: reopen, from: closed, by: clerk, when: reopening.open, to: working}
deadlines:
  handling: {while: open, due: handling term, fire: expire}
  reopening: {while: closed, due: 24 hours}
"""

TABLE = """\
table: screening
hit: F
inputs: [category, level, households]
outputs: {way: {type: choice, values: [accept, reject]}}
rows:
  - [praise, "-", "-", reject]
  - ["-", ">= \\"community\\"", "-", accept]
  - ["-", "-", ">= 5", accept]
default: {way: '"reject"'}
examples:
  - {category: help, level: house, households: 5, way: accept}
  - {category: praise, level: street, households: 9, way: reject}
"""

RULES = """\
rule-set: alarm
outputs: {alarming: {type: boolean}, many: {type: boolean}}
rules:
  many households: {when: households >= 5, conclude: {many: "true"}, because: "five households or more"}
  a complaint of many: {when: 'many and category = "complaint"', conclude: {alarming: "true"}, because: "many complain"}
default: {alarming: "false", many: "false"}
"""


def write_lifecycle(folder: Path) -> Path:
    """The folder of workflows with this lifecycle in it."""
    home = folder / "request"
    home.mkdir(parents=True)
    (home / "workflow.yaml").write_text(WORKFLOW, encoding="utf-8")
    (home / "screening.table.yaml").write_text(TABLE, encoding="utf-8")
    (home / "alarm.rules.yaml").write_text(RULES, encoding="utf-8")
    return folder
