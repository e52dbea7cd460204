"""Marks through the engine: who may give one, what is seen of it, what completes, opens and discards them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from partybuild_flow import Actor, CaseChanged, Engine, EventRefused, Send
from partybuild_flow.cli.printing import json_text
from tests.collecting import (
    CHAIR,
    COUNCIL,
    JUDGES,
    MEMBERS,
    OFFICER,
    PANEL,
    SECRETARY,
    SUPERVISOR,
    convened,
    refusal,
    write,
)
from tests.conftest import Clock
from tests.told import everything

SECRET = "61.25"
"""A mark that is looked for in everything that comes out."""


@pytest.fixture(params=["memory", "sqlite"])
def engine(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> Iterator[Engine]:
    url = (
        "memory://" if request.param == "memory" else f"sqlite:///{tmp_path / 'cases.db'}?synchronous=normal"
    )
    workflows = write(
        tmp_path / "workflows", panel=PANEL, council=COUNCIL.replace("WAY", "as: ratio, ratio: share")
    )
    with Engine.open(url, workflows=workflows, clock=clock) as opened:
        yield opened


def give(engine: Engine, case_id: str, *marks: str) -> None:
    for judge, mark in zip(JUDGES, marks, strict=False):
        engine.send(case_id, "give", {"mark": mark}, by=judge)


def test_the_last_mark_takes_the_transition_and_everything_before_it_keeps_the_state(engine: Engine) -> None:
    case_id = convened(engine, 5)
    give(engine, case_id, "60", "80", "90", "85.5")
    case = engine.case(case_id)
    assert (case.state, case.revision, "mark" in case.data, "score" in case.data) == (
        "marking",
        5,
        False,
        False,
    )
    assert not any(entry.effects for entry in engine.history(case_id))
    entry = engine.send(case_id, "give", {"mark": "100"}, by=JUDGES[4])
    assert (entry.target, entry.settings["score"], entry.settings["passed"]) == (
        "scored",
        Decimal("85.17"),
        True,
    )
    assert [effect.text for effect in entry.effects] == ["scored 85.17"]


def test_each_is_told_why_no_mark_may_be_given(engine: Engine) -> None:
    case_id = convened(engine, 5, recused=["j5"])
    give(engine, case_id, "60")
    assert refusal(engine, case_id, "give", JUDGES[0], mark="1") == "refused.given"
    assert refusal(engine, case_id, "give", JUDGES[4], mark="1") == "refused.recused"
    assert refusal(engine, case_id, "give", JUDGES[8], mark="1") == "refused.not-asked"
    assert refusal(engine, case_id, "give", OFFICER, mark="1") == "refused.role"
    assert refusal(engine, case_id, "give", JUDGES[1], mark="101") == "refused.value"
    assert refusal(engine, case_id, "give", JUDGES[1]) == "refused.needs"
    assert engine.case(case_id).revision == 2


def test_a_form_is_offered_to_whoever_may_still_give_and_a_reason_to_the_others(engine: Engine) -> None:
    case_id = convened(engine, 3)
    give(engine, case_id, "60")
    offered = {
        judge.id: next(each for each in engine.possible(case_id, by=judge) if each.event == "give")
        for judge in JUDGES[:4]
    }
    assert [offered[who].form is not None for who in ("j1", "j2", "j3", "j4")] == [False, True, True, False]
    assert "is given already" in offered["j1"].reasons[0]
    assert "only those who are asked" in offered["j4"].reasons[0]


def test_a_recusal_that_leaves_nobody_missing_completes_the_marks_by_itself(engine: Engine) -> None:
    case_id = convened(engine, 4)
    give(engine, case_id, "70", "80", "90")
    entry = engine.send(case_id, "replace", {"recused": ["j4"]}, by=OFFICER)
    assert (entry.target, engine.case(case_id).state) == ("marking", "scored")
    last = engine.history(case_id)[-1]
    assert (last.event, last.actor.id, last.settings["score"]) == ("give", "clock", Decimal("80.00"))
    assert engine.verify().broken == ()


def test_a_condition_of_the_mark_is_not_asked_where_nobody_gives_one(tmp_path: Path, clock: Clock) -> None:
    panel = PANEL.replace(
        "    needs: [mark, remark?]\n", "    needs: [mark, remark?]\n    when: mark <= 95\n"
    )
    with Engine.open(
        "memory://", workflows=write(tmp_path / "workflows", panel=panel), clock=clock
    ) as opened:
        case_id = convened(opened, 4)
        give(opened, case_id, "70", "80", "90")
        assert refusal(opened, case_id, "give", JUDGES[3], mark="96") == "refused.guard"
        opened.send(case_id, "replace", {"recused": ["j4"]}, by=OFFICER)
        assert opened.case(case_id).state == "scored"


def test_the_mark_of_a_judge_who_is_replaced_does_not_count_and_stays_in_the_journal(engine: Engine) -> None:
    case_id = convened(engine, 3)
    give(engine, case_id, "10", "80")
    engine.send(case_id, "replace", {"judges": ["j2", "j3", "j4"]}, by=OFFICER)
    engine.send(case_id, "give", {"mark": "90"}, by=JUDGES[2])
    entry = engine.send(case_id, "give", {"mark": "70"}, by=JUDGES[3])
    assert entry.settings["score"] == Decimal("80.00")
    assert [each.actor.id for each in engine.history(case_id) if each.event == "give"] == [
        "j1",
        "j2",
        "j3",
        "j4",
    ]


def test_a_correction_of_who_is_asked_completes_the_marks_too(engine: Engine) -> None:
    case_id = convened(engine, 4)
    give(engine, case_id, "70", "80", "90")
    engine.correct(case_id, {"judges": ["j1", "j2", "j3"]}, reason="a slip", by=OFFICER)
    assert engine.case(case_id).state == "scored"


def all_outputs(engine: Engine, case_id: str) -> str:
    """Everything that anybody can get out of an engine about a case, as text."""
    found: list[object] = [
        engine.case(case_id),
        engine.history(case_id),
        engine.marks(case_id),
        engine.cases(),
    ]
    for actor in (*JUDGES[:4], OFFICER, SECRETARY, CHAIR):
        if actor is not CHAIR:
            found += [
                engine.case(case_id, by=actor),
                engine.history(case_id, by=actor),
                engine.marks(case_id, by=actor),
            ]
        found.append(engine.possible(case_id, by=actor))
        for event, data in (
            ("give", {"mark": "1"}),
            ("reveal", {"reason": "x"}),
            ("lock", {}),
            ("replace", {}),
        ):
            decision = engine.ask(case_id, event, data, by=actor)
            found += [decision.explain("en"), decision.settings, decision.case, decision.values]
            try:
                raise EventRefused(decision)
            except EventRefused as refused:
                found.append(str(refused))
    return everything(found)


def test_a_sealed_mark_is_seen_nowhere_until_all_are_given(engine: Engine) -> None:
    case_id = convened(engine, 4)
    returned = [engine.send(case_id, "give", {"mark": SECRET, "remark": f"weak {SECRET}"}, by=JUDGES[0])]
    returned.append(engine.send(case_id, "give", {"mark": "88.5"}, by=JUDGES[1], key="k"))
    returned.append(engine.send(case_id, "give", {"mark": "88.5"}, by=JUDGES[1], key="k"))
    (again,) = engine.send_many([Send(case_id, "give", {"mark": "88.5"}, JUDGES[2])])
    (refused,) = engine.send_many([Send(case_id, "give", {"mark": "1"}, JUDGES[2])])
    seen = all_outputs(engine, case_id) + everything([returned, again, refused])
    assert SECRET not in seen
    assert "88.5" not in seen
    assert "'j1'" in seen
    engine.send(case_id, "give", {"mark": "90"}, by=JUDGES[3])
    assert SECRET in everything(engine.history(case_id))
    assert SECRET in everything(engine.case(case_id))


def test_nobody_finds_out_sealed_marks_by_asking_before_giving_the_last(engine: Engine) -> None:
    case_id = convened(engine, 4)
    give(engine, case_id, "60", "70", SECRET)
    told = set()
    for guess in ("0", "50", "100"):
        decision = engine.ask(case_id, "give", {"mark": guess}, by=JUDGES[3])
        told.add(
            (
                decision.accepted,
                decision.target,
                decision.outcome,
                decision.explain(),
                repr(decision.settings),
            )
        )
    assert len(told) == 1
    assert SECRET not in everything(told)


def test_a_sealed_vote_that_is_certain_early_is_not_told_by_asking(tmp_path: Path) -> None:
    sealed = COUNCIL.replace("WAY", "as: ratio, ratio: '> 1/2', sealed: true")
    with Engine.open("memory://", workflows=write(tmp_path, council=sealed)) as engine:
        case_id = engine.start("council", {"members": [each.id for each in MEMBERS[:5]]}, by=CHAIR).case.id
        for member in MEMBERS[:2]:
            engine.send(case_id, "vote", {"ballot": "for"}, by=member)
        told = {
            (decision.target, decision.outcome, decision.explain(), repr(decision.settings))
            for ballot in ("for", "against")
            for decision in [engine.ask(case_id, "vote", {"ballot": ballot}, by=MEMBERS[2])]
        }
        assert len(told) == 1
        assert engine.send(case_id, "vote", {"ballot": "for"}, by=MEMBERS[2]).target == "adopted"


def test_two_persons_open_sealed_marks_with_a_reason_and_one_alone_does_not(engine: Engine) -> None:
    case_id = convened(engine, 4)
    give(engine, case_id, SECRET)
    assert refusal(engine, case_id, "reveal", SECRETARY) == "refused.needs"
    engine.send(case_id, "reveal", {"reason": "a complaint"}, by=SECRETARY)
    assert SECRET not in all_outputs(engine, case_id)
    assert refusal(engine, case_id, "reveal", SECRETARY, reason="again") == "refused.given"
    engine.send(case_id, "reveal", {"reason": "a complaint"}, by=SUPERVISOR)
    (marks, _) = engine.marks(case_id)
    assert (marks.values, marks.complete, marks.sealed) == ((Decimal(SECRET),), False, False)
    assert engine.case(case_id).data["reason"] == "a complaint"


def test_a_deadline_ends_the_collecting_with_what_is_there(engine: Engine, clock: Clock) -> None:
    case_id = convened(engine, 5)
    give(engine, case_id, "60", "80", SECRET)
    clock.pass_hours(73)
    assert refusal(engine, case_id, "give", JUDGES[4], mark="1") == "refused.event"
    engine.catch_up()
    case = engine.case(case_id)
    assert (case.state, case.data["score"]) == ("ended", Decimal("67.08"))
    assert SECRET in everything(engine.history(case_id))


def test_the_next_mark_after_the_transition_was_taken_begins_another_round(engine: Engine) -> None:
    case_id = convened(engine, 3)
    give(engine, case_id, "60", "70", "80")
    engine.send(case_id, "again", by=OFFICER)
    assert engine.marks(case_id)[0].result == Decimal("70.00")
    give(engine, case_id, SECRET)
    (marks, *_) = engine.marks(case_id)
    assert (marks.given, marks.missing, marks.sealed) == (1, ("j2", "j3"), True)
    assert SECRET not in all_outputs(engine, case_id)
    assert "Decimal('60')" in everything(engine.history(case_id))


def test_the_mark_of_one_person_is_discarded_and_given_anew(engine: Engine) -> None:
    case_id = convened(engine, 3)
    give(engine, case_id, "60", "70")
    engine.send(case_id, "withdraw", {"wrong": "j1"}, by=OFFICER)
    (marks, *_) = engine.marks(case_id)
    assert (marks.given, marks.missing) == (1, ("j1", "j3"))
    give(engine, case_id, "80")
    entry = engine.send(case_id, "give", {"mark": "90"}, by=JUDGES[2])
    assert entry.settings["score"] == Decimal("80.00")


def test_two_persons_sign_and_nobody_signs_for_both(engine: Engine) -> None:
    case_id = convened(engine, 3)
    give(engine, case_id, "60", "70", "80")
    both = Actor("both", [("secretary", "u"), ("supervisor", "u")])
    other = Actor("other", [("secretary", "u")])
    assert engine.send(case_id, "lock", by=both).target == "scored"
    assert refusal(engine, case_id, "lock", both) == "refused.given"
    (_, lock, *_) = (each for each in engine.marks(case_id) if each.event in ("give", "lock"))
    assert lock.given == 1
    assert engine.send(case_id, "lock", by=other).target == "locked"
    assert refusal(engine, case_id, "give", JUDGES[0], mark="1") == "refused.event"


def test_who_holds_only_a_role_that_has_signed_is_told_so(engine: Engine) -> None:
    case_id = convened(engine, 3)
    give(engine, case_id, "60", "70", "80")
    engine.send(case_id, "lock", by=SECRETARY)
    assert refusal(engine, case_id, "lock", Actor("second", [("secretary", "u")])) == "refused.signed"


def test_a_vote_ends_as_soon_as_it_is_certain(engine: Engine) -> None:
    case_id = engine.start("council", {"members": [each.id for each in MEMBERS[:3]]}, by=CHAIR).case.id
    engine.send(case_id, "vote", {"ballot": "for"}, by=MEMBERS[0])
    entry = engine.send(case_id, "vote", {"ballot": "for"}, by=MEMBERS[1])
    assert (entry.target, entry.settings["passed"]) == ("adopted", True)
    assert refusal(engine, case_id, "vote", MEMBERS[2], ballot="against") == "refused.event"


@pytest.mark.parametrize("name", ["@give", "@reason", "@", "mark"])
def test_nobody_sends_what_the_engine_keeps(engine: Engine, name: str) -> None:
    case_id = convened(engine, 3)
    assert refusal(engine, case_id, "replace", OFFICER, **{name: "1"}) in ("refused.value", "refused.extra")
    with pytest.raises(EventRefused):
        engine.correct(case_id, {name: "1"}, reason="try", by=OFFICER)
    with pytest.raises(EventRefused):
        engine.start("panel", {"judges": ["j1"], name: "1"}, by=OFFICER)


def test_a_correction_needs_a_reason_a_field_and_somebody_who_may(engine: Engine) -> None:
    case_id = convened(engine, 3)
    reasons = []
    for data, reason, actor in (
        ({"judges": ["j1"]}, "", OFFICER),
        ({"judges": ["j1"]}, "  ", OFFICER),
        ({}, "nothing", OFFICER),
        ({"score": "1"}, "not that one", OFFICER),
        ({"judges": "j1"}, "no list", OFFICER),
        ({"judges": ["j1"]}, "a judge", JUDGES[0]),
    ):
        with pytest.raises(EventRefused) as refused:
            engine.correct(case_id, data, reason=reason, by=actor)
        reasons.append(refused.value.decision.reasons[0].code)  # type: ignore[attr-defined]
    assert reasons == [
        "refused.no-reason", "refused.no-reason", "refused.nothing", "refused.extra", "refused.value", "refused.role",
    ]  # fmt: skip
    assert engine.case(case_id).revision == 1


def test_a_correction_is_journalled_with_its_reason_and_can_be_replayed(engine: Engine) -> None:
    case_id = convened(engine, 3)
    entry = engine.correct(
        case_id, {"judges": ["j4"]}, reason=" a slip ", by=OFFICER, expected_revision=1, key="c"
    )
    assert (
        engine.correct(case_id, {"judges": ["j5"]}, reason="again", by=OFFICER, key="c").sequence
        == entry.sequence
    )
    assert (entry.event, entry.transition, entry.inputs, entry.facts["@reason"]) == (
        "correct",
        0,
        ("judges",),
        "a slip",
    )
    first, last = engine.history(case_id)
    assert (first.case.data["judges"], last.case.data["judges"]) == (["j1", "j2", "j3"], ["j4"])
    with pytest.raises(CaseChanged):
        engine.correct(case_id, {"judges": ["j1"]}, reason="stale", by=OFFICER, expected_revision=1)
    assert engine.verify().broken == ()


PERSONAL = """\
workflow: wish
unique: [number]
fields:
  phone: {type: text, personal: sensitive}
  number: {type: text}
  until: {type: datetime}
  helpers: {type: list, item: person}
  grade: {type: number, personal: sensitive}
