"""Fields, parameters and look-ups: written types and values as FEEL's."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping as Mapped
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final

from partybuild_flow.definition import Bound, Field, LookUp, Parameter
from partybuild_flow.feel import (
    ANY,
    BOOLEAN,
    DATE,
    DATETIME,
    DOCUMENT,
    DURATION,
    NUMBER,
    TERM,
    TEXT,
    TIME,
    Term,
    Type,
    Value,
    choice_of,
    context_of,
    list_of,
    text_of,
)
from partybuild_flow.feel.types import joined
from partybuild_flow.messages import Phrase
from partybuild_flow.reader.findings import Findings, hint_at
from partybuild_flow.reader.keywords import CHINESE, spelled
from partybuild_flow.reader.names import Names
from partybuild_flow.reader.text import AnyNode, Mapping, Scalar, Sequence
from partybuild_flow.reader.values import UnfitTextError, value_of
from partybuild_flow.reader.written import WrittenField, WrittenLookUp, WrittenParameter
from partybuild_flow.reader.written_form import (
    Chosen,
    Keyword,
    NamedPart,
    Typed,
    ValueSet,
    Written,
    WrittenColumn,
)

_TYPES: Final = {
    "text": TEXT,
    "number": NUMBER,
    "integer": NUMBER,
    "money": NUMBER,
    "boolean": BOOLEAN,
    "date": DATE,
    "datetime": DATETIME,
    "term": TERM,
    "unit": TEXT,
    "person": TEXT,
    "document": DOCUMENT,
    "case": TEXT,
}
_MOMENTS: Final = ((datetime, DATETIME), (date, DATE), (time, TIME), (timedelta, DURATION), (Term, TERM))
_NUMBERS: Final = ("number", "integer", "money")
_BOUNDED: Final = (*_NUMBERS, "date", "datetime")


def key_of(part: Written, keyword: str) -> Scalar | None:
    """The key that says this keyword in a part, in whichever language."""
    entries = part.node.entries if isinstance(part.node, Mapping) else ()
    return next((key for key, _ in entries if key.text in (keyword, CHINESE[keyword])), None)


def is_whole(part: Written, keyword: str, read: int) -> bool:
    """Whether all that is written below a keyword was read, of which `read` entries are known."""
    entries = part.node.entries if isinstance(part.node, Mapping) else ()
    below = next((value for key, value in entries if key.text in (keyword, CHINESE[keyword])), None)
    match below:
        case Mapping(entries=written):
            return len(written) == read
        case Sequence(items=items):
            return len(items) == read
        case _:
            return read == 0


def type_of(part: Chosen, findings: Findings) -> Type | None:
    """The FEEL type that is written in a part; None if none is, `any` after a problem."""
    if not part.intact("type", "values", "ordered", "item"):
        return ANY
    if part.type is None:
        for keyword in ("values", "ordered", "item"):
            _not_here(part, keyword, None, findings)
        return None
    kind = part.type.value
    values = _choice_values(part, findings)
    if kind not in ("choice", "list"):
        for keyword in ("values", "ordered"):
            _not_here(part, keyword, part.type, findings)
    if kind != "list":
        _not_here(part, "item", part.type, findings)
    if kind == "choice":
        if part.values is None:
            findings.add(
                part.type.word.problem("PF227", word=part.type.word.text, key=_spelled(part, "values"))
            )
        if not values:
            return ANY
        return choice_of(values, ordered=part.ordered)
    if kind == "list":
        item = choice_of(values, ordered=part.ordered) if values else _item_type(part, findings)
        return list_of(item)
    return _TYPES[kind]


def _item_type(part: Chosen, findings: Findings) -> Type:
    written = part.item if isinstance(part, Typed) else None
    if isinstance(part, Typed) and written is not None and not isinstance(written, Keyword):
        columns = read_columns(part, findings)
        whole = is_whole(part, "item", len(columns)) and all(column.type != ANY for column in columns)
        return _record(columns) if whole else ANY
    return _TYPES.get(written.value, TEXT) if isinstance(written, Keyword) else TEXT


def _record(columns: tuple[Field, ...]) -> Type:
    """The type of records with these fields."""
    names = {column.name: column.id for column in columns if column.name != column.id}
    return context_of({column.id: column.type for column in columns}, names)


def read_columns(part: Typed, findings: Findings) -> tuple[Field, ...]:
    """The fields of a list's records; none where its items have a type."""
    names = Names(findings, "item", readable=True)
    found: list[Field] = []
    for column in () if part.item is None or isinstance(part.item, Keyword) else part.item:
        id_ = names.declare("part-column", column.name, column.id)
        if id_ is not None:
            found.append(_field(column, id_, findings))
    return tuple(found)


