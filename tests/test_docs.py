"""What the pages show is run as it stands."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parent.parent
RUN_DEMO = "python3 -m venv .venv && .venv/bin/pip install . && .venv/bin/pbflow demo"
RUN_TESTS = "python3 -m venv .venv && .venv/bin/pip install -e '.[test]' && .venv/bin/python -m pytest"


@pytest.mark.parametrize("page", ["README.md", "README.zh.md"])
def test_both_readmes_give_the_two_commands_under_the_compiler(page: str) -> None:
    text = (PROJECT / page).read_text(encoding="utf-8")
    assert 0 < text.index("build-essential") < text.index(RUN_DEMO) < text.index(RUN_TESTS)


def test_ci_runs_the_test_command_of_the_readme() -> None:
    assert RUN_TESTS in (PROJECT / ".ci" / "run").read_text(encoding="utf-8").replace("install -q", "install")


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
