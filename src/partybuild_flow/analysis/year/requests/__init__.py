"""A year of requests of residents, each through its whole life. Nobody is meant."""

from __future__ import annotations

from partybuild_flow.analysis.year.requests.figures import Requests, requests_figures
from partybuild_flow.analysis.year.requests.places import (
    LOOK_UPS,
    Community,
    Neighbourhoods,
    neighbourhoods,
)
from partybuild_flow.analysis.year.requests.steps import resident_requests

__all__ = [
    "LOOK_UPS",
    "Community",
    "Neighbourhoods",
    "Requests",
    "neighbourhoods",
    "requests_figures",
    "resident_requests",
]
