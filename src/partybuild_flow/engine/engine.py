"""What a program that embeds the engine calls. The hot path stands here; the rest is carried out by `Conduct`."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from contextlib import nullcontext
from datetime import datetime
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Self
from weakref import WeakSet

from partybuild_flow.apply import apply, is_overdue
from partybuild_flow.case import Actor, Case, Change, Entry
from partybuild_flow.decide import Decision, decide
from partybuild_flow.engine.calendars import CalendarSource
from partybuild_flow.engine.catch_up import CatchUp, CaughtUp, Told
from partybuild_flow.engine.conduct import Conduct, may_complete, new_id, utc_now
from partybuild_flow.engine.forms import Possible
from partybuild_flow.engine.library import Library, Source, library_over
from partybuild_flow.engine.outbox import Carrier
from partybuild_flow.engine.overdue import NO_DATA
from partybuild_flow.engine.pending import TRIES, Pending
from partybuild_flow.engine.reading import Reading
from partybuild_flow.engine.requests import Correct, Send, Start
from partybuild_flow.engine.sight import Sight
from partybuild_flow.errors import CaseChanged, CaseNotFound, EventRefused, FlowError
from partybuild_flow.facts import Look, Plan, World, gather, instant, is_hidden_from
from partybuild_flow.facts.correcting import reason_of
from partybuild_flow.facts.gather import draw_lot
from partybuild_flow.ordinary import ordinary_change
from partybuild_flow.store import Store, open_store
from partybuild_flow.units import PathUnits, Units

if TYPE_CHECKING:
    from partybuild_flow.definition import Workflow

_ENGINES: Final[WeakSet[Engine]] = WeakSet()
"""Those of this process; a forked child may not use what it finds here."""


class Engine(Reading):
    """Lifecycles over one store. Safe to share between threads; a context manager; not to be used in a forked child.

    `clock` gives the aware present instant, `ids` a new case id, `lots` a random whole number; what
    they gave is kept, so that a replay of the journal needs none of them.
    """

    def __init__(
        self,
        store: Store,
        workflows: Source | Library,
        *,
        units: Units | None = None,
        look_ups: Mapping[str, Look] | None = None,
        clock: Callable[[], datetime] | None = None,
        ids: Callable[[], str] | None = None,
        lots: Callable[[], int] | None = None,
        parameters: Mapping[str, str] | None = None,
        calendars: CalendarSource | None = None,
    ) -> None:
        self._store = store
        self._world = World(units or PathUnits(), dict(look_ups or {}), lots or draw_lot)
        self._library = library_over(store, workflows, parameters, calendars)
        self._plans = self._library.plans
        self._ways = self._library.ways
        self._sight = Sight(self._library, self._world.units)
        self._clock = clock or utc_now
        self._ids = ids or new_id
        self._conduct = Conduct(self._library, self._world, self._clock, self._ids)
        self._carrier = Carrier(store, self._conduct, self._clock)
        self._held_up = self._carrier.unfinished
        self._disowned = False
        _ENGINES.add(self)

    @classmethod
    def open(cls, url: str, workflows: Source = "workflows", **handed_in: Any) -> Self:
        """An engine over the store at a URL: `memory://` or `sqlite:///cases.db`.

        `workflows` is a folder of workflows, one workflow's folder, or several; `handed_in` are
        the keywords of the constructor.

        Raises:
            WorkflowInvalid: a definition has problems.
            StoreError: the store cannot be opened.
        """
        store = open_store(url)
        try:
            return cls(store, workflows, **handed_in)
        except BaseException:
            store.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the store."""
        if not self._disowned:
            self._store.close()

    @property
    def workflows(self) -> tuple[Workflow, ...]:
        """The definitions that new cases use, by id."""
        return self._library.workflows

    def workflow_of(self, case: Case) -> Workflow:
        """The definition that a case began with."""
        return self._library.of(case.definition).workflow

    def start(
        self,
        workflow: str,
        data: Mapping[str, object] = NO_DATA,
        *,
        by: Actor,
        event: str | None = None,
        unit: str | None = None,
        key: str | None = None,
        at: datetime | None = None,
    ) -> Entry:
        """The first entry of a new case. `event` may be left out where only one begins a case.

        The case belongs to `unit`; without one, to the unit at which the actor holds a role that
        may begin it, else to the actor's first unit.

        Raises:
            EventRefused: the case may not begin; nothing was written.
        """
        return self._one(Start(workflow, data, by, event, unit, key, at))

    def send(
        self,
        case_id: str,
        event: str,
        data: Mapping[str, object] = NO_DATA,
        *,
        by: Actor,
        key: str | None = None,
        expected_revision: int | None = None,
        at: datetime | None = None,
    ) -> Entry:
        """The entry of an accepted event, durable on return; the case's own overdue deadlines fire first.

        `key` makes a repeated call return the first entry. `at` is when the event occurred, if
        not now; naive instants are meant in Asia/Shanghai.

        Raises:
            EventRefused: the event may not happen; nothing was written.
            CaseChanged: the case is not at `expected_revision`.
            CaseNotFound: there is no such case.
        """
        if self._held_up:
            self._go_on()
        if key is None and at is None and expected_revision is None:
            entry = self._sent_plainly(case_id, event, data, by)
            if entry is not None:
                return entry
        return self._one(Send(case_id, event, data, by, key, expected_revision, at))

    def send_many(self, requests: Iterable[Start | Send], *, dry_run: bool = False) -> list[Entry | Decision]:
        """For each request, in order, its entry or the decision that refused it; all in one transaction.

        A refused event does not keep its neighbours from happening. A dry run writes nothing.
        """
        wanted = list(requests)
        if self._held_up:
            self._go_on()
        for _ in range(TRIES):
            pending = Pending(self._store)
            answers = [self._conduct.answer(request, pending) for request in wanted]
            if dry_run:
                return self._answered(wanted, answers)
            try:
                saved = self._saved(pending)
            except CaseChanged:
                self._look_again(wanted)
                continue
            kept = (each if isinstance(each, Decision) else saved.get(_place(each), each) for each in answers)
            return self._answered(wanted, kept)
        raise FlowError(f"other writers were faster {TRIES} times; send the events again")

    def ask(
        self,
        case_id: str,
        event: str,
        data: Mapping[str, object] = NO_DATA,
        *,
        by: Actor,
        at: datetime | None = None,
    ) -> Decision:
        """The decision that `send` would make now; nothing is changed."""
        pending = Pending(self._store)
        self._checked_process()
        case = pending.load(case_id, fresh=True)
        self._conduct.checked(case, by)
        return self._sight.decision(self._conduct.decision(case, event, data, by, at, pending), by)

    def correct(
        self,
        case_id: str,
        data: Mapping[str, object],
        *,
        reason: str,
        by: Actor,
        key: str | None = None,
        expected_revision: int | None = None,
        at: datetime | None = None,
    ) -> Entry:
        """The entry of corrected fields, with the reason in its facts; deadlines are recomputed, the state stays.

        Raises:
            EventRefused: the workflow lets nobody, or not this actor, correct these fields; no reason is
                given; a value does not fit. Nothing was written.
            CaseChanged: the case is not at `expected_revision`.
            CaseNotFound: there is no such case.
        """
        return self._one(Correct(case_id, data, by, reason, key, expected_revision, at))

    def erase(
        self,
        case_id: str,
        *,
        fields: Iterable[str] | None = None,
        reason: str,
        by: Actor,
        at: datetime | None = None,
    ) -> Entry | None:
        """The entry that erases personal values of a case everywhere, with its reason; None if none are left.

        Without `fields`, all that is personal. Texts of notices and what was sent to other cases go as well;
        the journal stays verifiable. Whoever erases must hold a role over the case.

        Raises:
            CaseNotFound: there is no such case, or none over which this actor holds a role.
            FlowError: one of the fields is not personal, or no reason is given.
            StoreError: another program reads the database and keeps its log from being emptied.
        """
        self._checked_process()
        told = reason_of(reason)
        if told is None:
            raise FlowError("values are erased for a reason; write one")
        if self._held_up:
            self._go_on()
        for _ in range(TRIES):
            pending = Pending(self._store)
            case = pending.load(case_id, fresh=True)
            if not self._sight.governs(case, by):
                raise CaseNotFound(case_id)
            change = self._conduct.erased(case, fields, told, by, at, pending)
            try:
                saved = self._saved(pending)
            except CaseChanged:
                continue
            self._store.purge()
            return saved[_place(change.entry)] if change is not None else None
        raise FlowError(f"other writers were faster {TRIES} times; erase again")

    def possible(self, case_id: str, *, by: Actor, at: datetime | None = None) -> tuple[Possible, ...]:
        """The events of the case's state now: each with its form, or with the reasons why not. Those that no person sends are left out."""
        pending = Pending(self._store)
        self._checked_process()
        case = self._conduct.checked(pending.load(case_id, fresh=True), by)
        return self._conduct.possible(case, by, at, pending)

    def catch_up(
        self, now: datetime | None = None, *, batch: int = 500, told: Told | None = None
    ) -> CaughtUp:
        """What was overdue in all cases, done in order, so many cases a transaction; `told` hears of each.

        Deadlines are counted anew first where a calendar has changed. May be interrupted and called again.
        """
        self._checked_process()
        at = instant(now) or self._clock()
        acts, carrier = self._conduct.overdue, self._carrier
        done = CatchUp(self._store, self._library, acts, carrier, self._clock, at, batch, told).run()
        self._store.purge()
        return done

    def _sent_plainly(self, case_id: str, event: str, data: Mapping[str, object], by: Actor) -> Entry | None:
        """The hot path: the six hops on what this process knows of the case, in one stride where that will do.

        None for whatever is out of the ordinary, refusals too: that is looked at anew.
        """
        store = self._store
        case = store.load(case_id)
        definition, state, changed_at = case.definition, case.state, case.changed_at
        plan = self._plans.get(definition) or self._library.of(definition)
        recorded_at = self._clock()
        now = recorded_at if recorded_at >= changed_at else changed_at
        if case.deadlines and is_overdue(case, now):
            return None
        if plan.concealed and is_hidden_from(plan, case, by, self._world.units):
            return None
        way = self._ways.get((definition, state, event))
        change = None
        if way is not None:
            change = ordinary_change(plan, way, case, data, by, self._world.units, now, recorded_at)
        if change is None:
            change = self._hops(plan, case, event, data, by, now, recorded_at)
        if change is None:
            return None
        entry = change.entry
        if entry.deadlines is not None and is_overdue(entry.case, now):
            # What is due at once happens in the same call.
            return None
        try:
            entry = store.save((change,))[0]
        except CaseChanged:
            return None
        if entry.sends:
            self._go_on()
        return self._sight.returned(entry) if plan.seals else entry

    def _hops(
        self,
        plan: Plan,
        case: Case,
        event: str,
        data: Mapping[str, object],
        by: Actor,
        now: datetime,
        recorded_at: datetime,
    ) -> Change | None:
        found = plan.ways.get((case.state, event))
        if found is None:
            return None
        event, step = found
        if "lot" in step.moments:
            # A lot is drawn once, and this may not be the last word.
            return None
        decision = decide(
            plan, case, event, gather(plan, step, case, data, by, now, self._world, self._store)
        )
        if decision.transition is None or (plan.collects and may_complete(decision)):
            return None
        return apply(decision, recorded_at, ids=self._ids)

    def _one(self, request: Start | Send | Correct) -> Entry:
        if self._held_up:
            self._go_on()
        for done in range(TRIES):
            # Where others were faster more than once, they wait until this event has happened.
            with self._store.alone() if done > 1 else nullcontext():
                pending = Pending(self._store)
                answer = self._conduct.answer(request, pending)
                try:
                    saved = self._saved(pending)
                except CaseChanged:
                    self._look_again([request])
                    continue
            if isinstance(answer, Decision):
                raise EventRefused(self._sight.refused(answer, request.by))
            return self._sight.returned(saved.get(_place(answer), answer))
        raise FlowError(f"other writers were faster {TRIES} times; send the event again")

    def _answered(
        self, wanted: Iterable[Start | Send], answers: Iterable[Entry | Decision]
    ) -> list[Entry | Decision]:
        pairs = zip(wanted, answers, strict=True)
        return [self._sight.answer(answer, request.by) for request, answer in pairs]

    def _saved(self, pending: Pending) -> dict[tuple[str, int], Entry]:
        if not pending.changes:
            return {}
        saved = self._store.save(pending.changes, pending.read)
        if any(entry.sends for entry in saved):
            self._go_on()
        return {_place(entry): entry for entry in saved}

    def _go_on(self) -> None:
        """Carry out what is sent to other cases, and what was left over of it."""
        self._checked_process()
        self._carrier.carry_out()
        self._held_up = self._carrier.unfinished

    def _look_again(self, requests: Iterable[Start | Send | Correct]) -> None:
        for case_id in {request.case_id for request in requests if not isinstance(request, Start)}:
            self._store.load(case_id, fresh=True)


def _disown() -> None:
    for engine in _ENGINES:
        engine._disowned = engine._held_up = True


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_disown)


def _place(entry: Entry) -> tuple[str, int]:
    return entry.case.id, entry.case.revision
