"""States and events: which there are, and which states stand inside which."""

from __future__ import annotations

from collections.abc import Iterable

from partybuild_flow.definition import State
from partybuild_flow.reader.findings import Findings
from partybuild_flow.reader.names import Names
from partybuild_flow.reader.text import Scalar
from partybuild_flow.reader.written import WrittenState, WrittenTransition


class States:
    """The states of a workflow. A state listed inside another may be written in full elsewhere."""

    def __init__(self, written: Iterable[WrittenState], findings: Findings) -> None:
        self.names = Names(findings, "states")
        self._findings = findings
        self._written: dict[str, WrittenState] = {}
        self._parents: dict[str, str] = {}
        self._children: dict[str, list[str]] = {}
        top = tuple(written)
        self._declare(top, nested=False)
        self._mentioned(top)
        for state in top:
            self._nest(state)

    def _declare(self, states: Iterable[WrittenState], *, nested: bool) -> None:
        """Makes known what is written in full, at any depth."""
        for state in states:
            if not nested or not _only_mentioned(state):
                id_ = self.names.declare("part-state", state.name, state.id)
                if id_ is not None:
                    self._written[id_] = state
            self._declare(state.states, nested=True)

    def _mentioned(self, states: Iterable[WrittenState]) -> None:
        """Makes known what is only listed inside another state."""
        for state in states:
            for child in state.states:
                if _only_mentioned(child) and self.names.id_of(child.name.text) is None:
                    self._written[self.names.declare("part-state", child.name, None) or ""] = child
            self._mentioned(state.states)

    def _nest(self, state: WrittenState) -> None:
        parent = self.names.id_of(state.name.text)
        for child in state.states:
            id_ = self.names.id_of(child.name.text)
            if parent is None or id_ is None:
                continue
            if id_ in self._parents:
                other = self.names.name(self._parents[id_])
                self._findings.add(child.name.problem("PF211", state=child.name.text, other=other))
            elif id_ == parent or id_ in self.above(parent):
                around = [parent, *self.above(parent)]
                path = [*reversed(around[: around.index(id_) + 1]), id_]
                names = tuple(self.names.name(step) for step in path)
                self._findings.add(child.name.problem("PF212", state=child.name.text, path=" → ".join(names)))
            else:
                self._parents[id_] = parent
                self._children.setdefault(parent, []).append(id_)
            self._nest(child)

    def above(self, state: str) -> list[str]:
        """The states around a state, from the nearest."""
        found: list[str] = []
        while (parent := self._parents.get(state)) is not None:
            found.append(parent)
            state = parent
        return found

    def children(self, state: str) -> tuple[str, ...]:
        """The states directly inside a state, in the order they are listed."""
        return tuple(self._children.get(state, ()))

    def made(self) -> dict[str, State]:
        """The states by id, in file order."""
        by_place = sorted(self._written.items(), key=lambda entry: entry[1].name.start)
        return {
            id_: State(
                position=written.name.position,
                id=id_,
                name=self.names.name(id_),
                parent=self._parents.get(id_),
                children=self.children(id_),
                final=written.final,
            )
            for id_, written in by_place
            if id_
        }


def _only_mentioned(state: WrittenState) -> bool:
    return isinstance(state.node, Scalar)


def events_of(transitions: Iterable[WrittenTransition], findings: Findings) -> Names:
    """The events by name and id; an event's id stands at one of its transitions."""
    events = Names(findings, "transitions")
    written = tuple(transitions)
    for transition in written:
        if transition.id is None:
            continue
        known = events.id_of(transition.on.text)
        if known is None:
            events.declare("part-event", transition.on, transition.id)
        elif known != transition.id.text:
            event, other = transition.on.text, transition.id.text
            findings.add(transition.id.problem("PF229", event=event, id=known, other=other))
    for transition in written:
        if events.id_of(transition.on.text) is None:
            events.declare("part-event", transition.on, None)
    return events
