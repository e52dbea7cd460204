"""Outlines of the workflows that a definition refers to: their fields, states and events, and nothing of their rules.

They are read when they are first asked for, from sibling folders or from texts in hand.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from itertools import chain
from pathlib import Path
from typing import Final, NamedTuple, TypeVar

from partybuild_flow.case import CASES
from partybuild_flow.definition import Field, Workflow
from partybuild_flow.feel import Type
from partybuild_flow.reader.findings import Findings
from partybuild_flow.reader.including import ENDING, SHARED, including, shared_files
from partybuild_flow.reader.keywords import CHINESE, told_language
from partybuild_flow.reader.resolve_fields import read_field
from partybuild_flow.reader.resolve_states import States, events_of
from partybuild_flow.reader.text import Source, read_tree
from partybuild_flow.reader.walk import Walk
from partybuild_flow.reader.written import WrittenTransition, WrittenWorkflow

WORKFLOW_FILE: Final = "workflow.yaml"
_TITLE: Final = re.compile(r"^(workflow|流程|id|代号)[ \t]*:[ \t]+(.+?)[ \t]*(?:#.*)?$", re.MULTILINE)


class OutlineField(NamedTuple):
    """A field as other workflows see it."""

    id: str
    name: str
    type: Type
    personal: str | None
    """`personal`, `sensitive`, `public` where it is written that it is not, or nothing."""


class OutlineEvent(NamedTuple):
    """An event as other workflows see it: whether it begins a case, whether cases may send it, what it brings."""

    id: str
    name: str
    starts: bool
    by_cases: bool
    needs: frozenset[str]
    accepts: frozenset[str]


N = TypeVar("N", OutlineField, OutlineEvent)


class Outline(NamedTuple):
    """A workflow as others see it. Mappings are by id; `leaves` by id and by name of each state."""

    id: str
    name: str
    fields: Mapping[str, OutlineField]
    states: Mapping[str, str]
    leaves: Mapping[str, tuple[str, ...]]
    events: Mapping[str, OutlineEvent]
    hidden: bool = False
    """Whether its cases are hidden from some readers as a whole."""

    def field(self, spelling: str) -> OutlineField | None:
        """The field of this id or name."""
        return _named(self.fields, spelling)

    def event(self, spelling: str) -> OutlineEvent | None:
        """The event of this id or name."""
        return _named(self.events, spelling)


class Outlines:
    """The workflows that may be referred to, by id and by name; of two of one name the first one counts.

    `beside` are folders of definitions; those in the folders around them are known, their own among them.
    """

    def __init__(self, beside: Iterable[Path] = ()) -> None:
        self._beside = list(beside)
        self._sources: list[tuple[frozenset[str], Callable[[], Outline | None]]] = []
        self._versions: list[Callable[[], Iterable[Mapping[str, str]]]] = []
        self._found: dict[str, Outline | None] = {}

    def add(self, workflow: Workflow) -> None:
        """Make a definition known."""
        self._sources.append((frozenset((workflow.id, workflow.name)), lambda: outline_of(workflow)))

    def add_versions(self, texts: Callable[[], Iterable[Mapping[str, str]]]) -> None:
        """Make definitions known by their texts; versions of one workflow are taken together, the first one counts."""
        self._versions.append(texts)

    def find(self, name: str) -> Outline | None:
        """The workflow of this id or name; None if there is none, or too much is wrong with it."""
        if name not in self._found:
            self._prepare()
            made = (make() for names, make in self._sources if name in names)
            self._found[name] = next((outline for outline in made if outline is not None), None)
        return self._found[name]

    @property
    def names(self) -> tuple[str, ...]:
        """The ids and names of all of them."""
        self._prepare()
        return tuple(dict.fromkeys(name for names, _ in self._sources for name in sorted(names)))

    def _prepare(self) -> None:
        for folder in _siblings(self._beside):
            texts = _texts_in(folder)
            if texts is not None:
                self._sources.append((_titles(texts[WORKFLOW_FILE]), _reading(texts)))
        by_titles: dict[frozenset[str], list[Mapping[str, str]]] = {}
        for kept in (each for versions in self._versions for each in versions()):
            by_titles.setdefault(_titles(kept.get(WORKFLOW_FILE, "")), []).append(kept)
        self._sources += [(titles, _merging(found)) for titles, found in by_titles.items()]
        self._beside, self._versions = [], []


def _siblings(folders: Iterable[Path]) -> list[Path]:
    around = dict.fromkeys(folder.resolve().parent for folder in folders)
    return [path.parent for parent in around for path in sorted(parent.glob(f"*/{WORKFLOW_FILE}"))]


def outline_of(workflow: Workflow) -> Outline:
    """The outline of a definition."""
    events: dict[str, list[OutlineEvent]] = {}
    for each in workflow.transitions:
        needs = frozenset(need.field for need in each.needs if not need.optional)
        accepts = frozenset(need.field for need in each.needs)
        by_cases = any(by.role == CASES for by in each.by)
        event = OutlineEvent(each.event, each.event_name, each.starts, by_cases, needs, accepts)
        events.setdefault(each.event, []).append(event)
    return Outline(
        workflow.id,
        workflow.name,
        {id_: _seen(field) for id_, field in workflow.fields.items()},
        {id_: state.name for id_, state in workflow.states.items()},
        {
            name: workflow.leaves(each.id)
            for each in workflow.states.values()
            for name in (each.name, each.id)
        },
        {id_: _joined(each) for id_, each in events.items()},
        bool(workflow.hidden_from),
    )


def outline_written(written: WrittenWorkflow) -> Outline:
    """The outline of a definition in its written form; what has problems is left out of it."""
    nobody = Findings()
    spellings: dict[str, str] = {}
    fields: dict[str, OutlineField] = {}
    for part in written.fields_:
        id_ = (part.id or part.name).text
        spellings |= {part.name.text: id_, id_: id_}
        fields[id_] = _seen(read_field(part, id_, nobody))
    states = States(written.states, nobody)
    made = states.made()
    names = events_of(written.transitions, nobody)
    events: dict[str, list[OutlineEvent]] = {}
    for each in written.transitions:
        id_ = names.id_of(each.on.text) or each.on.text
        events.setdefault(id_, []).append(_event(each, id_, spellings))

    def leaves(state: str) -> tuple[str, ...]:
        inner = states.children(state)
        return tuple(chain.from_iterable(map(leaves, inner))) if inner else (state,)

    return Outline(
        (written.id or written.workflow).text,
        written.workflow.text,
        fields,
        {id_: state.name for id_, state in made.items()},
        {name: leaves(each.id) for each in made.values() for name in (each.name, each.id)},
        {id_: _joined(each) for id_, each in events.items()},
        bool(written.hidden_from),
    )


def _event(written: WrittenTransition, id_: str, spellings: Mapping[str, str]) -> OutlineEvent:
    words = [word.text for word in written.needs]
    required = [word for word in words if not word.endswith(("?", "？"))]
    all_ = [word.rstrip("?？").rstrip() for word in words]
    return OutlineEvent(
        id_,
        written.on.text,
        written.from_ is None,
        any(by.role.text in (CASES, CHINESE[CASES]) for by in written.by or ()),
        frozenset(spellings.get(word, word) for word in required),
        frozenset(spellings.get(word, word) for word in all_),
    )


def _joined(ways: list[OutlineEvent]) -> OutlineEvent:
    """One event of its transitions, or of several versions: what all need, what some accept."""
    return OutlineEvent(
        ways[0].id,
        ways[0].name,
        any(way.starts for way in ways),
        any(way.by_cases for way in ways),
        frozenset.intersection(*(way.needs for way in ways)),
        frozenset.union(*(way.accepts for way in ways)),
    )


def _seen(field: Field) -> OutlineField:
    personal = field.personal or ("public" if field.public else None)
    return OutlineField(field.id, field.name, field.type, personal)


def _named(parts: Mapping[str, N], spelling: str) -> N | None:
    return parts.get(spelling) or next((each for each in parts.values() if each.name == spelling), None)


def _texts_in(folder: Path) -> Mapping[str, str] | None:
    """The `workflow.yaml` of a folder and the fragments that it may include."""
    try:
        texts = {WORKFLOW_FILE: (folder / WORKFLOW_FILE).read_text(encoding="utf-8-sig")}
        own = {path.name: path for path in folder.glob(f"*{ENDING}")}
        shared = {f"{SHARED}/{path.name}": path for path in shared_files(folder, texts[WORKFLOW_FILE])}
        return texts | {name: path.read_text(encoding="utf-8-sig") for name, path in (own | shared).items()}
    except (OSError, UnicodeDecodeError):
        return None


def _titles(text: str) -> frozenset[str]:
    """The name and the id that stand at the top of a file."""
    found: dict[str, str] = {}
    for key, value in _TITLE.findall(text):
        found.setdefault({"流程": "workflow", "代号": "id"}.get(key, key), value.strip("'\""))
    return frozenset(found.values()) if "workflow" in found else frozenset()


def _reading(texts: Mapping[str, str]) -> Callable[[], Outline | None]:
    return lambda: _read(texts)


def _merging(versions: list[Mapping[str, str]]) -> Callable[[], Outline | None]:
    return lambda: _merged([outline for texts in versions if (outline := _read(texts)) is not None])


def _read(texts: Mapping[str, str]) -> Outline | None:
    """The outline of a `workflow.yaml` and what it includes; None if it cannot be read at all."""
    plain = {path: text.replace("\r\n", "\n").replace("\r", "\n") for path, text in texts.items()}
    text = plain.get(WORKFLOW_FILE, "")
    tree, _ = read_tree(Source(WORKFLOW_FILE, text, told_language(text) or "en"))
    whole = including(tree, plain, "", Findings()).tree if tree is not None else None
    written = Walk(Findings()).part(WrittenWorkflow, whole) if whole is not None else None
    return outline_written(written) if written is not None else None


def _merged(outlines: list[Outline]) -> Outline | None:
    """Several versions as one: a running case may still speak of what a newer version no longer has."""
    if not outlines:
        return None
    fields: dict[str, OutlineField] = {}
    states: dict[str, str] = {}
    leaves: dict[str, tuple[str, ...]] = {}
    events: dict[str, list[OutlineEvent]] = {}
    for outline in reversed(outlines):
        fields |= outline.fields
        states |= outline.states
        leaves |= outline.leaves
    for outline in outlines:
        for id_, event in outline.events.items():
            events.setdefault(id_, []).append(event)
    joined = {id_: _joined(versions) for id_, versions in events.items()}
    hidden = any(each.hidden for each in outlines)
    return Outline(outlines[0].id, outlines[0].name, fields, states, leaves, joined, hidden)
