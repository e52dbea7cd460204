"""Fields, parameters, look-ups: types, bounds, values, names."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from partybuild_flow.feel import (
    ANY,
    BOOLEAN,
    DATE,
    DATETIME,
    DOCUMENT,
    DURATION,
    NUMBER,
    TERM,
    TEXT,
    Term,
    Type,
    Value,
    choice_of,
    context_of,
    list_of,
)
from tests.leave import QINGJIA, read, told


def field(written: str) -> tuple[str, str]:
    return ("roles:", f"  extra: {{{written}}}\nroles:")


def parameter(written: str) -> tuple[str, str]:
    return ("roles:", f"parameters:\n  limit: {{{written}}}\nroles:")


@pytest.mark.parametrize(
    ("written", "type_"),
    [
        ("text", TEXT),
        ("number", NUMBER),
        ("integer", NUMBER),
        ("money", NUMBER),
        ("boolean", BOOLEAN),
        ("date", DATE),
        ("datetime", DATETIME),
        ("term", TERM),
        ("choice, values: [b, a]", choice_of(("b", "a"))),
        ("choice, values: [b, a], ordered: true", choice_of(("b", "a"), ordered=True)),
        ("list", list_of(TEXT)),
        ("list, item: date", list_of(DATE)),
        ("list, values: [a, b]", list_of(choice_of(("a", "b")))),
        ("unit", TEXT),
        ("person", TEXT),
        ("document", DOCUMENT),
        ("list, item: document", list_of(DOCUMENT)),
        (
            "list, item: {points lost: {id: points, type: number, decimals: 1}, proof: {type: document}}",
            list_of(context_of({"points": NUMBER, "proof": DOCUMENT})),
        ),
    ],
)
def test_a_written_type_is_a_type_of_feel(written: str, type_: Type) -> None:
    found = read(field(f"type: {written}")).fields["extra"]
    assert found.type == type_
    assert found.kind == written.split(",", maxsplit=1)[0]


def test_a_field_keeps_what_is_written_of_it() -> None:
    written = (
        "  得分: {代号: score, 类型: 数字, 小数位: 2, 最小: 0, 最大: 99.5, 个人信息: 敏感, 可改进: 是}\n角色:"
    )
    found = read(("角色:", written), text=QINGJIA).fields["score"]
    assert (found.name, found.decimals, found.minimum, found.maximum) == (
        "得分",
        2,
        Decimal(0),
        Decimal("99.5"),
    )
    assert (found.personal, found.improvable) == ("sensitive", True)
    assert str(found.position) == "leave/workflow.yaml:6:3"


def test_whole_numbers_and_money_have_their_decimals() -> None:
    assert read(field("type: money")).fields["extra"].decimals == 2
    assert read(field("type: integer")).fields["extra"].decimals == 0


@pytest.mark.parametrize(
    ("written", "personal"), [("true", "personal"), ("sensitive", "sensitive"), ("false", None)]
)
def test_personal_data_is_marked(written: str, personal: str | None) -> None:
    assert read(field(f"type: text, personal: {written}")).fields["extra"].personal == personal


def test_dates_and_instants_have_bounds_and_records_have_fields() -> None:
    day = read(field("type: date, min: 2024-01-01")).fields["extra"]
    assert (day.minimum, day.maximum) == (date(2024, 1, 1), None)
    moment = read(field("type: datetime, max: 2024-12-31 17:00")).fields["extra"]
    assert moment.maximum == datetime(2024, 12, 31, 9, tzinfo=UTC)
    rows = read(field("type: list, item: {points lost: {id: points, type: money, min: 0}}")).fields["extra"]
    (column,) = rows.columns
    assert (column.id, column.name, column.kind, column.decimals, column.minimum) == (
        "points",
        "points lost",
        "money",
        2,
        Decimal(0),
    )
    assert read(field("type: list, item: integer")).fields["extra"].item == "integer"


def test_expressions_read_records_with_their_types() -> None:
    rows = field("type: list, item: {points lost: {id: points, type: number}, day: {type: date}}")
    good = (
        "from: asked, by: head",
        "from: asked, by: head, when: 'sum(extra.points) > 1 and extra[1].points lost < 2'",
    )
    assert told(rows, good) == []
    for guard, found in (
        ("extra[1].day > 1", "PF420 1"),
        ("extra.pints > 1", "PF406 pints"),
        ("count(extra[points lost > “a”]) > 1", "PF420 “"),
        ("sum(extra.day) > 1", "PF409 extra.day"),
    ):
        assert told(rows, ("from: asked, by: head", f"from: asked, by: head, when: '{guard}'")) == [found]


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("type: text, min: 1", ["PF226 min"]),
        ("type: date, max: 1", ["PF224 1"]),
        ("type: term, max: 1", ["PF226 max"]),
        ("type: date, min: 2024-02-01, max: 2024-01-31", ["PF225 2024-01-31"]),
        ("type: datetime, max: 2024-01-31", ["PF224 2024-01-31"]),
        ("type: list, item: sums", ["PF109 sums"]),
        ("type: list, item: [text]", ["PF108 ["]),
        ("type: list, item: {a: text}", ["PF108 text"]),
        ("type: list, item: {a: {type: text}, b: {type: number, id: a}}", ["PF207 a"]),
        ("type: list, item: {a: {type: list}}", ["PF109 list"]),
        ("type: list, item: {a: {type: text, personal: true}}", ["PF104 personal"]),
        ("type: list, item: {a: {type: number, min: 2, max: 1}}", ["PF225 1"]),
        ("type: list, item: {a: {type: text, min: 1}}", ["PF226 min"]),
        ("type: list, item: {a: {id: b}}", ["PF107 a"]),
        ("type: list, item: {a: {type: choice}}", ["PF227 choice"]),
        ("type: number, item: {a: {type: text}}", ["PF226 item"]),
        ("type: text, decimals: 1", ["PF226 decimals"]),
        ("type: number, values: [a]", ["PF226 values"]),
        ("type: text, ordered: true", ["PF226 ordered"]),
        ("type: text, item: text", ["PF226 item"]),
        ("type: choice", ["PF227 choice"]),
        ("type: choice, values: [a, a]", ["PF228 a"]),
        ("type: choice, values: [甲，乙]", ["PF114 甲"]),
        ("type: number, min: x", ["PF224 x"]),
        ("type: number, min: 2, max: 1", ["PF225 1"]),
    ],
)
def test_what_does_not_belong_to_a_type_is_told(written: str, found: list[str]) -> None:
    assert told(field(written)) == found


@pytest.mark.parametrize(
    ("written", "type_", "value"),
    [
        ("value: 5", NUMBER, Decimal(5)),
        ("value: -2.50", NUMBER, Decimal("-2.50")),
        ("value: '5'", TEXT, "5"),
        ("value: 5 hours", DURATION, timedelta(hours=5)),
        ("value: no such literal", TEXT, "no such literal"),
        ("value: true", BOOLEAN, True),
        ("value: [1, 2]", list_of(NUMBER), [Decimal(1), Decimal(2)]),
        ("value: []", list_of(ANY), []),
        (
            "type: document, value: rules.pdf",
            DOCUMENT,
            {"id": "rules.pdf", "name": "rules.pdf", "hash": None},
        ),
        ("type: document, value: {id: d-1, name: rules}", DOCUMENT, {"id": "d-1", "name": "rules"}),
        (
            "type: list, item: {points lost: {id: points, type: number}}, value: [{points lost: 2}, {points: 3}]",
            list_of(context_of({"points": NUMBER})),
            [{"points": Decimal(2)}, {"points": Decimal(3)}],
        ),
        ("type: text, value: 007", TEXT, "007"),
        ("type: number, value: 007", NUMBER, Decimal(7)),
        ("type: date, value: 2024-02-29", DATE, date(2024, 2, 29)),
        ("type: datetime, value: 2024-05-01 09:30", DATETIME, datetime(2024, 5, 1, 1, 30, tzinfo=UTC)),
        ("type: term, value: 90 minutes", TERM, timedelta(minutes=90)),
        ("type: term, value: PT2H", TERM, timedelta(hours=2)),
        (
            "type: term, value: 3 working days inclusive",
            TERM,
            Term(Decimal(3), "working-day", inclusive=True),
        ),
        ("value: 5 个工作日", TERM, Term(Decimal(5), "working-day")),
        ("value: 3 个月", TERM, Term(Decimal(3), "month")),
        ("type: boolean, value: false", BOOLEAN, False),
        ("type: choice, values: [a, b], value: b", choice_of(("a", "b")), "b"),
        ("type: list, item: number, value: [1]", list_of(NUMBER), [Decimal(1)]),
    ],
)
def test_a_parameter_has_the_value_that_its_type_reads(written: str, type_: Type, value: Value) -> None:
    found = read(parameter(written)).parameters["limit"]
    assert found.type == type_
    assert found.value == value
    assert type(found.value) is type(value)


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("type: number, value: five", ["PF224 five"]),
        ("type: number, value: [5]", ["PF224 ["]),
        ("type: date, value: 2024-02-30", ["PF224 2024-02-30"]),
        ("type: date, value: 20240229", ["PF224 20240229"]),
        ("type: list, item: number, value: [1, x]", ["PF224 x"]),
        ("type: list, value: x", ["PF224 x"]),
        ("type: choice, values: [a, b], value: c", ["PF224 c"]),
        ("values: [a], value: a", ["PF226 values"]),
        ("type: term, value: 5 working dys", ["PF224 5"]),
        ("type: term, value: 2.5 个月", ["PF224 2.5"]),
        ("source: x", ["PF107 limit"]),
        ("type: document, value: {id: d, title: x}", ["PF204 title"]),
        ("type: list, item: {a: {type: number}}, value: [{a: 1}, {b: 2}]", ["PF204 b"]),
        ("type: list, item: {a: {type: number}}, value: [{a: x}]", ["PF224 x"]),
    ],
)
def test_a_value_that_does_not_fit_is_told(written: str, found: list[str]) -> None:
    assert told(parameter(written)) == found


def test_parameters_may_stand_in_a_file_of_their_own() -> None:
    workflow = read(
        parameter("value: 5"), parameters="parameters:\n  other: {id: another, value: 6, source: law}\n"
    )
    assert list(workflow.parameters) == ["limit", "another"]
    assert workflow.parameters["another"].source == "law"


def test_a_look_up_is_asked_with_fields_and_parameters() -> None:
    written = (
        "look-ups:\n  balance: {id: left, with: [office, days], type: {type: list, item: number}}\nroles:"
    )
    found = read(("roles:", written)).look_ups["left"]
    assert found.inputs == ("office", "days")
    assert found.type == list_of(NUMBER)
    assert told(("roles:", written.replace("office", "offices"))) == ["PF256 offices"]


@pytest.mark.parametrize("name", ["a.b", "甲？", '说"明"', "甲；乙", "a: b"])
def test_signs_that_mean_something_else_do_not_stand_in_names(name: str) -> None:
    assert told(("roles:", f"  '{name}': {{type: text}}\nroles:")) == ["PF209 '"]


@pytest.mark.parametrize("name", ["and", "或", "now", "today", "1号楼", "-a", "item", "true"])
def test_a_name_that_no_expression_could_read_is_told(name: str) -> None:
    assert told(("roles:", f"  '{name}': {{type: text}}\nroles:")) == ["PF210 '"]


@pytest.mark.parametrize("name", ["金额（万元）", "非公企业", "e-mail", "two words", "x1", "得分·总"])
def test_other_signs_stand_in_names(name: str) -> None:
    workflow = read(
        ("roles:", f"  '{name}': {{type: number}}\nroles:"),
        ("by: head", f"by: head, when: '{name} > 5'"),
    )
    guard = workflow.transitions[1].when
    assert guard is not None
    assert guard.reads == {name}


def test_fields_parameters_and_all_that_is_read_share_their_names() -> None:
    assert told(parameter("id: days, value: 5")) == ["PF207 days"]
    assert told(("roles:", "deadlines:\n  days: {while: asked, due: today}\nroles:")) == ["PF207 days"]


def test_a_part_may_have_its_own_name_as_id() -> None:
    assert told(("days: {type", "days: {id: days, type")) == []
