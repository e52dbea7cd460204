"""Whatever cases do to each other, their journals give them again, and relations find what a scan would find."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partybuild_flow import Engine, EventRefused
from partybuild_flow.apply import replayed
from partybuild_flow.case import Case
from tests.contest import HOST, begun, write_contest

STEPS = st.lists(
    st.one_of(
        st.tuples(
            st.just("hand in"), st.integers(0, 5), st.sampled_from([0, 59, 60, 90]), st.sampled_from("ab")
        ),
        st.tuples(
            st.sampled_from(["withdraw", "claim", "move"]), st.integers(0, 5), st.integers(0, 1), st.just("")
        ),
        st.tuples(
            st.sampled_from(["count", "remind", "announce"]), st.integers(0, 1), st.just(0), st.just("")
        ),
    ),
    max_size=14,
)


@pytest.fixture(scope="module")
def contest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_contest(tmp_path_factory.mktemp("contest"))


@pytest.fixture(params=["memory", "sqlite"])
def urls(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    def made() -> Iterator[str]:
        number = 0
        while True:
            number += 1
            file = tmp_path / f"{number}.db"
            yield "memory://" if request.param == "memory" else f"sqlite:///{file}?synchronous=normal"

    return made()


def carry_on(
    engine: Engine, contests: list[str], entries: list[str], step: tuple[str, int, int, str]
) -> None:
    event, place, number, group = step
    target = contests[place] if event in ("count", "remind", "announce") else entries[place]
    data: dict[str, object] = {"group": group, "score": number} if event == "hand in" else {}
    if event == "move":
        data = {"contest": contests[number]}
    with suppress(EventRefused):
        engine.send(target, event, data, by=HOST)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS, st.integers(0, 3))
def test_journals_give_the_cases_again_and_relations_find_what_a_scan_finds(
    contest: Path, urls: Iterator[str], steps: list[tuple[str, int, int, str]], places: int
) -> None:
    with Engine.open(next(urls), workflows=contest) as engine:
        first, ours = begun(engine, ["a", "b", "c"], places)
        second, theirs = begun(engine, ["d", "e", "f"], places)
        for step in steps:
            carry_on(engine, [first, second], [*ours, *theirs], step)
        cases = {case.id: case for case in engine.cases()}
        for case in cases.values():
            folded: Case | None = None
            for entry in engine.history(case.id):
                folded = replayed(folded, entry, frozenset())
            assert folded == case
        for parent in (first, second):
            mine = [each for each in cases.values() if each.data.get("contest") == parent]
            handed = [each.data["score"] for each in mine if each.state == "handed-in"]
            passed = [score for score in handed if isinstance(score, Decimal) and score >= 60]
            decision = engine.ask(parent, "count", by=HOST)
            assert not decision.accepted or decision.settings == {"passed": len(passed)}
            chosen = [each for each in mine if each.state == "chosen" and each.data.get("place") is None]
            moved = any(step[0] == "move" for step in steps)
            assert moved or len(chosen) <= places
        assert engine.verify().broken == ()
