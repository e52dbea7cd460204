"""The keywords of the language, one word in English for one in Chinese. Source: design.md, section 5.

A word is a keyword by its place only: what stands below `fields` or `states` is a name.
"""

from __future__ import annotations

import re
from typing import Final

from partybuild_flow.messages import Language

_PAIRS: Final = """
workflow 流程 id 代号 version 版本 effective-from 生效日期 calendar 日历 include 引用 unique 唯一
fragment 片段 takes 需要 lists 清单 parts 部分 state 状态 field 字段 expression 表达式
fields 字段 type 类型 values 取值 ordered 有序 item 每项 decimals 小数位 min 最小 max 最大
personal 个人信息 sensitive 敏感 improvable 可改进 seen-by 可见 hidden-from 不得见 erase 删除
text 文本 number 数字 integer 整数 boolean 是否 date 日期 datetime 时间 term 时限
choice 选项 list 列表 unit 单位 person 人员 document 材料 money 金额 case 事项
roles 角色 role 角色 states 状态 final 终结
cases 关联 where 条件 same 相同 during 期内 read 读取 exact 严格 ties 并列
look-ups 查询 with 以
transitions 流转 on 事件 from 从 to 到 by 由 at 于 not-by 回避 needs 须填
when 当 decide 依据 set 设定 limit 至多 aim 争取
effects 动作 notify 通知 message 内容 start 发起 send 发送 order 排序 first 取前 per 按
collect 收集 as 方式 at-least 至少 sealed 密封 journal 留痕 refused 被拒
deadlines 期限 while 期间 since 自 due 到期 every 每 pause 暂停 warn 提醒 fire 触发
day 日 week 周 month 月 quarter 季度 half-year 半年 year 年
parameters 参数 value 值 source 来源 sets 方案
table 决策表 hit 命中 inputs 输入 outputs 输出 rows 行 default 默认 examples 示例 ensure 核对
rule-set 规则集 rules 规则 conclude 得出 because 因为
anyone 任何人 clock 到时
from-people 来自 not-from 剔除 for 赞成 ratio 比例 into 计入 trim-from 起剪 unseal 启封 discard 作废 correct 更正
all 全部 any 任一 quorum 法定数 trimmed-mean 去高去低平均 mean 平均 each-role 各角色
hours 办公时间 rest 休息日 years 年份 published 发布 off 放假 worked 上班
monday 周一 tuesday 周二 wednesday 周三 thursday 周四 friday 周五 saturday 周六 sunday 周日
rates 比率 numerator 分子 denominator 分母 falls 归期
import 导入 sheet 工作表 key 编号 column 列
log 日志 activity 活动 time 时间 actor 办理人 events 事件 event 事件 data 数据 attribute 属性
"""

_IN_TURN: Final = _PAIRS.split()

CHINESE: Final[dict[str, str]] = dict(zip(_IN_TURN[::2], _IN_TURN[1::2], strict=True))
"""The Chinese word by the English one."""

_ENGLISH: Final = {"from-people": "from", "trimmed-mean": "trimmed mean", "each-role": "each role"}
"""Keywords that English writes in another way: two words, or one word where Chinese has two."""

_WORDS: Final[dict[str, Language]] = {
    **dict.fromkeys(CHINESE.values(), "zh-CN"),
    **dict.fromkeys(CHINESE, "en"),
}
_KEY: Final = re.compile(r"""^[ \t]*(?:- +)*[{"']*([^\s:：'"#{}]+)["']?[ \t]*[:：]""", re.MULTILINE)

TRUTHS: Final[dict[str, bool]] = {"true": True, "false": False, "是": True, "否": False}


def spelled(keyword: str, language: Language) -> str:
    """The keyword, given in English, as a file in this language spells it."""
    return CHINESE[keyword] if language == "zh-CN" else _ENGLISH.get(keyword, keyword)


def spelled_truth(truth: bool, language: Language) -> str:
    """How a file in this language writes true and false."""
    return ("是" if truth else "否") if language == "zh-CN" else str(truth).lower()


def told_language(text: str) -> Language | None:
    """The language of the first keyword that stands as a key in this text; None if there is none."""
    for match in _KEY.finditer(text):
        if match[1] in _WORDS:
            return _WORDS[match[1]]
    return None
