"""Fragments and lists that are written once: what is included, where it is told, what belongs to the definition."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from partybuild_flow.checks import check
from partybuild_flow.definition import Workflow
from partybuild_flow.errors import WorkflowInvalid
from partybuild_flow.reader import Outlines, read_texts, read_workflow
from tests.leave import LEAVE, changed
from tests.unit.conftest import Pbflow

RETURN = """\
fragment: return
id: send-back
takes:
  event: text
  open: state
  back: {type: state, default: asked}
  head: role
  reason?: field
  when?: expression
  days: {type: expression, default: 3}
transitions:
  - on: <event>
    from: <open>
    by: <head>
    needs: [<reason>, office]
    when: <when>
    to: <back>
    effects: [{notify: <head>, message: '<event> after {<days>} days'}]
  - {on: <event> again, from: <open>, by: <head>, when: days > <days> * 2, to: <back>}
"""
GIVEN = "{event: return, open: [granted, refused], head: head}"


def included(given: str = GIVEN, fragment: str = RETURN, *more: tuple[str, str]) -> dict[str, str]:
    """The texts of a definition that includes a shared fragment with these words for its holes."""
    text = changed(LEAVE, ("fields:", f"include: [{{fragment: return, with: {given}}}]\nfields:"), *more)
    return {"workflow.yaml": text, "shared/return.fragment.yaml": fragment}


def told(texts: dict[str, str]) -> list[str]:
    with pytest.raises(WorkflowInvalid) as refused:
        read_texts(texts, "workflows/leave")
    return [str(problem) for problem in refused.value.problems]


def lay_out(folder: Path, texts: dict[str, str]) -> Path:
    """Write a definition and what it shares; its folder."""
    for path, text in texts.items():
        place = folder / path if path.startswith("shared/") else folder / "leave" / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    return folder / "leave"


def added(workflow: Workflow) -> list[tuple[str, tuple[str, ...], Mapping[str, str]]]:
    return [(each.event, each.sources, each.targets) for each in workflow.transitions[3:]]


def test_parts_of_a_fragment_follow_those_of_the_file_with_what_was_given_in_their_holes() -> None:
    workflow = read_texts(included(), "leave")
    assert added(workflow) == [
        ("return", ("granted", "refused"), {"": "asked"}),
        ("return again", ("granted", "refused"), {"": "asked"}),
    ]
    first, second = workflow.transitions[3:]
    assert [need.field for need in first.needs] == ["office"]
    assert first.when is None
    assert [str(getattr(piece, "text", piece)) for piece in first.notices[0].text] == [
        "return after ",
        "3",
        " days",
    ]
    assert second.when is not None
    assert second.when.text == "days > 3 * 2"


def test_a_hole_that_need_not_be_given_takes_what_is_given() -> None:
    given = "{event: return, open: granted, head: head, reason: [reason, days?], when: days > 1 or days < 0}"
    first, _ = read_texts(included(given), "leave").transitions[3:]
    assert [(need.field, need.optional) for need in first.needs] == [
        ("reason", False),
        ("days", True),
        ("office", False),
    ]
    assert first.when is not None
    assert first.when.text == "days > 1 or days < 0"


def test_an_expression_inside_another_keeps_to_itself() -> None:
    given = "{event: return, open: granted, head: head, days: 1 + 1}"
    _, second = read_texts(included(given), "leave").transitions[3:]
    assert second.when is not None
    assert second.when.text == "days > (1 + 1) * 2"


def test_the_same_fragment_is_included_twice_under_other_names() -> None:
    texts = included(GIVEN)
    again = "{fragment: send-back, with: {event: revoke, open: granted, head: clerk}}"
    texts["workflow.yaml"] = changed(texts["workflow.yaml"], ("}}]\n", f"}}}}, {again}]\n"))
    assert set(read_texts(texts, "leave").events) == {
        *("ask", "grant", "refuse", "return", "return again", "revoke", "revoke again")
    }


def test_parts_stand_where_the_fragment_is_written_and_know_where_it_was_included() -> None:
    position = read_texts(included(), "workflows/leave").transitions[3].position
    assert str(position) == "workflows/shared/return.fragment.yaml:12:9"
    assert [str(each) for each in position.included] == ["workflows/leave/workflow.yaml:2:22"]


def test_a_problem_in_a_fragment_is_told_there_and_where_it_was_included() -> None:
    wrong = changed(RETURN, ("days > <days> * 2", "days > <days> * 2 and dais > 1"))
    assert told(included("{event: return, open: granted, head: head, days: 1 + 1}", wrong)) == [
        "workflows/shared/return.fragment.yaml:19:79: PF401 “dais” is not a field; did you mean “days”? "
        "(included at workflows/leave/workflow.yaml:2:22)"
    ]


def test_a_problem_in_what_was_given_is_told_where_it_was_given() -> None:
    given = "{event: return, open: granted, head: head, days: 1 + dais}"
    assert told(included(given)) == [
        "workflows/leave/workflow.yaml:2:89: PF401 “dais” is not a field; did you mean “days”?"
    ]


def test_a_fragment_may_include_another_and_hand_over_its_own_holes() -> None:
    outer = """\
