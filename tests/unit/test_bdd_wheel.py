"""What an adopter gets: the built wheel, a folder with workflows and features, and nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.bdd_toy import ASKED, write_toy
from tests.conftest import PROJECT

pytestmark = pytest.mark.skipif(
    find_spec("hatchling") is None, reason="hatchling, which builds the wheel, is not installed"
)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which the wheel of this checkout is installed."""
    wheels, target = tmp_path_factory.mktemp("wheels"), tmp_path_factory.mktemp("installed")
    quiet = ("-q", "--no-deps", "--disable-pip-version-check")
    build = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        *quiet,
        "--no-build-isolation",
        "-w",
        str(wheels),
        str(PROJECT),
    ]
    subprocess.run(build, check=True, capture_output=True)
    (wheel,) = wheels.glob("*.whl")
    install = [
        sys.executable,
        "-m",
        "pip",
        "install",
        *quiet,
        "--no-index",
        "--target",
        str(target),
        str(wheel),
    ]
    subprocess.run(install, check=True, capture_output=True)
    return target


def run(installed: Path, folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "PYTHONPATH": str(installed),
        "LC_ALL": "zh_CN.UTF-8",
        "PYTHONIOENCODING": "utf-8",
    }
    environment.pop("PYTEST_ADDOPTS", None)
    told = [sys.executable, *command]
    return subprocess.run(
        told, cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8", check=False
    )


def test_the_wheel_ships_the_shared_fragments_that_the_shipped_workflows_include(
    installed: Path, tmp_path: Path
) -> None:
    shipped = installed / "partybuild_flow" / "shipped" / "workflows"
    assert {path.name for path in (shipped / "shared").iterdir()} == {
        path.name for path in (PROJECT / "workflows" / "shared").iterdir()
    }
    main = "from partybuild_flow.cli import main; main()"
    checked = run(installed, tmp_path, "-c", main, "check", "--workflows", str(shipped))
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert run(installed, tmp_path, "-c", main, "new", "意见").returncode == 0
    assert (tmp_path / "workflows" / "shared" / "remind.fragment.yaml").is_file()


def test_a_folder_with_only_workflows_and_features_runs_with_the_built_wheel(
    installed: Path, tmp_path: Path
) -> None:
    write_toy(tmp_path, 待审=ASKED + "    那么 状态是“待审”\n", 错了=ASKED + "    那么 状态是“借出”\n")
    where = run(installed, tmp_path, "-c", "import partybuild_flow; print(partybuild_flow.__file__)")
    assert where.stdout.startswith(str(installed))
    tested = run(installed, tmp_path, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:hypothesispytest")
    assert tested.returncode == 1, tested.stdout + tested.stderr
    assert "1 failed, 1 passed" in tested.stdout
    assert "features/loan.feature::错了" in tested.stdout
    plain = run(
        installed, tmp_path, "-c", "from partybuild_flow.cli import main; main()", "test", "-k", "待审"
    )
    assert plain.returncode == 0, plain.stdout + plain.stderr
    assert "共 1 个场景：通过 1 个，未过 0 个" in plain.stdout
