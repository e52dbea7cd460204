"""What every store must keep, asked through the engine on memory and on SQLite."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from threading import Thread

import pytest

from partybuild_flow import Actor, CaseChanged, CaseNotFound, Engine, EventRefused, FlowError, Send, Start
from partybuild_flow.apply import replayed
from partybuild_flow.case import Case, Entry
from tests.conftest import CLERK, HANDLER, LEADER, RESIDENT, STRANGER, Clock

WORKS = "park/lake/works"


def reported(engine: Engine, **data: object) -> Case:
    return engine.start("request", {"category": "help"} | data, by=RESIDENT).case


def working(engine: Engine, **data: object) -> Case:
    case = reported(engine, **data)
    engine.send(case.id, "screen", {"level": "street", "handling unit": WORKS}, by=CLERK)
    return engine.send(case.id, "sign", by=HANDLER).case


def test_an_accepted_event_moves_the_case_and_is_journalled(engine: Engine, clock: Clock) -> None:
    case = reported(engine, households=3)
    entry = engine.send(case.id, "screen", {"level": "community", "handling unit": WORKS}, by=CLERK)
    assert (entry.source, entry.target, entry.sequence) == ("registered", "assigned", 2)
    assert entry.case.data["urgent"] is False
    assert entry.case.unit == "park/lake/first"
    assert [(each.kind, each.to, each.text) for each in entry.effects] == [
        ("notify", WORKS, "a help request was assigned")
    ]
    kept = engine.history(case.id)
    assert [each.event for each in kept] == ["report", "screen"]
    assert kept[-1].facts["households"] == Decimal(3)
    assert kept[-1].occurred_at == clock.now
    assert kept[-1].evaluator.startswith(("durable-rules", "reference"))
    assert engine.case(case.id) == kept[-1].case


def test_a_refused_event_writes_nothing_and_says_why(engine: Engine) -> None:
    case = reported(engine)
    before = engine.case(case.id)
    with pytest.raises(EventRefused) as refused:
        engine.send(case.id, "screen", {"level": "street", "handling unit": WORKS}, by=STRANGER)
    assert str(refused.value) == (
        f"case {case.id}: “screen” is refused in state “registered”: only clerk may do this; possible now: nothing"
    )
    assert engine.case(case.id) == before
    assert len(engine.history(case.id)) == 1


def test_an_event_of_another_state_names_what_is_possible(engine: Engine) -> None:
    case = reported(engine)
    with pytest.raises(EventRefused, match="cannot “close” in state “registered”; possible now: screen"):
        engine.send(case.id, "close", {"score": 90}, by=LEADER)


def test_a_transition_can_ask_for_its_refusals_to_be_journalled(engine: Engine) -> None:
    case = working(engine)
    with pytest.raises(EventRefused, match="score >= pass mark"):
        engine.send(case.id, "close", {"score": "59.99"}, by=LEADER)
    entry = engine.history(case.id)[-1]
    assert (entry.refused, entry.target) == ("refused.guard, refused.extra", "working")
    assert engine.verify().broken == ()


def test_what_is_sent_is_checked_against_the_field(engine: Engine) -> None:
    case = working(engine)
    wrong = {
        "90.005": "“score”: 90.005 has more than 2 decimals",
        "101": "“score”: 101 is more than 100",
        "ninety": "“score”: “ninety” is no number",
        "NaN": "“score”: “NaN” is no number",
        "1e999999999": "“score” has more than 34 digits",
    }
    for written, message in wrong.items():
        with pytest.raises(EventRefused, match=message):
            engine.send(case.id, "close", {"score": written}, by=LEADER)
    with pytest.raises(EventRefused, match="score must be filled in"):
        engine.send(case.id, "close", by=LEADER)
    with pytest.raises(EventRefused, match="“colour” is not a field"):
        engine.send(case.id, "close", {"score": 90, "colour": "red"}, by=LEADER)


def test_whoever_did_an_event_is_kept_from_the_one_that_excludes_them(engine: Engine) -> None:
    case = working(engine)
    with pytest.raises(EventRefused, match="whoever did “screen” may not do this as well"):
        engine.send(case.id, "close", {"score": 90}, by=CLERK)
    assert engine.send(case.id, "close", {"score": 90}, by=LEADER).target == "closed"


def test_an_event_happens_as_often_as_its_limit(engine: Engine) -> None:
    case = working(engine)
    for _ in range(2):
        engine.send(case.id, "ask-back", {"note": "which house?"}, by=HANDLER)
        engine.send(case.id, "answer", by=RESIDENT)
    with pytest.raises(EventRefused, match="was done as often as it may be: 2"):
        engine.send(case.id, "ask back", {"note": "which house?"}, by=HANDLER)


def test_unique_values_are_held_by_one_case_that_is_named(engine: Engine) -> None:
    first = reported(engine, **{"source": "hotline", "source number": "17"})
    with pytest.raises(EventRefused, match=f"another case holds this source, source number: {first.id}"):
        reported(engine, **{"source": "hotline", "source number": "17"})
    reported(engine, source="hotline")
    reported(engine, **{"source": "hotline", "source number": "18"})


def test_a_key_makes_a_repeated_call_return_the_first_entry(engine: Engine) -> None:
    first = engine.start("request", {"category": "help"}, by=RESIDENT, key="desk-1")
    assert engine.start("request", {"category": "help"}, by=RESIDENT, key="desk-1").case.id == first.case.id
    data = {"level": "street", "handling unit": WORKS}
    sent = engine.send(first.case.id, "screen", data, by=CLERK, key="desk-2")
    again = engine.send(first.case.id, "screen", data, by=CLERK, key="desk-2")
    assert (again.case.id, again.sequence) == (sent.case.id, sent.sequence)
    assert len(engine.history(first.case.id)) == 2
    with pytest.raises(FlowError, match="key 'desk-2' belongs to an event of case"):
        engine.send(reported(engine).id, "screen", data, by=CLERK, key="desk-2")


def test_a_refused_event_is_not_remembered_under_its_key(engine: Engine) -> None:
    case = reported(engine)
    data = {"level": "street", "handling unit": WORKS}
    with pytest.raises(EventRefused):
        engine.send(case.id, "screen", data, by=STRANGER, key="k")
    assert engine.send(case.id, "screen", data, by=CLERK, key="k").target == "assigned"


def test_a_stale_writer_is_refused(engine: Engine) -> None:
    case = working(engine)
    with pytest.raises(CaseChanged) as changed:
        engine.send(case.id, "remind", by=CLERK, expected_revision=1)
    assert (changed.value.expected, changed.value.found) == (1, 3)
    assert engine.send(case.id, "remind", by=CLERK, expected_revision=3).sequence == 4


def test_a_deadline_fires_at_its_due_instant_however_late_it_is_noticed(engine: Engine, clock: Clock) -> None:
    case = working(engine)
    due = clock.now + timedelta(hours=48)
    clock.pass_hours(100)
    assert engine.ask(case.id, "close", by=LEADER).accepted
    assert len(engine.history(case.id)) == 3
    entry = engine.send(case.id, "close", by=LEADER)
    kept = engine.history(case.id)
    assert [each.event for each in kept] == ["report", "screen", "sign", "expire", "close"]
    assert kept[3].occurred_at == due
    assert kept[3].recorded_at == clock.now
    assert kept[3].actor.id == "clock"
    assert entry.case.data["overdue"] == 1
    assert engine.verify().broken == ()


def test_a_deadline_without_an_event_is_a_window(engine: Engine, clock: Clock) -> None:
    case = working(engine)
    engine.send(case.id, "close", {"score": 90}, by=LEADER)
    clock.pass_hours(23.99)
    assert engine.ask(case.id, "reopen", by=CLERK).accepted
    clock.pass_hours(0.01)
    assert not engine.ask(case.id, "reopen", by=CLERK).accepted


def test_nobody_can_pass_for_the_clock(engine: Engine) -> None:
    case = working(engine)
    with pytest.raises(EventRefused, match="only the clock may do this"):
        engine.send(case.id, "expire", by=Actor("clock", [("clock", "")]))


def test_an_event_may_be_told_later_but_not_before_the_last_one(engine: Engine, clock: Clock) -> None:
    case = working(engine)
    clock.pass_hours(5)
    at = clock.now - timedelta(hours=2)
    entry = engine.send(case.id, "remind", by=CLERK, at=at)
    assert (entry.occurred_at, entry.recorded_at) == (at, clock.now)
    with pytest.raises(EventRefused, match="before the last one of the case"):
        engine.send(case.id, "remind", by=CLERK, at=at - timedelta(seconds=1))


def test_many_events_are_sent_at_once_and_a_refused_one_keeps_none_back(engine: Engine) -> None:
    case = reported(engine)
    data = {"level": "street", "handling unit": WORKS}
    answers = engine.send_many(
        [
            Send(case.id, "sign", {}, HANDLER),
            Send(case.id, "screen", data, CLERK),
            Send(case.id, "sign", {}, HANDLER),
            Start("request", {"category": "praise"}, RESIDENT, id="chosen"),
            Send("chosen", "screen", data, CLERK),
        ]
    )
    assert [isinstance(answer, Entry) for answer in answers] == [False, True, True, True, True]
    assert engine.case(case.id).state == "working"
    assert engine.case("chosen").state == "rejected"
    assert engine.verify().broken == ()


def test_possible_gives_a_form_or_the_reason_why_not(engine: Engine) -> None:
    case = working(engine)
    by_event = {each.event: each for each in engine.possible(case.id, by=LEADER)}
    assert set(by_event) == {"ask-back", "remind", "close"}
    assert by_event["close"].form is not None
    assert [question.field for question in by_event["close"].form.questions] == ["score"]
    assert by_event["ask-back"].form is None
    assert by_event["ask-back"].reasons == ("only handler at handling unit may do this",)


def test_the_worklist_is_narrowed_by_state_unit_deadline_and_reader(engine: Engine, clock: Clock) -> None:
    first, second = working(engine), reported(engine)
    assert [case.id for case in engine.cases(state="open")] == [first.id]
    assert {case.id for case in engine.cases(unit="park/lake")} == {first.id, second.id}
    assert engine.cases(unit="park/la") == []
    assert [case.id for case in engine.cases(due_before=clock.now + timedelta(hours=49))] == [first.id]
    assert engine.cases(workflow="request", by=STRANGER) == []
    assert len(engine.cases(by=CLERK)) == 2
    with pytest.raises(CaseNotFound):
        engine.history(first.id, by=STRANGER)


def test_a_sensitive_value_is_hidden_from_a_reader_without_a_role(engine: Engine) -> None:
    visitor = Actor("visitor", [("visitor", "park/lake/first")])
    case = engine.start("request", {"category": "help", "phone": "13800000000"}, by=visitor).case
    assert engine.case(case.id, by=CLERK).data["phone"] == "13800000000"
    assert engine.case(case.id, by=visitor).data["phone"] == "***"
    assert engine.history(case.id, by=visitor)[0].facts["phone"] == "***"
    assert engine.history(case.id)[0].facts["phone"] == "13800000000"


def test_the_journal_gives_the_case_again(engine: Engine, clock: Clock) -> None:
    case = working(engine, phone="1")
    clock.pass_hours(60)
    engine.send(case.id, "remind", by=CLERK)
    folded: Case | None = None
    for entry in engine.history(case.id):
        folded = replayed(folded, entry, frozenset({"screen", "ask-back"}))
    assert folded == engine.case(case.id)


def test_verify_gives_one_digest_that_changes_with_every_event(engine: Engine) -> None:
    case = working(engine)
    first = engine.verify()
    assert (first.cases, first.entries, first.broken) == (1, 3, ())
    engine.send(case.id, "remind", by=CLERK)
    assert engine.verify().digest != first.digest


def test_threads_share_an_engine_and_lose_no_event(engine: Engine) -> None:
    case = working(engine)

    def remind() -> None:
        for _ in range(25):
            engine.send(case.id, "remind", by=CLERK)

    threads = [Thread(target=remind) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert engine.case(case.id).revision == 103
    assert engine.verify().broken == ()


def test_an_unknown_case_or_workflow_is_named(engine: Engine) -> None:
    with pytest.raises(CaseNotFound, match="there is no case 17"):
        engine.send("17", "sign", by=CLERK)
    with pytest.raises(FlowError, match="there is no workflow 'requests'; known: request"):
        engine.start("requests", {}, by=CLERK)


def test_instants_are_kept_in_utc(engine: Engine) -> None:
    case = reported(engine)
    assert engine.history(case.id)[0].occurred_at == datetime(2022, 9, 30, 8, tzinfo=UTC)
