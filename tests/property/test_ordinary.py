"""One stride gives what the three hops give, or leaves the event to them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partybuild_flow import Actor
from partybuild_flow.apply import apply
from partybuild_flow.case import CLOCK_ACTOR, Case
from partybuild_flow.decide import decide
from partybuild_flow.facts import Plan, World, gather, plan
from partybuild_flow.machine import START
from partybuild_flow.ordinary import Way, ordinary_change, ordinary_ways
from partybuild_flow.reader import read_workflow
from partybuild_flow.store import open_store
from partybuild_flow.units import PathUnits
from tests.lifecycle import write_lifecycle

GRANT = plan(read_workflow(Path(__file__).parents[2] / "benchmarks" / "lifecycle"))
WAYS = ordinary_ways(GRANT)
NOW = datetime(2031, 1, 2, 1, 30, tzinfo=UTC)
WARD = "city/north/ward-3"
DESK = "city/north/office-1/desk-2"
WORLD = World(PathUnits(), {"open-complaints": lambda _: 0})
Ways = dict[tuple[str, str, str], Way]

ACTORS = [
    Actor("u-1", (("applicant", WARD),)),
    Actor("u-2", (("clerk", "city/north"),)),
    Actor("u-3", [("assessor", "city/south"), ("assessor", "city/north/office-1")]),
    Actor("u-4", (("clerk", "city/south"), ("approver", "city"))),
    Actor("u-5", (("Approver", ""), ("Assessor", DESK), ("Clerk", WARD), ("Applicant", WARD))),
    Actor("u-6", ()),
    CLOCK_ACTOR,
]
SENT: dict[str, st.SearchStrategy[Any]] = {
    "Amount": st.sampled_from(["800.00", 100000, "100000.01", "499.99", 1.5, None, "many"]),
    "amount": st.sampled_from(["900.00", "0.005"]),
    "begins": st.sampled_from(["2031-03-01", "2031-01-02", "soon", None]),
    "handling-unit": st.sampled_from([DESK, "city/south", ""]),
    "Score": st.sampled_from(["59.99", 60, "79.99", "80.00", 101, "85.001"]),
    "visits": st.sampled_from([0, 1, "2", 2.5]),
    "remark": st.sampled_from(["two offers are missing", "\ud800", ""]),
    "colour": st.just("red"),
}
EVENTS = sorted({event for _, event in GRANT.ways} - {"apply", "Apply"})
FITTING: dict[str, dict[str, object]] = {
    "submit": {"begins": "2031-03-01", "handling-unit": DESK},
    "return": {"remark": "two offers are missing"},
    "supply": {"amount": "700.00"},
    "assess": {"score": "85.50", "visits": 2},
}
DATA = st.one_of(
    st.just({}),
    st.sampled_from(list(FITTING.values())),
    st.fixed_dictionaries({}, optional=SENT),
)

RICHER = {
    "  urgent: {type: boolean}\n": "  urgent: {type: boolean}\n  extra: {type: term}\n",
    "look-ups:\n": "cases:\n  same source: {id: same-source, workflow: request, where: {same: [source]}}\nlook-ups:\n",
    "  - {on: remind, from: open, by: [resident, clerk]}\n": (
        "  - {on: remind, from: open, by: clerk, set: {overdue: overdue + 1}}\n"
        "  - {on: compare, from: open, by: leader, set: {overdue: count(same source)}}\n"
        "  - {on: extend, from: open, by: clerk, needs: [extra], limit: 3}\n"
        "  - {on: sign off, id: sign-off, from: assigned, by: [clerk, leader], collect: {as: all, from: each role}, to: working}\n"
    ),
    "  handling: {while: open, due: handling term, fire: expire}\n": (
        "  handling:\n"
        "    while: open\n"
        "    due: handling term + (if extra = null then 0 hours else extra)\n"
        "    pause: waiting\n"
        "    warn: [50%, 1 hour]\n"
        "    fire: expire\n"
        "  visiting: {while: open, every: day, due: 2 hours, pause: waiting, fire: expire}\n"
    ),
}
"""What is added to the lifecycle; the events beside it stay ordinary."""
WORKER = Actor("u-7", (("clerk", "city"), ("handler", "city"), ("leader", "city"), ("resident", "city")))
STANDING: dict[str, list[tuple[str, dict[str, object]]]] = {
    "registered": [("report", {"category": "help", "source": "hotline"})],
}
STANDING["assigned"] = [*STANDING["registered"], ("screen", {"level": "street", "handling-unit": DESK})]
STANDING["working"] = [*STANDING["assigned"], ("sign", {})]
STANDING["waiting"] = [*STANDING["working"], ("ask-back", {"note": "which house?"})]
LIVED: list[tuple[str, Any, Actor]] = [
    (event, data, actor)
    for event, data in (
        ("sign", {}),
        ("ask back", {"note": "x"}),
        ("ask-back", {}),
        ("answer", {}),
        ("remind", {}),
        ("remind", {"note": "x"}),
        ("extend", {"extra": "30 hours"}),
        ("extend", {"extra": "5 working days"}),
        ("compare", {}),
        ("sign-off", {}),
        ("expire", {}),
        ("close", {"score": "90"}),
        ("reopen", {}),
    )
    for actor in (WORKER, Actor("u-8", (("handler", DESK),)), CLOCK_ACTOR)
]


@st.composite
def sent(draw: st.DrawFn) -> tuple[str, Any, Actor]:
    """An event, often with data that fit it."""
    event = draw(st.sampled_from(EVENTS))
    fitting = st.just(FITTING.get(event.lower(), {}))
    return event, draw(st.one_of(fitting, fitting, DATA)), draw(st.sampled_from(ACTORS))


def _begun() -> Case:
    case = Case("c-1", "grant", GRANT.workflow.hash, START, WARD, 0, {}, {}, (), "u-1", NOW, "")
    data = {"category": "equipment", "amount": "12000.00", "purpose": "two looms"}
    step = GRANT.steps[START, "apply"]
    facts = gather(GRANT, step, case, data, ACTORS[0], NOW, WORLD, open_store("memory://"))
    return apply(decide(GRANT, case, "apply", facts), NOW).entry.case


def _lived(plan: Plan, ways: Ways, case: Case, steps: list[tuple[str, Any, Actor]]) -> None:
    """Whatever takes one stride gives what the three hops give."""
    store, now = open_store("memory://"), NOW
    for spelling, data, actor in steps:
        now += timedelta(hours=1)
        found = plan.ways.get((case.state, spelling))
        if found is None:
            continue
        event, step = found
        decision = decide(plan, case, event, gather(plan, step, case, data, actor, now, WORLD, store))
        way = ways.get((plan.workflow.hash, case.state, spelling))
        change = way and ordinary_change(plan, way, case, data, actor, WORLD.units, now, NOW)
        if not decision.accepted:
            assert change is None
            continue
        expected = apply(decision, NOW)
        assert change is None or (change == expected and _order(change) == _order(expected))
        case = expected.entry.case


@settings(max_examples=400, deadline=None)
@given(steps=st.lists(sent(), max_size=12))
def test_one_stride_gives_what_the_three_hops_give_or_nothing(steps: list[tuple[str, Any, Actor]]) -> None:
    _lived(GRANT, WAYS, _begun(), steps)


@pytest.fixture(scope="module")
def rich(tmp_path_factory: pytest.TempPathFactory) -> tuple[Plan, Ways]:
    """The lifecycle with deadlines that pause, warn, recur and depend on fields, and with relations and marks elsewhere in it."""
    home = write_lifecycle(tmp_path_factory.mktemp("rich")) / "request"
    path = home / "workflow.yaml"
    text = path.read_text("utf-8")
    for old, new in RICHER.items():
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    path.write_text(text, "utf-8")
    planned = plan(read_workflow(home))
    return planned, ordinary_ways(planned)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.sampled_from(LIVED), max_size=14), at=st.sampled_from(sorted(STANDING)))
def test_one_stride_gives_what_the_hops_give_beside_relations_marks_and_pauses(
    rich: tuple[Plan, Ways], steps: list[tuple[str, Any, Actor]], at: str
) -> None:
    _lived(*rich, _standing(rich[0], at), steps)


@pytest.mark.parametrize(
    ("at", "event", "deadlines"),
    [
        ("assigned", "sign", None),
        ("working", "ask-back", 2),
        ("waiting", "extend", None),
        ("working", "extend", 2),
        ("working", "remind", None),
    ],
)
def test_an_ordinary_event_takes_one_stride_where_clocks_pause_and_recur(
    rich: tuple[Plan, Ways], at: str, event: str, deadlines: int | None
) -> None:
    planned, ways = rich
    case = _standing(planned, at)
    data: Any = {"ask-back": {"note": "x"}, "extend": {"extra": "3 hours"}}.get(event, {})
    way = ways[planned.workflow.hash, at, event]
    change = ordinary_change(planned, way, case, data, WORKER, WORLD.units, NOW + timedelta(hours=30), NOW)
    assert change is not None
    moved = change.entry.deadlines
    assert (None if moved is None else len(moved)) == deadlines


def _standing(planned: Plan, state: str) -> Case:
    """A case that has come so far along the way of the three hops."""
    case = Case("c-1", "request", planned.workflow.hash, START, WARD, 0, {}, {}, (), "u-1", NOW, "")
    store = open_store("memory://")
    for event, data in STANDING[state]:
        step = planned.steps[case.state, event]
        facts = gather(planned, step, case, data, WORKER, NOW, WORLD, store)
        case = apply(decide(planned, case, event, facts), NOW).entry.case
    assert case.state == state
    return case


def _order(change: Any) -> list[list[str]]:
    entry = change.entry
    return [list(entry.facts), list(entry.settings), list(entry.case.data)]


@pytest.mark.parametrize(
    ("state", "event", "data", "actor"),
    [
        ("draft", "Submit", FITTING["submit"], ACTORS[0]),
        ("received", "return", FITTING["return"], ACTORS[1]),
        ("received", "assess", {**FITTING["assess"], "remark": "fine"}, ACTORS[2]),
        ("assessed", "award", {}, ACTORS[3]),
        ("received", "withdraw", {}, ACTORS[0]),
    ],
)
def test_an_ordinary_event_takes_one_stride(state: str, event: str, data: Any, actor: Actor) -> None:
    case = _begun()
    known = {
        **case.data,
        "handling-unit": DESK,
        "begins": NOW.date() + timedelta(60),
        "score": Decimal("80.00"),
    }
    case = case._replace(state=state, data=known)
    way = WAYS[GRANT.workflow.hash, state, event]
    assert ordinary_change(GRANT, way, case, data, actor, WORLD.units, NOW, NOW) is not None


def test_what_reads_more_than_its_case_is_left_to_the_three_hops(lifecycle: Path) -> None:
    planned = plan(read_workflow(lifecycle / "request"))
    ordinary = {(state, event) for _, state, event in ordinary_ways(planned)}
    assert {event for _, event in ordinary} == {"sign", "ask back", "ask-back", "close"}
    assert ("working", "close") not in ordinary
