"""Workflows in which a marked value stands wherever a personal value can stand, and the files that bring them in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

UNIT: Final = "park/east"

MARKS: Final[dict[str, str]] = {
    "text": "Mtext-4711",
    "number": "83719.25",
    "integer": "7481937",
    "money": "918273.64",
    "date": "1931-05-17",
    "datetime": "1932-06-18",
    "term": "84719",
    "texts": "Mlisted-4712",
    "person": "Mreporter-4713",
    "people": "Mhelper-4714",
    "unit": "Munit-4715",
    "document": "Mdocument-4716",
    "document id": "Mpaper-4717",
    "hash": "4718" * 16,
    "record": "Mrecord-4719",
    "column": "Mcolumn-4720",
    "remark": "Mremark-4721",
    "answer": "Manswer-4722",
    "opinion": "7654321",
    "comment": "Mcomment-4723",
    "reason": "Mreason-4724",
    "refused": "Mrefused-4725",
    "track": "Mtrack-4726",
}
"""What nobody but the clerk may find anywhere, by where it stands."""

REQUEST: Final = """\
workflow: request
unique: [[number]]
fields:
  kind: {type: choice, values: [help, repair]}
  number: {type: text}
  note: {type: text}
  text: {type: text, personal: sensitive, seen-by: clerk}
  figure: {type: number, personal: sensitive, seen-by: clerk}
  whole: {type: integer, personal: sensitive, seen-by: clerk}
  loan: {type: money, personal: sensitive, seen-by: clerk}
  born: {type: date, personal: sensitive, seen-by: clerk}
  seen at: {type: datetime, id: seen-at, personal: sensitive, seen-by: clerk}
  spell: {type: term, personal: sensitive, seen-by: clerk}
  aliases: {type: list, item: text, personal: sensitive, seen-by: clerk}
  reporter: {type: person, personal: sensitive, seen-by: clerk}
  helpers: {type: list, item: person, personal: sensitive, seen-by: clerk}
  works: {type: unit, personal: sensitive, seen-by: clerk}
  paper: {type: document, personal: sensitive, seen-by: clerk}
  household: {type: list, item: {member: {type: text}, card: {type: text}}, personal: sensitive, seen-by: clerk}
  remark: {type: text, personal: sensitive, seen-by: clerk}
  known: {type: text, personal: sensitive, seen-by: clerk}
  opinion: {type: number, personal: sensitive, seen-by: clerk}
  comment: {type: text, personal: sensitive, seen-by: clerk}
  total: {type: number, personal: sensitive, seen-by: clerk}
  track: {type: text, personal: sensitive, seen-by: clerk}
  echoed: {type: text, personal: sensitive, seen-by: clerk}
  looked at: {type: boolean, id: looked-at}
look-ups:
  register: {with: [text], type: text}
roles: [clerk, handler, visitor]
states: {open: {}, examined: {}, closed: {final: true}}
transitions:
  - {on: report, by: anyone, needs: [kind, number, text?, figure?, whole?, loan?, born?, seen at?, spell?, aliases?,
      reporter?, helpers?, works?, paper?, household?, remark?], to: open,
     effects: [{notify: clerk, message: "new: {text}, {remark}, {figure}, {born}"}]}
  - {on: examine, from: open, by: [clerk, handler], to: examined, when: register != "no" and weigh.echo != "no",
     set: {known: register, echoed: weigh.echo}, effects: [
       {notify: clerk, message: "found {register} for {text}"}, {start: follow-up, with: {phone: text, who: reporter}},
       {start: follow-up, with: {phone: text, who: reporter}}]}
  - {on: rate, from: examined, by: [clerk, handler, visitor], needs: [opinion, comment],
     collect: {value: opinion, as: mean, from: helpers, at-least: 3, into: total}, to: examined}
  - {on: locate, from: [open, examined], by: handler, needs: [track], when: track != "go away", journal: refused}
  - {on: look, from: [open, examined], by: handler, set: {looked at: true}, when: text != "x" and judge.echo != "x" and actor != reporter}
  - {on: remind, from: examined, by: clock, effects: [{notify: clerk, message: "still {remark}"}]}
  - {on: close, from: [open, examined], by: handler, to: closed, journal: refused,
     when: 'count(follow-ups[result = null]) > 99 or remark = "x"'}
cases:
  follow-ups: {workflow: follow-up, where: {phone: text}}
correct: {by: clerk, fields: [remark, note]}
deadlines:
  reminding: {while: examined, due: 24 hours, fire: remind, warn: [{at: 50%, notify: clerk, message: "soon {text}"}]}
  keeping: {while: closed, due: 720 hours, erase: [track]}
rates:
  closing: {falls: event.report.first, denominator: 'text != "x"', numerator: state.closed.count > 0}
