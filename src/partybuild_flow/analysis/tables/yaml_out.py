"""A decision table as YAML: a new file, or one that stands, in which only what changed is written anew."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple

from partybuild_flow.analysis.tables.written_table import (
    OUTPUT_KEYS,
    PACKED,
    SECTIONS,
    ExampleText,
    OutputText,
    RowText,
    TableText,
    Words,
    remark_behind,
    table_of,
)
from partybuild_flow.analysis.tables.yaml_nodes import Part, is_bare, listed, parts_of, word_of, written_word
from partybuild_flow.errors import WorkflowInvalid
from partybuild_flow.reader.keywords import spelled
from partybuild_flow.reader.shape import spellings_of
from partybuild_flow.reader.written import WrittenTable

_INDENT: Final = "  "


class Counted(NamedTuple):
    """How many rows an import changes, adds and removes, and what else it changes, by English keyword."""

    changed: int = 0
    added: int = 0
    removed: int = 0
    elsewhere: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return any(self)


def yaml_of(table: TableText) -> str:
    """The table as a new file."""
    lines = [f"# {each}".rstrip() for each in (table.note or "").split("\n")] if table.note else []
    for section in SECTIONS:
        lines += _section(table, section)
    return "\n".join(lines) + "\n"


def fitted(table: TableText, old: TableText) -> TableText:
    """The table with the remarks of the old one where its file has no place for remarks."""
    note = old.note if table.note is None else table.note
    remarks: dict[tuple[Words, ...], list[str | None]] = {}
    for row in old.rows:
        remarks.setdefault(row.cells, []).append(row.note)
    rows = []
    for row in table.rows:
        known = remarks.get(row.cells)
        rows.append(replace(row, note=known.pop(0) if known else None) if row.note is None else row)
    return replace(table, note=note, rows=tuple(rows))


def counted(table: TableText, old: TableText) -> Counted:
    """What differs between two tables."""
    changed = added = removed = 0
    before, after = [_plain(row) for row in old.rows], [_plain(row) for row in table.rows]
    for kind, i, j, k, m in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind != "equal":
            same = min(j - i, m - k)
            changed, removed, added = changed + same, removed + j - i - same, added + m - k - same
    elsewhere = [
        name
        for name in SECTIONS
        if name not in ("rows", "default") and _part(table, name) != _part(old, name)
    ]
    return Counted(changed, added, removed, tuple(elsewhere))


def changed_yaml(text: str, table: TableText) -> str:
    """The text of a file, changed to say this table; whatever says so already stays as it is written."""
    old = table_of(text, "")
    new = fitted(table, old)
    root = parts_of(text)
    if old.language != new.language or root.is_flow or root.column != 1:
        return yaml_of(new)
    told = _Changing(text, old, new).text()
    # What stands in an uncommon form, so that its lines cannot be changed one by one, is written anew.
    with suppress(WorkflowInvalid):
        if table_of(told, "") == new:
            return told
    return yaml_of(new)


def _plain(row: RowText) -> tuple[tuple[str, ...], str]:
    return tuple(each.text for each in row.cells), row.note or ""


def _part(table: TableText, section: str) -> object:
    """What a table says in a section, to be compared."""
    return {
        "table": table.table,
        "id": table.id,
        "hit": table.hit,
        "inputs": table.inputs,
        "outputs": table.outputs,
        "rows": table.rows,
        "ensure": table.ensure,
        "examples": table.examples,
    }.get(section)


def _section(table: TableText, section: str) -> list[str]:
    """The lines of a section; none of what is not said."""
    key = spelled(section, table.language)
    match section:
        case "table" | "id" | "hit":
            found = _part(table, section)
            return [f"{key}: {_value(found.text)}"] if isinstance(found, Words) else []
        case "inputs":
            words = [written_word(each.text) for each in table.inputs]
            return [f"{key}: [{', '.join(words)}]"]
        case "outputs":
            return [f"{key}:", *_output_lines(table)]
        case "rows":
            return [f"{key}:", *_row_lines(table)]
        case "ensure":
            return [f"{key}:", *(_INDENT + _ensure(each) for each in table.ensure)] if table.ensure else []
        case "examples":
            lines = [_INDENT + _example(each) for each in table.examples]
            return [f"{key}:", *lines] if lines else []
        case _:
            return []


def _value(text: str) -> str:
    return written_word(text)


def _ensure(words: Words) -> str:
    return f"- {written_word(words.text)}"


def _output_lines(table: TableText) -> list[str]:
    names = [written_word(each.name.text) for each in table.outputs]
    widest = max(map(_width, names))
    return [
        f"{_INDENT}{name}:{' ' * (widest - _width(name) + 1)}{_output(each, table)}"
        for name, each in zip(names, table.outputs, strict=True)
    ]


def _output(output: OutputText, table: TableText) -> str:
    told = []
    for key in sorted(output.told, key=lambda key: OUTPUT_KEYS.index(key) if key in OUTPUT_KEYS else 99):
        text = output.told[key].text
        if key not in OUTPUT_KEYS:
            told.append(key)
        else:
            told.append(f"{spelled(key, table.language)}: {_packed(text) if key in PACKED else _value(text)}")
    return "{" + ", ".join(told) + "}"


def _packed(text: str) -> str:
    """A packed text inside brackets."""
    return text if text[:1] in ("[", "{", "'", '"') or is_bare(text) else written_word(text)


def _row_lines(table: TableText) -> list[str]:
    words = [[written_word(each.text) for each in row.cells] for row in table.rows]
    widths = [max(map(_width, column)) for column in zip(*words, strict=True)]
    return [f"{_INDENT}{_row(cells, row.note, widths)}" for cells, row in zip(words, table.rows, strict=True)]


def _row(words: Sequence[str], note: str | None, widths: Sequence[int]) -> str:
    padded = [
        f"{word}," + " " * (width - _width(word)) for word, width in zip(words[:-1], widths, strict=False)
    ]
    behind = f"      # {note}" if note else ""
    return f"- [{' '.join([*padded, words[-1]])}]{behind}"


def _example(example: ExampleText) -> str:
    pairs = (
        f"{name if is_bare(name) else written_word(name)}: {_packed(each.text)}"
        for name, each in example.facts.items()
    )
    return "- {" + ", ".join(pairs) + "}"


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)


@dataclass(frozen=True, slots=True)
class _Item:
    """An item of a section: its first and last line, from 0."""

    part: Part
    first: int
    last: int


class _Changing:
    """One text on its way from one table to another, section by section."""

    def __init__(self, text: str, old: TableText, new: TableText) -> None:
        self._source = text
        self._lines = text.split("\n")
        self._old = old
        self._new = new
        self._sections = self._found()

    def text(self) -> str:
        """The changed text."""
        edits: list[tuple[int, int, list[str]]] = []
        for section in SECTIONS:
            if section == "default" or _part(self._old, section) == _part(self._new, section):
                continue
            edits += self._edits(section)
        if self._old.outputs != self._new.outputs and "default" in self._sections:
            # Each default is written with its output now.
            first, last = self._span("default")
            edits.append((first, last + 1, []))
        if self._old.note != self._new.note:
            count = len(self._old.note.split("\n")) if self._old.note else 0
            remark = [f"# {each}".rstrip() for each in self._new.note.split("\n")] if self._new.note else []
            edits.append((0, count, remark))
        # From the end on; of two at one line the later section comes later.
        for _, (first, end, lines) in sorted(enumerate(edits), key=_backwards, reverse=True):
            self._lines[first:end] = lines
        return "\n".join(self._lines)

    def _found(self) -> dict[str, tuple[Part, Part]]:
        spellings = spellings_of(WrittenTable, self._old.language)
        pairs = parts_of(self._source).pairs
        return {spellings[word_of(key) or ""][0]: (key, value) for key, value in pairs}

    def _span(self, section: str) -> tuple[int, int]:
        """The first and the last line of a section, without what is remarked behind it."""
        key, value = self._sections[section]
        last = value.last_line - 1
        if not value.is_flow and (value.is_mapping or value.is_sequence):
            last -= 1  # a block ends where the next line begins
        while last > key.line - 1 and (
            not self._lines[last].strip() or self._lines[last].lstrip().startswith("#")
        ):
            last -= 1
        return key.line - 1, last

    def _edits(self, section: str) -> Iterator[tuple[int, int, list[str]]]:
        written = _section(self._new, section)
        if section not in self._sections:
            yield self._behind(section), self._behind(section), written
            return
        first, last = self._span(section)
        items = self._items(section)
        if section in ("table", "id", "hit") and written:
            _, value = self._sections[section]
            rest = self._source[value.end :].split("\n", 1)[0]
            yield first, last + 1, [written[0] + rest]
        elif items is None or not written:
            yield first, last + 1, written
        else:
            yield from self._item_edits(section, items, written[1:])

    def _behind(self, section: str) -> int:
        """The line at which a section that is not there yet begins."""
        before = [each for each in SECTIONS[: SECTIONS.index(section)] if each in self._sections]
        return max((self._span(each)[1] for each in before), default=-1) + 1

    def _items(self, section: str) -> list[_Item] | None:
        """The items of a section that stands in lines of its own; None if it is written in another form."""
        key, value = self._sections[section]
        if section not in ("outputs", "rows", "ensure", "examples") or value.is_flow:
            return None
        heads = [name for name, _ in value.pairs] if value.is_mapping else listed(value)
        parts = [part for _, part in value.pairs] if value.is_mapping else heads
        found: list[_Item] = []
        for head, part in zip(heads, parts, strict=True):
            one_piece = part.is_flow or not (part.is_mapping or part.is_sequence)
            if not one_piece or head.line <= key.line or (found and head.line - 1 <= found[-1].last):
                return None
            found.append(_Item(part, head.line - 1, part.last_line - 1))
        return found

    def _item_edits(
        self, section: str, items: list[_Item], written: list[str]
    ) -> Iterator[tuple[int, int, list[str]]]:
        before: list[Any] = list(_compared(self._old, section))
        after: list[Any] = list(_compared(self._new, section))
        indent = self._lines[items[0].first][: len(self._lines[items[0].first].lstrip()) * -1 or None]
        written = [indent + each.strip() for each in written]
        codes = difflib.SequenceMatcher(None, *_numbered(before, after), autojunk=False).get_opcodes()
        for kind, i, j, k, m in codes:
            if kind == "equal":
                continue
            same = min(j - i, m - k)
            for at in range(same):
                yield self._replaced(section, items[i + at], after[k + at], written[k + at])
            for item in items[i + same : j]:
                yield item.first, item.last + 1, []
            behind = items[i + same - 1].last + 1 if i + same > 0 else items[0].first
            if m - k > same:
                yield behind, behind, written[k + same : m]

    def _replaced(self, section: str, item: _Item, new: Any, written: str) -> tuple[int, int, list[str]]:
        """An item in the place of another one; of a row only the cells that differ."""
        if section != "rows" or item.first != item.last or len(listed(item.part)) != len(new.cells):
            return item.first, item.last + 1, [written]
        start = item.part.start - (item.part.column - 1)
        line = self._lines[item.first]
        note = remark_behind(self._source, item.part.end)
        if (new.note or "") != note:
            line = line[: item.part.end - start] + (f"      # {new.note}" if new.note else "")
        for cell, words in reversed(list(zip(listed(item.part), new.cells, strict=True))):
            if (word_of(cell) or "").strip() != words.text:
                line = _with_cell(line, cell.start - start, cell.end - start, written_word(words.text))
        return item.first, item.last + 1, [line]


def _with_cell(line: str, first: int, end: int, word: str) -> str:
    """A line with another word in the place of a cell; the cells behind it stay in their column if they can."""
    behind = line[end:]
    wider = _width(word) - _width(line[first:end])
    if behind.startswith(","):
        spaces = len(behind) - 1 - len(behind[1:].lstrip(" "))
        if spaces:
            behind = "," + " " * max(1, spaces - wider) + behind[1 + spaces :]
    return line[:first] + word + behind


def _backwards(edit: tuple[int, tuple[int, int, list[str]]]) -> tuple[int, int, int]:
    """Where an edit stands among all: by its lines, then in the order of the sections."""
    number, (first, end, _) = edit
    return first, end, number


def _compared(table: TableText, section: str) -> Sequence[Any]:
    by_name: dict[str, Callable[[TableText], Sequence[Any]]] = {
        "outputs": lambda each: each.outputs,
        "rows": lambda each: each.rows,
        "ensure": lambda each: each.ensure,
        "examples": lambda each: each.examples,
    }
    return by_name[section](table)


def _numbered(before: list[Any], after: list[Any]) -> tuple[list[int], list[int]]:
    """Both lists as numbers, the same one for what is equal."""
    known: list[Any] = []

    def number(found: Any) -> int:
        if found not in known:
            known.append(found)
        return known.index(found)

    return [number(each) for each in before], [number(each) for each in after]
