"""A small definition in both languages, for tests that change a line of it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from partybuild_flow.definition import Workflow
from partybuild_flow.errors import WorkflowInvalid
from partybuild_flow.problems import Position
from partybuild_flow.reader import read_texts

LEAVE = """workflow: leave
fields:
  days: {type: integer}
  reason: {type: choice, values: [holiday, illness]}
  office: {type: unit}
roles: [clerk, head]
states:
  asked: {}
  granted: {final: true}
  refused: {final: true}
transitions:
  - {on: ask, by: clerk, needs: [days, reason, office], to: asked}
  - {on: grant, from: asked, by: head, to: granted}
  - {on: refuse, from: asked, by: head, to: refused}
"""
QINGJIA = """流程: 请假
字段:
  天数: {代号: days, 类型: 整数}
  事由: {类型: 选项, 取值: [年休, 病假]}
  科室: {类型: 单位}
角色: [职员, 主管]
状态:
  待批: {}
  已批准: {终结: 是}
流转:
  - {事件: 申请, 由: 职员, 须填: [天数, 事由, 科室], 到: 待批}
  - {事件: 批准, 从: 待批, 由: 主管, 到: 已批准}
"""


def changed(text: str, *changes: tuple[str, str]) -> str:
    """The text with each first word replaced by the second, once; it must be there."""
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return text


def read(*changes: tuple[str, str], text: str = LEAVE, **files: str) -> Workflow:
    """The changed definition; `approval_table="…"` is the file approval.table.yaml."""
    others = {f"{name.replace('_', '.')}.yaml": written for name, written in files.items()}
    return read_texts({"workflow.yaml": changed(text, *changes), **others}, "leave")


def told(*changes: tuple[str, str], text: str = LEAVE, **files: str) -> list[str]:
    """The problems of the changed definition in file order, each as its code and the word that it points at."""
    texts = {"workflow.yaml": changed(text, *changes)}
    texts |= {f"{name.replace('_', '.')}.yaml": written for name, written in files.items()}
    try:
        read_texts(texts, "leave")
    except WorkflowInvalid as refused:
        return [f"{each.code} {word_at(texts, each.position)}" for each in refused.problems]
    return []


def word_at(texts: Mapping[str, str], position: Position) -> str:
    """The word that begins at a position, or the sign there."""
    line = texts[position.path.removeprefix("leave/")].split("\n")[position.line - 1]
    found = re.match(r"[\w.?-]+|.?", line[position.column - 1 :])
    return found[0] if found else ""
