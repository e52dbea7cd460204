"""From an offset in the value of a scalar back to the place in the file, for every way to write one.

Works on the file's text alone, so that it holds for any parser. Only used once something is wrong.
"""

from __future__ import annotations

from typing import Final

_BLANKS: Final = " \t\n"
_HEX_DIGITS: Final = {"x": 2, "u": 4, "U": 8}


def line_and_column(text: str, start: int, line: int, column: int, index: int) -> tuple[int, int]:
    """The line and column of `index`, counted from the known ones of `start`."""
    breaks = text.count("\n", start, index)
    if not breaks:
        return line, column + index - start
    return line + breaks, index - text.rfind("\n", start, index)


def offsets(text: str, start: int, style: str, value: str) -> list[int]:
    """The index in `text` of each character of `value`, and of its end; `start` is that of the scalar.

    A character that was made of several, such as an escape or a folded line, stands at the first of
    them. Offsets never decrease.
    """
    if style in ("|", ">"):
        return _block(text, start, style, value)
    return _flow(text, start, style, value)


def _flow(text: str, start: int, style: str, value: str) -> list[int]:
    at = start + (style != "")
    found = []
    position = 0
    while position < len(value):
        character = value[position]
        if style == '"' and text.startswith("\\", at):
            at, width = _escape(text, at)
            if width:  # an escaped line end stands for nothing
                found.append(at)
                at, position = at + width, position + 1
            continue
        if _breaks(text, at):
            end = _after_blanks(text, at)
            run = max(1, text.count("\n", at, end) - 1)  # one break is a space, n are n - 1 breaks
            found += [at] * run
            at, position = end, position + run
            continue
        found.append(min(at, len(text)))
        at += 2 if style == "'" and character == "'" else 1
        position += 1
    return [*found, min(at, len(text))]


def _breaks(text: str, at: int) -> bool:
    """Whether only blanks stand between here and the end of the line."""
    while at < len(text) and text[at] in " \t":
        at += 1
    return at < len(text) and text[at] in _BLANKS


def _after_blanks(text: str, at: int) -> int:
    while at < len(text) and text[at] in _BLANKS:
        at += 1
    return at


def _escape(text: str, at: int) -> tuple[int, int]:
    """Where the escape at `at` ends up and how many characters it is long; 0 for an escaped line end."""
    sign = text[at + 1 : at + 2]
    if sign == "\n":
        return _after_blanks(text, at + 1), 0
    return at, 2 + _HEX_DIGITS.get(sign, 0)


def _block(text: str, start: int, style: str, value: str) -> list[int]:
    lines = _content_lines(text, start, value)
    found: list[int] = []
    number, column = 0, 0
    for position, character in enumerate(value):
        begin, content = lines[min(number, len(lines) - 1)]
        if column < len(content) and content[column] == character:
            found.append(begin + column)
            column += 1
            continue
        found.append(min(begin + len(content), len(text)))
        number, column = number + 1, 0
        if style == ">" and value[position + 1 : position + 2] not in ("\n", ""):
            while number < len(lines) - 1 and not lines[number][1]:
                number += 1
    begin, content = lines[min(number, len(lines) - 1)]
    return [*found, min(begin + column, len(text))]


def _content_lines(text: str, start: int, value: str) -> list[tuple[int, str]]:
    """The lines below a block's header, without their indentation, each with its index in `text`."""
    lines: list[tuple[int, str]] = []
    at = text.find("\n", start) + 1
    while at and len(lines) <= len(value):
        end = text.find("\n", at)
        lines.append((at, text[at : end if end >= 0 else len(text)]))
        at = end + 1
    first = next((line for _, line in lines if line.strip(" ")), "")
    written = next((line for line in value.split("\n") if line.strip(" ")), "")
    indent = len(first) - len(first.lstrip(" ")) - (len(written) - len(written.lstrip(" ")))
    return [(begin + min(indent, len(line)), line[indent:]) for begin, line in lines] or [(len(text), "")]
