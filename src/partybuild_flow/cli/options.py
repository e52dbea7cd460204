"""The options that commands share. Their help stands in the catalogue of messages, by language."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

from partybuild_flow.cli.wording import Spoken

AS_JSON: Final = "partybuild_flow.json"
LANGUAGE: Final = "partybuild_flow.language"


def _remember_json(context: typer.Context, value: bool) -> bool:
    context.meta[AS_JSON] = value
    return value


def _remember_language(context: typer.Context, value: Spoken | None) -> Spoken | None:
    context.meta[LANGUAGE] = value
    return value


Json = Annotated[bool, typer.Option("--json", callback=_remember_json, is_eager=True)]
Language = Annotated[Spoken | None, typer.Option("--language", callback=_remember_language, is_eager=True)]
Database = Annotated[str, typer.Option("--db", metavar="URL")]
Workflows = Annotated[Path, typer.Option("--workflows", metavar="DIR")]
Parameters = Annotated[
    list[str] | None, typer.Option("--parameters", metavar="WORKFLOW=SET", show_default=False)
]
Now = Annotated[str | None, typer.Option("--now", metavar="INSTANT")]
By = Annotated[list[str], typer.Option("--by", metavar="ID:ROLE@UNIT")]
Reader = Annotated[list[str] | None, typer.Option("--by", metavar="ID:ROLE@UNIT")]
Data = Annotated[str | None, typer.Option("--data", metavar="FILE|JSON")]
Key = Annotated[str | None, typer.Option("--key", metavar="KEY")]
Revision = Annotated[int | None, typer.Option("--expected-revision", min=0, metavar="N")]
Pairs = Annotated[list[str] | None, typer.Argument(metavar="[FIELD=VALUE]...", show_default=False)]
CaseId = Annotated[str, typer.Argument(metavar="CASE", show_default=False)]

DATABASE: Final = "sqlite:///cases.db"
WORKFLOWS: Final = Path("workflows")
