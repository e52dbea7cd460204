"""Tables come back from every kind of file as they went; DMN models decide as the tables they were made of."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partybuild_flow import load_dmn
from partybuild_flow.analysis.tables.csv_file import read_csv, write_csv
from partybuild_flow.analysis.tables.dmn_in import read_dmn_table
from partybuild_flow.analysis.tables.dmn_out import write_dmn
from partybuild_flow.analysis.tables.workbook import read_workbook, write_workbook
from partybuild_flow.analysis.tables.written_table import (
    ExampleText,
    OutputText,
    RowText,
    TableText,
    Words,
    read_table_file,
    table_of,
)
from partybuild_flow.analysis.tables.yaml_out import changed_yaml, fitted, yaml_of
from partybuild_flow.definition import Table, Workflow
from partybuild_flow.reader import read_texts, read_workflow
from partybuild_flow.rules.reference import conclude_table
from tests.pages import PROJECT

SHIPPED = sorted([*PROJECT.glob("workflows/*/*.table.yaml"), *PROJECT.glob("examples/*/*.table.yaml")])
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])

SAID = st.one_of(
    st.sampled_from(
        [
            *(
                "-",
                "007",
                "12:30",
                "2024-05-01",
                "1e5",
                "=1+1",
                "+5",
                "-5",
                "@SUM(A1)",
                "'-",
                "''=x",
                "是",
                "null",
                "~",
            ),
            *(
                '"限期整改, 不得拖延"',
                'not("a")',
                "[80..90)",
                ">= 90",
                "a: b",
                "a #b",
                "_x0041_",
                "x\ny",
                "<甲>",
                "#",
                "{",
                "*a",
            ),
        ]
    ),
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12),
).map(str.strip)
"""What somebody may write; spaces around it mean nothing."""
HELD = SAID.map(lambda text: re.sub("[\x00-\x08\x0b-\x1f\ufffe\uffff]|x005F_", "", text).strip())
"""The same without what no cell of a workbook holds."""
NOTES = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp", "Cn")), max_size=8).map(
    lambda text: " ".join(text.split())
)
PACKED = st.sampled_from(
    ["007", "'007'", "[甲, 乙]", "{甲: 1}", "null", "true", "'true'", "'a, b'", "''", "5 年", '"\\u2028"']
)


@st.composite
def tables(draw: Any, said: st.SearchStrategy[str] = SAID) -> TableText:
    filled = said.filter(bool)
    words = filled.map(Words)
    names = draw(st.lists(filled, min_size=1, max_size=3, unique=True))
    keys = {"id": words, "type": words, "ordered": words, "default": words, "values": PACKED.map(Words)}
    outputs = tuple(
        OutputText(
            Words(name), draw(st.fixed_dictionaries({}, optional={**keys, "<各值>": st.just(Words(""))}))
        )
        for name in names
    )
    inputs = draw(st.lists(words, min_size=1, max_size=3))
    cells = st.lists(words, min_size=len(inputs) + len(names), max_size=len(inputs) + len(names)).map(tuple)
    rows = st.lists(st.builds(RowText, cells, NOTES), min_size=1, max_size=4).map(tuple)
    facts = st.dictionaries(filled, PACKED.map(Words), min_size=1, max_size=3)
    return TableText(
        draw(st.sampled_from(["zh-CN", "en"])),
        draw(words),
        draw(st.none() | words),
        Words(draw(st.sampled_from("UAF"))),
        tuple(inputs),
        outputs,
        draw(rows),
        draw(st.lists(words, max_size=2).map(tuple)),
        draw(st.lists(st.builds(ExampleText, facts), max_size=2).map(tuple)),
        draw(NOTES),
    )


@QUICK
@given(tables())
def test_every_table_comes_back_from_yaml_as_it_was(table: TableText) -> None:
    assert table_of(yaml_of(table), "") == table


@QUICK
@given(tables(), tables())
def test_a_file_that_is_changed_says_the_new_table(old: TableText, new: TableText) -> None:
    text = yaml_of(old)
    assert table_of(changed_yaml(text, new), "") == fitted(new, old)
    assert changed_yaml(text, old) == text


@QUICK
@given(tables())
def test_every_table_comes_back_from_csv_as_it_was_and_no_cell_is_calculated(table: TableText) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder, "table.csv")
        write_csv(table, path)
        assert read_csv(path, "en") == table


@settings(QUICK, max_examples=30)
@given(tables(HELD))
def test_every_table_comes_back_from_a_workbook_as_it_was(table: TableText) -> None:
    pytest.importorskip("openpyxl")
    with TemporaryDirectory() as folder:
        path = Path(folder, "table.xlsx")
        write_workbook(table, path, {2: ("甲", "-")})
        assert read_workbook(path, "en") == table


# The tables that are shipped


@cache
def workflow_in(folder: Path) -> Workflow:
    return read_workflow(folder)


def resolved(path: Path) -> tuple[Workflow, Table]:
    workflow = workflow_in(path.parent)
    return workflow, next(
        each for each in workflow.tables.values() if Path(each.position.path).name == path.name
    )


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_every_shipped_table_comes_back_from_every_kind_of_file(path: Path, tmp_path: Path) -> None:
    pytest.importorskip("openpyxl")
    text, table = read_table_file(path)
    write_csv(table, tmp_path / "t.csv")
    write_workbook(table, tmp_path / "t.xlsx", {})
    write_dmn(table, *resolved(path), tmp_path / "t.dmn")
    found = [
        read_csv(tmp_path / "t.csv", "en"),
        read_workbook(tmp_path / "t.xlsx", "en"),
        read_dmn_table(tmp_path / "t.dmn", "en"),
        table_of(yaml_of(table), ""),
    ]
    assert found == [table] * 4
    assert changed_yaml(text, found[2]) == text


# DMN

WORKFLOW = """\
workflow: w
fields:
  mark: {type: number}
  kind: {type: choice, values: [a, b, c]}
  urgent: {type: boolean}