roles: [clerk, helper]
states: {open: {}, closed: {final: true}}
correct: {by: clerk, fields: [phone, number, until]}
transitions:
  - {on: ask, by: anyone, needs: [number, phone, until, helpers], to: open}
  - {on: rate, from: open, by: helper, needs: [grade], collect: {value: grade, as: mean, from: helpers}, to: closed}
  - {on: expire, from: open, by: clock, to: closed}
deadlines: {term: {while: open, due: until, fire: expire}}
"""


@pytest.fixture
def wishes(tmp_path: Path, clock: Clock) -> Iterator[Engine]:
    workflows = write(tmp_path / "w", wish=PERSONAL)
    with Engine.open(f"sqlite:///{tmp_path / 'w.db'}", workflows=workflows, clock=clock) as opened:
        yield opened


def test_a_correction_keeps_unique_keys_moves_deadlines_and_hides_its_reason_with_personal_values(
    wishes: Engine, clock: Clock
) -> None:
    clerk, asker = Actor("c", [("clerk", "u")]), Actor("a", [("", "u")])
    data = {"number": "1", "phone": "555-0101", "until": "2022-10-05 12:00", "helpers": ["h"]}
    first = wishes.start("wish", data, by=asker, unit="u").case.id
    second = wishes.start("wish", data | {"number": "2"}, by=asker, unit="u").case.id
    with pytest.raises(EventRefused, match=first):
        wishes.correct(second, {"number": "1"}, reason="swap", by=clerk)
    entry = wishes.correct(
        second, {"until": "2022-10-06 12:00", "phone": "555-0199"}, reason="now 555-0199", by=clerk
    )
    assert entry.deadlines is not None
    assert entry.deadlines[0].due_at == datetime.fromisoformat("2022-10-06T12:00:00+08:00")
    assert "555" not in everything(wishes.history(second, by=asker))
    assert "now 555-0199" in everything(wishes.history(second, by=clerk))
    with pytest.raises(EventRefused):
        wishes.start("wish", data | {"number": "2"}, by=asker, unit="u")
    assert wishes.verify().broken == ()


def test_personal_marks_are_hidden_from_readers_without_the_right(wishes: Engine) -> None:
    helper, asker = Actor("h", [("helper", "u")]), Actor("a", [("", "u")])
    data = {"number": "1", "phone": "1", "until": "2030-10-05", "helpers": ["h", "i"]}
    case_id = wishes.start("wish", data, by=asker, unit="u").case.id
    wishes.send(case_id, "rate", {"grade": "61.25"}, by=helper)
    seen = [
        wishes.case(case_id, by=asker),
        wishes.history(case_id, by=asker),
        wishes.marks(case_id, by=asker),
    ]
    assert "61.25" not in everything(seen)
    assert "61.25" in everything(wishes.case(case_id, by=helper))
    assert wishes.verify().broken == ()


def test_a_lot_is_drawn_where_it_is_read_and_kept_with_the_entry(tmp_path: Path) -> None:
    text = PANEL.replace(
        "needs: [judges, recused?], to: marking",
        "needs: [judges], set: {judges: 'shuffle(judges, lot)'}, to: marking",
    )
    drawn = iter(range(5, 100))
    with Engine.open("memory://", workflows=write(tmp_path, panel=text), lots=lambda: next(drawn)) as engine:
        orders = []
        for lot in (5, 6):
            entry = engine.start("panel", {"judges": list("abcdefgh")}, by=OFFICER)
            assert entry.facts["lot"] == Decimal(lot)
            orders.append(entry.settings["judges"])
        assert orders[0] != orders[1]
        engine.send(entry.case.id, "replace", {"recused": ["a"]}, by=OFFICER)
        assert next(drawn) == 7


def test_everything_that_is_kept_of_marks_is_json(engine: Engine) -> None:
    case_id = convened(engine, 3)
    give(engine, case_id, "60", "70", "80")
    assert json.loads(json_text(engine.case(case_id).data))["@give"]["over"] is True
