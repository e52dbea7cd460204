"""Where residents live and who works for them: streets, communities, buildings, desks. All of it is made up."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from random import Random
from typing import Final, NamedTuple

from partybuild_flow.analysis.year.names import COMMITTEES
from partybuild_flow.case import Actor

DISTRICT: Final = "园区"
NUMERALS: Final = "一二三四五六七八"
BUILDINGS: Final = 12
STREETS: Final = tuple(name for name, _ in COMMITTEES if name.endswith("街道"))
COMMUNITIES: Final = {
    f"{street.removesuffix('街道')}{numeral}社区": f"{DISTRICT}/{street}"
    for numeral in NUMERALS
    for street in STREETS
}
"""The streets' units by the names of their communities."""

DEPARTMENTS: Final = {"劳动社保": f"{DISTRICT}/劳动保障部门", "规划建设": f"{DISTRICT}/规划建设部门"}
LAST_RESORT: Final = DEPARTMENTS["规划建设"]
BETWEEN: Final = "交界处"
REQUESTS_A_COMMUNITY: Final = 225
RESIDENTS: Final = 90


class Resident(NamedTuple):
    """Somebody who lives somewhere. `building` counts from 1; a `child` speaks through a guardian."""

    actor: Actor
    building: int
    household: str
    phone: str
    child: bool


class Street(NamedTuple):
    """Who works for a whole street."""

    unit: str
    clerk: Actor
    auditor: Actor
    handler: Actor
    center: Actor
    emergency: Actor
    agents: tuple[Actor, ...]
    leader: str


class Community(NamedTuple):
    """A community: who works there, and who lives there."""

    unit: str
    name: str
    street: Street
    clerk: Actor
    auditor: Actor
    handler: Actor
    grid_worker: Actor
    captains: tuple[Actor, ...]
    residents: tuple[Resident, ...]


class Neighbourhoods(NamedTuple):
    """Everybody in a district who has to do with requests. `handlers` are by unit."""

    communities: tuple[Community, ...]
    hotline: Actor
    handlers: Mapping[str, Actor]


def neighbourhoods(random: Random, names: Iterator[str], requests: int) -> Neighbourhoods:
    """As many communities as so many requests come from."""
    number = min(max(requests // REQUESTS_A_COMMUNITY, 2), len(COMMUNITIES))
    streets = {f"{DISTRICT}/{name}": _street(f"{DISTRICT}/{name}", names) for name in STREETS}
    communities = tuple(
        _community(random, names, name, streets[unit]) for name, unit in list(COMMUNITIES.items())[:number]
    )
    handlers = {each.unit: each.handler for each in streets.values()}
    handlers |= {each.unit: each.handler for each in communities}
    handlers |= {unit: _held(names, "handler", unit) for unit in DEPARTMENTS.values()}
    return Neighbourhoods(communities, _held(names, "hotline", DISTRICT), handlers)


def _street(unit: str, names: Iterator[str]) -> Street:
    return Street(
        unit,
        clerk=_held(names, "clerk", unit),
        auditor=_held(names, "clerk", unit),
        handler=_held(names, "handler", unit),
        center=_held(names, "street-center", unit),
        emergency=_held(names, "emergency-desk", unit),
        agents=tuple(_held(names, "callback-agent", unit) for _ in range(3)),
        leader=next(names),
    )


def _community(random: Random, names: Iterator[str], name: str, street: Street) -> Community:
    unit = f"{street.unit}/{name}"
    return Community(
        unit,
        name,
        street,
        clerk=_held(names, "clerk", unit),
        auditor=_held(names, "clerk", unit),
        handler=_held(names, "handler", unit),
        grid_worker=_held(names, "grid-worker", unit),
        captains=tuple(
            _held(names, "building-captain", f"{unit}/{place}幢") for place in range(1, BUILDINGS + 1)
        ),
        residents=tuple(_resident(random, names, unit) for _ in range(RESIDENTS)),
    )


def _resident(random: Random, names: Iterator[str], unit: str) -> Resident:
    building = random.randint(1, BUILDINGS)
    door = f"{building}幢{random.randint(1, 3)}单元{random.randint(1, 18)}0{random.randint(1, 4)}室"
    phone = f"138****{random.randrange(10_000):04d}"
    return Resident(_held(names, "居民", unit), building, door, phone, child=random.random() < 0.01)


def _held(names: Iterator[str], role: str, unit: str) -> Actor:
    return Actor(next(names), ((role, unit),))


def grids_of_place(place: object) -> str:
    """The grids in which a place lies: two where it lies between two, none where nobody knows it."""
    first, *others = str(place).split("与")
    found = [_grid(first), *(_grid(each) for each in others if BETWEEN in each)]
    return "、".join(dict.fromkeys(each for each in found if each))


def desk_of_place(place: object, target: object) -> str | None:
    """The desk for a place; the one above it where the desk itself is complained about."""
    grid = grids_of_place(place).split("、")[0]
    return grid.rpartition("/")[0] if target == grid else grid or None


def unit_above(unit: object) -> str | None:
    """The nearest unit above another in which somebody handles requests."""
    above, _, name = str(unit).rpartition("/")
    if name.endswith("部门"):
        return None
    return LAST_RESORT if name.endswith("街道") else above


def _grid(place: str) -> str:
    name = f"{place.partition('社区')[0]}社区"
    return f"{COMMUNITIES[name]}/{name}" if name in COMMUNITIES else ""


LOOK_UPS: Final[Mapping[str, Callable[..., object]]] = {
    "grids-of-place": grids_of_place,
    "desk-of-place": desk_of_place,
    "unit-above": unit_above,
}
"""What the invented district answers when a request is handled."""
