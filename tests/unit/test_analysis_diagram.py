from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partybuild_flow.analysis.diagram import escaped, mermaid
from partybuild_flow.definition import (
    By,
    Collect,
    Deadline,
    Field,
    Relation,
    Role,
    SendEffect,
    StartEffect,
    State,
    Transition,
    Workflow,
)
from partybuild_flow.feel import ANY, BOOLEAN, TEXT, Expression
from partybuild_flow.feel.tree import Constant
from partybuild_flow.problems import Position

AT = Position("workflow.yaml", 1, 1)
HOSTILE = [
    "<script>alert(1)</script>",
    '"] --> [*]\n    s9 --> s0',
    "end note",
    '%%{init: {"theme": "forest"}}%%',
    "甲 : 乙; 丙",
    "**bold** `code` _it_",
    "1. 登记",
    "1) 登记",
    "- 登记",
    "+ 登记",
    "[a](javascript:alert(1))",
    "ﬂ°°60¶ß",
    "#quot;&lt;#60;",
    "style a:x#b;",
    "classDef x fill:#f9f;",
    "}",
    "{",
    "www.example.com",
    "note right of s0",
    "\u202eabc\u200b",
    "\ud800",
    'click s0 href "x"',
    "fa:fa-ban :::cls <<choice>>",
]
LINE = re.compile(
    r"""stateDiagram-v2
    | \s+state\ "[^"\n]+"\ as\ s\d+(\ \{)?
    | \s+\}
    | \s+(\[\*\]|s\d+)\ -->\ (\[\*\]|s\d+)(\ :\ [^:\n]+)?
    | \s+note\ right\ of\ s\d+\ :\ [^:\n]+""",
    re.VERBOSE,
)


def _expression(text: str) -> Expression:
    return Expression(text, Constant((0, 0), BOOLEAN, True), frozenset())


def _by(role: str, field: str | None = None) -> By:
    return By(position=AT, role=role, field=field)


def _workflow(name: str) -> Workflow:
    """A workflow in which every text that a diagram shows is this one."""
    states = {
        "a": State(position=AT, id="a", name=name),
        "b": State(position=AT, id="b", name=name, children=("c", "d")),
        "c": State(position=AT, id="c", name=name, parent="b"),
        "d": State(position=AT, id="d", name=name, parent="b", final=True),
    }
    shared = {"position": AT, "event": "e", "event_name": name}
    transitions = (
        Transition(**shared, number=1, starts=True, sources=(), targets={"": "a"}, by=(_by("anyone"),)),
        Transition(
            **shared,
            number=2,
            starts=False,
            sources=("a",),
            targets={name: "c", "其他": "d", "余下": "d"},
            by=(_by("r", "f"), _by("clock")),
            when=_expression(name),
            decide=_expression(name),
        ),
        Transition(
            **shared,
            number=3,
            starts=False,
            sources=("b", "a"),
            targets={},
            by=(_by("r"),),
            collect=Collect(position=AT, way="trimmed-mean", sealed=True),
            sends=(
                SendEffect(position=AT, workflow=name, event=name, relation="o"),
                SendEffect(position=AT, workflow=name, event=name, field="f"),
                StartEffect(position=AT, workflow=name, event=name),
            ),
        ),
    )
    others = Relation(
        position=AT, id="o", name=name, workflow=name, where=(), type=ANY, fields=frozenset(), state_names={}
    )
    return Workflow(
        position=AT,
        id="w",
        name=name,
        version=1,
        language="zh-CN",
        fields={"f": Field(position=AT, id="f", name=name, kind="unit", type=TEXT)},
        roles={"r": Role(position=AT, id="r", name=name)},
        states=states,
        events={"e": name},
        transitions=transitions,
        relations={"o": others},
        deadlines={
            "l": Deadline(position=AT, id="l", name=name, states=("b",), due=_expression(name), fires="e"),
            "m": Deadline(position=AT, id="m", name=name, states=("a", "c"), due=_expression(name)),
        },
        texts={},
        hash="",
    )


def test_a_diagram_shows_states_ways_and_deadlines_in_file_order() -> None:
    assert mermaid(_workflow("办理")) == (
        "stateDiagram-v2\n"
        '    state "办理" as s0\n'
        '    state "办理" as s1 {\n'
        '        state "办理" as s2\n'
        '        state "办理" as s3\n'
        "    }\n"
        "    [*] --> s0 : 办理 (任何人)\n"
        "    s0 --> s2 : 办理 (办理 于 办理, 到时) #91;办理#93; = 办理\n"
        "    s0 --> s3 : 办理 (办理 于 办理, 到时) #91;办理#93; = 其他, 余下\n"
        "    s1 --> s1 : 办理 (办理)\n"
        "    s0 --> s0 : 办理 (办理)\n"
        "    s3 --> [*]\n"
        "    note right of s1 : 办理#58; 办理 → 办理\n"
        "    note right of s0 : 办理#58; 办理\n"
        "    note right of s2 : 办理#58; 办理\n"
        "    note right of s1 : 办理#58; 收集 去高去低平均 密封, 发送 办理 → 办理, 发起 办理\n"
        "    note right of s0 : 办理#58; 收集 去高去低平均 密封, 发送 办理 → 办理, 发起 办理\n"
    )


def test_the_words_of_a_diagram_follow_the_language_asked_for() -> None:
    told = mermaid(_workflow("办理"), language="en")
    assert "[*] --> s0 : 办理 (anyone)" in told
    assert "办理 (办理 at 办理, clock)" in told
    assert "办理#58; collect trimmed mean sealed, send 办理 → 办理, start 办理" in told


def test_a_long_guard_is_shortened() -> None:
    told = mermaid(_workflow("甲" * 200))
    assert "#91;" + "甲" * 39 + "…#93;" in told
    assert "甲" * 81 not in told


def _assert_only_structure(told: str, expected: str) -> None:
    lines = told.splitlines()
    assert [line for line in lines if not LINE.fullmatch(line)] == []
    skeleton = re.compile(r'"[^"]*"|(?<= : ).*')
    assert [skeleton.sub("", line) for line in lines] == [
        skeleton.sub("", line) for line in expected.splitlines()
    ]


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_breaks_out_of_its_label(name: str) -> None:
    told = mermaid(_workflow(name))
    _assert_only_structure(told, mermaid(_workflow("办理")))
    labels = "\n".join(first + second for first, second in re.findall(r'"([^"]*)"|(?<= : )(.*)', told))
    assert not set('<>`%{}&\\[]*_@$|~^;#"ﬂ') & set(re.sub(r"#\d+;", "", labels))
    assert not re.search(r"(?m)--|www\.|^\d+[.)] |^\+", labels)


@given(st.text(min_size=1))
def test_any_text_leaves_the_same_structure(name: str) -> None:
    _assert_only_structure(mermaid(_workflow(name)), mermaid(_workflow("办理")))


@given(st.text(st.characters(exclude_categories=["C"]), min_size=1))
def test_an_escaped_text_shows_what_was_written(text: str) -> None:
    shown = unescape(re.sub(r"#(\d+);", r"&#\1;", escaped(text)))
    assert shown == (" ".join(text.split()) or "—")


def test_characters_that_turn_the_writing_direction_are_left_out() -> None:
    assert escaped("甲\u202e乙\u200b") == "甲乙"
    assert escaped("\u202e") == "—"


def test_a_diagram_is_the_same_every_time() -> None:
    assert mermaid(_workflow("办理")) == mermaid(_workflow("办理"))
