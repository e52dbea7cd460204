"""The sentences of a decision: why an event was refused, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from partybuild_flow.case import UNATTENDED, Case, Conflict, Facts, Reason, Unfit
from partybuild_flow.explain.naming import event_name, read_name, state_name, told_value, who
from partybuild_flow.facts import MASK, Candidate, Plan, hidden_texts, repeats
from partybuild_flow.facts.quoting import expression_quotes, quotes
from partybuild_flow.feel import Value, trace
from partybuild_flow.messages import SEPARATORS, Language, sentence
from partybuild_flow.rules.traced import trace_rule_set, trace_table

if TYPE_CHECKING:
    from partybuild_flow.definition import Transition, Workflow


def reason_sentence(reason: Reason, plan: Plan, facts: Facts, language: Language) -> str:
    """The sentence of one reason, with names as people read them and without personal values."""
    workflow = plan.workflow
    data = dict(reason.data)
    if reason.code == "refused.guard":
        return _guard_sentence(_transition(workflow, reason), facts, plan, language)
    if "unfit" in data:
        hidden = any(
            each.field == data["field"] and expression_quotes(workflow, each.value, plan.personal)
            for each in (_transition(workflow, reason).settings if reason.transition else ())
        ) or _repeats_personal(plan, facts, data["unfit"])
        return unfit_sentence(workflow, str(data["field"]), data["unfit"], language, hidden=hidden)
    if reason.code == "refused.outcome":
        decide = _transition(workflow, reason).decide
        if decide is not None and expression_quotes(workflow, decide, plan.personal):
            data["outcome"] = MASK
    if isinstance(conflict := data.get("conflict"), Conflict):
        data = _conflict_data(workflow, conflict, language)
    for name in ("field", "event", "fields"):
        if name in data:
            data[name] = _names(workflow, name, data[name], language)
    if "by" in data:
        data["by"] = who(workflow, data["by"], language)
    return sentence(reason.code, language, data)


def _repeats_personal(plan: Plan, facts: Facts, unfit: object) -> bool:
    """Whether what does not fit repeats a personal value that the event brought or read: one in the wrong field."""
    if not plan.personal or not isinstance(unfit, Unfit):
        return False
    written = {name: each.data.get("written") for name, each in facts.faults.items()}
    personal = hidden_texts(plan, (facts.values, facts.inputs, written), plan.personal, None)  # type: ignore[arg-type]
    return repeats(str(unfit.data.get("written", "")), personal)


def unfit_sentence(
    workflow: Workflow, field: str, unfit: object, language: Language, *, hidden: bool = False
) -> str:
    """Why a value does not fit its field. What was written for a personal field is not repeated."""
    if not isinstance(unfit, Unfit):
        raise TypeError(unfit)
    known = workflow.fields.get(field)
    name = known.name if known else field
    return _unfit_sentence(name, unfit, language, hidden=hidden or bool(known and known.personal))


def _unfit_sentence(name: str, unfit: Unfit, language: Language, *, hidden: bool) -> str:
    data = {name: _quoted(value, language) for name, value in unfit.data.items()}
    if hidden and "written" in data:
        data["written"] = MASK
    if isinstance(inner := unfit.data.get("unfit"), Unfit):
        data["told"] = _unfit_sentence(str(unfit.data["column"]), inner, language, hidden=hidden)
    return sentence(unfit.code, language, data | {"field": name})


def refusal_sentence(
    plan: Plan, case: Case, event: str, reasons: tuple[Reason, ...], facts: Facts, language: Language
) -> str:
    """One sentence for a refused event: the case, the state, the event, every reason, what is possible now."""
    workflow = plan.workflow
    told = list(dict.fromkeys(reason_sentence(each, plan, facts, language) for each in reasons))
    data = {
        "case": case.id,
        "state": state_name(workflow, case.state, language),
        "event": event_name(workflow, event, language),
        "reasons": ("；" if language == "zh-CN" else "; ").join(told),
        "possible": possible_names(plan, case.state, event, language),
    }
    code = "refused.state" if any(each.code == "refused.event" for each in reasons) else "refused"
    return sentence(code, language, data)


def possible_names(plan: Plan, state: str, refused: str, language: Language) -> str:
    """The names of the other events that some transition takes from the state, those of the clock left out."""
    names = [
        plan.workflow.events[event]
        for event in plan.events_by_state.get(state, ())
        if event != refused and any(each.demands - UNATTENDED for each in plan.steps[state, event].candidates)
    ]
    return SEPARATORS[language].join(names) if names else sentence("word.nothing", language, {})


def _guard_sentence(transition: Transition, facts: Facts, plan: Plan, language: Language) -> str:
    if transition.when is None:
        raise TypeError(transition)
    values, workflow = dict(facts.values), plan.workflow
    candidate = next(
        each
        for step in plan.steps.values()
        for each in step.candidates
        if each.transition.number == transition.number
    )
    _add_conclusions(plan, candidate, values)
    text, failing = transition.when.text, trace(transition.when.tree, values).failing
    read = {name: value for each in failing for name, value in each.reads.items()}
    sets = [(plan.workflow.rule_sets.get(rules), entry) for rules, *entry in read]
    because = [told for rules, entry in sets if rules and entry
               for told in trace_rule_set(rules, values).because(entry[0])]  # fmt: skip
    if because:
        text = SEPARATORS[language].join(text[slice(*each.node.span)] for each in failing)
        joined = ("；" if language == "zh-CN" else "; ").join(because)
        return sentence("refused.guard.because", language, {"because": joined, "text": text})
    missing = [read_name(plan.workflow, each) for each, value in read.items() if value is None]
    told = [
        f"{read_name(workflow, each)}="
        f"{MASK if quotes(workflow, each, plan.personal) else told_value(plan, each, value, language)}"
        for each, value in read.items()
        if value is not None
    ]
    data = {"text": text, "values": tuple(told), "missing": tuple(missing)}
    return sentence("refused.guard.missing" if missing else "refused.guard", language, data)


def _add_conclusions(plan: Plan, candidate: Candidate, values: dict[str, Value]) -> None:
    """Adds what the rules before a guard conclude, for the guard to read."""
    workflow = plan.workflow
    for name, _ in candidate.before:
        table = workflow.tables.get(name)
        traced = trace_table(table, values) if table else trace_rule_set(workflow.rule_sets[name], values)
        values[name] = {} if traced.conclusion.conflict else dict(traced.conclusion.outputs)


def _conflict_data(workflow: Workflow, conflict: Conflict, language: Language) -> dict[str, object]:
    part = workflow.tables.get(conflict.rules) or workflow.rule_sets[conflict.rules]
    return {
        "rules": part.name,
        "between": SEPARATORS[language].join(conflict.between),
        "output": conflict.output,
    }


def _transition(workflow: Workflow, reason: Reason) -> Transition:
    return workflow.transitions[reason.transition - 1]


def _names(workflow: Workflow, kind: str, value: object, language: Language) -> object:
    if kind == "event":
        return event_name(workflow, str(value), language)
    parts = value if isinstance(value, tuple) else (value,)
    names = [workflow.fields[str(part)].name if str(part) in workflow.fields else str(part) for part in parts]
    return SEPARATORS[language].join(names)


def _quoted(value: object, language: Language) -> object:
    if isinstance(value, tuple):
        return SEPARATORS[language].join(str(each) for each in value)
    text = str(value)
    return text if len(text) <= 60 else text[:57] + "…"
