"""Cases, entries, decisions, problems and errors as the JSON that commands print. Keys are stable."""

from __future__ import annotations

from partybuild_flow.case import Actor, Case, Entry, Running
from partybuild_flow.cli.wording import word
from partybuild_flow.decide import Decision
from partybuild_flow.engine import Possible, Question
from partybuild_flow.errors import CaseChanged, CaseNotFound, EventRefused, FlowError, WorkflowInvalid
from partybuild_flow.facts import MASK
from partybuild_flow.messages import Language
from partybuild_flow.problems import Problem
from partybuild_flow.store import Verification


def case_record(case: Case) -> dict[str, object]:
    """A case."""
    return {
        "id": case.id,
        "workflow": case.workflow,
        "definition": case.definition,
        "state": case.state,
        "unit": case.unit,
        "revision": case.revision,
        "data": case.data,
        "deadlines": [_deadline_record(each) for each in case.deadlines],
        "started_by": case.started_by,
        "changed_at": case.changed_at,
        "head": case.head,
    }


def entry_record(entry: Entry) -> dict[str, object]:
    """An entry of a journal, without the case that it left."""
    return {
        "case": entry.case.id,
        "sequence": entry.sequence,
        "event": entry.event,
        "transition": entry.transition,
        "outcome": entry.outcome,
        "from": entry.source,
        "to": entry.target,
        "actor": _actor_record(entry.actor),
        "occurred_at": entry.occurred_at,
        "recorded_at": entry.recorded_at,
        "facts": entry.facts,
        "inputs": entry.inputs,
        "settings": entry.settings,
        "standing": entry.standing,
        "fired": [each._asdict() for each in entry.fired],
        "evaluator": entry.evaluator,
        "effects": [each._asdict() for each in entry.effects],
        "sends": [each._asdict() for each in entry.sends],
        "deadline": entry.deadline,
        "deadlines": None
        if entry.deadlines is None
        else [_deadline_record(each) for each in entry.deadlines],
        "refused": entry.refused,
        "key": entry.key,
        "previous": entry.previous,
        "hash": entry.hash,
    }


def decision_record(decision: Decision, language: Language) -> dict[str, object]:
    """A decision with its reasons and its trace in a language; personal values are hidden, as in the trace."""
    personal = decision.plan.personal
    return {
        "accepted": decision.accepted,
        "case": decision.case.id,
        "event": decision.event,
        "transition": decision.transition.number if decision.transition else None,
        "outcome": decision.outcome,
        "from": decision.case.state,
        "to": decision.target,
        "sentence": decision.explain_in(language),
        "reasons": [
            {"code": reason.code, "transition": reason.transition, "sentence": told}
            for reason, told in zip(decision.reasons, decision.reasons_in(language), strict=True)
        ],
        "trace": [line._asdict() for line in decision.trace_in(language)],
        "settings": {
            name: MASK if name in personal and value is not None else value
            for name, value in decision.settings.items()
        },
        "fired": [each._asdict() for each in decision.fired],
        "evaluator": decision.evaluator,
    }


def possible_record(possible: Possible) -> dict[str, object]:
    """An event that is possible, with its form, or one that is not, with the reasons."""
    form = None if possible.form is None else [_question(each) for each in possible.form.questions]
    return {"event": possible.event, "name": possible.name, "form": form, "reasons": possible.reasons}


def _question(question: Question) -> dict[str, object]:
    return {**question._asdict(), "columns": [_question(each) for each in question.columns]}


def problem_record(problem: Problem) -> dict[str, object]:
    """A problem of a written definition."""
    path, line, column, included, sheet = problem.position
    place = {"sheet": sheet, "cell": problem.position.cell} if sheet else {}
    return {
        "code": problem.code,
        "severity": problem.severity,
        "path": path,
        "line": line,
        "column": column,
        **place,
        "included": [{"path": each.path, "line": each.line, "column": each.column} for each in included],
        "sentence": problem.sentence,
    }


def verification_record(verification: Verification) -> dict[str, object]:
    """What `verify` found."""
    return {
        "cases": verification.cases,
        "entries": verification.entries,
        "digest": verification.digest,
        "broken": [{"case": case, "sentence": told} for case, told in verification.broken],
    }


def error_record(error: FlowError, language: Language | None, own: Language) -> dict[str, object]:
    """An error with what it carries."""
    data: dict[str, object] = {"kind": type(error).__name__, "sentence": error_sentence(error, language, own)}
    if isinstance(error, WorkflowInvalid):
        data["problems"] = [problem_record(each) for each in error.problems]
    elif isinstance(error, EventRefused) and isinstance(error.decision, Decision):
        data["decision"] = decision_record(error.decision, language or error.decision.plan.workflow.language)
    elif isinstance(error, CaseNotFound):
        data["case"] = error.case_id
    elif isinstance(error, CaseChanged):
        data |= {"case": error.case_id, "expected": error.expected, "found": error.found}
    return {"error": data}


def error_sentence(error: FlowError, language: Language | None, own: Language) -> str:
    """An error in one sentence (problems: one each); a decision speaks its workflow's language unless told."""
    if isinstance(error, EventRefused) and isinstance(error.decision, Decision):
        return error.decision.explain_in(language or error.decision.plan.workflow.language)
    if isinstance(error, CaseNotFound):
        return word("no-case", own, case=error.case_id)
    if isinstance(error, CaseChanged):
        return word("case-changed", own, case=error.case_id, expected=error.expected, found=error.found)
    return str(error)


def _deadline_record(running: Running) -> dict[str, object]:
    return {
        "deadline": running.deadline,
        "started_at": running.started_at,
        "due_at": running.due_at,
        "fired": running.fired,
        "pauses": running.pauses,
        "provisional": running.provisional,
        "warned": running.warned.bit_count(),
        "next_at": running.next_at,
    }


def _actor_record(actor: Actor) -> dict[str, object]:
    return {"id": actor.id, "roles": [{"role": role, "unit": unit} for role, unit in actor.roles]}
