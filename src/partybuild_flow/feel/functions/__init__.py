"""The built-in functions of FEEL and ours by their names, with what they take and give."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from partybuild_flow.feel.functions import (
    apportioning,
    chance,
    general,
    likeness,
    listing,
    numeric,
    temporal,
    textual,
)
from partybuild_flow.feel.functions.chinese import CHINESE_NAMES
from partybuild_flow.feel.functions.signature import Function, Parameter, Signature

__all__ = ["CHINESE_NAMES", "FUNCTIONS", "PATTERN_FUNCTIONS", "Function", "Parameter", "Signature"]

FUNCTIONS: Final[Mapping[str, Function]] = MappingProxyType(
    {
        each.name: each
        for family in (general, numeric, apportioning, chance, textual, likeness, listing, temporal)
        for each in family.FUNCTIONS
    }
)
"""`now` and `today` are not among them: the parser makes them names of facts."""
PATTERN_FUNCTIONS: Final = frozenset(("matches", "replace", "split"))
"""Functions whose second argument is a regular expression."""
