"""Why a decision came out as it did, in words: computed when somebody reads it, from the recorded facts.

Stands below decide.py, because a decision offers its sentence and its trace as its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from partybuild_flow.case import ANYONE, UNATTENDED, Case, Conflict, Facts, Unfit
from partybuild_flow.facts import MASK, Candidate, Plan
from partybuild_flow.facts.correcting import CORRECT
from partybuild_flow.facts.due_plan import ERASE, RECOMPUTE, WARN
from partybuild_flow.facts.quoting import expression_quotes, quotes, quoting_outputs
from partybuild_flow.feel import Expression, Term, Traced, Value, term_text, text_of, trace
from partybuild_flow.feel.rendering import with_names
from partybuild_flow.messages import SEPARATORS, Language, sentence
from partybuild_flow.rules.traced import TracedRuleSet, TracedTable, trace_rule_set, trace_table

if TYPE_CHECKING:
    from partybuild_flow.definition import Transition, Workflow

LONGEST_LIST: Final = 5
"""How many items of a list are told."""
HOLDS: Final = "✔"
FAILS: Final = "✘"
UNKNOWN: Final = "？"
_AMBIENT: Final = {"actor": "办理人", "now": "现在", "today": "今天", "lot": "签号"}
"""What every expression may read, as Chinese definitions call it."""


class Reason(NamedTuple):
    """One reason against one transition (0: against the event as a whole): a code and what its sentence names."""

    code: str
    transition: int
    data: Mapping[str, object]


class Line(NamedTuple):
    """One line of a trace: ✔, ✘ or ？ (a value is missing), how deep it stands, what it says."""

    mark: str
    depth: int
    text: str

    def __str__(self) -> str:
        return f"{'  ' * self.depth}{self.mark} {self.text}"


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
        )
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


def event_name(workflow: Workflow, event: str, language: Language) -> str:
    """An event as people read it; a correction and what the clock does by itself are none of the workflow's own."""
    known = workflow.events.get(event)
    return known or (
        sentence(f"word.{event}", language, {}) if event in (CORRECT, ERASE, WARN, RECOMPUTE) else event
    )


def state_name(workflow: Workflow, state: str, language: Language) -> str:
    """A state as people read it; a case that has not begun has a name of its own."""
    return workflow.states[state].name if state else sentence("word.not-begun", language, {})


def who(workflow: Workflow, keys: object, language: Language) -> str:
    """The demands of `by` as people read them."""
    names = []
    for key in sorted(keys) if isinstance(keys, Iterable) else ():
        role, _, field = str(key).partition("@")
        if role == ANYONE or role in UNATTENDED:
            names.append(sentence(f"word.{role}", language, {}))
        elif field:
            at = {"role": workflow.roles[role].name, "field": workflow.fields[field].name}
            names.append(sentence("word.role-at", language, at))
        else:
            names.append(workflow.roles[role].name)
    return SEPARATORS[language].join(names)


def trace_candidate(
    plan: Plan,
    candidate: Candidate,
    reason: Reason | None,
    facts: Facts,
    language: Language,
    *,
    halfway: bool = False,
) -> tuple[Line, ...]:
    """What was asked of one transition and what came of it; one that is `halfway` only took a mark."""
    workflow, transition = plan.workflow, candidate.transition
    title = {
        "event": transition.event_name,
        "number": transition.number,
        "way": _way(workflow, transition, language),
    }
    lines = [Line(FAILS if reason else HOLDS, 0, sentence("trace.transition", language, title))]
    met = not candidate.demands.isdisjoint(facts.standing)
    lines.append(
        Line(
            HOLDS if met else FAILS,
            1,
            sentence("trace.by", language, {"by": who(workflow, candidate.demands, language)}),
        )
    )
    if reason and reason.code not in ("refused.role", "refused.guard"):
        lines.append(Line(FAILS, 1, reason_sentence(reason, plan, facts, language)))
    values = dict(facts.values)
    lines += _rule_lines(plan, candidate.before, values, language)
    if transition.when and (reason is None or reason.code != "refused.role"):
        lines += _expression_lines(transition.when, values, plan, language)
    if reason is None and not halfway:
        lines += _rule_lines(plan, candidate.after, values, language)
        lines += _outcome_lines(transition, values, plan, language)
    return tuple(lines)


def _outcome_lines(
    transition: Transition, values: Mapping[str, Value], plan: Plan, language: Language
) -> list[Line]:
    decide, personal, workflow = transition.decide, plan.personal, plan.workflow
    named = [("", sentence("trace.decide", language, {}), decide)] if decide else []
    named += [(each.field, workflow.fields[each.field].name, each.value) for each in transition.settings]
    return [
        Line(
            HOLDS,
            1,
            f"{name} = {each.text} = "
            + (
                MASK
                if field in personal or expression_quotes(workflow, each, personal)
                else shown(trace(each.tree, values).value, language)
            ),
        )
        for field, name, each in named
    ]


