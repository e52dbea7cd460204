"""What is possible now, as data: for each event the form to fill in, or the reason why not."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from partybuild_flow.decide import Decision
from partybuild_flow.facts import Candidate, Plan

if TYPE_CHECKING:
    from partybuild_flow.definition import Bound, Field

ABOUT_DATA = frozenset({"refused.needs", "refused.value", "refused.extra"})
"""Reasons that filling in the form can take away."""


class Question(NamedTuple):
    """One field of a form: what to ask for and within which bounds.

    `item` is the type of a list's items where they have one, `columns` what each item of a list of
    records holds.
    """

    field: str
    name: str
    type: str
    required: bool
    values: tuple[str, ...] = ()
    decimals: int | None = None
    minimum: Bound | None = None
    maximum: Bound | None = None
    item: str | None = None
    columns: tuple[Question, ...] = ()


class Form(NamedTuple):
    """The questions of one event, in the order of the definition."""

    questions: tuple[Question, ...]


class Possible(NamedTuple):
    """One event of the case's state: its form if this actor may send it now, else the reasons why not."""

    event: str
    name: str
    form: Form | None
    reasons: tuple[str, ...]


def possible(plan: Plan, event: str, decision: Decision) -> Possible:
    """What a decision about an event without data says of it: what the data alone could still change is a form."""
    step = plan.steps[decision.case.state, event]
    open_ways = _open_ways(step.candidates, decision)
    name = plan.workflow.events[event]
    if not open_ways:
        return Possible(event, name, None, decision.reasons_in(plan.workflow.language))
    return Possible(event, name, form(plan, open_ways[0]), ())


def form(plan: Plan, candidate: Candidate) -> Form:
    """The questions of a transition."""
    fields = plan.workflow.fields
    return Form(
        tuple(
            _question(fields[need.field], required=not need.optional) for need in candidate.transition.needs
        )
    )


def _open_ways(candidates: tuple[Candidate, ...], decision: Decision) -> list[Candidate]:
    against = {reason.transition: reason.code for reason in decision.reasons}
    taken = decision.transition.number if decision.transition else 0
    return [
        each
        for each in candidates
        if each.transition.number == taken
        or against.get(each.transition.number) in ABOUT_DATA
        or (against.get(each.transition.number) == "refused.guard" and _asks_what_it_reads(each))
    ]


def _asks_what_it_reads(candidate: Candidate) -> bool:
    when = candidate.transition.when
    return when is not None and not candidate.accepts.isdisjoint(when.reads)


def _question(field: Field, *, required: bool) -> Question:
    return Question(
        field.id,
        field.name,
        field.kind,
        required,
        field.type.values,
        field.decimals,
        field.minimum,
        field.maximum,
        field.item,
        tuple(_question(column, required=False) for column in field.columns),
    )
