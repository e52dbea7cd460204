"""The built-in functions of the standard, by their names. Source: DMN 1.5, clause 10.3.4."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from partybuild_flow.feel.standard.functions import contexts, conversions, lists, ranges, shared, temporal
from partybuild_flow.feel.standard.functions.builtin import Builtin

__all__ = ["BUILTINS", "Builtin"]

BUILTINS: Final[Mapping[str, Builtin]] = MappingProxyType(
    {
        each.name: each
        for family in (shared, conversions, contexts, lists, temporal, ranges)
        for each in family.FUNCTIONS
    }
)