"""

WEIGH: Final = """\
table: weigh
hit: F
inputs: [text]
outputs: {echo: {type: text}}
rows:
  - ['"x"', '"none"']
  - ["-", remark]
"""

JUDGE: Final = """\
rule-set: judge
outputs: {echo: {type: text}}
default: {echo: '"none"'}
rules:
  repeat: {when: figure > 1, conclude: {echo: remark}, because: there is a figure}
"""

FOLLOW_UP: Final = """\
workflow: follow-up
unique: [[phone]]
fields:
  phone: {type: text, personal: sensitive}
  who: {type: person, personal: sensitive}
  result: {type: text}
roles: [caller]
states: {open: {}, done: {final: true}}
transitions:
  - {on: begin, by: [cases, caller], needs: [phone, who?], to: open}
  - {on: finish, from: open, by: caller, needs: [result], when: 'count(asked[remark != "x"]) > 0', to: done}
cases:
  asked: {workflow: request, where: {text: phone}}
"""

FEATURE: Final = """\
# language: zh-CN
功能: 没有一处泄露
  背景:
    假如 现在是“2024-03-01 10:00”
    并且 查询“register”答“Manswer-4722”
    并且 “Mreporter-4713”没有角色
    并且 “小张”是“park/east”的“handler”
    当 “Mreporter-4713”发起“request”，于“park/east”，记为“甲”
      | kind      | help           |
      | number    | 1              |
      | text      | Mtext-4711     |
      | figure    | 83719.25       |
      | aliases   | Mlisted-4712   |
      | reporter  | Mreporter-4713 |
      | helpers   | Mhelper-4714   |
      | paper     | Mdocument-4716 |
      | remark    | Mremark-4721   |
    并且 “小张”执行“examine”

  场景: 字段
    那么 “text”是“别的”
  场景: 列表字段
    那么 “aliases”是“别的”
  场景: 不为空
    那么 “remark”为空
  场景: 多个字段
    那么 数据是
      | text   | 别的 |
      | figure | 3    |
  场景: 多件
    那么 下列事项是
      | 事项 | text | remark |
      | 甲   | 别的 | 别的   |
  场景: 通知
    那么 发出通知“别的”给“clerk”
  场景: 没有通知
    那么 未发出通知“found”给“clerk”
  场景: 拒绝
    当 “小张”执行“close”
    那么 被拒绝，因为“别的”
  场景: 没有再问的拒绝
    当 “小张”执行“close”
    并且 “小张”执行“look”
  场景: 决定
    当 “小张”试办“look”
    那么 决定说明包含“别的”
  场景: 历史
    那么 历史是“别的”
  场景: 看到
    那么 “小张”看到“remark”是“别的”
  场景: 可以执行
    那么 “小张”可以执行“别的”
  场景: 单位
    那么 所属单位是“别的”
  场景: 错误的值
    当 “小张”执行“locate”
      | track | go away |
    那么 状态是“closed”
"""

IMPORT_MAP: Final = """\
import: hotline
key: no
event: report
unit: {value: park/east}
actor: {value: hotline}
data:
  kind: kind
  number: no
  text: text
  figure: figure
  born: born
  remark: remark
"""


def write_marked(folder: Path) -> Path:
    """The folder of workflows with these lifecycles in it."""
    for name, file, text in (
        ("request", "workflow.yaml", REQUEST),
        ("request", "weigh.table.yaml", WEIGH),
        ("request", "judge.rules.yaml", JUDGE),
        ("follow-up", "workflow.yaml", FOLLOW_UP),
    ):
        (folder / name).mkdir(parents=True, exist_ok=True)
        (folder / name / file).write_text(text, encoding="utf-8")
    return folder


def marked_data(number: str = "1") -> dict[str, Any]:
    """What begins a request, with a marked value in every field."""
    return {
        "kind": "help",
        "number": number,
        "text": MARKS["text"],
        "figure": MARKS["number"],
        "whole": MARKS["integer"],
        "loan": MARKS["money"],
        "born": MARKS["date"],
        "seen-at": f"{MARKS['datetime']}T12:04:00+08:00",
        "spell": f"{MARKS['term']} days",
        "aliases": [MARKS["texts"], "other"],
        "reporter": MARKS["person"],
        "helpers": [MARKS["people"], "visitor-1", "visitor-2"],
        "works": f"park/{MARKS['unit']}",
        "paper": {"id": MARKS["document id"], "name": MARKS["document"], "hash": MARKS["hash"]},
        "household": [{"member": MARKS["record"], "card": MARKS["column"]}],
        "remark": MARKS["remark"],
    }


def marked_json(number: str) -> str:
    """The same as a command takes it."""
    return json.dumps(marked_data(number))
