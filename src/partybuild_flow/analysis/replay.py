"""What really happened, sent through a definition event by event: what it accepts, refuses and never uses."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, Final

from partybuild_flow.analysis.event_log import LoggedEvent, Trace
from partybuild_flow.analysis.log_map import LogMap
from partybuild_flow.case import UNATTENDED, Entry
from partybuild_flow.decide import Decision
from partybuild_flow.definition import Transition, Workflow
from partybuild_flow.engine import Engine, Send, Start
from partybuild_flow.errors import WorkflowInvalid
from partybuild_flow.machine import START
from partybuild_flow.problems import Problem
from partybuild_flow.reader.keywords import spelled

CASES_AT_ONCE: Final = 500
"""How many cases go side by side; the next event of each is part of one transaction."""

UNMAPPED: Final = "unmapped"
"""The reason against an event whose activity the map does not name."""

_DEPTH: Final = (
    *("event", "earlier", "role", "not-by", "limit", "value"),
    *("extra", "needs", "unique", "guard", "outcome", "conflict"),
)
"""Reasons in the order in which a decision asks; of several transitions the one that came furthest counts."""
_WORDS: Final = {"event": "state"}


@dataclass(frozen=True, slots=True)
class ReplayReport:
    """What a replay found.

    `refused` counts events by the reason of the transition that came furthest; `unused` names the
    transitions that nobody took; `allowed_pairs` of all `pairs` of a leaf state (or no state yet)
    and an event are those that some transition joins.
    """

    cases: int
    events: int
    accepted: int
    refused: Mapping[str, int]
    unused: tuple[str, ...]
    allowed_pairs: int
    pairs: int
    seconds: float

    @property
    def fitness(self) -> float:
        """The share of the events that were accepted; 1 for a log without events."""
        return self.accepted / self.events if self.events else 1.0

    @property
    def allowed_share(self) -> float:
        """The share of the pairs of state and event that the definition allows."""
        return self.allowed_pairs / self.pairs if self.pairs else 0.0

    def as_json(self) -> dict[str, Any]:
        """The report under its keys, ready for JSON."""
        return {
            "cases": self.cases,
            "events": self.events,
            "accepted": self.accepted,
            "refused": dict(self.refused),
            "fitness": round(self.fitness, 6),
            "unused": list(self.unused),
            "allowed_pairs": self.allowed_pairs,
            "pairs": self.pairs,
            "allowed_share": round(self.allowed_share, 6),
            "seconds": round(self.seconds, 3),
        }


def replay(traces: Iterable[Trace], workflow: Workflow, log_map: LogMap, engine: Engine) -> ReplayReport:
    """What the engine makes of a log: every event is sent at its own time, in the order of its case.

    A case begins with the first of its events that may start one; the events before it are
    refused. Memory holds `CASES_AT_ONCE` cases.

    Raises:
        WorkflowInvalid: PF501 to PF508 of the log, and PF509 to PF511 where the map asks for an
            attribute that a case or an event lacks. What was sent before stays in the store.
    """
    began = time.perf_counter()
    replaying = _Replaying(workflow, log_map, engine)
    remaining = iter(traces)
    while window := list(islice(remaining, CASES_AT_ONCE)):
        replaying.run(window)
    leaves = sum(not state.children for state in workflow.states.values())
    return ReplayReport(
        cases=replaying.cases,
        events=replaying.events,
        accepted=replaying.accepted,
        refused=dict(sorted(replaying.refused.items(), key=lambda each: (-each[1], each[0]))),
        unused=tuple(
            _told(each, workflow) for each in workflow.transitions if each.number not in replaying.taken
        ),
        allowed_pairs=len(_fields_by_pair(workflow)),
        pairs=(leaves + 1) * len(workflow.events),
        seconds=time.perf_counter() - began,
    )


class _Running:
    """One case of the log on its way: its events yet to come, and what it became so far."""

    __slots__ = ("case_id", "events", "state", "trace")

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self.events = iter(trace.events)
        self.case_id: str | None = None
        self.state = START


class _Replaying:
    """A replay under way: what has been counted so far."""

    def __init__(self, workflow: Workflow, log_map: LogMap, engine: Engine) -> None:
        self._workflow = workflow
        self._map = log_map
        self._engine = engine
        self._fields = _fields_by_pair(workflow)
        self._fields_of_event = _fields_by_event(workflow)
        self._by_clock = {
            each.number for each in workflow.transitions if any(by.role in UNATTENDED for by in each.by)
        }
        self.cases = 0
        self.events = 0
        self.accepted = 0
        self.refused: Counter[str] = Counter()
        self.taken: set[int] = set()

    def run(self, window: list[Trace]) -> None:
        """Send the events of some cases: the first of each together, then the second, until none is left."""
        every = [_Running(trace) for trace in window]
        for trace in window:
            if not isinstance(trace.attributes.get(self._map.case), str):
                raise _lacking("PF509", trace, "case", self._map.case, self._map)
        self.cases += len(every)
        going = every
        while going:
            going = self._advance(going)
        self._note_clock(every)

    def _advance(self, going: list[_Running]) -> list[_Running]:
        """Send the next event of each case that has one; gives those cases."""
        asked: list[tuple[_Running, Start | Send]] = []
        still: list[_Running] = []
        for running in going:
            event = next(running.events, None)
            if event is None:
                continue
            still.append(running)
            self.events += 1
            request = self._request(running, event)
            if request is None:
                self.refused[UNMAPPED] += 1
            else:
                asked.append((running, request))
        answers = self._engine.send_many([request for _, request in asked])
        for (running, _), answer in zip(asked, answers, strict=True):
            self._count(running, answer)
        return still

    def _request(self, running: _Running, event: LoggedEvent) -> Start | Send | None:
        """What to send for an event of the log; None if the map does not name its activity."""
        log_map, attributes = self._map, event.attributes
        activity, at = attributes.get(log_map.activity), attributes.get(log_map.time)
        if not isinstance(activity, str):
            raise _lacking("PF510", event, "activity", log_map.activity, log_map)
        if not isinstance(at, datetime):
            raise _lacking("PF511", event, "time", log_map.time, log_map)
        mapped = log_map.events.get(activity)
        if mapped is None:
            return None
        brought = self._fields.get((running.state, mapped.event), self._fields_of_event[mapped.event])
        data: dict[str, object] = {}
        for field, origin in log_map.data.items():
            if field in brought and (value := origin.value(running.trace.attributes, attributes)) is not None:
                data[field] = value
        data |= mapped.data
        by = log_map.actor_of(attributes)
        if running.case_id is None:
            return Start(self._workflow.id, data, by, event=mapped.event, unit=log_map.unit, at=at)
        return Send(running.case_id, mapped.event, data, by, at=at)

    def _count(self, running: _Running, answer: Entry | Decision) -> None:
        if isinstance(answer, Decision):
            self.refused[_reason(answer)] += 1
            return
        self.accepted += 1
        self.taken.add(answer.transition)
        running.case_id = answer.case.id
        running.state = answer.case.state

    def _note_clock(self, ended: Iterable[_Running]) -> None:
        """Note the transitions that deadlines took; histories are read only until each has been seen."""
        for running in ended:
            if self._by_clock <= self.taken:
                return
            if running.case_id is not None:
                self.taken.update(entry.transition for entry in self._engine.history(running.case_id))


def _fields_by_pair(workflow: Workflow) -> dict[tuple[str, str], set[str]]:
    """For each leaf state and event that some transition joins, the fields that the event may bring there."""
    found: dict[tuple[str, str], set[str]] = {}
    for transition in workflow.transitions:
        for state in _leaves(transition, workflow):
            fields = found.setdefault((state, transition.event), set())
            fields.update(need.field for need in transition.needs)
    return found


def _fields_by_event(workflow: Workflow) -> dict[str, set[str]]:
    """The fields that an event may bring, whatever the state."""
    found: dict[str, set[str]] = {event: set() for event in workflow.events}
    for transition in workflow.transitions:
        found[transition.event].update(need.field for need in transition.needs)
    return found


def _leaves(transition: Transition, workflow: Workflow) -> Iterator[str]:
    if transition.starts:
        yield START
    for source in transition.sources:
        yield from workflow.leaves(source)


def _reason(decision: Decision) -> str:
    """The word for why an event was refused."""
    words = [reason.code.removeprefix("refused.") for reason in decision.reasons]
    word = max(words, key=lambda each: _DEPTH.index(each) if each in _DEPTH else len(_DEPTH))
    return _WORDS.get(word, word)


def _told(transition: Transition, workflow: Workflow) -> str:
    """A transition in a few words: its number in the file, its event, where from and where to."""
    way = [", ".join(workflow.states[state].name for state in transition.sources)]
    if transition.targets:
        way += ["→", ", ".join(workflow.states[state].name for state in transition.targets.values())]
    return " ".join([f"{transition.number} {transition.event_name}:", *filter(None, way)])


def _lacking(
    code: str, holder: Trace | LoggedEvent, key: str, attribute: str, log_map: LogMap
) -> WorkflowInvalid:
    """The problem of a case or an event without an attribute that the map asks for under a key."""
    data = {"attribute": attribute, "key": spelled(key, log_map.language)}
    return WorkflowInvalid([Problem(code, holder.position, data, log_map.language)])
