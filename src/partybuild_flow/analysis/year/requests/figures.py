"""What became of the requests, counted: by kind and by state, what was reported often, and the rates of the workflow."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Final, NamedTuple

from partybuild_flow.engine import Engine, Share

WORKFLOW: Final = "request-handling"
PUBLISHED: Final = "closing-rate"
"""The rate of which a share is published: 99.5 % and more."""


class Requests(NamedTuple):
    """Requests in figures. `kinds`, `states` and `cards` are in the order of the definition."""

    cases: int
    kinds: Mapping[str, int]
    states: Mapping[str, int]
    cards: Mapping[str, int]
    redone: int
    reopened: int
    supervised: int
    rates: tuple[Share, ...]

    @property
    def closing(self) -> Share | None:
        """The share of requests that were closed; None if the workflow has no such rate."""
        return next((each for each in self.rates if each.rate == PUBLISHED), None)


def requests_figures(engine: Engine) -> Requests:
    """The requests in this engine's store in figures."""
    cases = engine.cases(workflow=WORKFLOW)
    workflow = next(each for each in engine.workflows if each.id == WORKFLOW)
    states = Counter(case.state for case in cases)
    kinds = Counter(str(case.data.get("kind")) for case in cases)
    cards = Counter(str(case.data.get("card") or "无") for case in cases)
    return Requests(
        len(cases),
        {name: kinds[name] for name in workflow.fields["kind"].type.values if kinds[name]},
        {state: states[state] for state in workflow.states if states[state]},
        dict(cards.most_common()),
        redone=sum(bool(case.data.get("redone")) for case in cases),
        reopened=sum(bool(case.data.get("reopened")) for case in cases),
        supervised=sum(case.data.get("supervised") is True for case in cases),
        rates=engine.rates(WORKFLOW),
    )
