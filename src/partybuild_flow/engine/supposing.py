"""What an event would decide if fields of its case held other values: asked of the same hops, nothing is written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from partybuild_flow.case import Actor, Case, Facts
from partybuild_flow.decide import Decision, decide_step
from partybuild_flow.engine.conduct import NO_STEP, Conduct
from partybuild_flow.engine.pending import Pending
from partybuild_flow.engine.sight import Sight
from partybuild_flow.facts import Candidate, Plan, Step, hidden_names
from partybuild_flow.feel import Value

NOBODY: Final = Actor("")
"""Who asks where the host itself does."""
UNCHANGED: Final[Mapping[str, Value]] = {}


class Supposing:
    """One event of a case, as a reader may ask about it.

    Whoever asks need not be the one who may send it: what it would come to is told as if he were. An event
    that reads what this reader may not see is `concealed`, and nothing of it is told.
    """

    def __init__(
        self,
        conduct: Conduct,
        sight: Sight,
        plan: Plan,
        case: Case,
        event: str,
        data: Mapping[str, object],
        by: Actor | None,
        now: datetime,
        pending: Pending,
    ) -> None:
        self.plan = plan
        self.case = case
        self.event = event
        self._conduct = conduct
        self._sight = sight
        self._by = by
        self._now = max(now, case.changed_at)
        self._pending = pending
        self._step = plan.steps.get((case.state, event), NO_STEP)
        self.hidden = hidden_names(plan, case, by, sight.units)
        self._data = {**self._held(), **self._ids(data)}
        self._facts = self._gathered(case, self._data)

    @property
    def concealed(self) -> bool:
        """Whether the event reads, or aims at, what this reader may not see."""
        step, values = self._step, self._facts.values
        aims = {aim for each in step.candidates for aim in each.transition.aims}
        read = {*step.fields, *(each.id for each, _ in step.look_ups), *(each.key for each in step.collects)}
        if any(values.get(name) is not None for name in self.hidden & read) or self.hidden & aims:
            return True
        # What is personal in other cases is told to those only who could send the event themselves.
        others = self.plan.personal & self.plan.workflow.relations.keys()
        return self._by is not None and self._is_borrowed and any(name in values for name in others)

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """The transitions of the event, in the order in which they are tried."""
        return self._step.candidates

    @property
    def reads(self) -> frozenset[str]:
        """The fields that the event reads or takes."""
        return frozenset((*self._step.fields, *self._accepted()))

    @property
    def values(self) -> Mapping[str, Value]:
        """What it reads now."""
        return self._facts.values

    def decision(self, changed: Mapping[str, Value] = UNCHANGED) -> Decision:
        """The decision with these fields changed, everything else as it was read once."""
        facts = self._facts
        if changed:
            taken = {name: value for name, value in changed.items() if name in self._accepted()}
            facts = facts._replace(
                values={**facts.values, **changed},
                inputs={**facts.inputs, **taken} if taken else facts.inputs,
            )
        return decide_step(self.plan, self._known_step(), self._with(changed), self.event, facts)

    def confirmed(self, changed: Mapping[str, Value]) -> Decision:
        """The decision with these fields changed, everything that it reads gathered anew."""
        case = self._with(changed)
        data = {**self._data, **{name: changed[name] for name in changed if name in self._accepted()}}
        return decide_step(self.plan, self._known_step(), case, self.event, self._gathered(case, data))

    def told(self, decision: Decision) -> Decision:
        """A decision as the reader may see it."""
        return decision if self._by is None else self._sight.decision(decision, self._by)

    def _with(self, changed: Mapping[str, Value]) -> Case:
        return self.case._replace(data={**self.case.data, **changed}) if changed else self.case

    def _known_step(self) -> Step | None:
        return self._step if self._step is not NO_STEP else None

    def _accepted(self) -> frozenset[str]:
        found = [each.accepts for each in self._step.candidates]
        return frozenset.intersection(*found) if found else frozenset()

    def _held(self) -> dict[str, object]:
        """What the case holds already of what the event brings."""
        held = self.case.data
        return {
            name: held[name]
            for name in self._accepted()
            if name not in self.hidden and held.get(name) is not None
        }

    def _ids(self, data: Mapping[str, object]) -> dict[str, object]:
        inputs = self.plan.inputs
        return {inputs[name][0] if name in inputs else name: value for name, value in data.items()}

    def _gathered(self, case: Case, data: Mapping[str, object]) -> Facts:
        by = self._by or NOBODY
        facts = self._conduct.gathered(self.plan, self._step, case, data, by, self._now, self._pending)
        self._is_borrowed = not facts.standing
        if self._is_borrowed:
            facts = facts._replace(standing=tuple(each.key for each in self._step.demands))
        return facts
