"""A deadline of a case as it stands in an entry and in a row, and back.

Most deadlines neither stand still nor warn and act when they are due: those are written in four parts.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from json.encoder import encode_basestring
from typing import Any

from partybuild_flow.case import Running
from partybuild_flow.store.canonical import instant_text, read_instant

Row = tuple[str, str, int, str, str | None, bool, str | None, bool, int, str | None]
"""Case, deadline, place, started_at, due_at, fired, pauses, provisional, warned, next_at."""


def write_running(running: Running) -> str:
    """A deadline as JSON."""
    identity, started_at, due_at, fired, pauses, provisional, warned, next_at = running
    due = f'"{instant_text(due_at)}"' if due_at else "null"
    text = f'{encode_basestring(identity)},"{instant_text(started_at)}",{due},{"true" if fired else "false"}'
    if pauses or provisional or warned or next_at != (None if fired else due_at):
        text += f",{_pauses(pauses)},{'true' if provisional else 'false'},{warned},{_instant(next_at)}"
    return f"[{text}]"


def read_running(found: list[Any]) -> Running:
    """A deadline back from its JSON."""
    identity, started, due, fired, *rest = found
    due_at = read_instant(due) if due else None
    if not rest:
        return Running(
            identity, read_instant(started), due_at, fired, (), False, 0, None if fired else due_at
        )
    pauses, provisional, warned, next_at = rest
    return Running(
        identity,
        read_instant(started),
        due_at,
        fired,
        _read_pauses(pauses),
        provisional,
        int(warned),
        read_instant(next_at) if next_at else None,
    )


def row_of(case_id: str, place: int, running: Running) -> Row:
    """The row of a deadline, which is the `place`th of its case."""
    identity, started_at, due_at, fired, pauses, provisional, warned, next_at = running
    due = instant_text(due_at) if due_at else None
    return (
        case_id,
        identity,
        place,
        instant_text(started_at),
        due,
        fired,
        _pauses(pauses) if pauses else None,
        provisional,
        warned,
        due if next_at == due_at else instant_text(next_at) if next_at else None,
    )


def read_rows(rows: Iterable[tuple[Any, ...]]) -> tuple[Running, ...]:
    """The deadlines of a case from their rows without case and place, in the order of their places."""
    return tuple(
        [
            Running(
                name,
                read_instant(started_at),
                read_instant(due_at) if due_at else None,
                bool(fired),
                _read_pauses(json.loads(pauses)) if pauses else (),
                bool(provisional),
                warned,
                read_instant(next_at) if next_at else None,
            )
            for name, started_at, due_at, fired, pauses, provisional, warned, next_at in rows
        ]
    )


def _pauses(pauses: tuple[tuple[datetime, datetime | None], ...]) -> str:
    return f"[{','.join(f'[{_instant(begin)},{_instant(end)}]' for begin, end in pauses)}]"


def _read_pauses(found: list[list[str | None]]) -> tuple[tuple[datetime, datetime | None], ...]:
    return tuple((read_instant(str(begin)), read_instant(end) if end else None) for begin, end in found)


def _instant(instant: datetime | None) -> str:
    return f'"{instant_text(instant)}"' if instant else "null"
