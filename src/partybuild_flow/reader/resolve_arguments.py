"""What fragments were given for their holes: whether there is such a state, field, role, event or relation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from partybuild_flow.case import ANYONE, CASES, CLOCK
from partybuild_flow.messages import Phrase
from partybuild_flow.reader.findings import Findings
from partybuild_flow.reader.including import Argument
from partybuild_flow.reader.keywords import CHINESE
from partybuild_flow.reader.names import Names
from partybuild_flow.reader.resolve_states import States

_EVERYBODY: Final = frozenset(word for each in (ANYONE, CLOCK, CASES) for word in (each, CHINESE[each]))
_PARTS: Final = {
    "state": "part-state",
    "field": "part-field",
    "role": "part-role",
    "event": "part-event",
    "cases": "part-relation",
}


def check_arguments(
    arguments: Iterable[Argument],
    facts: Names,
    roles: Names,
    states: States,
    events: Names,
    findings: Findings,
) -> None:
    """Tells each word that names no part of the kind that is asked for; nobody is told of it again."""
    names = {"state": states.names, "field": facts, "role": roles, "event": events, "cases": facts}
    for each in arguments:
        if each.kind not in names or (each.kind == "role" and each.word.text in _EVERYBODY):
            continue
        text = each.word.text.rstrip("?？").rstrip() if each.kind == "field" else each.word.text
        kinds = {"field": ("part-field",), "cases": ("part-relation", "part-field")}.get(each.kind, ())
        word, kind = replace(each.word, text=text), Phrase(_PARTS[each.kind])
        found = names[each.kind].find(
            word, "PF154", *kinds, fragment=each.fragment, hole=each.hole, kind=kind
        )
        if found is None:
            findings.leave_out(text)
