"""What relations and events between cases must keep, asked through the engine on memory and on SQLite."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from threading import Barrier, Thread

import pytest

from partybuild_flow import Actor, Engine, EventRefused, Send
from partybuild_flow.apply import replayed
from partybuild_flow.case import Case, CaseActor
from partybuild_flow.engine.outbox import Carrier
from tests.conftest import PROJECT, Clock
from tests.contest import CONTEST, ENTRY, HOST, begun, handed_in, write_contest


@pytest.fixture(scope="module")
def contest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_contest(tmp_path_factory.mktemp("contest"))


@pytest.fixture
def engine(url: str, contest: Path, clock: Clock) -> Iterator[Engine]:
    with Engine.open(url, workflows=contest, clock=clock) as opened:
        yield opened


def states(engine: Engine, cases: list[str]) -> list[str]:
    return [engine.case(each).state for each in cases]


def test_a_started_case_holds_what_was_sent_and_knows_who_began_it(engine: Engine, clock: Clock) -> None:
    parent, (red, _) = begun(engine, ["red", "blue"])
    case = engine.case(red)
    assert (case.data, case.unit, case.started_by) == ({"contest": parent, "team": "red"}, "park", parent)
    entry = engine.history(red)[0]
    assert (entry.actor.id, entry.standing, entry.occurred_at) == (parent, ("cases",), clock.now)
    assert engine.verify().broken == ()


def test_a_start_says_at_which_unit_the_case_begins(engine: Engine) -> None:
    parent, _ = begun(engine, [])
    admitted = engine.send(parent, "admit", {"title": "late"}, by=HOST)
    assert engine.case(admitted.sends[0].case_id).unit == "park/east"


def test_nobody_can_pass_for_a_case(engine: Engine) -> None:
    parent, (red,) = begun(engine, ["red"])
    with pytest.raises(EventRefused, match="only another case may do this"):
        engine.send(red, "remind", by=Actor(parent, [("cases", "park")]))
    with pytest.raises(EventRefused, match="only another case may do this"):
        engine.start("entry", {"contest": parent, "team": "x"}, by=HOST)
    assert "remind" not in {each.event for each in engine.possible(red, by=HOST)}


def test_a_case_does_not_pass_for_anyone(tmp_path: Path, url: str) -> None:
    folder = write_contest(
        tmp_path / "open",
        entry=ENTRY.replace("on: remind, from: awaited, by: cases", "on: remind, from: awaited, by: anyone"),
    )
    text = (folder / "entry" / "workflow.yaml").read_text(encoding="utf-8")
    assert "by: anyone" in text
    text += "  - {on: remind, from: chosen, by: cases}\n"
    (folder / "entry" / "workflow.yaml").write_text(text, encoding="utf-8")
    with Engine.open(url, workflows=folder) as engine:
        parent, _ = begun(engine, ["red"])
        engine.send(parent, "remind", by=HOST)
        assert "only anyone may do this" in str(engine.sent(parent)[-1].refused)


def test_members_stand_in_the_order_in_which_they_began_and_only_what_is_read_is_kept(engine: Engine) -> None:
    parent, entries = begun(engine, ["red", "blue", "green"])
    handed_in(engine, entries[2], 61)
    handed_in(engine, entries[0], 60)
    counted = engine.send(parent, "count", by=HOST)
    assert counted.settings == {"passed": 2}
    assert counted.facts["handed-in"] == [{"score": Decimal(60)}, {"score": Decimal(61)}]
    assert "entries" not in counted.facts


def test_a_guard_over_members_says_what_it_saw(engine: Engine) -> None:
    parent, _ = begun(engine, ["red"])
    with pytest.raises(EventRefused) as refused:
        engine.send(parent, "announce", by=HOST)
    assert "entries=[{" in str(refused.value)
    assert 'state: "awaited"' in str(refused.value)


def test_long_lists_are_told_by_their_beginning_and_length(engine: Engine) -> None:
    parent, _ = begun(engine, [f"team {number}" for number in range(40)])
    with pytest.raises(EventRefused, match=r", …\] \(40\)"):
        engine.send(parent, "announce", by=HOST)


def test_an_event_reads_the_one_case_of_an_id(engine: Engine) -> None:
    parent, (red, blue) = begun(engine, ["red", "blue"])
    handed_in(engine, red, 90)
    engine.send(blue, "withdraw", by=HOST)
    engine.send(parent, "announce", by=HOST)
    _, (green,) = begun(engine, ["green"])
    other = engine.case(green).data["contest"]
    assert engine.ask(green, "hand in", {"group": "a", "score": 1}, by=HOST).accepted
    engine.send(green, "withdraw", by=HOST)
    engine.send(str(other), "announce", by=HOST)
    assert engine.case(str(other)).state == "closed"


def test_a_field_holds_a_case_of_its_workflow_and_no_other_id(engine: Engine) -> None:
    parent, _ = begun(engine, ["red"])
    with pytest.raises(EventRefused, match="there is no case 17 of “entry”"):
        engine.send(parent, "appoint", {"title": "well done", "chief": "17"}, by=HOST)
    with pytest.raises(EventRefused, match=f"there is no case {parent} of “entry”"):
        engine.send(parent, "appoint", {"title": "well done", "chief": parent}, by=HOST)


def test_an_event_is_sent_to_the_case_that_a_field_holds(tmp_path: Path, url: str) -> None:
    text = CONTEST.replace("needs: [chief], effects", "needs: [chief, title], effects")
    with Engine.open(url, workflows=write_contest(tmp_path / "workflows", contest=text)) as engine:
        parent, (red,) = begun(engine, ["red"])
        handed_in(engine, red, 1)
        sent = engine.send(parent, "appoint", {"chief": red, "title": "well done"}, by=HOST).sends
        assert [(each.case_id, each.event, each.data) for each in sent] == [
            (red, "praise", {"note": "well done"})
        ]
        assert engine.case(red).data["note"] == "well done"


def test_members_are_ranked_in_groups_and_the_first_of_each_are_sent_to(engine: Engine) -> None:
    parent, entries = begun(engine, ["red", "blue", "green", "grey", "pink", "lime"], places=2)
    for entry, score, group in zip(
        entries, [70, 90, 90, 59, 60, 99], ["a", "a", "a", "a", "b", "b"], strict=True
    ):
        handed_in(engine, entry, score, group)
    announced = engine.send(parent, "announce", by=HOST)
    assert [entries.index(each.case_id) for each in announced.sends] == [1, 2, 5, 4]
    assert [each.data["place"] for each in announced.sends] == [1, 2, 1, 2]
    assert states(engine, entries) == ["handed-in", "chosen", "chosen", "handed-in", "chosen", "chosen"]


def test_a_case_that_refuses_keeps_its_sentence_and_nobody_else_back(engine: Engine) -> None:
    parent, (red, blue) = begun(engine, ["red", "blue"])
    handed_in(engine, red, 1)
    engine.send(parent, "remind", by=HOST)
    told = {each.case_id: each for each in engine.sent(parent) if each.event == "remind"}
    assert told[red].refused == f"case {red}: cannot “remind” in state “handed in”; possible now: move, claim"
    assert (told[blue].refused, engine.case(blue).data["reminders"]) == (None, 1)
    assert all(each.carried_at for each in told.values())


def test_a_moved_case_is_found_where_it_is_and_no_longer_where_it_was(engine: Engine) -> None:
    one, (red,) = begun(engine, ["red"])
    other, _ = begun(engine, [])
    handed_in(engine, red, 80)
    engine.send(red, "move", {"contest": other}, by=HOST)
    assert engine.send(one, "count", by=HOST).settings == {"passed": 0}
    assert engine.send(other, "count", by=HOST).settings == {"passed": 1}


def test_only_cases_that_began_within_the_term_are_found_and_never_the_case_itself(
    engine: Engine, clock: Clock
) -> None:
    begun(engine, [], title="speech")
    begun(engine, [], title="song")
    clock.pass_hours(48)
    second, _ = begun(engine, [])
    assert engine.case(second).data["recent"] == 1
    clock.now += timedelta(seconds=1)
    third, _ = begun(engine, [])
    assert engine.case(third).data["recent"] == 1


def test_what_is_pending_is_seen_by_what_is_decided_next(engine: Engine) -> None:
    parent, (red, blue) = begun(engine, ["red", "blue"])
    data = {"group": "a", "score": 75}
    answers = engine.send_many(
        [
            Send(red, "hand in", data, HOST),
            Send(parent, "count", {}, HOST),
            Send(blue, "withdraw", {}, HOST),
            Send(parent, "announce", {}, HOST),
        ]
    )
    assert engine.history(parent)[1].settings == {"passed": 1}
    assert not [each for each in answers if not hasattr(each, "case")]
    assert states(engine, [red, blue, parent]) == ["chosen", "withdrawn", "closed"]


def test_the_journal_gives_cases_and_what_they_sent_again(engine: Engine) -> None:
    parent, (red, blue) = begun(engine, ["red", "blue"])
    handed_in(engine, red, "88.5")
    engine.send(blue, "withdraw", by=HOST)
    announced = engine.send(parent, "announce", by=HOST)
    for case_id in (parent, red, blue):
        folded: Case | None = None
        for entry in engine.history(case_id):
            folded = replayed(folded, entry, frozenset())
        assert folded == engine.case(case_id)
    assert engine.history(parent)[-1].sends == announced.sends
    assert engine.verify().broken == ()


def test_what_is_personal_there_is_committed_to_and_hidden_here(tmp_path: Path, url: str) -> None:
    text = CONTEST.replace(
        "set: {passed: 'count(handed in[score >= 60])'}", "set: {passed: 'count(handed in[phone != null])'}"
    )
    with Engine.open(url, workflows=write_contest(tmp_path / "workflows", contest=text)) as engine:
        parent, (red,) = begun(engine, ["red"])
        engine.send(red, "hand in", {"group": "a", "score": 1, "phone": "13800000000"}, by=HOST)
        assert engine.send(parent, "count", by=HOST).settings == {"passed": 1}
        assert engine.history(parent)[-1].facts["handed-in"] == [{"phone": "13800000000"}]
        assert engine.history(parent, by=HOST)[-1].facts["handed-in"] == [{"phone": "***"}]
        assert engine.verify().broken == ()
    if url.startswith("sqlite"):
        import sqlite3

        with sqlite3.connect(tmp_path / "cases.db") as connection:
            bodies = [
                body
                for (body,) in connection.execute("SELECT body FROM entries WHERE case_id = ?", (parent,))
            ]
        connection.close()
        assert not any("13800000000" in body for body in bodies)


def test_cases_that_were_there_before_a_relation_asked_for_them_are_found(
    tmp_path: Path, clock: Clock
) -> None:
    url = f"sqlite:///{tmp_path / 'cases.db'}"
    plain = "\n".join(line for line in CONTEST.splitlines() if "others" not in line or "begin" in line)
    plain = plain.replace(", set: {recent: count(others)}", "").replace("  recent: {type: integer}\n", "")
    with Engine.open(url, workflows=write_contest(tmp_path / "old", contest=plain), clock=clock) as engine:
        begun(engine, [])
    with Engine.open(url, workflows=write_contest(tmp_path / "new"), clock=clock) as engine:
        second, _ = begun(engine, [])
        assert engine.case(second).data["recent"] == 1


def test_a_running_case_knows_fields_that_a_newer_version_of_the_other_workflow_has_no_more(
    tmp_path: Path,
) -> None:
    url = f"sqlite:///{tmp_path / 'cases.db'}"
    with Engine.open(url, workflows=write_contest(tmp_path / "old")) as engine:
        parent, (red,) = begun(engine, ["red"])
        handed_in(engine, red, 70)
    newer = ENTRY.replace("workflow: entry\n", "workflow: entry\nversion: 2\n", 1).replace("score", "points")
    changed = CONTEST.replace("workflow: contest\n", "workflow: contest\nversion: 2\n", 1).replace(
        "score", "points"
    )
    with Engine.open(url, workflows=write_contest(tmp_path / "new", changed, newer)) as engine:
        assert engine.send(parent, "count", by=HOST).settings == {"passed": 1}
    with Engine.open(url, workflows=()) as engine:
        assert engine.send(parent, "count", by=HOST).settings == {"passed": 1}


def test_two_writers_never_both_take_the_last_place_of_a_quota(contest: Path, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'cases.db'}?synchronous=normal"
    with Engine.open(url, workflows=contest) as one, Engine.open(url, workflows=contest) as other:
        _, entries = begun(one, [f"team {number}" for number in range(12)], places=5)
        for entry in entries:
            handed_in(one, entry, 90)
        barrier = Barrier(4)
        taken: list[str] = []

        def claim(engine: Engine, mine: list[str]) -> None:
            barrier.wait()
            for entry in mine:
                try:
                    engine.send(entry, "claim", by=HOST)
                    taken.append(entry)
                except EventRefused:
                    pass

        threads = [
            Thread(target=claim, args=((one, other)[place % 2], entries[place::4])) for place in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(taken) == 5
        assert states(one, entries).count("chosen") == 5
        assert one.verify().broken == ()


def test_an_exact_relation_is_decided_anew_when_a_member_changes_before_the_event_is_saved(
    url: str, contest: Path
) -> None:
    with Engine.open(url, workflows=contest) as engine:
        _, (red, blue) = begun(engine, ["red", "blue"], places=1)
        handed_in(engine, red, 90)
        handed_in(engine, blue, 90)
        store = engine._store
        save, between = store.save, [True]

        def interrupted(changes: object, read: object = (), carried: object = ()) -> object:
            if between:
                between.clear()
                engine.send(blue, "claim", by=HOST)
            return save(changes, read, carried)  # type: ignore[arg-type]

        store.save = interrupted  # type: ignore[method-assign, assignment]
        with pytest.raises(EventRefused, match="count"):
            engine.send(red, "claim", by=HOST)
        assert states(engine, [red, blue]) == ["handed-in", "chosen"]


def test_what_was_left_over_is_carried_out_by_the_next_call(
    tmp_path: Path, contest: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite:///{tmp_path / 'cases.db'}"
    with monkeypatch.context() as patched, Engine.open(url, workflows=contest) as engine:
        patched.setattr(Carrier, "carry_out", lambda *_, **__: 0)
        parent, entries = begun(engine, ["red", "blue"])
        assert engine.cases(workflow="entry") == []
        assert [each.carried_at for each in engine.sent(parent)] == [None, None]
    with Engine.open(url, workflows=contest) as engine:
        engine.send(parent, "count", by=HOST)
        assert [case.id for case in engine.cases(workflow="entry")] == sorted(entries)


def test_what_was_left_over_is_carried_out_by_catch_up_once(
    tmp_path: Path, contest: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite:///{tmp_path / 'cases.db'}"
    with monkeypatch.context() as patched, Engine.open(url, workflows=contest) as engine:
        patched.setattr(Carrier, "carry_out", lambda *_, **__: 0)
        _, entries = begun(engine, ["red", "blue"])
    with Engine.open(url, workflows=contest) as one, Engine.open(url, workflows=contest) as other:
        assert (one.catch_up().carried_out, other.catch_up().carried_out) == (2, 0)
        assert [len(one.history(each)) for each in entries] == [1, 1]


KILLED = """
import os, sys
from partybuild_flow import Engine
from partybuild_flow.store.sql import SqlStore
from tests.contest import begun
save, count = SqlStore.save, []
def killed(self, changes, read=(), carried=()):
    if carried:
        count.append(1)
        if len(count) == 3:
            os._exit(9)
    return save(self, changes, read, carried)
