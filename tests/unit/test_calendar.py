"""When terms end on the shipped calendar: the vectors of the domain, its edges, pauses, shares, warnings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

from partybuild_flow.calendar import Calendar, CalendarYear, DaysOff, Due
from partybuild_flow.feel.terms import Term, term_of
from partybuild_flow.reader.calendars import find_calendar, read_calendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
OFFICE = ((time(9), time(12)), (time(13), time(17)))
HOURS = {"2 小时": timedelta(hours=2), "30 分钟": timedelta(minutes=30), "0 小时": timedelta(0)}
Stops = Sequence[tuple[str, str | None]]


@pytest.fixture(scope="module")
def cn() -> Calendar:
    path = find_calendar("cn", [])
    assert path is not None
    return read_calendar(path)


def at(text: str) -> datetime:
    """An instant of the civil clock; 24:00 is the next day's 00:00."""
    day, _, clock = text.partition(" ")
    if clock == "24:00":
        return datetime.fromisoformat(day).replace(tzinfo=SHANGHAI) + timedelta(days=1)
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def term(text: str) -> Term | timedelta:
    found = HOURS.get(text) or term_of(text)
    assert found is not None or text in HOURS, text
    return HOURS[text] if found is None else found


def stops(pauses: Stops) -> list[tuple[datetime, datetime | None]]:
    return [(at(left), at(right) if right else None) for left, right in pauses]


def due(calendar: Calendar, start: str, length: str, pauses: Stops = ()) -> Due:
    found = calendar.due(term(length), at(start), stops(pauses))
    assert found is not None
    assert found.instant.tzinfo is UTC
    return found


@pytest.mark.parametrize(
    ("vector", "start", "length", "end"),
    [
        ("C1", "2022-09-30 10:00", "1 工作日", "2022-10-08 24:00"),
        ("C2", "2022-09-30 10:00", "5 工作日", "2022-10-12 24:00"),
        ("C3", "2022-01-28 10:00", "1 工作日", "2022-01-29 24:00"),
        ("C3", "2022-01-28 10:00", "3 工作日", "2022-02-07 24:00"),
        ("C4", "2022-12-30 10:00", "1 工作日", "2023-01-03 24:00"),
        ("C5", "2023-04-21 10:00", "1 工作日", "2023-04-23 24:00"),
        ("C7", "2023-09-28 10:00", "5 工作日", "2023-10-11 24:00"),
        ("C7", "2023-09-28 10:00", "15 工作日", "2023-10-25 24:00"),
        ("C9", "2022-10-02 10:00", "5 工作日", "2022-10-12 24:00"),
        ("C11", "2026-09-30 10:00", "5 工作日", "2026-10-13 24:00"),
        ("C12", "2022-10-31 10:00", "5 工作日 含当日", "2022-11-04 24:00"),
        ("C14", "2023-01-17 10:00", "5 工作日 含当日", "2023-01-28 24:00"),
        ("C15", "2022-08-09 10:00", "60 日", "2022-10-08 24:00"),
        ("C17", "2026-01-31 10:00", "15 日", "2026-02-24 24:00"),
        ("C18", "2022-09-30 16:00", "4 工作时", "2022-10-08 12:00"),
        ("C20", "2022-09-29 11:30", "2 工作时", "2022-09-29 14:30"),
        ("C21", "2022-10-01 23:30", "2 小时", "2022-10-02 01:30"),
    ],
)
def test_a_term_ends_as_the_domain_computed_it(
    cn: Calendar, vector: str, start: str, length: str, end: str
) -> None:
    assert due(cn, start, length) == (at(end), False), vector


def test_what_comes_in_on_a_holiday_may_be_taken_to_come_in_with_the_next_working_day(cn: Calendar) -> None:
    received = cn.received(at("2022-10-02 10:00"))  # C10
    assert received == at("2022-10-08 09:00")
    assert cn.due(Term(Decimal(5), "working-day"), received) == (at("2022-10-13 24:00"), False)


@pytest.mark.parametrize(
    ("instant", "received"),
    [
        ("2022-09-29 10:00", "2022-09-29 10:00"),
        ("2022-09-29 06:00", "2022-09-29 09:00"),
        ("2022-09-29 12:00", "2022-09-29 13:00"),
        ("2022-09-29 12:30", "2022-09-29 13:00"),
        ("2022-09-29 16:59:59.999999", "2022-09-29 16:59:59.999999"),
        ("2022-09-29 17:00", "2022-09-30 09:00"),
        ("2022-09-30 17:00", "2022-10-08 09:00"),
    ],
)
def test_something_is_received_in_business_hours(cn: Calendar, instant: str, received: str) -> None:
    assert cn.received(at(instant)) == at(received)


