"""The written form of a definition: what may stand where, with the English keyword as the alias.

These models drive the walk over a file and check what they are given; names are not resolved and
expressions not parsed here. Every part keeps the node that it was read from.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar, Final, Literal, NamedTuple

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
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
]


@dataclass(frozen=True, slots=True)
class Place:
    """How a keyword's value is written; `model` is that of the parts in it, None for the enclosing model."""

    form: Form
    model: type[Written] | None = None


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
    *("choice", "list", "unit", "person"),
)
_LATER_TYPES: Final = ("document", "case")


def _kind(node: object) -> Keyword:
    return keyword_of(_scalar(node), TYPES, _LATER_TYPES)


def _personal(node: object) -> str | None:
    word = _scalar(node)
    if word.text in TRUTHS:
        return "personal" if TRUTHS[word.text] else None
    return keyword_of(word, ("sensitive",)).value


def _hit(node: object) -> str:
    return keyword_of(_scalar(node), ("U", "A", "F")).value


def _journal(node: object) -> bool:
    return keyword_of(_scalar(node), ("refused",)).value == "refused"


Word = Annotated[Scalar, AfterValidator(_filled)]
Words = Annotated[tuple[Word, ...], Place("words")]
SomeWords = Annotated[tuple[Word, ...], Place("words"), Field(min_length=1)]
Truth = Annotated[bool, BeforeValidator(_truth)]
Whole = Annotated[int, BeforeValidator(_whole)]
Day = Annotated[date, BeforeValidator(_day)]
Kind = Annotated[Keyword, BeforeValidator(_kind)]
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


class Typed(Written):
    """A part that may have a type, and what belongs to some types only."""

    type: Kind | None = None
    values: SomeWords | None = None
    ordered: Truth = False
    item: Kind | None = None


class WrittenType(Typed):
    """The type of a look-up's answer."""

    short: ClassVar[str | None] = "type"

    type: Kind


class WrittenField(NamedPart, Typed):
    """An entry of `fields`."""

    type: Kind
    decimals: Annotated[Whole, Field(ge=0, le=20)] | None = None
    min: Word | None = None
    max: Word | None = None
    personal: Annotated[Literal["personal", "sensitive"] | None, BeforeValidator(_personal)] = None
    improvable: Truth = False


class WrittenRole(NamedPart):
    """An entry of `roles`."""


class WrittenState(NamedPart):
    """An entry of `states`."""

    states: Annotated[tuple[WrittenState, ...], Place("named")] = ()
    final: Truth = False


class WrittenBy(Written):
    """An entry of `by`."""

    short: ClassVar[str | None] = "role"

    role: Word
    at: Word | None = None


class WrittenEffect(Written):
    """An entry of `effects`."""

    later: ClassVar[tuple[str, ...]] = ("start", "send", "order", "first", "per", "where")

    notify: Word
    message: Word


class WrittenTransition(Written):
    """An entry of `transitions`."""

    later: ClassVar[tuple[str, ...]] = ("collect", "read")

    on: Word
    id: Word | None = None
    from_: SomeWords | None = None
    to: Annotated[tuple[Pair, ...], Place("targets")] | None = None
    by: Annotated[tuple[WrittenBy, ...], Place("parts", WrittenBy)] | None = None
    not_by: Words = ()
    needs: Words = ()
    when: Word | None = None
    decide: Word | None = None
    set_: Pairs = ()
    limit: Annotated[Whole, Field(ge=1)] | None = None
    effects: Annotated[tuple[WrittenEffect, ...], Place("parts", WrittenEffect)] = ()
    journal: Annotated[bool, BeforeValidator(_journal)] = False


class WrittenDeadline(NamedPart):
    """An entry of `deadlines`."""

    later: ClassVar[tuple[str, ...]] = ("every", "pause", "warn")

    while_: SomeWords
    due: Word
    fire: Word | None = None


