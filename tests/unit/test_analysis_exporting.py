"""What is exported is read again as it was, harms no spreadsheet, and shows nobody more than he may see."""

from __future__ import annotations

import csv
import io
import json
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partybuild_flow import Actor, Engine
from partybuild_flow.analysis.event_log import read_xes
from partybuild_flow.analysis.exporting import (
    Told,
    guarded,
    unguarded,
    write_cases,
    write_entries,
    write_xes,
)
from tests.moving import MAP, TABLE, a_workflow
from tests.unit.conftest import Pbflow

CLERK = Actor("小周", [("受理员", "区")])
SECRET = "13912345678"


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    folder = tmp_path / "workflows" / "request"
    a_workflow(folder)
    clock = datetime(2024, 3, 1, 8, 5, 1, 123456, tzinfo=UTC)
    with Engine.open(f"sqlite:///{tmp_path / 'cases.db'}", workflows=folder, clock=lambda: clock) as engine:
        data = {
            "类别": "投诉",
            "来源编号": "A1",
            "电话": SECRET,
            "人数": 3,
            "说明": '=1+1 <&"\n\x0b',
            "金额": "-12.50",
        }
        case = engine.start("request", data, by=CLERK, unit="区/甲").case
        engine.send(case.id, "close", {"说明": "@已办"}, by=CLERK)
        engine.start("request", {"类别": "求助", "来源编号": "A2"}, by=CLERK, unit="区/乙")
        yield engine


def all_told(engine: Engine, by: Actor | None = None) -> list[Told]:
    return [
        Told(engine.workflow_of(each), each, engine.history(each.id, by=by)) for each in engine.cases(by=by)
    ]


