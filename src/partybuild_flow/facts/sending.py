"""Effects on other cases made ready, and the events that they come to: who is chosen, in which order. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from partybuild_flow.case import Case, Sent
from partybuild_flow.feel import Compute, Expression, Value, compile_test, compile_value
from partybuild_flow.feel.scope import MEMBER

if TYPE_CHECKING:
    from partybuild_flow.definition import Order, SendEffect, Setting, StartEffect

Settings = tuple[tuple[str, Compute], ...]


class ReadyOrder(NamedTuple):
    """What members are put in order by; `places` are those of an ordered choice's values."""

    compute: Compute
    descending: bool
    places: Mapping[str, int] | None


@dataclass(frozen=True, slots=True)
class ReadyStart:
    """A `start` made ready."""

    workflow: str
    event: str
    settings: Settings
    per: Compute | None
    unit: Compute | None


@dataclass(frozen=True, slots=True)
class ReadySend:
    """A `send` made ready; either to the members of `relation` or to the case in `field`."""

    workflow: str
    event: str
    relation: str | None
    field: str | None
    settings: Settings
    where: Callable[[Mapping[str, Value]], bool] | None
    order: tuple[ReadyOrder, ...]
    first: Compute | None
    per: tuple[str, ...]
    ties: Literal["exact", "all", "none"]


ReadyEffect = ReadyStart | ReadySend


class _Placed(NamedTuple):
    """A member among those of its group: what it is ordered by, and its place, equal ones sharing theirs."""

    member: Mapping[str, Value]
    keys: tuple[object, ...]
    rank: int


def ready_effect(effect: StartEffect | SendEffect) -> ReadyEffect:
    """The effect made ready to run."""
    from partybuild_flow.definition import StartEffect

    settings = _settings(effect.settings)
    if isinstance(effect, StartEffect):
        return ReadyStart(
            effect.workflow,
            effect.event,
            settings,
            compile_value(effect.per) if effect.per else None,
            compile_value(effect.unit) if effect.unit else None,
        )
    return ReadySend(
        effect.workflow,
        effect.event,
        effect.relation,
        effect.field,
        settings,
        compile_test(effect.where) if effect.where else None,
        tuple(_order(each) for each in effect.order),
        compile_value(effect.first) if effect.first else None,
        effect.per,
        effect.ties,
    )


def _settings(settings: tuple[Setting, ...]) -> Settings:
    return tuple((each.field, compile_value(each.value)) for each in settings)


def _order(order: Order) -> ReadyOrder:
    type_ = order.value.type
    places = {value: place for place, value in enumerate(type_.values)} if type_.ordered else None
    return ReadyOrder(compile_value(order.value), order.descending, places)


def expressions_of_effect(effect: StartEffect | SendEffect) -> tuple[Expression, ...]:
    """Every expression of an effect on other cases."""
    from partybuild_flow.definition import StartEffect

    settings = tuple(each.value for each in effect.settings)
    if isinstance(effect, StartEffect):
        own: tuple[Expression | None, ...] = (effect.per, effect.unit)
    else:
        own = (effect.where, *(each.value for each in effect.order), effect.first)
    return (*(each for each in own if each is not None), *settings)


def entries_chosen_by(effect: SendEffect) -> frozenset[str]:
    """The entries of the members of its relation that a `send` reads."""
    reads = {read for each in expressions_of_effect(effect) for read in each.reads}
    read = {each.removeprefix(MEMBER) for each in reads if each.startswith(MEMBER)}
    return frozenset((*read, *effect.per, "case"))


def sent_events(
    effects: Iterable[ReadyEffect],
    values: Mapping[str, Value],
    case: Case,
    ids: Callable[[], str] | None,
    chain: int,
) -> tuple[Sent, ...]:
    """The events that the effects come to, for a case as its event left it.

    `ids` gives the ids of the cases that begin; without it they follow from the id of the case.
    """
    sends: list[Sent] = []
    for effect in effects:
        if isinstance(effect, ReadyStart):
            for data, unit in _starts(effect, values, case):
                identity = ids() if ids is not None else f"{case.id}-{case.revision}-{len(sends) + 1}"
                sends.append(Sent(identity, effect.workflow, effect.event, data, unit, chain))
        else:
            sends += [
                Sent(target, effect.workflow, effect.event, data, None, chain)
                for target, data in _targets(effect, values)
            ]
    return tuple(sends)


