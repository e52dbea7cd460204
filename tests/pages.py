"""The pages of the project as they are read: their blocks, the files that they show, their tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

PROJECT = Path(__file__).parent.parent
DOCS = PROJECT / "docs"
CHINESE = ".zh.md"
"""The end of the name of a page that says in Chinese what the one beside it says in English."""

_CAPTION = re.compile(r"`([^`]+)`[:：]")


class Block(NamedTuple):
    """A fenced block: its language, the file that the line before it names, its text."""

    language: str
    path: str | None
    text: str


def blocks(page: Path) -> list[Block]:
    """The blocks of a page, in order."""
    found: list[Block] = []
    caption, opened = "", None
    lines: list[str] = []
    for line in page.read_text(encoding="utf-8").splitlines():
        if opened is None and line.startswith("```"):
            opened, lines = line[3:].strip(), []
        elif opened is not None and line == "```":
            named = _CAPTION.fullmatch(caption)
            found.append(Block(opened, named[1] if named else None, "".join(f"{each}\n" for each in lines)))
            opened = None
        elif opened is not None:
            lines.append(line)
        elif line.strip():
            caption = line.strip()
    assert opened is None, f"{page.name}: a block is not closed"
    return found


def lay_out(page: Path, folder: Path) -> list[Path]:
    """Write the files that a page shows into a folder; those that were written."""
    written = []
    for block in blocks(page):
        if block.path is not None:
            path = folder / block.path
            path.parent.mkdir(parents=True, exist_ok=True)
            assert not path.exists(), f"{page.name} shows {block.path} twice"
            path.write_text(block.text, encoding="utf-8")
            written.append(path)
    return written


def program(page: Path) -> str:
    """All Python of a page that is no file of its own, in order."""
    return "\n".join(each.text for each in blocks(page) if each.language == "python" and each.path is None)


def prose(page: Path) -> Iterator[str]:
    """The lines of a page outside of its blocks."""
    within = False
    for line in page.read_text(encoding="utf-8").splitlines():
        if line.startswith("```"):
            within = not within
        elif not within:
            yield line


def shape(page: Path) -> list[str]:
    """How a page is built: its headings by depth, its list items, the columns of its rows, its blocks."""
    found = []
    for line in prose(page):
        if line.startswith("#"):
            found.append("#" * (len(line) - len(line.lstrip("#"))))
        elif line.startswith("|"):
            found.append("|" * len(re.findall(r"(?<!\\)\|", line)))
        elif re.match(r"- |[0-9]+\. ", line):
            found.append("-")
    return found
