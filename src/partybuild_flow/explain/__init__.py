"""Why a decision came out as it did: computed when somebody reads it, from the recorded facts.

Stands below decide.py, because a decision offers its sentence, its trace and its explanation as its own.
"""

from partybuild_flow.explain.naming import (
    FAILS,
    HOLDS,
    UNKNOWN,
    event_name,
    name_of,
    read_name,
    shown,
    state_name,
    told_value,
    who,
)
from partybuild_flow.explain.sentences import (
    possible_names,
    reason_sentence,
    refusal_sentence,
    unfit_sentence,
)
from partybuild_flow.explain.tracing import Line, trace_candidate

__all__ = [
    "FAILS",
    "HOLDS",
    "UNKNOWN",
    "Line",
    "event_name",
    "name_of",
    "possible_names",
    "read_name",
    "reason_sentence",
    "refusal_sentence",
    "shown",
    "state_name",
    "told_value",
    "trace_candidate",
    "unfit_sentence",
    "who",
]
