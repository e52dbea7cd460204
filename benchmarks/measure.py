"""Timing, tables and JSON that all benchmark programs share.

Contestants take turns (A B C A B C …), so that a machine that slows down slows all of them; a
figure is the median over the rounds, a ratio the median of the ratios within one round.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import json
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

Run = Callable[[], object]
Sections = Mapping[str, Run]
Prepare = Callable[[], Sections]
"""Makes everything that the timed sections need, untimed; they run in their order, each timed apart."""
Measured = dict[tuple[str, str], list[float]]
"""Seconds of each round, by contestant and section."""


class Figure(NamedTuple):
    """A named number, and how large (`most`) or how small (`least`) it may be, if anything says so."""

    name: str
    value: float
    meaning: str
    most: float | None = None
    least: float | None = None

    @property
    def holds(self) -> bool:
        """Whether the number is within its budget."""
        return (self.most is None or self.value <= self.most) and (
            self.least is None or self.value >= self.least
        )

    @property
    def budget(self) -> str:
        """The budget in words, empty for a number that is only information."""
        if self.most is not None:
            return f"≤ {self.most:g}"
        return f"≥ {self.least:g}" if self.least is not None else ""


@contextlib.contextmanager
def without_garbage_collection() -> Iterator[None]:
    """Collects first, then keeps the collector out of the timed section."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def seconds_of(run: Run) -> float:
    """How long one run takes, without garbage collection."""
    with without_garbage_collection():
        began = time.perf_counter()
        run()
        return time.perf_counter() - began


def interleaved(contestants: Mapping[str, Prepare], rounds: int, warm_up: int = 1) -> Measured:
    """The seconds of all contestants, taking turns; the first `warm_up` rounds do not count.

    The order is turned around every other round, so that nobody always runs after the same
    neighbour.
    """
    measured: Measured = defaultdict(list)
    names = list(contestants)
    for number in range(warm_up + rounds):
        for name in names if number % 2 else reversed(names):
            for section, run in contestants[name]().items():
                seconds = seconds_of(run)
                if number >= warm_up:
                    measured[name, section].append(seconds)
    return measured


def whole(measured: Measured, name: str, sections: Sequence[str] = ("starts", "sends")) -> list[float]:
    """The seconds of these sections of a contestant together, round by round."""
    return [sum(each) for each in zip(*(measured[name, section] for section in sections), strict=True)]


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """The median of the ratios within each round."""
    return statistics.median(one / other for one, other in zip(ours, theirs, strict=True))


def microseconds(seconds: Sequence[float], operations: int) -> float:
    """The median time of one operation."""
    return statistics.median(seconds) / operations * 1e6


def table(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table for people: the first column to the left, the others to the right, the last to the left."""
    widths = [max(len(row[column]) for row in (heads, *rows)) for column in range(len(heads))]

    def line(cells: Sequence[str]) -> str:
        first, *middle = (
            cell.ljust(width) if column in (0, len(heads) - 1) else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(cells, widths, strict=True))
        )
        return "  ".join((first, *middle)).rstrip()

    return "\n".join((title, "", line(heads), "  ".join("-" * width for width in widths), *map(line, rows)))


def figures_table(title: str, figures: Sequence[Figure]) -> str:
    """The figures with their budgets and whether they hold."""
    rows = [
        (figure.name, f"{figure.value:.2f}", figure.budget, _verdict(figure), figure.meaning)
        for figure in figures
    ]
    return table(title, ("figure", "measured", "budget", "", "meaning"), rows)


def _verdict(figure: Figure) -> str:
    if not figure.budget:
        return ""
    return "holds" if figure.holds else "MISSED"


def report(
    title: str, measure: Callable[[], Sequence[Figure]], arguments: Sequence[str] | None = None
) -> int:
    """Runs a benchmark program: measures, then prints the table, or with `--json` one object of figures.

    The exit code is 0 however the figures turn out: a benchmark tells, it does not judge.
    """
    parser = argparse.ArgumentParser(description=title)
    parser.add_argument(
        "--json", action="store_true", help="print one object of named figures instead of a table"
    )
    options = parser.parse_args(arguments)
    figures = measure()
    if options.json:
        print(json.dumps({figure.name: round(figure.value, 3) for figure in figures}, indent=2))
    else:
        print(figures_table(title, figures))
    return 0
