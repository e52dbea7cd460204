"""The definition of one lifecycle: frozen, every name resolved, every expression parsed and typed.

Everything carries the id that programs use, the name that people read and the position where it is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from pydantic import BaseModel, ConfigDict

from partybuild_flow.feel import Expression, Type, Value
from partybuild_flow.messages import Language
from partybuild_flow.problems import Position

Bound = Decimal | datetime | date
"""The least or the greatest value of a field: of a number, a date, an instant."""


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
    """The written type in English, such as text."""
    type: Type
    item: str | None = None
    """The written type of a list's items, where it is written."""
    columns: tuple[Field, ...] = ()
    """The fields that each item of a list of records has."""
    decimals: int | None = None
    minimum: Bound | None = None
    maximum: Bound | None = None
    personal: Literal["personal", "sensitive"] | None = None
    public: bool = False
    improvable: bool = False
    seen_by: tuple[str, ...] = ()
    """The roles and the fields of persons that are shown a personal value, where that is written."""
    hidden_from: tuple[str, ...] = ()
    workflow: str | None = None


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


class Collect(Definition):
    """Marks that several people give on an event, one each, until what they come to is certain.

    Who is asked: the people that `asked` give, or with `each_role` one person for each demand of `by`, or
    else whoever meets `by`; never who is `recused`. `agreeing` are the values that count as yes.
    """

    way: Literal["all", "any", "quorum", "ratio", "trimmed-mean", "mean"]
    value: Expression | None = None
    """What a mark is; without it, giving one says yes."""
    agreeing: tuple[bool | str, ...] = (True,)
    asked: tuple[Expression, ...] = ()
    each_role: bool = False
    recused: tuple[Expression, ...] = ()
    at_least: Expression | None = None
    ratio: Expression | None = None
    beyond: bool = False
    """Whether the ratio must be exceeded."""
    trim_from: Expression | None = None
    decimals: int | None = None
    into: str | None = None
    sealed: bool = False


class Discard(Definition):
    """Marks of an event that an accepted event takes away: those of some people, or all."""

    event: str
    people: Expression | None = None


class StartEffect(Definition):
    """A case of another workflow that an accepted event begins with these fields, or one for each item of `per`."""

    workflow: str
    event: str
    settings: tuple[Setting, ...] = ()
    per: Expression | None = None
    unit: Expression | None = None
    protected: Mapping[str, str | None] = {}
    """Of each field whether it is `personal`, `sensitive` or `public` there."""


class Order(Definition):
    """What members are put in order by, the smallest first unless `descending`; null is always last."""

    value: Expression
    descending: bool = False


class SendEffect(Definition):
    """An event that an accepted event sends: to the members of a relation, or to the case that a field holds.

    Of the members for which `where` holds, grouped by the fields of `per`, the `first` so many in
    `order` are sent to; expressions read a member's entries by ids that begin with `?`.
    """

    workflow: str
    event: str
    relation: str | None = None
    field: str | None = None
    settings: tuple[Setting, ...] = ()
    where: Expression | None = None
    order: tuple[Order, ...] = ()
    first: Expression | None = None
    per: tuple[str, ...] = ()
    ties: Literal["exact", "all", "none"] = "exact"
    protected: Mapping[str, str | None] = {}


