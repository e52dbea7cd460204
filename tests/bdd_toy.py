"""The workflow that the tests of the pytest plugin play with: small, in Chinese, with one of everything."""

from __future__ import annotations

from pathlib import Path

WORKFLOW = """\
流程: 借用登记
代号: loan
版本: 1
唯一: [单号]
字段:
  单号:     {代号: number, 类型: 文本}
  物品:     {代号: goods, 类型: 选项, 取值: [桌椅, 音响, 展板]}
  件数:     {代号: pieces, 类型: 整数, 最小: 1, 最大: 99}
  押金:     {代号: deposit, 类型: 数字, 小数位: 2}
  用途:     {代号: uses, 类型: 列表, 每项: 文本}
  联系电话: {代号: phone, 类型: 文本, 个人信息: 敏感}
  归还时间: {代号: back-at, 类型: 时间}
  说明:     {代号: note, 类型: 文本}
  急用:     {代号: urgent, 类型: 是否}
  催还次数: {代号: reminders, 类型: 整数}
参数:
  上限: {代号: most, 值: 50, 来源: 自定}
查询:
  失信记录: {代号: black-list, 以: [联系电话], 类型: 数字}
角色:
  管理员: {代号: keeper}
  负责人: {代号: head}
状态:
  待审:   {代号: asked}
  在借:
    代号: out
    状态:
      借出: {代号: lent}
      超期: {代号: late}
  已还:   {代号: returned, 终结: 是}
  不借:   {代号: declined, 终结: 是}
流转:
  - {事件: 申请, 代号: ask, 由: 任何人, 须填: [单号, 物品, 件数, 用途?, 联系电话?, 归还时间?], 设定: {催还次数: 0}, 到: 待审}
  - 事件: 审核
    代号: review
    从: 待审
    由: 管理员
    须填: [说明?]
    当: 失信记录 = 0
    依据: 审核表.去向
    设定: {押金: 件数 * 单价, 急用: 缓急.急}
    到: {借: 借出, 不借: 不借}
    动作: [{通知: 负责人, 内容: '{物品}{件数}件，单号{单号}'}]
  - {事件: 催还, 代号: remind, 从: 借出, 由: 到时, 设定: {催还次数: 催还次数 + 1}, 到: 超期}
  - {事件: 归还, 代号: return, 从: 在借, 由: 管理员, 回避: [审核], 到: 已还}
期限:
  归还: {代号: due-back, 期间: 借出, 到期: 24 小时, 触发: 催还}
比率:
  归还率: {代号: returning, 归期: 事件.申请.首次, 分子: 状态.已还.次数 > 0, 至少: 50%}
  急用率: {代号: urgency-rate, 归期: 事件.审核.首次, 分子: 急用}
"""

TABLE = """\
决策表: 审核表
代号: reviewing
命中: F
输入: [物品, 件数]
输出: {去向: {类型: 选项, 取值: [借, 不借]}}
行:
  - [音响, '> 2', 不借]
  - ['-', '<= 上限', 借]
默认: {去向: '"不借"'}
"""

RULES = """\
规则集: 缓急
代号: urgency
输出: {急: {类型: 是否}}
默认: {急: 否}
规则:
  多件算急: {代号: many, 当: 件数 >= 20, 得出: {急: 是}, 因为: 件数多}
"""

PARAMETERS = """\
参数:
  单价: {代号: price, 值: 10, 来源: 自定}
方案:
  从优: {单价: {值: 5, 来源: 自定}}
"""

FEATURE = """\
# language: zh-CN
功能: 借用登记
  背景:
    假如 现在是“2022-09-30 16:00”
    并且 “小管”是“街道”的“管理员”
    并且 “老丁”是“街道”的“管理员、负责人”
    并且 “居民”没有角色
    并且 查询“失信记录”答“0”
"""

ASKED = """\
    当 “居民”发起“借用登记”，于“街道/社区”
      | 单号 | 甲-1 |
      | 物品 | 桌椅 |
      | 件数 | 20   |
"""


def write_toy(folder: Path, **scenarios: str) -> Path:
    """A folder with `workflows` and `features`: one feature, its scenarios by their name."""
    home = folder / "workflows" / "loan"
    home.mkdir(parents=True)
    (home / "workflow.yaml").write_text(WORKFLOW, encoding="utf-8")
    (home / "reviewing.table.yaml").write_text(TABLE, encoding="utf-8")
    (home / "parameters.yaml").write_text(PARAMETERS, encoding="utf-8")
    (home / "urgency.rules.yaml").write_text(RULES, encoding="utf-8")
    write_feature(folder, "loan", **scenarios)
    return folder


def write_feature(folder: Path, name: str, **scenarios: str) -> Path:
    """A feature in the folder `features`, with the background of the toy."""
    path = folder / "features" / f"{name}.feature"
    path.parent.mkdir(exist_ok=True)
    parts = [f"  场景: {title}\n{steps}" for title, steps in scenarios.items()]
    path.write_text("\n".join([FEATURE, *parts]), encoding="utf-8")
    return path
