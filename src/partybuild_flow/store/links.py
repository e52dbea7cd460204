"""Which cases are found by the values of which fields, and how often the cases of one key have changed; in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from threading import RLock
from typing import Final, NamedTuple, Protocol

from partybuild_flow.case import Case, Entry, Lookup, Member, Related
from partybuild_flow.errors import CaseChanged
from partybuild_flow.feel import Value
from partybuild_flow.store.canonical import write_value

BY_ID: Final = ("@id",)
"""Stands for the fields of a key that is the id of a case itself."""

Place = tuple[str, str, str]
"""Workflow, fields and values of one key."""


class LinkKey(NamedTuple):
    """Fields of a workflow by whose values some relation finds its cases.

    Where one of them reads them `exact`, every event of such a case counts in the bucket of its values.
    """

    workflow: str
    fields: tuple[str, ...]
    exact: bool = False


class Bucket(NamedTuple):
    """What an exact relation found: where it looked, and how many events had counted there."""

    place: Place
    revision: int


class Links(Protocol):
    """The part of a store that finds cases by what they hold."""

    def keep(self, keys: Iterable[LinkKey]) -> None:
        """From now on, find cases by these keys; those that are there already are entered."""

    def related(self, lookup: Lookup) -> Related:
        """The cases that are asked for, in the order in which they began."""

    def started_at(self, case_id: str) -> datetime | None:
        """When a case began; None if there is none."""


def fields_text(fields: tuple[str, ...]) -> str:
    """The fields of a key as one text."""
    return ",".join(fields)


def values_text(values: Iterable[Value]) -> str:
    """The values of a key as one text, equal for equal values."""
    return f"[{','.join([write_value(_plain(value)) for value in values])}]"


def _plain(value: Value) -> Value:
    return value.normalize() + 0 if isinstance(value, Decimal) else value


def unique_text(key: tuple[str, ...], values: tuple[Value, ...]) -> tuple[str, str]:
    """A unique key and what a case holds under it, as texts."""
    return ",".join(key), f"[{','.join(write_value(value) for value in values)}]"


def place_of(lookup: Lookup) -> Place:
    """Where the events count that change what this lookup finds."""
    if lookup.case_id is not None:
        return lookup.workflow, fields_text(BY_ID), values_text([lookup.case_id])
    return lookup.workflow, fields_text(lookup.fields), values_text(lookup.values)


def place_in(case: Case, fields: tuple[str, ...]) -> Place | None:
    """Where a case is found under a key; None if it lacks one of the values."""
    if fields == BY_ID:
        return case.workflow, fields_text(BY_ID), values_text([case.id])
    values = [case.data.get(field) for field in fields]
    if any(value is None for value in values):
        return None
    return case.workflow, fields_text(fields), values_text(values)


def finds(lookup: Lookup, case: Case, started_at: datetime) -> bool:
    """Whether a lookup asks for this case."""
    return (
        case.workflow == lookup.workflow
        and (lookup.case_id is None or lookup.case_id == case.id)
        and (lookup.states is None or case.state in lookup.states)
        and (lookup.since is None or started_at >= lookup.since)
        and (not lookup.fields or _holds(lookup, case))
    )


def _holds(lookup: Lookup, case: Case) -> bool:
    return values_text(case.data.get(field) for field in lookup.fields) == values_text(lookup.values)


class MemoryLinks:
    """Links in dictionaries, over the cases of a store in memory."""

    def __init__(
        self, lock: RLock, cases: Mapping[str, Case], started_at: Callable[[str], datetime | None]
    ) -> None:
        self._lock = lock
        self._cases = cases
        self.started_at = started_at
        self.keys: dict[str, dict[tuple[str, ...], bool]] = {}
        """By workflow, the fields of its keys and whether their events count."""
        self._found: dict[Place, dict[str, datetime]] = {}
        self._places: dict[tuple[str, tuple[str, ...]], Place] = {}
        self._revisions: dict[Place, int] = {}

    def keep(self, keys: Iterable[LinkKey]) -> None:
        """From now on, find cases by these keys; those that are there already are entered."""
        with self._lock:
            new = []
            for key in keys:
                of_workflow = self.keys.setdefault(key.workflow, {})
                new += [] if key.fields in of_workflow else [key]
                of_workflow[key.fields] = key.exact or of_workflow.get(key.fields, False)
            for case in self._cases.values() if new else ():
                began = self.started_at(case.id)
                for key in new:
                    if key.workflow == case.workflow and began is not None:
                        self._enter(case, key.fields, began)

    def related(self, lookup: Lookup) -> Related:
        """The cases that are asked for, in the order in which they began."""
        with self._lock:
            return self._related(lookup)

    def _related(self, lookup: Lookup) -> Related:
        place = place_of(lookup)
        found: Iterable[tuple[str, datetime]] = self._found.get(place, {}).items()
        if lookup.case_id is not None:
            began = self.started_at(lookup.case_id)
            found = [(lookup.case_id, began)] if began is not None else []
        members = []
        for case_id, started_at in sorted(found, key=lambda each: (each[1], each[0])):
            case = self._cases.get(case_id)
            if case is not None and finds(lookup, case, started_at):
                members.append(Member(case.id, case.state, case.unit, started_at, case.data))
        return Related(tuple(members), self._revisions.get(place, 0) if lookup.exact else 0)

    def check(self, buckets: Iterable[Bucket]) -> None:
        """Raises CaseChanged where events have counted since the buckets were read."""
        for place, revision in buckets:
            found = self._revisions.get(place, 0)
            if found != revision:
                raise CaseChanged(place[2], revision, found)

    def kept(self, entry: Entry) -> None:
        """Enter the case of an entry that was kept."""
        case = entry.case
        for fields, exact in self.keys.get(case.workflow, {}).items():
            before = self._places.get((case.id, fields))
            began = self.started_at(case.id)
            if fields != BY_ID and began is not None:
                self._enter(case, fields, began)
            for place in {before, place_in(case, fields)} if exact else ():
                if place is not None:
                    self._revisions[place] = self._revisions.get(place, 0) + 1

    def _enter(self, case: Case, fields: tuple[str, ...], began: datetime) -> None:
        before = self._places.pop((case.id, fields), None)
        if before is not None:
            del self._found[before][case.id]
        place = place_in(case, fields)
        if place is not None and fields != BY_ID:
            self._found.setdefault(place, {})[case.id] = began
            self._places[case.id, fields] = place
