"""The calendars that an engine counts terms on: handed in, or read from the files beside its workflows, each once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Union

from partybuild_flow.errors import FlowError

if TYPE_CHECKING:
    from partybuild_flow.calendar import Calendar

CalendarSource = Union[str, Path, "Mapping[str, Calendar]"]
"""A folder with files of calendars, or calendars by the id under which workflows name them."""


class Calendars:
    """Calendars by the id under which workflows name them."""

    def __init__(self, handed_in: CalendarSource | None, folders: Iterable[Path]) -> None:
        is_folder = isinstance(handed_in, str | Path)
        self._known: dict[str, Calendar] = dict(handed_in) if isinstance(handed_in, Mapping) else {}
        self._folders = [*([Path(handed_in)] if is_folder else []), *folders]  # type: ignore[arg-type]
        self._lock = RLock()

    @property
    def names(self) -> frozenset[str]:
        """The ids of the calendars that are known already."""
        return frozenset(self._known)

    @property
    def known(self) -> tuple[Calendar, ...]:
        """The calendars that were handed in or asked for, by id."""
        return tuple(self._known[name] for name in sorted(self._known))

    def named(self, name: str) -> Calendar:
        """The calendar that a workflow names.

        Raises:
            WorkflowInvalid: its file has problems.
            FlowError: there is none.
        """
        found = self._known.get(name)
        if found is None:
            # Reading needs YAML and pydantic's schemas, which an import of the package does not.
            from partybuild_flow.reader.calendars import find_calendar, read_calendar

            with self._lock:
                path = find_calendar(name, self._folders)
                if path is None:
                    raise FlowError(
                        f"there is no calendar {name!r}; hand it to the engine with calendars={{…}}"
                    )
                found = self._known.setdefault(name, read_calendar(path))
        return found
