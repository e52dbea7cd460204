"""A request with personal data of every kind, its follow-up, and a complaint that its target may not know of."""

from __future__ import annotations

from pathlib import Path
from typing import Final

REQUEST: Final = """\
workflow: request
unique: [[phone]]
fields:
  kind: {type: choice, values: [help, repair]}
  resident: {type: person, personal: true}
  phone: {type: text, personal: sensitive, seen-by: [clerk, resident]}
  illness: {type: text, personal: sensitive}
  born: {type: date, personal: sensitive, seen-by: clerk}
  certificate: {type: document, personal: sensitive, seen-by: nurse}
  household: {type: list, item: {member: {type: text}, card: {type: text}}, personal: sensitive, seen-by: clerk}
  helpers: {type: list, item: person, personal: sensitive, seen-by: clerk}
  remark: {type: text, personal: sensitive, seen-by: clerk}
  opinion: {type: number, personal: sensitive}
  track: {type: text, personal: sensitive, seen-by: handler}
  total: {type: number, personal: sensitive}
  level: {type: text}
  closed at: {type: datetime, id: closed-at}
roles: [clerk, nurse, handler, visitor]
states: {open: {}, examined: {}, judged: {}, closed: {final: true}}
transitions:
  - {on: report, by: anyone, needs: [kind, phone, born?, resident?, household?, remark?], to: open,
     effects: [{notify: resident, message: "we have noted {phone} and {remark}"}]}
  - {on: examine, from: open, by: nurse, needs: [illness, certificate, helpers], to: examined,
     when: illness != "none" and phone != "refuse",
     set: {level: triage.level}, effects: [{notify: clerk, message: "{illness} at {phone}"}, {start: follow-up, with: {number: phone}}]}
  - {on: judge, from: examined, by: visitor, needs: [opinion], to: judged,
     collect: {value: opinion, as: mean, from: helpers, at-least: 2, into: total}}
  - {on: locate, from: [examined, judged], by: handler, needs: [track], when: 'triage.echo != "block"'}
  - {on: close, from: [open, examined, judged], by: [clerk, handler], when: 'count(earlier[result = null]) > 0 or remark = "go"',
     set: {closed at: now}, to: closed, journal: refused}
cases:
  earlier: {workflow: follow-up, where: {number: phone}}
correct: {by: clerk, fields: [phone, remark]}
deadlines:
  keeping: {while: closed, due: 720 hours, erase: [track, illness]}
"""

TRIAGE: Final = """\
table: triage
hit: F
inputs: [kind]
outputs: {level: {type: text}, echo: {type: text}}
rows:
  - [help, '"high"', track]
  - ["-", '"low"', illness]
"""

FOLLOW_UP: Final = """\
workflow: follow-up
fields:
  number: {type: text, personal: sensitive}
  result: {type: text}
roles: [caller]
states: {open: {}, done: {final: true}}
transitions:
  - {on: begin, by: [cases, caller], needs: [number], to: open}
  - {on: finish, from: open, by: caller, needs: [result], when: 'count(asked[remark != "x"]) > 0', to: done}
cases:
  asked: {workflow: request, where: {phone: number}}
"""

COMPLAINT: Final = """\
workflow: complaint
hidden-from: [target, culprit]
fields:
  target: {type: unit}
  culprit: {type: person, personal: true}
  text: {type: text, personal: true}
  reply: {type: text}
  about: {type: unit}
  reporter: {type: text, personal: true, hidden-from: about}
roles: [clerk]
states: {open: {}, done: {final: true}}
transitions:
  - {on: complain, by: anyone, needs: [text, reporter, target?, culprit?, about?], to: open}
  - {on: answer, from: open, by: clerk, needs: [reply], to: done}
"""


def write_personal(folder: Path) -> Path:
    """The folder of workflows with these lifecycles in it."""
    for name, file, text in (
        ("request", "workflow.yaml", REQUEST),
        ("request", "triage.table.yaml", TRIAGE),
        ("follow-up", "workflow.yaml", FOLLOW_UP),
        ("complaint", "workflow.yaml", COMPLAINT),
    ):
        (folder / name).mkdir(parents=True, exist_ok=True)
        (folder / name / file).write_text(text, encoding="utf-8")
    return folder
