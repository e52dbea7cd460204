"""How a keyword's value may be written: the forms, the closed sets of words, and what all parts of a file share."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar, Final, Literal, NamedTuple

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator
from pydantic_core import PydanticCustomError

from partybuild_flow.messages import Phrase
from partybuild_flow.reader.keywords import CHINESE, TRUTHS, spelled, spelled_truth
from partybuild_flow.reader.text import AnyNode, Mapping, Scalar, Sequence

Form = Literal[
    "node",
    "word",
    "words",
    "groups",
    "part",
    "parts",
    "named",
    "pairs",
    "targets",
    "cells",
    "rows",
    "examples",
    "item",
    "sets",
]


@dataclass(frozen=True, slots=True)
class Place:
    """How a keyword's value is written; `model` is that of the parts in it, None for the enclosing model.

    `among` is the model of what may stand among the parts.
    """

    form: Form
    model: type[Written] | None = None
    among: type[Written] | None = None


class Pair(NamedTuple):
    """A name and what is written for it; no name for the way of a transition without outcomes."""

    key: Scalar | None
    value: AnyNode


class Cells(NamedTuple):
    """A row: the node that it was read from and its cells."""

    node: Sequence
    cells: tuple[Scalar, ...]


class Facts(NamedTuple):
    """An example: the node that it was read from, its names and their values."""

    node: Mapping
    pairs: tuple[Pair, ...]


class ValueSet(NamedTuple):
    """A set of parameters: its name and the values it holds."""

    name: Scalar
    values: tuple[WrittenValue, ...]


class Keyword(NamedTuple):
    """A word out of a closed set: its English keyword and the word in the file."""

    value: str
    word: Scalar


def _scalar(node: object) -> Scalar:
    if not isinstance(node, Scalar):
        raise PydanticCustomError("is_instance_of", "a word is expected")
    return node


def _filled(node: Scalar) -> Scalar:
    if not node.text.strip():
        raise PydanticCustomError("PF110", "empty", {})
    return node


def _truth(node: object) -> bool:
    word = _scalar(node)
    if word.text not in TRUTHS:
        language = word.source.language
        truths = (spelled_truth(True, language), spelled_truth(False, language))
        raise PydanticCustomError(
            "PF111", "truth", {"written": word.text, "true": truths[0], "false": truths[1]}
        )
    return TRUTHS[word.text]


def _whole(node: object) -> int:
    word = _scalar(node)
    if not re.fullmatch(r"[+-]?[0-9]{1,9}", word.text):
        raise PydanticCustomError("PF112", "whole", {"written": word.text, "bounds": Phrase("nothing")})
    return int(word.text)


def _day(node: object) -> date:
    word = _scalar(node)
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", word.text):
            return date.fromisoformat(word.text)
    except ValueError:
        pass  # a day that no calendar has is told like any other word that is no day
    raise PydanticCustomError("PF113", "day", {"written": word.text})


def keyword_of(word: Scalar, allowed: tuple[str, ...], later: tuple[str, ...] = ()) -> Keyword:
    """The keyword that stands as a value.

    Raises: PydanticCustomError, whose type is the code of the problem.
    """
    language = word.source.language
    for keyword in (*allowed, *later):
        own = spelled(keyword, language) if keyword in CHINESE else keyword
        if word.text == own and keyword in later:
            raise PydanticCustomError("PF106", "later", {"word": word.text})
        if word.text == own:
            return Keyword(keyword, word)
        if word.text in (keyword, CHINESE.get(keyword)):
            raise PydanticCustomError("PF105", "language", {"word": word.text, "right": own})
    words = tuple(spelled(keyword, language) if keyword in CHINESE else keyword for keyword in allowed)
    raise PydanticCustomError("PF109", "words", {"written": word.text, "allowed": words})


TYPES: Final = (
    *("text", "number", "integer", "money", "boolean", "date", "datetime", "term"),
    *("choice", "list", "unit", "person", "document", "case"),
)


def _kind(node: object) -> Keyword:
    return keyword_of(_scalar(node), TYPES)


def _kind_within(node: object) -> Keyword:
    return keyword_of(_scalar(node), tuple(kind for kind in TYPES if kind not in ("list", "case")))


def _item(node: object) -> object:
    """What the items of a list are: a type, or the fields of a record."""
    return node if isinstance(node, tuple) or node is None else _kind(node)


def read_personal(node: object) -> str | None:
    """Whether a field is personal, and how much."""
    word = _scalar(node)
    if word.text in TRUTHS:
        return "personal" if TRUTHS[word.text] else None
    return keyword_of(word, ("sensitive",)).value


def read_hit(node: object) -> str:
    """The hit policy of a table."""
    return keyword_of(_scalar(node), ("U", "A", "F")).value


PERIODS: Final = ("day", "week", "month", "quarter", "half-year", "year")


def read_period(node: object) -> Keyword:
    """How often a deadline recurs."""
    return keyword_of(_scalar(node), PERIODS)


def read_journal(node: object) -> bool:
    """Whether a transition's refusals are journalled."""
    return keyword_of(_scalar(node), ("refused",)).value == "refused"


