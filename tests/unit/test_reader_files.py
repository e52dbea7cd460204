"""Folders and texts: which files make a definition, what they are called, what they hash to."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from partybuild_flow.definition import Workflow
from partybuild_flow.errors import WorkflowInvalid
from partybuild_flow.reader import hash_of, read_texts, read_workflow
from tests.leave import LEAVE, QINGJIA

DEFINITIONS = Path(__file__).parent.parent / "data" / "definitions"


def folder(path: Path, **files: str | bytes) -> Path:
    for name, written in {"workflow.yaml": LEAVE, **files}.items():
        (path / name).write_bytes(written if isinstance(written, bytes) else written.encode())
    return path


def refused(path: Path) -> list[str]:
    with pytest.raises(WorkflowInvalid) as caught:
        read_workflow(path)
    return [str(problem).removeprefix(path.as_posix()) for problem in caught.value.problems]


@pytest.mark.parametrize("name", ["helpdesk", "request-handling"])
def test_a_folder_and_its_texts_are_the_same_definition(name: str) -> None:
    path = DEFINITIONS / name
    texts = {file.name: file.read_text(encoding="utf-8") for file in path.iterdir()}
    assert read_workflow(path) == read_texts(texts, path.as_posix())


@pytest.mark.parametrize("name", ["helpdesk", "request-handling"])
def test_a_definition_is_read_again_from_the_texts_that_it_keeps(name: str) -> None:
    first = read_workflow(DEFINITIONS / name)
    again = read_texts(first.texts, (DEFINITIONS / name).as_posix())
    assert again == first
    assert again.hash == hash_of(first.texts)


def test_a_definition_knows_what_is_written_of_it() -> None:
    workflow: Workflow = read_workflow(DEFINITIONS / "helpdesk")
    assert (workflow.id, workflow.name, workflow.version, workflow.language) == (
        "helpdesk",
        "Helpdesk",
        1,
        "en",
    )
    assert str(workflow.effective_from) == "2024-05-01"
    assert workflow.unique == (("number",),)
    assert sorted(workflow.texts) == ["triage.table.yaml", "workflow.yaml"]
    assert list(workflow.events) == ["report", "assign", "take", "late", "close"]
    assert workflow.deadlines["solving"].states == ("open",)
    assert workflow.transitions[4].journal_refused


def test_names_and_ids_lead_to_the_same_parts() -> None:
    workflow = read_workflow(DEFINITIONS / "request-handling")
    assert workflow.name == "社区诉求办理"
    assert workflow.unique == (("origin", "number"),)
    assert workflow.roles["clerk"].name == "社区受理员"
    screening = workflow.transitions[1]
    assert screening.targets == {"不受理": "不予受理", "派单": "已派单"}
    assert screening.settings[0].field == "level"
    assert screening.settings[0].value.reads == {"screening"}
    assert workflow.transitions[4].when is not None
    assert [len(stratum) for stratum in workflow.rule_sets["评定"].strata] == [1, 1, 1]


def test_line_ends_and_a_byte_order_mark_change_nothing(tmp_path: Path) -> None:
    plain, other = tmp_path / "a" / "leave", tmp_path / "b" / "leave"
    plain.mkdir(parents=True)
    other.mkdir(parents=True)
    first = read_workflow(folder(plain))
    second = read_workflow(folder(other, **{"workflow.yaml": "\ufeff" + LEAVE.replace("\n", "\r\n")}))
    assert second.hash == first.hash
    assert second.texts == first.texts
    assert [each.position.line for each in second.transitions] == [
        each.position.line for each in first.transitions
    ]


def test_a_changed_word_changes_the_hash() -> None:
    hashes = {hash_of(texts) for texts in ({"a": "b"}, {"a": "c"}, {"b": "a"}, {"a": "b", "c": ""}, {})}
    assert len(hashes) == 5
    assert hash_of({"a": "1", "b": "2"}) == hash_of({"b": "2", "a": "1"})


def test_other_files_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.yaml.d").mkdir()
    texts = read_workflow(
        folder(tmp_path, **{"README.md": "x", ".hidden.yaml": "[", "leave.feature": "x"})
    ).texts
    assert sorted(texts) == ["workflow.yaml"]


def test_a_folder_without_a_workflow_is_no_definition(tmp_path: Path) -> None:
    assert refused(tmp_path)[0].startswith(":1:1: PF140 ")
    assert refused(tmp_path / "nowhere")[0].startswith(":1:1: PF140 ")
    with pytest.raises(WorkflowInvalid):
        read_texts({}, "")


def test_a_file_that_is_no_file_is_told(tmp_path: Path) -> None:
    (folder(tmp_path) / "parameters.yaml").mkdir()
    assert refused(tmp_path) == [
        "/parameters.yaml:1:1: PF143 the file cannot be read: it is no file; put a readable file here, or take it out"
    ]


def test_a_file_that_nobody_may_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(self: Path, *_: object) -> object:
        raise PermissionError

    folder(tmp_path)
    monkeypatch.setattr(Path, "open", forbidden)
    assert refused(tmp_path) == [
        "/workflow.yaml:1:1: PF143 the file cannot be read: there is no permission to read it; "
        "put a readable file here, or take it out"
    ]


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="symbolic links")
def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    inside, outside = tmp_path / "inside", tmp_path / "outside.yaml"
    inside.mkdir()
    outside.write_text("parameters: {a: {value: 1}}\n", encoding="utf-8")
    (folder(inside) / "parameters.yaml").symlink_to(outside)
    assert refused(inside) == [
        "/parameters.yaml:1:1: PF141 the file is a link that leads out of the folder; put the file itself here"
    ]
    (inside / "parameters.yaml").unlink()
    (inside / "a.table.yaml").symlink_to(inside / "a.table.yaml")
    assert ": PF143 " in refused(inside)[0]
    (inside / "a.table.yaml").unlink()
    (inside / "really.parameters").write_text("parameters: {a: {value: 1}}\n", encoding="utf-8")
    (inside / "parameters.yaml").symlink_to(inside / "really.parameters")
    assert list(read_workflow(inside).parameters) == ["a"]


def test_a_file_of_more_than_five_megabytes_is_refused(tmp_path: Path) -> None:
    folder(tmp_path, **{"parameters.yaml": "#" * 5_000_001})
    found = "/parameters.yaml:1:1: PF102 the file is larger than 5 MB; split it, or take out what is not part of the definition"
    assert refused(tmp_path) == [found]
    with pytest.raises(WorkflowInvalid) as caught:
        read_texts({"workflow.yaml": LEAVE, "parameters.yaml": "#" * 5_000_001}, "")
    assert [problem.code for problem in caught.value.problems] == ["PF102"]


def test_bytes_that_are_no_text_are_told_at_their_place(tmp_path: Path) -> None:
    spoiled = QINGJIA.encode().replace("科室".encode(), b"\xff\xfe", 1)
    assert refused(folder(tmp_path, **{"workflow.yaml": spoiled}))[0].startswith("/workflow.yaml:5:3: PF101 ")


def test_every_file_speaks_its_own_language(tmp_path: Path) -> None:
    folder(
        tmp_path,
        **{
            "workflow.yaml": QINGJIA.replace("类型: 整数", "类型: 整型"),
            "a.table.yaml": "table: a\ninputs: [天数]\noutputs: [b]\n",
            "b.table.yaml": "[]",
        },
    )
    a, b, workflow = refused(tmp_path)
    assert a == "/a.table.yaml:1:1: PF107 a table has no “rows”; write one"
    assert b.startswith("/b.table.yaml:1:1: PF108 决策表写成了")
    assert workflow.startswith("/workflow.yaml:3:22: PF109 这里不能写“整型”")


def test_problems_of_all_files_come_in_the_order_of_the_files() -> None:
    texts = {
        "workflow.yaml": LEAVE.replace("to: granted", "to: grantd").replace("type: unit", "type: units"),
        "b.rules.yaml": "rule-set: b\nrules:\n  r: {when: dayz > 1, conclude: {c: 1}}\n",
        "a.table.yaml": "table: a\ninputs: [days]\noutputs: [b]\nrows:\n  - [x]\n",
    }
    with pytest.raises(WorkflowInvalid) as caught:
        read_texts(texts, "leave")
    found = [
        (problem.position.path.removeprefix("leave/"), problem.code) for problem in caught.value.problems
    ]
    assert found == [
        ("a.table.yaml", "PF301"),
        ("b.rules.yaml", "PF401"),
        ("workflow.yaml", "PF109"),
        ("workflow.yaml", "PF201"),
    ]
    assert str(caught.value).count("\n") == 3


def test_a_text_that_makes_no_sense_is_not_followed_by_the_names_it_would_have_declared() -> None:
    texts = {
        "workflow.yaml": LEAVE.replace("by: head, to: granted", "by: head, when: days > limit, to: granted"),
        "parameters.yaml": "parameters: {limit: {value: 5}\n",
    }
    with pytest.raises(WorkflowInvalid) as caught:
        read_texts(texts, "leave")
    assert [problem.code for problem in caught.value.problems] == ["PF122"]