def _rule_lines(
    plan: Plan, rules: Iterable[tuple[str, object]], values: dict[str, Value], language: Language
) -> list[Line]:
    """The lines of tables and rule sets; what they conclude is added to the values, for what reads them."""
    lines: list[Line] = []
    workflow = plan.workflow
    for name, _ in rules:
        if table := workflow.tables.get(name):
            traced_table = trace_table(table, values)
            conclusion, title = traced_table.conclusion, table.name
            inner = _row_lines(traced_table, plan, language)
        else:
            traced_set = trace_rule_set(workflow.rule_sets[name], values)
            conclusion, title = traced_set.conclusion, traced_set.rule_set.name
            inner = _production_lines(traced_set, plan, language)
        outputs = {} if conclusion.conflict else dict(conclusion.outputs)
        values[name] = outputs
        quoting = quoting_outputs(workflow, name, plan.personal)
        told = SEPARATORS[language].join(
            f"{read_name(workflow, (name, output)).rpartition('.')[2]}="
            f"{MASK if output in quoting and value is not None else shown(value, language)}"
            for output, value in outputs.items()
        )
        lines.append(Line(FAILS if conclusion.conflict else HOLDS, 1, f"{title}: {told}"))
        lines += inner
    return lines


def _row_lines(traced: TracedTable, plan: Plan, language: Language) -> list[Line]:
    """What the table's inputs were, and the rows that decided."""
    lines = [line for tested in traced.inputs for line in _traced_lines(tested, plan, 2, language)]
    fired = traced.conclusion.fired
    return lines + [Line(HOLDS, 2, sentence("trace.row", language, {"row": row})) for row in fired]


def _production_lines(traced: TracedRuleSet, plan: Plan, language: Language) -> list[Line]:
    lines = []
    for each in traced.rules:
        because = each.rule.because or each.rule.when.text
        lines.append(
            Line(
                _mark(each.when.value),
                2,
                sentence("trace.rule", language, {"rule": each.rule.name, "because": because}),
            )
        )
        lines += _traced_lines(each.when, plan, 3, language)
    return lines


def _expression_lines(
    expression: Expression, values: Mapping[str, Value], plan: Plan, language: Language
) -> list[Line]:
    traced = trace(expression.tree, values)
    lines = [Line(_mark(traced.value), 1, sentence("trace.when", language, {"text": expression.text}))]
    return lines + _traced_lines(traced, plan, 2, language)


def _traced_lines(traced: Traced, plan: Plan, depth: int, language: Language) -> list[Line]:
    """A line for each value that was read, in the order of reading, personal ones hidden."""
    lines = []
    for read, value in traced.reads.items():
        part = read_name(plan.workflow, read)
        hidden = value is not None and quotes(plan.workflow, read, plan.personal)
        told = MASK if hidden else told_value(plan, read, value, language)
        lines.append(Line(_mark(traced.value) if value is not None else UNKNOWN, depth, f"{part} = {told}"))
    return lines


def told_value(plan: Plan, read: tuple[str, ...], value: Value, language: Language) -> str:
    """What was read, as people read it: the fields of records by their names."""
    field = plan.workflow.fields.get(read[0]) if len(read) == 1 else None
    return shown(with_names(value, field.type) if field else value, language)


def shown(value: Value, language: Language) -> str:
    """A value as people read it: terms in the words of the language, everything else as FEEL writes it."""
    if isinstance(value, Term):
        return term_text(value, language)
    if isinstance(value, list) and len(value) > LONGEST_LIST:
        return f"{text_of(value[:LONGEST_LIST])[:-1]}, …] ({len(value)})"
    if not isinstance(value, timedelta):
        return text_of(value)
    minutes = value.total_seconds() / 60
    unit, amount = ("word.minutes", minutes) if minutes % 60 else ("word.hours", minutes / 60)
    return sentence(unit, language, {"amount": f"{amount:g}"})


def read_name(workflow: Workflow, read: tuple[str, ...]) -> str:
    """The written name of what a traced expression read: a fact, or one output of a table or rule set."""
    identity, *entry = read
    part = workflow.tables.get(identity) or workflow.rule_sets.get(identity)
    names = {output.id: output.name for output in part.outputs} if part else {}
    relation = workflow.relations.get(identity)
    if relation is not None and relation.type.item is not None:
        names = {entry: name for name, entry in relation.type.item.spellings.items()}
    return ".".join([name_of(workflow, identity), *(names.get(each, each) for each in entry)])


def name_of(workflow: Workflow, identity: str) -> str:
    """The written name of a field, parameter, deadline, look-up, table, rule set or derived fact; else the id."""
    for parts in (
        workflow.fields,
        workflow.parameters,
        workflow.deadlines,
        workflow.look_ups,
        workflow.relations,
        workflow.tables,
        workflow.rule_sets,
    ):
        if identity in parts:
            return str(parts[identity].name)
    derived = {
        output.id: output.name for rule_set in workflow.rule_sets.values() for output in rule_set.outputs
    }
    told = derived.get(identity, identity)
    return _AMBIENT.get(told, told) if workflow.language == "zh-CN" else told


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
    _rule_lines(plan, candidate.before, values, language)
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


def _way(workflow: Workflow, transition: Transition, language: Language) -> str:
    sources = [workflow.states[each].name for each in transition.sources] or [
        sentence("word.not-begun", language, {})
    ]
    targets = [workflow.states[each].name for each in dict.fromkeys(transition.targets.values())]
    return "/".join(sources) + (" → " + "/".join(targets) if targets else "")


def _mark(value: Value) -> str:
    return HOLDS if value is True else UNKNOWN if value is None else FAILS if value is False else HOLDS


def _quoted(value: object, language: Language) -> object:
    if isinstance(value, tuple):
        return SEPARATORS[language].join(str(each) for each in value)
    text = str(value)
    return text if len(text) <= 60 else text[:57] + "…"
