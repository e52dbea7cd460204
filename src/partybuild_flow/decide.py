"""The decision about one event: accepted or refused, with every reason. Pure, from case and facts alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Final, NamedTuple

from partybuild_flow.case import Actor, Case, Conflict, Facts, Fired, Reason, new
from partybuild_flow.explain import (
    Line,
    event_name,
    reason_sentence,
    refusal_sentence,
    state_name,
    trace_candidate,
)
from partybuild_flow.facts import HOME, Candidate, Plan, Step, UnfitError
from partybuild_flow.facts.collecting import MARKED, refusal, round_in
from partybuild_flow.facts.marking import Marked, mark, moved
from partybuild_flow.feel import Value
from partybuild_flow.messages import Language, sentence
from partybuild_flow.rules import REFERENCE, CompiledRuleSet, Conclude
from partybuild_flow.turnout import turnout_lines

if TYPE_CHECKING:
    from partybuild_flow.definition import Transition
    from partybuild_flow.explain.explained import Explanation

NOTHING: Final[Mapping[str, Value]] = {}
NOT_FIRED: Final[tuple[Fired, ...]] = ()
GENERATED: Final = "generated 1"
"""The evaluator that an entry names when no rule set was asked."""


class Decision(NamedTuple):
    """What the engine concluded from one event.

    `reasons` holds, for each transition that was tried, the first reason against it; an accepted
    decision keeps those of the transitions tried before. `settings` are computed values, `values`
    the facts with what the rules concluded. Texts are computed when they are read.
    """

    plan: Plan
    case: Case
    event: str
    facts: Facts
    transition: Transition | None
    outcome: str
    target: str
    settings: Mapping[str, Value]
    values: Mapping[str, Value]
    fired: tuple[Fired, ...]
    evaluator: str
    reasons: tuple[Reason, ...]

    def __repr__(self) -> str:
        # Errors hold decisions and end in logs, where no value of a case belongs.
        return f"<{type(self).__name__} {self.event} of {self.case.id}: {'accepted' if self.accepted else 'refused'}>"

    @property
    def accepted(self) -> bool:
        """Whether the event may happen."""
        return self.transition is not None

    @property
    def sentence(self) -> str:
        """The decision in one sentence, in the workflow's language."""
        return self.explain_in(self.plan.workflow.language)

    @property
    def trace(self) -> tuple[Line, ...]:
        """Every transition that was tried, with what was asked of it and the values seen, in the workflow's language."""
        return self.trace_in(self.plan.workflow.language)

    def explain_in(self, language: Language) -> str:
        """The decision in one sentence."""
        if self.transition is None:
            return refusal_sentence(self.plan, self.case, self.event, self.reasons, self.facts, language)
        states = self.plan.workflow.states
        data = {"case": self.case.id, "event": self.transition.event_name, "state": states[self.target].name}
        return sentence("accepted", language, data)

    def reasons_in(self, language: Language) -> tuple[str, ...]:
        """The sentence of each reason."""
        return tuple(reason_sentence(reason, self.plan, self.facts, language) for reason in self.reasons)

    def trace_in(self, language: Language) -> tuple[Line, ...]:
        """The lines of every transition that was tried."""
        lines: list[Line] = []
        for candidate, reason, facts, halfway in self._tried():
            lines += trace_candidate(self.plan, candidate, reason, facts, language, halfway=halfway)
            lines += self._turnout(candidate, facts, language)
        return tuple(lines)

    def explanation(self, language: Language | None = None) -> Explanation:
        """The sentence and what was asked of every transition as data, each with where it is written."""
        from partybuild_flow.explain.explained import Explanation, Point, explain_candidate

        workflow, case = self.plan.workflow, self.case
        language = language or workflow.language
        points = []
        for candidate, reason, facts, halfway in self._tried():
            turnout = self._turnout(candidate, facts, language)
            marks = (Point("marks", line.mark, line.text) for line in turnout)
            points.append(
                explain_candidate(self.plan, candidate, reason, facts, language, halfway=halfway, marks=marks)
            )
        return Explanation(
            language,
            case.id,
            workflow.name,
            workflow.version,
            workflow.hash,
            event_name(workflow, self.event, language),
            self.accepted,
            self.explain_in(language),
            self.reasons_in(language),
            state_name(workflow, case.state, language),
            state_name(workflow, self.target, language) if self.accepted else "",
            self.facts.now.astimezone(HOME).isoformat(timespec="seconds"),
            tuple(points),
        )

    def explain_html(self, language: Language | None = None) -> str:
        """The explanation as a page that stands alone: to be kept, sent, printed."""
        from partybuild_flow.explain.page import page_of

        return page_of(self.explanation(language))

    def _tried(self) -> Iterator[tuple[Candidate, Reason | None, Facts, bool]]:
        """Every transition that was tried, the reason against it, its facts, and whether it only took a mark."""
        step = self.plan.steps.get((self.case.state, self.event))
        against = {reason.transition: reason for reason in self.reasons}
        for candidate in step.candidates if step else ():
            number = candidate.transition.number
            taken = self.transition is not None and self.transition.number == number
            if taken or number in against:
                facts = self.facts
                if taken and candidate.moves_marks:
                    facts = facts._replace(values=self.values)
                yield candidate, against.get(number), facts, taken and self.outcome == MARKED

    def _turnout(self, candidate: Candidate, facts: Facts, language: Language) -> list[Line]:
        if candidate.collecting is None:
            return []
        taken = self.transition is not None and self.transition.number == candidate.number
        data = {**self.case.data, **(self.settings if taken else NOTHING)}
        return turnout_lines(self.plan, candidate.collecting, data, facts, language)

    def explain(self, language: Language | None = None) -> str:
        """The sentence and the whole trace as text, one line each."""
        language = language or self.plan.workflow.language
        return "\n".join([self.explain_in(language), *(str(line) for line in self.trace_in(language))])


