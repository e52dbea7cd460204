"""A sweep over all cases: what was sent before, deadlines where a calendar changed, then everything that is overdue.

In order of the instants, in bounded transactions. Whatever is saved is done: a sweep that was interrupted
goes on with the next call, and other writers meanwhile only make it decide anew.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from partybuild_flow.engine.clock_entries import recomputed
from partybuild_flow.engine.library import Library
from partybuild_flow.engine.outbox import Carrier
from partybuild_flow.engine.overdue import Overdue as Acts
from partybuild_flow.engine.overdue import Tally
from partybuild_flow.engine.pending import TRIES, Pending
from partybuild_flow.engine.recompute import Counted, counted_by, keep
from partybuild_flow.errors import CaseChanged, CaseNotFound, FlowError
from partybuild_flow.facts import Plan
from partybuild_flow.facts.recurring import wake_after
from partybuild_flow.store import Overdue, Store

if TYPE_CHECKING:
    from partybuild_flow.calendar import Calendar

_LAST: Final = "\U0010ffff"
"""After every id."""

T = TypeVar("T")
R = TypeVar("R")


class CaughtUp(NamedTuple):
    """What a sweep did: events fired and refused, warnings given, cases counted anew, events carried out for others."""

    fired: int = 0
    refused: int = 0
    warned: int = 0
    recomputed: int = 0
    carried_out: int = 0


Told = Callable[[CaughtUp], None]
"""Is told after each transaction what has been done so far."""


class CatchUp:
    """One sweep, at one instant."""

    def __init__(
        self,
        store: Store,
        library: Library,
        acts: Acts,
        carrier: Carrier,
        clock: Callable[[], datetime],
        now: datetime,
        batch: int,
        told: Told | None,
    ) -> None:
        self._store = store
        self._library = library
        self._acts = acts
        self._carrier = carrier
        self._clock = clock
        self._now = now
        self._batch = batch
        self._told = told
        self._done = CaughtUp()
        self._refused: set[tuple[str, str]] = set()
        self._put_off = False

    def run(self) -> CaughtUp:
        """What was done, until nothing is left to do by now."""
        self._carry_out(everything=True)
        for calendar, definitions in self._calendars().values():
            self._count_anew(calendar, definitions)
        while True:
            before, self._put_off = self._done.carried_out, False
            self._sweep()
            # What was carried out may have begun, or moved, something that is overdue as well.
            if not self._put_off and self._done.carried_out == before:
                return self._done

    def _sweep(self) -> None:
        after: Overdue | None = None
        while True:
            places = self._store.overdue(self._now, after, self._batch)
            if not places:
                return
            # A last page may go on to the end; what a full one brings on after it is found by the next.
            full = len(places) == self._batch
            until = places[-1] if full else Overdue(self._now, _LAST)
            self._saved(places, partial(self._act, until), self._count)
            after = until
            self._carry_out()
            if not full:
                return

    def _carry_out(self, *, everything: bool = False) -> None:
        carried_out = self._carrier.carry_out(everything=everything)
        if carried_out:
            self._tell(carried_out=carried_out)
        if self._carrier.unfinished:
            raise _overtaken()

    def _act(self, until: Overdue, places: Sequence[Overdue], pending: Pending) -> Tally:
        """Everything that the clock has to do at these places and, in these cases, up to the last of them.

        A case to which something is sent meanwhile is put off until that is carried out, which comes first.
        """
        tally = Tally()
        sent_to: set[str] = set()
        waiting = list(places)
        heapify(waiting)
        while waiting:
            at, case_id = heappop(waiting)
            if case_id in sent_to:
                self._put_off = True
                continue
            try:
                case = pending.load(case_id, fresh=True)
            except CaseNotFound:
                continue
            plan = self._library.of(case.definition)
            since = wake_after(plan, case, None)
            if since is not None and since <= at:
                known = len(pending.changes)
                case = self._acts.acted(plan, case, max(at, case.changed_at), pending, tally)
                sent_to |= {each.case_id for change in pending.changes[known:] for each in change.entry.sends}
                since = wake_after(plan, case, max(at, case.changed_at))
            if since is not None and Overdue(since, case_id) <= until:
                heappush(waiting, Overdue(since, case_id))
        return tally

    def _count(self, tally: Tally) -> None:
        self._refused = (self._refused | tally.refused) - tally.accepted
        self._tell(fired=tally.fired, warned=tally.warned)

    def _count_anew(self, calendar: Calendar, definitions: Sequence[str]) -> None:
        counted = counted_by(self._store, calendar)
        if counted == Counted(calendar.hash):
            return
        after = counted.after if counted.anew == calendar.hash else ""
        while ids := self._store.open_cases(definitions, after, self._batch):
            self._saved(ids, self._recompute, lambda count: self._tell(recomputed=count))
            after = ids[-1]
            keep(self._store, calendar, Counted(counted.by, calendar.hash, after))
        keep(self._store, calendar, Counted(calendar.hash))

    def _recompute(self, ids: Sequence[str], pending: Pending) -> int:
        count = 0
        for case_id in ids:
            case = pending.load(case_id, fresh=True)
            now = max(self._now, case.changed_at)
            change = recomputed(self._library.of(case.definition), case, now, self._clock())
            if change is not None:
                pending.add(change)
                count += 1
        return count

    def _saved(
        self, items: Sequence[T], decide: Callable[[Sequence[T], Pending], R], count: Callable[[R], None]
    ) -> None:
        """Decide about items and save all in one transaction; where another writer was faster, one by one."""
        for _ in range(TRIES):
            pending = Pending(self._store)
            decided = decide(items, pending)
            try:
                if pending.changes:
                    self._store.save(pending.changes, pending.read)
            except CaseChanged:
                if len(items) > 1:
                    for item in items:
                        self._saved((item,), decide, count)
                    return
                continue
            count(decided)
            return
        raise _overtaken()

    def _tell(self, *, fired: int = 0, warned: int = 0, recomputed: int = 0, carried_out: int = 0) -> None:
        done = self._done
        self._done = CaughtUp(
            done.fired + fired,
            len(self._refused),
            done.warned + warned,
            done.recomputed + recomputed,
            done.carried_out + carried_out,
        )
        if self._told is not None:
            self._told(self._done)

    def _calendars(self) -> dict[str, tuple[Calendar, list[str]]]:
        """The calendars that definitions in the store name, each with these definitions."""
        found: dict[str, tuple[Calendar, list[str]]] = {}
        for definition in self._store.definitions():
            plan = self._plan(definition)
            if plan is not None and plan.calendar is not None:
                found.setdefault(plan.calendar.id, (plan.calendar, []))[1].append(definition)
        return found

    def _plan(self, definition: str) -> Plan | None:
        """The plan of a definition that may name a calendar; others need not be read."""
        known = self._library.plans.get(definition)
        if known is not None:
            return known
        texts = self._store.definition(definition).values()
        names_one = any("calendar" in text or "日历" in text for text in texts)
        return self._library.of(definition) if names_one else None


def _overtaken() -> FlowError:
    return FlowError(f"other writers were faster {TRIES} times; catch up again")
