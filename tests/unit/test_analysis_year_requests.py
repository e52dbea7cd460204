"""The requests of the invented year: whole lives, known refusals, and a closing rate that is exact at its edge."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest

from partybuild_flow import Engine
from partybuild_flow.analysis.year import Clock, Lived, Requests, Size, open_year, requests_figures, world
from partybuild_flow.analysis.year.calendar_2025 import ENDED
from partybuild_flow.analysis.year.driver import Driver, Shown
from partybuild_flow.analysis.year.requests import LOOK_UPS, resident_requests
from partybuild_flow.analysis.year.requests.arrivals import FAIR, STORMS, arrivals
from partybuild_flow.cli.demo_requests import requests_record, told_closing
from partybuild_flow.engine.rates import Journal, Share, count_rates
from tests.unit.test_analysis_year import library

NUMBER = 260


@pytest.fixture(scope="module")
def lived() -> Iterator[tuple[Engine, Lived]]:
    invented, clock = world(4, Size.of(20)._replace(requests=NUMBER)), Clock()
    script = resident_requests(invented.neighbourhoods, NUMBER, invented.random)
    with open_year("memory://", library(), 4, clock) as engine:
        yield engine, Driver(engine, clock, Shown("", "")).live([script], ENDED)


@pytest.fixture(scope="module")
def figures(lived: tuple[Engine, Lived]) -> Requests:
    return requests_figures(lived[0])


def test_every_request_comes_to_an_end_and_no_refusal_is_unforeseen(
    lived: tuple[Engine, Lived], figures: Requests
) -> None:
    assert lived[1].unforeseen == {}
    assert lived[1].refused.total() > 5
    assert figures.cases == sum(figures.states.values()) == sum(figures.kinds.values()) == NUMBER
    assert set(figures.states) <= {"closed", "not-accepted", "appended", "withdrawn", "ended", "suspended"}
    assert figures.states["closed"] > NUMBER * 0.85


def test_much_goes_wrong_on_the_way(lived: tuple[Engine, Lived], figures: Requests) -> None:
    engine, _ = lived
    events = Counter(
        entry.event for case in engine.cases(workflow="request-handling") for entry in engine.history(case.id)
    )
    for event in ("return", "climb", "merge", "append", "not-reached", "overdue", "sign-by-clock", "restart"):
        assert events[event], event
    assert figures.redone
    assert figures.cards["红牌"]


def test_the_kinds_are_mixed_as_they_are_known_to_be() -> None:
    invented = world(1)
    found = arrivals(invented.random("arrivals"), invented.neighbourhoods, 9_000)
    assert [each.number for each in found] == list(range(1, 9_001))
    assert found == sorted(found, key=lambda each: each.at)
    kinds = Counter(each.kind for each in found)
    assert 0.53 < kinds["求助"] / 9_000 < 0.57
    assert 0.23 < (kinds["投诉"] + kinds["举报"]) / 9_000 < 0.27
    assert 0.11 < (kinds["建议"] + kinds["表扬"]) / 9_000 < 0.13
    days = Counter((each.at).date() for each in found)
    usual = sorted(days.values())[len(days) // 2]
    assert all(days[each] > 2 * usual for each in (*STORMS, FAIR))
    assert len({each.text for each in found}) > 6_000
    assert sum(each.again for each in found) > 200


def test_the_places_of_the_district_are_looked_up() -> None:
    grids, desk, above = (LOOK_UPS[name] for name in ("grids-of-place", "desk-of-place", "unit-above"))
    unit = "园区/湖景街道/湖景一社区"
    assert grids("湖景一社区8幢") == unit
    assert grids("湖景一社区与桂香二社区交界处") == f"{unit}、园区/桂香街道/桂香二社区"
    assert grids("老菜场对面") == ""
    assert (desk("湖景一社区8幢", None), desk("湖景一社区8幢", unit)) == (unit, "园区/湖景街道")
    assert [above(f"{unit}/8幢"), above(unit), above("园区/湖景街道")] == [
        unit,
        "园区/湖景街道",
        "园区/规划建设部门",
    ]
    assert above("园区/规划建设部门") is None


@pytest.mark.parametrize(
    ("closed", "met", "told"),
    [
        (8_955, True, "办结率：应办结 9000 件，已办结 8955 件，99.50%；公布的是 99.5% 以上，已达到"),
        (8_954, False, "办结率：应办结 9000 件，已办结 8954 件，99.49%；公布的是 99.5% 以上，未达到"),
    ],
)
def test_8955_of_9000_reach_the_published_rate_and_8954_do_not(
    lived: tuple[Engine, Lived], closed: int, met: bool, told: str
) -> None:
    """The journals of one closed request and of one that ended are counted over and over by the shipped workflow."""
    engine, _ = lived
    workflow = next(each for each in engine.workflows if each.id == "request-handling")
    cases = engine.cases(workflow="request-handling")
    closed_ones = [case for case in cases if case.state == "closed" and case.data.get("handling-term")]
    done = min(closed_ones, key=lambda case: case.revision)
    journal = Journal(done, engine.history(done.id))
    begun = next(at for at, entry in enumerate(journal.entries) if entry.event in ("sign", "take"))
    entries = list(journal.entries)[: begun + 1]
    still = Journal(entries[-1].case, entries)
    journals = [journal] * closed + [still] * (9_000 - closed)
    share = next(each for each in count_rates(workflow, journals, Clock()()) if each.rate == "closing-rate")
    assert (share.numerator, share.denominator, share.met) == (closed, 9_000, met)
    assert told_closing(share, "zh-CN") == told


def test_without_a_request_that_was_due_there_is_no_rate(figures: Requests) -> None:
    assert told_closing(None, "en") == "Closing rate: no request was due, so there is none"
    assert figures.closing is not None
    none: Share = figures.closing._replace(numerator=0, denominator=0)
    assert told_closing(none, "zh-CN") == "办结率：没有应办结的诉求，不计比率"
    record = requests_record(figures)
    assert record["cases"] == NUMBER
