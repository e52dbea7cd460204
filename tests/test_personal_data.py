"""Marked values are planted in every personal field; then every output that there is is searched for them."""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from typer.testing import CliRunner

from partybuild_flow import Actor, CaseNotFound, Engine, EventRefused, FlowError, StoreError, read_workflow
from partybuild_flow.cli.application import application
from partybuild_flow.cli.printing import json_text
from partybuild_flow.cli.records import case_record, decision_record, entry_record, error_record
from tests.conftest import Clock
from tests.personal import write_personal
from tests.told import everything

UNIT: Final = "park/east"
RESIDENT: Final = Actor("res-1")
CLERK: Final = Actor("clerk-1", [("clerk", UNIT)])
NURSE: Final = Actor("nurse-1", [("nurse", UNIT)])
HANDLER: Final = Actor("handler-1", [("handler", UNIT)])
VISITORS: Final = [Actor(f"visitor-{each}", [("visitor", UNIT)]) for each in (1, 2)]
CALLER: Final = Actor("caller-1", [("caller", UNIT)])
STRANGER: Final = Actor("stranger", [("clerk", "harbour")])

PLANTED: Final = {
    "phone": "Zphone-4711",
    "born": "1931-05-17",
    "household": "Zmember-4712",
    "card": "Zcard-4713",
    "remark": "Zremark-4714",
    "illness": "Zillness-4715",
    "certificate": "Zcertificate-4716",
    "helpers": "Zhelper-4718",
    "opinion": "7654321",
    "track": "Ztrack-4717",
}
SEES: Final[dict[str, frozenset[str]]] = {
    "res-1": frozenset({"phone"}),
    "clerk-1": frozenset({"phone", "born", "household", "card", "remark", "helpers"}),
    "nurse-1": frozenset({"illness", "certificate"}),
    "handler-1": frozenset({"track"}),
}

OpenOne = Callable[[], Engine]


