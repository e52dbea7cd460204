"""The decision about one event: accepted or refused, with every reason. Pure, from case and facts alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final, NamedTuple

from partybuild_flow.case import Case, Conflict, Facts, Fired, new
from partybuild_flow.explain import Line, Reason, reason_sentence, refusal_sentence, trace_candidate
from partybuild_flow.facts import Candidate, Conclude, Plan, UnfitError
from partybuild_flow.feel import Value
from partybuild_flow.messages import Language, sentence
from partybuild_flow.rules import REFERENCE, CompiledRuleSet

if TYPE_CHECKING:
    from partybuild_flow.definition import Transition

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
        step = self.plan.steps.get((self.case.state, self.event))
        against = {reason.transition: reason for reason in self.reasons}
        lines: list[Line] = []
        for candidate in step.candidates if step else ():
            number = candidate.transition.number
            taken = self.transition is not None and self.transition.number == number
            if taken or number in against:
                lines += trace_candidate(self.plan, candidate, against.get(number), self.facts, language)
        return tuple(lines)

    def explain(self, language: Language | None = None) -> str:
        """The sentence and the whole trace as text, one line each."""
        language = language or self.plan.workflow.language
        return "\n".join([self.explain_in(language), *(str(line) for line in self.trace_in(language))])


def decide(plan: Plan, case: Case, event: str, facts: Facts) -> Decision:
    """The decision about an event in the state of the case: the first transition with nothing against it."""
    step = plan.steps.get((case.state, event))
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


def _against(candidate: Candidate, case: Case, facts: Facts) -> Reason | None:
    """The first reason against a transition that needs no rule: who, how often, which data."""
    transition = candidate.transition
    number = transition.number
    if candidate.demands.isdisjoint(facts.standing):
        return Reason("refused.role", number, {"by": candidate.demands})
    for other in transition.not_by:
        if facts.actor.id in case.done.get(other, ()):
            return Reason("refused.not-by", number, {"event": other})
    if transition.limit and len(case.done.get(transition.event, ())) >= transition.limit:
        return Reason("refused.limit", number, {"event": transition.event, "limit": transition.limit})
    if facts.faults:
        field, unfit = next(iter(facts.faults.items()))
        return Reason("refused.value", number, {"field": field, "unfit": unfit})
    inputs = facts.inputs
    if inputs and not candidate.accepts.issuperset(inputs):
        extra = tuple(field for field in inputs if field not in candidate.accepts)
        return Reason("refused.extra", number, {"fields": extra, "event": transition.event})
    for field in candidate.needs:
        if inputs.get(field) is None:
            missing = tuple(each for each in candidate.needs if inputs.get(each) is None)
            return Reason("refused.needs", number, {"fields": missing})
    for key, holder in facts.holders.items():
        if holder != case.id and not candidate.accepts.isdisjoint(key):
            return Reason("refused.unique", number, {"fields": key, "holder": holder})
    return None


def _take(
    plan: Plan, candidate: Candidate, case: Case, event: str, facts: Facts, reasons: list[Reason]
) -> Decision | Reason:
    """The decision for a transition, or the reason against it that its guard, rules or settings give."""
    transition = candidate.transition
    number = transition.number
    values = facts.values
    evaluator, fired, outcome, settings = GENERATED, NOT_FIRED, "", NOTHING
    if candidate.before:
        values, fired, evaluator, conflict = _conclude(candidate.before, values, fired, evaluator)
        if conflict:
            return Reason("refused.conflict", number, {"conflict": conflict})
    if candidate.holds is not None and not candidate.holds(values):
        return Reason("refused.guard", number, NOTHING)
    if candidate.after:
        values, fired, evaluator, conflict = _conclude(candidate.after, values, fired, evaluator)
        if conflict:
            return Reason("refused.conflict", number, {"conflict": conflict})
    if candidate.outcome is not None:
        way = candidate.outcome(values)
        if not isinstance(way, str) or way not in transition.targets:
            return Reason("refused.outcome", number, {"outcome": way, "ways": tuple(transition.targets)})
        outcome = way
    if candidate.settings:
        computed = _settle(candidate, values, number)
        if isinstance(computed, Reason):
            return computed
        settings = computed
    target = transition.targets.get(outcome, case.state)
    tried_before = tuple(reasons) if reasons else ()
    return new(
        Decision,
        (
            plan,
            case,
            event,
            facts,
            transition,
            outcome,
            target,
            settings,
            values,
            fired,
            evaluator,
            tried_before,
        ),
    )


def _conclude(
    rules: tuple[tuple[str, Conclude], ...],
    values: Mapping[str, Value],
    fired: tuple[Fired, ...],
    evaluator: str,
) -> tuple[Mapping[str, Value], tuple[Fired, ...], str, Conflict | None]:
    """The values with what the rules conclude, what fired, and who evaluated; or the conflict that ends it."""
    known = dict(values)
    for name, conclude in rules:
        if isinstance(conclude, CompiledRuleSet):
            conclusion, used = conclude.infer(known)
            # Where one of several fell back on the reference, that is the one to be named.
            evaluator = evaluator if evaluator == REFERENCE else used
        else:
            conclusion = conclude(known)
        if conclusion.conflict:
            return known, fired, evaluator, conclusion.conflict
        known[name] = dict(conclusion.outputs)
        fired += tuple([new(Fired, (name, rule)) for rule in conclusion.fired])
    return known, fired, evaluator, None


def _settle(candidate: Candidate, values: Mapping[str, Value], number: int) -> dict[str, Value] | Reason:
    settled: dict[str, Value] = {}
    for field, compute, convert in candidate.settings:
        try:
            settled[field] = convert(compute(values))
        except UnfitError as error:
            return Reason("refused.value", number, {"field": field, "unfit": error.unfit})
    return settled