fragment: outer
takes: {who: role}
include: [{fragment: return, with: {event: return, open: [granted], head: <who>}}]
"""
    texts = included()
    text = changed(
        texts["workflow.yaml"],
        (f"{{fragment: return, with: {GIVEN}}}", "{fragment: outer, with: {who: head}}"),
    )
    workflow = read_texts({**texts, "workflow.yaml": text, "outer.fragment.yaml": outer}, "w/leave")
    assert [each.by[0].role for each in workflow.transitions[3:]] == ["head", "head"]
    assert str(workflow.transitions[3].by[0].position) == "w/leave/workflow.yaml:2:41"
    assert [str(each) for each in workflow.transitions[3].position.included] == [
        "w/leave/outer.fragment.yaml:3:22",
        "w/leave/workflow.yaml:2:22",
    ]


def test_fragments_may_be_written_in_the_other_language() -> None:
    chinese = """\
片段: return
需要: {open: 状态}
字段: {退回理由: {代号: return-reason, 类型: 文本}}
流转: [{事件: 退回, 代号: return, 从: <open>, 由: 任何人, 须填: [退回理由], 留痕: 被拒, 到: asked}]
"""
    workflow = read_texts(included("{open: granted}", chinese), "leave")
    assert workflow.transitions[3].journal_refused
    assert workflow.fields["return-reason"].name == "退回理由"


def test_a_list_is_written_once_and_stands_whole_or_among_others() -> None:
    text = changed(
        LEAVE,
        ("transitions:", "lists:\n  asked-for: [days, reason]\n  all: [<asked-for>, office]\ntransitions:"),
        ("needs: [days, reason, office]", "needs: <all>"),
        ("by: head, to: granted", "by: head, needs: [<asked-for>, office?], to: granted"),
    )
    first, second, _ = read_texts({"workflow.yaml": text}, "leave").transitions
    assert [need.field for need in first.needs] == ["days", "reason", "office"]
    assert [(need.field, need.optional) for need in second.needs] == [
        ("days", False),
        ("reason", False),
        ("office", True),
    ]


def test_a_quoted_word_in_a_workflow_is_no_hole() -> None:
    text = changed(
        LEAVE, ("by: head, to: granted", "by: head, effects: [{notify: head, message: '<b>'}], to: granted")
    )
    assert read_texts({"workflow.yaml": text}, "leave").transitions[1].notices[0].text == ("<b>",)


def test_what_is_included_belongs_to_the_texts_and_the_hash(tmp_path: Path) -> None:
    folder = lay_out(tmp_path, included())
    (tmp_path / "shared" / "other.fragment.yaml").write_text("fragment: other\n", encoding="utf-8")
    workflow = read_workflow(folder)
    assert set(workflow.texts) == {"workflow.yaml", "shared/return.fragment.yaml"}
    again = read_texts(workflow.texts, "kept")
    assert (again.hash, added(again)) == (workflow.hash, added(workflow))
    lay_out(tmp_path, included(fragment=changed(RETURN, ("default: 3", "default: 4"))))
    assert read_workflow(folder).hash != workflow.hash


def test_ones_own_fragment_hides_a_shared_one_of_its_name(tmp_path: Path) -> None:
    own = changed(RETURN, ("to: <back>\n    effects", "to: refused\n    effects"))
    workflow = read_workflow(lay_out(tmp_path, {**included(), "return.fragment.yaml": own}))
    assert [each[2] for each in added(workflow)] == [{"": "refused"}, {"": "asked"}]
    assert set(workflow.texts) == {"workflow.yaml", "return.fragment.yaml"}


def test_check_tells_a_shared_fragment_that_nobody_includes(tmp_path: Path, pbflow: Pbflow) -> None:
    lay_out(tmp_path, included())
    assert pbflow("check", str(tmp_path)).exit_code == 0
    (tmp_path / "shared" / "other.fragment.yaml").write_text("fragment: other\n", encoding="utf-8")
    answer = pbflow("check", str(tmp_path))
    assert answer.exit_code == 1
    assert "shared/other.fragment.yaml:1:1: PF157 " in answer.stdout
    assert pbflow("check", str(tmp_path / "leave")).exit_code == 0


def test_a_fragment_that_cannot_be_read_is_told_to_who_includes_some(tmp_path: Path) -> None:
    folder = lay_out(tmp_path, included())
    (tmp_path / "shared" / "other.fragment.yaml").write_bytes("片段: 退回\n".encode("gb18030"))
    with pytest.raises(WorkflowInvalid) as refused:
        read_workflow(folder)
    assert [(each.code, Path(each.position.path).name) for each in refused.value.problems] == [
        ("PF101", "other.fragment.yaml")
    ]


def test_other_workflows_see_what_a_definition_includes(tmp_path: Path) -> None:
    folder = lay_out(tmp_path, included())
    kept = Outlines()
    kept.add_versions(lambda: [read_workflow(folder).texts])
    for related in (Outlines([folder]), kept):
        outline = related.find("leave")
        assert outline is not None
        assert outline.event("return") is not None


def test_a_definition_that_includes_is_checked_as_any_other() -> None:
    assert check(read_texts(included(), "leave")) == ()


@pytest.mark.parametrize(
    "given",
    [
        "{event: 'ret\"urn', open: granted, head: head}",
        "{event: 'ret{days}', open: granted, head: head}",
        "{event: return, open: granted, head: head, days: '1) + (2'}",
        "{event: return, open: granted, head: head, days: '1 // 2'}",
        "{event: return, open: granted, head: head, days: '\"1'}",
        "{event: return, open: granted, head: head, days: [1, 2]}",
    ],
)
def test_nothing_that_is_given_changes_how_the_text_around_it_is_read(given: str) -> None:
    assert [each.partition(": ")[2][:5] for each in told(included(given))] == ["PF158"]
    assert all(each.startswith("workflows/leave/workflow.yaml:2:") for each in told(included(given)))
