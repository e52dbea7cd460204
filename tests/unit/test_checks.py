"""Definitions as analysts write them, and every problem that `check` tells about them."""

from __future__ import annotations

from partybuild_flow.checks import check
from partybuild_flow.reader import read_texts

HEAD = """\
流程: 测试
代号: test
版本: 1
"""
WAYS = """\
字段:
  得分: {代号: score, 类型: 数字, 小数位: 2, 最小: 0, 最大: 100}
  类别: {代号: kind, 类型: 选项, 取值: [国企, 两新, 机关]}
角色: [受理员, 办理员]
状态: {新登记: null, 办理中: null, 办结: {终结: 是}}
流转:
  - {事件: 登记, 由: 受理员, 须填: [得分, 类别], 到: 新登记}
"""


def problems(*texts: str, **files: str) -> list[str]:
    """The problems of a definition as `line code sentence`."""
    named = {f"{name}.yaml": text for name, text in files.items()}
    workflow = read_texts({"workflow.yaml": "".join(texts), **named}, "workflows/test")
    return [f"{each.position.line}:{each.position.column} {each.code} {each.sentence}" for each in check(workflow)]


def codes(*texts: str, **files: str) -> list[str]:
    return [each.split(" ")[1] for each in problems(*texts, **files)]
