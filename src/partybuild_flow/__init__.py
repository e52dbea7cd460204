"""Lifecycles that analysts can read, decisions that explain themselves: a workflow and rules engine to embed.

Names are loaded when they are first used, so that importing the package costs next to nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from partybuild_flow.case import Actor, Case, Effect, Entry
    from partybuild_flow.checks import check
    from partybuild_flow.decide import Decision
    from partybuild_flow.definition import Workflow
    from partybuild_flow.dmn import DmnModel, DmnWarning, load_dmn
    from partybuild_flow.engine import CaughtUp, Engine, Form, Marks, Possible, Question, Send, Share, Start
    from partybuild_flow.errors import (
        CaseChanged,
        CaseNotFound,
        DmnError,
        EventRefused,
        FlowError,
        StoreError,
        WorkflowInvalid,
    )
    from partybuild_flow.explain.explained import Explanation
    from partybuild_flow.feel.standard.lengths import YearMonthDuration
    from partybuild_flow.problems import Position, Problem
    from partybuild_flow.reader import read_workflow
    from partybuild_flow.units import PathUnits, TreeUnits, Units

__all__ = [
    "Actor",
    "Case",
    "CaseChanged",
    "CaseNotFound",
    "CaughtUp",
    "Decision",
    "DmnError",
    "DmnModel",
    "DmnWarning",
    "Effect",
    "Engine",
    "Entry",
    "EventRefused",
    "Explanation",
    "FlowError",
    "Form",
    "Marks",
    "PathUnits",
    "Position",
    "Possible",
    "Problem",
    "Question",
    "Send",
    "Share",
    "Start",
    "StoreError",
    "TreeUnits",
    "Units",
    "Workflow",
    "WorkflowInvalid",
    "YearMonthDuration",
    "check",
    "load_dmn",
    "read_workflow",
]

_HOMES = {
    "case": ("Actor", "Case", "Effect", "Entry"),
    "checks": ("check",),
    "decide": ("Decision",),
    "definition": ("Workflow",),
    "dmn": ("DmnModel", "DmnWarning", "load_dmn"),
    "engine": ("CaughtUp", "Engine", "Form", "Marks", "Possible", "Question", "Send", "Share", "Start"),
    "errors": (
        "CaseChanged",
        "CaseNotFound",
        "DmnError",
        "EventRefused",
        "FlowError",
        "StoreError",
        "WorkflowInvalid",
    ),
    "explain.explained": ("Explanation",),
    "feel.standard.lengths": ("YearMonthDuration",),
    "problems": ("Position", "Problem"),
    "reader": ("read_workflow",),
    "units": ("PathUnits", "TreeUnits", "Units"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> object:
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    found: object = vars(import_module(f"{__name__}.{_HOME_OF[name]}"))[name]
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return __all__
