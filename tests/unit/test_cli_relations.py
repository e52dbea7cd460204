"""`pbflow case` and `pbflow diagram` with cases that start and move each other; `--parameters` wherever definitions are read."""

from __future__ import annotations

import json
import re

import pytest

from partybuild_flow.analysis.simulation import Inventor, People
from partybuild_flow.engine.library import read_workflows
from partybuild_flow.errors import FlowError
from tests.contest import CONTEST, ENTRY, write_contest
from tests.unit.conftest import Pbflow

HOST = ("--by", "u-1:host@park,captain@park")
PHONE = "13800000000"


@pytest.fixture
def contest(pbflow: Pbflow) -> str:
    write_contest(pbflow.folder / "workflows")
    arguments = ("case", "start", "contest", "title=speech", "places=1", "teams=red", "teams=blue", *HOST)
    (found,) = re.findall(r"case ([0-9a-f-]{36})", pbflow(*arguments).stdout)
    return str(found)


def entries(pbflow: Pbflow) -> list[str]:
    listed = json.loads(pbflow("case", "list", "--workflow", "entry", "--json").stdout)
    return [each["id"] for each in listed["cases"]]


def test_what_a_case_sent_is_told_with_what_became_of_it(pbflow: Pbflow, contest: str) -> None:
    red, blue = entries(pbflow)
    pbflow("case", "send", red, "withdraw", *HOST)
    pbflow("case", "send", contest, "remind", *HOST)
    told = pbflow("case", "sent", contest)
    refused = f"refused .* case {red}: cannot “remind” in state “withdrawn”; possible now: nothing"
    assert re.search(f"2 +entry +remind +{red} +{refused}", told.stdout)
    assert re.search(f"2 +entry +remind +{blue} +done 20", told.stdout)
    assert told.stdout.endswith("events sent: 4\n")
    (*_, last) = json.loads(pbflow("case", "sent", contest, "--json").stdout)["sent"]
    assert (last["case_id"], last["sequence"], last["refused"]) == (blue, 2, None)


def test_a_case_that_sent_nothing_says_so_and_one_that_is_hidden_is_not_there(
    pbflow: Pbflow, contest: str
) -> None:
    red, _ = entries(pbflow)
    assert pbflow("case", "sent", red).stdout == "events sent: 0\n"
    hidden = pbflow("case", "sent", contest, "--by", "u-9:host@harbour")
    assert (hidden.exit_code, hidden.stdout) == (1, "")


def test_whoever_begins_a_case_is_not_told_what_is_personal_in_others(pbflow: Pbflow) -> None:
    text = CONTEST.replace("set: {recent: count(others)}", "set: {recent: 'count(callers[phone != null])'}")
    text = text.replace("cases:\n", "cases:\n  callers: {workflow: entry, where: {team: title}}\n")
    write_contest(
        pbflow.folder / "workflows",
        text,
        ENTRY.replace("needs: [contest, team]", "needs: [contest, team, phone?]"),
    )
    begin = ("case", "start", "contest", "title=red", "places=1", "teams=red", "teams=blue", *HOST)
    pbflow(*begin)
    red, _ = entries(pbflow)
    pbflow("case", "send", red, "hand in", "group=a", "score=1", f"phone={PHONE}", *HOST)
    told = pbflow(*begin, "--json").stdout
    assert json.loads(told)["entry"]["facts"]["callers"] == [{"phone": "***"}]
    assert PHONE not in told


def test_a_diagram_notes_what_is_started_and_sent(pbflow: Pbflow, contest: str) -> None:
    drawn = pbflow("diagram", "workflows/contest").stdout
    assert "note right of s0 : begin#58; start entry\n" in drawn
    assert "note right of s0 : announce#58; send choose → handed in\n" in drawn


@pytest.mark.parametrize(
    "command", [("check",), ("diagram", "workflows/contest"), ("case", "list", "--state", "open")]
)
def test_a_set_of_parameters_is_named_wherever_definitions_are_read(
    pbflow: Pbflow, contest: str, command: tuple[str, ...]
) -> None:
    written = "parameters: {quota: {value: 1, source: here}}\nsets: {many: {quota: 9}}\n"
    (pbflow.folder / "workflows" / "contest" / "parameters.yaml").write_text(written, encoding="utf-8")
    told = pbflow(*command, "--parameters", "contest=few")
    assert (told.exit_code, "PF259" in told.stdout + told.stderr) == (1, True)
    unknown = pbflow(*command, "--parameters", "contests=many")
    assert (unknown.exit_code, "parameters names the workflow 'contests'" in unknown.stderr) == (1, True)
    assert pbflow(*command, "--parameters", "contest").exit_code == 2


def test_two_sets_for_one_workflow_are_refused_in_a_sentence(pbflow: Pbflow, contest: str) -> None:
    path = pbflow.folder / "workflows" / "contest" / "workflow.yaml"
    path.write_text(
        path.read_text("utf-8").replace("workflow: contest", "workflow: The contest\nid: contest", 1), "utf-8"
    )
    told = pbflow("check", "--parameters", "contest=few", "--parameters", "The contest=many")
    assert told.exit_code == 1
    assert "parameters names two sets for one workflow: contest=few and The contest=many" in told.stderr


def test_what_only_other_cases_begin_is_not_simulated_by_itself(pbflow: Pbflow, contest: str) -> None:
    people = People(("a",), ("park",))
    for workflow in read_workflows(pbflow.folder / "workflows"):
        if workflow.id == "contest":
            assert Inventor(workflow, people, 1).start().event == "begin"
        else:
            with pytest.raises(FlowError, match="only other cases begin cases of “entry”"):
                Inventor(workflow, people, 1)
