"""Chinese sentences: fields, documents, records, parameters and their sets."""

from typing import Final

FIELDS: Final[dict[str, str]] = {
    "PF257": "参数“{parameter}”没有写明来源；请在“来源”中用文字写明这个数出自哪里",
    "PF258": "“{word}”不是参数{hint}",
    "PF259": "没有参数方案“{set}”{hint}",
    "PF255": "采用参数方案“{set}”时：{code} {told}",
    "PF370": "“{key}”只用于个人信息，而字段“{field}”没有标明“{personal}”；请标明，或删去“{key}”",
    "PF371": "字段“{word}”不是单位，也不是人员；请写类型为单位或人员的字段",
    "PF372": "期限“{deadline}”删除字段“{field}”，而该字段没有标明“{personal}”，其值永久留在记录中；请标明该字段",
    "PF373": "期限“{deadline}”既有“{fire}”又有“{erase}”；请写成两个期限",
    "PF374": "字段“{field}”取自“{source}”，而能看到前者的人更多；请同样标明个人信息和可见范围，确与个人无关的写“个人信息: 否”",
    "PF375": "发给“{to}”的内容引用了“{source}”，而对方看不到该字段；请删去，或把收件人写入该字段的“可见”",
    "PF376": "流程 {workflow} 的字段“{field}”取自本流程的“{source}”，而在那里保护较宽；请在那里同样标明，确与个人无关的写“个人信息: 否”",
    "word.erase": "删除",
    "word.erased": "已删除",
    "value.earlier": "“{field}”填写的 {written} 早于 {least}",
    "value.later": "“{field}”填写的 {written} 晚于 {most}",
    "value.document": "“{field}”填写的“{written}”不是材料，应有代号（id）和名称（name），可有校验值（hash）",
    "value.hash": "“{field}”的校验值“{written}”不是 64 位十六进制数（SHA-256）",
    "value.records": "“{field}”填写的“{written}”不是列表，应逐项填写{columns}",
    "value.row": "“{field}”第 {row} 项：{told}",
    "value.row.form": "“{field}”第 {row} 项的“{written}”不是“字段: 值”的形式，应填写{columns}",
    "value.row.unknown": "“{field}”第 {row} 项没有“{written}”这一字段，可填写{columns}",
}
"""Problems and reasons, by code."""

FIELD_PHRASES: Final[dict[str, str]] = {
    "nobody-named": "被提醒的人",
    "part-column": "列表每项的字段",
    "part-set": "参数方案",
    "part-value": "参数方案中的值",
    "form-item": "一个类型，或“字段: {{类型: …}}”形式的各项",
    "form-sets": "“方案: {{参数: 值}}”形式的各项",
    "type-document": "材料",
}
"""Parts of sentences, by code."""
