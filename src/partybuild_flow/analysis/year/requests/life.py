"""One request and what chance has in store for it: what goes wrong, who comes when."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from random import Random
from typing import Final, TypeAlias

from partybuild_flow.analysis.year.calendar_2025 import Diary, day_of, moment, people_work, workday
from partybuild_flow.analysis.year.requests.arrivals import Told
from partybuild_flow.analysis.year.requests.places import Neighbourhoods
from partybuild_flow.analysis.year.script import Data, Scene, act
from partybuild_flow.case import Actor, Case

Turn: TypeAlias = "Callable[[Life, Case, datetime], Scene[Case | None]]"
"""What somebody does about a case that stands in a certain state; the case as it is then, if that was possible."""

SHARES: Final[Mapping[str, float]] = {
    "nowhere": 0.004,
    "without a contact": 0.004,
    "imported twice": 0.02,
    "danger": 0.006,
    "danger after all": 0.002,
    "rejected": 0.012,
    "absent captain": 0.15,
    "unsigned": 0.03,
    "returned": 0.04,
    "returned twice": 0.01,
    "assisted": 0.03,
    "late contact": 0.02,
    "supplement": 0.02,
    "silence": 0.06,
    "suspended": 0.012,
    "not suspended": 0.003,
    "extended": 0.03,
    "no extension": 0.004,
    "whistled": 0.015,
    "transferred": 0.006,
    "ended": 0.0015,
    "not ended": 0.001,
    "withdrawn": 0.008,
    "supervised": 0.003,
    "slow": 0.04,
    "no photographs": 0.01,
    "failed audit": 0.02,
    "objective": 0.015,
    "out of reach": 0.03,
    "hard to reach": 0.05,
    "another unit": 0.005,
    "reopened": 0.012,
    "asked again": 0.01,
    "not alike": 0.1,
    "unmerged": 0.03,
}
"""How often something out of the ordinary happens to a request."""

UNHAPPY: Final = (0.955, 0.034, 0.007, 0.004)
"""How likely somebody is unhappy with none, one, two or three answers."""

EARLY, LATE = 8, 18
DAYS: Final = {"社区": (0, 2), "街道": (1, 3), "区部门": (1, 4)}
SLOW: Final = {"社区": (4, 7), "街道": (6, 11), "区部门": (6, 18)}


class Life:
    """A request as it goes on. `done` are the things out of the ordinary that have happened already."""

    def __init__(self, there: Neighbourhoods, told: Told, random: Random) -> None:
        self.there = there
        self.told = told
        self.random = random
        self.diary = Diary(random)
        self.planned = frozenset(name for name, share in SHARES.items() if random.random() < share)
        self.unhappy = random.choices(range(len(UNHAPPY)), UNHAPPY)[0]
        self.anonymous = told.kind in ("咨询", "建议") and told.channel == "report" and random.random() < 0.3
        self.against = told.kind in ("投诉", "举报") and random.random() < 0.12
        self.done: set[str] = set()

    def happens(self, name: str) -> bool:
        """Whether something planned comes now, for the first and only time."""
        if name not in self.planned or name in self.done:
            return False
        self.done.add(name)
        return True

    @property
    def speaker(self) -> Actor:
        """Whoever speaks for the resident: the guardian of a child."""
        residents = self.told.community.residents
        resident = self.told.resident
        return next(each for each in residents if not each.child).actor if resident.child else resident.actor

    def clerk(self, case: Case) -> Actor:
        """Who receives at the desk that has the request."""
        community = self.told.community
        return community.street.clerk if case.data["desk"] == community.street.unit else community.clerk

    def auditor(self, case: Case) -> Actor:
        """Who looks at what was done."""
        community = self.told.community
        return community.street.auditor if case.data["desk"] == community.street.unit else community.auditor

    def handler(self, case: Case) -> Actor:
        """Who handles it: the handler of the unit, or the captain of the building."""
        unit = str(case.data["handling-unit"])
        return self.there.handlers.get(unit) or self.captain(unit)

    def captain(self, unit: str) -> Actor:
        """The captain of a building."""
        return next(each for each in self.told.community.captains if each.roles[0][1] == unit)

    def later(self, at: datetime, least: int, most: int) -> datetime:
        """So many minutes later, but by day."""
        found = at + timedelta(minutes=self.random.randint(least, most))
        day = day_of(found)
        if found < moment(day, EARLY):
            return max(moment(day, EARLY, self.random.randrange(50)), at)
        return (
            found
            if found < moment(day, 22)
            else moment(day + timedelta(days=1), EARLY, self.random.randrange(50))
        )

    def at_the_desk(self, at: datetime, least: int, most: int) -> datetime:
        """So many minutes later, but at an hour at which an office is open."""
        found = at + timedelta(minutes=self.random.randint(least, most))
        day = day_of(found)
        if people_work(day) and found < moment(day, LATE):
            return max(found, moment(day, EARLY, 30 + self.random.randrange(30)))
        return moment(workday(day + timedelta(days=1)), 9, self.random.randrange(60))


def do(
    at: datetime, case: Case, event: str, data: Data, by: Actor, refusal: str | None = None
) -> Scene[Case | None]:
    """The case after an event; None if it was refused."""
    entry = yield from act(at, case.id, event, data, by, refusal=refusal)
    return None if entry is None else entry.case
