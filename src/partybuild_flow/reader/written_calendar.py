"""The written form of a calendar: what may stand where, with the English keyword as the alias."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from partybuild_flow.messages import Phrase
from partybuild_flow.reader.text import Scalar
from partybuild_flow.reader.written import PART_WORDS
from partybuild_flow.reader.written_form import Pairs, Place, SomeWords, Word, Words, Written, keyword_of

WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
"""The weekdays from the first to the seventh, as keywords."""


def _weekday(word: object) -> int:
    """The number of a weekday, from 1."""
    if not isinstance(word, Scalar):
        raise PydanticCustomError("is_instance_of", "a word is expected")
    return WEEKDAYS.index(keyword_of(word, WEEKDAYS).value) + 1


class WrittenYear(Written):
    """An entry of `years`."""

    name: Annotated[Word, Place("node")] = Field(alias="@name")
    published: Word | None = None
    source: Word | None = None
    off: Pairs = ()
    worked: Words = ()


class WrittenCalendar(Written):
    """A file `*.calendar.yaml`."""

    calendar: Word
    hours: SomeWords
    rest: Annotated[tuple[Annotated[int, BeforeValidator(_weekday)], ...], Place("words")] = (6, 7)
    years: Annotated[tuple[WrittenYear, ...], Place("named", WrittenYear)] = ()


PART_WORDS.update({WrittenCalendar: Phrase("part-calendar"), WrittenYear: Phrase("part-year")})