SqlStore.save = killed
with Engine.open(sys.argv[1], workflows=sys.argv[2]) as engine:
    begun(engine, [f"team {number}" for number in range(1200)])
"""


def test_a_program_that_dies_between_batches_goes_on_where_it_was(tmp_path: Path, contest: Path) -> None:
    url = f"sqlite:///{tmp_path / 'cases.db'}?synchronous=normal"
    died = subprocess.run(
        [sys.executable, "-c", KILLED, url, str(contest)], cwd=PROJECT, check=False, timeout=60
    )
    assert died.returncode == 9
    with Engine.open(url, workflows=contest) as engine:
        assert len(engine.cases(workflow="entry")) == 1000
        assert engine.catch_up().carried_out == 200
        (parent,) = engine.cases(workflow="contest")
        assert {each.refused for each in engine.sent(parent.id)} == {None}
        assert len(engine.cases(workflow="entry")) == 1200
        assert engine.verify().broken == ()


def test_two_engines_carry_out_each_event_once(
    tmp_path: Path, contest: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite:///{tmp_path / 'cases.db'}?synchronous=normal"
    with monkeypatch.context() as patched, Engine.open(url, workflows=contest) as engine:
        patched.setattr(Carrier, "carry_out", lambda *_, **__: 0)
        parent, entries = begun(engine, [f"team {number}" for number in range(800)])
    with Engine.open(url, workflows=contest) as one, Engine.open(url, workflows=contest) as other:
        carried: list[int] = []
        threads = [
            Thread(target=lambda each=each: carried.append(each.catch_up().carried_out))
            for each in (one, other)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sum(carried) == 800
        assert {each.refused for each in one.sent(parent)} == {None}
        assert {one.case(each).revision for each in entries} == {1}


PING = """\
workflow: ping
fields:
  other: {type: case, workflow: ping}
  times: {type: integer}
