"""What is wrong with a file that holds a table is told at its cell, and nothing is written."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest

from partybuild_flow.analysis.tables import workbook
from partybuild_flow.analysis.tables.exchange import export_table, import_table
from partybuild_flow.analysis.tables.written_table import read_table_file, table_of
from partybuild_flow.analysis.tables.yaml_out import changed_yaml
from partybuild_flow.errors import WorkflowInvalid
from partybuild_flow.problems import Position

openpyxl = pytest.importorskip("openpyxl")

WORKFLOW = """\
流程: 评星
代号: stars
字段:
  得分: {代号: score, 类型: 数字}
  类别: {代号: kind, 类型: 选项, 取值: [国企, 两新]}
状态: {申报: {代号: applied}, 定星: {代号: done, 终结: 是}}
流转:
  - {事件: 申报, 代号: apply, 须填: [得分, 类别], 由: 任何人, 到: 申报}
  - {事件: 评定, 代号: rate, 从: 申报, 由: 任何人, 依据: 档次.去向, 到: {定星: 定星, 重报: 申报}}
"""
TABLE = """\
# 得分对应的去向。
决策表: 档次
代号: band
命中: U
输入: [得分, 类别]      # 先分后类
输出:
  去向: {代号: way, 类型: 选项, 取值: [定星, 重报]}
行:
  # 得分      类别
  - ['>= 90', '-',  定星]      # 从高
  - ['< 90',  国企, 重报]
  - ['< 90',  两新, 定星]
示例:
  - {得分: 90, 类别: 两新, 去向: 定星}
