"""Functions of texts. Positions count characters from 1. Source: DMN 1.5, clause 10.3.4.3."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Final

from partybuild_flow.feel.arithmetic import LONGEST_TEXT
from partybuild_flow.feel.functions.signature import Function, Signature, function, may_take, takes
from partybuild_flow.feel.pattern import find_all, is_found, replace_all
from partybuild_flow.feel.rendering import string_of
from partybuild_flow.feel.types import ANY, BOOLEAN, NUMBER, TEXT, list_of


def bounded(text: str) -> str | None:
    """The text, unless it is too long to be a value."""
    return text if len(text) <= LONGEST_TEXT else None


def substring(string: str, start: Decimal, length: Decimal | None = None) -> str | None:
    """So many characters from a position; from the end if the position is negative."""
    if start != start.to_integral_value() or not start or (length is not None and length < 1):
        return None
    if abs(start) > len(string):
        return "" if start > 0 else None
    begin = int(start) - 1 if start > 0 else len(string) + int(start)
    end = len(string) if length is None else begin + int(min(length, Decimal(len(string))))
    return string[begin:end]


def substring_before(string: str, match: str) -> str:
    """What stands before the first occurrence; nothing if there is none."""
    before, found, _ = string.partition(match) if match else ("", "", "")
    return before if found else ""


def substring_after(string: str, match: str) -> str:
    """What stands after the first occurrence; nothing if there is none."""
    return string.partition(match)[2] if match else string


def split(string: str, delimiter: str) -> list[str] | None:
    """The pieces between the matches of a pattern."""
    found = find_all(delimiter, "", string)
    if found is None or any(start == end for start, end in found):
        return None
    ends = [0, *(end for _, end in found)]
    starts = [*(start for start, _ in found), len(string)]
    return [string[begin:stop] for begin, stop in zip(ends, starts, strict=True)]


def string_join(items: list[str | None], delimiter: str | None = None) -> str | None:
    """The texts of a list one after the other; null items are left out."""
    if not all(item is None or isinstance(item, str) for item in items):
        return None
    texts = [item for item in items if item is not None]
    joint = delimiter or ""
    if sum(map(len, texts)) + len(joint) * len(texts) > LONGEST_TEXT:
        return None
    return joint.join(texts)


def _about(name: str, body: Callable[[str, str], bool | str]) -> Function:
    """A function of a text and a part to look for."""
    result = TEXT if name.startswith("substring") else BOOLEAN
    return function(name, [takes("string", TEXT), takes("match", TEXT)], result, body)


FUNCTIONS: Final = (
    function("string", [takes("from", ANY)], TEXT, lambda value: bounded(string_of(value))),
    function(
        "substring",
        [takes("string", TEXT), takes("start position", NUMBER), may_take("length", NUMBER)],
        TEXT,
        substring,
    ),
    function("string length", [takes("string", TEXT)], NUMBER, lambda string: Decimal(len(string))),
    function("upper case", [takes("string", TEXT)], TEXT, lambda string: bounded(string.upper())),
    function("lower case", [takes("string", TEXT)], TEXT, lambda string: bounded(string.lower())),
    _about("substring before", substring_before),
    _about("substring after", substring_after),
    _about("contains", lambda string, match: match in string),
    _about("starts with", str.startswith),
    _about("ends with", str.endswith),
    function(
        "matches",
        [takes("input", TEXT), takes("pattern", TEXT), may_take("flags", TEXT)],
        BOOLEAN,
        lambda text, pattern, flags=None: is_found(pattern, flags or "", text),
    ),
    function(
        "replace",
        [takes("input", TEXT), takes("pattern", TEXT), takes("replacement", TEXT), may_take("flags", TEXT)],
        TEXT,
        lambda text, pattern, replacement, flags=None: replace_all(pattern, flags or "", text, replacement),
    ),
    function("split", [takes("string", TEXT), takes("delimiter", TEXT)], list_of(TEXT), split),
    Function(
        "string join",
        (Signature((takes("list", list_of(ANY)), may_take("delimiter", TEXT)), TEXT, string_join),),
    ),
)
