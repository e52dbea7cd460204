"""What is wrong in a written definition, and where. Values only: nothing here reads a file.

The sentence of a problem stands in `messages`, by its code and language, so that one problem
can be told to an analyst, printed as JSON or counted by a test.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from partybuild_flow.messages import Language, sentence

Severity = Literal["error", "warning"]


class Position(NamedTuple):
    """Where a word stands: the path as it was given, line and column counted from 1, in characters.

    `included` is where its file was included, if it is a fragment; the innermost place comes first.
    `sheet` is that of a workbook, where line and column are those of a cell.
    """

    path: str
    line: int
    column: int
    included: tuple[Position, ...] = ()
    sheet: str = ""

    @property
    def cell(self) -> str:
        """The cell of a sheet, as a spreadsheet calls it: `C7`."""
        letters, rest = "", self.column
        while rest > 0:
            rest, letter = divmod(rest - 1, 26)
            letters = chr(ord("A") + letter) + letters
        return f"{letters}{self.line}"

    def __str__(self) -> str:
        if self.sheet:
            return f"{self.path}!{self.sheet}!{self.cell}"
        return f"{self.path}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong in a written definition.

    `data` holds what the sentence names (what is written, what was expected, one fix); `language`
    is that of the file, told by its first keyword. An error keeps a definition from being
    published; a warning does not.
    """

    code: str
    position: Position
    data: Mapping[str, object] = field(default_factory=dict)
    language: Language = "en"
    severity: Severity = "error"

    @property
    def sentence(self) -> str:
        """The sentence alone, in the language of the file; it ends with where the file was included."""
        told = sentence(self.code, self.language, self.data)
        if not self.position.included:
            return told
        places = tuple(str(place) for place in self.position.included)
        return sentence("word.included", self.language, {"told": told, "places": places})

    def __str__(self) -> str:
        return f"{self.position}: {self.code} {self.sentence}"


def in_file_order(problems: list[Problem]) -> list[Problem]:
    """The problems by path, line, column and code, each once."""
    by_place = {(*problem.position, problem.code, problem.sentence): problem for problem in problems}
    return [by_place[place] for place in sorted(by_place)]