@pytest.fixture(params=["memory", "sqlite"])
def office(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> Iterator[Engine]:
    url = (
        "memory://" if request.param == "memory" else f"sqlite:///{tmp_path / 'cases.db'}?synchronous=normal"
    )
    with Engine.open(url, write_personal(tmp_path / "workflows"), clock=clock) as engine:
        yield engine


def reported(engine: Engine) -> str:
    data = {
        "kind": "help",
        "phone": PLANTED["phone"],
        "born": PLANTED["born"],
        "resident": "res-1",
        "remark": PLANTED["remark"],
        "household": [{"member": PLANTED["household"], "card": PLANTED["card"]}],
    }
    return engine.start("request", data, by=RESIDENT, unit=UNIT).case.id


def examined(engine: Engine) -> str:
    case = reported(engine)
    data = {
        "illness": PLANTED["illness"],
        "certificate": {"id": "d-1", "name": PLANTED["certificate"]},
        "helpers": [*(each.id for each in VISITORS), PLANTED["helpers"]],
    }
    engine.send(case, "examine", data, by=NURSE)
    return case


def lived(engine: Engine) -> str:
    """The id of a request that everything has happened to but its closing."""
    case = examined(engine)
    for visitor in VISITORS:
        engine.send(case, "judge", {"opinion": 7654321}, by=visitor)
    engine.send(case, "locate", {"track": PLANTED["track"]}, by=HANDLER)
    engine.correct(case, {"remark": PLANTED["remark"] + "b"}, reason=f"not {PLANTED['remark']}", by=CLERK)
    return case


def told_to(engine: Engine, case: str, reader: Actor) -> Iterator[str]:
    """Whatever a program hands to this reader."""
    seen = engine.case(case, by=reader)
    yield everything(seen)
    yield json_text(case_record(seen))
    for entry in engine.history(case, by=reader):
        yield everything(entry)
        yield json_text(entry_record(entry))
    yield everything(engine.cases(by=reader))
    yield everything(engine.marks(case, by=reader))
    yield everything(engine.possible(case, by=reader))
    yield everything(engine.sent(case, by=reader))
    for event in ("report", "examine", "judge", "locate", "close", "nothing"):
        decision = engine.ask(case, event, by=reader)
        yield from (
            decision.explain("en"),
            decision.explain("zh-CN"),
            everything(decision),
            everything(decision.facts),
        )
        yield from (
            everything(decision.case),
            everything(decision.settings),
            everything(decision.values),
            everything(decision.reasons),
        )
        yield json_text(decision_record(decision, "en"))


def errors_of(engine: Engine, case: str, reader: Actor) -> Iterator[str]:
    """Whatever refusals and errors say, whoever caused them: errors end in logs."""
    wrong: list[tuple[str, dict[str, Any]]] = [
        ("examine", {}),
        ("judge", {"opinion": PLANTED["phone"]}),
        ("locate", {"track": [PLANTED["track"]]}),
        ("close", {}),
        ("close", {"phone": PLANTED["phone"]}),
        ("nothing", {}),
    ]
    for event, data in wrong:
        with suppress(FlowError):
            try:
                engine.send(case, event, data, by=reader, expected_revision=engine.case(case).revision)
            except EventRefused as error:
                yield from (str(error), repr(error), repr(error.args), repr(vars(error)))
                yield json_text(error_record(error, "zh-CN", "en"))
                raise
    with suppress(FlowError):
        try:
            engine.start(
                "request", {"kind": "help", "phone": PLANTED["phone"], "born": "x"}, by=reader, unit=UNIT
            )
        except EventRefused as error:
            yield from (str(error), repr(error), repr(error.args), json_text(error_record(error, None, "en")))
            raise


def found_in(texts: Iterator[str]) -> set[str]:
    told = "\n".join(texts)
    return {field for field, value in PLANTED.items() if value in told}


@pytest.mark.parametrize("reader", [RESIDENT, CLERK, NURSE, HANDLER], ids=lambda each: each.id)
def test_a_reader_is_shown_what_is_his_to_see_and_nothing_else(office: Engine, reader: Actor) -> None:
    case = lived(office)
    assert found_in(told_to(office, case, reader)) == SEES[reader.id]


def test_whoever_holds_no_role_over_a_case_does_not_find_it(office: Engine) -> None:
    case = lived(office)
    assert office.cases(by=STRANGER) == []
    for read in (office.case, office.history, office.marks, office.sent):
        with pytest.raises(CaseNotFound):
            read(case, by=STRANGER)


@pytest.mark.parametrize("reader", [RESIDENT, CLERK, NURSE, HANDLER, STRANGER], ids=lambda each: each.id)
def test_errors_repeat_no_personal_value_to_anybody(
    office: Engine, reader: Actor, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    case = examined(office)
    assert found_in(errors_of(office, case, reader)) == set()
    assert found_in(iter([caplog.text])) == set()


def test_what_another_case_has_read_of_a_person_is_hidden_there(office: Engine) -> None:
    case = lived(office)
    follow_up = office.sent(case)[0].case_id
    office.send(follow_up, "finish", {"result": "well"}, by=CALLER)
    assert found_in(told_to(office, follow_up, CALLER)) == {"phone"}
    assert PLANTED["remark"] in everything(office.history(follow_up))


def run(*arguments: str) -> str:
    answer = CliRunner().invoke(application(), list(arguments))
    if answer.exception is not None and not isinstance(answer.exception, SystemExit):
        raise answer.exception
    return str(answer.output) + str(answer.stderr)


def test_no_command_prints_what_its_reader_may_not_see(tmp_path: Path, clock: Clock) -> None:
    url = f"sqlite:///{tmp_path / 'cases.db'}"
    folder = write_personal(tmp_path / "workflows")
    with Engine.open(url, folder, clock=clock) as engine:
        case = lived(engine)
    for reader in (HANDLER, NURSE, RESIDENT, CLERK):
        roles = ",".join(f"{role}@{unit}" for role, unit in reader.roles)
        who = ["--by", f"{reader.id}:{roles}" if roles else reader.id, "--db", url]
        told = [
            run("case", command, *([case] if command != "list" else []), *who, *more)
            for command in ("show", "history", "list")
            for more in ((), ("--json",), ("--language", "zh-CN"))
        ]
        told += [run("case", "ask", case, event, *who) for event in ("close", "locate", "examine")]
        told += [run("case", "send", case, "examine", *who, *more) for more in ((), ("--json",))]
        assert found_in(iter(told)) <= SEES[reader.id]
    assert found_in(iter([run("verify", "--db", url), run("catch-up", "--db", url)])) == set()
    assert found_in(iter([run("diagram", str(folder / "request")), run("check", str(folder))])) == set()


def test_the_target_of_a_complaint_knows_nothing_of_it(office: Engine) -> None:
    data = {"text": "Zcomplaint", "reporter": "Zreporter", "target": f"{UNIT}/works", "culprit": "bad-1"}
    case = office.start("complaint", data, by=RESIDENT, unit=UNIT).case.id
    at_target = Actor("x", [("clerk", UNIT), ("clerk", f"{UNIT}/works/yard")])
    for reader in (at_target, Actor("bad-1", [("clerk", UNIT)])):
        assert office.cases(workflow="complaint", by=reader) == []
        acts: list[Callable[[], object]] = [
            lambda who=reader: office.case(case, by=who),  # type: ignore[misc]
            lambda who=reader: office.history(case, by=who),  # type: ignore[misc]
            lambda who=reader: office.ask(case, "answer", by=who),  # type: ignore[misc]
            lambda who=reader: office.possible(case, by=who),  # type: ignore[misc]
            lambda who=reader: office.send(case, "answer", {"reply": "no"}, by=who),  # type: ignore[misc]
            lambda who=reader: office.erase(case, reason="mine", by=who),  # type: ignore[misc]
        ]
        for act in acts:
            with pytest.raises(CaseNotFound):
                act()
    assert office.case(case, by=CLERK).data["text"] == "Zcomplaint"
    assert case not in json_text(office.export_personal("bad-1"))


def test_a_field_is_hidden_from_whoever_stands_at_the_unit_that_it_is_about(office: Engine) -> None:
    data = {"text": "it leaks", "reporter": "Zreporter", "about": f"{UNIT}/works"}
    case = office.start("complaint", data, by=RESIDENT, unit=UNIT).case.id
    at_works = Actor("x", [("clerk", UNIT), ("clerk", f"{UNIT}/works")])
    assert "Zreporter" not in "\n".join(told_to(office, case, at_works))
    assert "Zreporter" in "\n".join(told_to(office, case, CLERK))


def test_erased_values_are_gone_and_the_journal_is_whole(office: Engine) -> None:
    case = lived(office)
    follow_up = office.sent(case)[0].case_id
    office.send(follow_up, "finish", {"result": "well"}, by=CALLER)
    entry = office.erase(case, reason="he asked for it", by=CLERK)
    assert entry is not None
    assert (entry.event, entry.actor.id, entry.facts["@reason"]) == ("erase", "clerk-1", "he asked for it")
    told = [*map(everything, (office.case(case), office.history(case), office.history(follow_up)))]
    # The follow-up holds a phone number of its own.
    assert found_in(iter(told)) == {"phone"}
    assert PLANTED["phone"] not in told[0] + told[1]
    assert office.history(case)[0].facts["phone"] == "erased"
    verification = office.verify()
    assert verification.broken == ()
    assert office.erase(case, reason="again", by=CLERK) is None
    assert office.verify() == verification


def test_some_fields_can_be_erased_and_a_unique_value_is_free_again(office: Engine) -> None:
    case = reported(office)
    with pytest.raises(EventRefused):
        reported(office)
    office.erase(case, fields=["phone"], reason="a wrong number", by=CLERK)
    data = office.case(case).data
    assert (data["phone"], data["remark"]) == (None, PLANTED["remark"])
    assert reported(office) != case
    assert office.verify().broken == ()


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"reason": " "}, "for a reason"),
        ({"fields": ["kind"]}, "is no personal field"),
        ({"by": RESIDENT}, "there is no case"),
        ({"by": STRANGER}, "there is no case"),
    ],
)
def test_erasing_needs_a_reason_a_role_and_personal_fields(
    office: Engine, change: dict[str, Any], error: str
) -> None:
    case = reported(office)
    with pytest.raises(FlowError, match=error):
        office.erase(case, **{"reason": "asked", "by": CLERK, **change})
    assert len(office.history(case)) == 1


