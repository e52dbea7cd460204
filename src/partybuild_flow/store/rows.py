"""A case as the columns of its row, and back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import lru_cache
from json.encoder import encode_basestring
from typing import Any

from partybuild_flow.case import Case
from partybuild_flow.store.canonical import instant_text, read_instant, read_values, write_texts
from partybuild_flow.store.deadlines import read_rows


def write_case(case: Case, pairs: Mapping[str, str], head: str) -> tuple[str, str, str, str, int, str]:
    """State, data, done, head, revision and changed_at of a case; the rest of it never changes.

    `pairs` are those of its data as they are written.
    """
    return (
        case.state,
        f"{{{','.join(pairs.values())}}}",
        write_done(case.done) if case.done else "{}",
        head,
        case.revision,
        instant_text(case.changed_at),
    )


def write_done(done: Mapping[str, tuple[str, ...]]) -> str:
    """The actors by event, as JSON."""
    return f"{{{','.join([_done_by(event, actors) for event, actors in done.items()])}}}"


@lru_cache(maxsize=4096)
def _done_by(event: str, actors: tuple[str, ...]) -> str:
    return f"{encode_basestring(event)}:{write_texts(actors)}"


def read_case(row: Any, deadlines: Iterable[tuple[Any, ...]]) -> Case:
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
        read_rows(deadlines),
        started_by,
        read_instant(changed_at),
        head,
    )
