"""Relations and effects on other cases as they are written, and where the other workflows are looked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

from partybuild_flow.checks import check
from partybuild_flow.definition import SendEffect, StartEffect, Workflow
from partybuild_flow.errors import WorkflowInvalid
from partybuild_flow.facts import plan
from partybuild_flow.ordinary import ordinary_ways
from partybuild_flow.reader import Outlines, read_texts, read_workflow
from partybuild_flow.reader.outlines import outline_of, outline_written
from tests.contest import CONTEST, ENTRY, write_contest

CHINESE = """\
流程: 父项
关联:
  子项: {代号: parts, 流程: entry, 条件: {contest: 本事项, 相同: [队名]}, 期内: 720 小时, 状态: [chosen], 读取: 严格}
字段:
  队名: {代号: team, 类型: 文本}
  牵头: {类型: 事项, 流程: entry}
角色: [主办人]
状态: {在办: {}, 办结: {终结: 是}}
流转:
  - {事件: 登记, 由: 主办人, 须填: [队名, 牵头?], 到: 在办}
  - 事件: 办结
    从: 在办
    由: [主办人, 关联]
    当: count(子项) > 0
    到: 办结
    动作:
      - {发送: choose, 到: 子项, 条件: score > 3, 排序: [score 降序, 发起时间 升序],
         按: [group], 取前: 人数 - 1, 并列: 全不取, 以: {place: 名次}}
      - {发送: praise, 到: 牵头}
      - {发起: entry, 事件: invite, 于: '"园区"', 以: {contest: 本事项, team: 队名}}
"""


def read(folder: Path, text: str = CHINESE) -> Workflow:
    write_contest(folder)
    (folder / "parent").mkdir(exist_ok=True)
    (folder / "parent" / "workflow.yaml").write_text(text, encoding="utf-8")
    return read_workflow(folder / "parent")


def sends(workflow: Workflow) -> list[StartEffect | SendEffect]:
    return [effect for transition in workflow.transitions for effect in transition.sends]


def test_relations_and_effects_are_read_in_chinese(tmp_path: Path) -> None:
    workflow = read(tmp_path)
    relation = workflow.relations["parts"]
    assert (relation.workflow, relation.key, relation.states, relation.exact) == (
        "entry",
        ("contest", "team"),
        ("chosen",),
        True,
    )
    chosen, praised, begun = sends(workflow)
    assert isinstance(chosen, SendEffect)
    assert (chosen.relation, chosen.event, chosen.per, chosen.ties) == ("parts", "choose", ("group",), "none")
    assert [(each.value.text, each.descending) for each in chosen.order] == [
        ("score", True),
        ("发起时间", False),
    ]
    assert isinstance(praised, SendEffect)
    assert (praised.relation, praised.field) == (None, "牵头")
    assert isinstance(begun, StartEffect)
    assert (begun.workflow, begun.event, [each.field for each in begun.settings]) == (
        "entry",
        "invite",
        ["contest", "team"],
    )
    assert check(workflow) == ()


def test_members_are_typed_by_the_other_workflow(tmp_path: Path) -> None:
    relation = read(tmp_path).relations["parts"]
    assert relation.type.item is not None
    kinds = {name: type_.kind for name, type_ in relation.type.item.entries.items()}
    assert kinds["score"] == "number"
    assert (kinds["case"], kinds["started"], kinds["contest"]) == ("text", "datetime", "text")
    assert relation.type.item.entries["state"].values == ("awaited", "handed in", "withdrawn", "chosen")
    assert relation.personal == frozenset(("phone",))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("score > 3", "scoer > 3", "PF401"),
        ("score > 3", 'score > "3"', "PF420"),
        ("count(子项) > 0", '子项[1].state = "chosed"', "PF422"),
        ("并列: 全不取", "并列: 随便", "PF109"),
        ("读取: 严格", "读取: 宽松", "PF109"),
        ("排序: [score 降序", "排序: [分数 降序", "PF402"),
        ("{contest: 本事项, 相同: [队名]}", "{contest: 本事项, 相同: [队长]}", "PF204"),
        ("team: 队名", "team: 队长", "PF401"),
        ("place: 名次", "place: 名次, score: 1", "PF280"),
        ("人数 - 1", "'\"3\"'", "PF425"),
    ],
)
def test_a_mistake_is_told_at_its_place(tmp_path: Path, old: str, new: str, told: str) -> None:
    with pytest.raises(WorkflowInvalid) as refused:
        read(tmp_path, CHINESE.replace(old, new, 1))
    assert [problem.code for problem in refused.value.problems] == [told]
    line = CHINESE[: CHINESE.index(old)].count("\n") + 1
    assert refused.value.problems[0].position.line == line


def test_a_name_of_a_member_hides_that_of_the_own_case(tmp_path: Path) -> None:
    text = CHINESE.replace("条件: score > 3", "条件: team = 队名 and team != null")
    (chosen, *_) = sends(read(tmp_path, text))
    assert isinstance(chosen, SendEffect)
    assert chosen.where is not None
    assert chosen.where.reads == {"?team", "team"}


def test_texts_are_read_beside_outlines_in_hand() -> None:
    def versions(*texts: str) -> Iterable[Mapping[str, str]]:
        return [{"workflow.yaml": text} for text in texts]

    related = Outlines()
    related.add_versions(lambda: versions(ENTRY.replace("place", "rank-there"), ENTRY))
    assert sorted(read_texts({"workflow.yaml": CONTEST}, "contest", related).relations) == [
        "entries",
        "handed-in",
        "others",
    ]
    with pytest.raises(WorkflowInvalid, match="PF271"):
        read_texts({"workflow.yaml": CONTEST}, "contest")


def test_an_outline_is_the_same_from_a_definition_and_from_what_is_written(tmp_path: Path) -> None:
    from partybuild_flow.reader.findings import Findings
    from partybuild_flow.reader.text import Source, read_tree
    from partybuild_flow.reader.walk import Walk
    from partybuild_flow.reader.written import WrittenWorkflow

    folder = write_contest(tmp_path)
    for name, text in (("contest", CONTEST), ("entry", ENTRY)):
        tree, _ = read_tree(Source("workflow.yaml", text, "en"))
        assert tree is not None
        written = Walk(Findings()).part(WrittenWorkflow, tree)
        assert written is not None
        assert outline_written(written) == outline_of(read_workflow(folder / name))


def test_a_definition_without_relations_looks_at_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = "workflow: plain\nroles: [a]\nstates: {x: {final: true}}\ntransitions: [{on: go, by: a, to: x}]\n"
    (tmp_path / "plain").mkdir()
    (tmp_path / "plain" / "workflow.yaml").write_text(plain, encoding="utf-8")
    monkeypatch.setattr(Outlines, "find", None)
    monkeypatch.setattr(Outlines, "names", None)
    assert read_workflow(tmp_path / "plain").relations == {}


def test_an_event_that_has_to_do_with_other_cases_is_no_ordinary_way(tmp_path: Path) -> None:
    made = plan(read_workflow(write_contest(tmp_path) / "contest"))
    others = {
        event for state, event in made.steps if state == "open" and made.steps[state, event].reaches_out
    }
    assert others >= {"count", "announce", "remind"}
    assert {event for _, state, event in ordinary_ways(made) if state == "open"}.isdisjoint(others)
    assert made.steps["open", "count"].relations[0].entries == ("score",)
    assert made.steps["open", "announce"].relations[0].entries == ("state",)
    assert made.steps["open", "announce"].relations[1].entries == ("case", "team", "group", "score")
    assert made.steps["open", "remind"].relations[0].entries == ("case",)
