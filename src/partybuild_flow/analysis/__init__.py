"""What definitions do with many cases: replayed, simulated, compared, drawn; and advice on one. Names are loaded at first use."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from partybuild_flow.analysis.advice import Advice, advise
    from partybuild_flow.analysis.populations import Impact, decision_sql, impact

__all__ = ["Advice", "Impact", "advise", "decision_sql", "impact"]

_HOMES = {
    "Advice": "advice",
    "Impact": "populations",
    "advise": "advice",
    "decision_sql": "populations",
    "impact": "populations",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    found: object = vars(import_module(f"{__name__}.{_HOMES[name]}"))[name]
    globals()[name] = found
    return found