Word = Annotated[Scalar, AfterValidator(_filled)]
Words = Annotated[tuple[Word, ...], Place("words")]
SomeWords = Annotated[tuple[Word, ...], Place("words"), Field(min_length=1)]
Truth = Annotated[bool, BeforeValidator(_truth)]
Whole = Annotated[int, BeforeValidator(_whole)]
Day = Annotated[date, BeforeValidator(_day)]
Kind = Annotated[Keyword, BeforeValidator(_kind)]
KindWithin = Annotated[Keyword, BeforeValidator(_kind_within)]
Pairs = Annotated[tuple[Pair, ...], Place("pairs")]
Examples = Annotated[tuple[Facts, ...], Place("examples")]


def _alias(name: str) -> str:
    return name.removesuffix("_").replace("_", "-")


class Written(BaseModel):
    """What all parts of a file share; `later` are keywords that this version knows and does not carry out."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", arbitrary_types_allowed=True, alias_generator=_alias
    )
    later: ClassVar[tuple[str, ...]] = ()
    short: ClassVar[str | None] = None
    """The keyword that a bare word in the part's place stands for."""

    node: Annotated[AnyNode, Place("node")] = Field(alias="@node")
    damaged: Annotated[frozenset[str], Place("node")] = Field(alias="@damaged", default=frozenset())
    """The keywords whose values were lost to a problem that is told already; `*` is one that nobody knows."""

    def intact(self, *keywords: str) -> bool:
        """Whether all that was written for these keywords was read."""
        return self.damaged.isdisjoint((*keywords, "*"))


class NamedPart(Written):
    """A part whose key is the name that people read."""

    name: Annotated[Word, Place("node")] = Field(alias="@name")
    id: Word | None = None


class WrittenValue(Written):
    """The value that a set gives a parameter."""

    name: Annotated[Word, Place("node")] = Field(alias="@name")
    value: Annotated[AnyNode, Place("node")]
    source: Word | None = None


class Chosen(Written):
    """A part that may have a type, and what belongs to choices only."""

    type: Kind | None = None
    values: SomeWords | None = None
    ordered: Truth = False


class WrittenColumn(NamedPart, Chosen):
    """A field of a record, which is an item of a list."""

    type: KindWithin
    decimals: Annotated[Whole, Field(ge=0, le=20)] | None = None
    min: Word | None = None
    max: Word | None = None


class Typed(Chosen):
    """As `Chosen`, and the items of a list: their type, or the fields that each of them has."""

    item: Annotated[
        Keyword | tuple[WrittenColumn, ...] | None, Place("item", WrittenColumn), PlainValidator(_item)
    ] = None
