"""What an event reads: the plan of it, the conversion of what is sent, the gathering, the masking."""

from partybuild_flow.facts.gather import Look, World, add_moments, gather
from partybuild_flow.facts.masking import (
    MASK,
    hidden_names,
    hidden_texts,
    is_hidden_from,
    masked,
    may_read,
    nameless,
    repeats,
    without_people,
)
from partybuild_flow.facts.plan import Plan, plan
from partybuild_flow.facts.reads import expressions_of, rules_read
from partybuild_flow.facts.scalars import HOME, Convert, UnfitError, home_date, instant
from partybuild_flow.facts.steps import Candidate, Demand, Step
from partybuild_flow.facts.timing import Due, Timing, is_paused, is_unmoved, next_warning, run_timed

__all__ = [
    "HOME",
    "MASK",
    "Candidate",
    "Convert",
    "Demand",
    "Due",
    "Look",
    "Plan",
    "Step",
    "Timing",
    "UnfitError",
    "World",
    "add_moments",
    "expressions_of",
    "gather",
    "hidden_names",
    "hidden_texts",
    "home_date",
    "instant",
    "is_hidden_from",
    "is_paused",
    "is_unmoved",
    "masked",
    "may_read",
    "nameless",
    "next_warning",
    "plan",
    "repeats",
    "rules_read",
    "run_timed",
    "without_people",
]
