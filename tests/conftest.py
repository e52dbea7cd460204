"""What all tests share: the example on disk, a clock that stands still, actors."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import settings

from partybuild_flow import Actor, Engine
from tests.lifecycle import write_lifecycle
from tests.postgres import STORES, store_url

# A landing must not depend on the luck of one run; whoever works here looks at random.
settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")

PROJECT = Path(__file__).parent.parent
SHARED = PROJECT.parent / "shared" / "data"


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = datetime(2022, 9, 30, 8, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_hours(self, hours: float) -> None:
        self.now += timedelta(hours=hours)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def lifecycle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_lifecycle(tmp_path_factory.mktemp("workflows"))


@pytest.fixture(params=STORES)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A new store of each kind."""
    with store_url(request.param, tmp_path) as found:
        yield found


@pytest.fixture
def engine(url: str, lifecycle: Path, clock: Clock) -> Iterator[Engine]:
    with Engine.open(
        url, workflows=lifecycle, clock=clock, look_ups={"open-complaints": lambda _: 0}
    ) as opened:
        yield opened


RESIDENT = Actor("resident", [("resident", "park/lake/first")])
CLERK = Actor("clerk", [("clerk", "park/lake")])
HANDLER = Actor("handler", [("handler", "park/lake/works")])
LEADER = Actor("leader", [("leader", "park")])
STRANGER = Actor("stranger", [("clerk", "harbour")])
