"""FEEL as the DMN standard has it: types known only at run time, functions and ranges as values, local times.

It shares the lexer, the grammar, the tree and the bodies of functions with the FEEL of definitions, which
knows all types beforehand; see `docs/dmn.md` for what differs.
"""

from __future__ import annotations

from partybuild_flow.feel.standard.budget import Exhausted, Frame, Logic
from partybuild_flow.feel.standard.evaluate import Evaluator, shown
from partybuild_flow.feel.standard.functions import BUILTINS
from partybuild_flow.feel.standard.grammar import TYPE_NAMES, Known, Read, read_expression, read_tests
from partybuild_flow.feel.standard.lengths import YearMonthDuration
from partybuild_flow.feel.standard.naming import TokenNames
from partybuild_flow.feel.standard.types import StandardType, Types
from partybuild_flow.feel.standard.values import Interval, Value

__all__ = [
    "BUILTINS",
    "TYPE_NAMES",
    "Evaluator",
    "Exhausted",
    "Frame",
    "Interval",
    "Known",
    "Logic",
    "Read",
    "StandardType",
    "TokenNames",
    "Types",
    "Value",
    "YearMonthDuration",
    "read_expression",
    "read_tests",
    "shown",
]
