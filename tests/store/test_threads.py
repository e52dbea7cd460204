"""One engine, many threads: people send events while sweeps run, and everything happens once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

from partybuild_flow import Engine, EventRefused
from partybuild_flow.apply import replayed
from partybuild_flow.case import Case
from tests.collecting import JUDGES, PANEL, convened, write
from tests.conftest import Clock
from tests.contest import CONTEST, HOST, begun, write_contest

REMINDING = CONTEST.replace(
    "on: remind, from: open, by: host", "on: remind, from: open, by: [host, clock]"
) + ("deadlines:\n  reminding: {while: open, due: 5 hours, fire: remind}\n")


def people(engine: Engine, contests: list[str], entries: list[str], panels: list[str], seed: int) -> None:
    """Somebody tries this and that; what is refused is part of life."""
    random = Random(seed)
    for _ in range(60):
        tried = random.randrange(6)
        try:
            if tried == 0:
                engine.send(random.choice(panels), "give", {"mark": "70"}, by=random.choice(JUDGES[:6]))
            elif tried == 1:
                engine.send(random.choice(contests), random.choice(["count", "remind"]), by=HOST)
            elif tried == 2:
                engine.send(random.choice(entries), random.choice(["claim", "withdraw"]), by=HOST)
            elif tried == 3:
                engine.send(random.choice(entries), "hand in", {"group": "a", "score": 80}, by=HOST)
            elif tried == 4:
                engine.possible(random.choice([*contests, *entries, *panels]), by=HOST)
            else:
                assert engine.cases(due_before=None, state="awaited") is not None
        except EventRefused:
            pass


def sweeps(engine: Engine, clock: Clock) -> int:
    fired = 0
    for _ in range(12):
        clock.pass_hours(8)
        fired += engine.catch_up(batch=3).fired
    return fired


def test_people_and_sweeps_share_an_engine(url: str, tmp_path: Path, clock: Clock) -> None:
    workflows = write_contest(write(tmp_path / "workflows", panel=PANEL), contest=REMINDING)
    with Engine.open(url, workflows=workflows, clock=clock) as engine:
        rounds = [begun(engine, ["a", "b", "c"], places=1) for _ in range(5)]
        contests, entries = [each for each, _ in rounds], [each for _, mine in rounds for each in mine]
        panels = [convened(engine, 6) for _ in range(5)]
        with ThreadPoolExecutor(5) as pool:
            sweeping = [pool.submit(sweeps, engine, clock) for _ in range(2)]
            working = [pool.submit(people, engine, contests, entries, panels, seed) for seed in range(3)]
            assert sum(each.result() for each in sweeping) > 0
            for each in working:
                each.result()
        engine.catch_up()
        assert engine.verify().broken == ()
        for case in engine.cases():
            folded: Case | None = None
            for entry in engine._store.history(case.id):
                folded = replayed(folded, entry, frozenset())
            assert folded == case
        for contest, mine in rounds:
            journal = engine.history(contest)
            assert [entry.deadline for entry in journal].count("reminding") == 1
            assert [engine.case(each).state for each in mine].count("chosen") <= 1
            carried = [each for each in engine.sent(contest) if each.event == "remind" and not each.refused]
            reminded = [entry for each in mine for entry in engine.history(each) if entry.event == "remind"]
            assert len(carried) == len(reminded)
            assert all(each.carried_at is not None for each in engine.sent(contest))
        for panel in panels:
            assert engine.case(panel).state in ("scored", "ended")
            givers = [each.actor.id for each in engine.history(panel) if each.event == "give"]
            assert len(givers) == len(set(givers))
