"""`pbflow case` with collected marks and corrections."""

from __future__ import annotations

import json
import re

import pytest

from tests.collecting import PANEL, write
from tests.unit.conftest import Pbflow

OFFICER = ("--by", "o:officer@u")


@pytest.fixture
def case_id(pbflow: Pbflow) -> str:
    write(pbflow.folder / "workflows", panel=PANEL)
    begun = pbflow("case", "start", "panel", "judges=j1", "judges=j2", "judges=j3", *OFFICER)
    (found,) = re.findall(r"case ([0-9a-f-]{36})", begun.stdout)
    return str(found)


def test_show_tells_how_many_of_how_many_and_no_sealed_mark(pbflow: Pbflow, case_id: str) -> None:
    sent = pbflow("case", "send", case_id, "give", "mark=61.25", "--by", "j1:judge@u")
    assert sent.stdout.splitlines()[1:] == ["  give: given 1 of 3; missing: j2, j3", "  give: sealed"]
    for reader in ((), OFFICER, ("--by", "j1:judge@u")):
        shown = pbflow("case", "show", case_id, *reader).stdout
        assert "  give: given 1 of 3; missing: j2, j3\n  give: sealed" in shown
        assert "61.25" not in shown
    told = json.loads(pbflow("case", "show", case_id, "--json").stdout)
    assert "61.25" not in json.dumps(told)
    (marks, *_) = told["marks"]
    assert (marks["given"], marks["missing"], marks["sealed"]) == (1, ["j2", "j3"], True)
    assert "mark=***" in pbflow("case", "history", case_id).stdout


def test_marks_are_shown_with_what_they_came_to_once_all_are_given(pbflow: Pbflow, case_id: str) -> None:
    for judge, mark in (("j1", "61.25"), ("j2", "80"), ("j3", "90")):
        last = pbflow("case", "send", case_id, "give", f"mark={mark}", "--by", f"{judge}:judge@u")
    assert "  give: given 3 of 3; missing: nothing\n  give: result 77.08" in last.stdout
    assert "mark=61.25" in pbflow("case", "history", case_id).stdout
    shown = pbflow("case", "show", case_id, "--language", "zh-CN").stdout
    assert (
        "  give：已收 3 份，应到 3 人；未到：无\n  give：结果 77.08\n  lock：已收 0 份，应到 2 人；未到：secretary、supervisor"
        in shown
    )


def test_a_second_mark_is_refused_with_the_reason(pbflow: Pbflow, case_id: str) -> None:
    pbflow("case", "send", case_id, "give", "mark=61", "--by", "j1:judge@u")
    refused = pbflow("case", "send", case_id, "give", "mark=99", "--by", "j1:judge@u")
    assert refused.exit_code == 1
    assert "this person's mark for “give” is given already" in refused.stderr


def test_correct_wants_a_reason_and_tells_it_in_the_history(pbflow: Pbflow, case_id: str) -> None:
    assert pbflow("case", "correct", case_id, "judges=j1", *OFFICER).exit_code == 2
    done = pbflow("case", "correct", case_id, "judges=j1", "judges=j2", "--reason", "a slip", *OFFICER)
    assert done.stdout == f"case {case_id}: “correct” is done; the state is “marking”, the revision 2\n"
    assert "reason=a slip" in pbflow("case", "history", case_id).stdout
    refused = pbflow(
        "case", "correct", case_id, "judges=j1", "--reason", "mine", "--by", "j1:judge@u", "--json"
    )
    assert json.loads(refused.stdout)["error"]["decision"]["reasons"][0]["code"] == "refused.role"


def test_ask_explains_a_mark_without_telling_the_others(pbflow: Pbflow, case_id: str) -> None:
    pbflow("case", "send", case_id, "give", "mark=61.25", "--by", "j1:judge@u")
    told = pbflow("case", "ask", case_id, "give", "mark=80", "--by", "j2:judge@u").stdout
    assert "  ？ give: given 2 of 3; missing: j3" in told
    assert "61.25" not in told
