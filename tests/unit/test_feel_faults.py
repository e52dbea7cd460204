"""What is wrong in an expression is told with its place, what is written, and one fix, in both languages."""

from __future__ import annotations

import string

import pytest

from partybuild_flow.feel import (
    BOOLEAN,
    DURATION,
    NUMBER,
    TEXT,
    Scope,
    Symbol,
    Type,
    choice_of,
    list_of,
    nearest,
    parse_expression,
    parse_literal,
    parse_template,
)
from partybuild_flow.feel.faults import MOST_FAULTS
from partybuild_flow.messages import catalogue, sentence
from tests.expressions import LEVELS, SCOPE, SYMBOLS, faults_of

AMBIGUOUS = Scope(
    [
        *SYMBOLS,
        Symbol("x1", ("总分",), NUMBER),
        Symbol("x2", ("总分",), NUMBER),
        Symbol("score-bonus", (), NUMBER),
        Symbol("other", ("别类",), choice_of(("甲", "乙"))),
    ]
)


@pytest.mark.parametrize(
    ("text", "code", "words", "chinese", "english"),
    [
        (
            "得份 > 1",
            "PF401",
            "得份",
            "未定义的字段“得份”，是否想写“得分”？",
            "“得份” is not a field; did you mean “得分”?",
        ),
        (
            "重量 > 1",
            "PF402",
            "重量",
            "未定义的字段“重量”；这里可以用：得分、附加分、类别、承办级别、承办单位、姓 名、紧急、起始日……",
            "“重量” is not a field; known here: 得分, 附加分, 类别, 承办级别, 承办单位, 姓 名, 紧急, 起始日, …",
        ),
        (
            "总分 > 1",
            "PF403",
            "总分",
            "“总分”是多个部分共有的名称；请只保留一个，其余改名，或写代号",
            "“总分” is the name of several parts; rename all but one, or write their ids",
        ),
        (
            "score-bonus > 1",
            "PF404",
            "score-bonus",
            "“score-bonus”是一个名称，而“score”与“bonus”也可以运算；请给其中一个改名",
            "“score-bonus” is a name, and “score” and “bonus” can be calculated with too; rename one of them",
        ),
        (
            "strng length(单位) > 1",
            "PF405",
            "strng length",
            "没有函数“strng length”，是否想写“长度”？",
            "there is no function “strng length”; did you mean “string length”?",
        ),
        (
            "走访.天树",
            "PF406",
            "天树",
            "点号前面的内容中没有“天树”，是否想写“天数”？",
            "there is no “天树” in what stands before the dot; did you mean “天数”?",
        ),
        (
            "走访.价格",
            "PF407",
            "价格",
            "点号前面的内容中没有“价格”；其中有：迟到、天数、备注",
            "there is no “价格” in what stands before the dot; known there: 迟到, 天数, 备注",
        ),
        (
            "substring(单位)",
            "PF408",
            "substring(单位)",
            "“substring”需要 2–3 个参数，这里有 1 个；请增减",
            "“substring” takes 2–3 arguments, here are 1",
        ),
        (
            "sum(单位)",
            "PF409",
            "单位",
            "“sum”的参数“list”应是数字列表，这里是文本列表；请改写",
            "“sum” takes as “list” a list of number, this is a list of text",
        ),
        (
            "1 2",
            "PF410",
            "2",
            "这里不能写“2”；应写：运算符或结尾",
            "“2” cannot stand here; expected: an operator or the end",
        ),
        (
            "得分 大于 90",
            "PF410",
            "大于",
            "这里不能写“大于”；应写：运算符或结尾",
            "“大于” cannot stand here; expected: an operator or the end",
        ),
        (
            "得分 +",
            "PF411",
            "",
            "表达式不完整；后面应写：一个值",
            "the expression ends too early; expected: a value",
        ),
        ("(得分 + 1", "PF412", "(", "括号“(”没有闭合；请写“)”", "the bracket “(” is not closed; write “)”"),
        (
            '单位 = "国企',
            "PF413",
            '"国企',
            '以 " 开始的文本没有闭合；请在结尾写 "',
            'the text that begins with " is not closed; write " where it ends',
        ),
        (
            "得分 # 1",
            "PF414",
            "#",
            "“#”在表达式中没有意义；请删去",
            "“#” means nothing in an expression; take it out",
        ),
        (
            "得分 == 90",
            "PF415",
            "==",
            "表达式中不写“==”；请写 =",
            "“==” is not written in expressions; write =",
        ),
        (
            "得分 ＞ 90",
            "PF415",
            "＞",
            "表达式中不写“＞”；请写 >",
            "“＞” is not written in expressions; write >",
        ),
        (
            "'国企' = 单位",
            "PF415",
            "'",
            "表达式中不写“'”；请写 \"",
            "“'” is not written in expressions; write \"",
        ),
        (
            '"a\\q"',
            "PF416",
            "\\q",
            "\\q 不是文本中的字符；反斜杠请写 \\\\，按编号写字符请用 \\uXXXX",
            "\\q is no character of a text; write \\\\ for a backslash, or \\uXXXX for a character by its number",
        ),
        (
            "1e99999",
            "PF417",
            "1e99999",
            "数字太长或太大；最多写 34 位，指数不超过 6144",
            "the number is too long or too large; write at most 34 digits and an exponent up to 6144",
        ),
        (
            '得分 > "90"',
            "PF420",
            '"90"',
            "数字与文本不能用“>”比较；请比较同类型的值",
            "a number and a text cannot be compared with “>”; compare values of one type",
        ),
        (
            '单位 < "b"',
            "PF421",
            '"b"',
            "文本没有“<”所需的大小顺序；请用 = 或 in 比较，或把字段改为有序的选项",
            "a text has no order for “<”; compare with = or in, or make the field an ordered choice",
        ),
        (
            '承办级别 = "街到"',
            "PF422",
            '"街到"',
            "“街到”不是该选项的取值，是否想写“街道”？",
            "“街到” is no value of this choice; did you mean “街道”?",
        ),
        (
            '类别 = "社会组织"',
            "PF423",
            '"社会组织"',
            "“社会组织”不是该选项的取值；取值有：国企、两新、机关",
            "“社会组织” is no value of this choice; its values: 国企, 两新, 机关",
        ),
        (
            '得分 + "1"',
            "PF424",
            '得分 + "1"',
            "数字与文本不能用“+”运算；请先转换其中一个，例如用 string() 或 number()",
            "“+” has no result for a number and a text; convert one of them, for example with string() or number()",
        ),
        (
            "if 得分 then 1 else 2",
            "PF426",
            "得分",
            "这里应是成立或不成立的条件，写的是数字；请写成比较",
            "expected a condition that is true or false, this is a number; compare it with something",
        ),
        (
            "-单位",
            "PF425",
            "单位",
            "这里应是数字或时限，写的是文本；请写结果为数字或时限的表达式",
            "expected a number or term, this is a text; write an expression that gives a number or term",
        ),
        (
            "for x in 得分 return x",
            "PF427",
            "得分",
            "这里应是列表，写的是数字；请在“in”后面写列表",
            "expected a list, this is a number; write a list after “in”",
        ),
        (
            "得分.年",
            "PF428",
            "得分",
            "数字没有下级内容；请删去点号之后的部分",
            "a number has no parts; take out what stands after the dot",
        ),
        (
            '@"2022-9-30"',
            "PF429",
            '"2022-9-30"',
            "“2022-9-30”无法识别；请写成 2022-09-30T16:00:00 的样子",
            "“2022-9-30” cannot be read; write it like 2022-09-30T16:00:00",
        ),
        (
            "2 周",
            "PF430",
            "2 周",
            "“周”是已知的单位，但时限不用它计算；请换算后写“日”",
            "“周” is known, but terms are not counted in it; write “日” with the number that fits",
        ),
        (
            "5 工作天",
            "PF445",
            "工作天",
            "“工作天”不是时限的单位，是否想写“工作日”？",
            "“工作天” is no unit of a term; did you mean “工作日”?",
        ),
        (
            "3 工作日 含当天",
            "PF445",
            "含当天",
            "“含当天”不是时限的单位，是否想写“含当日”？",
            "“含当天” is no unit of a term; did you mean “含当日”?",
        ),
        (
            "2.5 日",
            "PF446",
            "2.5 日",
            "“2.5 日”：日、月、年须为整数；请写整数，或改用工作时",
            "“2.5 日”: days, months and years are whole; write a whole number, or working hours",
        ),
        (
            "起始日 + 5 工作日",
            "PF447",
            "5 工作日",
            "“5 工作日”要按日历计算，只有期限的“到期”等处才能这样计算；请把它写作“到期”，把前面的日期写作“自”",
            "“5 working days” is counted on a calendar, which only the due, since and warn of a deadline have;"
            " write it as the due, and the day before it as since",
        ),
        (
            "substring(strng: 单位, start position: 1)",
            "PF431",
            "strng",
            "“substring”没有参数“strng”，是否想写“string”？它的参数有：string、start position、length",
            "“substring” has no argument “strng”; did you mean “string”? Its arguments: string, start position, length",
        ),
        (
            'matches(单位, "(a")',
            "PF432",
            '"(a"',
            "匹配式“(a”不能使用：“(”没有闭合；请在该处改正",
            "the pattern “(a” cannot be used: “(” is not closed; correct it there",
        ),
        (
            "80 <= 得分 < 90",
            "PF433",
            "<",
            "“<”不能接在另一个比较之后；请用“且”连接两个比较，或写区间：x in [80..90)",
            "“<” cannot follow another comparison; write both with “and”, or write a range: x in [80..90)",
        ),
        (
            "得分>90且紧急",
            "PF434",
            "且紧急",
            "“且紧急”会被当作一个词；请在其中的“且”两边加空格",
            "“且紧急” reads as one word; put spaces around “且” in it",
        ),
        (
            "[1..5]",
            "PF435",
            "[1..5]",
            "区间只能写在“in”之后或作为判断条件；请写：值 in [80..90)",
            "a range can only stand after “in” or as a test; write: value in [80..90)",
        ),
        ("  ", "PF436", "  ", "这里没有表达式；请填写", "here is no expression; write one"),
        (
            "next(类别)",
            "PF439",
            "类别",
            "“next”需要有序的选项，这里的选项没有顺序；请把字段改为有序的选项",
            "“next” needs an ordered choice, and this choice has no order; make the field an ordered choice",
        ),
        (
            "{a: 1, a: 2}",
            "PF440",
            "a",
            "“a”在同一结构中写了两次；请改名",
            "“a” stands twice in this context; rename one",
        ),
        (
            "类别 = 别类",
            "PF441",
            "别类",
            "两个选项没有共同的取值，永远不会相等；前者的取值有：国企、两新、机关",
            "the two choices have no value in common, so they are never equal; the values of the first: 国企, 两新, 机关",
        ),
        (
            "1e30 hours",
            "PF442",
            "1e30 hours",
            "时限 1e30 hours 太长；请写短一些",
            "the term 1e30 hours is too long; write a shorter one",
        ),
        (
            "substring(单位, start position: 1)",
            "PF443",
            "(单位, start position: 1)",
            "“substring”的参数有的写了名称，有的没有写；请统一",
            "“substring” has some arguments with names and some without; write all with names or none",
        ),
        (
            "round(1)",
            "PF444",
            "round",
            "没有函数“round”；请使用 FEEL 的内置函数，例如 计数、合计",
            "there is no function “round”; write one of FEEL's built-in functions, such as count or string length",
        ),
        (
            "９０ < 得分",
            "PF415",
            "９０",
            "表达式中不写“９０”；请写 90",
            "“９０” is not written in expressions; write 90",
        ),
        (
            "承办级别 = “街到” or 得份 = 1",
            "PF422",
            "“街到”",
            "“街到”不是该选项的取值，是否想写“街道”？",
            "“街到” is no value of this choice; did you mean “街道”?",
        ),
        (
            "承办级别 = “街到” or 得份 = 1",
            "PF401",
            "得份",
            "未定义的字段“得份”，是否想写“得分”？",
            "“得份” is not a field; did you mean “得分”?",
        ),
    ],
)
def test_a_fault_is_told_in_both_languages(
    text: str, code: str, words: str, chinese: str, english: str
) -> None:
    assert (code, words, chinese) in faults_of(text, language="zh-CN", scope=AMBIGUOUS)
    assert (code, words, english) in faults_of(text, language="en", scope=AMBIGUOUS)


