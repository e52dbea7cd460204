"""Decisions as whoever asked may see them: their values masked, their texts still those of the whole decision."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Self

from partybuild_flow.decide import Decision
from partybuild_flow.explain import Line
from partybuild_flow.facts import Plan, masked
from partybuild_flow.feel import Value
from partybuild_flow.messages import Language


class Told(Decision):
    """A decision with masked values, which nothing can be explained from, and what the whole one says."""

    whole: Callable[[], Decision]
    """The decision to be explained; behind a call, so that nothing that prints this one prints it."""

    @classmethod
    def of(cls, decision: Decision, plan: Plan, hidden: frozenset[str]) -> Self:
        """The decision with these names hidden; what `plan` calls personal is hidden in texts."""
        whole = decision._replace(plan=plan)
        case, facts = decision.case, decision.facts

        def shown(values: Mapping[str, Value]) -> Mapping[str, Value]:
            return masked(plan, values, hidden)

        kept = case._replace(data=shown(case.data))
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


def shown_to(plan: Plan, hidden: frozenset[str]) -> Plan:
    """The plan as it explains things to a reader from whom these names are hidden; others' values always are."""
    own = plan.workflow.fields.keys() | plan.collects.keys() | {each.key for each in plan.collects.values()}
    return replace(plan, personal=hidden | (plan.personal - own))
