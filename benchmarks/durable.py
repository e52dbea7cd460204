"""Durable events on SQLite: the engine beside raw sqlite3 that writes the same rows; and rule sets.

python -m benchmarks.durable [--json]
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from decimal import Decimal
from functools import partial
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Final

from benchmarks import floor
from benchmarks.bare_rules import Conclude, bare_conclude
from benchmarks.desks import engine_desk, open_engine, sections
from benchmarks.lives import AWARD, LIFECYCLE, LIVES, SUBMIT, Clock, Life, apply_for, assess, events_of
from benchmarks.measure import (
    Figure,
    Measured,
    Prepare,
    Sections,
    interleaved,
    microseconds,
    ratio,
    report,
    whole,
)
from benchmarks.raw_sqlite import RawDatabase, Recorded, Recorder, contents_of, size_of

ROUNDS: Final = 15
TIMED: Final = LIVES * 20
"""The lives of one round: a hundred cases."""
MODES: Final = ("normal", "full")
PRAGMAS: Final = {"foreign_keys": "ON"}
"""What the engine sets on its connection (store/sql.py), besides the journal mode and `synchronous`."""

DECIDED: Final = tuple(
    (apply_for(category, asked), SUBMIT, assess(score), AWARD)
    for category, asked, score in (
        ("equipment", "12000.00", "85.50"),
        ("training", "8400.50", "71.25"),
        ("rent", "30000.00", "66.00"),
        ("rent", "80000.00", "70.00"),
        ("equipment", "20000.00", "55.00"),
        ("rent", "250000.00", "92.00"),
    )
)
"""Lives that end on every rung of the ladder."""
TIMES_DECIDED: Final = 20


class Files:
    """New database files in one folder, gone when the benchmark ends."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._numbers = count()

    def new(self) -> Path:
        """The path of a file that does not exist."""
        return self.folder / f"{next(self._numbers)}.db"


def measure() -> list[Figure]:
    """Records what the engine writes, proves that both sides write the same, then lets them take turns."""
    with tempfile.TemporaryDirectory() as name:
        files = Files(Path(name))
        written = _record(files.new())
        _require_same_size(files, written)
        contestants: dict[str, Prepare] = {}
        for mode in MODES:
            contestants[f"engine {mode}"] = partial(_engine_sections, files, mode)
            contestants[f"raw {mode}"] = partial(_raw_sections, files, written, mode)
        measured = interleaved(contestants, ROUNDS)
        return [*_durable_figures(measured), *_rule_set_figures(files)]


def _record(path: Path) -> Recorded:
    clock = Clock()
    with open_engine(f"sqlite:///{path}", clock) as engine:
        desk = engine_desk(engine, clock)
        recorder = Recorder(path)
        begun = []
        for life in TIMED:
            begun.append(desk.start(life[0].data, by=life[0].by))
            recorder.note()
        for entry, life in zip(begun, TIMED, strict=True):
            for step in life[1:]:
                desk.send(entry.case.id, step.event, step.data, by=step.by)
                recorder.note()
        return recorder.finish()


def _require_same_size(files: Files, written: Recorded) -> None:
    """The engine must write as much as when it was recorded, and the raw side exactly what was recorded."""
    path = files.new()
    for run in _engine_sections(files, "full", path).values():
        run()
    if size_of(contents_of(path)) != size_of(written.contents):
        raise AssertionError("the engine wrote other rows than when it was recorded")
    for run in _raw_sections(files, written, "full").values():
        run()


def _engine_sections(files: Files, mode: str, path: Path | None = None) -> Sections:
    clock = Clock()
    engine = open_engine(f"sqlite:///{path or files.new()}?synchronous={mode}", clock)
    _settle()
    return {**sections(engine_desk(engine, clock), TIMED), "close": engine.close}


def _raw_sections(files: Files, written: Recorded, mode: str) -> Sections:
    raw = RawDatabase(files.new(), written, {**PRAGMAS, "synchronous": mode})
    _settle()
    return {"events": raw.replay, "close": raw.close}


def _settle() -> None:
    """Has the system write out what others left, so that no contestant's first flush pays for it."""
    if hasattr(os, "sync"):
        os.sync()


