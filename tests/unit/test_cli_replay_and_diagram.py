"""`pbflow replay` and `pbflow diagram`: a log sent through a definition, a definition drawn."""

from __future__ import annotations

import json
from pathlib import Path

from partybuild_flow.cli.shipped import shipped
from tests.unit.conftest import Pbflow

LOG = """\
<log xes.version="1.0"><trace><string key="concept:name" value="c-1"/>
<event><string key="concept:name" value="Suggest"/><string key="org:resource" value="u-1"/>
<string key="about" value="parking"/><date key="time:timestamp" value="2026-03-02T09:00:00+08:00"/></event>
<event><string key="concept:name" value="Reply"/><string key="org:resource" value="u-1"/>
<date key="time:timestamp" value="2026-03-02T10:00:00+08:00"/></event>
</trace></log>
"""
MAP = """\
log: suggestions
case: concept:name
activity: concept:name
time: time:timestamp
actor: org:resource
unit: park
roles: {default: [clerk, handler]}
events: {Suggest: submit, Reply: reply}
data: {topic: about, content: about}
"""


def logged(pbflow: Pbflow) -> Path:
    pbflow("new", "suggestion", "--language", "en")
    (pbflow.folder / "log.xes").write_text(LOG, "utf-8")
    folder = pbflow.folder / "workflows" / "suggestion"
    (folder / "log.yaml").write_text(MAP, "utf-8")
    return folder


def test_replay_reports_what_is_accepted_refused_and_never_taken(pbflow: Pbflow) -> None:
    logged(pbflow)
    arguments = ("replay", "log.xes", "--workflow", "workflows/suggestion", "--db", "sqlite:///log.db")
    report = json.loads(pbflow(*arguments, "--json").stdout)
    assert (report["cases"], report["events"], report["accepted"]) == (1, 2, 1)
    assert report["refused"] == {"state": 1}
    assert {"fitness", "unused", "allowed_pairs", "pairs", "seconds"} <= report.keys()
    assert json.loads(pbflow("verify", "--db", "sqlite:///log.db", "--json").stdout)["entries"] == 1


def test_replay_tells_its_report_in_words_and_keeps_nothing_unless_told_where(pbflow: Pbflow) -> None:
    logged(pbflow)
    told = pbflow(
        "replay", "log.xes", "--workflow", "workflows/suggestion", "--map", "workflows/suggestion/log.yaml"
    )
    assert told.exit_code == 0
    assert "accepted: 1 (50.00%)" in told.stdout
    assert "refused, state: 1" in told.stdout
    assert not list(pbflow.folder.glob("*.db"))


def test_replay_of_a_log_that_ends_too_early_tells_the_place(pbflow: Pbflow) -> None:
    logged(pbflow)
    (pbflow.folder / "log.xes").write_text(LOG[:-20], "utf-8")
    told = pbflow("replay", "log.xes", "--workflow", "workflows/suggestion")
    assert told.exit_code == 1
    assert "log.xes:5:" in told.stderr


def test_a_diagram_goes_to_standard_output_to_a_file_or_into_an_object(pbflow: Pbflow) -> None:
    logged(pbflow)
    text = pbflow("diagram", "workflows/suggestion").stdout
    assert text.startswith("stateDiagram-v2\n")
    assert json.loads(pbflow("diagram", "workflows/suggestion", "--json").stdout)["mermaid"] == text
    assert pbflow("diagram", "workflows/suggestion", "--output", "out.mmd").stdout == "written to out.mmd\n"
    assert (pbflow.folder / "out.mmd").read_text("utf-8") == text


def test_the_shipped_example_is_found_and_has_no_problems(pbflow: Pbflow) -> None:
    folder = shipped("examples/helpdesk")
    assert json.loads(pbflow("check", str(folder), "--json").stdout)["errors"] == 0
