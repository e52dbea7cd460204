"""Who asks for what, and when: every day some, after a rain storm or in a cold spell many, some of them alike."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random
from typing import Final, NamedTuple

from partybuild_flow.analysis.year.calendar_2025 import BEGAN, YEAR, moment, people_work
from partybuild_flow.analysis.year.requests.places import BETWEEN, Community, Neighbourhoods, Resident
from partybuild_flow.analysis.year.requests.texts import (
    FLOOD,
    HEATING,
    KINDS,
    Subject,
    common_subject,
    written,
)

LAST: Final = date(YEAR, 12, 24)
STORMS: Final = (date(YEAR, 6, 20), date(YEAR, 7, 15), date(YEAR, 8, 8))
COLD: Final = (date(YEAR, 1, 10), date(YEAR, 12, 12))
SPELL: Final = 3
"""For so many days people write about a storm or about the cold."""

FAIR: Final = date(YEAR, 9, 13)
"""A Saturday on which one community takes requests in the square: hundreds in two hours."""

_REST, _BURST, _FAIR = 0.6, 5.0, 10.0
_HOURS: Final = (1, 0, 0, 0, 0, 1, 4, 9, 14, 15, 13, 9, 6, 9, 12, 12, 10, 8, 9, 10, 8, 6, 4, 2)
"""How likely a request comes in which hour: the desk is open day and night."""

ALIKE, ALIKE_IN_BURSTS = 0.03, 0.12
AGAIN, OFTEN = 0.03, 0.35
CHANNELS: Final = {"report": 62, "captain": 13, "grid-worker": 8, "import": 17}


class Told(NamedTuple):
    """A request as it comes in; `again` if the same person has come with it before."""

    number: int
    at: datetime
    community: Community
    resident: Resident
    kind: str
    matter: str
    place: str
    text: str
    channel: str
    hazard: bool
    again: bool


class _About(NamedTuple):
    """What several requests may be about."""

    community: Community
    place: str
    kind: str
    subject: Subject
    told: str
    because: str
    hazard: bool


def arrivals(random: Random, there: Neighbourhoods, number: int) -> list[Told]:
    """So many requests, in the order in which they come."""
    drawn = sorted(_drawn(random, there, number), key=lambda each: each.at)
    return [each._replace(number=place) for place, each in enumerate(drawn, 1)]


def _drawn(random: Random, there: Neighbourhoods, number: int) -> list[Told]:
    days = [BEGAN + timedelta(days=each) for each in range((LAST - BEGAN).days + 1)]
    weights = [_weight(day) for day in days]
    found: list[Told] = []
    while len(found) < number:
        day = random.choices(days, weights)[0]
        found += _together(random, there, day)
    return found[:number]


def _weight(day: date) -> float:
    if day == FAIR:
        return _FAIR
    return _BURST if _in_spell(day, STORMS + COLD) else 1.0 if people_work(day) else _REST


def _in_spell(day: date, begins: tuple[date, ...]) -> bool:
    return any(0 <= (day - each).days < SPELL for each in begins)


def _together(random: Random, there: Neighbourhoods, day: date) -> Iterator[Told]:
    """One request, and those that others, or the same person once more, make of the same matter."""
    about = _about(random, there, day)
    at, resident = _hour(random, day), random.choice(about.community.residents)
    first = _told(random, about, at, resident, again=False)
    yield first
    in_burst = _in_spell(day, STORMS + COLD)
    if random.random() < (ALIKE_IN_BURSTS if in_burst else ALIKE):
        for _ in range(random.randint(1, 6 if in_burst else 3)):
            later = at + timedelta(minutes=random.randint(20, 2_000))
            yield _told(random, about, later, random.choice(about.community.residents), again=False)
    if random.random() < AGAIN:
        while True:
            at += timedelta(minutes=random.randint(900, 6_000))
            yield _told(random, about, at, resident, again=True)
            if random.random() > OFTEN:
                break


def _about(random: Random, there: Neighbourhoods, day: date) -> _About:
    kind = random.choices(list(KINDS), list(KINDS.values()))[0]
    community = there.communities[0] if day == FAIR else random.choice(there.communities)
    subject = common_subject(random, kind)
    for begins, spelled in ((STORMS, FLOOD), (COLD, HEATING)):
        if _in_spell(day, begins) and kind in spelled.kinds and random.random() < 0.7:
            subject = spelled
    place = f"{community.name}{random.randint(1, 12)}幢"
    if random.random() < 0.01:
        place = f"{community.name}与{random.choice(there.communities).name}{BETWEEN}"
    told, because = random.choice(subject.told), random.choice(subject.because)
    return _About(community, place, kind, subject, told, because, random.random() < subject.hazard)


def _told(random: Random, about: _About, at: datetime, resident: Resident, *, again: bool) -> Told:
    kind = about.kind
    text = written(random, about.told, about.because, about.place, kind, again=again)
    channel = random.choices(list(CHANNELS), list(CHANNELS.values()))[0]
    community, subject = about.community, about.subject
    return Told(
        0, at, community, resident, kind, subject.matter, about.place, text, channel, about.hazard, again
    )


def _hour(random: Random, day: date) -> datetime:
    if day == FAIR:
        return moment(day, 9) + timedelta(seconds=random.randrange(7_200))
    return moment(day, random.choices(range(24), _HOURS)[0], random.randrange(60), random.randrange(60))
