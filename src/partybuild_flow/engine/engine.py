"""What a program that embeds the engine calls. The hot path stands here; the rest is carried out by `Conduct`."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, NoReturn, Self

from partybuild_flow.apply import apply, next_due, refusal, replayed
from partybuild_flow.case import CLOCK, Actor, Case, Entry
from partybuild_flow.decide import Decision, decide
from partybuild_flow.engine.conduct import NO_DATA, Conduct, new_id, utc_now
from partybuild_flow.engine.forms import Possible, possible
from partybuild_flow.engine.library import Library, Source
from partybuild_flow.engine.pending import Pending
from partybuild_flow.engine.requests import Send, Start
from partybuild_flow.errors import CaseChanged, CaseNotFound, EventRefused, FlowError
from partybuild_flow.facts import MASK, Look, Plan, World, gather, instant, masked, may_read
from partybuild_flow.store import Query, Store, Verification, open_store
from partybuild_flow.units import PathUnits, Units

if TYPE_CHECKING:
    from partybuild_flow.definition import Workflow

TRIES: Final = 20
"""How often a decision is made anew because another writer was faster."""


class Engine:
    """Lifecycles over one store. Safe to share between threads; a context manager; not to be used in a forked child.

    `clock` gives the aware present instant, `ids` a new case id; both are kept with what they
    gave, so that a replay of the journal needs neither.
    """

    def __init__(
        self,
        store: Store,
        workflows: Source,
        *,
        units: Units | None = None,
        look_ups: Mapping[str, Look] | None = None,
        clock: Callable[[], datetime] | None = None,
        ids: Callable[[], str] | None = None,
    ) -> None:
        self._store = store
        self._world = World(units or PathUnits(), dict(look_ups or {}))
        self._library = Library(workflows, store)
        self._plans = self._library.plans
        self._clock = clock or utc_now
        self._conduct = Conduct(self._library, self._world, self._clock, ids or new_id)
        self._process = os.getpid()

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
        if self._process == os.getpid():
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
        if self._process != os.getpid():
            self._refuse_process()
        if key is None and at is None and expected_revision is None:
            entry = self._sent_plainly(case_id, event, data, by)
            if entry is not None:
                return entry
        return self._one(Send(case_id, event, data, by, key, expected_revision, at))

    def send_many(self, requests: Iterable[Start | Send]) -> list[Entry | Decision]:
        """For each request, in order, its entry or the decision that refused it; all in one transaction.

        A refused event does not keep its neighbours from happening.
        """
        wanted = list(requests)
        self._checked_process()
        for _ in range(TRIES):
            pending = Pending(self._store)
            answers = [self._conduct.answer(request, pending) for request in wanted]
            try:
                saved = {_place(entry): entry for entry in self._store.save(pending.changes)}
            except CaseChanged:
                self._look_again(wanted)
                continue
            return [each if isinstance(each, Decision) else saved.get(_place(each), each) for each in answers]
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
        return self._conduct.decision(case, event, data, by, at, pending)

    def possible(self, case_id: str, *, by: Actor, at: datetime | None = None) -> tuple[Possible, ...]:
        """The events of the case's state now: each with its form, or with the reasons why not. Those of the clock are left out."""
        pending = Pending(self._store)
        self._checked_process()
        case = pending.load(case_id, fresh=True)
        plan = self._library.of(case.definition)
        case = self._conduct.caught_up(case, at, pending)
        found = []
        for event in plan.events_by_state.get(case.state, ()):
            if any(each.demands != {CLOCK} for each in plan.steps[case.state, event].candidates):
                decision = self._conduct.decision(case, event, NO_DATA, by, at, pending)
                found.append(possible(plan, event, decision))
        return tuple(found)

    def case(self, case_id: str, *, by: Actor | None = None) -> Case:
        """The case as it stands, personal values masked for a reader without the right. Raises CaseNotFound."""
        self._checked_process()
        return self._masked(self._readable(self._store.load(case_id, fresh=True), by), by)

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
            None if wanted is None else tuple(self._leaves(wanted, plan)),
            unit,
            None if due_before is None else instant(due_before),
        )
        found = (case for case in self._store.cases(query) if self._may_read(case, by))
        return [self._masked(case, by) for case in found]

    def history(self, case_id: str, *, by: Actor | None = None) -> list[Entry]:
        """The entries of a case, oldest first, each with the case as it left it. Raises CaseNotFound."""
        self._checked_process()
        self._readable(self._store.load(case_id, fresh=True), by)
        case: Case | None = None
        entries = []
        for entry in self._store.history(case_id):
            plan = self._library.of(entry.case.definition)
            case = replayed(case, entry, plan.remembered)
            entries.append(self._masked_entry(plan, entry._replace(case=case), by))
        return entries

    def verify(self) -> Verification:
        """The whole journal read and checked, with one digest of all heads to keep outside."""
        self._checked_process()
        return self._store.verify()

    def _sent_plainly(self, case_id: str, event: str, data: Mapping[str, object], by: Actor) -> Entry | None:
        """The hot path: six hops on what this process knows of the case.

        None for whatever is out of the ordinary, refusals too: that is looked at anew.
        """
        case = self._store.load(case_id)
        plan = self._plans.get(case.definition) or self._library.of(case.definition)
        way = plan.ways.get((case.state, event))
        recorded_at = self._clock()
        now = recorded_at if recorded_at >= case.changed_at else case.changed_at
        if way is None or (case.deadlines and next_due(case, plan, now)):
            return None
        facts = gather(plan, way[1], case, data, by, now, self._world, self._store)
        decision = decide(plan, case, way[0], facts)
        if decision.transition is None:
            return None
        try:
            return self._store.save((apply(decision, recorded_at),))[0]
        except CaseChanged:
            return None

    def _one(self, request: Start | Send) -> Entry:
        self._checked_process()
        for _ in range(TRIES):
            pending = Pending(self._store)
            answer = self._conduct.answer(request, pending)
            if isinstance(answer, Decision):
                self._keep_refusal(answer)
                raise EventRefused(answer)
            if not pending.changes:
                return answer
            try:
                saved = self._store.save(pending.changes)
            except CaseChanged:
                self._look_again([request])
                continue
            return next(entry for entry in saved if _place(entry) == _place(answer))
        raise FlowError(f"other writers were faster {TRIES} times; send the event again")

    def _keep_refusal(self, decision: Decision) -> None:
        """Journal a refusal where the transition that refused says so."""
        number = decision.reasons[0].transition
        workflow = decision.plan.workflow
        if number and decision.case.revision and workflow.transitions[number - 1].journal_refused:
            self._store.save((refusal(decision, self._clock()),))

    def _look_again(self, requests: Iterable[Start | Send]) -> None:
        for case_id in {request.case_id for request in requests if isinstance(request, Send)}:
            self._store.load(case_id, fresh=True)

    def _checked_process(self) -> None:
        if self._process != os.getpid():
            self._refuse_process()

    def _refuse_process(self) -> NoReturn:
        raise FlowError("this engine was opened in another process; open one of its own in a forked child")

    def _may_read(self, case: Case, by: Actor | None) -> bool:
        return may_read(self._library.of(case.definition).workflow, case, by, self._world.units)

    def _readable(self, case: Case, by: Actor | None) -> Case:
        if not self._may_read(case, by):
            raise CaseNotFound(case.id)
        return case

    def _masked(self, case: Case, by: Actor | None) -> Case:
        plan = self._library.of(case.definition)
        if by is None or not plan.personal:
            return case
        return case._replace(data=masked(plan.workflow, case, case.data, by, self._world.units))

    def _masked_entry(self, plan: Plan, entry: Entry, by: Actor | None) -> Entry:
        if by is None or not plan.personal:
            return entry
        seen = masked(plan.workflow, entry.case, entry.case.data, by, self._world.units)
        if seen == entry.case.data:
            return entry
        units, workflow = self._world.units, plan.workflow
        return entry._replace(
            case=entry.case._replace(data=seen),
            facts=masked(workflow, entry.case, entry.facts, by, units),
            settings=masked(workflow, entry.case, entry.settings, by, units),
            effects=tuple(each._replace(text=MASK) for each in entry.effects),
        )

    def _leaves(self, states: Iterable[str], plan: Plan | None) -> Iterable[str]:
        plans = [plan.workflow] if plan else self._library.workflows
        for wanted in states:
            known = [
                leaf
                for workflow in plans
                for state in workflow.states.values()
                if wanted in (state.id, state.name)
                for leaf in workflow.leaves(state.id)
            ]
            if not known:
                raise FlowError(f"there is no state {wanted!r}")
            yield from known


def _place(entry: Entry) -> tuple[str, int]:
    return entry.case.id, entry.case.revision
