"""`pbflow impact`: what an edit of a workflow does to cases, before anybody is affected."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from partybuild_flow.cli import options
from partybuild_flow.cli.arguments import read_actor, read_instant
from partybuild_flow.cli.opening import open_existing
from partybuild_flow.cli.printing import put, put_json, put_table
from partybuild_flow.cli.wording import own_language, shown, word
from partybuild_flow.facts.masking import STRANGER
from partybuild_flow.messages import Language
from partybuild_flow.store import Store

if TYPE_CHECKING:
    from partybuild_flow.analysis.populations import Effect, Impact
    from partybuild_flow.analysis.populations.report import Moves
    from partybuild_flow.definition import Workflow

MOST_ROWS: Final = 20
"""So many moves of a group, and so many changes, are printed."""
_POSTGRES: Final = ("postgresql://", "postgres://", "postgresql+psycopg://")


def impact_of(
    old: Annotated[str, typer.Argument(metavar="OLD", show_default=False)],
    new: Annotated[str, typer.Argument(metavar="NEW", show_default=False)],
    cases: Annotated[Path | None, typer.Option("--cases", metavar="FILE", show_default=False)] = None,
    db: Annotated[str | None, typer.Option("--db", metavar="URL", show_default=False)] = None,
    table: Annotated[str | None, typer.Option("--table", metavar="NAME", show_default=False)] = None,
    decision: Annotated[
        list[str] | None, typer.Option("--decision", metavar="NAME", show_default=False)
    ] = None,
    per: Annotated[list[str] | None, typer.Option("--per", metavar="FIELD", show_default=False)] = None,
    by_unit: Annotated[int, typer.Option("--by-unit", min=0, metavar="LEVELS")] = 0,
    id_column: Annotated[str | None, typer.Option("--id", metavar="COLUMN", show_default=False)] = None,
    unit_column: Annotated[str | None, typer.Option("--unit", metavar="COLUMN", show_default=False)] = None,
    out: Annotated[list[Path] | None, typer.Option("--out", "-o", metavar="FILE", show_default=False)] = None,
    now: options.Now = None,
    by: options.Reader = None,
    as_json: options.Json = False,
    language: options.Language = None,
) -> None:
    """Tell what an edit of a workflow does to cases before anybody is affected."""
    from partybuild_flow.analysis.populations import impact

    own = own_language(language)
    in_place = _hold_to_one(cases, db, table, own)
    with (
        nullcontext() if in_place or db is None else _opened(db, own) as store,
        _progress(own, hidden=as_json) as told,
    ):
        report = impact(
            _definition(old, store, own),
            _definition(new, store, own),
            db if in_place else store if store is not None else cases,
            table=table,
            decisions=decision or (),
            per=per,
            by_unit=by_unit,
            id=id_column,
            unit=unit_column,
            now=read_instant(now, "--now", own),
            # Whoever does not say who he is gets what anybody may have.
            by=read_actor(by, own) if by else STRANGER,
            out=out or (),
            progress=told,
            language=own,
        )
    if as_json:
        put_json(report.as_json())
    else:
        _put_report(report, out or [], own)


def _hold_to_one(cases: Path | None, db: str | None, table: str | None, own: Language) -> bool:
    """Whether a table of PostgreSQL is meant. Raises typer.BadParameter unless one source of cases is named."""
    if (cases is None) is (db is None):
        raise typer.BadParameter(word("impact-needs-one", own), param_hint="--cases")
    if table is not None and not (db or "").startswith(_POSTGRES):
        raise typer.BadParameter(word("impact-table", own), param_hint="--table")
    return table is not None


@contextmanager
def _opened(db: str, own: Language) -> Iterator[Store]:
    store = open_existing(db, own)
    try:
        yield store
    finally:
        store.close()


def _definition(written: str, store: Store | None, own: Language) -> Workflow | Path:
    """A folder, or a definition that the store holds, by the beginning of its hash."""
    path = Path(written)
    if path.exists() or store is None:
        if not path.exists():
            raise typer.BadParameter(word("no-folder", own, folder=path), param_hint="OLD NEW")
        return path
    found = [each for each in store.definitions() if each.startswith(written)]
    if len(found) != 1:
        raise typer.BadParameter(word("no-folder", own, folder=path), param_hint="OLD NEW")
    from partybuild_flow.reader import Outlines, read_texts

    related = Outlines()
    kept = list(reversed(store.definitions()))
    related.add_versions(lambda: map(store.definition, kept))
    return read_texts(store.definition(found[0]), found[0][:12], related)


@contextmanager
def _progress(own: Language, *, hidden: bool) -> Iterator[Callable[[str, int], None]]:
    """How far it is, where somebody watches."""
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description} {task.completed:,.0f}"), TimeElapsedColumn())
    stages = {"read": "reading", "judge": "judging", "engine": "deciding"}
    with Progress(*columns, console=console, disable=hidden or not console.is_terminal) as bar:
        task = bar.add_task(word("impact.reading", own), total=None)

        def told(stage: str, done: int) -> None:
            bar.update(task, description=word(f"impact.{stages[stage]}", own), completed=done)

        yield told


def _put_report(report: Impact, out: list[Path], own: Language) -> None:
    seconds = f"{report.seconds:.1f}"
    head = {
        "old": report.old,
        "new": report.new,
        "cases": f"{report.cases:,}",
        "changed": f"{report.changed:,}",
    }
    put(word("impact.cases", own, **head, seconds=seconds))
    if not report.effects:
        put(word("impact.nothing", own))
    for effect in report.effects:
        _put_effect(effect, report.cases, own)
    _put_changes(report, own)
    for code in ("same", "removed", "added", "missing"):
        names = {
            "same": report.same,
            "removed": report.removed,
            "added": report.added,
            "missing": report.missing,
        }[code]
        if names:
            put(word(f"impact.{code}", own, names=names))
    if out:
        put(word("impact.written", own, files=tuple(str(each) for each in out)))


def _put_effect(effect: Effect, cases: int, own: Language) -> None:
    put("")
    data = {
        "decision": effect.decision,
        "output": effect.output,
        "changed": f"{effect.changed:,}",
        "cases": f"{cases:,}",
    }
    put(word("impact.effect", own, **data))
    if effect.by_engine:
        put("  " + word("impact.by-engine", own, count=f"{effect.by_engine:,}"))
    for reason, text in effect.left_out:
        told = word(f"impact.reason-{reason}", own)
        put("  " + word("impact.left-out", own, text=text, reason=told))
    rows = _rows(effect.moves, own)
    _put_rows(("before", "after", "cases", "moves"), rows, own)
    if not effect.changed:
        return
    for dimension, groups in effect.groups.items():
        grouped = [
            (value or word("impact.none", own), *row)
            for value, moves in groups.items()
            for row in _rows(moves, own)
            if row[-1]
        ]
        put(word("impact.group", own, dimension=dimension))
        _put_rows(("group", "before", "after", "cases", "moves"), grouped, own)


def _rows(moves: Moves, own: Language) -> list[tuple[str, ...]]:
    from partybuild_flow.analysis.populations.report import same

    return [
        (
            *(shown(value, own) or word("impact.none", own) for value in pair),
            f"{count:,}",
            "" if same(*pair) else word("yes", own),
        )
        for pair, count in moves.items()
    ]


def _put_rows(codes: tuple[str, ...], rows: list[tuple[str, ...]], own: Language) -> None:
    put_table([word(f"column.impact-{code}", own) for code in codes], rows[:MOST_ROWS])
    if len(rows) > MOST_ROWS:
        put("  " + word("impact.more", own, count=len(rows) - MOST_ROWS))


def _put_changes(report: Impact, own: Language) -> None:
    if not report.changes:
        return
    put("")
    codes = ("case", "unit", "decision", "output", "before", "after", "fired-before", "fired-after")
    rows: list[tuple[str, ...]] = []
    for each in report.changes[:MOST_ROWS]:
        values: list[Any] = [each.case, each.unit, each.decision, each.output, each.before, each.after]
        rows.append((*(shown(value, own) for value in values), each.fired_before, each.fired_after))
    put_table([word(f"column.impact-{code}", own) for code in codes], rows)
    if report.changed > len(rows):
        put("  " + word("impact.more", own, count=f"{report.changed - len(rows):,}"))
