"""A case as the columns of its row, and back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from json.encoder import encode_basestring
from typing import Any

from partybuild_flow.case import Case, Running
from partybuild_flow.store.journal import instant_text, read_instant, read_values, write_context, write_texts

DeadlineRow = tuple[str, str, str | None, int]
"""Deadline, started_at, due_at, fired."""


def write_case(case: Case, head: str) -> tuple[str, str, str, str, int, str]:
    """State, data, done, head, revision and changed_at of a case; the rest of it never changes."""
    return (
        case.state,
        write_context(case.data),
        write_done(case.done),
        head,
        case.revision,
        instant_text(case.changed_at),
    )


def write_done(done: Mapping[str, tuple[str, ...]]) -> str:
    """The actors by event, as JSON."""
    return f"{{{','.join([f'{encode_basestring(event)}:{write_texts(actors)}' for event, actors in done.items()])}}}"


def read_case(row: Any, deadlines: Iterable[DeadlineRow]) -> Case:
    """The case of a row in the order of the table's columns, and of its deadlines' rows in their order."""
    identity, workflow, definition, state, unit, revision, data, done, started_by, changed_at, head = row
    return Case(
        identity,
        workflow,
        definition,
        state,
        unit,
        revision,
        read_values(data),
        {event: tuple(actors) for event, actors in json.loads(done).items()},
        tuple(
            Running(name, read_instant(started_at), read_instant(due_at) if due_at else None, bool(fired))
            for name, started_at, due_at, fired in deadlines
        ),
        started_by,
        read_instant(changed_at),
        head,
    )
