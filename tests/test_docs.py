"""What the pages show is run as it stands."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from partybuild_flow.checks import check
from partybuild_flow.feel.functions import CHINESE_NAMES, FUNCTIONS, Function
from partybuild_flow.reader import read_workflow

PROJECT = Path(__file__).parent.parent
RUN_DEMO = "python3 -m venv .venv && .venv/bin/pip install . && .venv/bin/pbflow demo"
RUN_TESTS = "python3 -m venv .venv && .venv/bin/pip install -e '.[test]' && .venv/bin/python -m pytest"


def test_the_page_of_functions_lists_each_with_its_arguments_and_chinese_name() -> None:
    page = (PROJECT / "docs" / "functions.md").read_text(encoding="utf-8")
    rows = [line.strip("| ").split(" | ") for line in page.splitlines() if line.startswith("| `")]
    listed = {row[0].partition("(")[0].strip("`"): row for row in rows}
    assert len(listed) == len(rows)
    assert set(listed) == set(FUNCTIONS)
    for name, (calls, *rest) in listed.items():
        assert re.findall("`(.+?)`", calls) == calls_of(FUNCTIONS[name])
        assert rest[0].strip("` ") == CHINESE_NAMES.get(name, "")
        assert all(told.strip() for told in rest[1:])


def calls_of(function: Function) -> list[str]:
    """The ways to call a function, with the names of its arguments."""
    found = []
    for signature in function.signatures:
        names = [each.name + "?" * each.optional for each in signature.parameters if each.name]
        found.append(f"{function.name}({', '.join([*names, *['…'] * signature.repeated])})")
    return list(dict.fromkeys(found))


@pytest.mark.parametrize("page", ["README.md", "README.zh.md"])
def test_both_readmes_give_the_two_commands_under_the_compiler(page: str) -> None:
    text = (PROJECT / page).read_text(encoding="utf-8")
    assert 0 < text.index("build-essential") < text.index(RUN_DEMO) < text.index(RUN_TESTS)


def test_ci_runs_the_test_command_of_the_readme() -> None:
    assert RUN_TESTS in (PROJECT / ".ci" / "run").read_text(encoding="utf-8").replace("install -q", "install")


def test_the_workflow_of_the_page_on_deadlines_is_checked_and_its_python_runs(tmp_path: Path) -> None:
    text = (PROJECT / "docs" / "deadlines.md").read_text(encoding="utf-8")
    (workflow,) = re.findall(r"```yaml\n(流程.*?)```", text, re.DOTALL)
    (code,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    folder = tmp_path / "workflows" / "rectification"
    folder.mkdir(parents=True)
    (folder / "workflow.yaml").write_text(workflow, encoding="utf-8")
    assert check(read_workflow(folder)) == ()
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True, capture_output=True, timeout=60)


@pytest.mark.parametrize(
    ("page", "language", "name"), [("README.md", "en", "suggestion"), ("README.zh.md", "zh-CN", "意见建议")]
)
def test_the_python_of_the_readme_runs_after_its_first_workflow(
    page: str, language: str, name: str, tmp_path: Path
) -> None:
    text = (PROJECT / page).read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    pbflow = [Path(sys.executable).with_name("pbflow")]
    for arguments in (["new", name, "--language", language], ["check"], ["diagram", f"workflows/{name}"]):
        subprocess.run([*pbflow, *arguments], cwd=tmp_path, check=True, capture_output=True, timeout=60)
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True, timeout=60)


def test_the_page_of_calendars_computes_what_it_says(tmp_path: Path) -> None:
    from partybuild_flow.reader.calendars import read_calendar

    text = (PROJECT / "docs" / "calendar.md").read_text(encoding="utf-8")
    subprocess.run([sys.executable, "-c", "\n".join(re.findall(r"```python\n(.*?)```", text, re.DOTALL))], check=True)
    (file,) = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    (tmp_path / "park.calendar.yaml").write_text(file, encoding="utf-8")
    assert [year.year for year in read_calendar(tmp_path / "park.calendar.yaml").years] == [2022, 2023, 2027]


def test_the_page_of_collecting_does_what_it_says(tmp_path: Path) -> None:
    text = (PROJECT / "docs" / "collecting.md").read_text(encoding="utf-8")
    (workflow,) = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    (code,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    folder = tmp_path / "workflows" / "defence"
    folder.mkdir(parents=True)
    (folder / "workflow.yaml").write_text(workflow, encoding="utf-8")
    pbflow = Path(sys.executable).with_name("pbflow")
    subprocess.run([pbflow, "check"], cwd=tmp_path, check=True, capture_output=True, timeout=60)
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True, capture_output=True, timeout=60)


def test_the_page_of_relations_does_what_it_says(tmp_path: Path) -> None:
    text = (PROJECT / "docs" / "relations.md").read_text(encoding="utf-8")
    files = re.findall(r"`(workflows/\w+/workflow\.yaml)`:\n\n```yaml\n(.*?)```", text, re.DOTALL)
    (code,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    for path, written in files:
        (tmp_path / path).parent.mkdir(parents=True)
        (tmp_path / path).write_text(written, encoding="utf-8")
    assert [check(read_workflow(tmp_path / path.rpartition("/")[0])) for path, _ in files] == [(), ()]
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True, capture_output=True, timeout=60)
