"""What an edit of a definition does to cases: before anybody is affected, counted and case by case."""

from partybuild_flow.analysis.populations.comparison import decision_sql, impact
from partybuild_flow.analysis.populations.report import Change, Effect, Impact

__all__ = ["Change", "Effect", "Impact", "decision_sql", "impact"]
