"""The map file of a log: how its activities become events of a workflow, its attributes data.

Read with positions like a definition, against the workflow that it speaks of, so that every name
is known before the first event is sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, ClassVar, Final

from partybuild_flow.analysis.mapped import fits, named, spellings
from partybuild_flow.case import Actor
from partybuild_flow.definition import Field, Workflow
from partybuild_flow.errors import WorkflowInvalid
from partybuild_flow.feel import Value
from partybuild_flow.messages import Language, Phrase
from partybuild_flow.problems import in_file_order
from partybuild_flow.reader.files import read_file
from partybuild_flow.reader.findings import Findings, hint_at
from partybuild_flow.reader.keywords import spelled
from partybuild_flow.reader.text import AnyNode, Scalar, Sequence
from partybuild_flow.reader.text import Mapping as MappingNode
from partybuild_flow.reader.walk import Walk
from partybuild_flow.reader.written import PART_WORDS
from partybuild_flow.reader.written_form import Pairs, Place, Word, Written

NAME: Final = "concept:name"
TIME: Final = "time:timestamp"
RESOURCE: Final = "org:resource"


@dataclass(frozen=True, slots=True)
class MappedEvent:
    """The event that an activity stands for, and data that comes with it each time, by field id."""

    event: str
    data: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a field's value comes from: an attribute of the event, or of the case; `values` translates it.

    A value that is not translated stays as it is.
    """

    attribute: str
    of_case: bool
    values: Mapping[str, str]

    def value(self, of_case: Mapping[str, Value], of_event: Mapping[str, Value]) -> Value:
        """The value for a field; None if the log has none."""
        found = (of_case if self.of_case else of_event).get(self.attribute)
        return self.values.get(found, found) if isinstance(found, str) else found


@dataclass(frozen=True, slots=True)
class LogMap:
    """How a log speaks of a workflow. Attributes by key, events, fields and roles by id.

    `roles` holds what single actors act as, `others` what everybody else does; all roles are held
    at `unit`.
    """

    log: str
    language: Language
    case: str
    activity: str
    time: str
    actor: str
    unit: str
    roles: Mapping[str, tuple[str, ...]]
    others: tuple[str, ...]
    events: Mapping[str, MappedEvent]
    data: Mapping[str, Origin]

    def actor_of(self, attributes: Mapping[str, Value]) -> Actor:
        """Who did an event; the log itself where it does not say."""
        found = attributes.get(self.actor)
        name = found if isinstance(found, str) else self.log
        return Actor(name, tuple((role, self.unit) for role in self.roles.get(name, self.others)))


def read_log_map(path: Path, workflow: Workflow) -> LogMap:
    """The map in a file, for the events, fields and roles of a workflow.

    Raises:
        WorkflowInvalid: with every problem of the file: those of any written file, and PF520 to PF526.
    """
    findings = Findings()
    found = _Reading(findings, workflow).read(path)
    if findings.problems or found is None:
        raise WorkflowInvalid(in_file_order(findings.problems))
    return found


class WrittenLogMap(Written):
    """The file `log.yaml`."""

    log: Word
    case: Word | None = None
    activity: Word | None = None
    time: Word | None = None
    actor: Word | None = None
    unit: Word | None = None
    roles: Annotated[AnyNode | None, Place("node")] = None
    events: Pairs
    data: Pairs = ()


class WrittenEvent(Written):
    """An entry of `events`."""

    short: ClassVar[str | None] = "event"

    event: Word
    data: Pairs = ()


class WrittenOrigin(Written):
    """An entry of `data`."""

    short: ClassVar[str | None] = "attribute"

    attribute: Word | None = None
    case: Word | None = None
    values: Pairs = ()


PART_WORDS.update(
    {
        WrittenLogMap: Phrase("part-log-map"),
        WrittenEvent: Phrase("part-logged-event"),
        WrittenOrigin: Phrase("part-origin"),
    }
)


