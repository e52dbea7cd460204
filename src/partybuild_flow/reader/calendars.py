"""A calendar's file as a calendar; or every problem in it, in file order. And where the file is found."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, time
from itertools import pairwise
from pathlib import Path
from typing import Final

from partybuild_flow.calendar import Calendar, CalendarYear, DaysOff
from partybuild_flow.errors import WorkflowInvalid
from partybuild_flow.messages import Phrase
from partybuild_flow.problems import Problem, in_file_order
from partybuild_flow.reader.files import read_file
from partybuild_flow.reader.findings import Findings
from partybuild_flow.reader.keywords import TRUTHS, spelled
from partybuild_flow.reader.shipped import find_shipped
from partybuild_flow.reader.text import ALIAS, AnyNode, Scalar, Sequence
from partybuild_flow.reader.walk import Walk
from partybuild_flow.reader.written_calendar import WrittenCalendar, WrittenYear

CALENDAR_FILE: Final = ".calendar.yaml"
"""How the name of a calendar's file ends; what stands before it is the id of the calendar."""

_ID: Final = re.compile(r"[\w-]+")
_HOURS: Final = re.compile(r"([0-9]{1,2}):([0-9]{2})\s*(?:-|–|—|~|～|至|到|to)\s*([0-9]{1,2}):([0-9]{2})")
_DAYS: Final = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:\s*(?:–|—|~|～|至|到|to)\s*([0-9]{4}-[0-9]{2}-[0-9]{2}))?"
)


def find_calendar(name: str, folders: Iterable[Path]) -> Path | None:
    """The file of a calendar by its id: in the first of the folders that has one, or as shipped; None if nowhere."""
    if not _ID.fullmatch(name):
        return None
    file = name + CALENDAR_FILE
    places = (folder / file for folder in folders)
    return next((place for place in places if place.is_file()), None) or find_shipped(f"workflows/{file}")


def read_calendar(path: Path) -> Calendar:
    """The calendar that is written in a file; its id is the file's name up to `.calendar.yaml`.

    Raises:
        WorkflowInvalid: with every problem of the file: those of any written file, and PF540 to PF550.
    """
    findings = Findings()
    tree = read_file(path, findings)
    written = Walk(findings).part(WrittenCalendar, tree) if tree is not None else None
    found = _Reading(findings).read(written, path.name.removesuffix(CALENDAR_FILE)) if written else None
    if found is None or findings.problems:
        raise WorkflowInvalid(in_file_order(findings.problems))
    return found


class _Reading:
    """One calendar on its way from the written form."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._off: dict[date, Scalar] = {}
        self._worked: dict[date, Scalar] = {}

    def read(self, written: WrittenCalendar, calendar_id: str) -> Calendar | None:
        hours = self._hours(written.hours)
        years = tuple(year for part in written.years if (year := self._year(part)))
        for day in sorted(self._off.keys() & self._worked.keys()):
            first, later = sorted((self._off[day], self._worked[day]), key=lambda word: word.start)
            self._add(later, "PF548", day=day, line=first.line, column=first.column)
        if len(set(written.rest)) == 7:
            self._findings.add(written.node.problem("PF542"))
        if self._findings.problems:
            return None
        return Calendar(calendar_id, written.calendar.text, hours, frozenset(written.rest), years)

    def _hours(self, words: tuple[Scalar, ...]) -> tuple[tuple[time, time], ...]:
        spans = [(word, span) for word in words if (span := self._span(word))]
        for (_, before), (word, after) in pairwise(spans):
            if after[0] <= before[1]:
                self._add(word, "PF541", written=word.text, end=f"{before[1]:%H:%M}")
        return tuple(span for _, span in spans)

    def _span(self, word: Scalar) -> tuple[time, time] | None:
        match = _HOURS.fullmatch(word.text.strip())
        try:
            begin, end = (
                (time(int(match[1]), int(match[2])), time(int(match[3]), int(match[4])))
                if match
                else (None, None)
            )
        except ValueError:  # a time that no clock shows is told like any other word that is none
            begin = end = None
        if begin is None or end is None or begin >= end:
            self._add(word, "PF540", written=word.text)
            return None
        return begin, end

    def _year(self, part: WrittenYear) -> CalendarYear | None:
        if not re.fullmatch(r"[1-9][0-9]{3}", part.name.text):
            self._add(part.name, "PF543", written=part.name.text)
            return None
        year = int(part.name.text)
        published = self._published(part.published)
        off = tuple(
            DaysOff(pair.key.text, first, last)
            for pair in part.off
            for word in self._words(pair.value)
            if pair.key is not None and (days := self._days(word, year, self._off))
            for first, last in (days,)
        )
        worked = tuple(
            date.fromordinal(day)
            for word in part.worked
            if (days := self._days(word, year, self._worked))
            for day in range(days[0].toordinal(), days[1].toordinal() + 1)
        )
        if published and not part.off and not part.worked and part.intact("off", "worked"):
            key = spelled("published", part.name.source.language)
            self._add(part.published or part.name, "PF549", year=year, key=key)
        return CalendarYear(year, published, part.source.text if part.source else "", off, worked)

    def _published(self, word: Scalar | None) -> date | None:
        if word is None or TRUTHS.get(word.text) is False:
            return None
        found = _day(word.text)
        if found is None:
            self._add(word, "PF113", written=word.text)
        return found

    def _words(self, node: AnyNode) -> list[Scalar]:
        items = node.items if isinstance(node, Sequence) else (node,)
        words = [item for item in items if isinstance(item, Scalar) and item.style != ALIAS]
        for item in items:
            if not isinstance(item, Scalar):
                what = Phrase("key", {"key": spelled("off", item.source.language)})
                found = Phrase(f"found-{type(item).__name__.lower()}")
                self._findings.add(
                    item.problem("PF108", what=what, expected=Phrase("form-words"), found=found)
                )
        return words

    def _days(self, word: Scalar, year: int, known: dict[date, Scalar]) -> tuple[date, date] | None:
        """The first and last of the days that a word names; each of them is taken down as known."""
        match = _DAYS.fullmatch(word.text.strip())
        first = _day(match[1]) if match else None
        last = _day(match[2] or match[1]) if match else None
        if first is None or last is None:
            self._add(word, "PF544", written=word.text)
        elif last < first:
            self._add(word, "PF545", written=word.text)
        elif not year - 1 <= first.year <= last.year <= year + 1:
            self._add(word, "PF546", written=word.text, year=year)
        else:
            self._take_down(word, first, last, known)
            return first, last
        return None

    def _take_down(self, word: Scalar, first: date, last: date, known: dict[date, Scalar]) -> None:
        days = [date.fromordinal(day) for day in range(first.toordinal(), last.toordinal() + 1)]
        twice = next((day for day in days if day in known), None)
        if twice is not None:
            before = known[twice]
            self._add(word, "PF547", day=twice, line=before.line, column=before.column)
        for day in days:
            known.setdefault(day, word)

    def _add(self, word: Scalar, code: str, **data: object) -> None:
        self._findings.add(Problem(code, word.position, data, word.source.language))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text) else None
    except ValueError:  # a day that no calendar has
        return None
