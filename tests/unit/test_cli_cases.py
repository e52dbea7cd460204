"""`pbflow case …` and `pbflow verify`: events sent, asked about and looked at from the command line."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

import pytest

from tests.unit.conftest import Answer, Pbflow

CLERK = "u-1:clerk@park/lake"
HANDLER = "u-2:handler@park"
MORNING = "2026-03-02 09:00"


@pytest.fixture
def desk(pbflow: Pbflow) -> Pbflow:
    """A folder with a new English workflow and no cases."""
    pbflow("new", "suggestion", "--language", "en")
    return pbflow


def data_of(answer: Answer) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(answer.stdout)
    return found


def begun(desk: Pbflow, *more: str) -> str:
    sent = ("suggestion", "topic=parking", "content=more places", "--by", CLERK, "--now", MORNING, *more)
    return str(data_of(desk("case", "start", *sent, "--json"))["case"]["id"])


def accepted(desk: Pbflow) -> str:
    case_id = begun(desk, "households=60", "phone=13800000000")
    desk("case", "send", case_id, "accept", "--by", CLERK, "--now", MORNING)
    return case_id


def test_an_accepted_event_tells_the_new_state_its_settings_its_effects_and_its_deadlines(
    desk: Pbflow,
) -> None:
    case_id = begun(desk, "households=60")
    sent = desk("case", "send", case_id, "accept", "--by", CLERK, "--now", MORNING)
    assert sent.exit_code == 0
    assert sent.stdout.splitlines() == [
        f"case {case_id}: “accept” is done; the state is “working”, the revision 2",
        "  urgency = raised",
        "  handling term = 48 hours",
        "  times overdue = 0",
        "  to handler: a suggestion about parking came in, urgency: raised",
        "  handling: due 2026-03-04T09:00:00+08:00",
    ]


def test_json_holds_entry_and_case_with_instants_in_utc_and_numbers_as_numbers(desk: Pbflow) -> None:
    case_id = begun(desk, "households=60")
    found = data_of(desk("case", "send", case_id, "accept", "--by", CLERK, "--now", MORNING, "--json"))
    assert found["entry"]["occurred_at"] == "2026-03-02T01:00:00.000000Z"
    assert found["entry"]["fired"][-1] == {"rules": "acceptance", "rule": "3"}
    assert found["case"]["data"]["households"] == 60
    assert found["case"]["data"]["handling-term"] == "P2D"
    assert (found["case"]["state"], found["case"]["revision"]) == ("working", 2)


def test_a_refused_event_says_why_on_standard_error_and_changes_nothing(desk: Pbflow) -> None:
    case_id = begun(desk)
    refused = desk("case", "send", case_id, "accept", "--by", HANDLER)
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert refused.stderr == (
        f"case {case_id}: “accept” is refused in state “submitted”: only clerk may do this; possible now: nothing\n"
    )
    assert data_of(desk("case", "show", case_id, "--json"))["case"]["revision"] == 1


def test_a_refusal_as_json_is_one_object_with_the_whole_decision(desk: Pbflow) -> None:
    refused = desk("case", "send", begun(desk), "accept", "--by", HANDLER, "--json", "--language", "zh-CN")
    error = data_of(refused)["error"]
    assert refused.exit_code == 1
    assert error["kind"] == "EventRefused"
    assert "须由clerk办理" in error["sentence"]
    assert [each["code"] for each in error["decision"]["reasons"]] == ["refused.role"]
    assert [each["mark"] for each in error["decision"]["trace"]] == ["✘", "✘"]


@pytest.mark.parametrize(("by", "code"), [(CLERK, 0), (HANDLER, 1)])
def test_ask_explains_with_the_trace_and_changes_nothing(desk: Pbflow, by: str, code: int) -> None:
    case_id = begun(desk)
    asked = desk("case", "ask", case_id, "accept", "--by", by)
    assert asked.exit_code == code
    assert asked.stdout.splitlines()[1].startswith("✔ 2. accept" if code == 0 else "✘ 2. accept")
    assert data_of(desk("case", "ask", case_id, "accept", "--by", by, "--json"))["decision"]["accepted"] is (
        code == 0
    )
    assert len(data_of(desk("case", "history", case_id, "--json"))["entries"]) == 1


def test_show_tells_state_data_deadlines_and_what_the_actor_may_do(desk: Pbflow) -> None:
    case_id = accepted(desk)
    lines = desk("case", "show", case_id, "--by", HANDLER, "--now", MORNING).stdout.splitlines()
    assert lines[0] == f"suggestion handling (version 1), case {case_id}"
    assert "  households = 60" in lines
    assert "  handling: due 2026-03-04T09:00:00+08:00" in lines
    assert lines[-3:] == ["      question (required): text", "  ✔ reply", "      answer (required): text"]


def test_show_without_an_actor_tells_no_possible_events(desk: Pbflow) -> None:
    assert "possible" not in data_of(desk("case", "show", accepted(desk), "--json"))


def test_whoever_holds_no_role_over_a_case_does_not_find_it(desk: Pbflow) -> None:
    hidden = desk("case", "show", accepted(desk), "--by", "u-9:clerk@harbour")
    assert hidden.exit_code == 1
    assert "or you may not see it" in hidden.stderr


def test_whoever_began_a_case_does_not_read_what_is_sensitive_in_it(desk: Pbflow) -> None:
    case_id = accepted(desk)
    for command in ("show", "history"):
        assert "13800000000" not in desk("case", command, case_id, "--by", "u-1").stdout
        assert "13800000000" in desk("case", command, case_id, "--by", CLERK).stdout


def test_history_is_a_table_with_one_line_an_entry(desk: Pbflow) -> None:
    lines = desk("case", "history", accepted(desk)).stdout.splitlines()
    assert lines[0].split() == ["no.", "occurred", "event", "actor", "from", "to", "data", "rules"]
    assert [line.split()[:3] for line in lines[2:]] == [
        ["1", "2026-03-02T09:00:00+08:00", "submit"],
        ["2", "2026-03-02T09:00:00+08:00", "accept"],
    ]


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        ((), 2),
        (("--workflow", "suggestion handling"), 2),
        (("--state", "open"), 1),
        (("--state", "open", "--state", "submitted"), 2),
        (("--unit", "park"), 2),
        (("--unit", "par"), 0),
        (("--due-before", "2026-03-04 09:01"), 1),
        (("--due-before", "2026-03-04 09:00"), 0),
        (("--by", "u-9:clerk@harbour"), 0),
    ],
)
def test_list_tells_the_cases_that_its_filters_ask_for(
    desk: Pbflow, filters: tuple[str, ...], count: int
) -> None:
    accepted(desk)
    begun(desk)
    assert len(data_of(desk("case", "list", *filters, "--json"))["cases"]) == count
    assert desk("case", "list", *filters).stdout.splitlines()[-1] == f"cases: {count}"


def test_cases_are_read_and_go_on_where_the_definition_is_gone_or_broken(desk: Pbflow) -> None:
    case_id = begun(desk)
    (desk.folder / "workflows" / "suggestion" / "workflow.yaml").write_text("{", "utf-8")
    assert desk("case", "show", case_id).exit_code == 0
    assert desk("case", "send", case_id, "accept", "--by", CLERK).exit_code == 0
    assert desk("case", "start", "suggestion", "--by", CLERK).exit_code == 1


def test_a_repeated_key_gives_the_first_entry(desk: Pbflow) -> None:
    case_id = begun(desk)
    sends = [
        desk("case", "send", case_id, "accept", "--by", CLERK, "--key", "desk-1", "--json") for _ in range(2)
    ]
    first, second = (data_of(each)["entry"] for each in sends)
    assert first == second


def test_a_stale_revision_is_refused_with_both_numbers(desk: Pbflow) -> None:
    case_id = accepted(desk)
    stale = ("case", "send", case_id, "reply", "answer=done", "--by", HANDLER, "--expected-revision", "1")
    assert desk(*stale).stderr == (
        f"case {case_id} changed meanwhile: you read revision 1, it is now 2; look again\n"
    )
    error = data_of(desk(*stale, "--json"))["error"]
    assert (error["kind"], error["expected"], error["found"]) == ("CaseChanged", 1, 2)


def test_data_comes_as_an_object_from_a_file_or_from_standard_input_under_the_arguments(desk: Pbflow) -> None:
    text = '{"topic": "parking", "content": "from data", "households": 7}'
    (desk.folder / "data.json").write_text(text, "utf-8")
    for written in (text, "data.json", "-"):
        sent = (
            "case",
            "start",
            "suggestion",
            "content=from arguments",
            "--data",
            written,
            "--by",
            "u-1",
            "--json",
        )
        data = data_of(desk(*sent, given=text))["case"]["data"]
        assert (data["topic"], data["content"], data["households"]) == ("parking", "from arguments", 7)


def test_several_roles_stand_behind_commas_or_in_several_options(desk: Pbflow) -> None:
    for by in (
        ["--by", "u-1:handler@park,clerk@park"],
        ["--by", "u-1:handler@park", "--by", "u-1：clerk＠park"],
    ):
        sent = desk("case", "send", begun(desk), "accept", *by, "--json")
        roles = data_of(sent)["entry"]["actor"]["roles"]
        assert roles == [{"role": "handler", "unit": "park"}, {"role": "clerk", "unit": "park"}]


def test_what_a_case_holds_cannot_steer_a_terminal(desk: Pbflow) -> None:
    case_id = begun(desk, "phone=\x1b[2Jred\nnew line")
    for command in ("show", "history"):
        shown = desk("case", command, case_id).stdout
        assert "\\u001b[2Jred\\u000anew line" in shown
        assert "\x1b" not in shown


def test_verify_tells_a_whole_journal_by_its_digest(desk: Pbflow) -> None:
    accepted(desk)
    told, data = desk("verify"), data_of(desk("verify", "--json"))
    assert told.exit_code == 0
    assert told.stdout.startswith(f"cases: 1; entries: 2; digest {data['digest']}\n")
    assert (data["cases"], data["entries"], data["broken"]) == (1, 2, [])


def test_verify_tells_each_place_where_the_journal_is_broken(desk: Pbflow) -> None:
    case_id = accepted(desk)
    with sqlite3.connect(desk.folder / "cases.db") as connection:
        connection.execute(
            "UPDATE entries SET body = replace(body, 'parking', 'services') WHERE sequence = 1"
        )
    connection.close()
    broken = desk("verify")
    assert broken.exit_code == 1
    assert broken.stdout.startswith(f"{case_id}: entry 1 was changed")
    assert data_of(desk("verify", "--json"))["broken"][0]["case"] == case_id


def test_a_case_begins_with_the_set_of_parameters_that_is_named(desk: Pbflow) -> None:
    folder = desk.folder / "workflows" / "suggestion"
    (folder / "parameters.yaml").write_text(
        "parameters: {Limit of pages: {value: 3, source: own}}\nsets: {strict: {Limit of pages: 2}}\n",
        encoding="utf-8",
    )
    plain, strict = begun(desk), begun(desk, "--parameters", "suggestion=strict")
    hashes = {data_of(desk("case", "show", each, "--json"))["case"]["definition"] for each in (plain, strict)}
    assert len(hashes) == 2
    answer = desk("case", "start", "suggestion", "--by", CLERK, "--parameters", "suggestion=strickt")
    assert (answer.exit_code, answer.stderr) == (
        1,
        "workflows/suggestion/parameters.yaml:1:1: PF259 there is no set of parameters “strickt”; did you mean “strict”?\n",
    )
    assert desk("case", "start", "suggestion", "--by", CLERK, "--parameters", "strict").exit_code == 2
