"""What an event reads: the plan of it, the conversion of what is sent, the gathering, the masking."""

from partybuild_flow.facts.forms import HOME, UnfitError, home_date, instant
from partybuild_flow.facts.gather import Look, World, gather
from partybuild_flow.facts.masking import MASK, masked, may_read
from partybuild_flow.facts.plan import (
    Candidate,
    Conclude,
    Demand,
    Due,
    Plan,
    Step,
    expressions_of,
    plan,
    rules_read,
)

__all__ = [
    "HOME",
    "MASK",
    "Candidate",
    "Conclude",
    "Demand",
    "Due",
    "Look",
    "Plan",
    "Step",
    "UnfitError",
    "World",
    "expressions_of",
    "gather",
    "home_date",
    "instant",
    "masked",
    "may_read",
    "plan",
    "rules_read",
]
