"""What an application on a state-machine library writes beside the library: cases, forms, journal.

Both peers use it, so that they differ in the library alone. Checks of data and of roles and the
table are the floor's own functions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from benchmarks import floor
from benchmarks.floor import Data, Entry, RefusedError
from partybuild_flow.case import Actor

Form = tuple[Mapping[str, Callable[[object], Any]], Mapping[str, Callable[[object], Any]]]

FORMS: Final[Mapping[str, Form]] = {
    "apply": ({"category": floor.category, "amount": floor.amount, "purpose": floor.text}, {}),
    "submit": ({"begins": floor.day, "handling-unit": floor.text}, {}),
    "return": ({"remark": floor.text}, {}),
    "supply": ({"amount": floor.amount}, {"purpose": floor.text}),
    "assess": ({"score": floor.mark, "visits": floor.count}, {"remark": floor.text}),
    "award": ({}, {}),
    "withdraw": ({}, {}),
}
"""For each event: the fields that must come and those that may, each with its check."""

ROLES: Final[Mapping[str, str]] = {
    "apply": "applicant",
    "submit": "applicant",
    "return": "clerk",
    "supply": "applicant",
    "assess": "assessor",
    "award": "approver",
    "withdraw": "applicant",
}
STANDING: Final = {**ROLES, "assess": "assessor@handling-unit", "lapse": "clock"}
NUMBERS: Final = {name: number for number, name in enumerate((*FORMS, "lapse"), 1)}
READS: Final[Mapping[str, tuple[str, ...]]] = {
    "submit": ("amount",),
    "assess": ("handling-unit",),
    "award": ("score", "amount", "begins", "category"),
}
"""For each event: what its guard and its table read of the case, besides what comes with the event."""
CONSTANTS: Final[Mapping[str, Mapping[str, object]]] = {
    "submit": {"smallest": floor.SMALLEST},
    "supply": {"smallest": floor.SMALLEST, "largest": floor.LARGEST},
    "award": {"largest": floor.LARGEST},
}


def validated(event: str, data: Data) -> dict[str, Any]:
    """The data of an event as values.

    Raises:
        RefusedError: The event is unknown or its data is not as it must be.
    """
    if event not in FORMS:
        raise RefusedError(f"there is no event {event}")
    required, optional = FORMS[event]
    floor.expect(data, tuple(required), tuple(optional))
    return {name: (required.get(name) or optional[name])(value) for name, value in data.items()}


@dataclass
class Application:
    """One grant application, with the tests and the actions that its statechart names."""

    id: str
    unit: str
    journal: list[Entry]
    place: str = ""
    """The leaf state; the libraries keep the states of the whole path."""
    data: dict[str, Any] = field(default_factory=dict)
    seq: int = 0
    returns: int = 0
    assessors: list[str] = field(default_factory=list)
    due_at: datetime | None = None

    def require_role(self, event: str, by: Actor) -> None:
        """Raises RefusedError if the actor may not send this event."""
        floor.require_role(by, ROLES[event], self.unit_for(event))

    def has_role(self, event: str, by: Actor) -> bool:
        """Whether the actor may send this event."""
        try:
            self.require_role(event, by)
        except RefusedError:
            return False
        return True

    def unit_for(self, event: str) -> str | None:
        """The unit at which the role of this event is asked for."""
        return self.data.get("handling-unit") if event == "assess" else self.unit

    def run_deadline(self, since: datetime) -> None:
        """The handling time begins to run."""
        self.due_at = since + floor.HANDLING_TIME

    def stop_deadline(self) -> None:
        """The handling time runs no longer."""
        self.due_at = None

    def may_be_awarded(self, by: Actor, now: datetime) -> bool:
        """Whether this approver may award now: no assessor of it, not too much, not begun."""
        score, asked, begins = self.data.get("score"), self.data.get("amount"), self.data.get("begins")
        return (
            self.has_role("award", by)
            and by.id not in self.assessors
            and score is not None
            and asked is not None
            and begins is not None
            and asked <= floor.LARGEST
            and begins > floor.today_at(now)
        )

    def outcome(self) -> str | None:
        """What the ladder says about this application."""
        rung = self._rung()
        return rung[1] if rung else None

    def record(
        self, event: str, target: str, inputs: Data, by: Actor, now: datetime, *, due: datetime | None = None
    ) -> None:
        """Takes the inputs over and appends the entry of an accepted event."""
        facts = dict(inputs)
        for name in READS.get(event, ()):
            facts[name] = self.data.get(name)
        facts.update(CONSTANTS.get(event, floor.NOTHING))
        if "begins" in facts:
            facts["today"] = floor.today_at(now)
        outcome, settings = "", floor.NOTHING
        fired: tuple[tuple[str, str], ...] = ()
        if event == "award" and (rung := self._rung()):
            row, outcome, level = rung
            settings, fired = {"level": level}, (("ladder", row),)
        elif event == "return":
            self.returns += 1
        elif event == "assess":
            self.assessors.append(by.id)
        self.seq += 1
        entry = Entry(
            self.id,
            self.seq,
            event,
            NUMBERS[event],
            outcome,
            by,
            STANDING[event],
            due or now,
            now,
            self.place,
            target,
            facts,
            tuple(inputs),
            settings,
            fired,
            self.due_at,
        )
        self.journal.append(entry)
        self.place = target
        self.data.update(inputs)
        self.data.update(settings)

    def _rung(self) -> tuple[str, str, str] | None:
        score, asked = self.data.get("score"), self.data.get("amount")
        return (
            None if score is None or asked is None else floor.ladder(score, asked, self.data.get("category"))
        )
