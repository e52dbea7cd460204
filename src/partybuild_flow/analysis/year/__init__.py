"""A year of an invented district: a star round, projects and their branches, requests of residents. Nothing is real.

Scripts say who does what and when; the driver lets them live through time in one engine.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final

from partybuild_flow.analysis.year.calendar_2025 import ENDED
from partybuild_flow.analysis.year.driver import Clock, Driver, Lived, Shown, open_year
from partybuild_flow.analysis.year.projects import projects
from partybuild_flow.analysis.year.requests import (
    Requests,
    requests_figures,
    resident_requests,
)
from partybuild_flow.analysis.year.star_round import star_round
from partybuild_flow.analysis.year.summary import Summary, over_quota, summary
from partybuild_flow.analysis.year.world import APPLICATIONS, Size, World, world
from partybuild_flow.engine import Engine

__all__ = [
    "APPLICATIONS",
    "MONTHS",
    "Clock",
    "Lived",
    "Requests",
    "Size",
    "Summary",
    "World",
    "live",
    "open_year",
    "over_quota",
    "requests_figures",
    "summary",
    "world",
]

SHOWN: Final = Shown(event="record-onsite", refusal="skips")
"""Both have rules to explain: points with deductions, and who may apply."""

MONTHS: Final = 14
"""How many times a month begins in the invented year."""


def live(engine: Engine, clock: Clock, invented: World, told: Callable[[date], None] | None = None) -> Lived:
    """The whole year of a world, in an engine that `open_year` gave; `told` hears of each month that begins."""
    requests = resident_requests(invented.neighbourhoods, invented.size.requests, invented.random)
    scripts = (projects(invented), star_round(invented), requests)
    return Driver(engine, clock, SHOWN, told).live(scripts, ENDED)
