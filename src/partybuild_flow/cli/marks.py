"""Collected marks as the command line tells them."""

from __future__ import annotations

from collections.abc import Iterable

from partybuild_flow.cli.wording import plain, shown, word
from partybuild_flow.definition import Workflow
from partybuild_flow.engine import Marks
from partybuild_flow.explain import who
from partybuild_flow.messages import SEPARATORS, Language, sentence


def mark_lines(marks: Iterable[Marks], workflow: Workflow, language: Language) -> list[str]:
    """For each event how many marks of how many are given and who is missing; the result once there is one."""
    lines = []
    for each in marks:
        told: dict[str, object] = {"event": each.name, "count": each.given}
        if each.asked is None or each.missing is None:
            lines.append(word("marks", language, **told))
        else:
            names = [_name(workflow, each.event, name, language) for name in each.missing]
            missing = SEPARATORS[language].join(names) or sentence("word.nothing", language, {})
            lines.append(word("marks.of", language, **told, asked=len(each.asked), missing=missing))
        if each.sealed:
            lines.append(word("marks.sealed", language, event=each.name))
        elif each.complete:
            lines.append(word("marks.result", language, event=each.name, result=shown(each.result, language)))
    return lines


def _name(workflow: Workflow, event: str, asked: str, language: Language) -> str:
    """A person by id, a role by its name."""
    roles = any(
        each.event == event and each.collect and each.collect.each_role for each in workflow.transitions
    )
    return who(workflow, (asked,), language) if roles else plain(asked)
