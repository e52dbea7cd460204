"""Sentences in Chinese: what the checks of rules find, and how they tell regions."""

from typing import Final

CHECKS: Final[dict[str, str]] = {
    "PF340": "当 {region} 时没有行（如 {example}）；请补一行，或写默认输出",
    "PF341": "“{table}”未完全核查：{reasons}",
    "PF342": "第 {row} 行不符合核对“{condition}”：{values}",
    "PF343": "参数不符合核对“{condition}”：{values}",
    "PF344": "规则“{first}”与“{second}”在 {example} 时得出的“{output}”不同；请收窄其一，或写“取前: 是”",
    "PF345": "没有表达式读取“{rules}”的“{output}”；请读取它，或者删去",
    "PF346": "“{call}”要给出 {percent}：“{share}”应在 0 与 1 之间",
    "PF347": "第 {row} 行永远不会命中：第 {earlier} 行合起来占了它的全部情形（命中: F）；请前移或删去",
    "PF348": "事件“{event}”的这条流转未完全核查：{reasons}",
}

CHECK_PHRASES: Final[dict[str, str]] = {
    "region-and": "{one} 且 {other}",
    "region-or": "{one} 或 {other}",
    "region-thing": "{name} {values}",
    "region-between": "{low} 至 {high}",
    "region-plain": "{value}",
    "region-is": "为 {value}",
    "region-present": "不为空",
    "region-none-of": "不为 {values}",
    "region-true": "是",
    "region-false": "否",
    "region-null": "为空",
    "region-example": "取某些值",
    "region-unnamed": "某些取值",
    "unchecked-and": "{one}；{other}",
    "unchecked-ensured": "第 {rows} 行的结果随事项而定，无法事先核对",
    "unchecked-rule": "规则“{rules}”的条件情形太多",
    "unchecked-search": "查找与第 {line} 行的流转同时成立的例子时中途停下，其后的不再查找",
    "unchecked-guard": "“当”的情形太多",
    "unchecked-rows": "第 {rows} 行的条件无法拆成各自独立的取值范围",
    "unchecked-size": "{count} 行组合出的情形太多，查找空档时中途停下",
    "unchecked-from-row": "各行组合出的情形太多，核到第 {row} 行停下",
    "unchecked-overlaps": "除列出的 {count} 处以外，可能还有重叠",
    "unchecked-gaps": "空档不止这些，只列出前 {count} 处",
    "unchecked-gap": "{region} 时没有行，但没有找到会出现这种情形的事实",
    "unchecked-pair": "第 {first} 行与第 {second} 行会不会同时命中，未能确定",
}
