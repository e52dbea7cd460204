"""The consumer runs as it is typed."""

from __future__ import annotations

from pathlib import Path

from tests.typing.consumer import live, problems_of


def test_a_consumer_uses_every_public_call(lifecycle: Path) -> None:
    told = live(lifecycle)
    assert told[1:] == [
        "screen",
        told[2],
        "sent",
        "sent",
        "assigned",
        "registered",
        "report",
        "screen",
        "()",
    ]
    assert "level, handling unit must be filled in" in told[2]


def test_a_consumer_is_told_the_problems_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "workflow.yaml").write_text("workflow: x\nversion: one\n", encoding="utf-8")
    assert {problem.code[:2] for problem in problems_of(tmp_path)} == {"PF"}
