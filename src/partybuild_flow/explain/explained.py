"""A decision's explanation as data: what was asked, in the analyst's words, with what was seen and where it is written."""

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
from partybuild_flow.problems import Position
from partybuild_flow.rules.traced import TracedRow, TracedRule, TracedTable, trace_rule_set, trace_table

if TYPE_CHECKING:
    from partybuild_flow.definition import Table


class Seen(NamedTuple):
    """A value that was read: of what kind it is, where that is written, and for parameters from which source.

    `value` is None where there was none, and `***` where the reader may not see it.
    """

    name: str
    kind: str
    value: str | None
    position: str | None = None
    source: str | None = None


class Point(NamedTuple):
    """One thing that was asked: its verdict ✔ ✘ ？ (or `***`), what is written, what came of it, and what it is made of.

    `kind` is transition, by, reason, guard, table, hit (a row that decided), row, test, rule-set, rule, outcome,
    setting or marks.
    `position` is `file:line:column`.
    """

    kind: str
    mark: str
    title: str
    text: str | None = None
    because: str | None = None
    value: str | None = None
    position: str | None = None
    seen: tuple[Seen, ...] = ()
    points: tuple[Point, ...] = ()

    def record(self) -> dict[str, object]:
        """The same as mappings and lists, for JSON."""
        return {
            **self._asdict(),
            "seen": [each._asdict() for each in self.seen],
            "points": [each.record() for each in self.points],
        }


class Explanation(NamedTuple):
    """Why a decision came out as it did; `points` are the transitions that were tried.

    `state` is the one it was asked in, `target` the one it leads to; `at` the instant as ISO 8601.
    """

    language: Language
    case: str
    workflow: str
    version: int
    definition: str
    event: str
    accepted: bool
    sentence: str
    reasons: tuple[str, ...]
    state: str
    target: str
    at: str
    points: tuple[Point, ...]

    def record(self) -> dict[str, object]:
        """The same as mappings and lists, for JSON."""
        points = [each.record() for each in self.points]
        return {**self._asdict(), "reasons": list(self.reasons), "points": points}


def explain_candidate(
    plan: Plan,
    candidate: Candidate,
    reason: Reason | None,
    facts: Facts,
    language: Language,
    *,
    halfway: bool = False,
    marks: Iterable[Point] = (),
) -> Point:
    """What was asked of one transition and what came of it; one that is `halfway` only took a mark."""
    return _Explaining(plan, dict(facts.values), language).transition(
        candidate, reason, facts, halfway=halfway, marks=tuple(marks)
    )