def _starts(
    effect: ReadyStart, values: Mapping[str, Value], case: Case
) -> Iterable[tuple[dict[str, Value], str]]:
    scope = dict(values)
    items: list[Value] = [None]
    if effect.per is not None:
        found = effect.per(scope)
        items = found if isinstance(found, list) else [] if found is None else [found]
    for item in items:
        scope["item"] = item
        unit = effect.unit(scope) if effect.unit is not None else case.unit
        yield _data(effect.settings, scope), unit if isinstance(unit, str) else case.unit


def _targets(effect: ReadySend, values: Mapping[str, Value]) -> Iterable[tuple[str, dict[str, Value]]]:
    if effect.relation is None:
        target = values.get(effect.field or "")
        return [(target, _data(effect.settings, values))] if isinstance(target, str) else []
    members = values.get(effect.relation)
    return _chosen(effect, values, members if isinstance(members, list) else [])


def _chosen(
    effect: ReadySend, values: Mapping[str, Value], members: list[dict[str, Value]]
) -> list[tuple[str, dict[str, Value]]]:
    """The members that are sent to, group by group, each in its order."""
    scope = dict(values)
    names = {entry: f"{MEMBER}{entry}" for entry in (members[0] if members else ())}
    groups: dict[tuple[object, ...], list[_Placed]] = {}
    for member in members:
        scope.update({names[entry]: value for entry, value in member.items()})
        if effect.where is None or effect.where(scope):
            keys = tuple(_key(order, scope) for order in effect.order)
            group = tuple(_hashable(member.get(entry)) for entry in effect.per)
            groups.setdefault(group, []).append(_Placed(member, keys, 0))
    found = []
    for group_members in groups.values():
        placed = _in_order(group_members, effect.order)
        if effect.first is not None:
            first = placed[0].member
            scope.update({names[entry]: first[entry] for entry in effect.per})
            placed = _cut(
                placed, effect.first({**scope, f"{MEMBER}count": Decimal(len(placed))}), effect.ties
            )
        for each in placed:
            scope.update({names[entry]: value for entry, value in each.member.items()})
            scope[f"{MEMBER}rank"] = Decimal(each.rank)
            found.append((str(each.member["case"]), _data(effect.settings, scope)))
    return found


def _hashable(value: Value) -> object:
    return repr(value) if isinstance(value, list | dict) else value


def _key(order: ReadyOrder, scope: Mapping[str, Value]) -> object:
    """What a member is ordered by: None last; values of different kinds never meet in a comparison."""
    value = order.compute(scope)
    if order.places is not None:
        return order.places.get(value) if isinstance(value, str) else None
    if value is None or isinstance(value, list | dict):
        return None
    return type(value).__name__, value


def _in_order(members: list[_Placed], orders: tuple[ReadyOrder, ...]) -> list[_Placed]:
    """The members by the first key, equal ones by the next; those equal in all of them as they began."""
    for at in reversed(range(len(orders))):
        members = _sorted(members, at, descending=orders[at].descending)
    if not orders:
        return [each._replace(rank=rank) for rank, each in enumerate(members, 1)]
    placed: list[_Placed] = []
    for _, equal in groupby(members, key=lambda each: each.keys):
        rank = len(placed) + 1
        placed += [each._replace(rank=rank) for each in equal]
    return placed


def _sorted(members: list[_Placed], at: int, *, descending: bool) -> list[_Placed]:
    """The members by one of their keys, equal ones as they stood, those without it last."""

    def key(member: _Placed) -> Any:
        return member.keys[at]

    known = [each for each in members if each.keys[at] is not None]
    known.sort(key=key, reverse=descending)
    return known + [each for each in members if each.keys[at] is None]


def _cut(members: list[_Placed], first: Value, ties: str) -> list[_Placed]:
    """The first so many; members that are equal where it ends are all taken, or none of them, if that is said."""
    count = max(0, int(first)) if isinstance(first, Decimal) else 0
    if ties == "exact" or count == 0 or count >= len(members):
        return members[:count]
    rank = members[count].rank
    if members[count - 1].rank == rank:
        return [each for each in members if each.rank <= rank - (ties == "none")]
    return members[:count]


def _data(settings: Settings, values: Mapping[str, Value]) -> dict[str, Value]:
    data = ((field, compute(values)) for field, compute in settings)
    return {field: value for field, value in data if value is not None}
