"""`pbflow table` tells what it did, in both languages and as JSON."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.pages import PROJECT
from tests.unit.conftest import Pbflow

TABLE = "workflows/helpdesk/service-terms.table.yaml"


@pytest.fixture(autouse=True)
def helpdesk(tmp_path: Path) -> Path:
    shutil.copytree(PROJECT / "examples" / "helpdesk", tmp_path / "workflows" / "helpdesk")
    return tmp_path / TABLE


@pytest.mark.parametrize("form", ["csv", "dmn"])
def test_a_table_goes_out_and_comes_back(form: str, pbflow: Pbflow, helpdesk: Path) -> None:
    before = helpdesk.read_bytes()
    told = pbflow("table", "export", TABLE, f"t.{form}")
    assert (told.exit_code, told.stdout) == (0, f"service terms: 4 rows, 3 examples, written to t.{form}\n")
    told = pbflow("table", "import", f"t.{form}", TABLE)
    assert (told.exit_code, told.stdout) == (0, f"{TABLE}: nothing to change\n")
    assert helpdesk.read_bytes() == before


def test_what_changes_is_counted(pbflow: Pbflow, helpdesk: Path) -> None:
    exported = json.loads(pbflow("table", "export", TABLE, "t.csv", "--json").stdout)
    assert exported == {"exported": {"table": "service terms", "file": "t.csv", "rows": 4, "examples": 3}}
    file = Path("t.csv")
    file.write_text(
        file.read_text(encoding="utf-8").replace("48 hours", "50 hours").replace("72 hours", "70 hours"),
        encoding="utf-8",
    )
    told = pbflow("table", "import", "t.csv", TABLE, "--dry-run")
    assert told.stdout == (
        f"{TABLE}: would change 2, add 0, remove 0 rows; nothing was written\nchanged besides: examples\n"
    )
    assert "50 hours" not in helpdesk.read_text(encoding="utf-8")
    told = pbflow("table", "import", "t.csv", TABLE, "--json")
    assert json.loads(told.stdout)["imported"] == {
        "file": "t.csv",
        "table": TABLE,
        "dry_run": False,
        "changed": 2,
        "added": 0,
        "removed": 0,
        "elsewhere": ["examples"],
    }
    assert "50 hours" in helpdesk.read_text(encoding="utf-8")


def test_problems_are_told_with_their_cell_and_end_with_one(pbflow: Pbflow) -> None:
    pytest.importorskip("openpyxl")
    pbflow("table", "export", TABLE, "t.xlsx")
    from openpyxl import load_workbook

    book = load_workbook("t.xlsx")
    book["rules"]["B10"] = "nomal"
    book.save("t.xlsx")
    told = pbflow("table", "import", "t.xlsx", TABLE)
    assert told.exit_code == 1
    assert told.stderr.startswith("t.xlsx!rules!B10: PF422 “nomal” is no value of this choice")
    (problem,) = json.loads(pbflow("table", "import", "t.xlsx", TABLE, "--json").stdout)["error"]["problems"]
    assert (problem["sheet"], problem["cell"], problem["line"], problem["column"]) == ("rules", "B10", 10, 2)


@pytest.mark.parametrize(
    "words",
    [
        ("export", "workflows/helpdesk/workflow.yaml", "t.csv"),
        ("export", "workflows/helpdesk/none.table.yaml", "t.csv"),
        ("import", "none.csv", TABLE),
        ("import", TABLE, "elsewhere.table.yaml"),
    ],
)
def test_wrong_usage_ends_with_two(words: tuple[str, ...], pbflow: Pbflow) -> None:
    assert pbflow("table", *words).exit_code == 2
