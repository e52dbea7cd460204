"""The trace of a decision: a line for whatever was asked, with the values that were seen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from partybuild_flow.case import Facts, Reason
from partybuild_flow.explain.naming import (
    FAILS,
    HOLDS,
    UNKNOWN,
    mark_of,
    read_name,
    shown,
    told_value,
    way_of,
    who,
)
from partybuild_flow.explain.sentences import reason_sentence
from partybuild_flow.facts import MASK, Candidate, Plan
from partybuild_flow.facts.quoting import expression_quotes, quotes, quoting_outputs
from partybuild_flow.feel import Expression, Traced, Value, trace
from partybuild_flow.messages import SEPARATORS, Language, sentence
from partybuild_flow.rules.traced import TracedRuleSet, TracedTable, trace_rule_set, trace_table

if TYPE_CHECKING:
    from partybuild_flow.definition import Transition


class Line(NamedTuple):
    """One line of a trace: ✔, ✘ or ？ (a value is missing), how deep it stands, what it says."""

    mark: str
    depth: int
    text: str

    def __str__(self) -> str:
        return f"{'  ' * self.depth}{self.mark} {self.text}"


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
        "way": way_of(workflow, transition, language),
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
                mark_of(each.when.value),
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
    lines = [Line(mark_of(traced.value), 1, sentence("trace.when", language, {"text": expression.text}))]
    return lines + _traced_lines(traced, plan, 2, language)


def _traced_lines(traced: Traced, plan: Plan, depth: int, language: Language) -> list[Line]:
    """A line for each value that was read, in the order of reading, personal ones hidden."""
    lines = []
    for read, value in traced.reads.items():
        part = read_name(plan.workflow, read)
        hidden = value is not None and quotes(plan.workflow, read, plan.personal)
        told = MASK if hidden else told_value(plan, read, value, language)
        lines.append(Line(mark_of(traced.value) if value is not None else UNKNOWN, depth, f"{part} = {told}"))
    return lines
