"""From what a caller sends to documents and lists of records, looked through item by item."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

from partybuild_flow.facts.scalars import Convert, UnfitError, read_text
from partybuild_flow.feel import DOCUMENT, Value

_SPELLINGS: Final = {**{entry: entry for entry in DOCUMENT.entries}, **DOCUMENT.spellings}
_HASH: Final = re.compile("[0-9a-f]{64}")


def document(sent: object) -> Value:
    """The document that is sent: its id and name, and its hash if that is known.

    A mapping, or its JSON; any other text is both the id and the name.
    """
    told = _told(sent, "{")
    if told is None or told == "":
        return None
    if isinstance(told, str):
        return {"id": read_text(told), "name": told, "hash": None}
    found: dict[str, Value] = dict.fromkeys(DOCUMENT.entries)
    if not isinstance(told, Mapping) or not all(name in _SPELLINGS for name in told):
        raise UnfitError("value.document", written=sent)
    for name, value in told.items():
        found[_SPELLINGS[name]] = read_text(value)
    if found["id"] is None or found["name"] is None:
        raise UnfitError("value.document", written=sent)
    if found["hash"] is not None:
        found["hash"] = str(found["hash"]).lower()
        if not _HASH.fullmatch(str(found["hash"])):
            raise UnfitError("value.hash", written=found["hash"])
    return found


def records(columns: Sequence[tuple[str, str, Convert]]) -> Convert:
    """The conversion of a list of mappings, or of its JSON; a column is an id, a name and its conversion.

    A fault names the item, counted from 1, and the field in it. What an item does not say is null.
    """
    names = tuple(name for _, name, _ in columns)
    by_spelling = {spelling: column for column in columns for spelling in (column[1], column[0])}

    def record(number: int, sent: object) -> dict[str, Value]:
        if not isinstance(sent, Mapping):
            raise UnfitError("value.row.form", row=number, written=sent, columns=names)
        found: dict[str, Value] = {column[0]: None for column in columns}
        for spelling, value in sent.items():
            if spelling not in by_spelling:
                raise UnfitError("value.row.unknown", row=number, written=spelling, columns=names)
            id_, name, convert = by_spelling[spelling]
            try:
                found[id_] = convert(value)
            except UnfitError as error:
                raise UnfitError("value.row", row=number, column=name, unfit=error.unfit) from error
        return found

    def convert_all(sent: object) -> list[Value] | None:
        told = _told(sent, "[")
        if told is None or told == "":
            return None
        if not isinstance(told, list | tuple):
            raise UnfitError("value.records", written=sent, columns=names)
        return [record(number, item) for number, item in enumerate(told, 1)]

    return convert_all


def _told(sent: object, opening: str) -> object:
    """What is sent, or what its JSON says where it is a text that begins so."""
    if not isinstance(sent, str) or not sent.lstrip().startswith(opening):
        return sent
    try:
        return json.loads(sent, parse_float=Decimal, parse_int=Decimal, parse_constant=str)
    except (ValueError, ArithmeticError, RecursionError):
        return sent
