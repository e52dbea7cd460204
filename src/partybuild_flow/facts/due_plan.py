"""Deadlines of a definition made ready to run: in which leaf states, in which order, what they read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from partybuild_flow.facts.reads import rules_read
from partybuild_flow.facts.scalars import Convert, UnfitError
from partybuild_flow.facts.timing import WORKING, Due, Timing, WarnAt
from partybuild_flow.feel import Term, Value, compile_value
from partybuild_flow.machine import START

if TYPE_CHECKING:
    from partybuild_flow.calendar import Calendar
    from partybuild_flow.definition import Deadline, Transition, Warn, Workflow
    from partybuild_flow.rules import Conclude

WARN: Final = "warn"
"""The event of an entry that keeps a warning. Its transition is 0: no definition has it."""

RECOMPUTE: Final = "recompute"
"""The event of an entry that keeps deadlines which were counted anew, after a calendar changed."""

ERASE: Final = "erase"
"""The event of an entry that erases personal values; its transition is 0."""
ERASING: Final = "@erase"
"""What a deadline fires that erases fields; nobody can send an event of this name."""
ERASED: Final = "@erased"
"""Where such an entry's facts hold the names of what it erased."""

_PLAIN: Final = ("duration", "date", "datetime")
"""Kinds of due instants that no calendar counts."""


def due_of(
    workflow: Workflow,
    deadline: Deadline,
    rules: tuple[tuple[str, Conclude], ...],
    calendar: Calendar | None,
    warnings: tuple[WarnAt, ...],
) -> Due:
    """A deadline made ready; `rules` are those that its expressions read."""
    reads = {read for each in deadline.timing for read in each.reads}
    reads = reads.union(*(rules_read(workflow, name) for name, _ in rules))
    constants = {name: each.value for name, each in workflow.parameters.items() if name in reads}
    compute = compile_value(deadline.due)
    steady = not rules and reads <= constants.keys()
    term = compute(constants) if steady else None
    others = tuple(name for name in workflow.deadlines if name in reads)
    known = constants.keys() | workflow.fields.keys() | {name for name, _ in rules}
    parts = (deadline.since, deadline.every, deadline.pauses, warnings, others)
    is_plain = isinstance(term, timedelta) or deadline.due.type.kind in _PLAIN
    timing = None
    if any(parts) or not is_plain:
        since = compile_value(deadline.since) if deadline.since else None
        timing = Timing(calendar, since, deadline.every, warnings, others)
    return Due(
        deadline.id,
        frozenset(leaf for state in deadline.states for leaf in workflow.leaves(state)),
        rules,
        compute,
        ERASING if deadline.erases else deadline.fires,
        tuple(name for name in workflow.fields if name in reads),
        constants,
        steady,
        reads <= known and not steady,
        term if timing is None and isinstance(term, timedelta) else None,
        timing,
    )


def countable(workflow: Workflow, conversions: dict[str, Convert]) -> dict[str, Convert]:
    """The conversions of fields; without a calendar, deadlines take no terms that only one can count."""
    if workflow.calendar is not None:
        return conversions
    read = {name for each in workflow.deadlines.values() for part in each.timing for name in part.reads}
    counted = {
        field.id: _countable(conversions[field.id])
        for field in workflow.fields.values()
        if field.kind == "term" and field.id in read
    }
    return conversions | counted


def _countable(convert: Convert) -> Convert:
    def convert_countable(sent: object) -> Value:
        value = convert(sent)
        if isinstance(value, Term) and value.unit in WORKING:
            raise UnfitError("value.term.calendar", written=sent)
        return value

    return convert_countable


def in_order(workflow: Workflow) -> list[Deadline]:
    """The deadlines of a workflow, each after those that its instants depend on."""
    ordered: dict[str, Deadline] = {}

    def add(deadline: Deadline) -> None:
        for expression in deadline.timing:
            for read in sorted(expression.reads & workflow.deadlines.keys()):
                add(workflow.deadlines[read])
        ordered.setdefault(deadline.id, deadline)

    for deadline in workflow.deadlines.values():
        add(deadline)
    return list(ordered.values())


def running_in(workflow: Workflow, dues: tuple[Due, ...]) -> Mapping[str, tuple[Due, ...]]:
    """The deadlines that run in each leaf state, or stand still in it; the very same tuple for the same ones."""
    leaves = [START, *(state.id for state in workflow.states.values() if not state.children)]
    standing = {
        deadline.id: frozenset(leaf for state in deadline.pauses for leaf in workflow.leaves(state))
        for deadline in workflow.deadlines.values()
    }
    still = {due.id: _stopped(due) for due in dues}
    by_state = {
        leaf: tuple(still[due.id] if leaf in standing[due.id] else due for due in dues if leaf in due.states)
        for leaf in leaves
    }
    one_of_each = {tuple(map(id, running)): running for running in by_state.values()}
    return {leaf: one_of_each[tuple(map(id, running))] for leaf, running in by_state.items()}


def _stopped(due: Due) -> Due:
    return due if due.timing is None else replace(due, timing=replace(due.timing, paused=True))


def as_transition(warn: Warn) -> Transition:
    """A warning as the transition that it is not, so that its message is made ready like any other."""
    from partybuild_flow.definition import Notice, Transition

    notice = Notice(position=warn.position, to=warn.to, text=warn.text)
    return Transition(
        position=warn.position, number=0, event=WARN, event_name=WARN, starts=False, sources=(), targets={},
        by=(), notices=(notice,),
    )  # fmt: skip
