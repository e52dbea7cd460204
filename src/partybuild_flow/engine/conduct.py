"""How a request is carried out: overdue deadlines first, then the event, all on what is pending. Saves nothing."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from threading import Lock
from typing import Final

from partybuild_flow.apply import apply, refusal
from partybuild_flow.case import CLOCK_ACTOR, UNATTENDED, Actor, Case, Change, Entry, Facts, Reason
from partybuild_flow.decide import GENERATED, Decision, completed, decide, decide_step
from partybuild_flow.engine.erasing import erasure, is_left, personal_ids, tells_of
from partybuild_flow.engine.forms import Possible, possible
from partybuild_flow.engine.library import Library
from partybuild_flow.engine.overdue import NO_DATA, Overdue
from partybuild_flow.engine.pending import Pending
from partybuild_flow.engine.requests import Correct, Send, Start
from partybuild_flow.errors import CaseChanged, CaseNotFound, FlowError
from partybuild_flow.facts import Plan, Step, UnfitError, World, gather, instant, is_hidden_from
from partybuild_flow.facts.collecting import MARKED, key_of
from partybuild_flow.facts.correcting import CORRECT, REASON, reason_of
from partybuild_flow.facts.erasing import erased_names
from partybuild_flow.machine import START
from partybuild_flow.messages import Language

NO_STEP: Final = Step((), (), {}, (), (), frozenset(), (), ())


class Conduct:
    """Answers requests from a library of definitions and what the host handed in."""

    def __init__(
        self, library: Library, world: World, clock: Callable[[], datetime], ids: Callable[[], str]
    ) -> None:
        self._library = library
        self._world = world
        self._clock = clock
        self._ids = ids
        self.overdue = Overdue(self, world, clock)

    def answer(self, request: Start | Send | Correct, pending: Pending) -> Entry | Decision:
        """The entry that a request makes, added to what is pending, or the decision that refuses it.

        A refusal that its transition wants kept is added, too, behind whatever was overdue before it.

        Raises:
            CaseChanged: the case is not at the expected revision.
            CaseNotFound: there is no such case.
        """
        if request.key is not None and (first := pending.entry_by_key(request.key)):
            return _repeated(request, first)
        tried = Pending(pending)
        decision = self._requested(request, tried)
        if decision.accepted:
            change = self.applied(decision, tried, key=request.key)
            tried.add(change)
            after = self.completed(decision, change.entry.case, tried)
            # A refused clock event is asked again now that the case has changed.
            self._catch_up(decision.plan, after, decision.facts.now, tried)
            pending.take(tried)
            return change.entry
        if self._is_journalled(decision):
            tried.add(refusal(decision, self._clock()))
            pending.take(tried)
        return decision

    def decision(
        self,
        case: Case,
        event: str,
        data: Mapping[str, object],
        by: Actor,
        at: datetime | None,
        pending: Pending,
    ) -> Decision:
        """The decision about an event after the case's overdue deadlines have fired."""
        plan = self._library.of(case.definition)
        now = self._instant(at)
        case = self._catch_up(plan, case, now, pending)
        identity = _event_id(plan, event)
        if at is not None and now < case.changed_at:
            reason = Reason(
                "refused.earlier", 0, {"at": now.isoformat(), "last": case.changed_at.isoformat()}
            )
            facts = gather(plan, NO_STEP, case, {}, by, now, self._world, pending)
            return Decision(
                plan, case, identity, facts, None, "", case.state, {}, {}, (), GENERATED, (reason,)
            )
        # A clock that stepped back must not keep anybody from working.
        return self.decided(plan, case, identity, data, by, max(now, case.changed_at), pending)

    def possible(self, case: Case, by: Actor, at: datetime | None, pending: Pending) -> tuple[Possible, ...]:
        """The events of the case's state that people send, each with its form or the reasons why not."""
        plan = self._library.of(case.definition)
        case = self._catch_up(plan, case, self._instant(at), pending)
        return tuple(
            possible(plan, event, self.decision(case, event, NO_DATA, by, at, pending))
            for event in plan.events_by_state.get(case.state, ())
            if any(each.demands - UNATTENDED for each in plan.steps[case.state, event].candidates)
        )

    def _requested(self, request: Start | Send | Correct, pending: Pending) -> Decision:
        """The decision about a request, after what else is overdue in its case."""
        if isinstance(request, Start):
            return self._start(request, pending)
        case = self.checked(pending.load(request.case_id, fresh=True), request.by)
        if request.expected_revision not in (None, case.revision):
            raise CaseChanged(case.id, int(request.expected_revision or 0), case.revision)
        if isinstance(request, Correct):
            return self._correction(case, request, pending)
        return self.decision(case, request.event, request.data, request.by, request.at, pending)

    def erased(
        self,
        case: Case,
        fields: Iterable[str] | None,
        reason: str,
        by: Actor,
        at: datetime | None,
        pending: Pending,
    ) -> Change | None:
        """The change that erases personal values, added to what is pending; None if none are left."""
        plan, now = self._library.of(case.definition), self._instant(at)
        names = erased_names(plan, None if fields is None else personal_ids(plan, fields))
        case = self._catch_up(plan, case, now, pending)
        entries = (*pending.history(case.id), *(each.entry for each in pending.changes))
        if not is_left(names, case, entries, texts=fields is None):
            return None
        if tells_of(plan, names, case, entries, reason):
            raise FlowError(
                "the reason repeats what is erased, and reasons are kept; write one that does not"
            )
        change = erasure(plan, case, names, reason, by, max(now, case.changed_at), self._clock())
        pending.add(change)
        return change

    def checked(self, case: Case, by: Actor) -> Case:
        """The case itself. Raises CaseNotFound where it is hidden from whoever acts."""
        if is_hidden_from(self._library.of(case.definition), case, by, self._world.units):
            raise CaseNotFound(case.id)
        return case

    def _start(self, request: Start, pending: Pending) -> Decision:
        """The decision about the first event of a case."""
        plan = self._library.current(request.workflow)
        workflow = plan.workflow
        event = _event_id(plan, request.event) if request.event else _only_start(plan)
        now = self._instant(request.at)
        unit = _unit_of(plan, request.by) if request.unit is None else request.unit
        identity = request.id or self._ids()
        case = Case(identity, workflow.id, workflow.hash, START, unit, 0, {}, {}, (), request.by.id, now, "")
        return self.decided(plan, case, event, request.data, request.by, now, pending)

    @staticmethod
    def _is_journalled(decision: Decision) -> bool:
        """Whether the transition that refused says that its refusals are kept. What has not begun has no journal."""
        number, transitions = decision.reasons[0].transition, decision.plan.workflow.transitions
        kept = 0 < number <= len(transitions) and transitions[number - 1].journal_refused
        return kept and decision.case.revision > 0

    def language(self, workflow: str) -> Language:
        """The language of a workflow; English where none is known by this id."""
        plan = self._library.known(workflow)
        return plan.workflow.language if plan is not None else "en"

    def applied(
        self, decision: Decision, pending: Pending, *, key: str | None = None, deadline: str | None = None
    ) -> Change:
        """The change that an accepted decision makes."""
        now, chain = self._clock(), pending.chain
        return apply(decision, now, key=key, deadline=deadline, ids=self._ids, chain=chain)

    def completed(self, decision: Decision, case: Case, pending: Pending) -> Case:
        """The case after marks that this event made complete without being one have gone their way."""
        plan, now = decision.plan, decision.facts.now
        while plan.collects and may_complete(decision):
            for event in plan.completing[case.state]:
                if key_of(event) not in case.data:
                    continue
                step = plan.steps[case.state, event]
                facts = gather(plan, step, case, NO_DATA, CLOCK_ACTOR, now, self._world, pending)
                found = completed(plan, case, event, facts)
                if found is not None:
                    change = self.applied(found, pending)
                    pending.add(change)
                    decision, case = found, change.entry.case
                    break
            else:
                break
        return case

    def _correction(self, case: Case, request: Correct, pending: Pending) -> Decision:
        """The decision about a correction after the case's overdue deadlines have fired."""
        plan = self._library.of(case.definition)
        now = self._instant(request.at)
        case = self._catch_up(plan, case, now, pending)
        step = plan.correction
        facts = gather(
            plan,
            step or NO_STEP,
            case,
            request.data,
            request.by,
            max(now, case.changed_at),
            self._world,
            pending,
        )
        decision = decide_step(plan, step, case, CORRECT, facts)
        if step is None or not decision.accepted:
            return decision
        reason = reason_of(request.reason)
        against = "refused.no-reason" if reason is None else None if facts.inputs else "refused.nothing"
        if against is not None:
            reasons = (Reason(against, 0, {}),)
            return decision._replace(transition=None, settings={}, reasons=reasons)
        return decision._replace(facts=facts._replace(values={**facts.values, REASON: reason}))

    def _catch_up(self, plan: Plan, case: Case, now: datetime, pending: Pending) -> Case:
        """The case after its overdue deadlines have acted; a refused one waits for a change of the case."""
        return self.overdue.caught_up(plan, case, now, pending) if case.deadlines else case

    def decided(
        self,
        plan: Plan,
        case: Case,
        event: str,
        data: Mapping[str, object],
        by: Actor,
        now: datetime,
        pending: Pending,
    ) -> Decision:
        """The decision about an event in the state of the case, by these facts and no others."""
        step = plan.steps.get((case.state, event), NO_STEP)
        return decide(plan, case, event, gather(plan, step, case, data, by, now, self._world, pending))

    def gathered(
        self,
        plan: Plan,
        step: Step,
        case: Case,
        data: Mapping[str, object],
        by: Actor,
        now: datetime,
        pending: Pending,
    ) -> Facts:
        """The facts of an event that reads this step."""
        return gather(plan, step, case, data, by, now, self._world, pending)

    def caught_up(self, case: Case, at: datetime | None, pending: Pending) -> tuple[Plan, Case, datetime]:
        """The plan of a case, the case after its overdue deadlines, and the instant that is meant."""
        plan, now = self._library.of(case.definition), self._instant(at)
        return plan, self._catch_up(plan, case, now, pending), now

    def _instant(self, at: datetime | None) -> datetime:
        try:
            return self._clock() if at is None else instant(at) or self._clock()
        except UnfitError as error:
            raise FlowError(f"{at!r} is no instant") from error


