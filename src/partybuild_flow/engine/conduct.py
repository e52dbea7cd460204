"""How a request is carried out: overdue deadlines first, then the event, all on what is pending. Saves nothing."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Final

from partybuild_flow.apply import apply, next_due
from partybuild_flow.case import CLOCK_ACTOR, Actor, Case, Entry
from partybuild_flow.decide import GENERATED, Decision, decide
from partybuild_flow.engine.library import Library
from partybuild_flow.engine.pending import Pending
from partybuild_flow.engine.requests import Send, Start
from partybuild_flow.errors import CaseChanged, FlowError
from partybuild_flow.explain import Reason
from partybuild_flow.facts import Plan, Step, UnfitError, World, gather, instant
from partybuild_flow.machine import START

NO_DATA: Final[Mapping[str, object]] = {}
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

    def answer(self, request: Start | Send, pending: Pending) -> Entry | Decision:
        """The entry that a request makes, added to what is pending, or the decision that refuses it.

        Raises:
            CaseChanged: the case is not at the expected revision.
            CaseNotFound: there is no such case.
        """
        if request.key is not None and (first := pending.entry_by_key(request.key)):
            return _repeated(request, first)
        if isinstance(request, Start):
            return self._started(request, pending)
        case = pending.load(request.case_id, fresh=True)
        if request.expected_revision not in (None, case.revision):
            raise CaseChanged(case.id, int(request.expected_revision or 0), case.revision)
        tried = Pending(pending)
        decision = self.decision(case, request.event, request.data, request.by, request.at, tried)
        if not decision.accepted:
            return decision
        change = apply(decision, self._clock(), key=request.key)
        tried.add(change)
        # A refused clock event is asked again now that the case has changed.
        self._catch_up(decision.plan, change.entry.case, decision.facts.now, tried)
        for each in tried.changes:
            pending.add(each)
        return change.entry

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
        return self._decided(plan, case, identity, data, by, max(now, case.changed_at), pending)

    def caught_up(self, case: Case, at: datetime | None, pending: Pending) -> Case:
        """The case after its overdue deadlines have fired, added to what is pending."""
        return self._catch_up(self._library.of(case.definition), case, self._instant(at), pending)

    def _started(self, request: Start, pending: Pending) -> Entry | Decision:
        plan = self._library.current(request.workflow)
        workflow = plan.workflow
        event = _event_id(plan, request.event) if request.event else _only_start(plan)
        now = self._instant(request.at)
        unit = _unit_of(plan, request.by) if request.unit is None else request.unit
        identity = request.id or self._ids()
        case = Case(identity, workflow.id, workflow.hash, START, unit, 0, {}, {}, (), request.by.id, now, "")
        decision = self._decided(plan, case, event, request.data, request.by, now, pending)
        if not decision.accepted:
            return decision
        change = apply(decision, self._clock(), key=request.key)
        pending.add(change)
        return change.entry

    def _catch_up(self, plan: Plan, case: Case, now: datetime, pending: Pending) -> Case:
        """Overdue deadlines fire at their due instant, earliest first; a refused one waits for a change of the case."""
        refused: set[tuple[str, int]] = set()
        while case.deadlines:
            overdue = [
                each for each in next_due(case, plan, now) if (each[0].deadline, case.revision) not in refused
            ]
            if not overdue:
                break
            running, event = overdue[0]
            at = max(running.due_at or now, case.changed_at)
            decision = self._decided(plan, case, event, NO_DATA, CLOCK_ACTOR, at, pending)
            if decision.accepted:
                change = apply(decision, self._clock(), deadline=running.deadline)
                pending.add(change)
                case = change.entry.case
            else:
                refused.add((running.deadline, case.revision))
        return case

    def _decided(
        self,
        plan: Plan,
        case: Case,
        event: str,
        data: Mapping[str, object],
        by: Actor,
        now: datetime,
        pending: Pending,
    ) -> Decision:
        step = plan.steps.get((case.state, event), NO_STEP)
        return decide(plan, case, event, gather(plan, step, case, data, by, now, self._world, pending))

    def _instant(self, at: datetime | None) -> datetime:
        try:
            return self._clock() if at is None else instant(at) or self._clock()
        except UnfitError as error:
            raise FlowError(f"{at!r} is no instant") from error


def utc_now() -> datetime:
    """The present instant."""
    return datetime.now(UTC)


def new_id() -> str:
    """A new case id that sorts by the millisecond it was made in, in the form of a UUID of version 7.

    Source: RFC 9562, section 5.7.
    """
    number = (time.time_ns() // 1_000_000) << 80 | secrets.randbits(80)
    number = number & ~(0xF << 76) | 7 << 76
    number = number & ~(0x3 << 62) | 2 << 62
    text = f"{number:032x}"
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


def _repeated(request: Start | Send, first: Entry) -> Entry:
    if isinstance(request, Send) and (first.case.id, first.key) != (request.case_id, request.key):
        raise FlowError(
            f"key {request.key!r} belongs to an event of case {first.case.id}; give each event its own"
        )
    return first
