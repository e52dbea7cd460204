"""A row of another system's table begins one case, once; what cannot begin is told as a clerk would tell it."""

from __future__ import annotations

import csv
import io
import sys
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from partybuild_flow import Actor, Engine, Workflow, WorkflowInvalid
from partybuild_flow.analysis import tables_in
from partybuild_flow.analysis.exporting import guarded
from partybuild_flow.analysis.import_map import read_import_map
from partybuild_flow.analysis.importing import Imported, cell_value, import_rows
from partybuild_flow.analysis.tables_in import open_table
from partybuild_flow.reader import read_texts
from tests.moving import MAP, TABLE, a_workflow


@pytest.fixture
def workflow(tmp_path: Path) -> Workflow:
    return a_workflow(tmp_path / "workflows" / "request")


@pytest.fixture
def engine(workflow: Workflow) -> Iterator[Engine]:
    with Engine.open("memory://", workflows=workflow) as engine:
        yield engine


class Moving:
    """Imports tables with one map into one engine."""

    def __init__(self, engine: Engine, workflow: Workflow, folder: Path, written: str = MAP) -> None:
        self._engine, self._workflow, self._folder = engine, workflow, folder
        (folder / "map.yaml").write_text(written, encoding="utf-8")

    def take(self, path: Path, *, dry_run: bool = False, batch: int = 200) -> list[Imported]:
        spoken = read_import_map(self._folder / "map.yaml", self._workflow)
        table = open_table(path, sheet=spoken.sheet, columns=spoken.columns, language="zh-CN")
        spoken.check_columns(table.headings)
        return list(
            import_rows(self._engine, self._workflow, spoken, table.rows, dry_run=dry_run, batch=batch)
        )

    def text(self, text: str, encoding: str = "utf-8") -> list[Imported]:
        path = self._folder / "table.csv"
        path.write_bytes(text.encode(encoding))
        return self.take(path)


@pytest.fixture
def moving(engine: Engine, workflow: Workflow, tmp_path: Path) -> Moving:
    return Moving(engine, workflow, tmp_path)


def told(found: list[Imported]) -> list[tuple[int, str, str]]:
    return [(each.row.number, fault.column, fault.reason) for each in found for fault in each.faults]


def test_a_row_begins_a_case_with_its_own_time_unit_and_translated_values(
    moving: Moving, engine: Engine
) -> None:
    first, second = moving.text(TABLE)
    assert [first.outcome, second.outcome] == ["begun", "begun"]
    assert first.case is not None
    assert second.case is not None
    (entry,) = engine.history(first.case)
    assert entry.occurred_at == datetime(2024, 3, 1, 0, 5, tzinfo=UTC)
    assert (entry.case.unit, entry.actor.id) == ("区/街道/一社区", "热线")
    assert entry.case.data["category"] == "投诉"
    assert entry.case.data["people"] == 1200
    assert entry.case.data["number"] == "A1"
    assert engine.case(second.case).data["text"] == "两行\n文字"
    assert engine.history(second.case)[0].occurred_at == datetime(2024, 3, 2, 1, 5, tzinfo=UTC)


def test_the_second_run_of_a_file_names_the_cases_and_changes_nothing(moving: Moving, engine: Engine) -> None:
    first = moving.text(TABLE)
    before = [(each.id, each.head) for each in engine.cases()]
    again = moving.text(TABLE.replace("路灯", "另写的"))
    assert [each.outcome for each in again] == ["there", "there"]
    assert [each.case for each in again] == [each.case for each in first]
    assert [(each.id, each.head) for each in engine.cases()] == before


def test_an_import_that_was_interrupted_goes_on_where_it_was(
    engine: Engine, workflow: Workflow, tmp_path: Path
) -> None:
    moving = Moving(engine, workflow, tmp_path)
    path = tmp_path / "long.csv"
    head, row = TABLE.splitlines()[:2]
    path.write_text("\n".join([head, *(row.replace("A1", f"B{n}") for n in range(7))]), encoding="utf-8")
    spoken = read_import_map(tmp_path / "map.yaml", workflow)
    rows = import_rows(engine, workflow, spoken, open_table(path).rows, batch=2)
    assert next(rows).outcome == "begun"
    assert len(engine.cases()) == 2
    assert [each.outcome for each in moving.take(path, batch=3)] == ["there"] * 2 + ["begun"] * 5


