"""How explanations call things, and how they write values: names as people read them, verdicts as marks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from partybuild_flow.case import ANYONE, UNATTENDED
from partybuild_flow.facts import Plan
from partybuild_flow.facts.correcting import CORRECT
from partybuild_flow.facts.due_plan import ERASE, RECOMPUTE, WARN
from partybuild_flow.feel import Term, Value, term_text, text_of
from partybuild_flow.feel.rendering import with_names
from partybuild_flow.messages import SEPARATORS, Language, sentence

if TYPE_CHECKING:
    from partybuild_flow.definition import Transition, Workflow

LONGEST_LIST: Final = 5
"""How many items of a list are told."""
HOLDS: Final = "✔"
FAILS: Final = "✘"
UNKNOWN: Final = "？"
_AMBIENT: Final = {"actor": "办理人", "now": "现在", "today": "今天", "lot": "签号"}
"""What every expression may read, as Chinese definitions call it."""


def event_name(workflow: Workflow, event: str, language: Language) -> str:
    """An event as people read it; a correction and what the clock does by itself are none of the workflow's own."""
    known = workflow.events.get(event)
    return known or (
        sentence(f"word.{event}", language, {}) if event in (CORRECT, ERASE, WARN, RECOMPUTE) else event
    )


def state_name(workflow: Workflow, state: str, language: Language) -> str:
    """A state as people read it; a case that has not begun has a name of its own."""
    return workflow.states[state].name if state else sentence("word.not-begun", language, {})


def who(workflow: Workflow, keys: object, language: Language) -> str:
    """The demands of `by` as people read them."""
    names = []
    for key in sorted(keys) if isinstance(keys, Iterable) else ():
        role, _, field = str(key).partition("@")
        if role == ANYONE or role in UNATTENDED:
            names.append(sentence(f"word.{role}", language, {}))
        elif field:
            at = {"role": workflow.roles[role].name, "field": workflow.fields[field].name}
            names.append(sentence("word.role-at", language, at))
        else:
            names.append(workflow.roles[role].name)
    return SEPARATORS[language].join(names)


def way_of(workflow: Workflow, transition: Transition, language: Language) -> str:
    """From which states a transition leads to which."""
    sources = [workflow.states[each].name for each in transition.sources] or [
        sentence("word.not-begun", language, {})
    ]
    targets = [workflow.states[each].name for each in dict.fromkeys(transition.targets.values())]
    return "/".join(sources) + (" → " + "/".join(targets) if targets else "")


def mark_of(value: Value) -> str:
    """The verdict on a condition: it holds, it does not, or a value is missing."""
    return HOLDS if value is True else UNKNOWN if value is None else FAILS if value is False else HOLDS


def told_value(plan: Plan, read: tuple[str, ...], value: Value, language: Language) -> str:
    """What was read, as people read it: the fields of records by their names."""
    field = plan.workflow.fields.get(read[0]) if len(read) == 1 else None
    return shown(with_names(value, field.type) if field else value, language)


def shown(value: Value, language: Language) -> str:
    """A value as people read it: terms in the words of the language, everything else as FEEL writes it."""
    if isinstance(value, Term):
        return term_text(value, language)
    if isinstance(value, list) and len(value) > LONGEST_LIST:
        return f"{text_of(value[:LONGEST_LIST])[:-1]}, …] ({len(value)})"
    if not isinstance(value, timedelta):
        return text_of(value)
    minutes = value.total_seconds() / 60
    unit, amount = ("word.minutes", minutes) if minutes % 60 else ("word.hours", minutes / 60)
    return sentence(unit, language, {"amount": f"{amount:g}"})


def read_name(workflow: Workflow, read: tuple[str, ...]) -> str:
    """The written name of what a traced expression read: a fact, or one output of a table or rule set."""
    identity, *entry = read
    part = workflow.tables.get(identity) or workflow.rule_sets.get(identity)
    names = {output.id: output.name for output in part.outputs} if part else {}
    relation = workflow.relations.get(identity)
    if relation is not None and relation.type.item is not None:
        names = {entry: name for name, entry in relation.type.item.spellings.items()}
    return ".".join([name_of(workflow, identity), *(names.get(each, each) for each in entry)])


def name_of(workflow: Workflow, identity: str) -> str:
    """The written name of a field, parameter, deadline, look-up, table, rule set or derived fact; else the id."""
    for parts in (
        workflow.fields,
        workflow.parameters,
        workflow.deadlines,
        workflow.look_ups,
        workflow.relations,
        workflow.tables,
        workflow.rule_sets,
    ):
        if identity in parts:
            return str(parts[identity].name)
    derived = {
        output.id: output.name for rule_set in workflow.rule_sets.values() for output in rule_set.outputs
    }
    told = derived.get(identity, identity)
    return _AMBIENT.get(told, told) if workflow.language == "zh-CN" else told