def _durable_figures(measured: Measured) -> list[Figure]:
    events = events_of(TIMED)
    ours = {mode: whole(measured, f"engine {mode}") for mode in MODES}
    raws = {mode: measured[f"raw {mode}", "events"] for mode in MODES}
    most = {"normal": 2.0, "full": 1.25}
    return [
        *(
            Figure(
                f"{mode}_to_raw",
                ratio(ours[mode], raws[mode]),
                f"the engine beside raw sqlite3, synchronous={mode.upper()}",
                most=most[mode],
            )
            for mode in MODES
        ),
        *(
            Figure(f"engine_{mode}_us", microseconds(ours[mode], events), "one durable event")
            for mode in MODES
        ),
        *(Figure(f"raw_{mode}_us", microseconds(raws[mode], events), "its rows alone") for mode in MODES),
    ]


def _rule_set_figures(files: Files) -> list[Figure]:
    """The same decision by rule set and by table, durable and in memory, and by the bare library."""
    by_rules = _lifecycle_by_rules(files.folder / "by-rules")
    folders = {"rule_set": by_rules, "table": LIFECYCLE}
    decided = [_facts(life) for life in DECIDED]
    contestants: dict[str, Prepare] = {}
    meanings = {}
    for kind, folder in folders.items():
        words = kind.replace("_", " ")
        contestants[f"{kind}_us"] = partial(_award_sections, files, folder, "sqlite")
        contestants[f"{kind}_memory_us"] = partial(_award_sections, files, folder, "memory")
        meanings[f"{kind}_us"] = f"an event decided by a {words}, SQLite, synchronous=NORMAL"
        meanings[f"{kind}_memory_us"] = f"an event decided by a {words}, in memory"
    if find_spec("durable"):
        conclude = bare_conclude()
        for facts in decided:
            rung = floor.ladder(*facts)
            if rung is None or conclude(*facts) != rung[1:]:
                raise AssertionError(f"the bare library decides otherwise on {facts}")
        all_bare = partial(_conclude_all, conclude, decided * TIMES_DECIDED)
        contestants["bare_rule_set_us"] = lambda: {"awards": all_bare}
        meanings["bare_rule_set_us"] = "the bare durable-rules library with as many facts, no event around it"
    measured = interleaved(contestants, ROUNDS)
    decisions = len(DECIDED) * TIMES_DECIDED
    return [
        Figure(name, microseconds(measured[name, "awards"], decisions), meaning)
        for name, meaning in meanings.items()
    ]


def _lifecycle_by_rules(folder: Path) -> Path:
    """The lifecycle with its ladder written as a rule set."""
    folder.mkdir()
    text = (LIFECYCLE / "workflow.yaml").read_text(encoding="utf-8")
    (folder / "workflow.yaml").write_text(text.replace("Ladder.", "Rungs."), encoding="utf-8")
    shutil.copy(LIFECYCLE.parent / "rungs.rules.yaml", folder)
    return folder


def _award_sections(files: Files, folder: Path, store: str) -> Sections:
    clock = Clock()
    url = "memory://" if store == "memory" else f"sqlite:///{files.new()}?synchronous=normal"
    engine = open_engine(url, clock, folder)
    cases = []
    for life in DECIDED * TIMES_DECIDED:
        case_id = engine.start("grant", life[0].data, by=life[0].by).case.id
        for step in life[1:-1]:
            engine.send(case_id, step.event, step.data, by=step.by)
        cases.append(case_id)

    def awards() -> None:
        entries = [engine.send(case_id, "award", AWARD.data, by=AWARD.by) for case_id in cases]
        outcomes.extend(entry.outcome for entry in entries)

    def close() -> None:
        engine.close()
        expected = [rung[1] for life in DECIDED if (rung := floor.ladder(*_facts(life)))]
        if outcomes != expected * TIMES_DECIDED:
            raise AssertionError(f"{folder.name} decides otherwise: {outcomes[: len(expected)]}")

    outcomes: list[str] = []
    return {"awards": awards, "close": close}


def _facts(life: Life) -> tuple[Decimal, Decimal, str]:
    """Score, amount and category of a life."""
    first, assessed = life[0].data, life[2].data
    return Decimal(str(assessed["score"])), Decimal(str(first["amount"])), str(first["category"])


def _conclude_all(conclude: Conclude, facts: Sequence[tuple[Decimal, Decimal, str]]) -> None:
    for each in facts:
        conclude(*each)


if __name__ == "__main__":
    sys.exit(report("Durable events", measure))
