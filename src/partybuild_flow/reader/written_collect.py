"""The written form of `collect`: marks that several people give on one event."""

from __future__ import annotations

from typing import Annotated, ClassVar, Final

from pydantic import BeforeValidator, Field

from partybuild_flow.messages import Phrase
from partybuild_flow.reader.text import Scalar
from partybuild_flow.reader.written_form import Keyword, Truth, Whole, Word, Words, Written, keyword_of

WAYS: Final = ("all", "any", "quorum", "ratio", "trimmed-mean", "mean")


def _way(node: object) -> object:
    return keyword_of(node, WAYS) if isinstance(node, Scalar) else node


class WrittenCollect(Written):
    """The `collect` of a transition."""

    short: ClassVar[str | None] = "as"

    as_: Annotated[Keyword, BeforeValidator(_way)]
    value: Word | None = None
    for_: Words = ()
    from_people: Words = ()
    not_from: Words = ()
    at_least: Word | None = None
    ratio: Word | None = None
    trim_from: Word | None = None
    decimals: Annotated[Whole, Field(ge=0, le=20)] | None = None
    into: Word | None = None
    sealed: Truth = False


COLLECT_WORDS: Final[dict[type[Written], Phrase]] = {WrittenCollect: Phrase("part-collect")}
"""How a sentence calls it."""
