"""Which leaf states lead to which, compound states expanded; paths, and states from which none leads on."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from partybuild_flow.definition import Transition, Workflow


@dataclass(frozen=True)
class Graph:
    """The leaf states of a workflow, in file order, and those that follow each. Guards count as open."""

    leaves: tuple[str, ...]
    entries: tuple[str, ...]
    finals: frozenset[str]
    following: Mapping[str, tuple[str, ...]]

    @cached_property
    def before(self) -> Mapping[str, str | None]:
        """The leaf right before each reachable leaf, on a shortest path from a start; None at the start."""
        found: dict[str, str | None] = dict.fromkeys(self.entries)
        queue = deque(found)
        while queue:
            state = queue.popleft()
            for after in self.following[state]:
                if after not in found:
                    found[after] = state
                    queue.append(after)
        return found

    @cached_property
    def finishing(self) -> frozenset[str]:
        """The leaves that are final, or from which a final one can be reached."""
        preceding: dict[str, list[str]] = {leaf: [] for leaf in self.leaves}
        for leaf, after in self.following.items():
            for each in after:
                preceding[each].append(leaf)
        found = set(self.finals)
        queue = deque(self.finals)
        while queue:
            for leaf in preceding[queue.popleft()]:
                if leaf not in found:
                    found.add(leaf)
                    queue.append(leaf)
        return frozenset(found)

    def path_to(self, leaf: str) -> tuple[str, ...]:
        """The leaves on a shortest path from a start to this reachable leaf, both ends included."""
        path = [leaf]
        while (previous := self.before[path[-1]]) is not None:
            path.append(previous)
        return tuple(reversed(path))

    def reached_from(self, leaf: str) -> frozenset[str]:
        """The leaves that can follow this one, at once or later; itself only if a way leads back."""
        found: set[str] = set()
        queue = deque([leaf])
        while queue:
            for after in self.following[queue.popleft()]:
                if after not in found:
                    found.add(after)
                    queue.append(after)
        return frozenset(found)

    @cached_property
    def traps(self) -> tuple[tuple[str, ...], ...]:
        """The reachable groups of leaves that no way leaves and that hold no final one, in file order.

        Whatever cannot be finished leads into one of them, so that a way out of each is all that is missing.
        """
        found: dict[frozenset[str], tuple[str, ...]] = {}
        for leaf in self.leaves:
            if leaf in self.finishing or leaf not in self.before:
                continue
            group = self.reached_from(leaf) | {leaf}
            if all(leaf in self.reached_from(other) for other in group if other != leaf):
                found.setdefault(group, tuple(each for each in self.leaves if each in group))
        return tuple(found.values())


def graph_of(workflow: Workflow) -> Graph:
    """The graph of a workflow's states."""
    leaves = tuple(state.id for state in workflow.states.values() if not state.children)
    following: dict[str, dict[str, None]] = {leaf: {} for leaf in leaves}
    entries: dict[str, None] = {}
    for transition in workflow.transitions:
        targets = dict.fromkeys(target for target in transition.targets.values() if target in following)
        if transition.starts:
            entries |= targets
        for source in source_leaves(workflow, transition):
            following[source] |= targets
    return Graph(
        leaves,
        tuple(entries),
        frozenset(leaf for leaf in leaves if _is_final(workflow, leaf)),
        {leaf: tuple(after) for leaf, after in following.items()},
    )


def source_leaves(workflow: Workflow, transition: Transition) -> tuple[str, ...]:
    """The leaf states that a transition may leave, each once."""
    return leaves_of(workflow, transition.sources)


def leaves_of(workflow: Workflow, states: Iterable[str]) -> tuple[str, ...]:
    """The leaf states at or below these states, each once."""
    return tuple(dict.fromkeys(leaf for state in states for leaf in workflow.leaves(state)))


def _is_final(workflow: Workflow, state: str) -> bool:
    at: str | None = state
    while at is not None:
        if workflow.states[at].final:
            return True
        at = workflow.states[at].parent
    return False
