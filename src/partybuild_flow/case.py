"""Values of the hot path: a case, what happens to it, what is kept. Tuples, never changed in place.

Instants are aware UTC datetimes. Data and facts hold FEEL values: Decimal, str, bool, date, time,
datetime, timedelta, list, dict, None.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final, NamedTuple

from partybuild_flow.feel import Value

ANYONE: Final = "anyone"
CLOCK: Final = "clock"
CASES: Final = "cases"
"""The demands of `by` that are no roles; what only another case may send is by `CASES`."""

UNATTENDED: Final = frozenset((CLOCK, CASES))
"""The demands that no person meets."""

_HELD: Final = frozenset(("given", "reason", "result", "text", "values"))


def without_values(told: tuple[object, ...]) -> str:
    """A named tuple as logs and tracebacks show it: its names and ids, but no value that a case holds."""
    names: tuple[str, ...] = getattr(told, "_fields", ())
    parts = []
    for name, value in zip(names, told, strict=True):
        names_only = f"{{{', '.join(map(str, value))}}}" if isinstance(value, Mapping) else ""
        parts.append(f"{name}={names_only or ('…' if name in _HELD and value else repr(value))}")
    return f"{type(told).__name__}({', '.join(parts)})"


new: Final = tuple.__new__
"""Makes a value of the hot path from the tuple of its fields, in a third of the time of its constructor."""


class Actor(NamedTuple):
    """Who acts: an id and the pairs of role and unit that this person holds.

    A role is named by its id or its written name; a unit by its path, from the top, such as
    `园区/湖景街道/湖景一社区`.
    """

    id: str
    roles: tuple[tuple[str, str], ...] | list[tuple[str, str]] = ()


CLOCK_ACTOR: Final = Actor("clock")
"""The actor of every event that a deadline fires."""


class CaseActor(Actor):
    """A case that sends an event to another one; the id is its own. Only the engine makes one."""

    __slots__ = ()


class Running(NamedTuple):
    """A deadline of a case: when its time began to run, when it is due, whether it has fired.

    A recurring one began with its present period. `pauses` are from when its clock stood still and until
    when, None while it still does, and then nothing is due. `provisional`: a calendar may still move it.
    `warned` has a bit for each warning that was given, the first one lowest. `next_at` is when the clock
    acts next, to warn or to fire; None if there is nothing to do.
    """

    deadline: str
    started_at: datetime
    due_at: datetime | None
    fired: bool
    pauses: tuple[tuple[datetime, datetime | None], ...] = ()
    provisional: bool = False
    warned: int = 0
    next_at: datetime | None = None


class Case(NamedTuple):
    """One running instance of a workflow, pinned to the definition it began with.

    `revision` counts the accepted events from 1. `done` holds, for the events that `not-by` or
    `limit` ask about, the ids of the actors who did them, oldest first. `head` is the hash of the
    newest entry.
    """

    id: str
    workflow: str
    definition: str
    state: str
    unit: str
    revision: int
    data: Mapping[str, Value]
    done: Mapping[str, tuple[str, ...]]
    deadlines: tuple[Running, ...]
    started_by: str
    changed_at: datetime
    head: str

    def __repr__(self) -> str:
        return without_values(self)


class Effect(NamedTuple):
    """Something for the host to do, as data; `to` is a role, a field or a person, `text` is filled in."""

    kind: str
    to: str
    text: str

    def __repr__(self) -> str:
        return without_values(self)


class Fired(NamedTuple):
    """A rule that held: the table or rule set it stands in, and its name there (a row by its number)."""

    rules: str
    rule: str


class Conflict(NamedTuple):
    """Rules that would say different things about one output, so that none is believed."""

    rules: str
    output: str
    between: tuple[str, ...]


class Conclusion(NamedTuple):
    """What a table or a rule set concluded: a value for each output, and which rules held."""

    outputs: dict[str, Value]
    fired: tuple[str, ...]
    conflict: Conflict | None = None

    def __repr__(self) -> str:
        return without_values(self)


class Unfit(NamedTuple):
    """Why a value that was sent does not fit its field: the code of a reason and what its sentence names."""

    code: str
    data: Mapping[str, object]

    def __repr__(self) -> str:
        return without_values(self)


class Reason(NamedTuple):
    """One reason against one transition (0: against the event as a whole): a code and what its sentence names."""

    code: str
    transition: int
    data: Mapping[str, object]

    def __repr__(self) -> str:
        return without_values(self)


class Facts(NamedTuple):
    """Everything one decision reads, gathered beforehand and kept with its entry.

    `values` by id of field, parameter, deadline or look-up; `inputs` is the part that came with the
    event, `faults` what came with it and does not fit; `standing` names the demands of `by` that the
    actor meets; `holders` maps a unique key to the case that holds its values.
    """

    values: Mapping[str, Value]
    inputs: Mapping[str, Value]
    faults: Mapping[str, Unfit]
    now: datetime
    actor: Actor
    standing: tuple[str, ...]
    holders: Mapping[tuple[str, ...], str]

    def __repr__(self) -> str:
        return without_values(self)


class Sent(NamedTuple):
    """An event that an entry sends to another case; with a `unit` it begins that case there.

    `chain` counts the events that follow from each other up to this one.
    """

    case_id: str
    workflow: str
    event: str
    data: Mapping[str, Value]
    unit: str | None = None
    chain: int = 1

    def __repr__(self) -> str:
        return without_values(self)


class Lookup(NamedTuple):
    """Which cases of a workflow a relation asks for.

    Those whose fields (by id, sorted) hold these values, or only the one of `case_id`; begun at
    `since` or later, in one of `states`. `exact` asks for the revision of their bucket as well.
    """

    workflow: str
    fields: tuple[str, ...]
    values: tuple[Value, ...]
    case_id: str | None = None
    since: datetime | None = None
    states: frozenset[str] | None = None
    exact: bool = False

    def __repr__(self) -> str:
        return without_values(self)


class Member(NamedTuple):
    """A case as a relation finds it."""

    case_id: str
    state: str
    unit: str
    started_at: datetime
    data: Mapping[str, Value]

    def __repr__(self) -> str:
        return without_values(self)


class Related(NamedTuple):
    """The cases that a relation finds, in the order in which they began, and the revision of their bucket."""

    members: tuple[Member, ...]
    revision: int = 0


class Entry(NamedTuple):
    """One line of a case's journal: what happened, what was read, what came of it.

    `case` is the case as this entry left it. `settings` are the values that the definition computed,
    `facts` what the decision read (with the inputs). `deadlines` are the deadlines afterwards, None
    where they stayed as they were. A refused event that is journalled has an empty `fired`, changes
    nothing and says why in `refused`. `sends` are its events for other cases. `recorded_at`, `previous`
    and `hash` are known once it is stored.
    """

    case: Case
    event: str
    transition: int
    outcome: str
    deadline: str | None
    actor: Actor
    occurred_at: datetime
    source: str
    target: str
    facts: Mapping[str, Value]
    inputs: tuple[str, ...]
    settings: Mapping[str, Value]
    standing: tuple[str, ...]
    fired: tuple[Fired, ...]
    evaluator: str
    effects: tuple[Effect, ...]
    deadlines: tuple[Running, ...] | None
    refused: str | None = None
    key: str | None = None
    recorded_at: datetime | None = None
    sends: tuple[Sent, ...] = ()
    previous: str = ""
    hash: str = ""

    def __repr__(self) -> str:
        return without_values(self)

    @property
    def sequence(self) -> int:
        """The place of this entry in its case's journal, from 1: the revision that it made."""
        return self.case.revision


class Unique(NamedTuple):
    """The values that a case holds under a unique key of its workflow, from the entry that brought them on."""

    case_id: str
    workflow: str
    key: tuple[str, ...]
    values: tuple[Value, ...]

    def __repr__(self) -> str:
        return without_values(self)


class Change(NamedTuple):
    """What one event makes of a case, ready to be kept: its entry (with the case afterwards), the unique
    values it takes, and which of its fields are personal."""

    entry: Entry
    uniques: tuple[Unique, ...]
    personal: frozenset[str]
