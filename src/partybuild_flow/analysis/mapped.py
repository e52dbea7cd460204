"""What the maps of logs and of tables share: names of a workflow's parts, and values that fit its fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from partybuild_flow.definition import Field, Named
from partybuild_flow.reader.findings import Findings, hint_at
from partybuild_flow.reader.text import Scalar


def spellings(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The id by itself and by the name."""
    return {spelling: id_ for id_, name in pairs for spelling in (name, id_)}


def named(parts: Mapping[str, Named]) -> dict[str, str]:
    """The id of each part by itself and by the part's name."""
    return spellings((part.id, part.name) for part in parts.values())


def fits(field: Field, value: Scalar, findings: Findings) -> bool:
    """Whether a value may stand in a choice, PF524 if not; other types are the engine's to refuse, one by one."""
    if not field.type.values or value.text in field.type.values:
        return True
    hint = hint_at(value.text, field.type.values)
    findings.add(value.problem("PF524", word=value.text, field=field.name, hint=hint))
    return False
