"""The written form of a definition: what may stand where, with the English keyword as the alias.

These models drive the walk over a file and check what they are given; names are not resolved and
expressions not parsed here. Every part keeps the node that it was read from.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Final, Literal

from pydantic import BeforeValidator, Field

from partybuild_flow.messages import Phrase
from partybuild_flow.reader.text import AnyNode
from partybuild_flow.reader.written_collect import COLLECT_WORDS, WrittenCollect
from partybuild_flow.reader.written_deadlines import DEADLINE_WORDS, WrittenDeadline
from partybuild_flow.reader.written_form import (
    Cells,
    Day,
    Examples,
    Kind,
    NamedPart,
    Pair,
    Pairs,
    Place,
    SomeWords,
    Truth,
    Typed,
    ValueSet,
    Whole,
    Word,
    Words,
    Written,
    WrittenColumn,
    WrittenValue,
    read_hit,
    read_journal,
    read_personal,
)
from partybuild_flow.reader.written_include import INCLUDE_WORDS, WrittenHole, WrittenInclude
from partybuild_flow.reader.written_rates import RATE_WORDS, WrittenRate
from partybuild_flow.reader.written_relations import RELATION_WORDS, WrittenEffect, WrittenRelation


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
    personal: Annotated[Literal["personal", "sensitive"] | None, BeforeValidator(read_personal)] = None
    improvable: Truth = False
    seen_by: Words = ()
    hidden_from: Words = ()
    workflow: Word | None = None


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


class WrittenTransition(Written):
    """An entry of `transitions`."""

    later: ClassVar[tuple[str, ...]] = ("read",)

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
    journal: Annotated[bool, BeforeValidator(read_journal)] = False
    collect: Annotated[WrittenCollect | None, Place("part", WrittenCollect)] = None
    unseal: Words = ()
    discard: Pairs = ()
    aim: Words = ()


class WrittenCorrect(Written):
    """The `correct` of a workflow: who may correct which fields."""

    by: Annotated[tuple[WrittenBy, ...], Place("parts", WrittenBy), Field(min_length=1)]
    fields_: SomeWords


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

    workflow: Word
    id: Word | None = None
    version: Annotated[Whole, Field(ge=1)] = 1
    effective_from: Day | None = None
    calendar: Word | None = None
    unique: Annotated[tuple[tuple[Word, ...], ...], Place("groups")] = ()
    hidden_from: Words = ()
    fields_: Annotated[tuple[WrittenField, ...], Place("named", WrittenField)] = ()
    roles: Annotated[tuple[WrittenRole, ...], Place("named", WrittenRole)] = ()
    states: Annotated[tuple[WrittenState, ...], Place("named", WrittenState), Field(min_length=1)]
    transitions: Annotated[
        tuple[WrittenTransition, ...],
        Place("parts", WrittenTransition, WrittenInclude),
        Field(min_length=1),
    ]
    deadlines: Annotated[tuple[WrittenDeadline, ...], Place("named", WrittenDeadline)] = ()
    parameters: Annotated[tuple[WrittenParameter, ...], Place("named", WrittenParameter)] = ()
    look_ups: Annotated[tuple[WrittenLookUp, ...], Place("named", WrittenLookUp)] = ()
    correct: Annotated[WrittenCorrect | None, Place("part", WrittenCorrect)] = None
    cases: Annotated[tuple[WrittenRelation, ...], Place("named", WrittenRelation)] = ()
    rates: Annotated[tuple[WrittenRate, ...], Place("named", WrittenRate)] = ()
    include: Annotated[tuple[WrittenInclude, ...], Place("parts", WrittenInclude)] = ()
    lists: Pairs = ()


class WrittenFragment(Written):
    """A file `*.fragment.yaml`. Its parts are read where they are included, with the holes filled."""

    fragment: Word
    id: Word | None = None
    takes: Annotated[tuple[WrittenHole, ...], Place("named", WrittenHole)] = ()
    include: Annotated[tuple[WrittenInclude, ...], Place("parts", WrittenInclude)] = ()
    lists: Pairs = ()
    fields_: Annotated[tuple[WrittenField, ...], Place("named", WrittenField)] = ()
    roles: Annotated[tuple[WrittenRole, ...], Place("named", WrittenRole)] = ()
    states: Annotated[tuple[WrittenState, ...], Place("named", WrittenState)] = ()
    transitions: Annotated[
        tuple[WrittenTransition, ...], Place("parts", WrittenTransition, WrittenInclude)
    ] = ()
    deadlines: Annotated[tuple[WrittenDeadline, ...], Place("named", WrittenDeadline)] = ()
    parameters: Annotated[tuple[WrittenParameter, ...], Place("named", WrittenParameter)] = ()
    look_ups: Annotated[tuple[WrittenLookUp, ...], Place("named", WrittenLookUp)] = ()
    cases: Annotated[tuple[WrittenRelation, ...], Place("named", WrittenRelation)] = ()


class WrittenOutput(NamedPart, Typed):
    """An output of a table, or a fact that a rule set derives."""

    default: Word | None = None


class WrittenTable(Written):
    """A file `*.table.yaml`."""

    table: Word
    id: Word | None = None
    hit: Annotated[Literal["U", "A", "F"], BeforeValidator(read_hit)] = "U"
    inputs: Annotated[tuple[Word, ...], Place("cells"), Field(min_length=1)]
    outputs: Annotated[tuple[WrittenOutput, ...], Place("named", WrittenOutput), Field(min_length=1)]
    rows: Annotated[tuple[Cells, ...], Place("rows"), Field(min_length=1)]
    ensure: Annotated[tuple[Word, ...], Place("words")] = ()
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
    sets: Annotated[tuple[ValueSet, ...], Place("sets", WrittenValue)] = ()
    ensure: Annotated[tuple[Word, ...], Place("words")] = ()


PART_WORDS: Final[dict[type[Written], Phrase]] = (
    {
        model: Phrase(code)
        for model, code in (
            (WrittenWorkflow, "part-workflow"),
            (WrittenFragment, "part-fragment"),
            (WrittenField, "part-field"),
            (WrittenColumn, "part-column"),
            (WrittenRole, "part-role"),
            (WrittenState, "part-state"),
            (WrittenTransition, "part-transition"),
            (WrittenBy, "part-by"),
            (WrittenCorrect, "part-correct"),
            (WrittenParameter, "part-parameter"),
            (WrittenLookUp, "part-look-up"),
            (WrittenType, "part-type"),
            (WrittenTable, "part-table"),
            (WrittenOutput, "part-output"),
            (WrittenRuleSet, "part-rule-set"),
            (WrittenRule, "part-rule"),
            (WrittenParameters, "part-parameters"),
            (WrittenValue, "part-value"),
        )
    }
    | INCLUDE_WORDS
    | RELATION_WORDS
    | DEADLINE_WORDS
    | COLLECT_WORDS
    | RATE_WORDS
)
"""How a sentence calls each kind of part."""
