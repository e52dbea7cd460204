"""What a reader sees: whether a case at all, and of it neither personal values without the right nor sealed marks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from partybuild_flow.case import Actor, Case, Effect, Entry, without_values
from partybuild_flow.decide import Decision
from partybuild_flow.engine.library import Library
from partybuild_flow.engine.told import Told, shown_to
from partybuild_flow.errors import CaseNotFound
from partybuild_flow.facts import (
    MASK,
    Plan,
    hidden_names,
    hidden_texts,
    home_date,
    is_hidden_from,
    masked,
    may_read,
    nameless,
    repeats,
    without_people,
)
from partybuild_flow.facts.collecting import MARKED, MEANS, collected, is_visible, kept, round_in
from partybuild_flow.facts.correcting import REASON
from partybuild_flow.facts.masking import held_by, holds_role
from partybuild_flow.facts.quoting import expression_quotes
from partybuild_flow.facts.relation_plan import SENDS
from partybuild_flow.facts.sealing import Opened, opened_in, sealed, sealed_entry
from partybuild_flow.feel import Expression, Value
from partybuild_flow.messages import sentence
from partybuild_flow.store import Sending
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

    def __repr__(self) -> str:
        return without_values(self)


@dataclass(frozen=True, slots=True)
class Sight:
    """Shows cases, entries and decisions; None as the reader is the host itself, who sees all but sealed marks."""

    library: Library
    units: Units

    def reaches(self, case: Case, by: Actor | None) -> bool:
        """Whether this reader may see the case at all."""
        return may_read(self.library.of(case.definition), case, by, self.units)

    def governs(self, case: Case, by: Actor | None) -> bool:
        """Whether this reader holds a role over the case; having begun it does not count."""
        plan = self.library.of(case.definition)
        if by is None:
            return True
        return holds_role(plan.workflow, case, by, self.units) and not is_hidden_from(
            plan, case, by, self.units
        )

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
        hidden = hidden_names(plan, case, by, self.units)
        return _shown_case(plan, case, hidden, hidden_texts(plan, (case.data,), hidden, by))

    def history(self, entries: Iterable[Entry], by: Actor | None, case: Case) -> list[Entry]:
        """All entries of a case as this reader sees them, by the right that he has to it as it stands now.

        Marks whose round was opened since can be seen.
        """
        found = [(self.library.of(entry.case.definition), entry) for entry in entries]
        opened: Opened = frozenset()
        for plan, entry in found:
            if plan.seals:
                opened |= opened_in(plan, (entry.settings, entry.case.data))
        plan = self.library.of(case.definition)
        hidden = hidden_names(plan, case, by, self.units)
        texts = self.hidden_texts(case, [each for _, each in found], by)
        return [self._entry(plan, entry, by, opened, hidden, texts) for plan, entry in found]

    def hidden_texts(self, case: Case, entries: Iterable[Entry], by: Actor | None) -> frozenset[str]:
        """What this reader is not shown of a case now or earlier, as texts."""
        plan = self.library.of(case.definition)
        hidden = hidden_names(plan, case, by, self.units)
        if not hidden:
            return frozenset()
        kept = (values for each in entries for values in (each.facts, each.settings))
        erased = sentence("word.erased", plan.workflow.language, {})
        return hidden_texts(plan, (case.data, *kept), hidden, by) - {erased}

    @staticmethod
    def _entry(
        plan: Plan,
        entry: Entry,
        by: Actor | None,
        opened: Opened,
        hidden: frozenset[str],
        texts: frozenset[str],
    ) -> Entry:
        if plan.seals:
            entry = sealed_entry(plan, entry, opened)
        if by is None or not plan.personal:
            return entry
        case, facts = entry.case, masked(plan, entry.facts, hidden)
        if entry.sends and (hidden or SENDS in plan.personal):
            sends = (each._replace(data=dict.fromkeys(each.data, MASK)) for each in entry.sends)
            entry = entry._replace(sends=tuple(sends))
        if entry.effects:
            entry = entry._replace(effects=shown_effects(plan, entry, hidden))
        if not hidden:
            return entry._replace(facts=facts)
        if REASON in facts and (
            any(facts[name] == MASK for name in entry.inputs) or repeats(str(facts[REASON]), texts)
        ):
            facts = {**facts, REASON: MASK}
        if entry.actor.id in texts:
            entry = entry._replace(actor=entry.actor._replace(id=MASK))
        return entry._replace(
            case=_shown_case(plan, case, hidden, texts),
            facts=nameless(plan, facts, texts),
            settings=nameless(plan, masked(plan, entry.settings, hidden), texts),
        )

    def sent(
        self, case: Case, sendings: Iterable[Sending], entries: Iterable[Entry], by: Actor | None
    ) -> tuple[Sending, ...]:
        """What a case sent, as this reader sees it: no sentence with which it was refused repeats what is hidden here."""
        texts = self.hidden_texts(case, entries, by)
        return tuple(
            each._replace(refused=MASK) if each.refused and repeats(each.refused, texts) else each
            for each in sendings
        )

    def returned(self, entry: Entry) -> Entry:
        """An entry as it is given back to whoever sent its event."""
        plan = self.library.of(entry.case.definition)
        return sealed_entry(plan, entry) if plan.seals else entry

    def answer(self, answer: Entry | Decision, by: Actor) -> Entry | Decision:
        """An entry or a decision as it is given back."""
        return self.refused(answer, by) if isinstance(answer, Decision) else self.returned(answer)

    def refused(self, decision: Decision, by: Actor) -> Decision:
        """A decision that goes with an error: what it says quotes nothing personal to anybody, as errors end in logs."""
        decision, plan = self._unsealed(decision), decision.plan
        if not plan.personal:
            return decision
        return Told.of(decision, plan, hidden_names(plan, decision.case, by, self.units))

    def decision(self, decision: Decision, by: Actor) -> Decision:
        """A decision as whoever asked for it may see it."""
        decision, plan = self._unsealed(decision), decision.plan
        if not plan.personal:
            return decision
        hidden = hidden_names(plan, decision.case, by, self.units)
        return Told.of(decision, shown_to(plan, hidden), hidden)

    def marks(self, case: Case, by: Actor | None, now: datetime) -> tuple[Marks, ...]:
        """What the case has collected, and what it collects in its state; values as this reader may see them."""
        plan = self.library.of(case.definition)
        values = {each.id: each.value for each in plan.workflow.parameters.values()}
        values |= case.data
        values |= {"now": now, "today": home_date(now)}
        hidden = hidden_names(plan, case, by, self.units)
        unnamed = {
            each.event
            for each in plan.workflow.transitions
            if each.collect
            and any(expression_quotes(plan.workflow, asked, hidden) for asked in each.collect.asked)
        }
        found = []
        for event, each in plan.collects.items():
            round = round_in(case.data, each.key)
            if not round.marks and (case.state, event) not in plan.steps:
                continue
            come_to = collected(each, round, values)
            visible = is_visible(each, round, come_to) and each.key not in hidden
            found.append(
                Marks(
                    event,
                    plan.workflow.events[event],
                    come_to.given,
                    None if event in unnamed else come_to.asked,
                    None if event in unnamed else come_to.missing,
                    come_to.values if visible else None,
                    come_to.result if visible else None,
                    come_to.complete,
                    not visible,
                )
            )
        return tuple(found)

    @staticmethod
    def _unsealed(decision: Decision) -> Decision:
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


def _shown_case(plan: Plan, case: Case, hidden: frozenset[str], texts: frozenset[str]) -> Case:
    """The case without the values of hidden names, and without the ids of people that these hold."""
    data = nameless(plan, masked(plan, case.data, hidden), texts)
    return without_people(case, texts)._replace(data=data)


def shown_effects(plan: Plan, entry: Entry, hidden: frozenset[str]) -> tuple[Effect, ...]:
    """The effects of an entry, without texts that may quote what is hidden here or personal in other cases."""
    workflow = plan.workflow
    transition = workflow.transitions[entry.transition - 1] if entry.transition else None
    warns = workflow.deadlines[entry.deadline].warns if entry.deadline and transition is None else ()
    texts = [each.text for each in (transition.notices if transition is not None else warns)]
    personal = hidden | (plan.personal & workflow.relations.keys())
    pieces = (piece for text in texts for piece in text if isinstance(piece, Expression))
    quotes = any(expression_quotes(workflow, piece, personal) for piece in pieces)
    names = {value for name in hidden for value in held_by(entry.case.data.get(name))}
    return tuple(
        each._replace(to=MASK if each.to in names else each.to, text=MASK if quotes else each.text)
        for each in entry.effects
    )


def _all_given(decision: Decision) -> bool:
    """Whether it can be seen without any value that marks are complete."""
    collecting = decision.plan.collects.get(decision.event)
    if collecting is None or not collecting.sealed or collecting.key not in decision.settings:
        return True
    found = collected(collecting, round_in(decision.settings, collecting.key), decision.facts.values)
    return found.missing == () or (found.asked is None and collecting.way in MEANS)
