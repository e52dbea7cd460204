"""Whatever is sent to a panel, by whomever: the journal replays, nobody marks twice, what is sealed stays sealed."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partybuild_flow import Actor, Engine, EventRefused
from partybuild_flow.apply import replayed
from partybuild_flow.case import Case
from tests.collecting import JUDGES, OFFICER, PANEL, SECRETARY, SUPERVISOR, convened, write

SUBSETS = st.lists(st.sampled_from([each.id for each in JUDGES[:5]]), unique=True, max_size=5)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("give"), st.fixed_dictionaries({"mark": st.decimals(0, 101, places=2)})),
        st.tuples(st.just("give"), st.fixed_dictionaries({"mark": st.decimals(77, 78, places=2)})),
        st.tuples(st.just("replace"), st.fixed_dictionaries({"recused": SUBSETS})),
        st.tuples(st.just("replace"), st.fixed_dictionaries({"judges": SUBSETS})),
        st.tuples(st.just("withdraw"), st.fixed_dictionaries({"wrong": st.sampled_from(["j1", "j2"])})),
        st.tuples(st.just("reveal"), st.just({"reason": "a complaint"})),
        st.tuples(st.sampled_from(["lock", "again"]), st.just({})),
    ).flatmap(
        lambda step: st.tuples(
            st.just(step), st.sampled_from([*JUDGES[:5], *JUDGES[:5], OFFICER, SECRETARY, SUPERVISOR])
        )
    ),
    max_size=25,
)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_any_life_of_a_panel_keeps_its_promises(
    steps: list[tuple[tuple[str, dict[str, object]], Actor]], tmp_path: Path
) -> None:
    with Engine.open("memory://", workflows=write(tmp_path, panel=PANEL)) as engine:
        case_id = convened(engine, 4)
        for (event, data), actor in steps:
            try:
                engine.send(case_id, event, data, by=actor)
            except EventRefused:
                continue
            round = engine.case(case_id).data.get("@give")
            if isinstance(round, dict):
                assert max(Counter(mark["actor"] for mark in round["marks"]).values(), default=1) == 1
                if not round["open"]:
                    assert {mark["value"] for mark in round["marks"]} <= {"***"}
                    (marks, *_) = engine.marks(case_id)
                    assert (marks.values, marks.result) == (None, None)
        case: Case | None = None
        for entry in engine._store.history(case_id):
            case = replayed(case, entry, frozenset())
        assert case == engine._store.load(case_id, fresh=True)
        assert engine.verify().broken == ()