@pytest.mark.parametrize(
    ("start", "length", "end"),
    [
        ("2022-09-29 23:59:59.999999", "1 工作日", "2022-09-30 24:00"),
        ("2022-09-30 00:00", "1 工作日", "2022-10-08 24:00"),
        ("2022-09-29 10:00", "1 工作日 至下班", "2022-09-30 17:00"),
        ("2022-09-29 10:00", "1 日 至下班", "2022-09-30 17:00"),
        ("2022-09-30 18:00", "1 工作日 含当日", "2022-09-30 24:00"),
        ("2022-10-01 10:00", "1 工作日 含当日", "2022-10-08 24:00"),
        ("2022-10-01 10:00", "1 工作日", "2022-10-08 24:00"),
        ("2024-02-29 10:00", "1 年", "2025-02-28 24:00"),
        ("2023-02-28 10:00", "1 年", "2024-02-28 24:00"),
        ("2024-01-31 10:00", "1 个月", "2024-02-29 24:00"),
        ("2023-01-31 10:00", "1 个月", "2023-02-28 24:00"),
        ("2022-08-31 10:00", "1 个月", "2022-09-30 24:00"),
        ("2022-09-01 10:00", "1 个月", "2022-10-08 24:00"),
        ("2022-11-30 10:00", "3 个月", "2023-02-28 24:00"),
        ("2022-12-25 10:00", "10 日", "2023-01-04 24:00"),
        ("2022-05-20 10:00", "8 日 含当日", "2022-05-27 24:00"),
        ("2023-05-20 10:00", "8 日 含当日", "2023-05-27 24:00"),
        ("2022-03-01 10:00", "1 个月 含当日", "2022-03-31 24:00"),
        ("2023-01-31 10:00", "1 个月 含当日", "2023-02-28 24:00"),
        ("2022-03-15 10:00", "1 年 含当日", "2023-03-14 24:00"),
        ("2022-09-29 06:00", "1 工作时", "2022-09-29 10:00"),
        ("2022-09-29 12:15", "1 工作时", "2022-09-29 14:00"),
        ("2022-09-29 09:00", "3 工作时", "2022-09-29 12:00"),
        ("2022-09-29 18:00", "7 工作时", "2022-09-30 17:00"),
        ("2022-09-29 16:59:59.999999", "0.5 工作时", "2022-09-30 09:29:59.999999"),
        ("2022-10-05 10:00", "0.5 工作时", "2022-10-08 09:30"),
        ("2022-09-29 10:00", "0 工作日", "2022-09-29 10:00"),
        ("2022-09-29 10:00", "-3 日", "2022-09-29 10:00"),
        ("2022-09-29 10:00", "0 小时", "2022-09-29 10:00"),
    ],
)
def test_a_term_ends_at_its_edges_as_written(cn: Calendar, start: str, length: str, end: str) -> None:
    assert due(cn, start, length) == (at(end), False)


@pytest.mark.parametrize(
    ("start", "length", "provisional"),
    [
        ("2026-12-10 10:00", "10 工作日", False),  # ends on the 24th
        ("2026-12-10 10:00", "11 工作日", True),  # the notice for 2027 may still change the last week of 2026
        ("2025-12-10 10:00", "11 工作日", False),
        ("2027-03-01 10:00", "1 工作日", True),
        ("2017-03-01 10:00", "1 工作日", True),
        ("2027-03-01 10:00", "1 工作时", True),
        ("2026-12-10 10:00", "60 日", True),
        ("2027-03-01 10:00", "60 日 含当日", False),  # no calendar is asked
        ("2027-03-01 10:00", "2 小时", False),
    ],
)
def test_a_term_is_provisional_where_an_unpublished_year_may_move_it(
    cn: Calendar, start: str, length: str, provisional: bool
) -> None:
    assert due(cn, start, length).provisional is provisional


def test_an_unpublished_year_rests_at_weekends(cn: Calendar) -> None:
    assert (cn.published(2026), cn.published(2027), cn.published(2030)) == (date(2025, 11, 4), None, None)
    assert [cn.is_working(date(2027, 10, day)) for day in range(1, 8)] == [
        True,
        False,
        False,
        True,
        True,
        True,
        True,
    ]
    assert due(cn, "2027-09-30 10:00", "5 工作日").instant == at("2027-10-07 24:00")


