"""`pbflow check`: every problem of written definitions, in file order."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from partybuild_flow.checks import check as check_workflow
from partybuild_flow.cli import options
from partybuild_flow.cli.arguments import read_sets
from partybuild_flow.cli.printing import put, put_json
from partybuild_flow.cli.records import problem_record
from partybuild_flow.cli.wording import own_language, word
from partybuild_flow.definition import Workflow
from partybuild_flow.engine.library import hold_to_known, with_chosen_set, workflow_folders
from partybuild_flow.errors import WorkflowInvalid
from partybuild_flow.problems import Problem, in_file_order
from partybuild_flow.reader import read_workflow
from partybuild_flow.reader.including import idle_fragments


def check(
    folders: Annotated[list[Path] | None, typer.Argument(metavar="[DIR]...", show_default=False)] = None,
    workflows: options.Workflows = options.WORKFLOWS,
    parameters: options.Parameters = None,
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
    sets = read_sets(parameters, own)
    read = {folder: _read(folder, sets) for folder in found}
    problems = [problem for each, _ in read.values() for problem in each]
    for each in (each for each in wanted if each not in read):
        inside = [workflow for folder, (_, workflow) in read.items() if folder.parent == each]
        if None not in inside:
            problems += idle_fragments(
                each, {path for workflow in inside if workflow for path in workflow.texts}
            )
    known = [workflow for _, workflow in read.values() if workflow]
    if len(known) == len(read):
        hold_to_known(sets, known)
    problems = in_file_order(problems)
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


def _read(folder: Path, sets: Mapping[str, str]) -> tuple[tuple[Problem, ...], Workflow | None]:
    """All problems of the definition in a folder, and the definition if it can be read."""
    try:
        workflow = with_chosen_set(read_workflow(folder), sets)
    except WorkflowInvalid as invalid:
        return invalid.problems, None
    return check_workflow(workflow), workflow