def _choice_values(part: Chosen, findings: Findings) -> tuple[str, ...]:
    seen: dict[str, Scalar] = {}
    for word in part.values or ():
        if "，" in word.text:
            findings.add(word.problem("PF114", written=word.text))
        elif word.text in seen:
            findings.add(word.problem("PF228", word=word.text))
        seen.setdefault(word.text, word)
    return tuple(seen)


def _not_here(part: Written, keyword: str, kind: Keyword | None, findings: Findings) -> None:
    key = key_of(part, keyword)
    if key is not None:
        written = kind.word.text if kind else Phrase("no-type")
        findings.add(key.problem("PF226", key=key.text, type=written))


def _spelled(part: Written, keyword: str) -> str:
    return spelled(keyword, part.node.source.language)


def read_field(written: WrittenField, id_: str, findings: Findings) -> Field:
    """The field, of type `any` where its own could not be told."""
    item = written.item if isinstance(written.item, Keyword) else None
    return _field(written, id_, findings).model_copy(
        update={
            "item": item.value if item else None,
            "columns": read_columns(written, findings),
            "personal": written.personal,
            "public": written.personal is None and key_of(written, "personal") is not None,
            "improvable": written.improvable,
        }
    )


def _field(written: WrittenField | WrittenColumn, id_: str, findings: Findings) -> Field:
    """What fields of cases and of records share."""
    kind = written.type.value
    if kind not in _BOUNDED:
        for keyword in ("min", "max"):
            _not_here(written, keyword, written.type, findings)
    if kind != "number":
        _not_here(written, "decimals", written.type, findings)
    least, most = (
        _bound(word, _TYPES[kind], findings) if kind in _BOUNDED else None
        for word in (written.min, written.max)
    )
    if least is not None and most is not None and written.max is not None and least > most:  # type: ignore[operator]
        data = {"least": text_of(least), "most": text_of(most)}
        findings.add(written.max.problem("PF225", **data))
    decimals = {"integer": 0, "money": 2}.get(kind, written.decimals)
    return Field(
        position=written.name.position,
        id=id_,
        name=written.name.text,
        kind=kind,
        type=_sure(type_of(written, findings), written, findings),
        decimals=decimals,
        minimum=least,
        maximum=most,
    )


def _sure(found: Type | None, part: NamedPart, findings: Findings) -> Type:
    """The type; where a problem leaves it open, nobody is told of types that do not go with it."""
    if found is None or found == ANY:
        findings.leave_out(*(word.text for word in (part.name, part.id) if word))
    return found or ANY


def _bound(word: Scalar | None, expected: Type, findings: Findings) -> Bound | None:
    value = read_value(word, expected, findings) if word is not None else None
    return value if isinstance(value, Bound) else None


def read_parameter(written: WrittenParameter, id_: str, findings: Findings) -> Parameter:
    """The parameter; without a written type it has that of its value."""
    expected = type_of(written, findings)
    value = read_value(written.value, expected or ANY, findings)
    return Parameter(
        position=written.name.position,
        id=id_,
        name=written.name.text,
        type=expected or type_of_value(value),
        value=value,
        source=written.source.text if written.source else None,
    )