def test_the_file_no_longer_holds_what_was_erased(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "cases.db"
    with Engine.open(f"sqlite:///{path}", write_personal(tmp_path / "workflows"), clock=clock) as engine:
        case = lived(engine)
        follow_up = engine.sent(case)[0].case_id
        engine.send(follow_up, "finish", {"result": "well"}, by=CALLER)
        for each, who in ((case, CLERK), (follow_up, CALLER)):
            engine.erase(each, reason="asked", by=who)
        files = b"".join(each.read_bytes() for each in tmp_path.glob("cases.db*"))
    assert [field for field, value in PLANTED.items() if value.encode() in files] == []
    assert b"asked" in files


def test_an_erasure_says_when_another_reader_keeps_the_log_from_being_emptied(
    tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("partybuild_flow.store.sqlite.BUSY_SECONDS", 0)
    path = tmp_path / "cases.db"
    with Engine.open(f"sqlite:///{path}", write_personal(tmp_path / "workflows"), clock=clock) as engine:
        case = reported(engine)
        reader = sqlite3.connect(path)
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM cases").fetchall()
        with pytest.raises(StoreError, match="erase again"):
            engine.erase(case, reason="asked", by=CLERK)
        reader.close()
        assert engine.erase(case, reason="asked", by=CLERK) is None
    assert PLANTED["phone"].encode() not in b"".join(each.read_bytes() for each in tmp_path.glob("cases.db*"))


def test_a_deadline_erases_what_is_kept_long_enough(office: Engine, clock: Clock) -> None:
    case = lived(office)
    office.send(case, "close", by=CLERK)
    clock.pass_hours(719)
    assert office.catch_up().fired == 0
    assert office.case(case).data["track"] == PLANTED["track"]
    clock.pass_hours(1)
    assert office.catch_up().fired == 1
    data = office.case(case).data
    assert (data["track"], data["illness"], data["phone"]) == (None, None, PLANTED["phone"])
    newest = office.history(case)[-1]
    assert (newest.event, newest.actor.id, newest.deadline) == ("erase", "clock", "keeping")
    assert newest.occurred_at == clock.now
    clock.now += timedelta(days=60)
    assert office.catch_up().fired == 0
    assert office.verify().broken == ()


def test_an_event_that_comes_late_finds_the_values_erased(office: Engine, clock: Clock) -> None:
    case = lived(office)
    office.send(case, "close", by=CLERK)
    clock.pass_hours(800)
    office.correct(case, {"remark": "later"}, reason="more", by=CLERK)
    assert [each.event for each in office.history(case)][-2:] == ["erase", "correct"]
    assert office.history(case)[-2].occurred_at == clock.now - timedelta(hours=80)


def test_a_person_gets_all_that_is_kept_of_him_and_nothing_of_others(office: Engine) -> None:
    case = lived(office)
    found = json.loads(json_text(office.export_personal("res-1", by=RESIDENT)))
    assert [each["case"] for each in found["cases"]] == [case]
    (his,) = found["cases"]
    assert his["as"] == ["began", "named", "acted"]
    assert his["fields"]["phone"] == PLANTED["phone"]
    assert his["events"][0]["fields"]["household"] == [
        {"member": PLANTED["household"], "card": PLANTED["card"]}
    ]
    hidden = ("Zillness", "Zhelper", "Ztrack", "7654321")
    assert not any(each in json_text(his) for each in hidden)
    assert his["told"] == [f"we have noted {PLANTED['phone']} and {PLANTED['remark']}"]


def test_whoever_only_acted_in_a_case_gets_what_he_brought(office: Engine) -> None:
    lived(office)
    (his,) = json.loads(json_text(office.export_personal("handler-1")))["cases"]
    assert his["fields"] == {"track": PLANTED["track"]}
    assert office.export_personal("nobody") == {"person": "nobody", "cases": []}


def test_somebody_else_exports_no_more_than_he_may_see(office: Engine) -> None:
    lived(office)
    told = json_text(office.export_personal("res-1", by=HANDLER))
    assert not any(each in told for each in ("Zphone", "Zmember", "Zremark", "1931"))
    assert office.export_personal("res-1", by=STRANGER) == {"person": "res-1", "cases": []}


def test_commands_erase_and_export(tmp_path: Path, clock: Clock) -> None:
    url = f"sqlite:///{tmp_path / 'cases.db'}"
    with Engine.open(url, write_personal(tmp_path / "workflows"), clock=clock) as engine:
        case = lived(engine)
    assert PLANTED["phone"] in run("personal", "res-1", "--db", url)
    by = ["--by", f"clerk-1:clerk@{UNIT}", "--reason", "asked", "--db", url]
    assert "entry" in run("erase", case, *by, "--field", "remark")
    assert json.loads(run("erase", case, *by, "--json"))["entry"]["event"] == "erase"
    assert "holds no such" in run("erase", case, *by)
    assert PLANTED["phone"] not in run("personal", "res-1", "--db", url)


def test_sensitive_fields_are_seen_by_the_roles_that_need_or_set_them(tmp_path: Path) -> None:
    from partybuild_flow.facts import plan

    found = plan(read_workflow(write_personal(tmp_path) / "request"))
    assert found.needing["illness"] == frozenset({"nurse"})
    assert found.needing["opinion"] == frozenset({"visitor"})
