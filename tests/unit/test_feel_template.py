"""Messages with expressions in braces."""

from __future__ import annotations

import pytest

from partybuild_flow.feel import parse_template, render_template
from tests.expressions import FACTS, SCOPE


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("{类别}已受理", "国企已受理"),
        ("得分 {得分 + 1} 分，{姓 名}", "得分 92.5 分，"),
        ("{{得分}} {得分}", "{得分} 91.5"),
        ("{ {a: “}”}.a }", "}"),
        ("{“{”}{“}”}", "{}"),
        ("期限 {申诉期.due}，自 {起始日}", "期限 2022-10-09 00:00，自 2022-09-30"),
        ("{走访.天数}", "3、5"),
        ("{if 紧急 then “急” else “”}件", "急件"),
        ("", ""),
        ("没有", "没有"),
    ],
)
def test_a_message_shows_the_values_of_its_expressions(text: str, shown: str) -> None:
    parsed = parse_template(text, SCOPE)
    assert parsed.faults == ()
    assert render_template(parsed.pieces, FACTS) == shown


@pytest.mark.parametrize(
    ("text", "code", "start", "end"),
    [
        ("您好，{得份}", "PF401", 4, 6),
        ("{得分}和{得份}", "PF401", 6, 8),
        ("{得分", "PF438", 0, 1),
        ("得分}", "PF438", 2, 3),
        ("a{}", "PF436", 2, 2),
        ("{“a}", "PF413", 1, 4),
        ("x" * 10_001, "PF419", 10_000, 10_001),
    ],
)
def test_faults_stand_at_their_place_in_the_message(text: str, code: str, start: int, end: int) -> None:
    assert [(fault.code, fault.start, fault.end) for fault in parse_template(text, SCOPE).faults] == [
        (code, start, end)
    ]
