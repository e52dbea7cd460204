"""`pbflow case show`, `history`, `sent` and `list`: cases as they stand and as they came about."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from partybuild_flow.case import Case, Entry
from partybuild_flow.cli import options
from partybuild_flow.cli.arguments import read_actor, read_instant, read_sets
from partybuild_flow.cli.marks import mark_lines
from partybuild_flow.cli.opening import open_for_cases, open_with_workflows
from partybuild_flow.cli.printing import put, put_json, put_table
from partybuild_flow.cli.records import case_record, entry_record, possible_record
from partybuild_flow.cli.wording import language_of, moment, own_language, plain, shown, word
from partybuild_flow.definition import Workflow
from partybuild_flow.engine import Engine, Possible, Question
from partybuild_flow.errors import CaseNotFound
from partybuild_flow.explain import event_name
from partybuild_flow.facts.correcting import REASON
from partybuild_flow.feel.rendering import with_names
from partybuild_flow.messages import SEPARATORS, Language, sentence
from partybuild_flow.reader.keywords import spelled
from partybuild_flow.store import Sending


def show(
    case_id: options.CaseId,
    by: options.Reader = None,
    now: options.Now = None,
    db: options.Database = options.DATABASE,
    as_json: options.Json = False,
    language: options.Language = None,
) -> None:
    """Show a case: state, data, deadlines and, with --by, what this actor may do now."""
    own = own_language(language)
    reader = read_actor(by, own) if by else None
    at = read_instant(now, "--now", own)
    with open_for_cases(db, own) as engine:
        case = engine.case(case_id, by=reader)
        possible = engine.possible(case_id, by=reader, at=at) if reader else None
        marks = engine.marks(case_id, by=reader)
        workflow = engine.workflow_of(case)
    if as_json:
        found = {} if possible is None else {"possible": [possible_record(each) for each in possible]}
        found |= {"marks": [each._asdict() for each in marks]} if marks else {}
        put_json({"case": case_record(case), **found})
        return
    spoken = language_of(language) or workflow.language
    for line in _case_lines(case, workflow, spoken):
        put(line)
    for line in mark_lines(marks, workflow, spoken):
        put(f"  {line}")
    for line in _possible_lines(possible, spoken) if possible is not None else ():
        put(line)


def history(
    case_id: options.CaseId,
    by: options.Reader = None,
    db: options.Database = options.DATABASE,
    as_json: options.Json = False,
    language: options.Language = None,
) -> None:
    """Show the journal of a case, oldest entry first."""
    own = own_language(language)
    reader = read_actor(by, own) if by else None
    with open_for_cases(db, own) as engine:
        entries = engine.history(case_id, by=reader)
        if as_json:
            put_json({"case": case_id, "entries": [entry_record(each) for each in entries]})
            return
        spoken = language_of(language) or engine.workflow_of(entries[0].case).language
        headings = ("number", "occurred", "event", "actor", "from", "to", "inputs", "rules")
        rows = [_entry_row(each, engine.workflow_of(each.case), spoken) for each in entries]
    put_table([word(f"column.{each}", spoken) for each in headings], rows)


def sent(
    case_id: options.CaseId,
    by: options.Reader = None,
    db: options.Database = options.DATABASE,
    as_json: options.Json = False,
    language: options.Language = None,
) -> None:
    """Show what a case sent to other cases, and what became of it."""
    own = own_language(language)
    reader = read_actor(by, own) if by else None
    with open_for_cases(db, own) as engine:
        sendings = engine.sent(case_id, by=reader)
        if as_json:
            put_json({"case": case_id, "sent": [each._asdict() for each in sendings]})
            return
        rows = [_sending_row(each, engine, own) for each in sendings]
    if rows:
        put_table(
            [word(f"column.{each}", own) for each in ("number", "workflow", "event", "case", "became")], rows
        )
    put(word("events-sent", own, count=len(rows)))


def list_cases(
    workflow: Annotated[str | None, typer.Option("--workflow", metavar="NAME")] = None,
    state: Annotated[list[str] | None, typer.Option("--state", metavar="STATE")] = None,
    unit: Annotated[str | None, typer.Option("--unit", metavar="UNIT")] = None,
    due_before: Annotated[str | None, typer.Option("--due-before", metavar="INSTANT")] = None,
    by: options.Reader = None,
    db: options.Database = options.DATABASE,
    workflows: options.Workflows = options.WORKFLOWS,
    parameters: options.Parameters = None,
    as_json: options.Json = False,
    language: options.Language = None,
) -> None:
    """List cases: the worklist."""
    own = own_language(language)
    reader = read_actor(by, own) if by else None
    due = read_instant(due_before, "--due-before", own)
    sets = read_sets(parameters, own)
    with _opened(db, workflows, own, sets, wanted=bool(workflow or state or sets)) as engine:
        cases = engine.cases(workflow=workflow, state=state or None, unit=unit, due_before=due, by=reader)
        if as_json:
            put_json({"cases": [case_record(each) for each in cases]})
            return
        rows = [_case_row(each, engine.workflow_of(each)) for each in cases]
    if rows:
        headings = ("case", "workflow", "state", "unit", "revision", "changed", "due")
        put_table([word(f"column.{each}", own) for each in headings], rows)
    put(word("cases", own, count=len(rows)))


def _opened(db: str, workflows: Path, own: Language, sets: Mapping[str, str], *, wanted: bool) -> Engine:
    """Names of workflows and states are those of the files; without such a filter no file is read."""
    if not wanted:
        return open_for_cases(db, own)
    return open_with_workflows(db, workflows, own, must_exist=True, parameters=sets)


def _case_lines(case: Case, workflow: Workflow, language: Language) -> list[str]:
    state = workflow.states[case.state].name
    title = {"workflow": workflow.name, "version": workflow.version, "case": case.id}
    lines = [
        word("case", language, **title),
        word("case.state", language, state=state, revision=case.revision, changed=moment(case.changed_at)),
        word("case.unit", language, unit=plain(case.unit), actor=plain(case.started_by)),
    ]
    known = workflow.fields
    filled = {name: value for name, value in case.data.items() if value is not None and name in known}
    lines += [
        f"  {workflow.fields[name].name} = {shown(with_names(value, workflow.fields[name].type), language)}"
        for name, value in filled.items()
    ]
    for running in case.deadlines:
        name = workflow.deadlines[running.deadline].name
        code = "due.never" if running.due_at is None else "due.fired" if running.fired else "due"
        lines.append("  " + word(code, language, deadline=name, due=moment(running.due_at)))
    return lines


def _possible_lines(possible: tuple[Possible, ...], language: Language) -> list[str]:
    lines = [word("possible", language) if possible else word("possible.nothing", language)]
    for each in possible:
        if each.form is None:
            lines.append(f"  ✘ {each.name}: {plain(SEPARATORS[language].join(each.reasons))}")
            continue
        lines.append(f"  ✔ {each.name}")
        for question in each.form.questions:
            need = word("required" if question.required else "optional", language)
            lines.append(f"      {question.name} ({need}): {_bounds(question, language)}")
    return lines


def _bounds(question: Question, language: Language) -> str:
    """What may be filled in: the values to choose from, or the type and its bounds."""
    if question.values:
        return plain(SEPARATORS[language].join(question.values))
    told = [spelled(question.type, language)]
    if question.columns:
        told.append(f"({SEPARATORS[language].join(each.name for each in question.columns)})")
    elif question.item is not None:
        told.append(f"({spelled(question.item, language)})")
    if question.minimum is not None:
        told.append(f"≥ {shown(question.minimum, language)}")
    if question.maximum is not None:
        told.append(f"≤ {shown(question.maximum, language)}")
    return " ".join(told)


def _entry_row(entry: Entry, workflow: Workflow, language: Language) -> list[str]:
    states = workflow.states
    inputs = {
        workflow.fields[name].name: with_names(entry.facts.get(name), workflow.fields[name].type)
        for name in _sent(entry, workflow)
    }
    if REASON in entry.facts:
        inputs[sentence("word.reason", language, {})] = entry.facts[REASON]
    rules = {each.id: each.name for each in (*workflow.tables.values(), *workflow.rule_sets.values())}
    fired = [f"{rules.get(each.rules, each.rules)}.{each.rule}" for each in entry.fired]
    event = event_name(workflow, entry.event, language)
    return [
        str(entry.sequence),
        moment(entry.occurred_at),
        plain(event) if entry.refused is None else word("event.refused", language, event=plain(event)),
        plain(entry.actor.id),
        states[entry.source].name if entry.source in states else "",
        states[entry.target].name if entry.target in states else "",
        shown(inputs, language),
        SEPARATORS[language].join(fired),
    ]


def _sending_row(sending: Sending, engine: Engine, language: Language) -> list[str]:
    workflow_name, event, told = sending.workflow, sending.event, plain(sending.refused or "")
    with suppress(CaseNotFound):
        workflow = engine.workflow_of(engine.case(sending.case_id))
        workflow_name, event = workflow.name, event_name(workflow, event, language)
    if sending.carried_at is None:
        became = word("became.held-up" if told else "became.waits", language, sentence=told)
    else:
        at = moment(sending.carried_at)
        became = word("became.refused" if told else "became.done", language, at=at, sentence=told)
    return [str(sending.sequence), plain(workflow_name), plain(event), sending.case_id, became]


def _sent(entry: Entry, workflow: Workflow) -> list[str]:
    """The fields that came with an event; what a mark keeps to itself is none of the case's inputs."""
    sent = [name for name in entry.inputs if name in workflow.fields]
    transition = workflow.transitions[entry.transition - 1] if entry.transition else None
    if transition is not None and transition.collect is not None and entry.event == transition.event:
        own = (need.field for need in transition.needs if need.field not in sent)
        sent += [name for name in own if entry.facts.get(name) is not None]
    return sent


def _case_row(case: Case, workflow: Workflow) -> list[str]:
    due = [each.due_at for each in case.deadlines if each.due_at is not None and not each.fired]
    return [
        case.id,
        workflow.name,
        workflow.states[case.state].name,
        plain(case.unit),
        str(case.revision),
        moment(case.changed_at),
        moment(min(due)) if due else "",
    ]
