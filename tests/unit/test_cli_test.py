"""`pbflow test`: the features of a folder, told to people who know no pytest."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bdd_toy import ASKED, write_toy

SCENARIOS = {"待审": ASKED + "    那么 状态是“待审”\n", "错了": ASKED + "    那么 状态是“借出”\n"}


def pbflow(folder: Path, *arguments: str, language: str = "zh_CN.UTF-8") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from partybuild_flow.cli import main; main()", "test", *arguments]
    environment = {**os.environ, "LC_ALL": language, "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8", check=False
    )


def test_it_tells_scenarios_and_coverage_in_the_language_of_the_environment(tmp_path: Path) -> None:
    write_toy(tmp_path, **SCENARIOS)
    (tmp_path / "test_own.py").write_text("raise SystemExit('not run')", encoding="utf-8")
    run = pbflow(tmp_path)
    assert run.returncode == 1
    assert "通过  features/loan.feature::待审" in run.stdout
    assert "未过  features/loan.feature::错了" in run.stdout
    assert "状态是“待审”，不是“借出”" in run.stdout
    assert "共 2 个场景：通过 1 个，未过 1 个" in run.stdout
    assert "状态“借出”从未到达" in run.stdout
    assert "pytest" not in run.stdout + run.stderr


def test_a_text_selects_scenarios_and_the_share_may_be_too_little(tmp_path: Path) -> None:
    write_toy(tmp_path, **SCENARIOS)
    assert pbflow(tmp_path, "-k", "待审").returncode == 0
    short = pbflow(tmp_path, ".", "-k", "待审", "--cover-fail-under", "50", language="en_US.UTF-8")
    assert short.returncode == 1
    assert "scenarios: 1; passed: 1; failed: 0" in short.stdout
    assert "50 %" in short.stdout


def test_json_holds_scenarios_and_coverage(tmp_path: Path) -> None:
    write_toy(tmp_path, **SCENARIOS)
    run = pbflow(tmp_path, str(tmp_path / "features" / "loan.feature"), "--json")
    told = json.loads(run.stdout)
    assert [(each["scenario"], each["outcome"]) for each in told["scenarios"]] == [
        ("待审", "passed"),
        ("错了", "failed"),
    ]
    assert told["coverage"]["known"] == 13


@pytest.mark.parametrize(("folder", "code"), [("nowhere", 2), ("workflows", 1)])
def test_a_folder_without_features_is_told(tmp_path: Path, folder: str, code: int) -> None:
    write_toy(tmp_path)
    run = pbflow(tmp_path, folder)
    assert run.returncode == code
    assert folder in run.stderr
    assert "Traceback" not in run.stderr


def test_a_feature_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    write_toy(tmp_path, **SCENARIOS)
    (tmp_path / "features" / "bad.feature").write_text("功能: 甲\n", encoding="utf-8")
    run = pbflow(tmp_path)
    assert run.returncode == 1
    assert "features/bad.feature 无法运行：" in run.stdout
    assert "# language: zh-CN" in run.stdout


def test_without_pytest_it_says_what_to_install(tmp_path: Path) -> None:
    write_toy(tmp_path)
    hide = "import sys; sys.modules['pytest_bdd'] = None; from partybuild_flow.cli import main; sys.argv = ['pbflow', 'test']; main()"
    run = subprocess.run(
        [sys.executable, "-c", hide], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert run.returncode == 1
    assert "pip install 'partybuild-flow[features]'" in run.stderr
    assert "Traceback" not in run.stderr