class _Explaining:
    """Explains to one reader; `values` grow by what tables and rule sets conclude."""

    def __init__(self, plan: Plan, values: dict[str, Value], language: Language) -> None:
        self._plan = plan
        self._workflow = plan.workflow
        self._values = values
        self._language = language

    def transition(
        self,
        candidate: Candidate,
        reason: Reason | None,
        facts: Facts,
        *,
        halfway: bool,
        marks: tuple[Point, ...],
    ) -> Point:
        transition, language = candidate.transition, self._language
        position = str(transition.position)
        met = not candidate.demands.isdisjoint(facts.standing)
        by = sentence("trace.by", language, {"by": who(self._workflow, candidate.demands, language)})
        points = [Point("by", HOLDS if met else FAILS, by, position=position)]
        if reason and reason.code not in ("refused.role", "refused.guard"):
            told = reason_sentence(reason, self._plan, facts, language)
            points.append(Point("reason", FAILS, told, position=position))
        points += self._rules(candidate.before)
        if transition.when and (reason is None or reason.code != "refused.role"):
            title = sentence("explained.guard", language, {})
            points.append(self._expression("guard", title, transition.when, transition.position))
        if reason is None and not halfway:
            points += self._rules(candidate.after)
            points += self._outcomes(candidate)
        return Point(
            "transition",
            FAILS if reason else HOLDS,
            transition.event_name,
            text=way_of(self._workflow, transition, language),
            position=position,
            points=(*points, *marks),
        )

    def _expression(self, kind: str, title: str, expression: Expression, position: Position) -> Point:
        traced = trace(expression.tree, self._values)
        return Point(
            kind,
            mark_of(traced.value),
            title,
            text=expression.text,
            position=str(position),
            seen=self._seen(traced),
        )

    def _outcomes(self, candidate: Candidate) -> list[Point]:
        transition, workflow, personal = candidate.transition, self._workflow, self._plan.personal
        points = []
        named = [
            ("setting", each.field, workflow.fields[each.field].name, each.value, each.position)
            for each in transition.settings
        ]
        if transition.decide:
            title = sentence("trace.decide", self._language, {})
            named.insert(0, ("outcome", "", title, transition.decide, transition.position))
        for kind, field, title, expression, position in named:
            hidden = field in personal or expression_quotes(workflow, expression, personal)
            told = self._expression(kind, title, expression, position)
            value = trace(expression.tree, self._values).value
            points.append(told._replace(mark=HOLDS, value=MASK if hidden else shown(value, self._language)))
        return points

    def _rules(self, rules: Iterable[tuple[str, object]]) -> list[Point]:
        return [self._rule_set(name) if name in self._workflow.rule_sets else self._table(name)
                for name, _ in rules]  # fmt: skip

    def _table(self, name: str) -> Point:
        traced = trace_table(self._workflow.tables[name], self._values)
        table, conclusion = traced.table, traced.conclusion
        outputs = {} if conclusion.conflict else dict(conclusion.outputs)
        told = self._told_outputs(name, outputs)
        self._values[name] = outputs
        seen = tuple(each for tested in traced.inputs for each in self._seen(tested))
        return Point(
            "table",
            FAILS if conclusion.conflict else HOLDS,
            table.name,
            value=told,
            position=str(table.position),
            seen=tuple(dict.fromkeys(seen)),
            points=self._rows(traced),
        )

    def _rows(self, traced: TracedTable) -> tuple[Point, ...]:
        # Which tests of a hidden value hold would tell what it is.
        personal = self._plan.personal
        hidden = [expression_quotes(self._workflow, each, personal) for each in traced.table.inputs]
        return tuple(
            self._row(traced.table, each, hidden, fired=str(each.row.number) in traced.conclusion.fired)
            for each in traced.rows
        )

    def _row(self, table: Table, traced: TracedRow, hidden: list[bool], *, fired: bool) -> Point:
        tests = tuple(
            Point("test", MASK if kept else mark_of(tested.value), asked.text, text=test.text)
            for asked, test, tested, kept in zip(
                table.inputs, traced.row.tests, traced.tests, hidden, strict=True
            )
            if test is not None and tested is not None
        )
        values = [tested.value for tested in traced.tests if tested is not None]
        mark = HOLDS if traced.holds else FAILS if False in values else UNKNOWN
        mark = MASK if any(hidden) and not fired else mark
        outputs = zip(table.outputs, traced.row.values, strict=True)
        told = (f"{output.name}={value.text}" for output, value in outputs)
        return Point(
            "hit" if fired else "row",
            mark,
            sentence("trace.row", self._language, {"row": traced.row.number}),
            value=SEPARATORS[self._language].join(told),
            position=str(traced.row.position),
            points=tests,
        )

    def _rule_set(self, name: str) -> Point:
        traced = trace_rule_set(self._workflow.rule_sets[name], self._values)
        conclusion, rule_set = traced.conclusion, traced.rule_set
        outputs = {} if conclusion.conflict else dict(conclusion.outputs)
        told = self._told_outputs(name, outputs)
        self._values[name] = outputs
        return Point(
            "rule-set",
            FAILS if conclusion.conflict else HOLDS,
            rule_set.name,
            value=told,
            position=str(rule_set.position),
            points=tuple(self._rule(name, each) for each in traced.rules),
        )

    def _rule(self, name: str, traced: TracedRule) -> Point:
        rule = traced.rule
        return Point(
            "rule",
            mark_of(traced.when.value),
            rule.name,
            text=rule.when.text,
            because=rule.because,
            value=self._told_outputs(name, traced.conclusions) or None,
            position=str(rule.position),
            seen=self._seen(traced.when),
        )

    def _told_outputs(self, name: str, outputs: Mapping[str, Value]) -> str:
        quoting = quoting_outputs(self._workflow, name, self._plan.personal)
        return SEPARATORS[self._language].join(
            f"{read_name(self._workflow, (name, output)).rpartition('.')[2]}="
            f"{MASK if output in quoting and value is not None else shown(value, self._language)}"
            for output, value in outputs.items()
        )

    def _seen(self, traced: Traced) -> tuple[Seen, ...]:
        return tuple(self._seen_value(read, value) for read, value in traced.reads.items())

    def _seen_value(self, read: tuple[str, ...], value: Value) -> Seen:
        workflow = self._workflow
        told = None
        if value is not None:
            hidden = quotes(workflow, read, self._plan.personal)
            told = MASK if hidden else told_value(self._plan, read, value, self._language)
        for kind, parts in (
            ("field", workflow.fields),
            ("parameter", workflow.parameters),
            ("deadline", workflow.deadlines),
            ("look-up", workflow.look_ups),
            ("relation", workflow.relations),
            ("table", workflow.tables),
            ("rule-set", workflow.rule_sets),
        ):
            part = parts.get(read[0])
            if part is not None:
                source = workflow.parameters[read[0]].source if kind == "parameter" else None
                return Seen(read_name(workflow, read), kind, told, str(part.position), source)
        kind = (
            "marks" if read[0] in workflow.events else "derived" if self._is_derived(read[0]) else "ambient"
        )
        return Seen(read_name(workflow, read), kind, told)

    def _is_derived(self, name: str) -> bool:
        rule_sets = self._workflow.rule_sets.values()
        return any(output.id == name for each in rule_sets for output in each.outputs)
