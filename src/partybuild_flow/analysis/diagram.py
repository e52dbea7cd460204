"""A workflow as a picture: text of a Mermaid state diagram, which browsers and wikis draw.

No text of a definition becomes syntax: states are called s0, s1 … and every character of a name
that could mean something to Mermaid, Markdown or HTML is written as an entity.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

from partybuild_flow.case import ANYONE, UNATTENDED
from partybuild_flow.definition import By, Deadline, SendEffect, StartEffect, Transition, Workflow
from partybuild_flow.messages import Language
from partybuild_flow.reader.keywords import spelled

LONGEST_GUARD: Final = 40
LONGEST_NAME: Final = 80
_INDENT: Final = "    "
_BORDER: Final = "[*]"
_PLAIN: Final = frozenset(" (),+/=“”‘’（）【】《》、，。：；？！—…·→≥≤≠")


def mermaid(workflow: Workflow, *, language: Language | None = None) -> str:
    """The workflow as a Mermaid `stateDiagram-v2`, in file order, its words in `language`.

    Transitions carry the event, who may send it, the guard (shortened) and the outcome of `decide`
    that leads there. Notes at states tell which deadlines run in them, which marks are collected there,
    and which events send something to other cases. Pure.
    """
    return "\n".join(_Diagram(workflow, language or workflow.language).lines()) + "\n"


class _Diagram:
    def __init__(self, workflow: Workflow, language: Language) -> None:
        self._workflow = workflow
        self._language = language
        self._codes = {state: f"s{index}" for index, state in enumerate(workflow.states)}

    def lines(self) -> Iterator[str]:
        states = self._workflow.states
        yield "stateDiagram-v2"
        for state in states.values():
            if state.parent is None:
                yield from self._state(state.id, _INDENT)
        for transition in self._workflow.transitions:
            yield from self._transition(transition)
        for state in states.values():
            if state.final:
                for leaf in self._workflow.leaves(state.id):
                    yield f"{_INDENT}{self._codes[leaf]} --> {_BORDER}"
        for deadline in self._workflow.deadlines.values():
            yield from self._notes(deadline.states, self._note(deadline))
        for transition in self._workflow.transitions:
            told = [*self._collected(transition), *(self._sent(effect) for effect in transition.sends)]
            places = transition.sources or tuple(dict.fromkeys(transition.targets.values()))
            if told:
                name = _shortened(transition.event_name, LONGEST_NAME)
                yield from self._notes(places, f"{name}: {', '.join(dict.fromkeys(told))}")

    def _notes(self, states: Iterable[str], note: str) -> Iterator[str]:
        for state in states:
            yield f"{_INDENT}note right of {self._codes[state]} : {escaped(note)}"

    def _state(self, state: str, indent: str) -> Iterator[str]:
        described = self._workflow.states[state]
        line = f'{indent}state "{escaped(_shortened(described.name, LONGEST_NAME))}" as {self._codes[state]}'
        if not described.children:
            yield line
            return
        yield line + " {"
        for child in described.children:
            yield from self._state(child, indent + _INDENT)
        yield indent + "}"

    def _transition(self, transition: Transition) -> Iterator[str]:
        sources = [_BORDER] if transition.starts else [self._codes[source] for source in transition.sources]
        for source in sources:
            for target, outcomes in self._ways(transition).items():
                label = escaped(self._label(transition, outcomes))
                yield f"{_INDENT}{source} --> {self._codes[target] if target else source} : {label}"

    def _ways(self, transition: Transition) -> dict[str, list[str]]:
        """The outcomes that lead to each target; no target is the state itself."""
        ways: dict[str, list[str]] = {}
        for outcome, target in transition.targets.items():
            ways.setdefault(target, []).append(outcome)
        return ways or {"": []}

    def _label(self, transition: Transition, outcomes: Iterable[str]) -> str:
        name = _shortened(transition.event_name, LONGEST_NAME)
        parts = [f"{name} ({', '.join(self._who(by) for by in transition.by)})"]
        if transition.when is not None:
            parts.append(f"[{_shortened(transition.when.text, LONGEST_GUARD)}]")
        told = [_shortened(outcome, LONGEST_NAME) for outcome in outcomes if outcome]
        if told:
            parts.append(f"= {', '.join(told)}")
        return " ".join(parts)

    def _who(self, by: By) -> str:
        if by.role == ANYONE or by.role in UNATTENDED:
            return spelled(by.role, self._language)
        role = _shortened(self._workflow.roles[by.role].name, LONGEST_NAME)
        if by.field is None:
            return role
        unit = _shortened(self._workflow.fields[by.field].name, LONGEST_NAME)
        return f"{role} {spelled('at', self._language)} {unit}"

    def _note(self, deadline: Deadline) -> str:
        note = f"{_shortened(deadline.name, LONGEST_NAME)}: {_shortened(deadline.due.text, LONGEST_GUARD)}"
        if deadline.fires is None:
            return note
        return f"{note} → {_shortened(self._workflow.events[deadline.fires], LONGEST_NAME)}"

    def _collected(self, transition: Transition) -> list[str]:
        """How the marks of a transition are collected."""
        collect = transition.collect
        if collect is None:
            return []
        told = [spelled("collect", self._language), spelled(collect.way, self._language)]
        return [" ".join([*told, *([spelled("sealed", self._language)] if collect.sealed else [])])]

    def _sent(self, effect: StartEffect | SendEffect) -> str:
        """What begins, or what is sent to whom; another workflow and its events by their ids, as they are kept."""
        if isinstance(effect, StartEffect):
            return f"{spelled('start', self._language)} {_shortened(effect.workflow, LONGEST_NAME)}"
        workflow = self._workflow
        target = (
            workflow.relations[effect.relation] if effect.relation else workflow.fields[effect.field or ""]
        )
        event, name = (_shortened(each, LONGEST_NAME) for each in (effect.event, target.name))
        return f"{spelled('send', self._language)} {event} → {name}"


def escaped(text: str) -> str:
    """A text as one line of a label that shows nothing but this text.

    Letters, digits and harmless punctuation stay, so that the source can be read; other visible
    characters become numeric entities; invisible ones, such as those that turn the writing
    direction, are left out.
    """
    words = " ".join(text.split())
    return "".join(_written(words, index) for index in range(len(words))) or "—"


def _written(text: str, index: int) -> str:
    character = text[index]
    if character in _PLAIN and not _begins_list(text, index):
        return character
    if _is_letter(character) or (character == "." and _inside_word(text, index)):
        return character
    # Control, format, surrogate, private and unassigned characters have no picture.
    return "" if unicodedata.category(character).startswith("C") else f"#{ord(character)};"


def _is_letter(character: str) -> bool:
    """Whether this is a letter, mark or digit; not the ligature with which Mermaid marks its own entities."""
    return character != "ﬂ" and unicodedata.category(character)[0] in "LMN"


def _begins_list(text: str, index: int) -> bool:
    """Whether Markdown would take what stands here for the beginning of a list."""
    return text.startswith("+") if index == 0 else text[index] == ")" and text[:index].isdigit()


def _inside_word(text: str, index: int) -> bool:
    """Whether a point stands between letters or digits; elsewhere it may begin a list or an address."""
    before, after = text[:index], text[index + 1 : index + 2]
    return before[-1:].isalnum() and after.isalnum() and not before.casefold().endswith("www")


def _shortened(text: str, length: int) -> str:
    words = " ".join(text.split())
    return words if len(words) <= length else words[: length - 1] + "…"
