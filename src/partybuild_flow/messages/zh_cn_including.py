"""Sentences in Chinese: fragments and lists that are written once."""

from typing import Final

INCLUDING: Final[dict[str, str]] = {
    "PF150": "没有片段“{fragment}”{hint}",
    "PF151": "片段“{fragment}”会引用它自己（{path}）；请打破循环",
    "PF152": "片段“{fragment}”还需要{holes}；请在“{key}”中写明",
    "PF153": "片段“{fragment}”不需要“{word}”{hint}",
    "PF154": "片段“{fragment}”的“{hole}”应是{kind}，“{word}”不是{hint}",
    "PF155": "“<{word}>”既不在“需要”中，也不在“清单”中{hint}",
    "PF156": "“{word}”在本文件中没有用到；请在该用的地方写“<{word}>”，或删去",
    "PF157": "片段“{fragment}”没有被任何流程引用；请引用，或移走该文件",
    "PF158": "“{written}”不能放进“{place}”：{reason}",
    "PF159": "清单“{list}”写成了{found}；请写列表或若干项，例如“[天数, 事由]”、“{{天数: 3}}”",
    "PF160": "几个文件都写了片段“{fragment}”：{files}；请只留一个，其余改名",
    "PF448": "这里每一项没有“{entry}”；可以写：{known_zh}",
    "word.included": "{told}（引用自 {places}）",
}
"""Problems, by code."""

INCLUDING_PHRASES: Final[dict[str, str]] = {
    "part-fragment": "片段",
    "part-include": "“引用”的一项",
    "part-hole": "“需要”的一项",
    "reason-many": "那里只能放一个词或一个表达式；请写一个，或让片段单独使用它",
    "reason-brackets": "它的括号或引号没有配对；请补全",
    "reason-comment": "它含有注释；请删去",
    "reason-sign": "它含有“{sign}”；请删去",
    "reason-nothing": "它可以不写，放不进其他文字之中；请让它单独成项，或给它默认值",
}
"""Parts of sentences, by code."""
