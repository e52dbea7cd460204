"""Which occurrence of a recurring deadline is asked for, and when the clock has something to do in a case. Pure.

An occurrence whose event is refused is asked for again until the next one begins to act; then that one
takes its place.
"""

from __future__ import annotations

from datetime import datetime

from partybuild_flow.case import Case, Running
from partybuild_flow.facts.plan import Plan
from partybuild_flow.facts.timing import Due, run_timed


def acting(plan: Plan, case: Case, at: datetime) -> list[tuple[Running, str | None]]:
    """The deadlines on which the clock acts by an instant, earliest first: each with the event it fires, or None to warn."""
    found = []
    running_by_id: dict[str, Running] | None = None
    for running in case.deadlines:
        if running.next_at is None or running.next_at > at:
            continue
        for place, due in enumerate(plan.dues):
            if due.id != running.deadline:
                continue
            seen = running
            if due.timing is not None and due.timing.every is not None:
                running_by_id = running_by_id or {each.deadline: each for each in case.deadlines}
                seen = _latest(due, running, case, at, running_by_id)
            warns = seen.next_at != seen.due_at
            if warns or due.fires is not None:
                found.append((seen.next_at, place, seen, None if warns else due.fires))
    found.sort(key=lambda each: each[:2])
    return [(running, event) for _, _, running, event in found]


def wake_after(plan: Plan, case: Case, at: datetime | None) -> datetime | None:
    """When the clock has something to do in a case after an instant that it has reached; None if never."""
    found: datetime | None = None
    for running in case.deadlines:
        next_at = running.next_at
        if next_at is not None and at is not None and next_at <= at:
            next_at = _following(plan, running, case, at)
        if next_at is not None and (found is None or next_at < found):
            found = next_at
    return found


def _following(plan: Plan, running: Running, case: Case, at: datetime) -> datetime | None:
    """When the first occurrence after those that are waiting begins to act."""
    others = {each.deadline: each for each in case.deadlines}
    for due in plan.dues:
        if due.id == running.deadline and due.timing is not None and due.timing.every is not None:
            latest = _latest(due, running, case, at, others)
            return _next_occurrence(due, latest, case, others).next_at
    return None


def _latest(due: Due, running: Running, case: Case, at: datetime, others: dict[str, Running]) -> Running:
    """The last occurrence that has begun to act by an instant."""
    while True:
        following = _next_occurrence(due, running, case, others)
        if following.next_at is None or following.next_at > at:
            return running
        running = following


def _next_occurrence(due: Due, running: Running, case: Case, others: dict[str, Running]) -> Running:
    if due.timing is None or running.due_at is None:
        return running._replace(next_at=None)
    return run_timed(due, due.timing, running, case.data, running.due_at, others, fired=True)
