"""Events between cases and the clock: who comes first, what a refusal or a failing look-up keeps back, and what not."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from partybuild_flow import Actor, Engine, EventRefused, Send
from partybuild_flow.engine.outbox import Carrier
from partybuild_flow.errors import CaseChanged
from tests.collecting import write
from tests.conftest import Clock
from tests.told import everything

PARENT = """\
workflow: parent
fields: {title: {type: text}}
roles: [boss]
cases:
  children: {workflow: child, where: {parent: this case}}
states: {open: {}, late: {}, closed: {final: true}}
transitions:
  - {on: begin, by: boss, needs: [title?], to: open, effects: [{start: child, with: {parent: this case}}]}
  - {on: add, from: [open, late], by: boss, effects: [{start: child, with: {parent: this case}}]}
  - {on: call, from: [open, late], by: boss, effects: [{send: call, to: children}]}
  - {on: expire, from: open, by: clock, to: late, effects: [{send: call, to: children}, {start: child, with: {parent: this case}}]}
  - {on: close, from: late, by: boss, to: closed}
deadlines:
  ours: {while: open, due: 10 hours, fire: expire}
"""
CHILD = """\
workflow: child
fields: {parent: {type: case, workflow: parent}, calls: {type: integer}, answer: {type: number}}
roles: [boss]
look-ups:
  line: {with: [calls], type: number}
states: {waiting: {}, called: {final: true}, gone: {final: true}}
transitions:
  - {on: begin, by: cases, needs: [parent], to: waiting, set: {calls: "0"}}
  - {on: call, from: waiting, by: cases, when: line > 0, set: {calls: calls + 1, answer: line}, to: called, journal: refused}
  - {on: leave, from: waiting, by: clock, to: gone}
deadlines:
  theirs: {while: waiting, due: 5 hours, fire: leave}
