"""Who is there before the year begins: committees, organisations, people, judges. All of it is made up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from random import Random
from typing import Final, NamedTuple

from partybuild_flow.analysis.year.calendar_2025 import YEAR
from partybuild_flow.analysis.year.names import CATEGORIES, COMMITTEES, OrganisationNames, people
from partybuild_flow.analysis.year.requests.places import Neighbourhoods, neighbourhoods
from partybuild_flow.case import Actor

DISTRICT: Final = "园区"

APPLICATIONS: Final = 1_730
ORGANISATIONS: Final = 2_400
BRANCHES: Final = 2_200
REQUESTS: Final = 9_000
STARS: Final = ("未定星", "三星", "四星", "五星", "标兵")
_STAR_SHARES: Final = (28, 40, 22, 9, 1)
_MEMBERS: Final = 9
_FOREIGN: Final = 0.2
"""The share of a committee's organisations that are of another category than most."""


class Size(NamedTuple):
    """How large an invented year is. `applications` are those that are sent in."""

    committees: int = len(COMMITTEES)
    organisations: int = ORGANISATIONS
    applications: int = APPLICATIONS
    branches: int = BRANCHES
    requests: int = REQUESTS

    @classmethod
    def of(cls, applications: int) -> Size:
        """A year with so many applications, and everything else in proportion."""
        share = applications / APPLICATIONS
        committees = max(2, min(len(COMMITTEES), applications // 10))
        organisations = max(round(ORGANISATIONS * share), applications + 1 + applications // 20, committees)
        branches = max(round(BRANCHES * share), committees + 1)
        return cls(committees, organisations, applications, branches, round(REQUESTS * share))


class Committee(NamedTuple):
    """A direct committee: its unit, and who works there."""

    unit: str
    secretary: Actor
    clerk: Actor
    deputy: Actor
    members: tuple[Actor, ...]
    inspectors: tuple[Actor, ...]
    supervisor: Actor
    checkers: tuple[Actor, ...]
    liaison: Actor
    approver: Actor


class Organisation(NamedTuple):
    """A party organisation below a committee. `quality` from 0 to 1 is how well it works, which nobody sees."""

    unit: str
    committee: Committee
    category: str
    star: str
    founded: date
    members: int
    secretary: Actor
    quality: float


class District(NamedTuple):
    """Who works for the whole district."""

    department: Actor
    leader: Actor
    joint_checkers: tuple[Actor, ...]
    panel_clerk: Actor
    supervisor: Actor
    panel_chair: Actor
    members: tuple[Actor, ...]
    appeal_panel: Actor
    secretary: Actor
    liaison: Actor
    approver: Actor
    inspection: Actor
    experts: tuple[Actor, ...]
    assessors: tuple[Actor, ...]
    debrief: Actor


class World(NamedTuple):
    """The invented district at the beginning of its year. `panels` are records of judges, seven a category."""

    seed: int
    size: Size
    district: District
    committees: tuple[Committee, ...]
    organisations: tuple[Organisation, ...]
    panels: tuple[dict[str, object], ...]
    neighbourhoods: Neighbourhoods

    def random(self, *about: object) -> Random:
        """The chance that decides about one thing, whatever else happens."""
        return Random(f"{self.seed}/{'/'.join(map(str, about))}")  # noqa: S311 - an invented year, no secrets

    def judge(self, person: str) -> Actor:
        """A judge in the seat."""
        return Actor(person, (("judge-seat", DISTRICT),))


def world(seed: int, size: Size | None = None) -> World:
    """The world of a seed."""
    size = size or Size()
    random = Random(seed)  # noqa: S311 - an invented year, no secrets
    names = people(random)
    district = _district(names)
    committees = tuple(_committee(f"{DISTRICT}/{name}", names) for name, _ in COMMITTEES[: size.committees])
    organisations = tuple(_organisations(random, names, committees, size.organisations))
    panels = tuple(_panels(random, names, organisations))
    residents = neighbourhoods(random, names, size.requests)
    return World(seed, size, district, committees, organisations, panels, residents)


def _district(names: Iterator[str]) -> District:
    def held(role: str) -> Actor:
        return Actor(next(names), ((role, DISTRICT),))

    def several(role: str, number: int) -> tuple[Actor, ...]:
        return tuple(held(role) for _ in range(number))

    department = next(names)
    return District(
        department=Actor(department, (("district-department", DISTRICT), ("org-department", DISTRICT))),
        leader=held("district-leader"),
        joint_checkers=tuple(held(role) for role in ("discipline", "petitions", "safety", "credit")),
        panel_clerk=held("panel-clerk"),
        supervisor=held("supervisor"),
        panel_chair=held("panel-chair"),
        members=several("district-member", _MEMBERS),
        appeal_panel=held("appeal-panel"),
        secretary=held("secretary"),
        liaison=held("liaison"),
        approver=held("approver"),
        inspection=held("inspection"),
        experts=several("expert", 8),
        assessors=several("assessor", 5),
        debrief=held("debrief-meeting"),
    )


def _committee(unit: str, names: Iterator[str]) -> Committee:
    def held(role: str) -> Actor:
        return Actor(next(names), ((role, unit),))

    def several(role: str, number: int) -> tuple[Actor, ...]:
        return tuple(held(role) for _ in range(number))

    return Committee(
        unit=unit,
        secretary=held("secretary"),
        clerk=held("committee-clerk"),
        deputy=held("deputy-secretary"),
        members=several("committee-member", _MEMBERS),
        inspectors=several("inspector", 6),
        supervisor=held("supervisor"),
        checkers=several("checker", 3),
        liaison=held("liaison"),
        approver=held("approver"),
    )


def _organisations(
    random: Random, names: Iterator[str], committees: tuple[Committee, ...], number: int
) -> Iterator[Organisation]:
    titles = OrganisationNames(random)
    weights = [random.uniform(0.6, 1.5) for _ in committees]
    for place in range(number):
        # Every committee has some; the others lie where chance puts them.
        first = place < len(committees)
        committee = committees[place] if first else random.choices(committees, weights)[0]
        main = COMMITTEES[committees.index(committee)][1]
        category = random.choice(CATEGORIES) if random.random() < _FOREIGN else main
        unit = f"{committee.unit}/{titles.next(category)}"
        quality = min(max(random.gauss(0.62, 0.17), 0.0), 1.0)
        yield Organisation(
            unit=unit,
            committee=committee,
            category=category,
            star=_star(random, quality),
            founded=date(YEAR, 1, 1) - timedelta(days=random.randrange(200, 9_000)),
            members=random.randint(4, 48),
            secretary=Actor(next(names), (("branch-secretary", unit),)),
            quality=quality,
        )


def _star(random: Random, quality: float) -> str:
    """The star of last year: mostly what the quality deserves."""
    drawn = random.choices(range(len(STARS)), _STAR_SHARES)[0]
    return STARS[min(drawn, 1 + int(quality * 4))]


def _panels(
    random: Random, names: Iterator[str], organisations: tuple[Organisation, ...]
) -> Iterator[dict[str, object]]:
    """Seven judges a category. Most come from outside; some belong to a committee or have a contact point."""
    for category in CATEGORIES:
        own = [each for each in organisations if each.category == category] or list(organisations)
        for place, judge in enumerate(islice(names, 7)):
            near = random.choice(own)
            yield {
                "judge": judge,
                "panel-category": category,
                "judge-committee": near.committee.unit if place == 0 else f"{DISTRICT}/园区党校",
                "former-committee": random.choice(own).committee.unit if place == 1 else None,
                "left-on": date(YEAR - 1, random.randint(1, 12), 15) if place == 1 else None,
                "contact-point": random.choice(own).unit if place in (2, 3) else None,
                "kin-organisation": random.choice(own).unit if place == 4 else None,
            }
