"""What a scenario plays on: a fresh engine in memory, a clock, people, and cases by the names they are given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from partybuild_flow.bdd.failing import StepFailed
from partybuild_flow.bdd.look_ups import Answers
from partybuild_flow.bdd.near import or_near
from partybuild_flow.bdd.passing import after
from partybuild_flow.bdd.retold import decision_of
from partybuild_flow.bdd.written import length, moment
from partybuild_flow.case import Actor, Case, Change, Entry
from partybuild_flow.decide import Decision
from partybuild_flow.engine import Engine
from partybuild_flow.errors import CaseChanged, EventRefused
from partybuild_flow.facts import instant
from partybuild_flow.store.memory import MemoryStore

if TYPE_CHECKING:
    from pytest_bdd.parser import Step

    from partybuild_flow.bdd.definitions import Definitions
    from partybuild_flow.calendar import Calendar
    from partybuild_flow.definition import Workflow
    from partybuild_flow.engine import Possible
    from partybuild_flow.engine.library import Library
    from partybuild_flow.messages import Language
    from partybuild_flow.store.links import Bucket
    from partybuild_flow.store.outbox import Carried

BEGINNING: Final = datetime(2022, 1, 1, 1, tzinfo=UTC)
"""When a scenario plays that does not say so: 9 o'clock in Asia/Shanghai."""

NO_DATA: Final[Mapping[str, object]] = {}


class Refusal(NamedTuple):
    """A refused event: the decision, or the error of a writer who was late."""

    decision: Decision | None
    error: Exception | None = None

    def sentence(self, language: Language | None = None) -> str:
        """Why it was refused, in the workflow's language unless another one is wanted."""
        if self.decision is None:
            return str(self.error)
        return self.decision.explain_in(language or self.decision.plan.workflow.language)


class _Remembering(MemoryStore):
    """A store in memory that tells every entry it keeps."""

    def __init__(self, kept: list[Entry]) -> None:
        super().__init__()
        self._kept = kept

    def save(
        self, changes: Sequence[Change], read: Sequence[Bucket] = (), carried: Sequence[Carried] = ()
    ) -> tuple[Entry, ...]:
        """The entries, all kept or none."""
        entries = super().save(changes, read, carried)
        self._kept += entries
        return entries


