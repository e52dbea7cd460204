"""The written form of rates: what counts, what counts as done, and into which period a case falls."""

from __future__ import annotations

from typing import Final

from partybuild_flow.messages import Phrase
from partybuild_flow.reader.written_form import NamedPart, Word, Written


class WrittenRate(NamedPart):
    """An entry of `rates`."""

    numerator: Word
    denominator: Word | None = None
    falls: Word
    at_least: Word | None = None


RATE_WORDS: Final[dict[type[Written], Phrase]] = {WrittenRate: Phrase("part-rate")}
"""How a sentence calls this part."""
