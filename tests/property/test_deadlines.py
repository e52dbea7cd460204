"""However sweeps and events interleave, the clock does everything once, at its instant, and in the same way."""

from __future__ import annotations

import tempfile
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from partybuild_flow import Actor, Engine, EventRefused
from partybuild_flow.apply import replayed
from partybuild_flow.case import Case
from partybuild_flow.facts.timing import period_end
from tests.conftest import Clock
from tests.deadlines import CIVIL, PLACE, PUBLISHED, SECRETARY, WORKER, at, journal, opened, write_workflow

BEGAN = at("2022-09-20 09:00").astimezone(UTC)
_FOLDER = tempfile.TemporaryDirectory()
WORKFLOWS = write_workflow(Path(_FOLDER.name))

sends = st.sampled_from(
    [
        ("ask", {}, WORKER),
        ("supply", {}, WORKER),
        ("extend", {"延期": "2 工作日"}, WORKER),
        ("extend", {"延期": "10 工作日"}, WORKER),
        ("visit", {"走访": True}, WORKER),
        ("visit", {"走访": False}, WORKER),
        ("explain", {}, WORKER),
        ("publish", {"起日": "2022-10-14"}, SECRETARY),
        ("object", {}, WORKER),
    ]
)
waits = st.integers(0, 30 * 24 * 4).map(lambda quarters: timedelta(minutes=15 * quarters))
steps = st.lists(st.tuples(waits, st.integers(0, 2), sends, st.booleans()), max_size=8)


def play(
    url: str,
    played: list[tuple[timedelta, int, tuple[str, dict[str, object], Actor], bool]],
    *,
    sweeping: bool,
) -> tuple[Engine, list[str], list[bool]]:
    """Three cases through these steps, with sweeps before some of them or with none; then one at the end."""
    clock = Clock()
    clock.now = BEGAN
    engine = opened(url, WORKFLOWS, clock, PUBLISHED)
    cases = [
        engine.start("mend", {"走访": False}, by=SECRETARY, unit=PLACE, key=str(number)).case.id
        for number in range(3)
    ]
    accepted = []
    for wait, case, (event, data, by), sweep in played:
        clock.now += wait
        if sweep and sweeping:
            engine.catch_up(batch=2)
        try:
            engine.send(cases[case], event, data, by=by)
            accepted.append(True)
        except EventRefused:
            accepted.append(False)
    clock.now += timedelta(days=40)
    engine.catch_up(batch=2)
    return engine, cases, accepted


@settings(max_examples=60, deadline=None)
@given(steps)
def test_lazy_firing_and_sweeping_make_the_same_journal(
    played: list[tuple[timedelta, int, tuple[str, dict[str, object], Actor], bool]],
) -> None:
    lazy, cases, refused = play("memory://", played, sweeping=False)
    swept, same, refused_too = play("memory://", played, sweeping=True)
    assert refused == refused_too
    for case, other in zip(cases, same, strict=True):
        assert journal(lazy, case) == journal(swept, other)
        assert lazy.case(case)._replace(head="", definition="") == swept.case(other)._replace(
            head="", definition=""
        )


@settings(max_examples=25, deadline=None)
@given(steps)
def test_everything_is_done_once_at_its_instant_and_the_journal_gives_the_case_again(
    played: list[tuple[timedelta, int, tuple[str, dict[str, object], Actor], bool]],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/cases.db?synchronous=normal"
        engine, cases, _ = play(url, played, sweeping=True)
        with engine:
            for case in cases:
                entries = engine.history(case)
                done = Counter(
                    (each.event, each.deadline, each.occurred_at, each.effects)
                    for each in entries
                    if each.deadline is not None
                )
                assert not done or max(done.values()) == 1
                assert all(before.occurred_at <= after.occurred_at for before, after in pairwise(entries))
                folded: Case | None = None
                for entry in engine._store.history(case):
                    folded = replayed(folded, entry, frozenset())
                assert folded == engine.case(case)
            assert engine.catch_up().fired == 0
            assert engine.verify().broken == ()


@given(
    st.sampled_from(["day", "week", "month", "quarter", "half-year", "year"]),
    st.datetimes(datetime(1992, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
)
def test_a_period_ends_at_midnight_after_the_instant_and_the_next_one_later(
    every: str, instant: datetime
) -> None:
    end = period_end(every, instant)
    assert instant < end
    assert end.astimezone(CIVIL).time().isoformat() == "00:00:00"
    assert period_end(every, end - timedelta(microseconds=1)) == end
    assert period_end(every, end) > end
