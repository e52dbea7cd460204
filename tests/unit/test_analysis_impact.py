"""What an edit does to cases: counted in SQL, the rest by the engine, told to whoever may know."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from partybuild_flow import Actor, Engine, WorkflowInvalid
from partybuild_flow.analysis.populations import Effect, Impact, decision_sql, impact
from partybuild_flow.errors import FlowError
from partybuild_flow.facts.masking import STRANGER
from partybuild_flow.store import open_store
from tests.impact import CASES, cases_in, versions
from tests.postgres import schema

STAR = {("五星", "四星"): 1, ("五星", "五星"): 1, ("五星", "三星"): 1, ("无", "无"): 1}
GUARD = {(True, True): 2, (None, None): 1, (False, True): 1}


def effect(report: Impact, decision: str) -> Effect:
    return next(each for each in report.effects if each.decision == decision)


def test_cases_are_counted_by_outcome_category_and_unit(tmp_path: Path) -> None:
    report = impact(*versions(tmp_path), cases_in(tmp_path))
    rating = effect(report, "评星表")
    assert (report.cases, report.changed, rating.changed, rating.by_engine) == (4, 3, 2, 0)
    assert dict(rating.moves) == STAR
    assert dict(rating.groups["类别"]["两新"]) == {("五星", "五星"): 1, ("五星", "三星"): 1, ("无", "无"): 1}
    assert dict(rating.groups["单位"]["园区/甲"]) == {("五星", "四星"): 1, ("五星", "五星"): 1}
    assert dict(effect(report, "评定").moves) == GUARD
    assert report.missing == ()


def test_every_change_names_the_row_that_held_before_and_after(tmp_path: Path) -> None:
    report = impact(*versions(tmp_path), cases_in(tmp_path), decisions=["rating"])
    told = [
        (each.case, each.before, each.after, each.fired_before, each.fired_after) for each in report.changes
    ]
    assert told == [
        ("a", "五星", "四星", "第 1 行（文件第 8 行）", "第 2 行（文件第 9 行）"),
        ("d", "五星", "三星", "第 1 行（文件第 8 行）", "第 3 行（文件第 10 行）"),
    ]
    assert report.changes[0].values == {"得分": "91.5", "类别": "国企"}


def test_what_sql_cannot_say_is_decided_row_by_row_and_said(tmp_path: Path) -> None:
    old, new = versions(tmp_path)
    for folder in (old, new):
        table = folder / "rating.table.yaml"
        written = table.read_text("utf-8").replace("输入: [得分, 类别]", "输入: [平方根(得分 * 得分), 类别]")
        table.write_text(written, "utf-8")
    rating = effect(impact(old, new, cases_in(tmp_path)), "评星表")
    assert (rating.by_engine, dict(rating.moves)) == (
        4,
        {("五星", "五星"): 1, ("五星", "四星"): 1, ("五星", "三星"): 1, ("无", "无"): 1},
    )
    assert rating.left_out == (("function", "平方根(得分 * 得分)"),)


def test_cells_that_only_people_read_are_read_by_the_engine(tmp_path: Path) -> None:
    text = CASES.replace("91.5,国企", "9.15e1, 国企 ")
    report = impact(*versions(tmp_path), cases_in(tmp_path, text), decisions=["rating"])
    rating = effect(report, "评星表")
    assert rating.by_engine == 1
    assert ("五星", "四星") in rating.moves


def test_a_cell_that_fits_no_field_is_a_problem_with_its_row(tmp_path: Path) -> None:
    cases = cases_in(tmp_path, CASES.replace("91.5", "九十").replace("95,两新", "950,两新"))
    with pytest.raises(WorkflowInvalid) as caught:
        impact(*versions(tmp_path), cases)
    told = [(each.code, each.position.line) for each in caught.value.problems]
    assert set(told) == {("PF550", 2), ("PF550", 3)}
    assert "九十" in str(caught.value)


def test_nobody_but_the_host_sees_personal_values(tmp_path: Path) -> None:
    old, new = versions(tmp_path)
    for folder in (old, new):
        table = folder / "rating.table.yaml"
        written = table.read_text("utf-8").replace("输入: [得分, 类别]", "输入: [得分, 类别, 姓名]")
        table.write_text(
            written.replace("星]", "星]")
            .replace("', 五星", "', '-', 五星")
            .replace("', 四星", "', '-', 四星")
            .replace("', 三星", "', '-', 三星")
            .replace("', 无", "', '-', 无"),
            "utf-8",
        )
    cases, out = cases_in(tmp_path), tmp_path / "changes.csv"
    assert impact(old, new, cases, decisions=["rating"]).changes[0].values["姓名"] == "张三"
    masked = impact(old, new, cases, decisions=["rating"], by=STRANGER, out=[out])
    assert masked.changes[0].values["姓名"] == "***"
    assert "张三" not in out.read_text("utf-8")
    judge = Actor("u-1", [("judge", "园区")])
    assert impact(old, new, cases, decisions=["rating"], by=judge).changes[0].values["姓名"] == "张三"
    with pytest.raises(FlowError, match="姓名"):
        impact(old, new, cases, per=["姓名"], by=STRANGER)
    named = impact(old, new, cases, decisions=["rating"], by=STRANGER, id="姓名")
    assert {each.case for each in named.changes} == {"***"}


def test_csv_and_workbook_hold_every_change(tmp_path: Path) -> None:
    from openpyxl import load_workbook

    out = [tmp_path / "changes.csv", tmp_path / "changes.xlsx"]
    report = impact(*versions(tmp_path), cases_in(tmp_path), out=out, keep=1)
    assert len(report.changes) == 1
    with out[0].open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert [row[2] for row in rows[1:]] == ["a", "d", "d"]
    book = load_workbook(out[1])
    assert book.sheetnames == ["前后对照", "分组对照", "变化的事项"]
    assert book["变化的事项"].max_row == 4


def test_decisions_that_cannot_differ_are_not_asked(tmp_path: Path) -> None:
    old, _ = versions(tmp_path)
    report = impact(old, old, cases_in(tmp_path))
    assert (report.effects, report.same) == ((), ("评星表", "评定"))


def test_parquet_and_data_frames_are_read_as_csv_is(tmp_path: Path) -> None:
    import duckdb

    sides, cases = versions(tmp_path), cases_in(tmp_path)
    typed = "SELECT * REPLACE (CAST(得分 AS DOUBLE) AS 得分, CAST(党员 AS BIGINT) AS 党员, CAST(到会 AS SMALLINT) AS 到会)"
    connection = duckdb.connect()
    connection.execute(
        f"COPY ({typed} FROM read_csv('{cases}', all_varchar = true)) TO '{tmp_path / 'cases.parquet'}' (FORMAT parquet)"
    )
    plain = impact(*sides, cases)
    for other in (tmp_path / "cases.parquet",):
        found = impact(*sides, other)
        assert [each.moves for each in found.effects] == [each.moves for each in plain.effects]
        assert [each.by_engine for each in found.effects] == [0, 0]


def test_a_data_frame_is_a_population(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow", reason="there is no data frame to try")
    frame = pyarrow.table({"编号": ["a", "b"], "得分": [91.5, None], "类别": ["国企", "两新"]})
    report = impact(*versions(tmp_path), frame, decisions=["评星表"])
    assert dict(report.effects[0].moves) == {("五星", "四星"): 1, ("无", "无"): 1}
    assert report.effects[0].by_engine == 0


def test_the_cases_of_a_store_are_asked_where_they_are(tmp_path: Path) -> None:
    old, new = versions(tmp_path)
    url = f"sqlite:///{tmp_path / 'cases.db'}"
    with Engine.open(url, old) as engine:
        for name, score, kind, members, present in (
            ("张三", "91.5", "国企", 3, 2),
            ("李四", "95", "两新", 3, 2),
            ("赵六", "90", "两新", 10, 6),
        ):
            sent = {"person": name, "score": score, "kind": kind, "members": members, "present": present}
            engine.start("star", sent, by=Actor("u-2"), unit="园区/甲")
    store = open_store(url)
    try:
        report = impact(old, new, store)
    finally:
        store.close()
    assert dict(effect(report, "评星表").moves) == {
        ("五星", "四星"): 1,
        ("五星", "五星"): 1,
        ("五星", "三星"): 1,
    }
    assert dict(effect(report, "评定").moves) == {(True, True): 2, (False, True): 1}
    assert effect(report, "评星表").by_engine == 0


def test_a_table_of_postgresql_is_asked_in_place_and_only_read(tmp_path: Path) -> None:
    import psycopg

    sides = versions(tmp_path)
    with schema() as url:
        with psycopg.connect(url) as connection:
            connection.execute(
                "CREATE TABLE cases (编号 text, 单位 text, 得分 numeric(5, 2), 类别 text, 党员 int, 到会 int)"
            )
            connection.execute(
                "INSERT INTO cases VALUES ('a', '园区/甲', 91.5, '国企', 3, 2), ('b', '园区/甲', 95, '两新', 3, 2),"
                " ('c', '园区/乙', NULL, '两新', 0, 0), ('d', '园区/乙', 90, '两新', 10, 6)"
            )
        report = impact(*sides, url, table="cases")
        assert dict(effect(report, "评星表").moves) == {
            ("五星", "四星"): 1,
            ("五星", "五星"): 1,
            ("五星", "三星"): 1,
            ("无", "无"): 1,
        }
        assert dict(effect(report, "评定").moves) == GUARD
        assert [each.case for each in report.changes if each.decision == "评星表"] == ["a", "d"]
        with pytest.raises(FlowError, match="nowhere"):
            impact(*sides, url, table="nowhere")


def test_an_unknown_column_or_decision_is_told_with_those_that_are_known(tmp_path: Path) -> None:
    sides, cases = versions(tmp_path), cases_in(tmp_path)
    with pytest.raises(FlowError, match="得分"):
        impact(*sides, cases, id="序号")
    with pytest.raises(FlowError, match="评星表"):
        impact(*sides, cases, decisions=["评分表"])


@pytest.mark.parametrize("dialect", ["duckdb", "postgres", "spark"])
def test_a_decision_is_one_select_in_every_dialect(tmp_path: Path, dialect: str) -> None:
    from sqlglot import exp, parse_one

    old, _ = versions(tmp_path)
    sql = decision_sql(old, "评星表", dialect)  # type: ignore[arg-type]  # one of them
    parsed = parse_one(sql, dialect=dialect)
    assert isinstance(parsed, exp.Select)
    assert parsed.named_selects == ["star", "fired", "engine"]


def test_outcomes_that_are_numbers_are_compared_as_numbers(tmp_path: Path) -> None:
    old, new = versions(tmp_path)
    for folder, points in ((old, "10"), (new, "10.00")):
        table = folder / "rating.table.yaml"
        written = table.read_text("utf-8").replace(
            "取值: [三星, 四星, 五星, 无]}",
            "取值: [三星, 四星, 五星, 无]}\n  加分: {代号: bonus, 类型: 数字}",
        )
        for star in ("五星", "四星", "三星"):
            written = (
                written.replace(f"{star}]\n", f"{star}, {points}]\n") if f", {star}]" in written else written
            )
        table.write_text(
            written.replace(", 无]\n", ", 无, 0]\n").replace("五星, 无, 0]}", "五星, 无]}"), "utf-8"
        )
    report = impact(old, new, cases_in(tmp_path), decisions=["rating"])
    bonus = next(each for each in report.effects if each.output == "加分")
    assert dict(bonus.moves) == {(Decimal(10), Decimal(10)): 3, (Decimal(0), Decimal(0)): 1}


def test_a_list_in_one_cell_is_read_by_sql_if_all_its_items_are_known(tmp_path: Path) -> None:
    old, new = versions(tmp_path)
    for folder, value in ((old, "甲"), (new, "乙")):
        workflow = folder / "workflow.yaml"
        written = workflow.read_text("utf-8").replace(
            "  党员:", "  情形: {代号: marks, 类型: 列表, 每项: 选项, 取值: [甲, 乙]}\n  党员:"
        )
        workflow.write_text(written.replace("当: '", f'当: \'包含(情形, "{value}") 且 '), "utf-8")
    text = "编号,情形,党员,到会\na,甲、乙,3,3\nb,乙,3,3\nc,,3,3\nd, 甲 ,3,3\n"
    guard = effect(impact(old, new, cases_in(tmp_path, text), decisions=["评定"]), "评定")
    assert dict(guard.moves) == {(True, True): 1, (False, True): 1, (None, None): 1, (True, False): 1}
    assert guard.by_engine == 1
