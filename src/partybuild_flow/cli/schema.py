"""`pbflow schema`: the JSON Schema of written files, for editors."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from partybuild_flow.cli import options
from partybuild_flow.cli.printing import put_json
from partybuild_flow.cli.wording import own_language


class Kind(StrEnum):
    """The kinds of written files."""

    workflow = "workflow"
    table = "table"
    rules = "rules"
    parameters = "parameters"
    calendar = "calendar"
    fragment = "fragment"


def schema(
    kind: Annotated[Kind | None, typer.Option("--kind", show_default=False)] = None,
    language: options.Language = None,
) -> None:
    """Print the JSON Schema of written files, with the keywords of a language."""
    from partybuild_flow.reader.schema import schema_of

    put_json(schema_of(own_language(language), kind.value if kind else None))
