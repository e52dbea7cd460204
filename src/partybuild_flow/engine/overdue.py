"""What the clock has to do in one case by an instant: warnings and events of deadlines, each at its own instant.

The same whether it is asked by an event, lazily, or by a sweep over all cases.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final, Protocol

from partybuild_flow.case import CLOCK_ACTOR, Actor, Case, Change, Running
from partybuild_flow.decide import Decision
from partybuild_flow.engine.clock_entries import warned
from partybuild_flow.engine.erasing import erasure
from partybuild_flow.engine.pending import Pending
from partybuild_flow.facts import Plan, World, gather, next_warning
from partybuild_flow.facts.due_plan import ERASING
from partybuild_flow.facts.erasing import erased_names
from partybuild_flow.facts.recurring import acting, wake_after

NO_DATA: Final[Mapping[str, object]] = {}


class Tally:
    """What the clock did: how often it fired and warned, and which deadlines of which cases were refused at last."""

    def __init__(self) -> None:
        self.fired = 0
        self.warned = 0
        self.refused: set[tuple[str, str]] = set()
        self.accepted: set[tuple[str, str]] = set()


class Decides(Protocol):
    """Who decides the clock's events."""

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
        """The decision about an event."""

    def applied(self, decision: Decision, pending: Pending, *, deadline: str | None = None) -> Change:
        """The change that an accepted decision makes."""

    def completed(self, decision: Decision, case: Case, pending: Pending) -> Case:
        """The case after what an accepted event made complete."""


class Overdue:
    """Carries out what the clock has to do, on what is pending. Saves nothing."""

    def __init__(self, decides: Decides, world: World, clock: Callable[[], datetime]) -> None:
        self._decides = decides
        self._world = world
        self._clock = clock

    def caught_up(self, plan: Plan, case: Case, now: datetime, pending: Pending) -> Case:
        """The case after all that the clock had to do by now, in order; what is refused waits for a change of the case."""
        at = wake_after(plan, case, None) if case.deadlines else None
        if at is None or at > now:
            return case
        tally = Tally()
        while at is not None and at <= now:
            # Whatever was to be done before the case last changed was asked for then.
            at = max(at, case.changed_at)
            case = self.acted(plan, case, at, pending, tally)
            at = wake_after(plan, case, at)
        return case

    def acted(self, plan: Plan, case: Case, at: datetime, pending: Pending, tally: Tally) -> Case:
        """The case after what the clock had to do up to one instant, at which it began to have something to do."""
        refused: set[tuple[str, int]] = set()
        while True:
            found = [
                each for each in acting(plan, case, at) if (each[0].deadline, case.revision) not in refused
            ]
            if not found:
                return case
            running, event = found[0]
            instant = max(running.next_at or at, case.changed_at)
            seen = _with(case, running)
            if event is None:
                case = self._warned(plan, seen, running, instant, pending)
                tally.warned += 1
                continue
            if event == ERASING:
                case = self._erased(plan, seen, running.deadline, instant, pending)
                tally.fired += 1
                continue
            decision = self._decides.decided(plan, seen, event, NO_DATA, CLOCK_ACTOR, instant, pending)
            place = (case.id, running.deadline)
            if decision.accepted:
                change = self._decides.applied(decision, pending, deadline=running.deadline)
                pending.add(change)
                case = self._decides.completed(decision, change.entry.case, pending)
                tally.fired += 1
                tally.refused.discard(place)
                tally.accepted.add(place)
            else:
                refused.add((running.deadline, case.revision))
                tally.refused.add(place)
                tally.accepted.discard(place)

    def _erased(self, plan: Plan, case: Case, deadline: str, at: datetime, pending: Pending) -> Case:
        written = plan.workflow.deadlines[deadline]
        names = erased_names(plan, written.erases)
        change = erasure(plan, case, names, written.name, CLOCK_ACTOR, at, self._clock(), deadline=deadline)
        pending.add(change)
        return change.entry.case

    def _warned(self, plan: Plan, case: Case, running: Running, at: datetime, pending: Pending) -> Case:
        due = next(each for each in plan.running_in[case.state] if each.id == running.deadline)
        if due.timing is None:
            raise ValueError(f"{due.id} warns of nothing")
        others = {each.deadline: each for each in case.deadlines}
        place = next_warning(due, due.timing, running, case.data, others)
        step = due.timing.warnings[place].step
        facts = gather(plan, step, case, NO_DATA, CLOCK_ACTOR, at, self._world, pending)
        change = warned(plan, case, due, running, place, facts, self._clock())
        pending.add(change)
        return change.entry.case


def _with(case: Case, running: Running) -> Case:
    """The case with this occurrence of a deadline in the place of the one that it keeps."""
    if running in case.deadlines:
        return case
    kept = (running if each.deadline == running.deadline else each for each in case.deadlines)
    return case._replace(deadlines=tuple(kept))
