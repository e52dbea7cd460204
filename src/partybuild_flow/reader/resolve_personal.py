"""Personal fields: who is shown them, from whom they are hidden, when they are erased."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from partybuild_flow.definition import Field
from partybuild_flow.messages import Language
from partybuild_flow.reader.findings import Findings
from partybuild_flow.reader.keywords import spelled
from partybuild_flow.reader.names import Names
from partybuild_flow.reader.resolve_fields import key_of
from partybuild_flow.reader.text import Scalar
from partybuild_flow.reader.written import WrittenField
from partybuild_flow.reader.written_deadlines import WrittenDeadline


def readers_of_fields(
    written: Mapping[str, WrittenField],
    fields: Mapping[str, Field],
    roles: Names,
    facts: Names,
    findings: Findings,
) -> dict[str, Field]:
    """The fields of which it is written who is shown them, or who is not."""
    found = {}
    for id_, part in written.items():
        if not part.seen_by and not part.hidden_from:
            continue
        if part.personal is None and part.intact("personal"):
            for keyword in ("seen-by", "hidden-from"):
                key = key_of(part, keyword)
                if key is not None:
                    told = {"key": key.text, "field": part.name.text}
                    findings.add(key.problem("PF370", **told, personal=spelled("personal", _language(key))))
        update = {
            "seen_by": tuple(_seen_by(part.seen_by, fields, roles, facts)),
            "hidden_from": read_hidden_from(part.hidden_from, fields, facts, findings),
        }
        found[id_] = fields[id_].model_copy(update=update)
    return found


def read_hidden_from(
    words: tuple[Scalar, ...], fields: Mapping[str, Field], facts: Names, findings: Findings
) -> tuple[str, ...]:
    """The ids of the fields that hold the units and persons from whom something is hidden."""
    found: dict[str, None] = {}
    for word in words:
        field = _field(word, fields, facts)
        if field is not None and _holds(field, "unit", "person"):
            found[field.id] = None
        elif field is not None:
            findings.add(word.problem("PF371", word=word.text))
    return tuple(found)


def read_erased(
    written: WrittenDeadline, fields: Mapping[str, Field], facts: Names, findings: Findings
) -> tuple[str, ...]:
    """The ids of the personal fields that a deadline erases."""
    found: dict[str, None] = {}
    for word in written.erase:
        field = _field(word, fields, facts)
        if field is not None and field.personal is None:
            told = {"deadline": written.name.text, "field": word.text}
            findings.add(word.problem("PF372", **told, personal=spelled("personal", _language(word))))
        elif field is not None:
            found[field.id] = None
    if written.erase and written.fire is not None:
        keys = {
            "erase": spelled("erase", _language(written.fire)),
            "fire": spelled("fire", _language(written.fire)),
        }
        findings.add(written.fire.problem("PF373", deadline=written.name.text, **keys))
    return tuple(found)


def _seen_by(
    words: tuple[Scalar, ...], fields: Mapping[str, Field], roles: Names, facts: Names
) -> Iterator[str]:
    for word in words:
        person = fields.get(facts.id_of(word.text) or "")
        if person is not None and roles.id_of(word.text) is None and _holds(person, "person"):
            yield person.id
            continue
        role = roles.find(word, "PF203")
        if role is not None:
            yield role


def _field(word: Scalar, fields: Mapping[str, Field], facts: Names) -> Field | None:
    found = facts.find(word, "PF204", "part-field")
    return fields.get(found) if found is not None else None


def _holds(field: Field, *kinds: str) -> bool:
    return field.kind in kinds or (field.kind == "list" and field.item in kinds)


def _language(word: Scalar) -> Language:
    return word.source.language
