"""What each event reads and asks, made ready beforehand: demands, candidates, steps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from partybuild_flow.facts.collecting import Collecting
from partybuild_flow.facts.relations import ReadyRelation
from partybuild_flow.facts.scalars import Convert
from partybuild_flow.feel import Compute, Value

if TYPE_CHECKING:
    from partybuild_flow.definition import LookUp, Notice, Transition
    from partybuild_flow.rules import Conclude


@dataclass(frozen=True, slots=True)
class Demand:
    """One way to meet `by`: a role, at the case's unit or at the unit in a field. `key` names it in the journal."""

    key: str
    spellings: frozenset[str]
    field: str | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A transition made ready: what `decide` asks of it, in the order it asks.

    `before` are the tables and rule sets that the guard reads, `after` those that the way and the
    settings read; each in the order in which they feed each other.
    """

    transition: Transition
    number: int
    demands: frozenset[str]
    not_by: tuple[str, ...]
    limit: int | None
    needs: tuple[str, ...]
    accepts: frozenset[str]
    before: tuple[tuple[str, Conclude], ...]
    holds: Callable[[Mapping[str, Value]], bool] | None
    after: tuple[tuple[str, Conclude], ...]
    outcome: Compute | None
    settings: tuple[tuple[str, Compute, Convert], ...]
    targets: Mapping[str, str]
    notices: tuple[Notice, ...]
    collecting: Collecting | None = None
    unseals: tuple[str, ...] = ()
    discards: tuple[tuple[str, Compute | None], ...] = ()

    @property
    def moves_marks(self) -> bool:
        """Whether it gives, opens or discards marks."""
        return bool(self.collecting or self.unseals or self.discards)


@dataclass(frozen=True, slots=True)
class Step:
    """What one event reads in one state, for all its candidates together.

    `constants` are the parameters, `keys` the unique keys that its inputs can fill.
    """

    candidates: tuple[Candidate, ...]
    fields: tuple[str, ...]
    constants: Mapping[str, Value]
    deadlines: tuple[str, ...]
    look_ups: tuple[tuple[LookUp, Convert], ...]
    moments: frozenset[str]
    demands: tuple[Demand, ...]
    keys: tuple[tuple[str, ...], ...]
    collects: tuple[Collecting, ...] = ()
    """Collected marks that its expressions read."""
    relations: tuple[ReadyRelation, ...] = ()
    cases: tuple[tuple[str, str], ...] = ()
    """The fields among its inputs that hold cases, each with the workflow of those."""
    sends: bool = False
    """Whether some candidate sends events to other cases."""

    @property
    def reaches_out(self) -> bool:
        """Whether the event has to do with other cases, or knows the id of its own."""
        return bool(self.relations or self.cases or self.sends or "this case" in self.moments)