@pytest.mark.parametrize(
    ("text", "expected", "code", "words"),
    [
        ("得分", BOOLEAN, "PF425", "得分"),
        ("“a”", DURATION, "PF425", "“a”"),
        ("[1]", list_of(TEXT), "PF425", "[1]"),
        ("if 紧急 then “社区” else “街到”", LEVELS, "PF422", "“街到”"),
        ("[“社区”, “省厅”]", list_of(LEVELS), "PF423", "“省厅”"),
        ("list contains([“甲”], 1)", None, "PF409", "1"),
        ("类别 in (“国企”, “两薪”)", None, "PF422", "“两薪”"),
        ("类别 in [“国企”, “两薪”]", None, "PF422", "“两薪”"),
        ("承办级别 in [“社区”..“街到”]", None, "PF422", "“街到”"),
        ("day of week(today) = “Saterday”", None, "PF422", "“Saterday”"),
        ("index of([类别], “两薪”)", None, "PF422", "“两薪”"),
        ("[1, 2, 3", None, "PF412", "["),
        ("count([1, 2)", None, "PF410", ")"),
        ("{a: 1", None, "PF412", "{"),
        ("1 < “a”", None, "PF420", "“a”"),
        ("“a” > 得分", None, "PF420", "“a”"),
        ("得分 in (“a”)", None, "PF420", "“a”"),
        ("today = now", None, "PF420", "now"),
        ("today < now", None, "PF420", "now"),
        ("紧急 < true", None, "PF421", "紧急"),
        ("评分 > 1", None, "PF420", "1"),
        ("max([“a”, “b”])", None, "PF421", "[“a”, “b”]"),
        ("today + 1", None, "PF424", "today + 1"),
        ("1 and true", None, "PF426", "1"),
        ("some x in 评分 satisfies x", None, "PF426", "x"),
        ("评分[“a”]", None, "PF426", "“a”"),
        ("for i in “a”..3 return i", None, "PF425", "“a”"),
        ("date(2022, 13, 1)", None, "PF429", "2022, 13, 1"),
        ('time("25:00:00")', None, "PF429", '"25:00:00"'),
        ('duration("P1Y")', None, "PF429", '"P1Y"'),
        ('number("abc")', None, "PF429", '"abc"'),
        ("now(1)", None, "PF408", "now(1)"),
        ("substring(string: 单位)", None, "PF408", "substring(string: 单位)"),
        ("substring(string: 单位, string: 单位)", None, "PF440", "string"),
        ("not 紧急", None, "PF410", "not"),
        ("if 紧急 then 1", None, "PF411", ""),
        ("得分 in", None, "PF411", ""),
        ("以上", None, "PF402", "以上"),
        ("得分 以上", None, "PF410", "以上"),
        ("“a", None, "PF413", "“a"),
        ("得分 => 1", None, "PF415", "=>"),
        ("承办-单位", None, "PF401", "承办-单位"),
        ("姓  各", None, "PF401", "姓  各"),
        ("1 + [1..2]", None, "PF435", "[1..2]"),
        ("get valu({a: 1}, “a”)", None, "PF405", "get valu"),
    ],
)
def test_the_place_of_a_fault_is_the_word_at_fault(
    text: str, expected: Type | None, code: str, words: str
) -> None:
    assert (code, words) in [(found, word) for found, word, _ in faults_of(text, expected)]


