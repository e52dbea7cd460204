"""Which transitions an event may take from a state, in the order they are tried.

The only module that imports transitions: one machine a definition validates it and is the
reference for the order; the table that is read off from it once is what runs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from partybuild_flow.definition import Transition, Workflow

START: Final = ""
"""The state of a case that has not begun."""

Table = Mapping[tuple[str, str], tuple["Transition", ...]]
"""Transitions by (leaf state, event), in the order they are tried: inner states before outer ones."""

Verdicts = Mapping[int, str]
"""The outcome of each transition that would be taken, by its number; a refused one is absent."""


class Machine:
    """A definition's states and transitions as a machine of the library `transitions`.

    States and events go in under codes (`s0`, `e0`, …), so that no text of a definition ever
    becomes the name of an attribute or of a callback.
    """

    def __init__(self, workflow: Workflow) -> None:
        from transitions.extensions.nesting import HierarchicalMachine

        self._workflow = workflow
        self._codes = {state: f"s{index}" for index, state in enumerate(workflow.states)}
        self._triggers = {event: f"e{index}" for index, event in enumerate(workflow.events)}
        self._machine: Any = HierarchicalMachine(
            model=None,
            states=[
                "start",
                *(self._nested(state.id) for state in workflow.states.values() if not state.parent),
            ],
            initial="start",
            auto_transitions=False,
            queued=False,
            send_event=True,
            ignore_invalid_triggers=True,
        )
        self._numbers: dict[int, Transition] = {}
        for transition in workflow.transitions:
            self._add(transition)

    def table(self) -> Table:
        """The transitions that each event may take from each leaf state, as the machine would try them."""
        states = [START, *(leaf for state in self._workflow.states for leaf in self._leaf(state))]
        pairs = ((state, event) for state in states for event in self._workflow.events)
        found = {pair: self._tried(*pair) for pair in pairs}
        return {pair: transitions for pair, transitions in found.items() if transitions}

    def step(self, state: str, event: str, verdicts: Verdicts) -> tuple[int, str] | None:
        """The transition that the machine takes and the leaf it leads to; None if it takes none."""
        record = _Record()
        self._machine.add_model(record, initial=self._path(state))
        try:
            taken = record.trigger(self._triggers[event], verdicts=verdicts, record=record)
        finally:
            self._machine.remove_model(record)
        if not taken:
            return None
        return record.number, {self._path(leaf): leaf for leaf in self._workflow.states}[record.state]

    def _leaf(self, state: str) -> tuple[str, ...]:
        return () if self._workflow.states[state].children else (state,)

    def _nested(self, state: str) -> str | dict[str, Any]:
        children = self._workflow.states[state].children
        if not children:
            return self._codes[state]
        return {"name": self._codes[state], "children": [self._nested(child) for child in children]}

    def _path(self, state: str) -> str:
        if state == START:
            return "start"
        parent = self._workflow.states[state].parent
        code = self._codes[state]
        return f"{self._path(parent)}_{code}" if parent else code

    def _add(self, transition: Transition) -> None:
        sources = [START] if transition.starts else list(transition.sources)
        for outcome, target in (transition.targets or {"": ""}).items():
            for source in sources:
                self._machine.add_transition(
                    self._triggers[transition.event],
                    self._path(source),
                    self._path(target) if target else None,
                    conditions=_verdict(transition.number, outcome),
                    before=_remember(transition.number),
                )
        self._numbers[transition.number] = transition

    def _tried(self, state: str, event: str) -> tuple[Transition, ...]:
        by_source = self._machine.events[self._triggers[event]].transitions
        path = self._path(state)
        tried: list[int] = []
        while path:
            for candidate in by_source.get(path, ()):
                number = candidate.conditions[0].func.number
                if number not in tried:
                    tried.append(number)
            path = path.rpartition("_")[0]
        return tuple(self._numbers[number] for number in tried)


class _Record:
    """The throw-away object that the machine moves; a stored case never meets it."""

    state: str
    number: int
    trigger: Callable[..., bool]


def _verdict(number: int, outcome: str) -> Callable[[Any], bool]:
    def holds(event: Any) -> bool:
        verdicts: Verdicts = event.kwargs["verdicts"]
        return verdicts.get(number) == outcome

    holds.number = number  # type: ignore[attr-defined]
    return holds


def _remember(number: int) -> Callable[[Any], None]:
    def remember(event: Any) -> None:
        event.kwargs["record"].number = number

    return remember
