"""The written form of relations and of effects: which cases have to do with a case, what it tells them and starts."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from partybuild_flow.messages import Phrase
from partybuild_flow.reader.text import Scalar
from partybuild_flow.reader.written_form import (
    NamedPart,
    Pairs,
    SomeWords,
    Word,
    Words,
    Written,
    keyword_of,
)

TIES: Final = {"exact": "取足", "all": "全取", "none": "全不取"}
"""What happens to members that are equal where a quota ends, in both languages."""


def _exact(node: object) -> bool:
    return keyword_of(_word(node), ("exact",)).value == "exact"


def _ties(node: object) -> str:
    word = _word(node)
    chinese = word.source.language == "zh-CN"
    for english, spelled in TIES.items():
        if word.text == (spelled if chinese else english):
            return english
    allowed = tuple(TIES.values() if chinese else TIES)
    raise PydanticCustomError("PF109", "words", {"written": word.text, "allowed": allowed})


def _word(node: object) -> Scalar:
    if not isinstance(node, Scalar):
        raise PydanticCustomError("is_instance_of", "a word is expected")
    return node


class WrittenRelation(NamedPart):
    """An entry of `cases`."""

    workflow: Word
    where: Pairs = ()
    during: Word | None = None
    states: SomeWords | None = None
    read: Annotated[bool, BeforeValidator(_exact)] = False


class WrittenEffect(Written):
    """An entry of `effects`: `notify`, `start` or `send`, each with keywords of its own."""

    notify: Word | None = None
    message: Word | None = None
    start: Word | None = None
    event: Word | None = None
    at: Word | None = None
    send: Word | None = None
    to: Word | None = None
    where: Word | None = None
    order: Words = ()
    first: Word | None = None
    ties: Annotated[Literal["exact", "all", "none"], BeforeValidator(_ties)] = "exact"
    per: Words = ()
    with_: Pairs = ()


KEYWORDS_OF_EFFECTS: Final[dict[str, tuple[str, ...]]] = {
    "notify": ("message",),
    "start": ("event", "at", "per", "with"),
    "send": ("to", "where", "order", "first", "ties", "per", "with"),
}
"""What each kind of effect is written with."""

RELATION_WORDS: Final[dict[type[Written], Phrase]] = {
    WrittenRelation: Phrase("part-relation"),
    WrittenEffect: Phrase("part-effect"),
}
"""How a sentence calls these parts."""