def test_every_code_of_expressions_has_both_sentences_with_the_same_gaps() -> None:
    def gaps(template: str) -> set[str]:
        return {
            (name or "").removesuffix("_zh") for _, name, _, _ in string.Formatter().parse(template) if name
        }

    english, chinese = (
        {code: text for code, text in catalogue(language).items() if code.startswith("PF4")}
        for language in ("en", "zh-CN")
    )
    assert {code: gaps(text) for code, text in english.items()} == {
        code: gaps(text) for code, text in chinese.items()
    }


def test_too_deep_and_too_long_texts_are_told() -> None:
    deep, long = parse_expression("(" * 60 + "1" + ")" * 60, SCOPE), parse_expression("1" * 10_001, SCOPE)
    assert [fault.code for fault in (*deep.faults, *long.faults)] == ["PF418", "PF419"]
    assert (
        sentence("PF418", "zh-CN", deep.faults[0].data)
        == "嵌套超过 50 层；请把其中一部分单独命名，例如作为规则的结论"
    )
    assert sentence("PF419", "en", long.faults[0].data) == (
        "the text has 10001 characters; write at most 10000, and give a part of it a name"
    )


def test_a_long_sum_is_too_deep() -> None:
    assert [fault.code for fault in parse_expression("+".join(["1"] * 101), SCOPE).faults] == ["PF418"]
    assert parse_expression("+".join(["1"] * 99), SCOPE).faults == ()
    assert parse_expression(" and ".join(["紧急"] * 900), SCOPE).faults == ()


