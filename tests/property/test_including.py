"""A definition that includes is the one that is written out, but for where its parts stand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from partybuild_flow.definition import Workflow
from partybuild_flow.problems import Position
from partybuild_flow.reader import read_texts

HEAD: Final = """\
流程: 受理
字段: {天数: {类型: 整数}, 事由: {类型: 文本}, 附件: {类型: 文本}}
角色: [职员, 主管]
状态: {待办: {}, 在办: {}, 复核: {}, 办结: {终结: 是}}
"""
START: Final = "  - {事件: 登记, 由: 职员, 须填: [天数, 事由], 到: 待办}\n"
HOLES: Final = (
    "需要: {名: 文本, 从: 状态, 往: 状态, 谁: 角色, 填?: 字段, 当?: 表达式, 数: {类型: 表达式, 默认: 天数}}\n"
)
PARTS: Final = """\
字段: {<名>次数: {类型: 整数}}
流转:
  - {事件: <名>, 从: <从>, 由: <谁>, 须填: [<填>, 附件?], 当: <当>, 设定: {<名>次数: <数> * 2 + 1}, 到: <往>}
  - {事件: <名>催办, 从: <往>, 由: 到时, 动作: [{通知: <谁>, 内容: '<名>已 {<数>} 天'}]}
期限: {<名>期: {期间: <往>, 到期: 48 小时, 触发: <名>催办}}
"""


class Given(NamedTuple):
    """What one inclusion is given: its own name, and words for the other holes; none for those left out."""

    name: str
    sources: list[str]
    target: str
    role: str
    fields: list[str]
    when: str | None
    number: str | None


EXPRESSIONS: Final = st.sampled_from(
    ["天数", "1", "天数 + 1", "if 天数 > 1 then 2 else 3", "(天数)", "-天数"]
)
CONDITIONS: Final = st.none() | st.sampled_from(["天数 > 1", '事由 = "a(b" or 天数 < 2', "not(天数 = 1)"])
STATES: Final = st.sampled_from(["待办", "在办", "复核"])
GIVEN: Final = st.builds(
    Given,
    st.sampled_from(["退回", "移送", "合并", "督办"]),
    st.lists(STATES, min_size=1, max_size=3, unique=True),
    STATES,
    st.sampled_from(["职员", "主管"]),
    st.lists(st.sampled_from(["天数", "事由"]), max_size=2, unique=True),
    CONDITIONS,
    st.none() | EXPRESSIONS,
)


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"[{', '.join(words)}]"


def include(each: Given, fragment: str = "公用") -> str:
    words = {"名": each.name, "从": listed(each.sources), "往": each.target, "谁": each.role}
    words |= {"填": listed(each.fields)} if each.fields else {}
    words |= {"当": quoted(each.when)} if each.when else {}
    words |= {"数": quoted(each.number)} if each.number else {}
    return f"{{片段: {fragment}, 以: {{{', '.join(f'{name}: {word}' for name, word in words.items())}}}}}"


def written_out(all_: list[Given]) -> str:
    """The same definition without a fragment."""
    fields, transitions, deadlines = [], [], []
    for name, sources, target, role, filled, when, counted in all_:
        # An expression inside another keeps to itself: it stands in brackets unless it is a single word.
        number = counted or "天数"
        number = number if number.isalnum() else f"({number})"
        fields.append(f"{name}次数: {{类型: 整数}}")
        condition = f", 当: {quoted(when)}" if when else ""
        needs = ", ".join([*filled, "附件?"])
        transitions += [
            f"  - {{事件: {name}, 从: {listed(sources)}, 由: {role}, 须填: [{needs}]{condition}, "
            f"设定: {{{name}次数: {quoted(f'{number} * 2 + 1')}}}, 到: {target}}}\n",
            f"  - {{事件: {name}催办, 从: {target}, 由: 到时, "
            f"动作: [{{通知: {role}, 内容: '{name}已 {{{number}}} 天'}}]}}\n",
        ]
        deadlines.append(f"{name}期: {{期间: {target}, 到期: 48 小时, 触发: {name}催办}}")
    head = HEAD.replace("附件: {类型: 文本}", ", ".join(["附件: {类型: 文本}", *fields]))
    return f"{head}流转:\n{START}{''.join(transitions)}期限: {{{', '.join(deadlines)}}}\n"


def bare(value: Any) -> Any:
    """A part without places, texts and hash."""
    if isinstance(value, Position):
        return None
    if isinstance(value, BaseModel):
        names = type(value).model_fields.keys() - {"texts", "hash"}
        return type(value).__name__, {name: bare(getattr(value, name)) for name in sorted(names)}
    if isinstance(value, Mapping):
        return {key: bare(each) for key, each in value.items()}
    if isinstance(value, tuple | list) and not hasattr(value, "_fields"):
        return [bare(each) for each in value]
    return value


def read(text: str, **fragments: str) -> Workflow:
    return read_texts(
        {"workflow.yaml": text, **{f"{name}.fragment.yaml": each for name, each in fragments.items()}}, "w"
    )


@given(st.lists(GIVEN, min_size=1, max_size=3, unique_by=lambda each: each.name))
def test_a_definition_that_includes_is_the_one_that_is_written_out(all_: list[Given]) -> None:
    text = f"{HEAD}引用: [{', '.join(map(include, all_))}]\n流转:\n{START}"
    assert bare(read(text, 公用=f"片段: 公用\n{HOLES}{PARTS}")) == bare(read(written_out(all_)))


@given(GIVEN)
def test_it_does_not_matter_through_how_many_fragments_a_word_is_handed_over(given: Given) -> None:
    through = "{" + ", ".join(f"{name}: <{name}>" for name in "名从往谁填当数") + "}"
    outer = f"片段: 外层\n{HOLES}引用: {{片段: 公用, 以: {through}}}\n"
    text = f"{HEAD}引用: {{inner}}\n流转:\n{START}"
    inner = read(text.replace("{inner}", include(given)), 公用=f"片段: 公用\n{HOLES}{PARTS}")
    both = read(
        text.replace("{inner}", include(given, "外层")), 公用=f"片段: 公用\n{HOLES}{PARTS}", 外层=outer
    )
    assert bare(both) == bare(inner)


@given(GIVEN)
def test_a_list_stands_for_what_is_written_in_it(given: Given) -> None:
    words = f"[{', '.join(given.sources)}]"
    transition = f"  - {{事件: 办理, 从: {{from}}, 由: {given.role}, 须填: [附件?, {{some}}], 到: 办结}}\n"
    plain = transition.replace("{from}", words).replace("{some}", "天数, 事由")
    named = transition.replace("{from}", "<起点>").replace("{some}", "<所填>")
    lists = f"清单: {{起点: {words}, 所填: [天数, 事由]}}\n"
    assert bare(read(f"{HEAD}{lists}流转:\n{START}{named}")) == bare(read(f"{HEAD}流转:\n{START}{plain}"))
