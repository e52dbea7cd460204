"""Decisions about one case's values by the engine's own evaluators: what SQL leaves open, and what it is held to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from partybuild_flow.analysis.populations.questions import GUARD, guard_of, needed_rules
from partybuild_flow.definition import Workflow
from partybuild_flow.feel import Value, compile_value
from partybuild_flow.rules import compile_table
from partybuild_flow.rules.reference import reference_of

CONFLICT: Final = "\ufffc"
"""Stands for the outcome where rules contradict each other; told as a word."""


class Verdict(NamedTuple):
    """What a decision says of a case: a value for each output, and the rows or rules that held."""

    outputs: Mapping[str, Value]
    fired: tuple[str, ...]


class Judge:
    """One definition's decisions, with the values that are the same for all cases."""

    def __init__(self, workflow: Workflow, ids: tuple[str, ...], constants: Mapping[str, Value]) -> None:
        self._constants = constants
        self._wanted = ids
        self._ready: list[tuple[str, Any]] = []
        for id_ in needed_rules(workflow, ids):
            guard = guard_of(workflow, id_)
            if guard is not None:
                self._ready.append((id_, compile_value(guard)))
            elif id_ in workflow.tables:
                self._ready.append((id_, compile_table(workflow.tables[id_])))
            else:
                self._ready.append((id_, reference_of(workflow.rule_sets[id_])))
        self._guards = {id_ for id_, _ in self._ready if guard_of(workflow, id_) is not None}

    def verdicts(self, facts: Mapping[str, Value]) -> dict[str, Verdict]:
        """The verdict of each decision that was asked for."""
        known: dict[str, Value] = {**self._constants, **facts}
        found: dict[str, Verdict] = {}
        for id_, ask in self._ready:
            if id_ in self._guards:
                found[id_] = Verdict({GUARD: ask(known)}, ())
                continue
            concluded = ask(known)
            known[id_] = concluded.outputs
            said = concluded.outputs
            if concluded.conflict is not None:
                said = dict.fromkeys(said, CONFLICT)
            found[id_] = Verdict(said, concluded.fired)
        return {id_: found[id_] for id_ in self._wanted}
