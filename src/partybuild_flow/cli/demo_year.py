"""An invented year of a district: who got which star, how the projects went, what the engine had to do for it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import NamedTuple

from partybuild_flow.analysis.year import (
    MONTHS,
    Clock,
    Lived,
    Requests,
    Size,
    Summary,
    live,
    open_year,
    over_quota,
    requests_figures,
    summary,
    world,
)
from partybuild_flow.cli.demo_requests import put_requests, requests_record
from partybuild_flow.cli.demo_told import put_told, told_record
from partybuild_flow.cli.printing import put, put_json, put_table
from partybuild_flow.cli.records import verification_record
from partybuild_flow.cli.shipped import shipped
from partybuild_flow.cli.verify import put_verification
from partybuild_flow.cli.wording import word
from partybuild_flow.engine import Engine
from partybuild_flow.messages import Language
from partybuild_flow.store import Verification


class Outcome(NamedTuple):
    """A year that was lived. `names` are those of workflows and states, by their ids."""

    lived: Lived
    summary: Summary
    requests: Requests
    names: Mapping[str, str]
    verification: Verification
    seconds: float

    @property
    def rate(self) -> float:
        """Events a second."""
        return self.lived.events / self.seconds if self.seconds else 0.0


def demo_year(
    url: str, applications: int, seed: int, own: Language, spoken: Language | None, *, as_json: bool
) -> bool:
    """Live a year and tell about it; whether its journal is whole and no quota was exceeded."""
    outcome = _lived(url, Size.of(applications), seed, own, hidden=as_json)
    exceeded = over_quota(outcome.summary)
    if as_json:
        put_json(_record(outcome, applications, seed, exceeded, spoken or "zh-CN"))
    else:
        _put_outcome(outcome, exceeded, own, spoken or "zh-CN")
    return not (outcome.verification.broken or exceeded)


def _lived(url: str, size: Size, seed: int, own: Language, *, hidden: bool) -> Outcome:
    clock, invented = Clock(), world(seed, size)
    with open_year(url, shipped("workflows"), seed, clock) as engine:
        began = time.perf_counter()
        with _progress(own, hidden=hidden) as told:
            lived = live(engine, clock, invented, told)
        seconds = time.perf_counter() - began
        found = summary(engine), requests_figures(engine)
        return Outcome(lived, *found, _names(engine), engine.verify(), seconds)


def _names(engine: Engine) -> dict[str, str]:
    names = {workflow.id: workflow.name for workflow in engine.workflows}
    for workflow in engine.workflows:
        names |= {f"{workflow.id}/{state.id}": state.name for state in workflow.states.values()}
        names |= {f"{workflow.id}/{event}": name for event, name in workflow.events.items()}
    return names


@contextmanager
def _progress(own: Language, *, hidden: bool) -> Iterator[Callable[[date], None]]:
    """A bar by months, where somebody watches."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=hidden or not console.is_terminal) as bar:
        task = bar.add_task(word("year.begins", own), total=MONTHS)
        yield lambda day: bar.update(task, advance=1, description=f"{day:%Y-%m}")


def _record(
    outcome: Outcome, applications: int, seed: int, exceeded: list[str], language: Language
) -> dict[str, object]:
    lived, found = outcome.lived, outcome.summary
    return {
        "applications": applications,
        "seed": seed,
        "accepted": lived.accepted,
        "by_clock": lived.by_clock,
        "by_cases": lived.by_cases,
        "refused": dict(lived.refused),
        "unforeseen": dict(lived.unforeseen),
        "categories": [each._asdict() for each in found.categories],
        "committees": [each._asdict() for each in found.committees],
        "projects": [each._asdict() for each in found.projects],
        "branches": found.branches,
        "cases": {**found.cases, "request-handling": outcome.requests.cases},
        "requests": requests_record(outcome.requests),
        "over_quota": exceeded,
        "seconds": round(outcome.seconds, 3),
        "events_per_second": round(outcome.rate),
        "acceptance": told_record(lived.acceptance, language),
        "refusal": told_record(lived.refusal, language),
        "verification": verification_record(outcome.verification),
    }


def _put_outcome(outcome: Outcome, exceeded: list[str], own: Language, spoken: Language) -> None:
    lived, found = outcome.lived, outcome.summary
    cases = {**found.cases, "request-handling": outcome.requests.cases}
    put(word("year", own, **{name.replace("-", "_"): count for name, count in cases.items()}))
    put_told(lived.acceptance, lived.refusal, own, spoken)
    _put_categories(found, own)
    _put_committees(found, own)
    _put_projects(found, own)
    put("\n" + word("year.branches", own))
    states = [
        (outcome.names.get(f"action-branch/{state}", state), count) for state, count in found.branches.items()
    ]
    put_table(_heads(own, "state", "cases"), [[name, str(count)] for name, count in states])
    put_requests(outcome.requests, outcome.names, own)
    put("\n" + word("year.refusals", own))
    refused = [
        (outcome.names.get(event.split("/")[0], ""), outcome.names.get(event, event), count)
        for event, count in lived.refused.most_common()
    ]
    put_table(
        _heads(own, "workflow", "event", "refused"), [[*names, str(count)] for *names, count in refused]
    )
    for each in exceeded:
        put(word("year.exceeded", own, told=each))
    counts = {"accepted": lived.accepted, "refused": lived.refused.total()}
    put("\n" + word("year.events", own, **counts, clock=lived.by_clock, cases=lived.by_cases))
    put(word("demo.rate", own, seconds=f"{outcome.seconds:.1f}", rate=f"{outcome.rate:,.0f}"))
    put_verification(outcome.verification, own)


def _put_categories(found: Summary, own: Language) -> None:
    put("\n" + word("year.stars", own))
    heads = (
        "category",
        "applied",
        "recommended",
        "shortlisted",
        "model",
        "five-star",
        "four-star",
        "lower-stars",
    )
    rows = [
        [
            each.category,
            str(each.applied),
            str(each.recommended),
            f"{each.shortlisted}/{each.shortlist_seats}",
            f"{each.taken['标兵']}/{each.seats['标兵']}",
            f"{each.taken['五星'] + each.taken['标兵']}/{each.seats['五星']}",
            f"{each.taken['四星']}/{each.seats['四星']}",
            f"{each.taken['三星'] + each.taken['四星']}/{each.seats['三星'] + each.seats['四星']}",
            str(each.lowered),
        ]
        for each in found.categories
    ]
    put_table(_heads(own, *heads, "lowered"), rows)


def _put_committees(found: Summary, own: Language) -> None:
    put("\n" + word("year.committees", own))
    rows = [
        [
            each.committee.rsplit("/", 1)[-1],
            str(each.organisations),
            str(each.applied),
            f"{each.recommended}/{each.seats}",
            str(each.awarded),
        ]
        for each in found.committees
    ]
    put_table(_heads(own, "committee", "organisations", "applied", "recommended", "awarded"), rows)


def _put_projects(found: Summary, own: Language) -> None:
    put("\n" + word("year.projects", own))
    lights = [
        [
            each.level,
            str(each.projects),
            *(f"{each.lights[light]}/{each.shown[light]}" for light in each.lights),
        ]
        for each in found.projects
    ]
    put_table(_heads(own, "level", "projects", "green", "yellow", "red"), lights)
    grades = [[each.level, *map(str, each.grades.values())] for each in found.projects]
    put_table(_heads(own, "level", "excellent", "good", "passed", "failed"), grades)


def _heads(own: Language, *columns: str) -> list[str]:
    return [word(f"column.{each}", own) for each in columns]
