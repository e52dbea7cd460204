"""What a reader sees: whether a case at all, and of it neither personal values without the right nor sealed marks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from partybuild_flow.case import Actor, Case, Entry
from partybuild_flow.decide import Decision
from partybuild_flow.engine.library import Library
from partybuild_flow.errors import CaseNotFound
from partybuild_flow.facts import MASK, Plan, home_date, masked, may_read
from partybuild_flow.facts.collecting import MARKED, MEANS, collected, is_visible, kept, round_in
from partybuild_flow.facts.correcting import REASON
from partybuild_flow.facts.relation_plan import SENDS
from partybuild_flow.facts.sealing import Opened, opened_in, sealed, sealed_entry
from partybuild_flow.feel import Value
from partybuild_flow.units import Units


class Marks(NamedTuple):
    """What one event of a case has collected so far.

    `asked` and `missing` are ids of people, or demands of `by` where one of each is asked; None where
    whoever may send the event may give a mark. `values` and `result` are None while they are sealed.
    """

    event: str
    name: str
    given: int
    asked: tuple[str, ...] | None
    missing: tuple[str, ...] | None
    values: tuple[Value, ...] | None
    result: Value
    complete: bool
    sealed: bool


@dataclass(frozen=True, slots=True)
class Sight:
    """Shows cases, entries and decisions; None as the reader is the host itself, who sees all but sealed marks."""

    library: Library
    units: Units

    def reaches(self, case: Case, by: Actor | None) -> bool:
        """Whether this reader may see the case at all."""
        return may_read(self.library.of(case.definition).workflow, case, by, self.units)

    def readable(self, case: Case, by: Actor | None) -> Case:
        """The case itself. Raises CaseNotFound if this reader may not see it."""
        if not self.reaches(case, by):
            raise CaseNotFound(case.id)
        return case

    def case(self, case: Case, by: Actor | None) -> Case:
        """The case as this reader sees it."""
        plan = self.library.of(case.definition)
        if plan.seals:
            case = case._replace(data=sealed(plan, case.data))
        if by is None or not plan.personal:
            return case
        return case._replace(data=masked(plan.workflow, case, case.data, by, self.units))

    def history(self, entries: Iterable[Entry], by: Actor | None) -> list[Entry]:
        """All entries of a case as this reader sees them; marks whose round was opened since can be seen."""
        found = [(self.library.of(entry.case.definition), entry) for entry in entries]
        opened: Opened = frozenset()
        for plan, entry in found:
            if plan.seals:
                opened |= opened_in(plan, (entry.settings, entry.case.data))
        return [self.entry(plan, entry, by, opened) for plan, entry in found]

    def entry(self, plan: Plan, entry: Entry, by: Actor | None, opened: Opened = frozenset()) -> Entry:
        """An entry as this reader sees it."""
        if plan.seals:
            entry = sealed_entry(plan, entry, opened)
        if by is None or not plan.personal:
            return entry
        workflow, units, case = plan.workflow, self.units, entry.case
        seen = masked(workflow, case, case.data, by, units)
        facts = masked(workflow, case, entry.facts, by, units)
        if entry.sends and (SENDS in plan.personal or seen != case.data):
            sends = (each._replace(data=dict.fromkeys(each.data, MASK)) for each in entry.sends)
            entry = entry._replace(sends=tuple(sends))
        if seen == case.data:
            return entry._replace(facts=facts)
        if REASON in facts and any(facts[name] == MASK for name in entry.inputs):
            facts = {**facts, REASON: MASK}
        return entry._replace(
            case=case._replace(data=seen),
            facts=facts,
            settings=masked(workflow, case, entry.settings, by, units),
            effects=tuple(each._replace(text=MASK) for each in entry.effects),
        )

    def returned(self, entry: Entry) -> Entry:
        """An entry as it is given back to whoever sent its event."""
        plan = self.library.of(entry.case.definition)
        return sealed_entry(plan, entry) if plan.seals else entry

    def answer(self, answer: Entry | Decision) -> Entry | Decision:
        """An entry or a decision as it is given back."""
        return self.decision(answer) if isinstance(answer, Decision) else self.returned(answer)

    def marks(self, case: Case, by: Actor | None, now: datetime) -> tuple[Marks, ...]:
        """What the case has collected, and what it collects in its state; values as this reader may see them."""
        plan = self.library.of(case.definition)
        values = {each.id: each.value for each in plan.workflow.parameters.values()}
        values |= case.data
        values |= {"now": now, "today": home_date(now)}
        shown = self.case(case, by).data
        found = []
        for event, each in plan.collects.items():
            round = round_in(case.data, each.key)
            if not round.marks and (case.state, event) not in plan.steps:
                continue
            come_to = collected(each, round, values)
            visible = is_visible(each, round, come_to) and shown.get(each.key) != MASK
            found.append(
                Marks(
                    event,
                    plan.workflow.events[event],
                    come_to.given,
                    come_to.asked,
                    come_to.missing,
                    come_to.values if visible else None,
                    come_to.result if visible else None,
                    come_to.complete,
                    not visible,
                )
            )
        return tuple(found)

    def decision(self, decision: Decision) -> Decision:
        """A decision without sealed marks. What the last of them would lead to is not told before it is given:
        whoever asked with one value after another would find out the others."""
        plan, case = decision.plan, decision.case
        if not plan.seals:
            return decision
        opened = opened_in(plan, (case.data,))
        hidden: dict[str, Value] = {}
        for each in plan.seals:
            if each.key in decision.settings:
                round = round_in(decision.settings, each.key)
                if (each.key, round.number) not in opened:
                    shut = round._replace(open=False, over=False, final=None)
                    hidden |= sealed(plan, {each.key: kept(shut)})
        decision = decision._replace(case=case._replace(data=sealed(plan, case.data)))
        transition = decision.transition
        if transition is None or not hidden:
            return decision
        if decision.outcome == MARKED:
            return decision._replace(settings=hidden)
        told = {
            name: value if value is None or name.startswith("@") else MASK
            for name, value in decision.settings.items()
        }
        decision = decision._replace(settings={**told, **hidden}, values=decision.facts.values)
        if not _all_given(decision):
            return decision._replace(outcome=MARKED, target=case.state, fired=(), settings=hidden)
        if transition.decide is not None:
            return decision._replace(outcome=MARKED, target=case.state, fired=())
        return decision


def _all_given(decision: Decision) -> bool:
    """Whether it can be seen without any value that marks are complete."""
    collecting = decision.plan.collects.get(decision.event)
    if collecting is None or not collecting.sealed or collecting.key not in decision.settings:
        return True
    found = collected(collecting, round_in(decision.settings, collecting.key), decision.facts.values)
    return found.missing == () or (found.asked is None and collecting.way in MEANS)
