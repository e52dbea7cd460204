"""`pbflow impact`: the effect of an edit, in words and as JSON."""

from __future__ import annotations

import json
from pathlib import Path

from partybuild_flow import Actor, Engine
from tests.impact import CASES, cases_in, versions
from tests.unit.conftest import Pbflow


def test_impact_tells_the_matrix_the_groups_and_the_changes(pbflow: Pbflow, tmp_path: Path) -> None:
    versions(tmp_path), cases_in(tmp_path)
    answer = pbflow(
        "impact", "old", "new", "--cases", "cases.csv", "--out", "changes.csv", "--language", "zh-CN"
    )
    assert answer.exit_code == 0
    for told in (
        "共 4 件事项，3 项结论变化",
        "评星表·星级：4 件中有 2 件变化",
        "按单位",
        "第 1 行（文件第 8 行）",
        "已写入：changes.csv",
    ):
        assert told in answer.stdout
    assert "张三" not in answer.stdout


def test_impact_speaks_json(pbflow: Pbflow, tmp_path: Path) -> None:
    versions(tmp_path), cases_in(tmp_path)
    report = json.loads(pbflow("impact", "old", "new", "--cases", "cases.csv", "--json").stdout)
    assert (report["cases"], report["changed"]) == (4, 3)
    rating = next(each for each in report["decisions"] if each["decision"] == "评星表")
    assert {"before": "五星", "after": "四星", "count": 1} in rating["matrix"]
    assert report["changes"][0]["fired_before"] == "row 1 (line 8)"


def test_bad_cells_are_problems_and_exit_with_1(pbflow: Pbflow, tmp_path: Path) -> None:
    versions(tmp_path), cases_in(tmp_path, CASES.replace("91.5", "many"))
    answer = pbflow("impact", "old", "new", "--cases", "cases.csv")
    assert answer.exit_code == 1
    assert "cases.csv:2:1: PF550" in answer.stderr


def test_bad_files_exit_with_1_and_wrong_usage_with_2(pbflow: Pbflow, tmp_path: Path) -> None:
    versions(tmp_path), cases_in(tmp_path)
    (tmp_path / "cases.parquet").write_text("none", "utf-8")
    assert pbflow("impact", "old", "new", "--cases", "cases.parquet").exit_code == 1
    assert pbflow("impact", "old", "new", "--cases", "absent.csv").exit_code == 1
    (tmp_path / "quote.csv").write_text('编号,得分\na,"90\nb,91\n', "utf-8")
    assert pbflow("impact", "old", "new", "--cases", "quote.csv").exit_code == 1
    assert pbflow("impact", "old", "new").exit_code == 2
    assert pbflow("impact", "old", "nowhere", "--cases", "cases.csv").exit_code == 2
    assert pbflow("impact", "old", "new", "--cases", "cases.csv", "--db", "memory://").exit_code == 2
    assert pbflow("impact", "old", "new", "--db", "sqlite:///x.db", "--table", "cases").exit_code == 2
    assert pbflow("impact", "old", "new", "--db", "sqlite:///absent.db").exit_code == 1


def test_definitions_of_a_store_are_named_by_the_beginning_of_their_hash(
    pbflow: Pbflow, tmp_path: Path
) -> None:
    old, _ = versions(tmp_path)
    with Engine.open("sqlite:///cases.db", old) as engine:
        sent = {"person": "张三", "score": "91.5", "kind": "国企", "members": 3, "present": 2}
        definition = engine.start("star", sent, by=Actor("u-2"), unit="园区/甲").case.definition
    answer = pbflow("impact", definition[:12], "new", "--db", "sqlite:///cases.db", "--json")
    assert json.loads(answer.stdout)["changed"] == 1