def test_a_case_that_was_begun_by_hand_with_the_same_number_is_there_already(
    moving: Moving, engine: Engine
) -> None:
    clerk = Actor("小周", [("受理员", "区")])
    by_hand = engine.start("request", {"类别": "求助", "来源编号": "A2"}, by=clerk)
    first, second = moving.text(TABLE)
    assert (first.outcome, second.outcome) == ("begun", "there")
    assert second.case == by_hand.case.id


def test_a_dry_run_tells_the_same_and_writes_nothing(moving: Moving, engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "dry.csv"
    path.write_text(TABLE + "A3,2024-03-02,区,别的,,,\n", encoding="utf-8")
    dry = moving.take(path, dry_run=True)
    assert engine.cases() == []
    assert [each.outcome for each in dry] == [each.outcome for each in moving.take(path)]


def test_every_reason_against_a_row_is_told_with_its_column(moving: Moving) -> None:
    table = (
        TABLE.splitlines()[0]
        + "\n,昨天,区,求助,,,\nA3,2024-03-02,区,咨询,,三,\nA4,2024-03-02,区,,,0,\nA5,2024-02-30,区,求助,,,\n"
    )
    assert told(moving.text(table)) == [
        (2, "工单号", "“工单号”为空；每行都要有自己的编号"),
        (2, "受理时间", "“受理时间”不是日期或时间；请写成 2024-03-01 或 2024-03-01 08:30"),
        (3, "诉求类型", "“类别”填写的“***”不在取值范围内：求助、投诉"),
        (3, "人数", "“人数”填写的“***”不是数字"),
        (4, "人数", "“人数”填写的 *** 小于 1"),
        (5, "受理时间", "“受理时间”不是日期或时间；请写成 2024-03-01 或 2024-03-01 08:30"),
    ]


def test_what_the_engine_refuses_names_the_columns_of_the_fields(moving: Moving) -> None:
    (row,) = moving.text(TABLE.splitlines()[0] + "\nA4,2024-03-02,区,,,,\n")
    assert told([row]) == [(2, "诉求类型", "须填写类别")]


def test_a_refused_row_does_not_quote_what_is_personal(moving: Moving) -> None:
    found = moving.text(TABLE.replace("13900001234", "x" * 100_001))
    assert found[0].outcome == "refused"
    assert "xxx" not in str(told(found))


@pytest.mark.parametrize(
    ("encoding", "shown"),
    [("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8 (BOM)"), ("gb18030", "GB18030"), ("gbk", "GB18030")],
)
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_the_encoding_and_the_delimiter_are_found_and_told(
    encoding: str, shown: str, delimiter: str, tmp_path: Path
) -> None:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows([["编号", "内,容"], ["一", "甲;乙\t丙"]])
    path = tmp_path / "table.csv"
    path.write_bytes(text.getvalue().encode(encoding))
    table = open_table(path, columns=["编号", "内,容"])
    assert (table.encoding, table.delimiter) == (shown, delimiter)
    assert [each.cells for each in table.rows] == [{"编号": "一", "内,容": "甲;乙\t丙"}]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("编号".encode("utf-16"), "1:1: PF532 文件既不是 UTF-8，也不是 GB18030；请另存为“CSV UTF-8”"),
        (b"a\n\xff\xff", "1:1: PF532 文件既不是 UTF-8，也不是 GB18030；请另存为“CSV UTF-8”"),
        (b'a,b\n1,"2\n', "2:1: PF533 引号没有成对，或引号之后另有文字；请改正，或重新另存为 CSV"),
        (b"", "1:1: PF534 表中没有列名；请在第一行写上各列的名称"),
        (b"a,b,a\n", "1:1: PF535 有两列都叫“a”；请改掉其中一个"),
    ],
)
def test_a_file_that_is_no_table_is_told(content: bytes, sentence: str, tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(content)
    with pytest.raises(WorkflowInvalid) as invalid:
        list(open_table(path, language="zh-CN").rows)
    assert str(invalid.value) == f"{path}:{sentence}"


def test_rows_are_numbered_as_a_spreadsheet_counts_them(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text('a\n\n"1\n1"\n\n2\n', encoding="utf-8")
    assert [each.number for each in open_table(path).rows] == [3, 5]


def a_book(path: Path, *rows: list[object], sheet: str = "工单") -> Path:
    book = Workbook()
    assert book.active is not None
    book.active.title = sheet
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


MORNING = datetime.fromisoformat("2024-03-01T08:05")
"""As a workbook keeps an instant: without a zone."""
HEADINGS: list[object] = ["工单号", "受理时间", "网格", "诉求类型", "电话", "人数", "内容"]


def test_a_workbook_is_read_with_its_dates_numbers_and_codes(
    moving: Moving, engine: Engine, tmp_path: Path
) -> None:
    row: list[object] = [20240301, MORNING, "区", "求助", 13900001234, 3, 12.5]
    (found,) = moving.take(a_book(tmp_path / "t.xlsx", HEADINGS, row))
    assert found.case is not None
    entry = engine.history(found.case)[0]
    assert entry.occurred_at == datetime(2024, 3, 1, 0, 5, tzinfo=UTC)
    assert {name: entry.case.data[name] for name in ("number", "phone", "people", "text")} == {
        "number": "20240301",
        "phone": "13900001234",
        "people": 3,
        "text": "12.5",
    }


def test_formulas_errors_and_codes_that_lost_digits_are_refused(moving: Moving, tmp_path: Path) -> None:
    path = a_book(
        tmp_path / "t.xlsx",
        HEADINGS,
        ["A1", date(2024, 3, 1), "区", "=A1", None, None, None],
        ["A2", date(2024, 3, 1), "区", "求助", 320500199001011234, None, "#N/A"],
        ["A3", "=NOW()", "区", "求助", None, None, None],
    )
    assert [(row, column) for row, column, _ in told(moving.take(path))] == [
        (2, "诉求类型"),
        (3, "电话"),
        (3, "内容"),
        (4, "受理时间"),
    ]


def test_the_sheet_of_the_map_is_read(engine: Engine, workflow: Workflow, tmp_path: Path) -> None:
    moving = Moving(
        engine, workflow, tmp_path, MAP.replace("编号: 工单号\n", "编号: 工单号\n工作表: 工单\n", 1)
    )
    row: list[object] = ["A1", date(2024, 3, 1), "区", "求助"]
    assert moving.take(a_book(tmp_path / "t.xlsx", HEADINGS, row))[0].outcome == "begun"
    with pytest.raises(WorkflowInvalid, match="PF539 工作簿中没有工作表“工单”；可以写：别的"):
        moving.take(a_book(tmp_path / "u.xlsx", HEADINGS, row, sheet="别的"))


def test_a_workbook_that_unpacks_to_too_much_is_not_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables_in, "LARGEST", 100_000)
    path = tmp_path / "t.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * 1_000_000)
    assert path.stat().st_size < 10_000
    with pytest.raises(WorkflowInvalid, match="PF512"):
        open_table(path)


def test_a_file_that_is_no_workbook_is_told(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    path.write_bytes(b"no zip")
    with pytest.raises(WorkflowInvalid, match="PF538"):
        open_table(path)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(WorkflowInvalid, match="PF531"):
        open_table(tmp_path / "none.csv")


@pytest.mark.parametrize(
    ("written", "line"),
    [
        (MAP.replace("工单号", "工单編号", 1), "2:5: PF527 表中没有“工单編号”列；是否想写“工单号”？"),
        (
            MAP + "  金额: 应付额\n",
            "12:7: PF527 表中没有“应付额”列；可以写：工单号、受理时间、网格、诉求类型、电话、人数、内容",
        ),
        ("事件: 办理完毕\n" + MAP, "1:5: PF529 “办理完毕”不能开始诉求的事项；可以写：登记"),
        (MAP.replace("受理员", "受里员"), "4:5: PF522 “受里员”不是诉求的角色；是否想写“受理员”？"),
        (MAP.replace("  人数:", "  人頭:"), None),
        (MAP.replace("投诉}", "抱怨}"), None),
        (
            MAP.replace("  人数: 人数", "  人数: {列: 人数, 值: 3}"),
            "10:7: PF530 值要么取自某一列，要么固定不变；“列”和“值”请只写一个",
        ),
    ],
)
def test_a_map_with_problems_is_told_at_its_place(
    written: str, line: str | None, engine: Engine, workflow: Workflow, tmp_path: Path
) -> None:
    moving = Moving(engine, workflow, tmp_path, written)
    with pytest.raises(WorkflowInvalid) as invalid:
        moving.text(TABLE)
    (problem,) = invalid.value.problems
    if line is None:
        assert problem.code in ("PF521", "PF524")
    else:
        assert str(problem) == f"{tmp_path / 'map.yaml'}:{line}"


def test_a_field_that_the_beginning_event_does_not_bring_is_told(
    engine: Engine, workflow: Workflow, tmp_path: Path
) -> None:
    text = workflow.texts["workflow.yaml"].replace(
        "  金额: {", "  结果: {代号: outcome, 类型: 文本}\n  金额: {"
    )
    text = text.replace("须填: [说明?]", "须填: [说明?, 结果?]")
    (tmp_path / "map.yaml").write_text(MAP + "  结果: 内容\n", encoding="utf-8")
    with pytest.raises(WorkflowInvalid, match="12:3: PF537 开始诉求事项的事件不填写“结果”"):
        read_import_map(tmp_path / "map.yaml", read_texts({"workflow.yaml": text}, "request"))


def test_a_workflow_that_begins_in_several_ways_needs_the_event(workflow: Workflow, tmp_path: Path) -> None:
    text = workflow.texts["workflow.yaml"].replace(
        "  - {事件: 办理完毕",
        "  - {事件: 转来, 由: 受理员, 须填: [类别, 来源编号], 到: 在办}\n  - {事件: 办理完毕",
    )
    (tmp_path / "map.yaml").write_text(MAP, encoding="utf-8")
    with pytest.raises(
        WorkflowInvalid, match="1:5: PF528 开始一个事项的方式不止一种；请写“事件”；可以写：登记、转来"
    ):
        read_import_map(tmp_path / "map.yaml", read_texts({"workflow.yaml": text}, "request"))


def test_a_workbook_without_openpyxl_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = a_book(tmp_path / "t.xlsx", HEADINGS)
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(WorkflowInvalid, match=r"PF536 .*partybuild-flow\[tables\]"):
        open_table(path)


def test_cells_say_values_of_their_fields(workflow: Workflow) -> None:
    fields = workflow.fields
    morning = datetime.fromisoformat("2024-03-01T08:05+08:00")
    assert cell_value("2024年3月1日", fields["day"]) == date(2024, 3, 1)
    assert cell_value(MORNING, fields["day"]) == date(2024, 3, 1)
    assert cell_value("2024/3/1 8:05", fields["seen"]) == morning
    assert cell_value(MORNING, fields["seen"]) == morning
    assert cell_value(date(2024, 3, 1), fields["seen"]) == morning.replace(hour=0, minute=0)
    assert cell_value("1,234,567.50", fields["amount"]) == "1234567.50"
    assert cell_value(True, fields["urgent"]) is True
    assert cell_value("噪声、夜间；施工", fields["tags"]) == ["噪声", "夜间", "施工"]
    assert cell_value(time(8, 30), fields["text"]) == "08:30:00"
    assert cell_value(None, fields["text"]) is None


@given(
    st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1).filter(
        lambda text: text.strip() == text
    )
)
def test_what_is_guarded_against_calculation_is_read_as_it_was(text: str) -> None:
    assert tables_in._plain(guarded(text)) == text
