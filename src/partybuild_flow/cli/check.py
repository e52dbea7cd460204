"""`pbflow check`: every problem of written definitions, in file order."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from partybuild_flow.checks import check as check_workflow
from partybuild_flow.cli import options
from partybuild_flow.cli.printing import put, put_json
from partybuild_flow.cli.records import problem_record
from partybuild_flow.cli.wording import own_language, word
from partybuild_flow.engine.library import workflow_folders
from partybuild_flow.errors import WorkflowInvalid
from partybuild_flow.problems import Problem, in_file_order
from partybuild_flow.reader import read_workflow


def check(
    folders: Annotated[list[Path] | None, typer.Argument(metavar="[DIR]...", show_default=False)] = None,
    workflows: options.Workflows = options.WORKFLOWS,
    as_json: options.Json = False,
    language: options.Language = None,
) -> None:
    """Check workflows and tell every problem with its place."""
    own = own_language(language)
    wanted = folders or [workflows]
    for each in wanted:
        if not each.is_dir():
            code = "no-folder" if not each.exists() else "not-a-folder"
            raise typer.BadParameter(word(code, own, folder=each), param_hint="DIR")
    found = [folder for each in wanted for folder in workflow_folders(each)]
    problems = in_file_order([problem for folder in dict.fromkeys(found) for problem in problems_of(folder)])
    errors = sum(problem.severity == "error" for problem in problems)
    counts = {"workflows": len(found), "errors": errors, "warnings": len(problems) - errors}
    if as_json:
        put_json({**counts, "problems": [problem_record(each) for each in problems]})
    else:
        for problem in problems:
            put(str(problem))
        put(word("checked" if problems else "checked.clean", own, **counts))
    if errors:
        raise typer.Exit(1)


def problems_of(folder: Path) -> list[Problem]:
    """All problems of the definition in a folder, errors and warnings."""
    try:
        return list(check_workflow(read_workflow(folder)))
    except WorkflowInvalid as invalid:
        return list(invalid.problems)
