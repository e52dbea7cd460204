"""What `send_many` is given: starts and sends as values."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from partybuild_flow.case import Actor, without_values


class Start(NamedTuple):
    """A case to begin; the fields are those of `Engine.start`. `id` may be chosen beforehand."""

    workflow: str
    data: Mapping[str, object]
    by: Actor
    event: str | None = None
    unit: str | None = None
    key: str | None = None
    at: datetime | None = None
    id: str | None = None

    def __repr__(self) -> str:
        return without_values(self)


class Correct(NamedTuple):
    """Fields to correct; the fields are those of `Engine.correct`."""

    case_id: str
    data: Mapping[str, object]
    by: Actor
    reason: str
    key: str | None = None
    expected_revision: int | None = None
    at: datetime | None = None

    def __repr__(self) -> str:
        return without_values(self)


class Send(NamedTuple):
    """An event to send; the fields are those of `Engine.send`."""

    case_id: str
    event: str
    data: Mapping[str, object]
    by: Actor
    key: str | None = None
    expected_revision: int | None = None
    at: datetime | None = None

    def __repr__(self) -> str:
        return without_values(self)
