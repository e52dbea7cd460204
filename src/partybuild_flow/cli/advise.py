"""`pbflow advise`: the nearest way up of a case."""

from __future__ import annotations

from typing import Annotated

import typer

from partybuild_flow.analysis.advice import advice_lines, advice_record, advise
from partybuild_flow.cli import options
from partybuild_flow.cli.arguments import read_actor, read_data, read_instant
from partybuild_flow.cli.opening import open_for_cases
from partybuild_flow.cli.printing import put, put_json
from partybuild_flow.cli.wording import language_of, own_language
from partybuild_flow.messages import sentence


def advise_case(
    case_id: options.CaseId,
    pairs: options.Pairs = None,
    event: Annotated[str | None, typer.Option("--event", metavar="EVENT")] = None,
    reach: Annotated[str | None, typer.Option("--reach", metavar="OUTCOME")] = None,
    data: options.Data = None,
    by: options.Reader = None,
    now: options.Now = None,
    db: options.Database = options.DATABASE,
    as_json: options.Json = False,
    language: options.Language = None,
) -> None:
    """Tell the smallest changes that would reach a better outcome."""
    own = own_language(language)
    reader = read_actor(by, own) if by else None
    at = read_instant(now, "--now", own)
    sent = read_data(pairs or (), data, own)
    with open_for_cases(db, own) as engine:
        found = advise(engine, case_id, event, sent, by=reader, at=at, reach=reach)
        workflow = engine.workflow_of(engine.case(case_id, by=reader))
    spoken = language_of(language) or workflow.language
    if as_json:
        put_json({"case": case_id, "advice": [advice_record(each, spoken) for each in found]})
    else:
        for each in found:
            first, *rest = advice_lines(each, spoken)
            put("\n".join([first, *(f"  {line}" for line in rest)]))
        if not found:
            put(sentence("advice.nothing", spoken, {}))
    if not any(each.ways or each.standing == "best" for each in found):
        raise typer.Exit(1)
