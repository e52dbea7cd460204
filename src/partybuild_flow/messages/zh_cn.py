"""Chinese sentences: plain official wording, full-width punctuation; equal in content to the English ones."""

from __future__ import annotations

from typing import Final

TEXT: Final[dict[str, str]] = {}
"""PF1xx: what is wrong in the text of a file, its keywords and its shape."""

MEANING: Final[dict[str, str]] = {}
"""PF2xx: names, states, transitions, deadlines."""

RULES: Final[dict[str, str]] = {}
"""PF3xx: tables and rule sets."""

EXPRESSIONS: Final[dict[str, str]] = {}
"""PF4xx: expressions."""

MATERIAL: Final[dict[str, str]] = {
    "PF501": "读不了事件日志：{reason}",
    "PF502": "文件名以 .gz 结尾，内容却不是 gzip 压缩的；请改名或压缩",
    "PF503": "压缩数据已损坏或不完整；请重新取得该文件",
    "PF504": "这里不是合格的 XML：{reason}",
    "PF505": "日志里有文档类型或实体，两者都不读取；请删去",
    "PF506": "<{element}> 不能放在这里；日志里放 trace，trace 里放 event",
    "PF507": "<{element}> 缺少 key 或 value",
    "PF508": "“{key}”写作 {type}，但“{value}”不是",
    "PF509": "trace 没有作为事项名称的属性“{attribute}”；请在“{key}”里写另一个属性",
    "PF510": "event 没有作为活动名称的属性“{attribute}”；请在“{key}”里写另一个属性",
    "PF511": "event 没有作为发生时间的日期“{attribute}”；请在“{key}”里写另一个属性",
    "PF520": "“{word}”不是{workflow}的事件{hint}",
    "PF521": "“{word}”不是{workflow}的字段{hint}",
    "PF522": "“{word}”不是{workflow}的角色{hint}",
    "PF523": "{workflow}没有哪个事件填写字段“{word}”；请删去，或让某个事件须填它",
    "PF524": "“{word}”不是“{field}”的取值{hint}",
    "PF525": "这里应写一个角色、一个角色列表，或每个办理人各自的角色",
    "PF526": "字段“{word}”取自事件或事项的一个属性；请写“{attribute}”和“{case}”之一",
}
"""PF5xx: event logs, maps and what else the command line is given."""

REASONS: Final[dict[str, str]] = {
    "accepted": "事项 {case}：“{event}”已受理，状态为“{state}”",
    "refused": "事项 {case}：状态“{state}”下不予执行“{event}”：{reasons}；现在可以执行：{possible}",
    "refused.state": "事项 {case}：状态“{state}”不能执行“{event}”；现在可以执行：{possible}",
    "refused.event": "当前状态没有“{event}”这一流转",
    "refused.role": "须由{by}办理",
    "refused.not-by": "已办理“{event}”的人员应当回避",
    "refused.limit": "“{event}”至多 {limit} 次，已达上限",
    "refused.value": "“{field}”填写有误",
    "refused.extra": "“{event}”不填写{fields}，请去掉",
    "refused.needs": "须填写{fields}",
    "refused.unique": "{fields}已登记在事项 {holder}，不得重复",
    "refused.guard": "条件“{text}”不成立：{values}",
    "refused.guard.missing": "条件“{text}”无法判断：缺少{missing}",
    "refused.outcome": "规则给出的去向是“{outcome}”，可选去向为{ways}",
    "refused.conflict": "“{rules}”的{between}同时成立，且“{output}”的结论不一致",
    "refused.earlier": "发生时间 {at} 早于该事项上一次办理的时间 {last}",
    "value.unknown": "“{written}”不是本流程的字段",
    "value.number": "“{field}”填写的“{written}”不是数字",
    "value.digits": "“{field}”超过 {most} 位数字",
    "value.integer": "“{field}”填写的 {written} 不是整数",
    "value.decimals": "“{field}”填写的 {written} 超过 {most} 位小数",
    "value.below": "“{field}”填写的 {written} 小于 {least}",
    "value.above": "“{field}”填写的 {written} 大于 {most}",
    "value.text": "“{field}”填写的“{written}”不是文本",
    "value.long": "“{field}”共 {length} 个字，最多 {most} 个字",
    "value.boolean": "“{field}”填写的“{written}”不是“是”或“否”",
    "value.date": "“{field}”填写的“{written}”不是日期，应如 2022-09-30",
    "value.datetime": "“{field}”填写的“{written}”不是时间，应如 2022-09-30T16:00:00+08:00",
    "value.term": "“{field}”填写的“{written}”不是时限，应如 4 小时",
    "value.choice": "“{field}”填写的“{written}”不在取值范围内：{values}",
    "value.choice.near": "“{field}”填写的“{written}”不在取值范围内，是否想写“{near}”？",
    "value.list": "“{field}”填写的“{written}”不是列表",
    "word.nothing": "无",
    "word.not-begun": "未开始",
    "word.anyone": "任何人",
    "word.clock": "到时",
    "word.role-at": "{field}的{role}",
    "trace.transition": "{number}. {event}：{way}",
    "trace.by": "由{by}办理",
    "trace.when": "当 {text}",
    "trace.rule": "{rule}：{because}",
}
"""Why an event was refused, and the words of traces."""

SENTENCES: Final[dict[str, str]] = TEXT | MEANING | RULES | EXPRESSIONS | MATERIAL | REASONS