@pytest.mark.parametrize(
    ("start", "length", "pauses", "end"),
    [
        # Friday to Monday: two rest days and 17 hours, no whole working day
        ("2022-11-16 10:00", "5 工作日", [("2022-11-18 16:00", "2022-11-21 09:00")], "2022-11-23 24:00"),
        ("2022-11-16 10:00", "5 工作日", [("2022-11-19 10:00", "2022-11-20 18:00")], "2022-11-23 24:00"),
        ("2022-11-16 10:00", "5 工作日", [("2022-11-17 10:00", "2022-11-21 10:00")], "2022-11-25 24:00"),
        # two halves make a day
        ("2022-11-14 10:00", "5 工作日", [("2022-11-15 08:00", "2022-11-15 20:00")], "2022-11-21 24:00"),
        (
            "2022-11-14 10:00",
            "5 工作日",
            [("2022-11-15 08:00", "2022-11-15 20:00"), ("2022-11-17 08:00", "2022-11-17 20:00")],
            "2022-11-22 24:00",
        ),
        # the day on which the term starts is not counted, so it cannot be paused either
        ("2022-11-14 00:00", "5 工作日", [("2022-11-14 00:00", "2022-11-15 00:00")], "2022-11-21 24:00"),
        (
            "2022-11-14 00:00",
            "5 工作日 含当日",
            [("2022-11-14 00:00", "2022-11-15 00:00")],
            "2022-11-21 24:00",
        ),
        # no length, overlapping, before, after
        ("2022-11-14 10:00", "5 工作日", [("2022-11-16 10:00", "2022-11-16 10:00")], "2022-11-21 24:00"),
        (
            "2022-11-14 10:00",
            "5 工作日",
            [("2022-11-15 00:00", "2022-11-17 00:00"), ("2022-11-16 00:00", "2022-11-16 12:00")],
            "2022-11-23 24:00",
        ),
        ("2022-11-14 10:00", "5 工作日", [("2022-11-01 00:00", "2022-11-10 00:00")], "2022-11-21 24:00"),
        ("2022-11-14 10:00", "5 工作日", [("2022-11-22 00:00", None)], "2022-11-21 24:00"),
        # natural days are paused by the day of 24 hours, and roll at the end only
        ("2022-11-14 10:00", "5 日", [("2022-11-15 10:00", "2022-11-16 10:00")], "2022-11-21 24:00"),
        ("2022-11-14 10:00", "4 日", [("2022-11-15 10:00", "2022-11-16 09:59")], "2022-11-18 24:00"),
        ("2022-11-01 10:00", "1 个月", [("2022-11-10 00:00", "2022-11-15 00:00")], "2022-12-06 24:00"),
        # hours to the microsecond
        ("2022-11-18 16:00", "4 工作时", [("2022-11-18 16:30", "2022-11-21 10:00")], "2022-11-21 14:30"),
        ("2022-11-18 16:00", "4 工作时", [("2022-11-19 00:00", "2022-11-20 00:00")], "2022-11-21 12:00"),
        ("2022-11-18 16:00", "2 小时", [("2022-11-18 17:00", "2022-11-18 20:00")], "2022-11-18 21:00"),
    ],
)
def test_pauses_are_measured_in_the_terms_own_clock(
    cn: Calendar, start: str, length: str, pauses: Stops, end: str
) -> None:
    assert due(cn, start, length, pauses).instant == at(end)


@pytest.mark.parametrize("length", ["5 工作日", "5 日", "1 个月", "9 工作时", "2 小时"])
def test_a_term_is_not_due_while_it_is_paused(cn: Calendar, length: str) -> None:
    assert cn.due(term(length), at("2022-11-18 10:00"), stops([("2022-11-18 10:30", None)])) is None


@pytest.mark.parametrize(
    ("length", "share", "reached"),
    [
        ("5 工作日", "0.8", "2022-10-11 24:00"),
        ("5 工作日", "0.5", "2022-10-10 12:00"),
        ("5 工作日", "1", "2022-10-12 24:00"),
        ("5 工作日", "0", "2022-09-30 16:00"),
        ("5 工作日 至下班", "1", "2022-10-12 17:00"),
        ("4 工作时", "0.5", "2022-10-08 10:00"),
        ("10 日", "0.5", "2022-10-05 24:00"),
        ("2 小时", "0.5", "2022-09-30 17:00"),
    ],
)
def test_a_share_of_a_term_passes_in_its_own_clock(
    cn: Calendar, length: str, share: str, reached: str
) -> None:
    assert cn.fraction(term(length), at("2022-09-30 16:00"), Decimal(share)) == at(reached)


def test_a_share_is_reached_before_a_pause_that_lasts_and_not_within_it(cn: Calendar) -> None:
    start, pause = at("2022-11-14 10:00"), stops([("2022-11-18 00:00", None)])
    five = Term(Decimal(5), "working-day")
    assert cn.fraction(five, start, Fraction(3, 5), pause) == at("2022-11-17 24:00")
    assert cn.fraction(five, start, Fraction(4, 5), pause) is None
    ended = stops([("2022-11-18 00:00", "2022-11-19 00:00")])
    assert cn.fraction(five, start, Fraction(4, 5), ended) == at("2022-11-21 24:00")


