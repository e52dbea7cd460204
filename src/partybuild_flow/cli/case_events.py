"""`pbflow case start`, `send` and `ask`: events of a case."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from partybuild_flow.case import Actor, Entry
from partybuild_flow.cli import options
from partybuild_flow.cli.arguments import read_actor, read_data, read_instant, read_sets
from partybuild_flow.cli.explained import explanation_lines
from partybuild_flow.cli.marks import mark_lines
from partybuild_flow.cli.opening import open_for_cases, open_with_workflows
from partybuild_flow.cli.printing import put, put_json
from partybuild_flow.cli.records import case_record, decision_record, entry_record
from partybuild_flow.cli.wording import Spoken, language_of, moment, own_language, plain, shown, word
from partybuild_flow.definition import Workflow
from partybuild_flow.engine import Engine
from partybuild_flow.explain import event_name
from partybuild_flow.messages import Language


def start(
    workflow: Annotated[str, typer.Argument(metavar="WORKFLOW", show_default=False)],
    by: options.By,
    pairs: options.Pairs = None,
    event: Annotated[str | None, typer.Option("--event", metavar="EVENT")] = None,
    unit: Annotated[str | None, typer.Option("--unit", metavar="UNIT")] = None,
    data: options.Data = None,
    key: options.Key = None,
    now: options.Now = None,
    db: options.Database = options.DATABASE,
    workflows: options.Workflows = options.WORKFLOWS,
    parameters: options.Parameters = None,
    as_json: options.Json = False,
    language: options.Language = None,
) -> None:
    """Begin a case."""
    own = own_language(language)
    actor = read_actor(by, own)
    at = read_instant(now, "--now", own)
    sent = read_data(pairs or (), data, own)
    sets = read_sets(parameters, own)
    with open_with_workflows(db, workflows, own, parameters=sets) as engine:
        entry = engine.start(workflow, sent, by=actor, event=event, unit=unit, key=key, at=at)
        _put_entry(_as_seen(engine, entry, actor), engine.workflow_of(entry.case), as_json, language)


def send(
    case_id: options.CaseId,
    event: Annotated[str, typer.Argument(metavar="EVENT", show_default=False)],
    by: options.By,
    pairs: options.Pairs = None,
    data: options.Data = None,
    key: options.Key = None,
    expected_revision: options.Revision = None,
    now: options.Now = None,
    db: options.Database = options.DATABASE,
    as_json: options.Json = False,
    language: options.Language = None,
) -> None:
    """Send an event to a case."""
    own = own_language(language)
    actor = read_actor(by, own)
    at = read_instant(now, "--now", own)
    sent = read_data(pairs or (), data, own)
    with open_for_cases(db, own) as engine:
        entry = engine.send(
            case_id, event, sent, by=actor, key=key, expected_revision=expected_revision, at=at
        )
        workflow = engine.workflow_of(entry.case)
        _put_entry(_as_seen(engine, entry, actor), workflow, as_json, language)
        if not as_json:
            marks = [each for each in engine.marks(case_id, by=actor) if each.event == entry.event]
            for line in mark_lines(marks, workflow, language_of(language) or workflow.language):
                put(f"  {line}")


def correct(
    case_id: options.CaseId,
    by: options.By,
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT")],
    pairs: options.Pairs = None,
    data: options.Data = None,
    key: options.Key = None,
    expected_revision: options.Revision = None,
    now: options.Now = None,
    db: options.Database = options.DATABASE,
    as_json: options.Json = False,
    language: options.Language = None,
) -> None:
    """Correct fields of a case."""
    own = own_language(language)
    actor = read_actor(by, own)
    at = read_instant(now, "--now", own)
    sent = read_data(pairs or (), data, own)
    with open_for_cases(db, own) as engine:
        entry = engine.correct(
            case_id, sent, reason=reason, by=actor, key=key, expected_revision=expected_revision, at=at
        )
        _put_entry(_as_seen(engine, entry, actor), engine.workflow_of(entry.case), as_json, language)


def ask(
    case_id: options.CaseId,
    event: Annotated[str, typer.Argument(metavar="EVENT", show_default=False)],
    by: options.By,
    pairs: options.Pairs = None,
    data: options.Data = None,
    explain: Annotated[bool, typer.Option("--explain")] = False,
    html: Annotated[Path | None, typer.Option("--html", metavar="FILE")] = None,
    now: options.Now = None,
    db: options.Database = options.DATABASE,
    as_json: options.Json = False,
    language: options.Language = None,
) -> None:
    """Ask how an event would be decided, and change nothing."""
    own = own_language(language)
    actor = read_actor(by, own)
    at = read_instant(now, "--now", own)
    sent = read_data(pairs or (), data, own)
    with open_for_cases(db, own) as engine:
        decision = engine.ask(case_id, event, sent, by=actor, at=at)
    if as_json:
        spoken = language_of(language) or decision.plan.workflow.language
        more = {"explanation": decision.explanation(spoken).record()} if explain else {}
        put_json({"decision": decision_record(decision, spoken), **more})
    elif explain:
        put("\n".join(explanation_lines(decision.explanation(language_of(language)))))
    else:
        put(decision.explain(language_of(language)))
    if html is not None:
        html.write_text(decision.explain_html(language_of(language)), encoding="utf-8")
        if not as_json:
            put(word("written", own, file=html))
    if not decision.accepted:
        raise typer.Exit(1)


def _as_seen(engine: Engine, entry: Entry, actor: Actor) -> Entry:
    """The entry of an event as its actor may see it: what it read of other cases may be personal there."""
    history = engine.history(entry.case.id, by=actor)
    return next(each for each in history if each.sequence == entry.sequence)


def _put_entry(entry: Entry, workflow: Workflow, as_json: bool, spoken: Spoken | None) -> None:
    if as_json:
        put_json({"entry": entry_record(entry), "case": case_record(entry.case)})
        return
    language = language_of(spoken) or workflow.language
    state = workflow.states[entry.target].name
    event = event_name(workflow, entry.event, language)
    put(word("sent", language, case=entry.case.id, event=event, state=state, revision=entry.sequence))
    for line in (*_setting_lines(entry, workflow, language), *_effect_lines(entry, workflow, language)):
        put(f"  {line}")
    for running in entry.deadlines or ():
        if running.due_at is not None and not running.fired:
            name = workflow.deadlines[running.deadline].name
            put("  " + word("due", language, deadline=name, due=moment(running.due_at)))


def _setting_lines(entry: Entry, workflow: Workflow, language: Language) -> list[str]:
    return [
        f"{workflow.fields[name].name} = {shown(value, language)}"
        for name, value in entry.settings.items()
        if name in workflow.fields
    ]


def _effect_lines(entry: Entry, workflow: Workflow, language: Language) -> list[str]:
    names = {each.id: each.name for each in (*workflow.roles.values(), *workflow.fields.values())}
    return [
        word("effect", language, to=plain(names.get(each.to, each.to)), text=plain(each.text))
        for each in entry.effects
    ]
