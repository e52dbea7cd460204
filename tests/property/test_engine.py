"""Whatever is sent, by whomever and whenever: decisions are pure, cases stay within their definition, journals replay."""

from __future__ import annotations

from copy import deepcopy
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partybuild_flow import Engine, EventRefused
from partybuild_flow.apply import replayed
from partybuild_flow.case import Case
from tests.conftest import CLERK, HANDLER, LEADER, RESIDENT, STRANGER

EVENTS = [
    "screen",
    "sign",
    "ask-back",
    "answer",
    "remind",
    "expire",
    "close",
    "reopen",
    "report",
    "no such event",
]
VALUES = st.one_of(
    st.none(),
    st.sampled_from(["street", "park/lake/works", "help", "", "90.5", "ﾟ", "\ud800", "9" * 50]),
    st.integers(-(10**40), 10**40),
    st.floats(),
    st.booleans(),
    st.lists(st.integers(), max_size=2),
    st.binary(max_size=3),
)
DATA = st.one_of(
    st.just({}),
    st.just({"level": "street", "handling unit": "park/lake/works"}),
    st.just({"score": "75.50"}),
    st.just({"note": "which house?"}),
    st.dictionaries(
        st.sampled_from(["score", "level", "note", "phone", "__class__", "handling unit"]), VALUES, max_size=3
    ),
)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(EVENTS),
        DATA,
        st.sampled_from([CLERK, HANDLER, LEADER, RESIDENT, STRANGER]),
        st.sampled_from([0, 0, 1, 30, 60]),
    ),
    max_size=14,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, households=st.one_of(st.none(), st.integers(0, 9)))
def test_any_life_of_a_case_keeps_its_promises(
    lifecycle: Path, steps: list[tuple[str, dict[str, object], object, int]], households: int | None
) -> None:
    now = [datetime(2022, 9, 30, tzinfo=UTC)]
    with Engine.open(
        "memory://", workflows=lifecycle, clock=lambda: now[0], look_ups={"open-complaints": lambda _: 0}
    ) as engine:
        case = engine.start("request", {"category": "help", "households": households}, by=RESIDENT).case
        workflow = engine.workflow_of(case)
        leaves = {state.id for state in workflow.states.values() if not state.children}
        for event, data, actor, hours in steps:
            now[0] += timedelta(hours=hours)
            before, sent = deepcopy(engine.case(case.id)), deepcopy(data)
            decision = engine.ask(case.id, event, data, by=actor)  # type: ignore[arg-type]
            again = engine.ask(case.id, event, data, by=actor)  # type: ignore[arg-type]
            assert decision._replace(facts=again.facts, case=again.case) == again
            assert engine.case(case.id) == before
            assert decision.explain("zh-CN")
            assert decision.explain("en")
            try:
                entry = engine.send(case.id, event, data, by=actor)  # type: ignore[arg-type]
            except EventRefused:
                assert not decision.accepted
                assert engine.case(case.id).data == before.data
            else:
                assert decision.accepted
                assert entry.target == decision.target
            assert str(data) == str(sent)
            assert engine.case(case.id).state in leaves
        folded: Case | None = None
        for entry in engine.history(case.id):
            folded = replayed(folded, entry, frozenset({"screen", "ask-back"}))
        assert folded == engine.case(case.id)
        assert engine.verify().broken == ()
