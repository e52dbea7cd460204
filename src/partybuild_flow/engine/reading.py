"""What a program reads of its cases: cases, journals, marks, what was sent, rates; each as its reader may see it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from partybuild_flow.apply import replayed
from partybuild_flow.case import Actor, Case, Entry
from partybuild_flow.engine.library import Library
from partybuild_flow.engine.sight import Marks, Sight
from partybuild_flow.errors import FlowError
from partybuild_flow.facts import Plan, hidden_names, instant, is_hidden_from
from partybuild_flow.messages import sentence
from partybuild_flow.store import Query, Sending, Store, Verification

if TYPE_CHECKING:
    from partybuild_flow.engine.conduct import Conduct
    from partybuild_flow.engine.rates import Every, Period, Share
    from partybuild_flow.engine.supposing import Supposing


class Reading:
    """The part of an engine that reads; it is never made by itself."""

    _store: Store
    _library: Library
    _sight: Sight
    _clock: Callable[[], datetime]
    _conduct: Conduct
    _disowned: bool

    def case(self, case_id: str, *, by: Actor | None = None) -> Case:
        """The case as it stands, personal values masked for a reader without the right. Raises CaseNotFound."""
        self._checked_process()
        return self._sight.case(self._sight.readable(self._store.load(case_id, fresh=True), by), by)

    def cases(
        self,
        *,
        workflow: str | None = None,
        state: str | Iterable[str] | None = None,
        unit: str | None = None,
        due_before: datetime | None = None,
        by: Actor | None = None,
    ) -> list[Case]:
        """The worklist: cases by id that this reader may see. A state may be compound, a unit reaches down.

        `state` is an id or a name, or several; `due_before` keeps cases with an open deadline before it.
        """
        self._checked_process()
        plan = self._library.current(workflow) if workflow is not None else None
        wanted = (state,) if isinstance(state, str) else tuple(state) if state is not None else None
        query = Query(
            plan.workflow.id if plan else None,
            None if wanted is None else tuple(self._library.leaves(wanted, plan)),
            unit,
            None if due_before is None else instant(due_before),
        )
        found = (case for case in self._store.cases(query) if self._sight.reaches(case, by))
        return [self._sight.case(case, by) for case in found]

    def history(self, case_id: str, *, by: Actor | None = None) -> list[Entry]:
        """The entries of a case, oldest first, each with the case as it left it. Raises CaseNotFound."""
        self._checked_process()
        standing = self._sight.readable(self._store.load(case_id, fresh=True), by)
        case: Case | None = None
        entries = []
        language = self._library.of(standing.definition).workflow.language
        for entry in self._store.history(case_id, sentence("word.erased", language, {})):
            plan = self._library.of(entry.case.definition)
            case = replayed(case, entry, plan.remembered)
            entries.append(entry._replace(case=case))
        return self._sight.history(entries, by, standing)

    def marks(self, case_id: str, *, by: Actor | None = None) -> tuple[Marks, ...]:
        """What the case has collected and is collecting: who is asked, who is missing, and, unless sealed, the values."""
        self._checked_process()
        case = self._sight.readable(self._store.load(case_id, fresh=True), by)
        return self._sight.marks(case, by, self._clock())

    def sent(self, case_id: str, *, by: Actor | None = None) -> tuple[Sending, ...]:
        """What a case sent to other cases, in order, each with what became of it. Raises CaseNotFound."""
        self._checked_process()
        case = self._sight.readable(self._store.load(case_id, fresh=True), by)
        sendings = self._store.outbox.of(case_id)
        if by is None or not any(each.refused for each in sendings):
            return sendings
        return self._sight.sent(case, sendings, self._store.history(case_id), by)

    def rates(
        self,
        workflow: str,
        *,
        by_unit: int | None = None,
        period: Period | None = None,
        every: Every | None = None,
        by: Actor | None = None,
    ) -> tuple[Share, ...]:
        """The rates that a workflow defines, over the cases that this reader holds a role over.

        `by_unit` adds so many levels of units; `period` is the first and the last day, `every` parts
        it. Nothing that is overdue is fired: sweep first with `catch_up`.

        Raises:
            FlowError: there is no such workflow.
        """
        from partybuild_flow.engine.rates import Journal, count_rates

        self._checked_process()
        found = self._library.current(workflow).workflow
        cases = (each for each in self._store.cases(Query(found.id)) if self._sight.governs(each, by))
        journals = (Journal(each, self._store.history(each.id)) for each in cases)
        now = self._clock()
        return count_rates(found, journals, now, levels=by_unit or 0, period=period, every=every)

    def suppose(
        self,
        case_id: str,
        event: str | None = None,
        data: Mapping[str, object] | None = None,
        *,
        by: Actor | None = None,
        at: datetime | None = None,
    ) -> tuple[Supposing, ...]:
        """An event of a case, or each that its state knows, to be asked what it would decide on other values.

        What an event brings and `data` does not hold is as the case holds it. Nothing is written. Raises CaseNotFound.
        """
        from partybuild_flow.engine.pending import Pending
        from partybuild_flow.engine.supposing import Supposing

        self._checked_process()
        pending = Pending(self._store)
        case = self._sight.readable(pending.load(case_id, fresh=True), by)
        plan, case, now = self._conduct.caught_up(case, at, pending)
        events = (
            plan.events_by_state.get(case.state, ()) if event is None else (plan.event_ids.get(event, event),)
        )
        conduct, sight = self._conduct, self._sight
        return tuple(
            Supposing(conduct, sight, plan, case, each, data or {}, by, now, pending) for each in events
        )

    def export_personal(self, person: str, *, by: Actor | None = None) -> dict[str, object]:
        """All that the store holds about a person: the cases that he began, is named in or acted in, as plain data.

        What is personal to others is masked. It is for the person himself, or for the host to hand to him;
        anybody else sees of it what he may see of each case.
        """
        from partybuild_flow.engine.personal_export import personal_export

        self._checked_process()
        own = by is None or by.id == person
        himself = by if by is not None and own else Actor(person)
        sight, units = self._sight, self._sight.units

        def is_told(case: Case) -> bool:
            concealed = is_hidden_from(self._library.of(case.definition), case, himself, units)
            return not concealed and (own or sight.reaches(case, by))

        def journal(case: Case) -> list[Entry]:
            return self.history(case.id, by=None if own else by)

        def hidden(plan: Plan, case: Case) -> frozenset[str]:
            return hidden_names(plan, case, himself, units)

        # Whoever asks for another person is not told by this what a case hides from him: who that person is in it.
        cases = (
            each if own else sight.case(each, by) for each in self._store.cases(Query()) if is_told(each)
        )
        return personal_export(person, cases, self._library.of, journal, hidden)

    def verify(self) -> Verification:
        """The whole journal read and checked, with one digest of all heads to keep outside."""
        self._checked_process()
        return self._store.verify()

    def _checked_process(self) -> None:
        if self._disowned:
            raise FlowError(
                "this engine was opened in another process; open one of its own in a forked child"
            )
