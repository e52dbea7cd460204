"""A workflow of requests that is moved in and out, and a map of a hotline's table."""

from __future__ import annotations

from pathlib import Path

from partybuild_flow import Workflow, check, read_workflow

WRITTEN = """\
流程: 诉求
代号: request
唯一: [来源编号]
字段:
  类别: {代号: category, 类型: 选项, 取值: [求助, 投诉]}
  来源编号: {代号: number, 类型: 文本}
  电话: {代号: phone, 类型: 文本, 个人信息: 敏感}
  人数: {代号: people, 类型: 整数, 最小: 1}
  发生日: {代号: day, 类型: 日期}
  见闻: {代号: seen, 类型: 时间}
  紧急: {代号: urgent, 类型: 是否}
  标签: {代号: tags, 类型: 列表, 每项: 文本}
  说明: {代号: text, 类型: 文本}
  金额: {代号: amount, 类型: 金额}
角色: {受理员: {代号: clerk}}
状态:
  在办: {代号: open}
  办结: {代号: closed, 终结: 是}
流转:
  - 事件: 登记
    代号: report
    由: 受理员
    须填: [类别, 来源编号, 电话?, 人数?, 发生日?, 见闻?, 紧急?, 标签?, 说明?, 金额?]
    到: 在办
  - {事件: 办理完毕, 代号: close, 从: 在办, 由: 受理员, 须填: [说明?], 到: 办结}
"""
MAP = """\
导入: 热线
编号: 工单号
时间: 受理时间
角色: 受理员
单位: {列: 网格, 取值: {一网格: 区/街道/一社区}}
数据:
  类别: {列: 诉求类型, 取值: {投诉举报: 投诉}}
  来源编号: 工单号
  电话: 电话
  人数: 人数
  说明: 内容
"""
TABLE = """\
工单号,受理时间,网格,诉求类型,电话,人数,内容
A1,2024/3/1 8:05,一网格,投诉举报,13900001234,"1,200",路灯
A2,2024年3月2日 9时5分,区/乙,求助,13900001235,3,"两行
文字"
"""


def a_workflow(folder: Path) -> Workflow:
    """The workflow, written into a folder and read."""
    folder.mkdir(parents=True)
    (folder / "workflow.yaml").write_text(WRITTEN, encoding="utf-8")
    workflow = read_workflow(folder)
    assert not [each for each in check(workflow) if each.severity == "error"]
    return workflow
