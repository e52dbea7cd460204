"""The definition of one lifecycle: frozen, every name resolved, every expression parsed and typed.

Everything carries the id that programs use, the name that people read and the position where it
is written. The reader makes these values; nothing here reads text.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict

from partybuild_flow.feel import Expression, Type, Value
from partybuild_flow.messages import Language
from partybuild_flow.problems import Position


class Definition(BaseModel):
    """What all parts of a definition share."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True, defer_build=True)

    position: Position
    """The word that begins this part."""


class Named(Definition):
    """A part that others refer to, by either of its two names."""

    id: str
    name: str


class Field(Named):
    """One item of a case's data."""

    kind: str
    """The written type in English: text, number, integer, money, boolean, date, datetime, term, choice, list, unit, person."""
    type: Type
    decimals: int | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    personal: Literal["personal", "sensitive"] | None = None
    improvable: bool = False


class Role(Named):
    """A capacity in which people act."""


class State(Named):
    """A state; one with `children` is compound, and a case is always in a leaf."""

    parent: str | None = None
    children: tuple[str, ...] = ()
    final: bool = False


class By(Definition):
    """Who may send: a role at the case's unit or above, or at the unit that `field` holds."""

    role: str
    field: str | None = None


class Need(Definition):
    """A field that the event brings; an optional one may be left out."""

    field: str
    optional: bool = False


class Setting(Definition):
    """A field that an accepted event changes, and the expression of its new value."""

    field: str
    value: Expression


class Notice(Definition):
    """An effect that tells somebody something; `text` is literal pieces and expressions, in order."""

    to: str
    text: tuple[str | Expression, ...]


class Transition(Definition):
    """One way from states to a state. Without `sources` it starts a case; without `targets` the state stays.

    `targets` maps an outcome of `decide` to a state; a transition without `decide` has the one
    outcome `""`.
    """

    number: int
    """Its place in the file, from 1; with the event it names the transition in the journal."""
    event: str
    event_name: str
    starts: bool
    sources: tuple[str, ...]
    targets: Mapping[str, str]
    by: tuple[By, ...]
    not_by: tuple[str, ...] = ()
    needs: tuple[Need, ...] = ()
    when: Expression | None = None
    decide: Expression | None = None
    settings: tuple[Setting, ...] = ()
    limit: int | None = None
    notices: tuple[Notice, ...] = ()
    journal_refused: bool = False


class Deadline(Named):
    """A due instant that runs while the case is in one of `states`; it fires an event or closes a window."""

    states: tuple[str, ...]
    due: Expression
    fires: str | None = None


class Parameter(Named):
    """A value that rules read, with its source in words."""

    type: Type
    value: Value
    source: str | None = None


class LookUp(Named):
    """A question to the host, asked once for each decision that reads it and kept with its entry."""

    inputs: tuple[str, ...]
    type: Type


class Output(Named):
    """One output of a table, or one fact that a rule set derives."""

    type: Type
    default: Expression | None = None


class Row(Definition):
    """One row of a table: a test for each input (None is `-`), a value for each output."""

    number: int
    tests: tuple[Expression | None, ...]
    """Boolean expressions that read the tested value as the name `?`."""
    values: tuple[Expression, ...]


class Example(Definition):
    """Facts and what the table or rule set must conclude from them."""

    given: Mapping[str, Value]
    expected: Mapping[str, Value]


class Table(Named):
    """A DMN decision table. Source: DMN 1.5, clause 8."""

    hit: Literal["U", "A", "F"]
    inputs: tuple[Expression, ...]
    outputs: tuple[Output, ...]
    rows: tuple[Row, ...]
    examples: tuple[Example, ...] = ()


class Rule(Named):
    """A production rule: when it holds, every conclusion is drawn. `because` is told to people."""

    when: Expression
    conclusions: tuple[Setting, ...]
    """`field` is the derived fact."""
    because: str | None = None


class RuleSet(Named):
    """Rules that feed each other, in strata: a rule stands after all rules that set what it reads."""

    first: bool
    """Whether the first rule in file order wins a disagreement; otherwise it is a conflict."""
    outputs: tuple[Output, ...]
    strata: tuple[tuple[Rule, ...], ...]
    examples: tuple[Example, ...] = ()

    @property
    def rules(self) -> tuple[Rule, ...]:
        """All rules, in the order of their strata."""
        return tuple(rule for stratum in self.strata for rule in stratum)


class Workflow(Named):
    """The written definition of one lifecycle. Mappings are by id and in file order."""

    version: int
    language: Language
    effective_from: date | None = None
    fields: Mapping[str, Field]
    roles: Mapping[str, Role]
    states: Mapping[str, State]
    events: Mapping[str, str]
    """The name of each event by its id."""
    transitions: tuple[Transition, ...]
    deadlines: Mapping[str, Deadline] = {}
    parameters: Mapping[str, Parameter] = {}
    look_ups: Mapping[str, LookUp] = {}
    tables: Mapping[str, Table] = {}
    rule_sets: Mapping[str, RuleSet] = {}
    unique: tuple[tuple[str, ...], ...] = ()
    texts: Mapping[str, str]
    """The files it was read from, by their path inside its folder."""
    hash: str
    """SHA-256 of `texts`, in hexadecimal: the definition's identity."""

    def leaves(self, state: str) -> tuple[str, ...]:
        """The states without children at or below this one, in file order."""
        children = self.states[state].children
        return tuple(leaf for child in children for leaf in self.leaves(child)) if children else (state,)
