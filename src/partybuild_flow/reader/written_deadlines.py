"""The written form of deadlines: when they run, when they are due, what stops, repeats and announces them."""

from __future__ import annotations

from typing import Annotated, ClassVar, Final

from pydantic import BeforeValidator

from partybuild_flow.messages import Phrase
from partybuild_flow.reader.written_form import (
    Keyword,
    NamedPart,
    Place,
    SomeWords,
    Word,
    Words,
    Written,
    read_period,
)


class WrittenWarn(Written):
    """An entry of `warn`."""

    short: ClassVar[str | None] = "at"

    at: Word
    notify: Word | None = None
    message: Word | None = None


class WrittenDeadline(NamedPart):
    """An entry of `deadlines`."""

    while_: SomeWords
    since: Word | None = None
    every: Annotated[Keyword | None, BeforeValidator(read_period)] = None
    due: Word
    pause: Words = ()
    warn: Annotated[tuple[WrittenWarn, ...], Place("parts", WrittenWarn)] = ()
    fire: Word | None = None
    erase: Words = ()


DEADLINE_WORDS: Final[dict[type[Written], Phrase]] = {
    WrittenDeadline: Phrase("part-deadline"),
    WrittenWarn: Phrase("part-warn"),
}
"""How a sentence calls each kind of part."""