"""
BOSS = Actor("boss", [("boss", "park")])
SECRET = "13800000000"


class Line:
    """A look-up that a test breaks and mends."""

    def __init__(self) -> None:
        self.answers: Callable[[], object] = lambda: 1

    def __call__(self, _: object) -> object:
        return self.answers()


@pytest.fixture
def line() -> Line:
    return Line()


@pytest.fixture
def workflows(tmp_path: Path) -> Path:
    return write(tmp_path / "workflows", parent=PARENT, child=CHILD)


@pytest.fixture
def engine(url: str, workflows: Path, clock: Clock, line: Line) -> Iterator[Engine]:
    with Engine.open(url, workflows=workflows, clock=clock, look_ups={"line": line}) as opened:
        yield opened


def begun(engine: Engine) -> tuple[str, str]:
    entry = engine.start("parent", by=BOSS)
    return entry.case.id, entry.sends[0].case_id


def told(engine: Engine, case_id: str) -> list[tuple[str, str | None]]:
    return [(entry.event, entry.refused) for entry in engine.history(case_id)]


@pytest.mark.parametrize("how", ["sweep", "event"])
def test_what_a_deadline_sends_is_carried_out_whoever_asks_first(
    engine: Engine, clock: Clock, how: str
) -> None:
    parent, _ = begun(engine)
    clock.pass_hours(6)
    second = engine.send(parent, "add", by=BOSS).sends[0].case_id
    clock.pass_hours(4.5)
    if how == "sweep":
        assert engine.catch_up().carried_out == 3
    else:
        engine.send(parent, "close", by=BOSS)
    assert told(engine, second) == [("begin", None), ("call", None)]
    assert engine.history(second)[-1].occurred_at == engine.history(parent)[2].occurred_at
    assert {sending.carried_at for sending in engine.sent(parent)[2:]} == {clock.now}


def test_a_case_that_is_sent_to_first_does_what_is_overdue_in_it(engine: Engine, clock: Clock) -> None:
    parent, child = begun(engine)
    clock.pass_hours(6)
    engine.send(parent, "call", by=BOSS)
    assert "cannot “call” in state “gone”" in str(engine.sent(parent)[-1].refused)
    engine.catch_up()
    assert told(engine, child) == [("begin", None), ("leave", None)]
    assert engine.history(child)[-1].occurred_at == clock.now.replace(hour=13)


def test_one_sweep_goes_on_to_what_became_overdue_by_what_it_sent(engine: Engine, clock: Clock) -> None:
    parent, _ = begun(engine)
    clock.pass_hours(30)
    assert engine.catch_up()[:1] == (3,)
    born = engine.sent(parent)[-1].case_id
    assert told(engine, born) == [("begin", None), ("leave", None)]
    assert (engine.history(born)[-1].occurred_at - engine.history(born)[0].occurred_at).seconds == 5 * 3600
    assert engine.catch_up() == (0, 0, 0, 0, 0)


@pytest.mark.parametrize("batch", [1, 500])
def test_a_sweep_lets_arrive_what_was_sent_before_a_deadline_of_its_receiver(
    engine: Engine, clock: Clock, batch: int
) -> None:
    parent, _ = begun(engine)
    clock.pass_hours(6)
    late = engine.send(parent, "add", by=BOSS).sends[0].case_id
    clock.pass_hours(30)
    engine.catch_up(batch=batch)
    assert told(engine, late) == [("begin", None), ("call", None)]


def test_what_was_left_over_arrives_before_a_sweep_looks_for_what_is_overdue(
    engine: Engine, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    parent, child = begun(engine)
    with monkeypatch.context() as patched:
        patched.setattr(Carrier, "carry_out", lambda *_, **__: 0)
        engine.send(parent, "call", by=BOSS)
    clock.pass_hours(6)
    engine.catch_up()
    assert told(engine, child) == [("begin", None), ("call", None)]


def test_a_refusal_of_what_was_sent_is_journalled_where_its_transition_says_so(
    engine: Engine, line: Line
) -> None:
    parent, child = begun(engine)
    line.answers = lambda: 0
    engine.send(parent, "call", by=BOSS)
    assert told(engine, child) == [("begin", None), ("call", "refused.guard")]
    assert "line=0" in str(engine.sent(parent)[-1].refused)
    assert engine.verify().broken == ()


def test_a_refusal_among_many_requests_is_journalled_as_well(
    engine: Engine, clock: Clock, tmp_path: Path
) -> None:
    text = PARENT.replace(
        "on: close, from: late, by: boss", "on: close, from: late, by: boss, when: title != null"
    )
    folder = write(
        tmp_path / "other", parent=text.replace("to: closed", "to: closed, journal: refused"), child=CHILD
    )
    with Engine.open("memory://", workflows=folder, clock=clock, look_ups={"line": lambda _: 1}) as other:
        parent, _ = begun(other)
        clock.pass_hours(11)
        answers = other.send_many([Send(parent, "close", {}, BOSS), Send(parent, "add", {}, BOSS)])
        assert [hasattr(each, "reasons") for each in answers] == [True, False]
        with pytest.raises(EventRefused):
            other.send(parent, "close", by=BOSS)
        refused = ("close", "refused.guard")
        assert told(other, parent) == [("begin", None), ("expire", None), refused, ("add", None), refused]
        assert other.verify().broken == ()


def test_a_look_up_that_fails_for_a_child_keeps_neither_its_parent_nor_others_back(
    engine: Engine, clock: Clock, line: Line, caplog: pytest.LogCaptureFixture
) -> None:
    parent, child = begun(engine)

    def broken() -> object:
        raise ConnectionError(f"no line to {SECRET}")

    line.answers = broken
    with caplog.at_level(logging.CRITICAL):
        assert engine.send(parent, "call", by=BOSS).event == "call"
        other = engine.send(parent, "add", by=BOSS).sends[0].case_id
    assert engine.case(other).state == "waiting"
    waiting = engine.sent(parent)[1]
    assert (waiting.carried_at, waiting.refused) == (None, "ConnectionError")
    line.answers = lambda: 7
    clock.pass_hours(6)
    assert engine.catch_up().carried_out == 1
    assert (engine.case(child).state, engine.case(child).data["answer"]) == ("called", 7)
    assert engine.sent(parent)[1][4:] == (clock.now, None)


def test_whoever_sent_is_not_told_by_an_error_that_other_writers_were_faster(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    parent, child = begun(engine)
    save = engine._store.save

    def overtaken(changes: object, read: object = (), carried: object = ()) -> object:
        if carried:
            raise CaseChanged(child, 1, 2)
        return save(changes, read, carried)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(engine._store, "save", overtaken)
        assert engine.send(parent, "call", by=BOSS).sequence == 2
        assert engine.sent(parent)[-1].carried_at is None
    engine.send(parent, "add", by=BOSS)
    assert told(engine, child) == [("begin", None), ("call", None)]


def test_what_is_personal_in_another_case_is_quoted_to_no_reader(tmp_path: Path, url: str) -> None:
    child = CHILD.replace(
        "answer: {type: number}", "answer: {type: number}, phone: {type: text, personal: sensitive}"
    )
    child = child.replace(
        "transitions:\n", "transitions:\n  - {on: ring, from: waiting, by: boss, needs: [phone]}\n"
    )
    told = (
        "effects: [{notify: boss, message: 'call {children[1].phone}'}, {notify: boss, message: 'as agreed'}]"
    )
    parent = PARENT.replace("deadlines:\n", f"  - {{on: tell, from: open, by: boss, {told}}}\ndeadlines:\n")
    folder = write(tmp_path / "other", parent=parent, child=child)
    with Engine.open(url, workflows=folder, look_ups={"line": lambda _: 1}) as engine:
        case_id, called = begun(engine)
        engine.send(called, "ring", {"phone": SECRET}, by=BOSS)
        assert engine.send(case_id, "tell", by=BOSS).effects[0].text == f"call {SECRET}"
        assert SECRET in everything(engine.history(case_id))
        shown = [
            engine.history(case_id, by=BOSS),
            engine.case(case_id, by=BOSS),
            engine.sent(case_id, by=BOSS),
        ]
        assert SECRET not in everything(
            [*shown, engine.cases(workflow="parent", by=BOSS), engine.ask(case_id, "tell", by=BOSS).explain()]
        )
        assert engine.verify().broken == ()