"""


@pytest.fixture
def table(tmp_path: Path) -> Path:
    folder = tmp_path / "workflows" / "stars"
    folder.mkdir(parents=True)
    (folder / "workflow.yaml").write_text(WORKFLOW, encoding="utf-8")
    (folder / "band.table.yaml").write_text(TABLE, encoding="utf-8")
    return folder / "band.table.yaml"


def told(file: Path, table: Path, **options: Any) -> list[str]:
    """The problems of an import, without the folder; the table is as it was."""
    before = table.read_bytes()
    with pytest.raises(WorkflowInvalid) as refused:
        import_table(file, table, language="zh-CN", **options)
    assert table.read_bytes() == before
    assert list(table.parent.glob(".*")) == []
    return [str(each).removeprefix(f"{file.parent.as_posix()}/") for each in refused.value.problems]


def changed_book(table: Path, change: Callable[[Any], object]) -> Path:
    """The table as a workbook in which somebody has changed the sheet of the rules."""
    file = table.parent.parent.parent / "t.xlsx"
    export_table(table, file)
    book = openpyxl.load_workbook(file)
    change(book["规则"])
    book.save(file)
    return file


def put(cell: str, value: object) -> Callable[[Any], object]:
    return lambda sheet: sheet.__setitem__(cell, value)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (put("C10", "=1+1"), "t.xlsx!规则!C10: PF565 单元格是公式；请按文本粘贴它的值"),
        (put("C10", "#N/A"), "t.xlsx!规则!C10: PF566 单元格是 #N/A 之类的错误值；请写上实际的值"),
        (put("B10", time(12, 30)), "t.xlsx!规则!B10: PF567 表格软件把填写的内容变成了日期或时间"),
        (put("B10", date(2024, 5, 1)), "t.xlsx!规则!B10: PF567 表格软件把填写的内容变成了日期或时间"),
        (put("B10", 440301199001011234), "t.xlsx!规则!B10: PF568 数字超过 15 位"),
        (put("G10", "旁注"), "t.xlsx!规则!G10: PF569 “旁注”不在任何一列之下"),
        (put("C10", None), "t.xlsx!规则!C10: PF570 单元格为空"),
        (put("B5", "条件"), "t.xlsx!规则!B5: PF571 “条件”不是列的种类；可以写：输入、输出、备注"),
        (put("A3", "命种"), "t.xlsx!规则!A3: PF562 第一列的“命种”在这里没有意义；是否想写“命中”？"),
        (put("A3", "hit"), "t.xlsx!规则!A3: PF105 "),
        (put("A3", "代号"), "t.xlsx!规则!A3: PF563 “代号”与 "),
        (put("A5", None), "t.xlsx!规则!A5: PF562 "),
        (put("D9", "[定星"), "t.xlsx!规则!D9: PF580 “[定星”既不是一个词，也不是 [甲, 乙] 这样的列表；请改正"),
        (lambda sheet: sheet.merge_cells("B10:C11"), "t.xlsx!规则!B10: PF564 单元格 B10:C11 已合并"),
        (
            lambda sheet: sheet.delete_rows(10, 3),
            "t.xlsx!规则!A5: PF583 表没有条件或没有规则行；至少各写一个：行",
        ),
        (put("C11", "国起"), "t.xlsx!规则!C11: PF422 “国起”不是该选项的取值，是否想写“国企”？"),
        (put("B10", ">= 95"), "t.xlsx!规则!B1: PF340 当 得分 90 至 <95 时没有行"),
        (put("D10", "重报"), "t.xlsx!示例!A2: PF330 "),
    ],
)
def test_what_is_wrong_in_a_workbook_is_told_at_its_cell(
    table: Path, change: Callable[[Any], object], expected: str
) -> None:
    problems = told(changed_book(table, change), table)
    assert any(each.startswith(expected) for each in problems), problems


def test_numbers_that_a_spreadsheet_made_of_texts_are_texts_again(table: Path) -> None:
    found = import_table(changed_book(table, put("D10", "定星")), table)
    assert not found.counted
    assert table.read_text(encoding="utf-8") == TABLE
    by_hand = changed_book(table, lambda sheet: [put(f"A{line}", None)(sheet) for line in (10, 11, 12)])
    assert not import_table(by_hand, table).counted


def test_only_what_changed_is_written_anew(table: Path) -> None:
    def change(sheet: Any) -> None:
        sheet["B11"], sheet["B10"], sheet["E12"] = "< 85", ">= 85", "新"
        sheet["B12"] = "< 85"

    found = import_table(changed_book(table, change), table)
    assert found.counted == (3, 0, 0, ())
    before, after = TABLE.splitlines(), table.read_text(encoding="utf-8").splitlines()
    assert [each for each in after if each not in before] == [
        "  - ['>= 85', '-',  定星]      # 从高",
        "  - ['< 85',  国企, 重报]",
        "  - ['< 85',  两新, 定星]      # 新",
    ]
    assert len(before) == len(after)


def test_a_row_and_a_section_that_are_added_behind_one_another_stay_in_order(table: Path) -> None:
    without = TABLE[: TABLE.index("示例:")].replace("  - ['< 90',  两新, 定星]\n", "")
    new = table_of(TABLE, "")
    told = changed_yaml(without, new)
    assert told.splitlines() == [each.replace(":  ", ": ") for each in TABLE.splitlines()]


def test_line_ends_and_the_mark_of_a_file_stay(table: Path) -> None:
    table.write_bytes(("\ufeff" + TABLE.replace("\n", "\r\n")).encode())
    import_table(changed_book(table, put("E11", "新")), table)
    expected = TABLE.replace("国企, 重报]", "国企, 重报]      # 新").replace("\n", "\r\n")
    assert table.read_bytes().decode() == "\ufeff" + expected


def test_a_new_table_is_made_and_a_dry_run_writes_nothing(table: Path) -> None:
    file = changed_book(table, put("E11", "新"))
    assert import_table(file, table, dry_run=True).counted == (1, 0, 0, ())
    assert table.read_text(encoding="utf-8") == TABLE
    table.unlink()
    assert import_table(file, table).counted.added == 3
    assert table_of(table.read_text(encoding="utf-8"), "") == import_table(file, table).table


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"\xff\xfeA\x00", "t.csv:1:1: PF532 "),
        ("决策表,档次\n行,1\n".encode(), "t.csv:2:1: PF562 "),
        ('决策表,"档次\n'.encode(), "t.csv:1:1: PF533 "),
        (b"", "t.csv:1:1: PF561 "),
    ],
)
def test_what_is_wrong_in_csv_is_told_at_its_line_and_cell(
    table: Path, content: bytes, expected: str
) -> None:
    file = table.parent.parent.parent / "t.csv"
    file.write_bytes(content)
    assert any(each.startswith(expected) for each in told(file, table))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_is_read_as_spreadsheets_save_it(table: Path, encoding: str, delimiter: str) -> None:
    file = table.parent.parent.parent / "t.csv"
    export_table(table, file)
    rows = list(csv.reader(io.StringIO(file.read_text(encoding="utf-8-sig"))))
    widest = max(map(len, rows))
    with file.open("w", encoding=encoding, newline="") as written:
        csv.writer(written, delimiter=delimiter).writerows(
            [*row, *[""] * (widest - len(row))] for row in [*rows, []]
        )
    assert not import_table(file, table).counted


def test_no_cell_of_csv_is_calculated(table: Path) -> None:
    signs = TABLE.replace("'< 90',  国企", "-90, 国企").replace("从高", "=1+1")
    table.write_text(signs, encoding="utf-8")
    (table.parent / "workflow.yaml").write_text(WORKFLOW, encoding="utf-8")
    file = table.parent.parent.parent / "t.csv"
    export_table(table, file)
    with file.open(encoding="utf-8-sig", newline="") as written:
        cells = [cell for row in csv.reader(written) for cell in row]
    assert {"'=1+1", "'-90"} <= set(cells)
    assert [cell for cell in cells if cell[:1] in tuple("=+-@") and cell != "-"] == []


def test_no_cell_of_a_workbook_is_a_formula_and_all_are_text(table: Path) -> None:
    table.write_text(TABLE.replace("从高", "=1+1"), encoding="utf-8")
    file = table.parent.parent.parent / "t.xlsx"
    export_table(table, file)
    book = openpyxl.load_workbook(file)
    assert book.sheetnames == ["规则", "说明", "示例", "取值"]
    assert book["取值"].sheet_state == "hidden"
    sheet = book["规则"]
    assert sheet["E10"].value == "=1+1"
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells if cell.value is not None} == {"s"}
    assert {cell.number_format for cell in cells[:-1]} <= {"@", "General"}
    assert sheet["B150"].number_format == "@"
    assert sheet.freeze_panes == "B10"
    offered = {str(each.sqref).split(":")[0]: each.formula1 for each in sheet.data_validations.dataValidation}
    assert offered.keys() == {"C10", "D10"}
    notation = " ".join(str(cell.value) for row in book["说明"].iter_rows() for cell in row)
    assert "任何值都可以" in notation
    assert "any value" in notation


def packed(file: Path, part: str, change: Callable[[bytes], bytes]) -> None:
    """Change a part of a package, or add it."""
    with zipfile.ZipFile(file) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    parts[part] = change(parts.get(part, b""))
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in parts.items():
            new.writestr(name, content)


BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
OUTSIDE = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    ("part", "change", "expected"),
    [
        ("xl/vbaProject.bin", lambda _: b"macro", "PF572 工作簿带有宏"),
        ("xl/media/blank.bin", lambda _: b"\0" * 2_000_000, "PF574 工作簿压缩得过紧或解压后过大"),
        ("xl/worksheets/sheet1.xml", lambda old: BOMB + old[old.index(b"<worksheet") :], "PF575 "),
        ("xl/worksheets/sheet1.xml", lambda old: OUTSIDE + old[old.index(b"<worksheet") :], "PF575 "),
        ("xl/worksheets/sheet1.xml", lambda old: old[:-20], "PF538 "),
    ],
)
def test_a_package_that_may_do_harm_is_refused(
    table: Path, part: str, change: Callable[[bytes], bytes], expected: str
) -> None:
    file = changed_book(table, lambda _: None)
    packed(file, part, change)
    assert told(file, table)[0].startswith(f"t.xlsx:1:1: {expected}")


def test_a_workbook_that_is_too_large_is_refused(table: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = changed_book(table, lambda _: None)
    monkeypatch.setattr(workbook, "LARGEST", 1_000)
    assert "PF574" in told(file, table)[0]
    monkeypatch.setattr(workbook, "LARGEST", 32_000_000)
    monkeypatch.setattr(workbook, "MOST_COLUMNS", 3)
    assert told(file, table)[0].startswith("t.xlsx!规则!A5: PF582 ") or "PF582" in told(file, table)[0]


def test_the_sheet_of_the_rules_is_found_by_name_or_is_the_only_one(table: Path) -> None:
    file = changed_book(table, lambda sheet: setattr(sheet, "title", "别的"))
    assert told(file, table)[0].startswith("t.xlsx:1:1: PF539 工作簿中没有工作表“规则”")
    assert not import_table(file, table, sheet="别的").counted
    book = openpyxl.load_workbook(file)
    for name in ("说明", "示例", "取值"):
        del book[name]
    book.save(file)
    found = import_table(file, table, dry_run=True)
    assert found.counted == (0, 0, 0, ("examples",))


@pytest.mark.parametrize("name", ["t.xls", "t.xlsm", "t.txt", "t"])
def test_other_kinds_of_files_are_told(table: Path, name: str) -> None:
    file = table.parent.parent.parent / name
    file.write_bytes(b"x")
    assert told(file, table) == [
        f"{name}:1:1: PF573 表按文件名的结尾存取，可用 .csv、.xlsx、.dmn；“{name}”的结尾不在其中"
    ]
    with pytest.raises(WorkflowInvalid, match="PF573"):
        export_table(table, file)


def test_a_file_that_is_no_workbook_is_told(table: Path) -> None:
    file = table.parent.parent.parent / "t.xlsx"
    file.write_text("x", encoding="utf-8")
    assert told(file, table)[0].startswith("t.xlsx:1:1: PF538 ")
    file.unlink()
    file.mkdir()
    assert told(file, table)[0].startswith("t.xlsx:1:1: PF531 ")


def test_a_text_that_no_cell_holds_is_told_and_no_file_is_left(table: Path) -> None:
    table.write_text(TABLE.replace("  - {得分: 90", '  - {"x\\u0001": 1, 得分: 90'), encoding="utf-8")
    with pytest.raises(WorkflowInvalid):
        export_table(table, table.parent / "t.xlsx")
    table.write_text(TABLE.replace("从高", "高" * 32_768), encoding="utf-8")
    with pytest.raises(
        WorkflowInvalid, match=r"t\.xlsx\.partial\.xlsx!规则!E10: PF581|t\.xlsx!规则!E10: PF581"
    ):
        export_table(table, table.parent / "t.xlsx")
    assert sorted(path.name for path in table.parent.iterdir()) == ["band.table.yaml", "workflow.yaml"]


def test_what_a_sheet_has_no_place_for_is_told_in_the_table(table: Path) -> None:
    with pytest.raises(WorkflowInvalid, match="x:9:5: PF560 “<各行>”在表格文件中没有位置"):
        table_of(TABLE.replace("  # 得分      类别\n", "  - <各行>\n"), "x")


# DMN

MODEL = """\
<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" namespace="n" name="m">
  <inputData id="i" name="得分"><variable name="得分"/></inputData>
  <decision id="d" name="档次">
    <decisionTable hitPolicy="UNIQUE">
      <input><inputExpression><text>得分</text></inputExpression></input>
      <input><inputExpression><text>类别</text></inputExpression></input>
      <output name="去向" typeRef="string"><outputValues><text>"定星", "重报"</text></outputValues></output>
      <rule><inputEntry><text>&gt;= 90</text></inputEntry><inputEntry><text>-</text></inputEntry>
        <outputEntry><text>"定星"</text></outputEntry></rule>
      <rule><inputEntry><text>&lt; 90</text></inputEntry><inputEntry><text/></inputEntry>
        <outputEntry><text>"重报"</text></outputEntry></rule>
    </decisionTable>
  </decision>
