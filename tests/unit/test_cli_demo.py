"""`pbflow demo` and its invented cases: whole lives, decisions explained, the same again from the same seed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from partybuild_flow import Engine, read_workflow
from partybuild_flow.analysis.simulation import Inventor, People, simulate
from partybuild_flow.cli.new import shared_with, template
from partybuild_flow.messages import Language
from tests.unit.conftest import Pbflow

PEOPLE = People(("Ada", "Bea", "Cid", "Dan"), ("park/lake", "park/hill"))


HELPDESK = ("demo", "--workflow", "helpdesk")


def report(pbflow: Pbflow, *arguments: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(pbflow(*HELPDESK, "--cases", "40", "--json", *arguments).stdout)
    return found


def test_a_year_is_told_in_tables_and_is_whole(pbflow: Pbflow) -> None:
    told = pbflow("demo", "--cases", "30", "--db", "sqlite:///year.db", "--language", "zh-CN")
    assert told.exit_code == 0, told.stderr
    for expected in (
        "各类别星级",
        "各直属党委申报",
        "湖景街道",
        "书记项目",
        "行动支部",
        "记录完整",
        "不予执行",
    ):
        assert expected in told.stdout
    assert json.loads(pbflow("verify", "--db", "sqlite:///year.db", "--json").stdout)["broken"] == []
    again = pbflow("demo", "--cases", "30", "--db", "sqlite:///year.db")
    assert (again.exit_code, again.stderr) == (1, "sqlite:///year.db holds cases already; name a new file\n")


def test_a_year_as_json_keeps_its_quotas_and_foresees_its_refusals(pbflow: Pbflow) -> None:
    found = json.loads(pbflow("demo", "--scale", "0.02", "--json", "--seed", "3").stdout)
    assert (found["applications"], found["over_quota"], found["unforeseen"]) == (35, [], {})
    assert found["cases"]["star-application"] == 36
    assert (found["acceptance"]["accepted"], found["refusal"]["accepted"]) == (True, False)
    assert found["verification"]["broken"] == []


def test_an_example_that_is_not_there_and_two_sizes_are_wrong_usage(pbflow: Pbflow) -> None:
    unknown = pbflow("demo", "--workflow", "nothing")
    assert unknown.exit_code == 2
    assert "there is no example nothing; there is helpdesk" in unknown.stderr
    twice = pbflow("demo", "--scale", "0.1", "--cases", "5")
    assert twice.exit_code == 2
    assert "--scale is for the year" in twice.stderr


def test_every_case_comes_to_an_end_and_the_journal_is_whole(pbflow: Pbflow) -> None:
    found = report(pbflow)
    assert sum(found["states"].values()) == found["cases"] == found["verification"]["cases"] == 40
    assert set(found["states"]) <= {"closed", "closed-early"}
    assert found["verification"]["entries"] >= found["accepted"] > 3 * 40
    assert found["verification"]["broken"] == []


def test_one_acceptance_and_one_refusal_are_explained(pbflow: Pbflow) -> None:
    found = report(pbflow)
    assert (found["acceptance"]["accepted"], found["refusal"]["accepted"]) == (True, False)
    assert found["acceptance"]["trace"][0]["mark"] == "✔"
    assert [each["mark"] for each in found["refusal"]["trace"]].count("✘") > 1


def test_the_same_seed_gives_the_same_digest_and_another_seed_another(pbflow: Pbflow) -> None:
    digests = [report(pbflow, "--seed", seed)["verification"]["digest"] for seed in ("7", "7", "8")]
    assert digests[0] == digests[1] != digests[2]


def test_the_cases_stay_where_a_database_is_named_and_are_not_mixed_with_others(pbflow: Pbflow) -> None:
    told = pbflow(*HELPDESK, "--cases", "5", "--db", "sqlite:///demo.db")
    assert told.exit_code == 0
    assert "One event that was refused:" in told.stdout
    again = pbflow(*HELPDESK, "--cases", "5", "--db", "sqlite:///demo.db")
    assert (again.exit_code, again.stderr) == (1, "sqlite:///demo.db holds cases already; name a new file\n")
    assert len(json.loads(pbflow("case", "list", "--db", "sqlite:///demo.db", "--json").stdout)["cases"]) == 5


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_cases_of_any_workflow_can_be_invented(tmp_path: Path, language: Language) -> None:
    texts = template("suggestion", language)
    for folder, files in (("suggestion", texts), ("shared", shared_with(texts, language))):
        (tmp_path / folder).mkdir()
        for file, text in files.items():
            (tmp_path / folder / file).write_text(text, "utf-8")
    workflow = read_workflow(tmp_path / "suggestion")
    told: list[int] = []
    with Engine.open("memory://", workflows=workflow) as engine:
        found = simulate(engine, Inventor(workflow, PEOPLE, 3), 60, progress=told.append)
        assert engine.verify().broken == ()
    assert told == [60]
    assert set(found.states) == {"closed", "referred"}
    assert sum(found.states.values()) == 60
