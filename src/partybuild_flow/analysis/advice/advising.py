"""The nearest way up: the smallest changes of improvable fields that would reach a better outcome."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from partybuild_flow.analysis.advice.gaps import Gap, gaps_between
from partybuild_flow.analysis.advice.goal import Rank, aim_field, is_best, level_of, rank_of, reached
from partybuild_flow.analysis.advice.places import Place, places_in
from partybuild_flow.analysis.advice.search import Decide, Moves, Search
from partybuild_flow.case import Actor, without_values
from partybuild_flow.decide import Decision
from partybuild_flow.errors import FlowError
from partybuild_flow.explain import event_name
from partybuild_flow.facts import UnfitError
from partybuild_flow.facts.collecting import MARKED
from partybuild_flow.feel import Value

if TYPE_CHECKING:
    from partybuild_flow.engine import Engine
    from partybuild_flow.engine.supposing import Supposing

BUDGET: Final = 20_000
"""How many decisions one search may ask for."""
MOST_PLACES: Final = 3
MOST_WAYS: Final = 5

Standing = Literal["ways", "best", "none", "nothing-improvable", "not-by-values", "concealed", "marks"]


class Step(NamedTuple):
    """One change: of a field, of a column of one item (from 1) of a list, or of one choice that a list holds.

    `steps` is how far the values lie apart, in the field's own steps.
    """

    field: str
    name: str
    before: Value
    after: Value
    steps: int
    item: int | None = None
    column: str | None = None
    column_name: str | None = None
    choice: str | None = None

    def __repr__(self) -> str:
        return without_values(self)


class Way(NamedTuple):
    """Changes that together reach something better, as the engine itself decided.

    `outcome` is what is reached of what the definition aims at (None: the event is admitted), `target` the
    id of the state; `gaps` are numbers that conditions asked for.
    """

    steps: tuple[Step, ...]
    outcome: Value
    target: str
    gaps: tuple[Gap, ...]

    def __repr__(self) -> str:
        return without_values(self)


class Advice(NamedTuple):
    """How an event of a case would come out, and what would be the least to do about it.

    `standing`: there are `ways`; it is the `best` already; `none` was found; `nothing-improvable` is read;
    `not-by-values`: it is refused for reasons that no value mends; `concealed`: it reads what the reader may
    not see; `marks`: several people decide it. `complete` is False where not everything was searched.
    """

    case: str
    event: str
    name: str
    accepted: bool
    outcome: Value
    aim: str | None
    standing: Standing
    ways: tuple[Way, ...]
    complete: bool
    decision: Decision | None

    def __repr__(self) -> str:
        return without_values(self)


def advise(
    engine: Engine,
    case_id: str,
    event: str | None = None,
    data: Mapping[str, object] | None = None,
    *,
    by: Actor | None = None,
    at: datetime | None = None,
    reach: str | None = None,
    budget: int = BUDGET,
) -> tuple[Advice, ...]:
    """For an event, or for each that the case's state knows, the smallest changes that reach more.

    `data` is what the event would bring beside what the case holds; `reach` asks for this outcome at least.
    Nothing is written. Told is what this reader may see; without one, everything.

    Raises:
        CaseNotFound: there is no such case, or not for this reader.
        FlowError: nothing aims at `reach`.
    """
    found = [
        _advice(each, reach, budget, chosen=event is not None)
        for each in engine.suppose(case_id, event, data, by=by, at=at)
    ]
    told = tuple(each for each in found if each is not None)
    if reach is not None and not told:
        raise FlowError(f"no event of case {case_id} aims at {reach!r}")
    return told


def _advice(supposing: Supposing, reach: str | None, budget: int, *, chosen: bool) -> Advice | None:
    """The advice on one event; None where nothing can be said about one that was not asked for."""
    aimed = [each.transition for each in supposing.candidates if each.transition.aims]
    if not chosen and not aimed and all(each.transition.when is None for each in supposing.candidates):
        return None
    if supposing.concealed:
        return _told(supposing, None, "concealed") if chosen else None
    decision = supposing.decision()
    wanted = _wanted(supposing, reach)
    if reach is not None and wanted is None:
        return None
    if decision.outcome == MARKED or any(each.collecting for each in supposing.candidates):
        return _told(supposing, decision, "marks") if chosen else None
    if is_best(decision) or (wanted is not None and not wanted.exceeds(rank_of(decision))):
        return _told(supposing, decision, "best") if chosen or aimed else None
    if not decision.accepted and not any(each.code in _MENDED for each in decision.reasons):
        return _told(supposing, decision, "not-by-values") if chosen else None
    fields = {
        name: each for name, each in supposing.plan.workflow.fields.items() if name not in supposing.hidden
    }
    places = places_in(fields, supposing.reads, supposing.values)
    if not places:
        return _told(supposing, decision, "nothing-improvable") if chosen or aimed else None
    return _searched(supposing, decision, places, budget, wanted)


_MENDED: Final = frozenset(
    ("refused.guard", "refused.needs", "refused.value", "refused.outcome", "refused.conflict")
)
"""The reasons against an event that other values may take away."""


def _searched(
    supposing: Supposing, decision: Decision, places: list[Place], budget: int, wanted: Rank | None
) -> Advice:
    search = Search(places, supposing.values, _fitting(supposing), budget, wanted)
    ways = []
    for moves in search.found(MOST_PLACES):
        changed = search.changed(moves)
        reached_now = supposing.confirmed(changed)
        rank = rank_of(reached_now)
        if rank.exceeds(rank_of(decision)) and (wanted is None or not wanted.exceeds(rank)):
            ways.append(_way(decision, reached_now, places, moves))
        if len(ways) == MOST_WAYS:
            break
    told = _told(supposing, decision, "ways" if ways else "none")
    return told._replace(ways=tuple(ways), complete=search.complete)


def _fitting(supposing: Supposing) -> Decide:
    """The decisions of a search; None with values that no field takes."""
    inputs = supposing.plan.inputs

    def decide(changed: Mapping[str, Value]) -> Decision | None:
        try:
            for name, value in changed.items():
                inputs[name][1](value)
        except UnfitError:
            return None
        return supposing.decision(changed)

    return decide


def _wanted(supposing: Supposing, reach: str | None) -> Rank | None:
    """The rank of an outcome that is asked for, by its word; None where the event aims at no such thing."""
    for each in supposing.candidates:
        transition = each.transition
        if reach is not None and transition.aims:
            field = supposing.plan.workflow.fields.get(aim_field(transition) or "")
            if reach in (field.type.values if field else transition.aims):
                return Rank(True, level_of(supposing.plan.workflow, transition, reach), transition.aims)
    return None


def _told(supposing: Supposing, decision: Decision | None, standing: Standing) -> Advice:
    workflow = supposing.plan.workflow
    aimed = next((each.transition for each in supposing.candidates if each.transition.aims), None)
    taken = decision.transition if decision is not None else None
    aiming = taken if taken is not None and taken.aims else aimed
    field = aim_field(aiming) if aiming is not None else None
    return Advice(
        supposing.case.id,
        supposing.event,
        event_name(workflow, supposing.event, workflow.language),
        decision is not None and decision.accepted,
        reached(decision) if decision is not None else None,
        workflow.fields[field].name if field else None,
        standing,
        (),
        True,
        None if decision is None else supposing.told(decision),
    )


def _way(before: Decision, after: Decision, places: list[Place], moves: Moves) -> Way:
    steps = tuple(_step(places[each.place], each.line, each.steps) for each in moves)
    return Way(steps, reached(after), after.target, gaps_between(before, after))


def _step(place: Place, line: int, steps: int) -> Step:
    column = place.part if place.part is not place.field else None
    return Step(
        place.field.id,
        place.field.name,
        place.value,
        place.lines[line].value(steps),
        steps,
        None if place.item is None else place.item + 1,
        column.id if column else None,
        column.name if column else None,
        place.choice,
    )
