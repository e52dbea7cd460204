"""Two processes on one file at the same time: what may be there once is there once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from multiprocessing import get_context
from multiprocessing.pool import Pool
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest

from partybuild_flow import Actor, CaseChanged, Engine, EventRefused, Send, Start
from partybuild_flow.case import Lookup
from partybuild_flow.store import Bucket
from tests.collecting import JUDGES, PANEL, convened, write
from tests.contest import CONTEST, ENTRY, HOST, begun, handed_in, write_contest

REPORT = """\
workflow: report
unique: [source, number]
fields: {source: {type: text}, number: {type: integer}}
states: {open: {}, closed: {final: true}}
transitions:
  - {on: report, by: anyone, needs: [source, number], to: open}
  - {on: close, from: open, by: anyone, to: closed}
"""
ANYONE = Actor("u-1", [("resident", "park")])
TOGETHER: list[Barrier] = []


def meet(together: Barrier) -> None:
    TOGETHER.append(together)


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    spawn = get_context("spawn")
    with spawn.Pool(2, meet, (spawn.Barrier(2),)) as opened:
        yield opened


def report(engine: Engine, number: int) -> None:
    engine.start("report", {"source": "hotline", "number": number}, by=ANYONE)


def claim(engine: Engine, case_id: str) -> None:
    engine.send(case_id, "claim", by=HOST)


def give(engine: Engine, judge: tuple[str, int]) -> None:
    engine.send(judge[0], "give", {"mark": "80"}, by=JUDGES[judge[1]])


def accepted(
    url: str, workflows: Path, event: Callable[[Engine, object], None], whom: Sequence[object]
) -> list[object]:
    """For whom of these the event was accepted in this process, which begins together with the other one."""
    done = []
    with Engine.open(url, workflows=workflows) as engine:
        TOGETHER[0].wait(timeout=20)
        for each in whom:
            try:
                event(engine, each)
                done.append(each)
            except EventRefused:
                pass
    return done


def both(pool: Pool, url: str, workflows: Path, event: object, *whom: Sequence[object]) -> list[object]:
    found = pool.starmap(accepted, [(url, workflows, event, each) for each in whom], chunksize=1)
    return [each for mine in found for each in mine]


def test_never_two_of_a_unique_kind(pool: Pool, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'cases.db'}?synchronous=normal"
    workflows = write(tmp_path / "workflows", report=REPORT)
    Engine.open(url, workflows=workflows).close()
    numbers = list(range(40))
    assert sorted(both(pool, url, workflows, report, numbers, numbers)) == numbers  # type: ignore[type-var]
    with Engine.open(url, workflows=()) as engine:
        assert sorted(int(str(case.data["number"])) for case in engine.cases()) == numbers
        assert engine.verify().broken == ()


def test_never_one_place_of_a_quota_twice(pool: Pool, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'cases.db'}?synchronous=normal"
    workflows = write_contest(tmp_path / "workflows")
    with Engine.open(url, workflows=workflows) as engine:
        entries = [begun(engine, [f"team {number}" for number in range(8)], places=3)[1] for _ in range(3)]
        for entry in (each for mine in entries for each in mine):
            handed_in(engine, entry, 90)
    ours = [each for mine in entries for each in mine[::2]]
    theirs = [each for mine in entries for each in mine[1::2]]
    assert len(both(pool, url, workflows, claim, ours, theirs)) == 9
    with Engine.open(url, workflows=()) as engine:
        chosen = [[engine.case(each).state for each in mine].count("chosen") for mine in entries]
        assert (chosen, engine.verify().broken) == ([3, 3, 3], ())


def test_never_a_second_mark_of_one_judge(pool: Pool, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'cases.db'}?synchronous=normal"
    workflows = write(tmp_path / "workflows", panel=PANEL)
    with Engine.open(url, workflows=workflows) as engine:
        panels = [convened(engine, 7) for _ in range(4)]
    marks = [(panel, judge) for panel in panels for judge in range(7)]
    assert sorted(both(pool, url, workflows, give, marks, marks)) == sorted(marks)  # type: ignore[type-var]
    with Engine.open(url, workflows=()) as engine:
        assert [engine.case(each).state for each in panels] == ["scored"] * 4
        assert [engine.case(each).revision for each in panels] == [8] * 4
        assert engine.verify().broken == ()


def test_a_process_that_began_earlier_is_found_by_relations_that_are_new_since(tmp_path: Path) -> None:
    plain = "\n".join(line for line in CONTEST.splitlines() if "others" not in line or "begin" in line)
    plain = plain.replace(", set: {recent: count(others)}", "").replace("  recent: {type: integer}\n", "")
    old, new = write_contest(tmp_path / "old", contest=plain), write_contest(tmp_path / "new")
    url = f"sqlite:///{tmp_path / 'cases.db'}?synchronous=normal"
    with Engine.open(url, workflows=old) as earlier, Engine.open(url, workflows=new) as later:
        begun(earlier, [])
        assert later.case(begun(later, [])[0]).data["recent"] == 1
        earlier.send_many([Start("contest", {"title": "speech", "places": 1, "teams": []}, HOST)])
        assert later.case(begun(later, [])[0]).data["recent"] == 3
        assert earlier.verify().broken == ()


def test_a_relation_that_is_read_exactly_since_counts_what_earlier_processes_do(tmp_path: Path) -> None:
    loose = ENTRY.replace(", read: exact", "")
    old, new = write_contest(tmp_path / "old", entry=loose), write_contest(tmp_path / "new")
    url = f"sqlite:///{tmp_path / 'cases.db'}?synchronous=normal"
    with Engine.open(url, workflows=old) as earlier:
        parent, (red, blue) = begun(earlier, ["red", "blue"])
        _, (green,) = begun(earlier, ["green"])
        with Engine.open(url, workflows=new) as later:
            place = ("entry", "contest", f'["{parent}"]')
            related = Lookup("entry", ("contest",), (parent,), exact=True)
            before = later._store.related(related).revision
            handed_in(earlier, red, 90)
            earlier.send_many([Send(blue, "withdraw", {}, HOST), Send(green, "withdraw", {}, HOST)])
            assert later._store.related(related).revision == before + 2
            with pytest.raises(CaseChanged):
                later._store.save((), (Bucket(place, before),))