class Transition(Definition):
    """One way from states to a state. Without `sources` it starts a case; without `targets` the state stays.

    `targets` maps an outcome of `decide` to a state; without `decide` the one outcome is `""`.
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
    sends: tuple[StartEffect | SendEffect, ...] = ()
    journal_refused: bool = False
    collect: Collect | None = None
    unseals: tuple[str, ...] = ()
    """Events whose sealed marks it opens."""
    discards: tuple[Discard, ...] = ()
    aims: tuple[str, ...] = ()
    """Outcomes of `decide`, the best first; or the one field of `settings` of which more is better."""


class Warn(Definition):
    """A warning before a deadline is due: after this share of its time, or so long before; to whom and what, if said."""

    share: Decimal | None = None
    before: Expression | None = None
    to: str = ""
    text: tuple[str | Expression, ...] = ()


class Deadline(Named):
    """A due instant that runs while the case is in one of `states`; it fires an event, erases fields or closes a window."""

    states: tuple[str, ...]
    due: Expression
    fires: str | None = None
    since: Expression | None = None
    """The day or instant from which its term runs; without it, from when the deadline began."""
    every: Literal["day", "week", "month", "quarter", "half-year", "year"] | None = None
    """It recurs: its term runs from the end of each such period."""
    pauses: tuple[str, ...] = ()
    """States in which its clock stands still."""
    warns: tuple[Warn, ...] = ()
    erases: tuple[str, ...] = ()

    @property
    def expressions(self) -> tuple[Expression, ...]:
        """Every expression of the deadline: its beginning, its due instant, its warnings."""
        own = (self.since, self.due, *(part for warn in self.warns for part in (warn.before, *warn.text)))
        return tuple(each for each in own if isinstance(each, Expression))

    @property
    def timing(self) -> tuple[Expression, ...]:
        """The expressions on which its instants depend."""
        return tuple(each for each in (self.since, self.due, *(one.before for one in self.warns)) if each)


class Parameter(Named):
    """A value that rules read, with its source in words."""

    type: Type
    value: Value
    source: str | None = None


class LookUp(Named):
    """A question to the host, asked once for each decision that reads it and kept with its entry."""

    inputs: tuple[str, ...]
    type: Type


class Criterion(Definition):
    """What a case must hold to be found: a field of its own, by id (None: its id), and the expression of the value."""

    field: str | None
    value: Expression


class Relation(Named):
    """The cases of a workflow that have to do with a case. `type` is that of the list that expressions read.

    `states` are the leaf states in which they are found, None for all; `state_names` are the names that people
    read of all of them; `fields` the entries that are fields there, `personal` and `sensitive` such ones of them.
    """

    workflow: str
    where: tuple[Criterion, ...]
    during: Expression | None = None
    states: tuple[str, ...] | None = None
    exact: bool = False
    type: Type
    fields: frozenset[str]
    state_names: Mapping[str, str]
    personal: frozenset[str] = frozenset()
    sensitive: frozenset[str] = frozenset()

    @property
    def key(self) -> tuple[str, ...]:
        """The ids of the fields there by which cases are found, sorted."""
        return tuple(sorted(each.field for each in self.where if each.field is not None))


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
    ensures: tuple[tuple[Position, Expression], ...] = ()
    examples: tuple[Example, ...] = ()


class Rule(Named):
    """A production rule: when it holds, every conclusion is drawn. `because` is told to people."""

    when: Expression
    conclusions: tuple[Setting, ...]
    """`field` is the derived fact."""
    because: str | None = None


class RuleSet(Named):
    """Rules that feed each other, in strata: a rule stands after all rules that set what it reads.
    `first`: the first rule in file order wins a disagreement, which otherwise is a conflict."""

    first: bool
    outputs: tuple[Output, ...]
    strata: tuple[tuple[Rule, ...], ...]
    examples: tuple[Example, ...] = ()

    @property
    def rules(self) -> tuple[Rule, ...]:
        """All rules, in the order of their strata."""
        return tuple(rule for stratum in self.strata for rule in stratum)


class Rate(Named):
    """A share of cases that people report: those of the denominator for which the numerator holds as well.

    All three read a case's fields, parameters, deadlines, and when it was in which state and did what.
    """

    numerator: Expression
    denominator: Expression | None = None
    """Which cases count; without it, all that fall into the period."""
    falls: Expression
    """The date or instant by which a case falls into a period; a case without one falls into none."""
    at_least: Decimal | None = None
    """What is asked for, as a share of 1."""

    @property
    def expressions(self) -> tuple[Expression, ...]:
        """Every expression of the rate."""
        return tuple(each for each in (self.numerator, self.denominator, self.falls) if each is not None)


class Workflow(Named):
    """The written definition of one lifecycle. Mappings are by id and in file order."""

    version: int
    language: Language
    effective_from: date | None = None
    calendar: str | None = None
    """The calendar that its terms are counted on, by its id."""
    fields: Mapping[str, Field]
    roles: Mapping[str, Role]
    states: Mapping[str, State]
    events: Mapping[str, str]
    """The name of each event by its id."""
    transitions: tuple[Transition, ...]
    deadlines: Mapping[str, Deadline] = {}
    parameters: Mapping[str, Parameter] = {}
    look_ups: Mapping[str, LookUp] = {}
    relations: Mapping[str, Relation] = {}
    tables: Mapping[str, Table] = {}
    rule_sets: Mapping[str, RuleSet] = {}
    unique: tuple[tuple[str, ...], ...] = ()
    hidden_from: tuple[str, ...] = ()
    rates: Mapping[str, Rate] = {}
    correct: Transition | None = None
    """Who may correct which fields, as a transition of number 0."""
    ensures: tuple[tuple[Position, Expression], ...] = ()
    sets: Mapping[str, Mapping[str, Parameter]] = {}
    """Other values of some parameters, by the name of the set and the id of the parameter."""
    chosen_set: str | None = None
    """The set whose values `parameters` hold."""
    texts: Mapping[str, str]
    """The files it was read from, by their path inside its folder, and which set was chosen."""
    hash: str
    """SHA-256 of `texts`, in hexadecimal: the definition's identity."""

    def leaves(self, state: str) -> tuple[str, ...]:
        """The states without children at or below this one, in file order."""
        children = self.states[state].children
        return tuple(leaf for child in children for leaf in self.leaves(child)) if children else (state,)