roles: [host]
states: {on: {}, off: {final: true}}
transitions:
  - {on: begin, by: host, needs: [other?], to: on, set: {times: "0"}}
  - {on: hit, from: on, by: [host, cases], needs: [other?], set: {times: times + 1},
     effects: [{send: hit, to: other, with: {other: this case}}]}
  - {on: end, from: on, by: host, to: off}
"""


def test_cases_that_send_to_each_other_in_turn_come_to_an_end_that_is_told(tmp_path: Path, url: str) -> None:
    (tmp_path / "ping").mkdir()
    (tmp_path / "ping" / "workflow.yaml").write_text(PING, encoding="utf-8")
    with Engine.open(url, workflows=tmp_path / "ping") as engine:
        one = engine.start("ping", by=HOST).case.id
        other = engine.start("ping", {"other": one}, by=HOST).case.id
        engine.send(other, "hit", by=HOST)
        times = sum(int(str(engine.case(each).data["times"])) for each in (one, other))
        assert times == 21
        refused = [each.refused for each in (*engine.sent(one), *engine.sent(other)) if each.refused]
        assert refused == ["this would be event 21 of a chain, and at most 20 may follow from one another"]


def test_an_event_for_a_workflow_that_is_not_at_hand_waits_for_an_engine_that_has_it(
    tmp_path: Path, contest: Path
) -> None:
    url = f"sqlite:///{tmp_path / 'cases.db'}"
    with Engine.open(url, workflows=contest / "contest") as engine:
        parent, _ = begun(engine, ["red"])
        (waiting,) = engine.sent(parent)
        assert (waiting.carried_at, waiting.refused) == (None, "there is no workflow 'entry'; known: contest")
    with Engine.open(url, workflows=contest) as engine:
        assert engine.catch_up().carried_out == 1
        assert engine.sent(parent)[0].refused is None


def test_a_case_actor_is_written_down_as_the_case_that_it_is(engine: Engine) -> None:
    parent, (red,) = begun(engine, ["red"])
    actor = engine.history(red)[0].actor
    assert actor == Actor(parent)
    assert CaseActor(parent) == actor
