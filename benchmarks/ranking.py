"""A round with a given number of applications to rank: one that was lived up to there, its rows copied."""

from __future__ import annotations

import json
import sqlite3
import time
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.taken_down import taking_connections
from partybuild_flow.analysis.year import Clock, Size, open_year, world
from partybuild_flow.analysis.year.calendar_2025 import RANKED, moment
from partybuild_flow.analysis.year.driver import Driver, Shown
from partybuild_flow.analysis.year.star_round import star_round
from partybuild_flow.cli.shipped import shipped

SEED, FEW = 2, 60
STATE = "district-review"
EVENT = "confirm-lower"


def ranking_seconds(path: Path, applications: int) -> float:
    """How long the round's event takes that ranks so many applications, until it is durable."""
    url, invented = f"sqlite:///{path}?synchronous=normal", world(SEED, Size.of(FEW))
    clock, department = Clock(), invented.district.department
    with open_year(url, shipped("workflows"), SEED, clock) as engine:
        Driver(engine, clock, Shown("", "")).live([star_round(invented)], RANKED)
        clock.now = moment(RANKED, 9)
        (round_case,) = engine.cases(workflow="star-round")
        engine.send(round_case.id, "rank", {}, by=department)
        copied = [
            case.id
            for case in engine.cases(workflow="star-application", state=STATE)
            if not case.data["must-defend"]
        ]
        there = len(engine.cases(workflow="star-application", state=STATE))
    _copy(path, copied, applications - there)
    clock.now = moment(RANKED, 14)
    with taking_connections() as opened, open_year(url, shipped("workflows"), SEED + 1, clock) as engine:
        began = time.perf_counter()
        engine.send(round_case.id, EVENT, {}, by=department)
        seconds = opened[0].first_commit_after(began) - began
        clock.now += timedelta(minutes=1)
        sent = [each for each in engine.sent(round_case.id) if each.event == "confirm-direct"]
        if len(sent) != applications or any(each.refused for each in sent):
            raise AssertionError(f"{len(sent)} applications were ranked, not {applications}: {sent[-1]}")
    return seconds


def _copy(path: Path, originals: list[str], number: int) -> None:
    """So many applications more, with points of their own."""
    random = Random(SEED)
    connection = sqlite3.connect(path)
    for place in range(number):
        original = originals[place % len(originals)]
        copy = f"copy-{place:05d}"
        row = list(connection.execute("SELECT * FROM cases WHERE id = ?", (original,)).fetchone())
        data: dict[str, Any] = json.loads(row[6], parse_float=Decimal)
        data["organisation"] = f"{data['organisation']}{place}"
        data["composite"] = f"{random.uniform(70, 99):.2f}"
        row[0], row[6] = copy, _written(data)
        connection.execute(f"INSERT INTO cases VALUES ({', '.join('?' * len(row))})", row)
        connection.execute(
            'INSERT INTO links SELECT workflow, fields, "values", started_at, ? FROM links WHERE case_id = ?',
            (copy, original),
        )
    connection.commit()
    connection.close()


def _written(data: dict[str, Any]) -> str:
    """The data as JSON; the points are a number, though they were put in as text to keep their digits."""
    points = data.pop("composite")
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), default=float)
    return f'{text[:-1]},"composite":{points}}}'