</definitions>
"""


@pytest.fixture
def model(table: Path) -> Path:
    file = table.parent.parent.parent / "t.dmn"
    file.write_text(MODEL, encoding="utf-8")
    return file


def test_the_model_of_another_tool_becomes_a_table_and_keeps_what_it_does_not_say(
    table: Path, model: Path
) -> None:
    found = import_table(model, table)
    assert found.counted == (2, 0, 1, ("id", "outputs", "examples"))
    _, new = read_table_file(table)
    assert new.outputs[0].told["values"].text == "[定星, 重报]"
    assert [tuple(cell.text for cell in row.cells) for row in new.rows] == [
        (">= 90", "-", '"定星"'),
        ("< 90", "-", '"重报"'),
    ]
    assert new.note == "得分对应的去向。"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("UNIQUE", "COLLECT", "t.dmn:4:5: PF578 命中规则 COLLECT 不在可用之列"),
        ("UNIQUE", "PRIORITY", "t.dmn:4:5: PF578 "),
        ("<inputEntry><text/></inputEntry>", "", "t.dmn:10:7: PF584 这条规则有 2 格，而表有 3 列"),
        ('<text>"重报"</text>', "<text/>", "t.dmn:11:9: PF570 "),
        ('<text>"重报"</text>', '<text>"重包"</text>', "t.dmn:11:9: PF422 "),
        ("<definitions", "<!DOCTYPE x><definitions", "t.dmn:1:1: PF575 "),
        ("<definitions", BOMB.decode() + "<definitions", "t.dmn:1:1: PF575 "),
        ("</decision>", "", "t.dmn:14:1: PF576 文件不是 DMN 模型：mismatched tag"),
        ("20230324", "20990101", "t.dmn:1:1: PF576 "),
        ("decisionTable", "list", "t.dmn:1:1: PF577 "),
    ],
)
def test_what_is_wrong_in_a_model_is_told_at_its_element(
    table: Path, model: Path, old: str, new: str, expected: str
) -> None:
    model.write_text(MODEL.replace(old, new), encoding="utf-8")
    problems = told(model, table)
    assert any(each.startswith(expected) for each in problems), problems


def test_one_of_several_decisions_is_named(table: Path, model: Path) -> None:
    decision = MODEL[MODEL.index("  <decision ") : MODEL.index("</definitions>")]
    second = decision.replace('"d"', '"e"').replace("档次", "另一个")
    model.write_text(MODEL.replace("</definitions>", second + "</definitions>"), encoding="utf-8")
    assert told(model, table)[0].endswith(
        "PF577 模型中没有这个名称的决策表；模型中有：档次、另一个；请用 --decision 指明"
    )
    assert import_table(model, table, decision="d", dry_run=True).counted


def test_what_dmn_cannot_say_is_told_in_the_table(table: Path) -> None:
    ordered = WORKFLOW.replace("取值: [国企, 两新]}", "取值: [国企, 两新], 有序: 是}")
    (table.parent / "workflow.yaml").write_text(ordered, encoding="utf-8")
    table.write_text(
        TABLE.replace("国企, 重报", "'< 两新', 重报").replace("两新, 定星]", "'>= 两新', 定星]"),
        encoding="utf-8",
    )
    with pytest.raises(WorkflowInvalid) as refused:
        export_table(table, table.parent / "t.dmn")
    assert [str(each).partition("band.table.yaml:")[2] for each in refused.value.problems] == [
        "11:15: PF579 “< 两新”无法用 DMN 表达：DMN 不知道选项的先后次序；请导出为 .csv 或 .xlsx",
        "12:15: PF579 “>= 两新”无法用 DMN 表达：DMN 不知道选项的先后次序；请导出为 .csv 或 .xlsx",
    ]
    assert not (table.parent / "t.dmn").exists()


def test_what_another_tool_changed_in_our_model_is_taken_from_it(table: Path) -> None:
    file = table.parent.parent.parent / "t.dmn"
    export_table(table, file)
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("<text>&lt; 90</text>", "<text>not(&gt;= 90)</text>"), encoding="utf-8")
    found = import_table(file, table)
    assert found.counted == (2, 0, 0, ())
    assert "  - [not(>= 90), 国企, 重报]" in table.read_text(encoding="utf-8").splitlines()


def test_a_cell_is_called_as_a_spreadsheet_calls_it() -> None:
    assert [Position("x", 3, column, sheet="s").cell for column in (1, 26, 27, 52, 703)] == [
        "A3",
        "Z3",
        "AA3",
        "AZ3",
        "AAA3",
    ]
    assert str(Position("x.xlsx", 7, 3, sheet="规则")) == "x.xlsx!规则!C7"
