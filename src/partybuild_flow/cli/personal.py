"""`pbflow erase` and `pbflow personal`: personal values erased, and all that is kept of one person."""

from __future__ import annotations

from typing import Annotated

import typer

from partybuild_flow.cli import options
from partybuild_flow.cli.arguments import read_actor, read_instant
from partybuild_flow.cli.opening import open_for_cases
from partybuild_flow.cli.printing import put, put_json
from partybuild_flow.cli.records import entry_record
from partybuild_flow.cli.wording import own_language, word


def erase(
    case_id: options.CaseId,
    by: options.By,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT")],
    field: Annotated[list[str] | None, typer.Option("--field", metavar="FIELD", show_default=False)] = None,
    now: options.Now = None,
    db: options.Database = options.DATABASE,
    as_json: options.Json = False,
    language: options.Language = None,
) -> None:
    """Erase personal values of a case everywhere."""
    own = own_language(language)
    actor = read_actor(by, own)
    at = read_instant(now, "--now", own)
    with open_for_cases(db, own) as engine:
        entry = engine.erase(case_id, fields=field or None, reason=reason, by=actor, at=at)
    if as_json:
        put_json({"entry": None if entry is None else entry_record(entry)})
    elif entry is None:
        put(word("erased.nothing", own, case=case_id))
    else:
        put(word("erased", own, case=case_id, sequence=entry.sequence))


def personal(
    person: Annotated[str, typer.Argument(metavar="PERSON", show_default=False)],
    by: options.Reader = None,
    db: options.Database = options.DATABASE,
    as_json: options.Json = False,  # noqa: ARG001 - what it prints is JSON anyway
    language: options.Language = None,
) -> None:
    """Print all that is kept of a person, as JSON."""
    own = own_language(language)
    reader = read_actor(by, own) if by else None
    with open_for_cases(db, own) as engine:
        put_json(engine.export_personal(person, by=reader))
