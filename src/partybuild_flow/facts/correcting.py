"""Corrections of fields outside the events of a workflow: the names under which they are journalled."""

from __future__ import annotations

from typing import Final

from partybuild_flow.facts.forms import conversion_of
from partybuild_flow.facts.scalars import UnfitError
from partybuild_flow.feel import TEXT

CORRECT: Final = "correct"
"""The event of an entry that corrects fields; no transition of the file made it, so its number is 0."""
REASON: Final = "@reason"
"""Where such an entry's facts hold the reason."""


def reason_of(sent: object) -> str | None:
    """The reason that was given; None if it says nothing or is no text that can be kept."""
    try:
        reason = conversion_of(TEXT, "text")(sent)
    except UnfitError:
        return None
    return reason.strip() or None if isinstance(reason, str) else None
