"""Two versions of one small workflow, and cases for them."""

from __future__ import annotations

from pathlib import Path

WORKFLOW = """\
流程: 评星
代号: star
版本: 1
字段:
  姓名: {代号: person, 类型: 文本, 个人信息: 是}
  得分: {代号: score, 类型: 数字, 小数位: 2, 最小: 0, 最大: 100}
  类别: {代号: kind, 类型: 选项, 取值: [国企, 两新]}
  党员: {代号: members, 类型: 整数}
  到会: {代号: present, 类型: 整数}
  星级: {代号: star, 类型: 选项, 取值: [三星, 四星, 五星, 无]}
角色: {评委: {代号: judge}}
状态:
  待评: {代号: open}
  已评: {代号: done, 终结: 是}
流转:
  - {事件: 申报, 代号: apply, 由: 任何人, 须填: [姓名, 得分, 类别, 党员, 到会], 到: 待评}
  - {事件: 评定, 代号: rate, 从: 待评, 由: 评委, 当: '到会 / 党员 >= 2/3', 设定: {星级: 评星表.星级}, 到: 已评}
"""
TABLE = """\
决策表: 评星表
代号: rating
命中: F
输入: [得分, 类别]
输出:
  星级: {代号: star, 类型: 选项, 取值: [三星, 四星, 五星, 无]}
行:
  - ['>= 90', '-', 五星]
  - ['[80..90)', '国企', 四星]
  - ['[80..90)', '两新', 三星]
  - ['-', '-', 无]
"""
CASES = """\
编号,单位,姓名,得分,类别,党员,到会
a,园区/甲,张三,91.5,国企,3,2
b,园区/甲,李四,95,两新,3,2
c,园区/乙,王五,,两新,0,0
d,园区/乙,赵六,90.00,两新,10,6
"""


def versions(folder: Path) -> tuple[Path, Path]:
    """The folders of the workflow as it is and as it would be: five stars from 92 points on, half the members."""
    old, new = folder / "old", folder / "new"
    for each, line, share in ((old, "90", "2/3"), (new, "92", "1/2")):
        each.mkdir()
        (each / "workflow.yaml").write_text(WORKFLOW.replace("2/3", share), "utf-8")
        table = TABLE.replace(">= 90", f">= {line}").replace("..90)", f"..{line})")
        (each / "rating.table.yaml").write_text(table, "utf-8")
    return old, new


def cases_in(folder: Path, text: str = CASES) -> Path:
    """The cases as CSV."""
    path = folder / "cases.csv"
    path.write_text(text, "utf-8")
    return path
