"""Written text as FEEL values, by the type of its place."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest

from partybuild_flow.feel import (
    ANY,
    BOOLEAN,
    DATE,
    DATETIME,
    DURATION,
    NUMBER,
    TEXT,
    TIME,
    Type,
    Value,
    choice_of,
    list_of,
)
from partybuild_flow.reader import UnfitTextError, value_of


@pytest.mark.parametrize(
    ("text", "expected", "value"),
    [
        ("89.995", NUMBER, Decimal("89.995")),
        ("-5", NUMBER, Decimal(-5)),
        ("1e3", NUMBER, Decimal(1000)),
        ("007", TEXT, "007"),
        ("null", TEXT, None),
        ("", TEXT, None),
        ("b", choice_of(("a", "b")), "b"),
        ("是", BOOLEAN, True),
        ("false", BOOLEAN, False),
        ("2024-02-29", DATE, date(2024, 2, 29)),
        ("09:30", TIME, time(9, 30)),
        ("2022-09-30 16:00", DATETIME, datetime(2022, 9, 30, 8, 0, tzinfo=UTC)),
        ("2022-09-30T16:00:00Z", DATETIME, datetime(2022, 9, 30, 16, 0, tzinfo=UTC)),
        ("2022-09-30T16:00:00+02:00", DATETIME, datetime(2022, 9, 30, 14, 0, tzinfo=UTC)),
        ("2 小时", DURATION, timedelta(hours=2)),
        ("P1DT30M", DURATION, timedelta(days=1, minutes=30)),
        ("3", ANY, Decimal(3)),
        ("否", ANY, False),
        ("2 hours", ANY, timedelta(hours=2)),
        ("三级医院", ANY, "三级医院"),
    ],
)
def test_a_text_says_a_value_of_the_type(text: str, expected: Type, value: Value) -> None:
    found = value_of(text, expected)
    assert found == value
    assert type(found) is type(value)


def test_a_quoted_text_is_nothing_but_text() -> None:
    assert value_of("", TEXT, quoted=True) == ""
    assert value_of("5", ANY, quoted=True) == "5"
    assert value_of("null", TEXT, quoted=True) == "null"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("five", NUMBER),
        ("１", NUMBER),
        ('"5"', NUMBER),
        ("c", choice_of(("a", "b"))),
        ("yes", BOOLEAN),
        ("2024-02-30", DATE),
        ("20240229", DATE),
        ("2024-W09", DATE),
        ("25:00", TIME),
        ("2024-02-29", DATETIME),
        ("soon", DURATION),
        ("5", DURATION),
        ("1", list_of(NUMBER)),
    ],
)
def test_a_text_that_says_no_value_of_the_type_is_refused_with_both(text: str, expected: Type) -> None:
    with pytest.raises(UnfitTextError) as caught:
        value_of(text, expected)
    assert (caught.value.text, caught.value.expected) == (text, expected)