@pytest.mark.parametrize(
    ("instant", "length", "before"),
    [
        ("2022-10-12 24:00", "1 工作日", "2022-10-11 24:00"),
        ("2022-10-08 24:00", "1 工作日", "2022-09-30 24:00"),
        ("2022-10-08 17:00", "1 工作日", "2022-09-30 17:00"),
        ("2022-10-05 10:00", "1 工作日", "2022-09-30 10:00"),
        ("2022-10-08 12:00", "2 工作时", "2022-10-08 10:00"),
        ("2022-10-08 10:00", "2 工作时", "2022-09-30 16:00"),
        ("2022-10-08 10:00", "1 工作时", "2022-10-08 09:00"),
        ("2022-10-12 24:00", "3 日", "2022-10-09 24:00"),
        ("2022-03-31 24:00", "1 个月", "2022-02-28 24:00"),
        ("2022-10-12 24:00", "2 小时", "2022-10-12 22:00"),
        ("2022-10-12 24:00", "0 日", "2022-10-12 24:00"),
    ],
)
def test_a_warning_comes_so_long_before_an_instant(
    cn: Calendar, instant: str, length: str, before: str
) -> None:
    assert cn.before(at(instant), term(length)) == at(before)


@pytest.mark.parametrize("length", ["100000 年", "100000 个月", "9 年", "100000 工作日"])
def test_beyond_the_last_year_of_all_nothing_is_due(cn: Calendar, length: str) -> None:
    start = datetime(9999, 1, 1, tzinfo=UTC)
    first = datetime(1, 3, 1, tzinfo=UTC)
    assert cn.due(term(length), start) is None
    assert cn.fraction(term(length), start, Decimal("0.999")) is None
    assert cn.before(first, term(length)) is None
    assert cn.due(timedelta.max, start) is None
    assert cn.received(datetime.max.replace(tzinfo=UTC)) is None


def test_an_instant_without_a_zone_is_meant_on_the_civil_clock(cn: Calendar) -> None:
    for length in ("1 工作日", "2 工作时", "2 小时", "0 日"):
        bare, aware = datetime(2022, 9, 29, 23, 30), at("2022-09-29 23:30")  # noqa: DTZ001
        assert cn.due(term(length), bare) == cn.due(term(length), aware)


@pytest.mark.parametrize(
    ("hours", "rest", "years"),
    [
        ((), {6, 7}, ()),
        (((time(9), time(9)),), {6, 7}, ()),
        (((time(13), time(17)), (time(9), time(12))), {6, 7}, ()),
        (OFFICE, {1, 2, 3, 4, 5, 6, 7}, ()),
        (OFFICE, {0}, ()),
        (OFFICE, {6, 7}, (CalendarYear(2024), CalendarYear(2024))),
        (
            OFFICE,
            {6, 7},
            (
                CalendarYear(
                    2024, None, "", (DaysOff("", date(2024, 1, 1), date(2024, 1, 3)),), (date(2024, 1, 2),)
                ),
            ),
        ),
    ],
)
def test_a_calendar_that_makes_no_sense_is_refused(
    hours: tuple[tuple[time, time], ...], rest: set[int], years: tuple[CalendarYear, ...]
) -> None:
    with pytest.raises(ValueError, match=r"business hours|weekdays|twice|both off and worked"):
        Calendar("x", "x", hours, frozenset(rest), years)


def test_the_hash_changes_with_what_instants_depend_on_and_nothing_else() -> None:
    plain = Calendar("a", "A", OFFICE, years=(CalendarYear(2024, date(2023, 1, 1), "one"),))
    renamed = Calendar(
        "b", "B", OFFICE, years=(CalendarYear(2024, date(2023, 2, 2), "two"), CalendarYear(2025))
    )
    others = [
        Calendar("a", "A", OFFICE[:1], years=plain.years),
        Calendar("a", "A", OFFICE, frozenset({7}), plain.years),
        Calendar("a", "A", OFFICE, years=(CalendarYear(2024),)),
        Calendar("a", "A", OFFICE, years=(plain.years[0]._replace(worked=(date(2024, 1, 6),)),)),
        Calendar(
            "a", "A", OFFICE, years=(plain.years[0]._replace(off=(DaysOff("", *(date(2024, 1, 5),) * 2),)),)
        ),
    ]
    assert plain.hash == renamed.hash
    assert len({plain.hash, *(calendar.hash for calendar in others)}) == 6