def test_all_faults_of_a_text_are_told_in_its_order() -> None:
    assert [(code, words) for code, words, _ in faults_of("得份 > 1 and 类别 = “国七” or 紧机")] == [
        ("PF401", "得份"),
        ("PF422", "“国七”"),
        ("PF401", "紧机"),
    ]


def test_a_text_full_of_faults_is_given_up() -> None:
    assert len(parse_expression("+".join(["重量"] * 500), SCOPE).faults) == MOST_FAULTS


def test_literals_and_messages_have_their_own_faults() -> None:
    literal = parse_literal("国企").faults[0]
    assert sentence(literal.code, "zh-CN", literal.data) == "这里应直接写出一个值；文本请加双引号"
    template = parse_template("{得分", SCOPE).faults[0]
    assert (template.code, template.start) == ("PF438", 0)
    assert (
        sentence(template.code, "zh-CN", template.data)
        == "这个“{”没有配对；请写 {表达式}，要写花括号本身请写两个"
    )
    assert sentence(template.code, "en", template.data) == (
        "this “{” has no partner; write {expression}, or double a brace that is meant as one"
    )


@pytest.mark.parametrize(
    ("word", "near"),
    [
        ("得份", "得分"),
        ("scroe", "score"),
        ("SCORE", "score"),
        ("承办极别", "承办级别"),
        ("重量", None),
        ("x", None),
        ("", None),
    ],
)
def test_the_nearest_name_is_one_that_could_have_been_meant(word: str, near: str | None) -> None:
    assert nearest(word, ["得分", "score", "承办级别", "y"]) == near
