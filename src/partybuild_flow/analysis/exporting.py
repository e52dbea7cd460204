"""Cases and their journals, moved out: as an event log for process mining, and as CSV for spreadsheets.

What is written was masked beforehand; here it is only made safe for whatever opens it.
Source: IEEE 1849-2016 (XES), clauses 4 and 5; extensions concept, lifecycle, organizational, time.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any, Final, NamedTuple
from xml.sax.saxutils import quoteattr

from partybuild_flow.case import UNATTENDED, Case, Entry
from partybuild_flow.definition import Workflow
from partybuild_flow.explain import event_name
from partybuild_flow.facts import HOME, MASK
from partybuild_flow.facts.collecting import MARKED
from partybuild_flow.feel import Value, text_of
from partybuild_flow.feel.rendering import is_document
from partybuild_flow.messages import SEPARATORS, Language, sentence

BYTE_ORDER_MARK: Final = "\ufeff"
"""Without it, spreadsheets take UTF-8 for another encoding."""
_CALCULATES: Final = ("=", "+", "-", "@", "\t", "\r")
_BEYOND_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LARGEST: Final = 2**63
_EXTENSIONS: Final = (
    ("Concept", "concept", "http://www.xes-standard.org/concept.xesext"),
    ("Lifecycle", "lifecycle", "http://www.xes-standard.org/lifecycle.xesext"),
    ("Organizational", "org", "http://www.xes-standard.org/org.xesext"),
    ("Time", "time", "http://www.xes-standard.org/time.xesext"),
)


class Told(NamedTuple):
    """A case with its journal, oldest entry first, as a reader sees them, and the definition that it began with."""

    workflow: Workflow
    case: Case
    entries: Sequence[Entry]


def write_xes(cases: Iterable[Told], file: IO[str]) -> int:
    """Write an event log, one case a trace; how many there were. Refused events are left out."""
    file.write('<?xml version="1.0" encoding="UTF-8"?>\n')
    file.write('<log xes.version="1849-2016" xes.features="" xmlns="http://www.xes-standard.org/">\n')
    for name, prefix, uri in _EXTENSIONS:
        file.write(f'  <extension name="{name}" prefix="{prefix}" uri="{uri}"/>\n')
    file.write('  <classifier name="Event Name" keys="concept:name"/>\n')
    count = 0
    for told in cases:
        file.write(f"  <trace>\n{_attributes(_of_case(told), 4)}")
        for entry in told.entries:
            if entry.refused is None:
                file.write(f"    <event>\n{_attributes(_of_entry(told.workflow, entry), 6)}    </event>\n")
        file.write("  </trace>\n")
        count += 1
    file.write("</log>\n")
    return count


def write_cases(cases: Sequence[Told], file: IO[str], language: Language) -> int:
    """Write CSV with a row for each case as it stands; how many there were."""
    writer = _writer(file)
    fields = dict.fromkeys(each.name for told in cases for each in told.workflow.fields.values())
    writer.writerow(
        _guarded([*_headings(("case", "workflow", "state", "unit", "began", "changed"), language), *fields])
    )
    for workflow, case, entries in cases:
        values = {each.name: case.data.get(each.id) for each in workflow.fields.values()}
        own = (case.id, workflow.name, workflow.states[case.state].name, case.unit)
        began = entries[0].occurred_at if entries else None
        row: list[Value] = [*own, began, case.changed_at, *(values.get(name) for name in fields)]
        writer.writerow(_guarded([cell_text(each, language) for each in row], row))
    return len(cases)


def write_entries(cases: Iterable[Told], file: IO[str], language: Language) -> int:
    """Write CSV with a row for each entry; how many there were."""
    writer = _writer(file)
    headings = ("case", "number", "occurred", "event", "actor", "from", "to", "inputs", "refused-because")
    writer.writerow(_headings(headings, language))
    count = 0
    for workflow, case, entries in cases:
        for entry in entries:
            row: list[Value] = [case.id, Decimal(entry.sequence), entry.occurred_at]
            row += [event_name(workflow, entry.event, language), entry.actor.id]
            row += [_state(workflow, entry.source), _state(workflow, entry.target)]
            row += [_inputs(workflow, entry, language), entry.refused]
            writer.writerow(_guarded([cell_text(each, language) for each in row], row))
            count += 1
    return count


def guarded(text: str) -> str:
    """A text that no spreadsheet takes for a formula: an apostrophe before it says that it is text."""
    return f"'{text}" if text.lstrip("'").startswith(_CALCULATES) else text


def unguarded(text: str) -> str:
    """The text that was guarded."""
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(_CALCULATES) else text


def cell_text(value: Value, language: Language) -> str:
    """A value as it stands in a cell; instants in Asia/Shanghai."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return sentence(f"command.{'yes' if value else 'no'}", language, {})
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return value.astimezone(HOME).strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return SEPARATORS[language].join(cell_text(item, language) for item in value)
    if is_document(value):
        return str(value["name"])
    if isinstance(value, dict):
        parts = (f"{name}={cell_text(item, language)}" for name, item in value.items())
        return SEPARATORS[language].join(parts)
    return text_of(value)


