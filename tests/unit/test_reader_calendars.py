"""Calendars as files: the shipped one against two libraries, an adopter's own, both languages."""

from __future__ import annotations

from datetime import date, time, timedelta
from pathlib import Path

import chinese_calendar
import holidays
import pytest

from partybuild_flow.calendar import Calendar, DaysOff
from partybuild_flow.errors import WorkflowInvalid
from partybuild_flow.reader.calendars import find_calendar, read_calendar

PUBLISHED = range(2018, 2027)


@pytest.fixture(scope="module")
def cn() -> Calendar:
    path = find_calendar("cn", [])
    assert path is not None
    return read_calendar(path)


def days_of(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=passed) for passed in range((date(year + 1, 1, 1) - first).days)]


@pytest.mark.parametrize("year", PUBLISHED)
def test_every_shipped_day_is_as_chinesecalendar_has_it(cn: Calendar, year: int) -> None:
    try:
        told = [day for day in days_of(year) if chinese_calendar.is_workday(day)]
    except NotImplementedError:
        pytest.skip(f"this chinesecalendar does not know {year}")
    assert [day for day in days_of(year) if cn.is_working(day)] == told


@pytest.mark.parametrize("year", PUBLISHED)
def test_every_shipped_day_is_as_holidays_has_it(cn: Calendar, year: int) -> None:
    # Where it knows no notice it still answers from the law, without the days of exchange.
    china = holidays.country_holidays("CN", years=(year, year + 1))
    if not any("substituted" in name for day, name in china.items() if day.year == year):
        pytest.skip(f"this holidays has no notice for {year}")
    assert [day for day in days_of(year) if cn.is_working(day)] == [
        day for day in days_of(year) if china.is_working_day(day)
    ]


def test_each_section_lists_as_many_days_as_its_notice(cn: Calendar) -> None:
    listed = {
        year.year: (sum((last - first).days + 1 for _, first, last in year.off), len(year.worked))
        for year in cn.years
    }
    assert listed == {
        2018: (23, 6),
        2019: (24, 7),
        2020: (30, 7),
        2021: (31, 7),
        2022: (31, 7),
        2023: (27, 7),
        2024: (28, 8),
        2025: (28, 5),
        2026: (33, 6),
        2027: (0, 0),
    }


def test_the_shipped_years_name_their_notices_and_2027_has_none(cn: Calendar) -> None:
    assert (cn.id, cn.name) == ("cn", "中国工作日历")
    assert cn.hours == ((time(9), time(12)), (time(13), time(17)))
    for year in cn.years[:-1]:
        assert year.published is not None
        assert year.published.year == year.year - 1
        assert f"{year.year}年部分节假日安排的通知（国办发明电〔{year.year - 1}〕" in year.source
    assert cn.years[-1] == (2027, None, "", (), ())


def test_a_day_of_one_year_may_stand_in_the_section_of_the_next(cn: Calendar) -> None:
    sections = [
        year.year for year in cn.years for _, first, last in year.off if first <= date(2022, 12, 31) <= last
    ]
    assert (sections, cn.is_working(date(2022, 12, 31))) == ([2023], False)


def test_a_calendar_in_english_says_the_same(tmp_path: Path) -> None:
    path = tmp_path / "city.calendar.yaml"
    path.write_text(
        "calendar: City\n"
        "hours: 8:30–12:00\n"
        "rest: [sunday]\n"
        "years:\n"
        "  2024:\n"
        "    published: 2023-10-25\n"
        "    source: notice 7\n"
        "    off: {autumn: [2024-10-01 to 2024-10-03, 2024-10-07], New Year: 2024-01-01}\n"
        "    worked: 2024-10-06\n"
        "  2025:\n",
        encoding="utf-8",
    )
    found = read_calendar(path)
    assert (found.id, found.name, found.hours) == ("city", "City", ((time(8, 30), time(12)),))
    assert found.rest == {7}
    assert (found.published(2024), found.published(2025)) == (date(2023, 10, 25), None)
    assert found.years[0].off == (
        DaysOff("autumn", date(2024, 10, 1), date(2024, 10, 3)),
        DaysOff("autumn", date(2024, 10, 7), date(2024, 10, 7)),
        DaysOff("New Year", date(2024, 1, 1), date(2024, 1, 1)),
    )
    assert [found.is_working(date(2024, 10, day)) for day in range(3, 8)] == [False, True, True, True, False]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("日历: 市级\n", "1:1: PF107"),
        ("日历: 市级\n办公时间: 09:00-12:00\n节日: 无\n", "3:1: PF104"),
        ("日历: 市级\n办公时间: 09:00-12:00\n休息日: [周六, 礼拜天]\n", "3:11: PF109"),
        ("日历: 市级\n办公时间: 09:00-12:00\n休息日: [saturday]\n", "3:7: PF105"),
        ("日历: 市级\n办公时间: 09:00-12:00\n休息日: [[周六]]\n", "3:7: PF108"),
        ("日历: 市级\n办公时间: 09:00-12:00\n年份:\n  2024: {发布: 去年}\n", "4:14: PF113"),
        ("日历: 市级\n办公时间: 09:00-12:00\n年份:\n  2024: {放假: {元旦: {日: 1}}}\n", "4:19: PF108"),
        ("日历: 市级\n办公时间: 09:00-12:00\n年份:\n  2024: {放假: 2024-01-01}\n", "4:14: PF108"),
        ("日历: 市级\n办公时间：09:00-12:00\n", "2:5: PF130"),
        ("", "1:1: PF103"),
    ],
)
def test_what_is_wrong_with_a_calendar_is_told_at_its_word(text: str, told: str, tmp_path: Path) -> None:
    path = tmp_path / "city.calendar.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(WorkflowInvalid) as refused:
        read_calendar(path)
    assert str(refused.value.problems[0]).startswith(f"{path}:{told} ")


def test_a_year_damaged_by_one_bad_day_is_not_told_to_be_empty(tmp_path: Path) -> None:
    path = tmp_path / "city.calendar.yaml"
    path.write_text(
        "日历: 市级\n办公时间: 09:00-12:00\n年份:\n  2024: {发布: 2023-10-25, 放假: {元旦: 一月一日}}\n",
        encoding="utf-8",
    )
    with pytest.raises(WorkflowInvalid) as refused:
        read_calendar(path)
    assert [problem.code for problem in refused.value.problems] == ["PF544"]


def test_the_adopters_own_calendar_wins_over_the_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "first").mkdir()
    own = tmp_path / "second" / "cn.calendar.yaml"
    own.parent.mkdir()
    own.write_text("日历: 本单位\n办公时间: 08:30-11:30\n", encoding="utf-8")
    assert find_calendar("cn", [tmp_path / "first", tmp_path / "second"]) == own
    shipped = find_calendar("cn", [tmp_path / "first"])
    assert shipped is not None
    assert shipped.name == "cn.calendar.yaml"


@pytest.mark.parametrize("name", ["moon", "../cn", "", "workflows/cn", "cn.calendar.yaml", "..", "c n"])
def test_a_name_that_no_calendar_has_finds_nothing(name: str, tmp_path: Path) -> None:
    (tmp_path.parent / "cn.calendar.yaml").write_text("日历: 别处\n", encoding="utf-8")
    assert find_calendar(name, [tmp_path]) is None
