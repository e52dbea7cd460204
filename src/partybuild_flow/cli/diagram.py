"""`pbflow diagram`: a workflow as a picture."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from partybuild_flow.analysis.diagram import mermaid
from partybuild_flow.cli import options
from partybuild_flow.cli.arguments import read_sets
from partybuild_flow.cli.printing import put, put_json
from partybuild_flow.cli.wording import language_of, own_language, word
from partybuild_flow.engine.library import hold_to_known, with_chosen_set
from partybuild_flow.messages import Language
from partybuild_flow.reader import read_workflow


def diagram(
    folder: Annotated[Path, typer.Argument(metavar="DIR", show_default=False)],
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE")] = None,
    parameters: options.Parameters = None,
    as_json: options.Json = False,
    language: options.Language = None,
) -> None:
    """Draw a workflow as Mermaid text."""
    own = own_language(language)
    if not folder.is_dir():
        raise typer.BadParameter(word("no-folder", own, folder=folder), param_hint="DIR")
    sets = read_sets(parameters, own)
    workflow = with_chosen_set(read_workflow(folder), sets)
    hold_to_known(sets, [workflow])
    text = mermaid(workflow, language=language_of(language))
    if output is not None:
        _write(output, text, own)
    if as_json:
        written = {} if output is None else {"output": str(output)}
        put_json({"workflow": workflow.id, "mermaid": text, **written})
    else:
        put(text.rstrip("\n") if output is None else word("written", own, file=output))


def _write(output: Path, text: str, own: Language) -> None:
    try:
        output.write_text(text, encoding="utf-8")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise typer.BadParameter(
            word("no-writing", own, file=output, reason=reason), param_hint="--output"
        ) from None
