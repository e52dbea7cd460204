"""One event that was accepted and one that was refused, explained."""

from __future__ import annotations

from partybuild_flow.cli.printing import put
from partybuild_flow.cli.records import decision_record
from partybuild_flow.cli.wording import word
from partybuild_flow.decide import Decision
from partybuild_flow.messages import Language


def put_told(acceptance: Decision | None, refusal: Decision | None, own: Language, spoken: Language) -> None:
    """Print both with their explanation, where there are any."""
    for code, decision in (("demo.acceptance", acceptance), ("demo.refusal", refusal)):
        if decision is not None:
            put("\n" + word(code, own))
            put("\n".join(f"  {line}" for line in decision.explain(spoken).split("\n")))


def told_record(decision: Decision | None, language: Language) -> dict[str, object] | None:
    """A decision as JSON, if there is one."""
    return None if decision is None else decision_record(decision, language)
