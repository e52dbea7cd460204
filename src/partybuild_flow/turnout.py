"""How far the collecting of marks has come, in words: lines of a trace, and who is asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from partybuild_flow.case import Facts
from partybuild_flow.explain import HOLDS, UNKNOWN, Line, shown, who
from partybuild_flow.facts import MASK, Plan
from partybuild_flow.facts.collecting import Collecting, collected, round_in
from partybuild_flow.facts.quoting import expression_quotes
from partybuild_flow.feel import Value
from partybuild_flow.messages import SEPARATORS, Language, sentence

if TYPE_CHECKING:
    from partybuild_flow.definition import Workflow


def turnout_lines(
    plan: Plan, collecting: Collecting, data: Mapping[str, Value], facts: Facts, language: Language
) -> list[Line]:
    """How many marks of how many there are, who is missing, and, once it may be seen, what they come to."""
    workflow, round = plan.workflow, round_in(data, collecting.key)
    found = collected(collecting, round, facts.values)
    told: dict[str, object] = {"event": workflow.events[collecting.event], "count": found.given}
    code = "trace.collected"
    if found.asked is not None and found.missing is not None:
        code = "trace.collected-of"
        transition = next(
            each for each in workflow.transitions if each.event == collecting.event and each.collect
        )
        asked = transition.collect.asked if transition.collect else ()
        if any(expression_quotes(workflow, each, plan.personal) for each in asked):
            missing = MASK if found.missing else ""
        else:
            missing = SEPARATORS[language].join(asked_names(workflow, collecting, found.missing, language))
        told["asked"] = len(found.asked)
        told["missing"] = missing or sentence("word.nothing", language, {})
    sealed = collecting.sealed and not round.open
    # That sealed marks are certain before all are given would tell what they are.
    seen = found.complete and not (sealed and found.missing)
    lines = [Line(HOLDS if seen else UNKNOWN, 1, sentence(code, language, told))]
    if found.complete and not sealed and collecting.event not in plan.personal:
        told["result"] = shown(found.result, language)
        lines.append(Line(HOLDS, 1, sentence("trace.result", language, told)))
    return lines


def asked_names(
    workflow: Workflow, collecting: Collecting, asked: Iterable[str], language: Language
) -> list[str]:
    """Who is asked, as people read it: people by their ids, roles by their names."""
    return [who(workflow, (each,), language) if collecting.roles else each for each in asked]