class _Reading:
    """One map on its way from the written form."""

    def __init__(self, findings: Findings, workflow: Workflow) -> None:
        self._findings = findings
        self._walk = Walk(findings)
        self._workflow = workflow
        self._events = spellings((event, name) for event, name in workflow.events.items())
        self._fields = named(workflow.fields)
        self._roles = named(workflow.roles)
        self._brought = {need.field for transition in workflow.transitions for need in transition.needs}

    def read(self, path: Path) -> LogMap | None:
        node = read_file(path, self._findings)
        written = self._walk.part(WrittenLogMap, node) if node else None
        if node is None or written is None:
            return None
        roles, others = self._roles_in(written.roles)
        return LogMap(
            log=written.log.text,
            language=node.source.language,
            case=_text(written.case, NAME),
            activity=_text(written.activity, NAME),
            time=_text(written.time, TIME),
            actor=_text(written.actor, RESOURCE),
            unit=_text(written.unit, ""),
            roles=roles,
            others=others,
            events=self._events_in(written),
            data=self._data_in(written),
        )

    def _events_in(self, written: WrittenLogMap) -> dict[str, MappedEvent]:
        found: dict[str, MappedEvent] = {}
        for activity, node in written.events:
            entry = self._walk.part(WrittenEvent, node)
            event = (
                self._found(entry.event, self._events, "PF520", self._workflow.events.values())
                if entry
                else None
            )
            if activity is None or entry is None or event is None:
                continue
            data: dict[str, str] = {}
            for name, value in entry.data:
                field = self._field(name)
                if field and isinstance(value, Scalar) and fits(field, value, self._findings):
                    data[field.id] = value.text
            found[activity.text] = MappedEvent(event, data)
        return found

    def _data_in(self, written: WrittenLogMap) -> dict[str, Origin]:
        found: dict[str, Origin] = {}
        for name, node in written.data:
            field = self._field(name)
            entry = self._walk.part(WrittenOrigin, node)
            if field is None or entry is None or name is None:
                continue
            attribute = entry.attribute or entry.case
            if attribute is None or (entry.attribute and entry.case):
                language = node.source.language
                words = {keyword: spelled(keyword, language) for keyword in ("attribute", "case")}
                self._findings.add(name.problem("PF526", word=name.text, **words))
                continue
            values = {
                key.text: value.text
                for key, value in entry.values
                if key and isinstance(value, Scalar) and fits(field, value, self._findings)
            }
            found[field.id] = Origin(attribute.text, entry.case is not None, values)
        return found

    def _field(self, name: Scalar | None) -> Field | None:
        """The field that is meant, if some event brings it."""
        if name is None:
            return None
        fields = self._workflow.fields
        found = self._found(name, self._fields, "PF521", (field.name for field in fields.values()))
        if found is not None and found not in self._brought:
            self._findings.add(name.problem("PF523", word=name.text, workflow=self._workflow.name))
            return None
        return None if found is None else fields[found]

    def _roles_in(self, node: AnyNode | None) -> tuple[dict[str, tuple[str, ...]], tuple[str, ...]]:
        """The roles of single actors, and those of all others."""
        if not isinstance(node, MappingNode):
            return {}, self._roles_of(node)
        default = spelled("default", node.source.language)
        each = {key.text: self._roles_of(value) for key, value in node.entries}
        others = each.pop(default, ())
        return each, others

    def _roles_of(self, node: AnyNode | None) -> tuple[str, ...]:
        words = node.items if isinstance(node, Sequence) else (node,) if node else ()
        names = [role.name for role in self._workflow.roles.values()]
        found: list[str] = []
        for word in words:
            if not isinstance(word, Scalar) or word.blank:
                self._findings.add(word.problem("PF525"))
            elif role := self._found(word, self._roles, "PF522", names):
                found.append(role)
        return tuple(found)

    def _found(self, word: Scalar, known: Mapping[str, str], code: str, names: Iterable[str]) -> str | None:
        """The id of what is meant; None after a problem."""
        if word.text not in known:
            hint = hint_at(word.text, names)
            self._findings.add(word.problem(code, word=word.text, workflow=self._workflow.name, hint=hint))
        return known.get(word.text)


def _text(word: Scalar | None, otherwise: str) -> str:
    return word.text if word else otherwise