class WrittenParameter(NamedPart, Typed):
    """An entry of `parameters`."""

    value: Annotated[AnyNode, Place("node")]
    source: Word | None = None


class WrittenLookUp(NamedPart):
    """An entry of `look-ups`."""

    with_: Words = ()
    type: Annotated[WrittenType, Place("part", WrittenType)]


class WrittenWorkflow(Written):
    """The file `workflow.yaml`."""

    later: ClassVar[tuple[str, ...]] = ("calendar", "include", "cases")

    workflow: Word
    id: Word | None = None
    version: Annotated[Whole, Field(ge=1)] = 1
    effective_from: Day | None = None
    unique: Annotated[tuple[tuple[Word, ...], ...], Place("groups")] = ()
    fields_: Annotated[tuple[WrittenField, ...], Place("named", WrittenField)] = ()
    roles: Annotated[tuple[WrittenRole, ...], Place("named", WrittenRole)] = ()
    states: Annotated[tuple[WrittenState, ...], Place("named", WrittenState), Field(min_length=1)]
    transitions: Annotated[
        tuple[WrittenTransition, ...], Place("parts", WrittenTransition), Field(min_length=1)
    ]
    deadlines: Annotated[tuple[WrittenDeadline, ...], Place("named", WrittenDeadline)] = ()
    parameters: Annotated[tuple[WrittenParameter, ...], Place("named", WrittenParameter)] = ()
    look_ups: Annotated[tuple[WrittenLookUp, ...], Place("named", WrittenLookUp)] = ()


class WrittenOutput(NamedPart, Typed):
    """An output of a table, or a fact that a rule set derives."""

    default: Word | None = None


class WrittenTable(Written):
    """A file `*.table.yaml`."""

    table: Word
    id: Word | None = None
    hit: Annotated[Literal["U", "A", "F"], BeforeValidator(_hit)] = "U"
    inputs: Annotated[tuple[Word, ...], Place("cells"), Field(min_length=1)]
    outputs: Annotated[tuple[WrittenOutput, ...], Place("named", WrittenOutput), Field(min_length=1)]
    rows: Annotated[tuple[Cells, ...], Place("rows"), Field(min_length=1)]
    default: Pairs = ()
    examples: Examples = ()


class WrittenRule(NamedPart):
    """An entry of `rules`."""

    when: Word
    conclude: Annotated[Pairs, Field(min_length=1)]
    because: Word | None = None


class WrittenRuleSet(Written):
    """A file `*.rules.yaml`."""

    rule_set: Word
    id: Word | None = None
    first: Truth = False
    outputs: Annotated[tuple[WrittenOutput, ...], Place("named", WrittenOutput)] = ()
    rules: Annotated[tuple[WrittenRule, ...], Place("named", WrittenRule), Field(min_length=1)]
    default: Pairs = ()
    examples: Examples = ()


class WrittenParameters(Written):
    """The file `parameters.yaml`."""

    parameters: Annotated[tuple[WrittenParameter, ...], Place("named", WrittenParameter)]


PART_WORDS: Final[dict[type[Written], Phrase]] = {
    model: Phrase(code)
    for model, code in (
        (WrittenWorkflow, "part-workflow"),
        (WrittenField, "part-field"),
        (WrittenRole, "part-role"),
        (WrittenState, "part-state"),
        (WrittenTransition, "part-transition"),
        (WrittenBy, "part-by"),
        (WrittenEffect, "part-effect"),
        (WrittenDeadline, "part-deadline"),
        (WrittenParameter, "part-parameter"),
        (WrittenLookUp, "part-look-up"),
        (WrittenType, "part-type"),
        (WrittenTable, "part-table"),
        (WrittenOutput, "part-output"),
        (WrittenRuleSet, "part-rule-set"),
        (WrittenRule, "part-rule"),
        (WrittenParameters, "part-parameters"),
    )
}
"""How a sentence calls each kind of part."""
