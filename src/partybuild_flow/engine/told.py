"""Decisions as whoever asked may see them: their values masked, their texts still those of the whole decision."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Self

from partybuild_flow.decide import Decision
from partybuild_flow.explain import Line
from partybuild_flow.facts import Plan, hidden_texts, masked, nameless, without_people
from partybuild_flow.feel import Value
from partybuild_flow.messages import Language

if TYPE_CHECKING:
    from partybuild_flow.explain.explained import Explanation


class Told(Decision):
    """A decision with masked values, which nothing can be explained from, and what the whole one says."""

    whole: Callable[[], Decision]
    """The decision to be explained; behind a call, so that nothing that prints this one prints it."""

    @classmethod
    def of(cls, decision: Decision, plan: Plan, hidden: frozenset[str]) -> Self:
        """The decision with these names hidden; what `plan` calls personal is hidden in texts."""
        whole = decision._replace(plan=plan)
        case, facts = decision.case, decision.facts
        texts = hidden_texts(plan, (case.data, facts.values), hidden, facts.actor)

        def shown(values: Mapping[str, Value]) -> Mapping[str, Value]:
            return nameless(plan, masked(plan, values, hidden), texts)

        kept = without_people(case, texts)._replace(data=shown(case.data))
        seen = facts._replace(values=shown(facts.values), inputs=shown(facts.inputs), faults={})
        settings, values = shown(decision.settings), shown(decision.values)
        reasons = tuple(each._replace(data={}) for each in decision.reasons)
        told = cls(*whole._replace(case=kept, facts=seen, settings=settings, values=values, reasons=reasons))
        told.whole = lambda: whole
        return told

    def explain_in(self, language: Language) -> str:
        """The decision in one sentence."""
        return self.whole().explain_in(language)

    def reasons_in(self, language: Language) -> tuple[str, ...]:
        """The sentence of each reason."""
        return self.whole().reasons_in(language)

    def trace_in(self, language: Language) -> tuple[Line, ...]:
        """The lines of every transition that was tried."""
        return self.whole().trace_in(language)

    def explanation(self, language: Language | None = None) -> Explanation:
        """The sentence and what was asked of every transition as data, each with where it is written."""
        return self.whole().explanation(language)


def shown_to(plan: Plan, hidden: frozenset[str]) -> Plan:
    """The plan as it explains things to a reader from whom these names are hidden; others' values always are."""
    workflow = plan.workflow
    own = workflow.fields.keys() | workflow.look_ups.keys() | plan.collects.keys()
    own |= {each.key for each in plan.collects.values()}
    return replace(plan, personal=hidden | (plan.personal - own))
