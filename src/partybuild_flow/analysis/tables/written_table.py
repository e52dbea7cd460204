"""A decision table as it is written: every word of it with its place, whatever kind of file it stands in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from partybuild_flow.analysis.tables.yaml_nodes import Part, listed, packed, parts_of, word_of
from partybuild_flow.errors import WorkflowInvalid
from partybuild_flow.messages import Language
from partybuild_flow.problems import Position, Problem
from partybuild_flow.reader.keywords import told_language
from partybuild_flow.reader.shape import spellings_of
from partybuild_flow.reader.text import Source, read_tree
from partybuild_flow.reader.written import WrittenOutput, WrittenTable

OUTPUT_KEYS: Final = ("id", "type", "values", "ordered", "item", "default")
"""What may be written of an output, in the order in which it is shown."""
PACKED: Final = ("values", "item")
"""Of these, what may be a list or a mapping."""
SECTIONS: Final = ("table", "id", "hit", "inputs", "outputs", "rows", "ensure", "default", "examples")


@dataclass(frozen=True, slots=True)
class Words:
    """A text and where it stands; two are equal when their texts are."""

    text: str
    position: Position = field(compare=False, repr=False, default=Position("", 1, 1))


@dataclass(frozen=True, slots=True)
class OutputText:
    """An output: its name and what is written of it, by English keyword, or by a `<list>` that stands for keys."""

    name: Words
    told: Mapping[str, Words]


@dataclass(frozen=True, slots=True)
class RowText:
    """A row: its cells, tests before values, and the remark behind it, None if the file has no place for one."""

    cells: tuple[Words, ...]
    note: str | None = None
    position: Position = field(compare=False, repr=False, default=Position("", 1, 1))


@dataclass(frozen=True, slots=True)
class ExampleText:
    """An example: what is written for each name, packed into one text."""

    facts: Mapping[str, Words]
    position: Position = field(compare=False, repr=False, default=Position("", 1, 1))


@dataclass(frozen=True, slots=True)
class TableText:
    """A decision table as its file says it; `note` is what its first lines remark, None if there is no place for it."""

    language: Language
    table: Words
    id: Words | None
    hit: Words
    inputs: tuple[Words, ...]
    outputs: tuple[OutputText, ...]
    rows: tuple[RowText, ...]
    ensure: tuple[Words, ...] = ()
    examples: tuple[ExampleText, ...] = ()
    note: str | None = None


def table_of(text: str, path: str) -> TableText:
    """The table that a YAML text says.

    Raises:
        WorkflowInvalid: it is no YAML that we read, or PF560: something in it has no place in a sheet.
    """
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    language = told_language(plain) or "en"
    tree, problems = read_tree(Source(path, plain, language))
    if tree is None or problems:
        raise WorkflowInvalid(problems)
    return _Reading(plain, path, language).table()


def read_table_file(path: Path) -> tuple[str, TableText]:
    """The text of a `*.table.yaml` file, with plain line ends, and the table in it."""
    text = path.read_text(encoding="utf-8")
    return text, table_of(text, path.as_posix())


class _Reading:
    """The reading of one text."""

    def __init__(self, text: str, path: str, language: Language) -> None:
        self._text = text
        self._path = path
        self._language = language

    def table(self) -> TableText:
        root = parts_of(self._text)
        spellings = spellings_of(WrittenTable, self._language)
        sections: dict[str, Part] = {}
        for key, part in self._pairs(root):
            keyword, own = spellings.get(word_of(key) or "", ("", False))
            if not own:
                raise self._no_place(key, word_of(key) or "")
            sections[keyword] = part
        for keyword in ("table", "inputs", "outputs", "rows"):
            if keyword not in sections:
                raise self._no_place(root, keyword)
        apart = {word_of(key) or "": self._words(part) for key, part in self._pairs(sections.get("default"))}
        return TableText(
            self._language,
            self._words(sections["table"]),
            self._words(sections["id"]) if "id" in sections else None,
            self._words(sections["hit"]) if "hit" in sections else Words("U", self._at(root)),
            tuple(self._words(each) for each in listed(sections["inputs"])),
            tuple(self._outputs(sections["outputs"], apart)),
            tuple(self._row(each) for each in listed(sections["rows"])),
            tuple(self._words(each) for each in listed(sections.get("ensure"))),
            tuple(self._example(each) for each in listed(sections.get("examples"))),
            note_above(self._text),
        )

    def _outputs(self, section: Part, apart: dict[str, Words]) -> Iterator[OutputText]:
        """The outputs; a default that is written apart is taken to its output."""
        spellings = spellings_of(WrittenOutput, self._language)
        entries = (
            list(self._pairs(section)) if section.is_mapping else [(each, None) for each in listed(section)]
        )
        for name, part in entries:
            told: dict[str, Words] = {}
            for key, value in self._pairs(part):
                written = word_of(key) or ""
                keyword, own = spellings.get(written, (written, written.startswith("<")))
                if not own:
                    raise self._no_place(key, written)
                text = packed(value) if keyword in PACKED else word_of(value)
                if text is None:
                    raise self._no_place(value, written)
                told[keyword] = Words(text, self._at(value))
            for key_of_default in (word_of(name), told["id"].text if "id" in told else None):
                if key_of_default in apart and "default" not in told:
                    told["default"] = apart[key_of_default]
            yield OutputText(self._words(name), told)

    def _row(self, part: Part) -> RowText:
        if not part.is_sequence:
            raise self._no_place(part, word_of(part) or "")
        end = part.end
        note = remark_behind(self._text, end) if part.is_flow else ""
        return RowText(tuple(self._words(each) for each in listed(part)), note, self._at(part))

    def _example(self, part: Part) -> ExampleText:
        if not part.is_mapping:
            raise self._no_place(part, word_of(part) or "")
        facts = {
            word_of(key) or "": Words(packed(value), self._at(value)) for key, value in self._pairs(part)
        }
        return ExampleText(facts, self._at(part))

    def _pairs(self, part: Part | None) -> list[tuple[Part, Part]]:
        return [] if part is None else part.pairs

    def _words(self, part: Part) -> Words:
        text = word_of(part)
        if text is None:
            raise self._no_place(part, "")
        return Words(text.strip(), self._at(part))

    def _at(self, part: Part) -> Position:
        return Position(self._path, part.line, part.column)

    def _no_place(self, part: Part, word: str) -> WorkflowInvalid:
        return WorkflowInvalid([Problem("PF560", self._at(part), {"word": word}, self._language)])


def note_above(text: str) -> str:
    """What the comments before the first key say, a line each."""
    lines: list[str] = []
    for line in text.split("\n"):
        if not line.startswith("#"):
            break
        lines.append(line[1:].strip())
    return "\n".join(lines)


def remark_behind(text: str, end: int) -> str:
    """What the comment behind this index says, as long as its line goes."""
    behind = text[end:].split("\n", 1)[0].strip()
    return behind[1:].strip() if behind.startswith("#") else ""
