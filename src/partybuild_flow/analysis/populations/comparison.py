"""`impact`: two definitions, many cases, and what the second one would decide otherwise."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from partybuild_flow.analysis.populations.counting import Counting, Dimension, Faulty
from partybuild_flow.analysis.populations.population import Population, needs_bulk, population_of
from partybuild_flow.analysis.populations.questions import Asked, Question, questions_of
from partybuild_flow.analysis.populations.report import Change, Impact
from partybuild_flow.analysis.populations.telling import Telling
from partybuild_flow.analysis.populations.writing import Files
from partybuild_flow.case import Actor
from partybuild_flow.definition import Workflow
from partybuild_flow.engine.library import read_workflows
from partybuild_flow.errors import FlowError, WorkflowInvalid
from partybuild_flow.explain import unfit_sentence
from partybuild_flow.facts import home_date
from partybuild_flow.feel import Value
from partybuild_flow.messages import Language, sentence
from partybuild_flow.problems import Position, Problem
from partybuild_flow.units import PathUnits, Units

if TYPE_CHECKING:
    from partybuild_flow.rules.sql import Dialect

KEPT: Final = 1_000
"""So many changes are kept in memory; files get all."""
MOST_FAULTS: Final = 100


def _silently(stage: str, done: int) -> None:
    """Tell nobody how far it is."""


def impact(
    old: Workflow | str | Path,
    new: Workflow | str | Path,
    cases: object,
    *,
    table: str | None = None,
    decisions: Sequence[str] = (),
    per: Sequence[str] | None = None,
    by_unit: int = 0,
    id: str | None = None,
    unit: str | None = None,
    now: datetime | None = None,
    by: Actor | None = None,
    units: Units | None = None,
    out: Sequence[str | Path] = (),
    keep: int = KEPT,
    progress: Callable[[str, int], None] = _silently,
    language: Language | None = None,
) -> Impact:
    """How cases would be decided by the new definition that the old one decides otherwise.

    `cases` are a path to .csv, .xlsx or .parquet, a data frame, a store, or the URL of a PostgreSQL
    database of which `table` names a table. Columns are found by the names or ids of fields. Compared are all
    tables, rule sets and guards that may have changed, or those that `decisions` names. `per` names fields to
    count by (the choices that are read, if it is left out); units are counted to `by_unit` levels. `out` are
    .csv and .xlsx files for every change. `by` is who reads: personal values are masked for anybody but the host.

    Raises:
        WorkflowInvalid: a definition or the file of cases has problems.
        FlowError: a name is unknown, or a package is missing.
    """
    began = time.perf_counter()
    sides = (_definition(old), _definition(new))
    language = language or sides[1].language
    needs_bulk(language)
    asked = questions_of(*sides)
    questions = _chosen(asked, decisions, language)
    cases = Path(cases) if isinstance(cases, str) and table is None else cases
    with population_of(
        cases, sides[1], table=table, id=id, unit=unit, language=language, note=progress
    ) as population:
        dimensions = _dimensions(sides, questions, population, per, by_unit, by, language)
        counting = Counting(*sides, questions, population, dimensions, _clock(now), progress)
        telling = Telling(sides, questions, population, by, units or PathUnits(), language)
        with Files([Path(each) for each in out], language) as files:
            kept = _run(counting, telling, files, keep)
            _hold_to_faults(counting.faults, cases, sides[1], language)
            report = _report(sides, asked, counting, telling, kept, time.perf_counter() - began)
            files.finish(report)
    return report


def _clock(now: datetime | None) -> dict[str, Value]:
    instant = (now or datetime.now(UTC)).astimezone(UTC)
    return {"now": instant, "today": home_date(instant)}


def _run(counting: Counting, telling: Telling, files: Files, keep: int) -> list[Change]:
    """Count, write every change, and keep the first ones."""
    kept: list[Change] = []

    def found(change: Change) -> None:
        told = telling.change(change)
        files.add(told)
        if len(kept) < keep:
            kept.append(told)

    counting.run(found)
    return kept


def _report(
    sides: tuple[Workflow, Workflow],
    asked: Asked,
    counting: Counting,
    telling: Telling,
    kept: list[Change],
    seconds: float,
) -> Impact:
    effects = tuple(
        telling.effect(effect, outcome.question, outcome.output)
        for effect, outcome in zip(counting.effects(), counting.outcomes, strict=True)
    )
    old, new = (f"{each.name} {each.version} ({each.hash[:12]})" for each in sides)
    return Impact(
        old,
        new,
        counting.cases,
        effects,
        tuple(kept),
        asked.same,
        asked.removed,
        asked.added,
        tuple(counting.missing),
        seconds,
    )


def decision_sql(workflow: Workflow | str | Path, decision: str, dialect: Dialect) -> str:
    """A SELECT for one table or rule set over a table `cases` whose columns are called and typed as the fields.

    Besides the outputs it gives `fired`, the rows or rules that held, and `engine`: where that is true, the
    engine must decide, as SQL cannot say it exactly.

    Raises:
        FlowError: there is no such decision, or nothing of it is SQL.
    """
    from partybuild_flow.analysis.populations.single import sql_of

    return sql_of(_definition(workflow), decision, dialect)


def _definition(written: Workflow | str | Path) -> Workflow:
    if isinstance(written, Workflow):
        return written
    found = read_workflows(written)
    if len(found) != 1:
        known = ", ".join(each.id for each in found)
        raise FlowError(f"{written} holds several workflows, name the folder of one: {known}")
    return found[0]


def _chosen(asked: Asked, decisions: Sequence[str], language: Language) -> tuple[Question, ...]:
    if not decisions:
        return asked.changed
    chosen = tuple(each for each in asked.changed if {each.id, each.name} & set(decisions))
    known = {name for each in asked.changed for name in (each.id, each.name)} | set(asked.same)
    unknown = [each for each in decisions if each not in known]
    if unknown:
        data = {"decision": unknown[0], "known": tuple(each.name for each in asked.changed)}
        raise FlowError(sentence("impact.no-decision", language, data))
    return chosen


def _dimensions(
    sides: tuple[Workflow, Workflow],
    questions: Sequence[Question],
    population: Population,
    per: Sequence[str] | None,
    by_unit: int,
    reader: Actor | None,
    language: Language,
) -> list[Dimension]:
    """What cases are counted by: the fields that are named, else the choices that are there; and the unit."""
    fields = {each.id: each for side in sides for each in side.fields.values()}
    found: list[Dimension] = []
    if per is None:
        named = [each for each in fields.values() if each.kind == "choice" and not each.personal]
    else:
        named = []
        for name in per:
            field = next((each for each in fields.values() if name in (each.id, each.name)), None)
            if field is None or population.heading_of([field]) is None:
                data = {"column": name, "known": tuple(population.headings)}
                raise FlowError(sentence("impact.no-column", language, data))
            if field.personal and reader is not None:
                raise FlowError(sentence("impact.personal", language, {"field": field.name}))
            named.append(field)
    for field in named:
        heading = population.heading_of([field])
        if heading is not None:
            found.append(Dimension(field.name, heading, field))
    if population.unit is not None:
        name = sentence("command.column.impact-unit", language, {})
        found.append(Dimension(name, population.unit, None, by_unit))
    return found if questions else []


def _hold_to_faults(faults: Sequence[Faulty], cases: object, workflow: Workflow, language: Language) -> None:
    """Raises WorkflowInvalid with the cells that fit their fields in no definition."""
    if not faults:
        return
    path = str(cases) if isinstance(cases, Path) else "cases"
    problems = []
    for each in faults[:MOST_FAULTS]:
        reason = unfit_sentence(workflow, each.field.id, each.unfit, language)
        # The headings are the first row of a file.
        position = Position(path, each.row + 1, 1)
        problems.append(Problem("PF550", position, {"column": each.column, "reason": reason}, language))
    raise WorkflowInvalid(problems)
