"""The invented year on a small scale: it ends as it should, keeps to its quotas, and comes again with its seed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import NamedTuple

import pytest

from partybuild_flow import Engine
from partybuild_flow.analysis.year import Clock, Lived, Size, live, open_year, over_quota, summary, world
from partybuild_flow.analysis.year.calendar_2025 import people_work, workday
from partybuild_flow.analysis.year.summary import CategoryStars
from partybuild_flow.cli.shipped import shipped
from partybuild_flow.engine.library import Library
from partybuild_flow.store import MemoryStore

SIZE = Size(committees=2, organisations=60, applications=40, branches=5, requests=60)


class Year(NamedTuple):
    engine: Engine
    lived: Lived
    months: list[date]
    digest: str
    """Taken at once: in memory, salts are drawn in the order in which the journal is read."""


@cache
def library() -> Library:
    return Library(shipped("workflows"), MemoryStore())


def lived_through(seed: int) -> Iterator[Year]:
    clock, months = Clock(), list[date]()
    with open_year("memory://", library(), seed, clock) as engine:
        lived = live(engine, clock, world(seed, SIZE), months.append)
        yield Year(engine, lived, months, engine.verify().digest)


@pytest.fixture(scope="module")
def year() -> Iterator[Year]:
    yield from lived_through(5)


def test_everything_comes_to_its_end(year: Year) -> None:
    found = summary(year.engine)
    assert found.cases["star-application"] == SIZE.applications + 1
    assert [each.state for each in year.engine.cases(workflow="star-round")] == ["finished"]
    assert {each.state for each in year.engine.cases(workflow="secretary-project")} == {"archived"}
    assert [each.projects for each in found.projects] == [1, SIZE.committees]
    assert found.branches == {"dissolved": SIZE.branches}
    assert len(year.months) == 13
    assert sum(each.awarded for each in found.committees) > SIZE.applications // 2


def test_nothing_is_refused_but_what_is_meant_to_be(year: Year) -> None:
    assert year.lived.unforeseen == {}
    assert year.lived.refused["secretary-project/choose-topic"] == 1
    assert year.lived.refused["objection/object"] == 1
    assert year.lived.refused["star-application/submit"] >= 1


def test_no_quota_is_exceeded_and_some_are_used_up(year: Year) -> None:
    found = summary(year.engine)
    assert over_quota(found) == []
    assert any(each.recommended == each.seats for each in found.committees)
    assert any(each.shortlisted == each.shortlist_seats for each in found.categories)


def test_one_more_than_a_quota_would_be_told(year: Year) -> None:
    found = summary(year.engine)
    full: CategoryStars = found.categories[0]
    crowded = full._replace(taken={**full.taken, "四星": full.seats["四星"] + 1, "三星": 0})
    told = over_quota(found._replace(categories=(crowded,)))
    assert told[0] == f"{full.category} 四星: {full.seats['四星'] + 1} > {full.seats['四星']}"


def test_whoever_holds_a_star_was_published_before(year: Year) -> None:
    awarded = [each for each in year.engine.cases(workflow="star-application") if each.data.get("awarded-on")]
    assert len(awarded) > 10
    for case in awarded:
        path = [(entry.event, entry.target) for entry in year.engine.history(case.id)]
        assert path.index(("publish", "publicity")) < path.index(("publicity-over", "awarded"))


def test_judges_and_inspectors_are_none_of_the_applicants_own(year: Year) -> None:
    marks = [
        (case, entry)
        for case in year.engine.cases(workflow="star-application")
        for entry in year.engine.history(case.id)
        if entry.event == "mark"
    ]
    assert marks
    for case, entry in marks:
        recused = case.data["recused"]
        assert isinstance(recused, list)
        assert entry.actor.id not in recused


def test_the_journal_is_whole_and_the_digest_is_that_of_the_seed(year: Year) -> None:
    assert year.engine.verify().broken == ()
    again, other = ([each.digest for each in lived_through(seed)] for seed in (5, 6))
    assert again == [year.digest] != other


def test_one_acceptance_and_one_refusal_are_worth_showing(year: Year) -> None:
    assert year.lived.acceptance is not None
    assert year.lived.acceptance.fired
    assert year.lived.refusal is not None
    assert len(year.lived.refusal.reasons) >= 1


@pytest.mark.parametrize("applications", [1, 9, 173, 1_730, 5_000])
def test_a_year_of_any_size_has_room_for_its_applications(applications: int) -> None:
    size = Size.of(applications)
    assert 2 <= size.committees <= 19
    assert size.organisations > size.applications == applications
    assert size.branches > size.committees


def test_the_full_size_is_that_of_the_real_thing() -> None:
    assert Size.of(1_730) == Size() == Size(19, 2_400, 1_730, 2_200, 9_000)


def test_nobody_bears_the_name_of_somebody_else() -> None:
    invented = world(1)
    units = [each.unit for each in invented.organisations]
    people = [each.secretary.id for each in invented.organisations]
    people += [member.id for each in invented.committees for member in each.members]
    assert len(set(units)) == len(units) == 2_400
    assert len(set(people)) == len(people)


def test_people_rest_on_holidays() -> None:
    assert not people_work(date(2025, 10, 3))
    assert workday(date(2025, 9, 30), 1) == date(2025, 10, 9)