def decide(plan: Plan, case: Case, event: str, facts: Facts) -> Decision:
    """The decision about an event in the state of the case: the first transition with nothing against it."""
    return decide_step(plan, plan.steps.get((case.state, event)), case, event, facts)


def decide_step(plan: Plan, step: Step | None, case: Case, event: str, facts: Facts) -> Decision:
    """The decision about an event that reads this step; None where no transition takes it."""
    reasons: list[Reason] = []
    for candidate in step.candidates if step else ():
        reason = _against(candidate, case, facts)
        if reason is None:
            found = _take(plan, candidate, case, event, facts, reasons)
            if isinstance(found, Decision):
                return found
            reason = found
        reasons.append(reason)
    if step is None:
        reasons.append(Reason("refused.event", 0, {"event": event}))
    return Decision(
        plan, case, event, facts, None, "", case.state, NOTHING, facts.values, (), GENERATED, tuple(reasons)
    )


def completed(plan: Plan, case: Case, event: str, facts: Facts) -> Decision | None:
    """The decision that the marks of an event make by themselves, because something else completed them."""
    for candidate in plan.steps[case.state, event].candidates:
        if candidate.collecting is not None:
            found = _take(plan, candidate, case, event, facts, [], by_itself=True)
            if isinstance(found, Decision):
                return found
    return None


def _against(candidate: Candidate, case: Case, facts: Facts) -> Reason | None:
    """The first reason against a transition that needs no rule: who, how often, which data."""
    _, inputs, faults, _, actor, standing, holders = facts
    if candidate.demands.isdisjoint(standing):
        return Reason("refused.role", candidate.number, {"by": candidate.demands})
    if candidate.not_by or candidate.limit:
        reason = done_before(candidate, case, actor)
        if reason is not None:
            return reason
    if candidate.collecting is not None:
        against = refusal(candidate.collecting, round_in(case.data, candidate.collecting.key), facts)
        if against is not None:
            return Reason(against[0], candidate.number, against[1])
    if faults:
        field, unfit = next(iter(faults.items()))
        return Reason("refused.value", candidate.number, {"field": field, "unfit": unfit})
    if inputs and not candidate.accepts.issuperset(inputs):
        extra = tuple(field for field in inputs if field not in candidate.accepts)
        event = candidate.transition.event
        return Reason("refused.extra", candidate.number, {"fields": extra, "event": event})
    for field in candidate.needs:
        if inputs.get(field) is None:
            missing = tuple(each for each in candidate.needs if inputs.get(each) is None)
            return Reason("refused.needs", candidate.number, {"fields": missing})
    if holders:
        for key, holder in holders.items():
            if holder != case.id and not candidate.accepts.isdisjoint(key):
                return Reason("refused.unique", candidate.number, {"fields": key, "holder": holder})
    return None


def done_before(candidate: Candidate, case: Case, actor: Actor) -> Reason | None:
    """The reason against a transition that lies in who did which event, and how often."""
    done = case.done
    for other in candidate.not_by:
        if actor.id in done.get(other, ()):
            return Reason("refused.not-by", candidate.number, {"event": other})
    event, limit = candidate.transition.event, candidate.limit
    if limit and len(done.get(event, ())) >= limit:
        return Reason("refused.limit", candidate.number, {"event": event, "limit": limit})
    return None