_ID_LOCK: Final = Lock()
_last_id = 0


def may_complete(decision: Decision) -> bool:
    """Whether an accepted event may have completed marks without giving one itself."""
    return decision.outcome != MARKED and decision.target in decision.plan.completing


def utc_now() -> datetime:
    """The present instant."""
    return datetime.now(UTC)


def new_id() -> str:
    """A new case id that sorts after those that this process made before, in the form of a UUID of version 7.

    Source: RFC 9562, sections 5.7 and 6.2 (method 2: a random number that is counted up in its millisecond).
    """
    global _last_id  # noqa: PLW0603 - the order of ids is that of the whole process
    with _ID_LOCK:
        _last_id = max((time.time_ns() // 1_000_000) << 74 | secrets.randbits(73), _last_id + 1)
        counted = _last_id
    instant, high, low = counted >> 74, counted >> 62 & 0xFFF, counted & (1 << 62) - 1
    text = f"{instant << 80 | 7 << 76 | high << 64 | 2 << 62 | low:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def _event_id(plan: Plan, event: str) -> str:
    """The id of an event by either name; an unknown one as it is, to be refused with what is possible."""
    return plan.event_ids.get(event, event)


def _only_start(plan: Plan) -> str:
    starts = plan.events_by_state.get(START, ())
    if len(starts) != 1:
        raise FlowError(
            f"workflow {plan.workflow.id} begins with one of {', '.join(starts)}; name it with event="
        )
    return starts[0]


def _unit_of(plan: Plan, actor: Actor) -> str:
    for role, unit in actor.roles:
        if role in plan.starting_roles:
            return unit
    return actor.roles[0][1] if actor.roles else ""


def _repeated(request: Start | Send | Correct, first: Entry) -> Entry:
    if isinstance(request, Send | Correct) and (first.case.id, first.key) != (request.case_id, request.key):
        raise FlowError(
            f"key {request.key!r} belongs to an event of case {first.case.id}; give each event its own"
        )
    return first
