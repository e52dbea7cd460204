"""What a program that embeds the engine writes. Checked by mypy strict; runs as a test as well."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from partybuild_flow import (
    Actor,
    Case,
    Decision,
    Engine,
    Entry,
    EventRefused,
    Possible,
    Problem,
    Send,
    Start,
    TreeUnits,
    WorkflowInvalid,
    YearMonthDuration,
    load_dmn,
)


def live(folder: Path) -> list[str]:
    """The life of one case, with every public call once."""
    told: list[str] = []
    clerk = Actor("u-1", [("clerk", "hall")])
    with Engine.open(
        "memory://",
        workflows=folder,
        units=TreeUnits({"desk": "hall"}),
        look_ups={"open-complaints": lambda phone: Decimal(0)},
        clock=lambda: datetime(2022, 9, 30, tzinfo=UTC),
    ) as engine:
        entry: Entry = engine.start("request", {"category": "help"}, by=Actor("u-2"), unit="desk", key="k")
        case: Case = entry.case
        decision: Decision = engine.ask(case.id, "screen", {"level": "street"}, by=clerk)
        told.append(decision.explain("en"))
        options: tuple[Possible, ...] = engine.possible(case.id, by=clerk)
        told += [option.name for option in options if option.form is not None]
        try:
            engine.send(case.id, "screen", by=clerk, expected_revision=1)
        except EventRefused as refused:
            told.append(str(refused))
        answers: list[Entry | Decision] = engine.send_many(
            [
                Start("request", {"category": "praise"}, clerk),
                Send(case.id, "screen", {"level": "street", "handling unit": "desk"}, clerk),
            ]
        )
        told += ["sent" if isinstance(answer, Entry) else answer.sentence for answer in answers]
        told += sorted(each.state for each in engine.cases(workflow="request", by=clerk))
        told += [each.event for each in engine.history(case.id, by=clerk)]
        told.append(str(engine.verify().broken))
    return told


def problems_of(folder: Path) -> tuple[Problem, ...]:
    """The problems of a folder of workflows, none if it can be used."""
    try:
        Engine.open("memory://", workflows=folder).close()
    except WorkflowInvalid as invalid:
        return invalid.problems
    return ()


def decided(path: Path) -> tuple[str, ...]:
    """A DMN model, evaluated."""
    model = load_dmn(path)
    told: list[str] = []
    model.evaluate(model.decisions[0], {"since": YearMonthDuration(months=14)}, told=told)
    return (*model.inputs, *told)