def test_a_log_is_read_again_by_our_own_reader(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "log.xes"
    with path.open("w", encoding="utf-8") as file:
        assert write_xes(all_told(engine), file) == 2
    first, second = read_xes(path)
    assert first.attributes["number"] == "A1"
    assert first.attributes["amount"] == Decimal("-12.50")
    assert first.attributes["state"] == "办结"
    report, close = first.events
    assert report.attributes["concept:name"] == "登记"
    assert report.attributes["org:resource"] == "小周"
    assert report.attributes["time:timestamp"] == datetime(2024, 3, 1, 8, 5, 1, 123456, tzinfo=UTC)
    assert report.attributes["people"] == 3
    assert report.attributes["text"] == '=1+1 <&"\n\ufffd'
    assert close.attributes["lifecycle:transition"] == "complete"
    assert len(second.events) == 1


@given(st.text(), st.text(min_size=1))
def test_any_text_survives_in_a_log(text: str, other: str) -> None:
    from xml.sax import parseString
    from xml.sax.handler import ContentHandler

    from partybuild_flow.analysis.exporting import _attributes

    found: dict[str, str] = {}

    class Reading(ContentHandler):
        def startElement(self, name: str, attrs: Any) -> None:  # noqa: N802 - SAX calls it so
            found[name] = attrs.get("value")

    parseString(f"<log>{_attributes([('a', text), ('b', Decimal(len(other)))], 0)}</log>", Reading())
    assert len(found["string"]) == len(text)
    assert found["int"] == str(len(other))


def test_pm4py_reads_the_log(engine: Engine, tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pm4py = pytest.importorskip("pm4py", reason="pm4py is not installed")
    path = tmp_path / "log.xes"
    with path.open("w", encoding="utf-8") as file:
        write_xes(all_told(engine), file)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what pm4py and pandas warn of is theirs
        frame = pm4py.read_xes(str(path))
    assert len(frame) == 3
    assert set(frame["concept:name"]) == {"登记", "办理完毕"}
    assert frame["case:concept:name"].nunique() == 2
    assert str(frame["time:timestamp"].iloc[0].tz) == "UTC"


def test_a_spreadsheet_finds_one_row_a_case_and_nothing_to_calculate(engine: Engine) -> None:
    file = io.StringIO()
    assert write_cases(all_told(engine), file, "zh-CN") == 2
    text = file.getvalue()
    assert text.startswith("\ufeff事项,流程,状态,单位,")
    first, second = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    assert first["说明"] == "'@已办"
    assert first["金额"] == "-12.50"
    assert (first["状态"], second["状态"]) == ("办结", "在办")
    assert first["开始时间"] == "2024-03-01 16:05:01"


def test_a_spreadsheet_finds_one_row_an_entry(engine: Engine) -> None:
    file = io.StringIO()
    assert write_entries(all_told(engine), file, "en") == 3
    rows = list(csv.DictReader(io.StringIO(file.getvalue().removeprefix("\ufeff"))))
    assert [row["event"] for row in rows] == ["登记", "办理完毕", "登记"]
    assert rows[1]["data"] == "说明=@已办"


@given(st.text(min_size=1))
def test_no_text_begins_like_a_formula(text: str) -> None:
    assert guarded(text)[0] not in "=+-@\t\r"
    assert unguarded(guarded(text)) == text


@pytest.mark.parametrize("form", [["xes"], ["csv"], ["csv", "--rows", "entries"], ["jsonl"]])
def test_whoever_does_not_say_who_he_is_gets_no_personal_value(
    form: list[str], engine: Engine, pbflow: Pbflow
) -> None:
    engine.close()
    db = ["--db", "sqlite:///cases.db"]
    strangers = pbflow("export", "--format", *form, *db).stdout
    clerks = pbflow("export", "--format", *form, *db, "--by", "小周:受理员@区").stdout
    assert "A1" in strangers
    assert SECRET not in strangers
    if form != ["csv", "--rows", "cases"]:
        assert SECRET in clerks


def test_a_reader_gets_the_cases_that_he_may_see(engine: Engine, pbflow: Pbflow) -> None:
    engine.close()
    arguments = ["export", "--format", "jsonl", "--db", "sqlite:///cases.db", "--by", "x:受理员@区/乙"]
    (line,) = pbflow(*arguments).stdout.splitlines()
    record = json.loads(line)
    assert record["unit"] == "区/乙"
    assert [each["event"] for each in record["entries"]] == ["report"]


def test_days_state_unit_and_workflow_narrow_what_is_exported(engine: Engine, pbflow: Pbflow) -> None:
    engine.close()

    def count(*narrow: str) -> int:
        out = pbflow("export", "--format", "jsonl", "--db", "sqlite:///cases.db", *narrow)
        assert out.exit_code == 0, out.stderr
        return len(out.stdout.splitlines())

    assert count("--from", "2024-03-01", "--to", "2024-03-01") == 2
    assert count("--from", "2024-03-02") == count("--to", "2024-02-29") == 0
    assert count("--workflow", "诉求", "--state", "办结") == 1
    assert count("--unit", "区/乙") == 1


def test_a_table_goes_in_its_refused_rows_come_back_mended_and_all_comes_out(
    tmp_path: Path, pbflow: Pbflow
) -> None:
    a_workflow(tmp_path / "workflows" / "request")
    (tmp_path / "map.yaml").write_text(MAP, encoding="utf-8")
    table = TABLE.replace("求助", "咨询").replace("两行", "=两行")
    (tmp_path / "hotline.csv").write_bytes(table.encode("gb18030"))
    into = ["--workflow", "诉求", "--map", "map.yaml"]
    dry = pbflow("import", "hotline.csv", *into, "--dry-run", "--language", "zh-CN")
    assert "没有写入；将新开始 1 件，已有 0 件，将退回 1 行" in dry.stdout
    assert not (tmp_path / "cases.db").exists()
    first = pbflow("import", "hotline.csv", *into, "--rejected", "back.csv", "--language", "zh-CN")
    assert first.exit_code == 1
    assert first.stdout.splitlines() == [
        "按 GB18030 读取，以逗号分列",
        "新开始 1 件，已有 0 件，退回 1 行",
        "  第 3 行，A2：“类别”填写的“***”不在取值范围内：求助、投诉",
        "退回的行在 back.csv 中；请在其中改正后导入该文件",
    ]
    back = tmp_path / "back.csv"
    assert "诉求类型,“类别”填写的“***”不在取值范围内" in back.read_text(encoding="utf-8-sig")
    back.write_text(
        back.read_text(encoding="utf-8-sig").replace("区/乙,咨询", "区/乙,求助"), encoding="utf-8"
    )
    mended = pbflow("import", "back.csv", *into, "--json")
    assert json.loads(mended.stdout)["imported"] | {"file": ""} == {
        "file": "",
        "encoding": "UTF-8",
        "delimiter": ",",
        "sheet": None,
        "dry_run": False,
        "begun": 1,
        "there": 0,
        "refused": 0,
        "rows": [],
    }
    out = pbflow("export", "--format", "csv", "-o", "out.csv", "--language", "zh-CN")
    assert out.exit_code == 0
    rows = list(
        csv.DictReader((tmp_path / "out.csv").read_text(encoding="utf-8-sig").splitlines(keepends=True))
    )
    assert {row["来源编号"]: row["说明"].replace("\r", "") for row in rows} == {
        "A1": "路灯",
        "A2": "'=两行\n文字",
    }
