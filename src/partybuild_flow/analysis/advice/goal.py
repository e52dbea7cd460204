"""Which decision is better than which: a refused one is the worst, then as the definition aims."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from partybuild_flow.decide import Decision
from partybuild_flow.feel import Value

if TYPE_CHECKING:
    from partybuild_flow.definition import Transition, Workflow


class Rank(NamedTuple):
    """How good a decision is: not at all where it refuses; ranks of different aims are alike."""

    accepted: bool
    level: Decimal
    aims: tuple[str, ...] = ()

    def exceeds(self, other: Rank) -> bool:
        """Whether this one is better."""
        if self.accepted != other.accepted:
            return self.accepted
        return self.aims == other.aims and self.level > other.level


def rank_of(decision: Decision) -> Rank:
    """The rank of a decision, by what its transition aims at."""
    transition = decision.transition
    if transition is None:
        return Rank(False, Decimal(0))
    if not transition.aims:
        return Rank(True, Decimal(0))
    workflow = decision.plan.workflow
    level = level_of(workflow, transition, reached(decision))
    return Rank(True, level, transition.aims)


def reached(decision: Decision) -> Value:
    """What a decision reaches of what its transition aims at."""
    transition = decision.transition
    if transition is None or not transition.aims:
        return None
    field = aim_field(transition)
    return decision.outcome if field is None else decision.settings.get(field)


def aim_field(transition: Transition) -> str | None:
    """The field that a transition aims at; None where it aims at outcomes."""
    set_here = {each.field for each in transition.settings}
    first = transition.aims[0]
    return first if first not in transition.targets and first in set_here else None


def is_best(decision: Decision) -> bool:
    """Whether nothing better is declared than what a decision reaches."""
    transition = decision.transition
    if transition is None:
        return False
    if not transition.aims:
        return True
    field, found = aim_field(transition), reached(decision)
    if field is None:
        return found == transition.aims[0]
    known = decision.plan.workflow.fields[field]
    return found is True or bool(known.type.values and found == known.type.values[-1])


def level_of(workflow: Workflow, transition: Transition, found: object) -> Decimal:
    """How far up something stands that a transition may reach."""
    field = aim_field(transition)
    if field is None:
        # Outcomes that the definition does not order are below all that it does.
        aims = transition.aims
        return Decimal(len(aims) - aims.index(str(found)) if found in aims else 0)
    if isinstance(found, bool):
        return Decimal(found)
    if isinstance(found, Decimal):
        return found
    values = workflow.fields[field].type.values
    return Decimal(values.index(str(found))) if found in values else Decimal(-1)
