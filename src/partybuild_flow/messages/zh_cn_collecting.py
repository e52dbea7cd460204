"""Sentences in Chinese: marks that several people give, drawing lots, corrections."""

from typing import Final

COLLECTING: Final[dict[str, str]] = {
    "PF289": "流转“{event}”启封密封的内容；请用“收集”写明由两人共同办理，并在“须填”中写一个文本字段填写理由，或改由“到时”办理",
    "PF290": "收集的是“{value}”，而流转“{event}”没有带入它；请把字段写进“须填”",
    "PF291": "“{value}”得出{type}，而“{way}”要用{expected}；请改写，或换一种方式",
    "PF292": "没有写“{key}”，“{way}”无法判断；请写上",
    "PF293": "“{key}”不用于“{way}”；请删去，或换一种方式",
    "PF294": "“{written}”得出{type}，而这里要写人员；请写人员类型的字段，或人员的列表",
    "PF295": "“{written}”永远达不到：{bounds}；请改正",
    "PF296": "字段“{field}”是{type}，而“{way}”得出{expected}；请写该类型的字段",
    "PF297": "事件“{event}”在第 {line} 行已写了收集；一个事件只收集一次，请给另一个另起名称",
    "PF298": "流转“{event}”发起事项，此时无从向他人收集；请写“从”",
    "PF299": "事件“{event}”没有收集{hint}",
    "refused.recused": "已回避的人员不参加“{event}”",
    "refused.not-asked": "只有应到人员才能办理“{event}”",
    "refused.given": "此人已经办理过“{event}”，不能再次提交",
    "refused.signed": "此人所任角色的“{event}”已由他人办理",
    "refused.collected": "“{event}”已经收齐",
    "refused.no-mark": "“{event}”所填内容得不出结果",
    "refused.no-reason": "更正须写明理由",
    "refused.nothing": "更正须写明要更正的字段",
    "trace.collected": "{event}：已收 {count} 份",
    "trace.collected-of": "{event}：已收 {count} 份，应到 {asked} 人；未到：{missing}",
    "trace.result": "{event}：{result}",
    "word.correct": "更正",
    "word.reason": "理由",
    "command.marks": "{event}：已收 {count} 份",
    "command.marks.of": "{event}：已收 {count} 份，应到 {asked} 人；未到：{missing}",
    "command.marks.result": "{event}：结果 {result}",
    "command.marks.sealed": "{event}：密封中",
    "command.help.case.correct": "更正事项的字段，须写明理由。",
    "command.help.case.correct.reason": "更正的理由，记入留痕。",
}
"""Problems, reasons and reports, by code."""

COLLECTING_PHRASES: Final[dict[str, str]] = {
    "part-collect": "“收集”",
    "part-correct": "“更正”",
    "collect-choice": "选项并用“赞成”写明哪些取值算同意",
    "collect-ratio": "比例应大于 0、不大于 1，并且不能要求超过 1",
    "collect-whole": "人数应是从 1 起的整数",
    "collect-asked": "应到人数只有 {count} 人",
}
"""Parts of sentences, by code."""
