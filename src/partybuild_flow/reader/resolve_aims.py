"""What a transition aims at: outcomes of its decision, the best first, or one field that it sets."""

from __future__ import annotations

from collections.abc import Iterator

from partybuild_flow.definition import Field
from partybuild_flow.reader.findings import Findings, hint_at
from partybuild_flow.reader.names import Names
from partybuild_flow.reader.written import WrittenTransition


def read_aims(
    written: WrittenTransition, facts: Names, known_fields: dict[str, Field], findings: Findings
) -> Iterator[str]:
    """The outcomes, or the id of the field; words with problems are left out."""
    outcomes = [pair.key.text for pair in written.to or () if pair.key is not None]
    keys = (facts.id_of(pair.key.text) for pair in written.set_ if pair.key is not None)
    fields = {key: known_fields[key] for key in keys if key is not None and key in known_fields}
    several = len(written.aim) > 1
    seen: set[str] = set()
    for word in written.aim:
        if word.text in seen:
            findings.add(word.problem("PF251", word=word.text))
        elif word.text in outcomes:
            yield word.text
        else:
            id_ = facts.id_of(word.text)
            field = fields.get(id_) if id_ is not None and not several else None
            if field is None:
                if written.intact("to", "set", "decide") and word.text not in findings.broken:
                    known = outcomes if several else [*outcomes, *(each.name for each in fields.values())]
                    findings.add(word.problem("PF353", word=word.text, hint=hint_at(word.text, known)))
            elif not _has_better(field):
                findings.add(word.problem("PF354", word=word.text))
            else:
                yield field.id
        seen.add(word.text)


def _has_better(field: Field) -> bool:
    """Whether one value of a field may be more than another."""
    return field.type.ordered or field.type.kind in ("number", "boolean")
