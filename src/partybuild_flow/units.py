"""The organisation: which unit stands above which. Handed in by the host, or read off the units' paths."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol


class Units(Protocol):
    """What the engine asks of an organisation."""

    def covers(self, upper: str, lower: str) -> bool:
        """Whether a role held at `upper` reaches `lower`: the unit itself or one below it."""


class PathUnits:
    """Units that are named by their path from the top: `园区/湖景街道` covers `园区/湖景街道/湖景一社区`.

    The empty path is the top of everything.
    """

    def covers(self, upper: str, lower: str) -> bool:
        """Whether the path of `lower` begins with the whole path of `upper`."""
        return upper == lower or not upper or lower.startswith(upper + "/")


class TreeUnits:
    """Units of any name, each with the unit right above it.

    `parents` maps a unit to its parent; a unit that is no key is a top. A chain that comes back
    to itself is a ValueError.
    """

    def __init__(self, parents: Mapping[str, str]) -> None:
        self._above: dict[str, frozenset[str]] = {}
        for unit in parents:
            above = [unit]
            while above[-1] in parents:
                parent = parents[above[-1]]
                if parent in above:
                    raise ValueError(f"unit {parent} stands above itself")
                above.append(parent)
            self._above[unit] = frozenset(above)

    def covers(self, upper: str, lower: str) -> bool:
        """Whether `upper` is `lower` or stands anywhere above it."""
        return upper == lower or upper in self._above.get(lower, frozenset())