states: {open: , done: {final: true}}
transitions:
  - {on: begin, needs: [mark?, kind?, urgent?], by: anyone, to: open}
  - {on: end, from: open, by: anyone, decide: t.way, to: {done: done, open: open}}
"""
PARAMETERS = "parameters: {line: {value: 60, source: none}}\n"
MARKS = st.sampled_from(
    [
        "-",
        ">= 90",
        "< line",
        "[line..90)",
        "(1..5]",
        "5",
        "not(5)",
        "1, 2, > 70",
        "null",
        "not(null)",
        "? * 2 > line",
    ]
)
KINDS = st.sampled_from(["-", "a", "a, b", 'not("a")', '"c"', "null", '"a","b"'])
TRUTHS = st.sampled_from(["-", "true", "false", "null"])
SUMS = st.sampled_from(
    ["1", "mark", "mark + 1", "line / 3", "max(mark, line)", "if urgent then 1 else -mark", "null"]
)


@settings(QUICK, max_examples=20)
@given(
    st.lists(st.tuples(MARKS, KINDS, TRUTHS, SUMS, NOTES), min_size=1, max_size=5),
    st.sampled_from("UAF"),
    st.data(),
)
def test_a_model_comes_back_as_it_was_and_decides_like_the_table(
    cells: list[tuple[str, ...]], hit: str, data: st.DataObject
) -> None:
    rows = tuple(
        RowText(
            (
                *(Words(each) for each in tests),
                Words(data.draw(st.sampled_from(["done", '"open"']))),
                Words(total),
            ),
            note,
        )
        for *tests, total, note in cells
    )
    outputs = (
        OutputText(
            Words("way"), {"type": Words("choice"), "values": Words("[done, open]"), "default": Words("open")}
        ),
        OutputText(Words("total"), {"id": Words("sum"), "type": Words("number"), "default": Words("line")}),
    )
    table = TableText(
        "en",
        Words("t"),
        None,
        Words(hit),
        tuple(map(Words, ("mark", "kind", "urgent"))),
        outputs,
        rows,
        note="",
    )
    texts = {"workflow.yaml": WORKFLOW, "parameters.yaml": PARAMETERS, "t.table.yaml": yaml_of(table)}
    workflow = read_texts(texts, "w")
    own = workflow.tables["t"]
    with TemporaryDirectory() as folder:
        path = Path(folder, "t.dmn")
        write_dmn(table, workflow, own, path)
        assert read_dmn_table(path, "zh-CN") == table
        model = load_dmn(path)
    for mark in (None, Decimal(0), Decimal(3), Decimal(60), Decimal("89.995"), Decimal(90)):
        for kind in (None, "a", "c"):
            for urgent in (None, True, False):
                facts = {"mark": mark, "kind": kind, "urgent": urgent}
                concluded = conclude_table(own, {**facts, "line": Decimal(60)})
                outputs_of = {"way": concluded.outputs["way"], "total": concluded.outputs["sum"]}
                found = model.evaluate("t", facts, told=[])
                assert found == (outputs_of if concluded.conflict is None else None), facts
