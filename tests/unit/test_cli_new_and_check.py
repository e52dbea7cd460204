"""`pbflow new` and `pbflow check`: what one writes, the other finds whole; what is wrong is told with its place."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from partybuild_flow.cli.new import shared_with
from tests.unit.conftest import Pbflow


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("name", ["suggestion", "a", "street-works-2", "意见办理"])
def test_a_new_workflow_has_no_problems_of_any_kind(pbflow: Pbflow, language: str, name: str) -> None:
    assert pbflow("new", name, "--language", language).exit_code == 0
    checked = pbflow("check", "--json")
    assert json.loads(checked.stdout) == {"workflows": 1, "errors": 0, "warnings": 0, "problems": []}
    assert checked.exit_code == 0


@pytest.mark.parametrize(("name", "wanted"), [("suggestion", "suggestion"), ("意见办理", "意见办理")])
def test_a_new_workflow_is_called_as_its_user_wants(pbflow: Pbflow, name: str, wanted: str) -> None:
    pbflow("new", name)
    made = pbflow("case", "start", wanted, "事由=停车", "意见内容=多设车位", "--by", "u-1", "--json")
    assert json.loads(made.stdout)["case"]["workflow"] == wanted


@pytest.mark.parametrize(
    "name", ["", ".", "..", "../a", "a/b", "-a", "1a", "a b", "a\nb", "a: b", "x" * 61, "[a]", "a\0b"]
)
def test_a_name_that_could_leave_the_folder_or_break_the_file_is_wrong_usage(
    pbflow: Pbflow, name: str
) -> None:
    refused = pbflow("new", "--", name)
    assert refused.exit_code == 2
    assert not pbflow.folder.joinpath("workflows").exists()


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_what_a_new_workflow_includes_is_written_beside_it_once(pbflow: Pbflow, language: str) -> None:
    first = json.loads(pbflow("new", "first", "--language", language, "--json").stdout)
    assert first["shared"] == ["workflows/shared/remind.fragment.yaml"]
    path = pbflow.folder / first["shared"][0]
    changed = path.read_text("utf-8") + "# ours\n"
    path.write_text(changed, "utf-8")
    assert json.loads(pbflow("new", "second", "--language", language, "--json").stdout)["shared"] == []
    assert path.read_text("utf-8") == changed


def test_what_the_included_fragments_include_comes_along() -> None:
    texts = {"workflow.yaml": "流转:\n  - {片段: 到期督办, 以: {}}\n  - {片段: 督办类, 以: {}}\n"}
    assert set(shared_with(texts, "zh-CN")) == {"overdue-supervision.fragment.yaml", "remind.fragment.yaml"}


def test_a_folder_that_exists_is_left_as_it_is(pbflow: Pbflow) -> None:
    folder = pbflow.folder / "workflows" / "suggestion"
    folder.mkdir(parents=True)
    refused = pbflow("new", "suggestion")
    assert (refused.exit_code, refused.stderr) == (
        1,
        "workflows/suggestion is there already; choose another name\n",
    )
    assert list(folder.iterdir()) == []


def test_check_tells_all_problems_of_all_workflows_in_file_order(pbflow: Pbflow) -> None:
    for name in ("first", "second"):
        pbflow("new", name, "--language", "en")
        path = pbflow.folder / "workflows" / name / "workflow.yaml"
        path.write_text(path.read_text("utf-8").replace("to: answered}", "to: anwsered}"), "utf-8")
    told = pbflow("check")
    lines = told.stdout.splitlines()
    assert told.exit_code == 1
    assert lines == sorted(lines[:-1]) + lines[-1:]
    assert [line.split("/")[1] for line in lines[:-1]] == ["first", "second"]
    assert all("anwsered" in line and "answered" in line for line in lines[:-1])
    assert lines[-1] == "workflows: 2; errors: 2; warnings: 0"


def test_check_as_json_tells_the_same_fields(pbflow: Pbflow) -> None:
    pbflow("new", "first", "--language", "en")
    path = pbflow.folder / "workflows" / "first" / "workflow.yaml"
    path.write_text(path.read_text("utf-8").replace("to: answered}", "to: anwsered}"), "utf-8")
    line = pbflow("check").stdout.splitlines()[0]
    (problem,) = json.loads(pbflow("check", "--json").stdout)["problems"]
    assert problem["severity"] == "error"
    assert line == "{path}:{line}:{column}: {code} {sentence}".format(**problem)


def test_warnings_are_told_and_do_not_fail(pbflow: Pbflow) -> None:
    pbflow("new", "first", "--language", "en")
    path = pbflow.folder / "workflows" / "first" / "workflow.yaml"
    path.write_text(path.read_text("utf-8").replace("fields:\n", "fields:\n  spare: {type: text}\n"), "utf-8")
    told = pbflow("check", "workflows/first")
    assert told.exit_code == 0
    assert "spare" in told.stdout
    assert told.stdout.endswith("workflows: 1; errors: 0; warnings: 1\n")


@pytest.mark.parametrize("folder", ["nowhere", "file.txt"])
def test_check_of_what_is_no_folder_is_wrong_usage(pbflow: Pbflow, folder: str) -> None:
    (pbflow.folder / "file.txt").write_text("", "utf-8")
    assert pbflow("check", folder).exit_code == 2


def test_check_of_bytes_that_are_no_text_tells_a_problem(pbflow: Pbflow) -> None:
    folder: Path = pbflow.folder / "workflows" / "first"
    folder.mkdir(parents=True)
    (folder / "workflow.yaml").write_bytes(b"\x00\xff\xfe\x80")
    told = pbflow("check", "--json")
    assert told.exit_code == 1
    assert [each["line"] for each in json.loads(told.stdout)["problems"]] == [1]
