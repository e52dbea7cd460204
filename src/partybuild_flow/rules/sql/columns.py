"""The columns in which populations stand: what SQL may rely on of the values of a type."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from sqlglot import exp

from partybuild_flow.feel import Type
from partybuild_flow.rules.sql.codes import NO_DIGITS, Code, CodeKind, Digits

if TYPE_CHECKING:
    from partybuild_flow.definition import Field

_NUMBER: Final = Digits(9, 4)
_INTEGER: Final = Digits(10, 0)
_MONEY: Final = Digits(12, 2)
_DURATION: Final = Digits(17, 0)
"""Nearly three thousand years."""
_KINDS: Final[dict[str, CodeKind]] = {
    "number": "number",
    "text": "text",
    "boolean": "boolean",
    "date": "date",
    "datetime": "datetime",
    "duration": "duration",
}
_SQL_TYPES: Final[dict[CodeKind, str]] = {
    "text": "text",
    "boolean": "boolean",
    "date": "date",
    "datetime": "timestamp",
    "duration": "bigint",
    "term": "text",
    "texts": "array<text>",
    "null": "text",
}


def digits_of_field(field: Field) -> Digits:
    """The digits that its numbers have if they are ordinary; a row with more of them is decided by the engine."""
    plain = {"integer": _INTEGER, "money": _MONEY}.get(field.kind, _NUMBER)
    bounds = [each for each in (field.minimum, field.maximum) if isinstance(each, Decimal)]
    whole = max(max(each.adjusted() + 1, 1) for each in bounds) if len(bounds) == 2 else plain.whole
    return Digits(whole, plain.scale if field.decimals is None else min(field.decimals, plain.scale + 4))


def column_of(name: str, type_: Type, digits: Digits = _NUMBER) -> Code | None:
    """A column with values of a type, by its name; None for types that SQL computes nothing with."""
    kind: CodeKind | None = _KINDS.get(type_.kind)
    if type_.kind == "list" and type_.item is not None and type_.item.kind == "text":
        kind = "texts"
    if kind is None:
        return None
    known = digits if kind == "number" else _DURATION if kind == "duration" else NO_DIGITS
    return Code(exp.column(name, quoted=True), kind, known, counted=kind == "duration")


def sql_type(code: Code) -> exp.DataType:
    """The SQL type of its values."""
    if code.kind == "number":
        return exp.DataType.build(f"decimal({code.digits.width}, {code.digits.scale})")
    return exp.DataType.build(_SQL_TYPES[code.kind])