def read_sets(
    written: Iterable[ValueSet], facts: Names, parameters: Mapped[str, Parameter], findings: Findings
) -> dict[str, dict[str, Parameter]]:
    """The values of each set of parameters, by its name and the ids of the parameters."""
    found: dict[str, dict[str, Parameter]] = {}
    for each in written:
        values = found.setdefault(each.name.text, {})
        for part in each.values:
            id_ = facts.find(part.name, "PF258", "part-parameter")
            parameter = parameters.get(id_) if id_ is not None else None
            if parameter is None:
                continue
            if parameter.id in values:
                findings.add(part.name.problem("PF251", word=part.name.text))
            update = {
                "position": part.name.position,
                "value": read_value(part.value, parameter.type, findings),
                "source": part.source.text if part.source else None,
            }
            values.setdefault(parameter.id, parameter.model_copy(update=update))
    return found


def read_look_up(written: WrittenLookUp, id_: str, facts: Names, findings: Findings) -> LookUp:
    """The look-up with the ids of the facts that it is asked with."""
    inputs = []
    for word in written.with_:
        found = facts.find(word, "PF256", "part-field", "part-parameter")
        if found is not None:
            inputs.append(found)
    return LookUp(
        position=written.name.position,
        id=id_,
        name=written.name.text,
        inputs=tuple(inputs),
        type=_sure(type_of(written.type, findings), written, findings),
    )


def read_value(node: AnyNode, expected: Type, findings: Findings) -> Value:
    """The value that is written; None, after a problem, where it does not fit the type."""
    if isinstance(node, Scalar):
        if expected.kind not in ("list", "context") or expected == DOCUMENT:
            try:
                return value_of(node.text, expected, quoted=bool(node.style))
            except UnfitTextError:
                pass  # told below
    elif isinstance(node, Sequence) and expected.kind in ("list", "any"):
        return [read_value(item, expected.item or ANY, findings) for item in node.items]
    elif isinstance(node, Mapping) and expected.kind in ("context", "any"):
        _check_entries(node, expected, findings)
        return {
            expected.spellings.get(key.text, key.text): read_value(
                value, expected.entries.get(expected.spellings.get(key.text, key.text), ANY), findings
            )
            for key, value in node.entries
        }
    written = node.text if isinstance(node, Scalar) else Phrase(f"found-{type(node).__name__.lower()}")
    hint = hint_at(str(written), expected.values) if expected.values else Phrase("nothing")
    findings.add(node.problem("PF224", written=written, type=type_phrase(expected), hint=hint))
    return None


def _check_entries(node: Mapping, expected: Type, findings: Findings) -> None:
    """An entry that a document or a record does not have is a problem."""
    for key, _ in node.entries:
        if expected.entries and key.text not in (*expected.entries, *expected.spellings):
            names = {id_: name for name, id_ in expected.spellings.items()}
            known = (names.get(id_, id_) for id_ in expected.entries)
            findings.add(key.problem("PF204", word=key.text, hint=hint_at(key.text, known, expected.entries)))


def type_phrase(found: Type) -> Phrase:
    """How a sentence calls a type."""
    if found == DOCUMENT:
        return Phrase("type-document")
    return Phrase("type-choice" if found.values else f"type-{found.kind}")


def type_of_value(value: Value) -> Type:
    """The type of a value that was written without one."""
    if isinstance(value, list):
        items = [type_of_value(item) for item in value]
        inner = items[0] if items else ANY
        for item in items[1:]:
            inner = joined(inner, item)
        return list_of(inner)
    if isinstance(value, dict):
        return context_of({key: type_of_value(entry) for key, entry in value.items()})
    for python, found in ((bool, BOOLEAN), (Decimal, NUMBER), (str, TEXT), *_MOMENTS):
        if isinstance(value, python):
            return found
    return ANY
