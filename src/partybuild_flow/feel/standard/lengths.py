"""Durations of years and months, for which Python has no type."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class YearMonthDuration:
    """A duration of whole months: `YearMonthDuration(months=14)` is a year and two months. Negative ones go back."""

    months: int

    def __str__(self) -> str:
        """As the standard writes it: `P1Y2M`."""
        years, months = divmod(abs(self.months), 12)
        written = (f"{years}Y" if years else "") + (f"{months}M" if months or not years else "")
        return ("-" if self.months < 0 else "") + "P" + written