def _writer(file: IO[str]) -> Any:
    file.write(BYTE_ORDER_MARK)
    return csv.writer(file, lineterminator="\r\n")


def _headings(codes: Sequence[str], language: Language) -> list[str]:
    return [sentence(f"command.column.{code}", language, {}) for code in codes]


def _guarded(cells: Sequence[str], values: Sequence[Value] | None = None) -> list[str]:
    """The cells of a row; a number that is one may begin with a sign."""
    kept = values or cells
    return [
        cell if isinstance(value, Decimal) else guarded(cell) for cell, value in zip(cells, kept, strict=True)
    ]


def _state(workflow: Workflow, state: str) -> str:
    found = workflow.states.get(state)
    return found.name if found else ""


def _inputs(workflow: Workflow, entry: Entry, language: Language) -> str:
    named = {name: field.name for name, field in workflow.fields.items()}
    parts = (f"{named.get(name, name)}={cell_text(entry.facts.get(name), language)}" for name in entry.inputs)
    return SEPARATORS[language].join(parts)


def _of_case(told: Told) -> Iterator[tuple[str, Value]]:
    workflow, case, _ = told
    yield "concept:name", case.id
    yield "workflow", workflow.id
    yield "state", _state(workflow, case.state)
    yield "unit", case.unit
    yield from ((name, case.data.get(name)) for name in workflow.fields)


def _of_entry(workflow: Workflow, entry: Entry) -> Iterator[tuple[str, Value]]:
    yield "concept:name", event_name(workflow, entry.event, workflow.language)
    yield "concept:instance", entry.event
    yield "lifecycle:transition", "in_progress" if entry.outcome == MARKED else "complete"
    yield "time:timestamp", entry.occurred_at
    yield "org:resource", entry.actor.id
    roles = [workflow.roles[role].name for role in map(_role, entry.standing) if role in workflow.roles]
    yield "org:role", SEPARATORS[workflow.language].join(roles) or None
    yield "state", _state(workflow, entry.target)
    yield from ((name, entry.facts.get(name)) for name in entry.inputs)


def _role(demand: str) -> str:
    return demand.partition("@")[0]


def _attributes(found: Iterable[tuple[str, Value]], indent: int) -> str:
    by_key: Mapping[str, Value] = {key: value for key, value in found if value is not None}
    lines = (f"{' ' * indent}{_attribute(key, value)}\n" for key, value in by_key.items())
    return "".join(lines)


def _attribute(key: str, value: Value) -> str:
    kind, told = _typed(value)
    safe = {
        name: quoteattr(_BEYOND_XML.sub("\ufffd", text), _ENTITIES)
        for name, text in (("key", key), ("value", told))
    }
    return f"<{kind} key={safe['key']} value={safe['value']}/>"


_ENTITIES: Final = {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}


def _typed(value: Value) -> tuple[str, str]:
    """The type of an attribute and the value as XES writes it."""
    if isinstance(value, bool):
        return "boolean", str(value).lower()
    if isinstance(value, Decimal):
        whole = value == value.to_integral_value() and abs(value) < _LARGEST
        return ("int", str(int(value))) if whole else ("float", format(value, "f"))
    if isinstance(value, datetime):
        return "date", value.isoformat(
            timespec="milliseconds" if value.microsecond % 1000 == 0 else "microseconds"
        )
    # A day without a zone would be moved by readers that count in UTC, so it is text.
    return "string", cell_text(value, "en")


def without_hidden_people(told: Told, whole: Case, *, named: bool) -> Told:
    """A case whose journal names nobody whom a field holds that its reader is not shown; `whole` is without a mask.

    Not `named`: nor anybody who acted without a role, such as a resident.
    """
    case, roles = told.case, told.workflow.roles
    hidden = {
        person
        for name, value in whole.data.items()
        if case.data.get(name) == MASK
        for person in (value if isinstance(value, list) else (value,))
        if isinstance(person, str)
    }
    if not named:
        hidden |= {
            each.actor.id
            for each in told.entries
            if roles.keys().isdisjoint(map(_role, each.standing)) and UNATTENDED.isdisjoint(each.standing)
        }
    entries = [
        each._replace(actor=each.actor._replace(id=MASK)) if each.actor.id in hidden else each
        for each in told.entries
    ]
    if case.started_by in hidden:
        case = case._replace(started_by=MASK)
    return told._replace(case=case, entries=entries)
