"""How a life is written down: a generator that asks for events one by one and is told what became of each."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from datetime import datetime
from typing import NamedTuple, TypeAlias, TypeVar

from partybuild_flow.case import Actor, Case, Entry
from partybuild_flow.decide import Decision

Data: TypeAlias = Mapping[str, object]


class Begin(NamedTuple):
    """Somebody begins a case."""

    at: datetime
    workflow: str
    data: Data
    by: Actor
    event: str | None = None
    refusal: str | None = None
    unit: str | None = None


class Act(NamedTuple):
    """Somebody sends an event. `refusal` says why it is known to be refused, if it is."""

    at: datetime
    case_id: str
    event: str
    data: Data
    by: Actor
    refusal: str | None = None


class Look(NamedTuple):
    """Somebody looks a case up."""

    at: datetime
    case_id: str


class Join(NamedTuple):
    """Another life begins."""

    at: datetime
    script: Script


Request: TypeAlias = "Begin | Act | Look | Join"
Answer: TypeAlias = "Entry | Decision | Case | None"
Given = TypeVar("Given")
Script: TypeAlias = "Generator[Request, Answer, None]"
Scene: TypeAlias = "Generator[Request, Answer, Given]"
"""A part of a life that gives something."""


def begin(
    at: datetime,
    workflow: str,
    data: Data,
    by: Actor,
    *,
    event: str | None = None,
    refusal: str | None = None,
    unit: str | None = None,
) -> Scene[Case | None]:
    """A case, if it may begin."""
    answer = yield Begin(at, workflow, data, by, event, refusal, unit)
    return answer.case if isinstance(answer, Entry) else None


def act(
    at: datetime, case_id: str, event: str, data: Data, by: Actor, *, refusal: str | None = None
) -> Scene[Entry | None]:
    """The entry of an event; None if it was refused."""
    answer = yield Act(at, case_id, event, data, by, refusal)
    return answer if isinstance(answer, Entry) else None


def look(at: datetime, case_id: str) -> Scene[Case]:
    """The case as it stands at an instant.

    Raises:
        TypeError: something else came back.
    """
    answer = yield Look(at, case_id)
    if not isinstance(answer, Case):
        raise TypeError(f"looked case {case_id} up, and was given {answer!r}")
    return answer


def join(at: datetime, script: Script) -> Scene[None]:
    """Lets another life begin at an instant."""
    yield Join(at, script)
