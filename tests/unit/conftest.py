"""The command line run in this process, in a folder of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import pytest
from typer.testing import CliRunner

from partybuild_flow.cli.application import application


class Answer(Protocol):
    """What a command answered."""

    exit_code: int

    @property
    def stdout(self) -> str:
        """What it printed."""

    @property
    def stderr(self) -> str:
        """What it complained of."""


class Pbflow:
    """Runs `pbflow` with arguments; anything but an exit with a code is a failure of the test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._runner = CliRunner()
        self._application = application()

    def __call__(self, *arguments: str, given: str | None = None) -> Answer:
        answer = self._runner.invoke(self._application, list(arguments), input=given)
        if answer.exception is not None and not isinstance(answer.exception, SystemExit):
            raise answer.exception
        return answer


@pytest.fixture
def pbflow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Pbflow:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    return Pbflow(tmp_path)
