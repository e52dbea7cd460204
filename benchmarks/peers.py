"""The lifecycle in python-statemachine and in sismic, as their users would write it.

One chart or interpreter a case, kept in memory between events: the kindest way to use them.
Guards, roles, data, table and record are the same; `peer_cases.py` has what both need.
"""

# mypy: disable-error-code="misc"
# ruff: noqa: D102
# Where the peers are not installed their classes are Any, and one of them is subclassed. The names of
# guards and actions say what they do; what the libraries hand to them has no type.

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from sismic.interpreter import Interpreter
from sismic.io import import_from_yaml
from statemachine import Event, State, StateChart

from benchmarks import floor
from benchmarks.floor import Data, Entry, RefusedError
from benchmarks.peer_cases import Application, validated
from partybuild_flow.case import CLOCK_ACTOR, Actor

SISMIC_CHART: Final = import_from_yaml(filepath=str(Path(__file__).parent / "grant.sismic.yaml"))


class GrantChart(StateChart[Any]):
    """The lifecycle as a chart of python-statemachine. Events bring `inputs`, `by` and `now`."""

    allow_event_without_transition = False
    catch_errors_as_events = False

    draft = State(initial=True)

    class under_review(State.Compound):  # noqa: N801 - a state is named like a state
        """The states in which the handling time runs."""

        received = State(initial=True)
        supplementing = State()
        assessed = State()

    approved = State(final=True)
    rejected = State(final=True)

    submit = draft.to(under_review.received, validators="applicant_only", cond="sufficient_and_ahead")
    return_ = Event(
        under_review.received.to(under_review.supplementing, validators="clerk_only", cond="returnable"),
        id="return",
    )
    supply = under_review.supplementing.to(
        under_review.received, validators="applicant_only", cond="within_amounts"
    )
    assess = under_review.received.to(
        under_review.assessed, validators="assessor_only", cond="visited_enough"
    )
    award = (
        under_review.assessed.to(approved, validators="approver_only", cond=["may_be_awarded", "granted"])
        | under_review.assessed.to(rejected, validators="approver_only", cond=["may_be_awarded", "refused"])
        | under_review.assessed.to(
            under_review.received, validators="approver_only", cond=["may_be_awarded", "reconsidered"]
        )
    )
    withdraw = under_review.to(draft, validators="applicant_only")
    lapse = under_review.to(draft)

    def applicant_only(self, event: Any, by: Actor) -> None:
        self.model.require_role(str(event), by)

    clerk_only = assessor_only = approver_only = applicant_only

    def sufficient_and_ahead(self, inputs: Data, now: datetime) -> bool:
        asked = self.model.data.get("amount")
        return asked is not None and asked >= floor.SMALLEST and inputs["begins"] > floor.today_at(now)

    def returnable(self) -> bool:
        return bool(self.model.returns < floor.LIMIT_OF_RETURNS)

    def within_amounts(self, inputs: Data) -> bool:
        return bool(floor.SMALLEST <= inputs["amount"] <= floor.LARGEST)

    def visited_enough(self, inputs: Data) -> bool:
        return bool(inputs["visits"] >= 1 and (inputs["score"] < 80 or inputs["visits"] >= 2))

    def may_be_awarded(self, by: Actor, now: datetime) -> bool:
        return bool(self.model.may_be_awarded(by, now))

    def granted(self) -> bool:
        return bool(self.model.outcome() == "grant")

    def refused(self) -> bool:
        return bool(self.model.outcome() == "refuse")

    def reconsidered(self) -> bool:
        return bool(self.model.outcome() == "reconsider")

    def on_enter_under_review(self, now: datetime) -> None:
        self.model.run_deadline(now)

    def on_exit_under_review(self) -> None:
        self.model.stop_deadline()

    def after_transition(
        self, *, event: Any, target: Any, inputs: Data, by: Actor, now: datetime, due: datetime | None = None
    ) -> None:
        self.model.record(str(event), target.id, inputs, by, now, due=due)


class PeerDesk(ABC):
    """All cases of one library with their journal. Called like the floor."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.clock = clock
        self.journal: list[Entry] = []
        self.cases: dict[str, Application] = {}

    def start(self, data: Data, by: Actor) -> Entry:
        """Begins a case in its initial state.

        Raises:
            RefusedError: The actor is no applicant, or the data is not as it must be.
        """
        now = self.clock()
        case = Application(f"c-{len(self.cases) + 1}", floor.unit_of_applicant(by), self.journal)
        inputs = validated("apply", data)
        self._build(case)
        self.cases[case.id] = case
        case.record("apply", "draft", inputs, by, now)
        return self.journal[-1]

    def send(self, case_id: str, event: str, data: Data, by: Actor) -> Entry:
        """Decides an event; a passed deadline fires first.

        Raises:
            RefusedError: The event may not happen now.
        """
        now = self.clock()
        case = self.cases[case_id]
        if case.due_at is not None and case.due_at <= now:
            self._fire(case_id, "lapse", inputs={}, by=CLOCK_ACTOR, now=now, due=case.due_at)
        self._fire(case_id, event, inputs=validated(event, data), by=by, now=now)
        return self.journal[-1]

    @abstractmethod
    def _build(self, case: Application) -> None:
        """Makes the library's machine of a new case."""

    @abstractmethod
    def _fire(self, case_id: str, event: str, **parameters: Any) -> None:
        """Lets the library decide and carry out an event."""


class StatemachineDesk(PeerDesk):
    """Cases on python-statemachine."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        super().__init__(clock)
        self._charts: dict[str, GrantChart] = {}

    def _build(self, case: Application) -> None:
        self._charts[case.id] = GrantChart(case)

    def _fire(self, case_id: str, event: str, **parameters: Any) -> None:
        try:
            self._charts[case_id].send(event, **parameters)
        except GrantChart.TransitionNotAllowed as refusal:
            raise RefusedError(str(refusal)) from refusal


class SismicDesk(PeerDesk):
    """Cases on sismic."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        super().__init__(clock)
        self._interpreters: dict[str, Interpreter] = {}
        self._names: Mapping[str, object] = {
            "smallest": floor.SMALLEST,
            "largest": floor.LARGEST,
            "limit_of_returns": floor.LIMIT_OF_RETURNS,
            "today_at": floor.today_at,
        }

    def _build(self, case: Application) -> None:
        interpreter = Interpreter(SISMIC_CHART, initial_context={**self._names, "case": case})
        interpreter.execute_once()
        self._interpreters[case.id] = interpreter

    def _fire(self, case_id: str, event: str, **parameters: Any) -> None:
        step = self._interpreters[case_id].queue(event, **parameters).execute_once()
        if step is None or not step.transitions:
            raise RefusedError(f"sismic takes no transition on {event}")
