"""`pbflow test`: the features of a folder, run by pytest and told in plain words."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from partybuild_flow.cli import options
from partybuild_flow.cli.printing import put, put_json
from partybuild_flow.cli.wording import own_language, word
from partybuild_flow.errors import FlowError
from partybuild_flow.messages import Language, sentence

if TYPE_CHECKING:
    from partybuild_flow.bdd.coverage import Coverage

NEEDED: Final = ("pytest", "pytest_bdd")
PLUGINS: Final = {"pytest-bdd": "pytest_bdd.plugin", "partybuild_flow": "partybuild_flow.bdd.plugin"}
USAGE: Final = 4
"""What pytest returns for wrong usage."""


def run_features(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", show_default=False)] = Path(),
    only: Annotated[str | None, typer.Option("-k", metavar="TEXT")] = None,
    cover_fail_under: Annotated[float | None, typer.Option("--cover-fail-under", metavar="N")] = None,
    as_json: options.Json = False,
    language: options.Language = None,
) -> None:
    """Run the features of a folder and tell what they cover."""
    own = own_language(language)
    if not folder.exists():
        raise typer.BadParameter(word("no-folder", own, folder=folder), param_hint="DIR")
    if any(find_spec(name) is None for name in NEEDED):
        raise FlowError(sentence("feature.run.missing", own, {}))
    run = Run(only)
    code = run.over(folder)
    if code == USAGE:
        raise typer.Exit(2)
    if not run.scenarios and not run.unread:
        raise FlowError(sentence("feature.run.none", own, {"folder": folder}))
    covered = run.covered
    under = cover_fail_under is not None and covered is not None and covered.percent < cover_fail_under
    if as_json:
        put_json(_record(run))
    else:
        _tell(run, own, cover_fail_under)
    if run.failed or run.unread or under:
        raise typer.Exit(1)


class Run:
    """One run of pytest over features only, and what came of it."""

    def __init__(self, only: str | None) -> None:
        self._only = only
        self._config: Any = None
        self.scenarios: list[tuple[str, str, str]] = []
        """The id, the outcome and, where it failed, the report of each scenario, in order."""
        self.unread: list[tuple[str, str]] = []
        """Features that could not be read, and why."""

    @property
    def failed(self) -> int:
        """How many scenarios failed."""
        return self.count("failed")

    @property
    def covered(self) -> Coverage | None:
        """What was covered; None if nothing was run."""
        if self._config is None:
            return None
        from partybuild_flow.bdd.session import STATE

        found: Coverage | None = self._config.stash[STATE].covered
        return found

    def count(self, outcome: str) -> int:
        """How many scenarios came out so."""
        return sum(found == outcome for _, found, _ in self.scenarios)

    def over(self, folder: Path) -> int:
        """Run them and return pytest's exit code."""
        import pytest

        quiet = ["-p", "no:terminal", "-p", "no:cacheprovider", "-o", "addopts=", "-o", "python_files="]
        known = [part for name, module in PLUGINS.items() for part in ("-p", _plugin(name, module))]
        # This package is imported already, of which a folder whose warnings are errors would make one.
        calm = ["-W", "ignore::pytest.PytestAssertRewriteWarning"]
        return int(pytest.main([*quiet, *calm, *known, "--flow-cover=term", str(folder)], plugins=[self]))

    def pytest_configure(self, config: Any) -> None:
        """Remember the configuration, which holds the covered."""
        self._config = config

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        """Keep the scenarios that are wanted."""
        only = self._only
        if only is not None:
            items[:] = [each for each in items if only in each.nodeid.partition("::")[2]]

    def pytest_collectreport(self, report: Any) -> None:
        """Take note of a feature that cannot be read."""
        if report.failed:
            self.unread.append((report.nodeid, str(report.longrepr)))

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Take note of a scenario."""
        if report.when == "call" or report.outcome != "passed":
            told = str(report.longrepr) if report.failed else ""
            self.scenarios.append((report.nodeid, report.outcome, told))


def _plugin(name: str, module: str) -> str:
    """What pytest knows a plugin by: its entry point, else, as in a checkout that is not installed, its module."""
    from importlib.metadata import entry_points

    return name if entry_points(group="pytest11", name=name) else module


def _tell(run: Run, own: Language, least: float | None) -> None:
    for feature, told in run.unread:
        put(sentence("feature.run.unread", own, {"feature": feature}))
        put(_indented(told))
    for name, outcome, told in run.scenarios:
        put(sentence(f"feature.run.{outcome}", own, {"name": name}))
        if told:
            put(_indented(told))
    counts = {
        "total": len(run.scenarios),
        **{each: run.count(each) for each in ("passed", "failed", "skipped")},
    }
    code = "feature.run.counts.skipped" if counts["skipped"] else "feature.run.counts"
    put(sentence(code, own, counts))
    if run.covered is not None:
        from partybuild_flow.bdd.cover_report import terminal_lines

        for line in terminal_lines(run.covered, least):
            put(line)


def _indented(text: str) -> str:
    return "\n".join(f"    {line}".rstrip() for line in text.split("\n"))


def _record(run: Run) -> dict[str, object]:
    from partybuild_flow.bdd.cover_report import record

    def scenario(name: str, outcome: str, told: str) -> dict[str, object]:
        feature, _, title = name.partition("::")
        return {"feature": feature, "scenario": title, "outcome": outcome, "told": told or None}

    return {
        "scenarios": [scenario(*each) for each in run.scenarios],
        "unread": [{"feature": feature, "told": told} for feature, told in run.unread],
        "coverage": record(run.covered) if run.covered is not None else None,
    }