class Scene:
    """One scenario's world. Steps use it, and tests in Python through the fixture `flow`.

    ```python
    def test_a_request_is_assigned(flow):
        flow.at("2022-09-30 16:00")
        flow.person("Ann", "clerk", at="park/lake")
        flow.start("request", {"category": "help"}, by="Ann")
        flow.send("assign", {"level": "street"}, by="Ann")
        assert flow.case().state == "assigned"
    ```

    Naive instants are meant in Asia/Shanghai. A case that is given a name has it as its id; where a
    method takes a case, None is the one that was begun or addressed last.
    """

    def __init__(self, definitions: Definitions) -> None:
        self._definitions = definitions
        self._parameters: dict[str, str] = {}
        self._engine: Engine | None = None
        self._next_id: str | None = None
        self._numbers = 0
        self._current: str | None = None
        self._drawn: list[int] = []
        self._draws = 0
        self._step_begins = 0
        self._last: tuple[Decision | None, Entry | None] = (None, None)
        self._answers = Answers()
        self.now = BEGINNING
        """The clock; `at` and `come` move it."""
        self.people: dict[str, Actor] = {}
        self.names: dict[str, str] = {}
        """The id of a case by the name it was given."""
        self.entries: list[Entry] = []
        """Every entry of all cases, in the order in which they were kept."""
        self.refused: list[Decision] = []
        """Every decision that refused, and every one that was only asked for."""
        self.refusal: Refusal | None = None
        """Why the last event was refused; None if it was accepted."""
        self.actor: str | None = None
        """Who acted last."""
        self.step: Step | None = None
        """The step that is being carried out."""
        self.unasked: Step | None = None
        """The step whose refusal no other step has asked about yet."""

    @property
    def engine(self) -> Engine:
        """The engine, opened when it is first needed."""
        if self._engine is None:
            self._engine = Engine(
                _Remembering(self.entries),
                self.library,
                look_ups=self._answers.look_ups(self.library.workflows),
                clock=lambda: self.now,
                ids=self._new_id,
                lots=self._draw,
            )
        return self._engine

    @property
    def library(self) -> Library:
        """The definitions that the scenario plays with."""
        return self._definitions.library(self._parameters)

    def close(self) -> None:
        """Let go of the engine."""
        if self._engine is not None:
            self._engine.close()

    # What there is to begin with

    def at(self, when: str | datetime) -> None:
        """Set the clock; no deadline fires by it."""
        self.now = _instant(when)

    def person(self, name: str, *roles: str, at: str = "") -> Actor:
        """Introduce a person who holds these roles at a unit, besides those held already."""
        held = self.people[name].roles if name in self.people else ()
        self.people[name] = Actor(name, (*held, *((role, at) for role in roles)))
        return self.people[name]

    def parameters(self, chosen: str, workflow: str | None = None) -> None:
        """Use a set of parameters, of one workflow or of all that have it; before the first case begins."""
        if self._engine is not None:
            raise StepFailed("late-parameters", set=chosen)
        workflows = self._definitions.library().workflows
        having = [
            each
            for each in workflows
            if (workflow is None or workflow in (each.id, each.name)) and chosen in each.sets
        ]
        if not having:
            known = sorted({name for each in workflows for name in each.sets})
            raise StepFailed("unknown-set", set=chosen, near=or_near(chosen, known))
        self._parameters |= {each.id: chosen for each in having}

    def answer(self, look_up: str, answer: object, *asked: str) -> None:
        """What a look-up answers: to these inputs, as they are written, or to any."""
        self._answers.add(look_up, answer, asked)

    def lots(self, *numbers: int) -> None:
        """The numbers that are drawn from now on; after them 1, 2, 3, …"""
        self._drawn = list(numbers)

    # What happens

    def start(
        self,
        workflow: str,
        data: Mapping[str, object] = NO_DATA,
        *,
        by: str,
        unit: str | None = None,
        event: str | None = None,
        at: str | datetime | None = None,
        key: str | None = None,
        name: str | None = None,
    ) -> Entry:
        """Begin a case; `name` becomes its id. Raises EventRefused."""
        self.workflow(workflow)
        if name in self.names:
            raise StepFailed("name-taken", name=name)
        with self._acting(by) as actor:
            self._next_id = name
            entry = self.engine.start(
                workflow, data, by=actor, event=event, unit=unit, key=key, at=_instant_or_now(at)
            )
            if name:
                self.names[name] = entry.case.id
            self._accepted(entry)
        return entry

    def send(
        self,
        event: str,
        data: Mapping[str, object] = NO_DATA,
        *,
        by: str,
        case: str | None = None,
        at: str | datetime | None = None,
        key: str | None = None,
        expected_revision: int | None = None,
    ) -> Entry:
        """Send an event to a case. Raises EventRefused, CaseChanged."""
        identity = self.case_id(case)
        with self._acting(by) as actor:
            self._current = identity
            entry = self.engine.send(
                identity,
                event,
                data,
                by=actor,
                key=key,
                expected_revision=expected_revision,
                at=_instant_or_now(at),
            )
            self._accepted(entry)
        return entry

    def ask(
        self, event: str, data: Mapping[str, object] = NO_DATA, *, by: str, case: str | None = None
    ) -> Decision:
        """The decision that `send` would make; nothing changes."""
        with self._acting(by) as actor:
            decision = self.engine.ask(self.case_id(case), event, data, by=actor)
            self.refused.append(decision)
            self._last = (decision, None)
            self.refusal = None if decision.accepted else Refusal(decision)
        return decision

    def correct(self, data: Mapping[str, object], *, reason: str, by: str, case: str | None = None) -> Entry:
        """Correct recorded data. Raises EventRefused."""
        identity = self.case_id(case)
        with self._acting(by) as actor:
            entry: Entry = self.engine.correct(identity, data, reason=reason, by=actor)
            self._accepted(entry)
        return entry

    def come(self, when: str | datetime) -> None:
        """Let time come to this instant; what falls due on the way fires in order."""
        then = _instant(when)
        if then < self.now:
            raise StepFailed("backwards", moment=when)
        self._step_begins = len(self.entries)
        self._last, self.refusal = (None, None), None
        self.now = then
        self.engine.catch_up(then)

    def wait(self, written: str | timedelta) -> None:
        """Let time pass: `2 hours`, `3 working days`, `1 个月`."""
        span = length(written) if isinstance(written, str) else written
        self.come(after(self.now, span, self.calendar))

    # What there is now

    def case(self, name: str | None = None) -> Case:
        """The case of a name or an id as it stands."""
        return self.engine.case(self.case_id(name))

    def case_id(self, name: str | None = None) -> str:
        """The id of a case by the name it was given; the present one without a name. Raises StepFailed."""
        if name is None:
            if self._current is None:
                raise StepFailed("no-case")
            return self._current
        if name in self.names:
            return self.names[name]
        known = {entry.case.id for entry in self.entries}
        if name not in known:
            raise StepFailed("unknown-case", case=name, near=or_near(name, [*self.names]))
        return name

    def about(self, name: str) -> None:
        """Make this the case that is meant where none is named."""
        self._current = self.case_id(name)

    def call(self, case_id: str, name: str) -> None:
        """Give a case that is there a name. Raises StepFailed where it is taken."""
        if name in self.names:
            raise StepFailed("name-taken", name=name)
        self.names[name] = case_id

    def actor_of(self, name: str | None = None) -> Actor:
        """A person who was introduced; without a name, who acted last. Raises StepFailed."""
        name = name or self.actor
        if name is None:
            raise StepFailed("no-actor")
        if name not in self.people:
            raise StepFailed("unknown-actor", actor=name, near=or_near(name, list(self.people)))
        return self.people[name]

    def workflow(self, name: str | None = None) -> Workflow:
        """A definition by its id or name; without one, that of the present case. Raises StepFailed."""
        if name is None:
            return self.engine.workflow_of(self.case())
        for each in self.engine.workflows:
            if name in (each.id, each.name):
                return each
        known = [each.name for each in self.engine.workflows]
        raise StepFailed("unknown-workflow", workflow=name, near=or_near(name, known))

    def possible(self, by: str | None = None, case: str | None = None) -> tuple[Possible, ...]:
        """The events of the case's state now, each with its form or the reasons why not."""
        return self.engine.possible(self.case_id(case), by=self.actor_of(by))

    @property
    def happened(self) -> Sequence[Entry]:
        """The entries that the last event, correction or passing of time has left, in all cases."""
        return self.entries[self._step_begins :]

    @property
    def decision(self) -> Decision | None:
        """The last decision, made anew from its entry where it was accepted; None if there was none."""
        decision, entry = self._last
        if decision is not None or entry is None:
            return decision
        self._last = (decision_of(self.library.of(entry.case.definition), self.entries, entry), None)
        return self._last[0]

    def calendar(self) -> Calendar | None:
        """The calendar of the present case's workflow, else the first that some workflow names."""
        own = [self.library.of(self.case().definition)] if self._current else []
        others = (self.library.current(each.id) for each in self.library.workflows)
        return next((plan.calendar for plan in (*own, *others) if plan.calendar), None)

    @contextmanager
    def _acting(self, by: str) -> Iterator[Actor]:
        """Somebody acts: what happens from here on is this step's; a refusal is remembered and raised."""
        actor = self.actor_of(by)
        self.actor = by
        self._step_begins = len(self.entries)
        self._last, self.refusal = (None, None), None
        try:
            yield actor
        except EventRefused as refused:
            decision = refused.decision if isinstance(refused.decision, Decision) else None
            if decision is not None:
                self.refused.append(decision)
            self._last, self.refusal = (decision, None), Refusal(decision, refused)
            raise
        except CaseChanged as changed:
            self.refusal = Refusal(None, changed)
            raise
        finally:
            self._next_id = None

    def _accepted(self, entry: Entry) -> None:
        self._current = entry.case.id
        self._last = (None, entry)

    def _new_id(self) -> str:
        if self._next_id is not None:
            identity, self._next_id = self._next_id, None
            return identity
        self._numbers += 1
        return f"{self._numbers:04d}"

    def _draw(self) -> int:
        if self._drawn:
            return self._drawn.pop(0)
        self._draws += 1
        return self._draws


def _instant(written: str | datetime) -> datetime:
    return moment(written) if isinstance(written, str) else instant(written) or BEGINNING


def _instant_or_now(written: str | datetime | None) -> datetime | None:
    return None if written is None else _instant(written)
