"""The Chinese name of each built-in function: the word of a spreadsheet where there is one. Either name is the function."""

from __future__ import annotations

from typing import Final

_PAIRS: Final = """
count 计数; sum 合计; mean 平均; min 最小; max 最大; median 中位数; mode 众数; stddev 标准差; product 乘积
list contains 包含; all 全部成立; any 任一成立; index of 位置; sublist 截取列表; append 追加; concatenate 合并列表
union 并集; insert before 插入; remove 移除; reverse 倒序; distinct values 去重; flatten 展平; sort 排序; rank 排名
floor 取整; ceiling 向上取整; round up 向上舍入; round down 向下舍入; round half up 四舍五入; round half down 五舍六入
decimal 四舍六入; abs 绝对值; modulo 余数; sqrt 平方根; log 自然对数; exp 自然指数; odd 是奇数; even 是偶数; number 转数字
quota 名额; largest remainder 最大余数; shuffle 抽签排序
string 转文本; string length 长度; substring 截取; substring before 取前文; substring after 取后文; contains 文本包含
starts with 开头是; ends with 结尾是; upper case 大写; lower case 小写; matches 匹配; replace 替换; split 拆分
string join 合并文本; similarity 相似度; distance 距离
date 日期; time 时刻; date and time 日期时间; duration 时长; day of year 年内第几天; day of week 星期
month of year 月份; week of year 年内第几周; now 现在; today 今天
next 下一个; previous 上一个; is 相同; get value 取值; get entries 取各项
"""

CHINESE_NAMES: Final[dict[str, str]] = {
    english: chinese
    for english, _, chinese in (
        pair.strip().rpartition(" ") for line in _PAIRS.strip().splitlines() for pair in line.split(";")
    )
}
"""The Chinese name by the English one. `not` has none: it is a word of the language, as `and` and `in` are."""
