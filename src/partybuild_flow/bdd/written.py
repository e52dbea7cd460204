"""Values as they are written in steps and tables, read: lists, instants with 24:00, lengths of time, cells."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from partybuild_flow.bdd.failing import StepFailed
from partybuild_flow.facts import UnfitError, instant
from partybuild_flow.facts.forms import conversion
from partybuild_flow.feel import Value
from partybuild_flow.feel.terms import Term, term_of
from partybuild_flow.reader.text import AnyNode, Scalar, Source, read_tree
from partybuild_flow.reader.text import Mapping as MappingNode
from partybuild_flow.reader.text import Sequence as SequenceNode

if TYPE_CHECKING:
    from partybuild_flow.definition import Field

_MIDNIGHT: Final = re.compile(r"(\d{4}-\d\d-\d\d)[ T]24:00(?::00)?")
_CLOCK: Final = re.compile(r"(\d{1,6}) ?(?:个)?(小时|分钟|hours?|minutes?)")
_STRUCTURED: Final = frozenset(("list", "document", "any"))
_HEADINGS: Final = (
    ("字段", "值"),
    ("名称", "值"),
    ("field", "value"),
    ("name", "value"),
)


def items(text: str) -> list[str]:
    """The parts of a list in one value, with any of the commas between them."""
    return [part for each in re.split("[、，,]", text) if (part := each.strip())]


def moment(text: str) -> datetime:
    """The instant that is written; 24:00 is the beginning of the next day. Raises StepFailed."""
    try:
        found = instant(_without_midnight(text))
    except UnfitError:
        found = None
    if found is None:
        raise StepFailed("bad-moment", written=text)
    return found


def length(text: str) -> timedelta | Term:
    """A length of time: hours and minutes, or a term of the calendar. Raises StepFailed."""
    if matched := _CLOCK.fullmatch(text.strip()):
        hours = matched[2] in ("小时", "hour", "hours")
        return timedelta(hours=int(matched[1])) if hours else timedelta(minutes=int(matched[1]))
    term = term_of(text.strip())
    if term is None:
        raise StepFailed("bad-length", written=text)
    return term


def raw(field: Field | None, text: str, names: Mapping[str, str]) -> object:
    """What a cell sends for a field: parts of a list, a document by its name, a case by the name it was given."""
    text = text.strip()
    if not text or field is None:
        return text or None
    kind = field.kind
    if kind in _STRUCTURED and text[0] in "[{":
        return _structured(text)
    if kind == "list":
        item = field.type.item
        return [_item(item.kind if item else "text", each, names) for each in items(text)]
    return _item(kind, text, names)


def value_of(field: Field, text: str, names: Mapping[str, str]) -> Value:
    """The value that a text means for a field. Raises StepFailed where it does not fit."""
    try:
        return conversion(field)(raw(field, text, names))
    except UnfitError:
        raise StepFailed("bad-value", field=field.name, written=text) from None


def pairs(table: Sequence[Sequence[str]]) -> dict[str, str]:
    """A table of two columns, name and value; a heading above it is passed over. Raises StepFailed."""
    found: dict[str, str] = {}
    for row in table:
        if len(row) != 2:
            raise StepFailed("two-columns", count=len(row))
        name = row[0].strip()
        if name in found:
            raise StepFailed("twice", name=name)
        found[name] = row[1]
    if table and tuple(cell.strip().lower() for cell in table[0]) in _HEADINGS:
        del found[table[0][0].strip()]
    return found


def rows(table: Sequence[Sequence[str]]) -> list[dict[str, str]]:
    """The rows of a table under its heading. Raises StepFailed."""
    if len(table) < 2:
        raise StepFailed("no-rows")
    heading = [cell.strip() for cell in table[0]]
    for name in heading:
        if heading.count(name) > 1:
            raise StepFailed("twice", name=name)
    return [dict(zip(heading, row, strict=True)) for row in table[1:]]


def data_object(text: str) -> Mapping[str, object]:
    """The names and values of a doc string, as JSON or as in a definition. Raises StepFailed."""
    found = _structured(text)
    if not isinstance(found, dict):
        raise StepFailed("bad-data", written=text)
    return found


def _without_midnight(text: str) -> str:
    matched = _MIDNIGHT.fullmatch(text.strip())
    if not matched:
        return text.strip()
    try:
        return (datetime.fromisoformat(matched[1]) + timedelta(days=1)).isoformat()
    except (ValueError, OverflowError):
        return text


def _item(kind: str, text: str, names: Mapping[str, str]) -> object:
    if kind == "case":
        return names.get(text, text)
    return _without_midnight(text) if kind == "datetime" else text


def _structured(text: str) -> object:
    """What a text says in JSON, or in the YAML of a definition, whose values are sent as they are written."""
    try:
        return json.loads(text, parse_float=Decimal, parse_int=Decimal)
    except (ValueError, RecursionError):
        pass
    tree, problems = read_tree(Source("", text, "en"))
    if problems or tree is None or isinstance(tree, Scalar):
        raise StepFailed("bad-data", written=text)
    return _plain(tree)


def _plain(node: AnyNode) -> object:
    if isinstance(node, MappingNode):
        return {key.text: _plain(value) for key, value in node.entries}
    if isinstance(node, SequenceNode):
        return [_plain(item) for item in node.items]
    return None if node.blank else node.text
