"""`pbflow rates`: the shares of cases that a workflow defines, by unit and period."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

import typer

from partybuild_flow.cli import options
from partybuild_flow.cli.arguments import read_actor, read_day
from partybuild_flow.cli.opening import open_with_workflows
from partybuild_flow.cli.printing import put, put_json, put_table
from partybuild_flow.cli.wording import own_language, word
from partybuild_flow.engine import Share
from partybuild_flow.messages import Language


def rates(
    workflow: Annotated[str, typer.Argument(metavar="WORKFLOW", show_default=False)],
    by_unit: Annotated[int, typer.Option("--by-unit", min=0, metavar="LEVELS")] = 0,
    begins: Annotated[str | None, typer.Option("--from", metavar="DAY", show_default=False)] = None,
    ends: Annotated[str | None, typer.Option("--to", metavar="DAY", show_default=False)] = None,
    every: Annotated[
        Literal["month", "quarter", "half-year", "year"] | None, typer.Option("--every", show_default=False)
    ] = None,
    by: options.Reader = None,
    db: options.Database = options.DATABASE,
    workflows: options.Workflows = options.WORKFLOWS,
    as_json: options.Json = False,
    language: options.Language = None,
) -> None:
    """Tell the rates that a workflow defines, by unit and period."""
    own = own_language(language)
    reader = read_actor(by, own) if by else None
    first, last = read_day(begins, "--from", own), read_day(ends, "--to", own)
    period = (first or date.min, last or date.max) if begins or ends else None
    if every and period and (first is None or last is None):
        raise typer.BadParameter(word("half-period", own), param_hint="--every")
    with open_with_workflows(db, workflows, own, must_exist=True) as engine:
        found = engine.rates(workflow, by_unit=by_unit, period=period, every=every, by=reader)
    if as_json:
        put_json({"rates": [share_record(each) for each in found]})
    elif not found:
        put(word("rates.nothing", own, workflow=workflow))
    else:
        put_shares(found, own)


def put_shares(found: tuple[Share, ...], own: Language) -> None:
    """Print rates as a table, without the columns that are empty."""
    codes = ("rate", "unit", "period", "share", "counted", "asked")
    columns = [
        (word(f"column.{code}", own), cells) for code, cells in zip(codes, _cells(found, own), strict=True)
    ]
    filled = [(heading, cells) for heading, cells in columns if any(cells)]
    put_table([heading for heading, _ in filled], zip(*(cells for _, cells in filled), strict=True))


def _cells(found: tuple[Share, ...], own: Language) -> list[tuple[str, ...]]:
    """What stands in each column."""
    return list(zip(*(_row(each, own) for each in found), strict=True))


def _row(share: Share, own: Language) -> tuple[str, ...]:
    percent = share.percent()
    asked = "" if share.at_least is None else told_percent((share.at_least * 100).normalize())
    if share.met is not None:
        asked = word("rates.met" if share.met else "rates.missed", own, asked=asked)
    days = (share.begins, share.ends)
    period = "" if days == (None, None) else "–".join(_day(each) for each in days)
    told = word("rates.none", own) if percent is None else told_percent(percent)
    return share.name, share.unit, period, told, f"{share.numerator}/{share.denominator}", asked


def told_percent(percent: Decimal) -> str:
    """A percentage for people."""
    return f"{percent:f}%"


def _day(day: date | None) -> str:
    return "" if day in (None, date.min, date.max) else f"{day}"


def share_record(share: Share) -> dict[str, object]:
    """A rate as JSON."""
    open_ended = {date.min: None, date.max: None}
    return {
        **share._asdict(),
        "begins": open_ended.get(share.begins, share.begins) if share.begins else None,
        "ends": open_ended.get(share.ends, share.ends) if share.ends else None,
        "percent": share.percent(),
        "met": share.met,
    }
