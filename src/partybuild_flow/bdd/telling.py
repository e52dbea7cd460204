"""Values, effects and rules as people read them in a report."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from partybuild_flow.case import Effect, Entry, Fired
from partybuild_flow.explain import shown
from partybuild_flow.facts import HOME
from partybuild_flow.feel import Value
from partybuild_flow.messages import SEPARATORS, Language, sentence

if TYPE_CHECKING:
    from partybuild_flow.definition import Workflow

TOLD: Final = frozenset(("notify", "warn"))
"""The kinds of effects that tell somebody something."""


def near_path(path: str | Path) -> str:
    """A path as people type it where they stand: below the present folder it is relative."""
    found, here = Path(path), Path.cwd()
    return str(found.relative_to(here) if here in found.parents else found)


def seen_value(value: Value, language: Language) -> str:
    """A value as a step would write it; an instant in Asia/Shanghai."""
    if value is None:
        return sentence("feature.nothing", language, {})
    if isinstance(value, bool):
        return sentence("command.yes" if value else "command.no", language, {})
    if isinstance(value, datetime):
        here = value.astimezone(HOME)
        return f"{here:%Y-%m-%d %H:%M:%S}" if here.second else f"{here:%Y-%m-%d %H:%M}"
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return SEPARATORS[language].join(seen_value(each, language) for each in value)
    return shown(value, language)


def seen_due(due: datetime | None, language: Language) -> str:
    """A due instant; midnight is the end of a day, 24:00."""
    if due is None:
        return seen_value(None, language)
    here = due.astimezone(HOME)
    if here.time() == time():
        return f"{here - timedelta(days=1):%Y-%m-%d} 24:00"
    return seen_value(due, language)


def told_effect(effect: Effect, language: Language) -> str:
    """An effect on one line: for whom, and its text."""
    return f"{effect.to or seen_value(None, language)}: {effect.text}"


def recipients(workflow: Workflow, entry: Entry, effect: Effect) -> frozenset[str]:
    """The ways to write who an effect is for: the person or unit, a role, the field that holds whom it is for."""
    ways = {effect.to}
    if role := workflow.roles.get(effect.to):
        ways |= {role.name}
    for field in workflow.fields.values():
        if field.id == effect.to or entry.case.data.get(field.id) == effect.to:
            ways |= {field.id, field.name}
    return frozenset(ways)


def rule_names(workflow: Workflow, fired: Fired) -> tuple[str, ...]:
    """The ways to write a rule that fired: its id and its name; none for a row of a table."""
    rule_set = workflow.rule_sets.get(fired.rules)
    return tuple(
        name
        for rule in (rule_set.rules if rule_set else ())
        if rule.id == fired.rule
        for name in (rule.id, rule.name)
    )


def fired_names(workflow: Workflow, fired: Iterable[Fired], language: Language) -> tuple[str, ...]:
    """What fired, as people read it: rules by their name, rows by their table and number."""
    told = []
    for each in fired:
        names = rule_names(workflow, each)
        table = workflow.tables.get(each.rules)
        if names:
            told.append(names[-1])
        elif table:
            told.append(sentence("feature.row-of", language, {"table": table.name, "row": each.rule}))
    return tuple(dict.fromkeys(told))