def _take(
    plan: Plan,
    candidate: Candidate,
    case: Case,
    event: str,
    facts: Facts,
    reasons: list[Reason],
    *,
    by_itself: bool = False,
) -> Decision | Reason:
    """The decision for a transition, or the reason against it that its guard, rules or settings give."""
    number, targets = candidate.number, candidate.targets
    values = facts.values
    evaluator, fired, outcome, settings = GENERATED, NOT_FIRED, "", NOTHING
    if candidate.before:
        values, fired, evaluator, conflict = conclude(candidate.before, values, fired, evaluator)
        if conflict:
            return Reason("refused.conflict", number, {"conflict": conflict})
    # A condition of the mark itself is not asked where nobody gives one.
    asks = not (by_itself and _asks_of_mark(candidate))
    if asks and candidate.holds is not None and not candidate.holds(values):
        return Reason("refused.guard", number, NOTHING)
    if candidate.moves_marks:
        given = _mark(plan, candidate, case, facts, values, by_itself=by_itself)
        if isinstance(given, Reason):
            return given
        facts, values, settings = given.facts, given.values, given.settings
        if not given.complete:
            halfway = (plan, case, event, facts, candidate.transition, MARKED, case.state, settings)
            return new(Decision, (*halfway, values, fired, evaluator, tuple(reasons)))
    if candidate.after:
        values, fired, evaluator, conflict = conclude(candidate.after, values, fired, evaluator)
        if conflict:
            return Reason("refused.conflict", number, {"conflict": conflict})
    if candidate.outcome is not None:
        way = candidate.outcome(values)
        if not isinstance(way, str) or way not in targets:
            return Reason("refused.outcome", number, {"outcome": way, "ways": tuple(targets)})
        outcome = way
    if candidate.settings:
        computed = settle(candidate, values)
        if isinstance(computed, Reason):
            return computed
        settings = {**settings, **computed} if settings else computed
    target, tried_before = targets.get(outcome, case.state), tuple(reasons) if reasons else ()
    return new(Decision, (
        plan, case, event, facts, candidate.transition, outcome, target, settings, values, fired, evaluator,
        tried_before,
    ))  # fmt: skip


def _asks_of_mark(candidate: Candidate) -> bool:
    """Whether the condition of a transition reads what its event brings."""
    when = candidate.transition.when
    return when is not None and not when.reads.isdisjoint(candidate.accepts)


def _mark(
    plan: Plan,
    candidate: Candidate,
    case: Case,
    facts: Facts,
    values: Mapping[str, Value],
    *,
    by_itself: bool,
) -> Marked | Reason:
    """What a transition makes of marks, or the reason against it that lies in their values."""
    try:
        found = mark(candidate, case, facts, values, by_itself=by_itself)
    except UnfitError as error:
        into = candidate.collecting.into if candidate.collecting else None
        return Reason("refused.value", candidate.number, {"field": into, "unfit": error.unfit})
    if found is None:
        return Reason("refused.no-mark", candidate.number, {"event": candidate.transition.event})
    return moved(plan, candidate, case, found) if found.complete else found


def conclude(
    rules: tuple[tuple[str, Conclude], ...],
    values: Mapping[str, Value],
    fired: tuple[Fired, ...],
    evaluator: str,
) -> tuple[Mapping[str, Value], tuple[Fired, ...], str, Conflict | None]:
    """The values with what the rules conclude, what fired, and who evaluated; or the conflict that ends it."""
    known = {**values}
    for name, asked in rules:
        if isinstance(asked, CompiledRuleSet):
            conclusion, used = asked.infer(known)
            # Where one of several fell back on the reference, that is the one to be named.
            evaluator = evaluator if evaluator == REFERENCE else used
        else:
            conclusion = asked(known)
        outputs, rules_fired, conflict = conclusion
        if conflict:
            return known, fired, evaluator, conflict
        known[name] = outputs
        for rule in rules_fired:
            fired += (new(Fired, (name, rule)),)
    return known, fired, evaluator, None


def settle(candidate: Candidate, values: Mapping[str, Value]) -> dict[str, Value] | Reason:
    """The computed values of the fields that a transition sets, or the reason against it."""
    settled: dict[str, Value] = {}
    for field, compute, convert in candidate.settings:
        try:
            settled[field] = convert(compute(values))
        except UnfitError as error:
            return Reason("refused.value", candidate.number, {"field": field, "unfit": error.unfit})
    return settled
