"""Decision tables: cells, types of outputs, defaults, examples, tables that read each other."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from partybuild_flow.definition import Table
from partybuild_flow.feel import BOOLEAN, NUMBER, choice_of, tree
from tests.leave import QINGJIA, changed, read, told

TABLE = """table: approval
inputs: [reason, days]
outputs:
  way: {type: choice, values: [pass, stop]}
rows:
  - [holiday, '<= 5', pass]
  - [holiday, '> 5', stop]
  - ['-', '-', pass]
"""


def table(*changes: tuple[str, str]) -> Table:
    return read(approval_table=changed(TABLE, *changes)).tables["approval"]


def wrong(*changes: tuple[str, str]) -> list[str]:
    return told(approval_table=changed(TABLE, *changes))


def test_a_row_has_a_test_for_each_input_and_a_value_for_each_output() -> None:
    first, second, last = table().rows
    assert [test.text if test else None for test in first.tests] == ["holiday", "<= 5"]
    assert [value.text for value in second.values] == ["stop"]
    assert last.tests == (None, None)
    assert [row.number for row in table().rows] == [1, 2, 3]
    assert str(first.position) == "leave/approval.table.yaml:6:5"


def test_inputs_may_have_labels() -> None:
    labelled = table(("inputs: [reason, days]", "inputs: {the reason: reason, twice the days: days * 2}"))
    assert [each.text for each in labelled.inputs] == ["reason", "days * 2"]


def test_a_table_is_unique_unless_it_says_otherwise() -> None:
    assert table().hit == "U"
    assert table(("inputs", "hit: F\ninputs")).hit == "F"
    assert wrong(("inputs", "hit: C\ninputs")) == ["PF109 C"]


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (("['-', '-', pass]", "['-', pass]"), ["PF301 ["]),
        (("['-', '-', pass]", "['-', '-', pass, stop]"), ["PF301 ["]),
        (("['-', '-', pass]", "pass"), ["PF108 pass"]),
        (("['-', '-', pass]", "['-', [x], pass]"), ["PF108 ["]),
        (("'<= 5', pass", "'<= 5', pas"), ["PF422 pas"]),
        (("'<= 5', pass", "'<= 5', 3"), ["PF425 3"]),
        (("[holiday, '<= 5'", "[holidays, '<= 5'"), ["PF422 holidays"]),
        (("'<= 5'", "'<= five'"), ["PF402 five"]),
        (("inputs: [reason, days]", "inputs: [reason, dayz]"), ["PF401 dayz"]),
        (("inputs: [reason, days]", "inputs: []"), ["PF110 ["]),
        (("rows:", "default: {way: pas}\nrows:"), ["PF422 pas"]),
        (("rows:", "default: {why: pass}\nrows:"), ["PF304 why"]),
        (("stop]}", "stop], default: pass}"), []),
        (("stop]}\nrows:", "stop], default: pass}\ndefault: {way: pass}\nrows:"), ["PF251 way"]),
    ],
)
def test_every_cell_is_checked_where_it_stands(change: tuple[str, str], found: list[str]) -> None:
    assert wrong(change) == found


def test_an_output_with_a_problem_is_not_followed_by_others() -> None:
    used = ("to: granted", "decide: approval.way, to: {pass: granted, stop: refused}")
    broken = changed(TABLE, ("type: choice", "type: chioce"))
    assert told(used, approval_table=broken) == ["PF109 chioce"]


@pytest.mark.parametrize(
    ("cells", "type_"),
    [
        (("pass", "stop", "pass"), choice_of(("pass", "stop"))),
        (("1", "days + 1", "2.5"), NUMBER),
        (("true", "false", "days > 3"), BOOLEAN),
    ],
)
def test_an_output_without_a_type_has_that_of_its_cells(cells: tuple[str, ...], type_: object) -> None:
    untyped = "table: approval\ninputs: [days]\noutputs: [way]\nrows:\n"
    untyped += "".join(f"  - ['-', {cell}]\n" for cell in cells)
    (output,) = read(approval_table=untyped).tables["approval"].outputs
    assert output.type == type_


def test_an_output_of_two_types_is_told() -> None:
    untyped = "table: approval\ninputs: [days]\noutputs: [way]\nrows:\n  - ['-', pass]\n  - ['-', 5]\n"
    assert told(approval_table=untyped) == ["PF314 way"]


def test_yes_and_no_are_cells_in_chinese() -> None:
    written = "决策表: 审批表\n输入: [天数 > 5]\n输出: {准: {类型: 是否}}\n行:\n  - [是, 否]\n  - [否, 是]\n"
    first = read(text=QINGJIA, approval_table=written).tables["审批表"].rows[0]
    assert isinstance(first.values[0].tree, tree.Constant)
    assert first.values[0].tree.value is False


def test_an_example_gives_facts_and_expects_outputs() -> None:
    (example,) = table(
        ("rows:", "examples:\n  - {reason: holiday, days: 3, now: 2024-05-01 08:00, way: pass}\nrows:")
    ).examples
    assert example.given == {
        "reason": "holiday",
        "days": Decimal(3),
        "now": datetime(2024, 5, 1, 0, 0, tzinfo=UTC),
    }
    assert example.expected == {"way": "pass"}


def test_an_example_may_give_an_entry_of_a_fact() -> None:
    deadline = ("transitions:", "deadlines:\n  answer: {while: asked, due: today}\ntransitions:")
    written = changed(
        TABLE,
        ("reason, days", "answer.open, days"),
        ("[holiday, '<= 5'", "['true', '<= 5'"),
        ("[holiday, '> 5'", "['false', '> 5'"),
        (
            "rows:",
            "examples:\n  - {answer.open: true, answer.due: 2024-05-01 08:00, days: null, way: null}\nrows:",
        ),
    )
    (example,) = read(deadline, approval_table=written).tables["approval"].examples
    assert example.given["answer"] == {"open": True, "due": datetime(2024, 5, 1, tzinfo=UTC)}
    assert example.given["days"] is None
    assert example.expected == {"way": None}


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("{reason: holiday, days: 3}", ["PF315 {"]),
        ("{reason: holydays, way: pass}", ["PF224 holydays"]),
        ("{dayz: 3, way: pass}", ["PF306 dayz"]),
        ("{answer.open: true, way: pass}", ["PF306 answer.open"]),
        ("{days: 3, way: go}", ["PF224 go"]),
        ("pass", ["PF108 pass"]),
    ],
)
def test_an_example_names_what_is_known(written: str, found: list[str]) -> None:
    assert wrong(("rows:", f"examples:\n  - {written}\nrows:")) == found


LIMITS = "table: limits\ninputs: [reason]\noutputs: [most, least]\nrows:\n  - [holiday, 5, 1]\n  - [illness, 90, 1]\n"


def test_a_table_may_read_another_whatever_the_order_of_the_files() -> None:
    reading = changed(
        TABLE, ("reason, days", "reason, days > limits.most"), ("'<= 5'", "'true'"), ("'> 5'", "'false'")
    )
    for name in ("a_table", "z_table"):
        workflow = read(approval_table=reading, **{name: LIMITS})
        assert workflow.tables["approval"].inputs[1].type == BOOLEAN
    assert told(approval_table=changed(reading, ("limits.most", "limits.mst")), a_table=LIMITS) == [
        "PF406 mst"
    ]


def test_tables_never_read_each_other_in_a_circle() -> None:
    reading = changed(TABLE, ("reason, days", "reason, limits.most"))
    circular = changed(
        LIMITS, ("[reason]", "[approval.way]"), ("[holiday,", "[pass,"), ("[illness,", "[stop,")
    )
    assert told(approval_table=reading, a_table=circular) == ["PF321 limits"]
    assert told(approval_table=changed(TABLE, ("reason, days", "reason, approval.way"))) != []


def test_a_table_and_a_deadline_never_read_each_other_in_a_circle() -> None:
    deadline = (
        "transitions:",
        "deadlines:\n  answer: {while: asked, due: limits.most * 1 hours}\ntransitions:",
    )
    circular = changed(
        LIMITS, ("[reason]", "[answer.open]"), ("[holiday,", "['true',"), ("[illness,", "['false',")
    )
    assert told(deadline, a_table=circular) == ["PF321 limits"]
