"""Regular expressions that take no time, whatever the pattern and the text.

They run as automata, in time proportional to the text, without ever trying a second way: there is
no pattern that explodes. So back-references, which no automaton can follow, are refused.
Source: DMN 1.5, clause 10.3.4.3, and XPath functions and operators, clause 5.6.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from partybuild_flow.feel.arithmetic import LONGEST_TEXT
from partybuild_flow.feel.automaton import MOST_WORK, Exploded, Program, compile_pattern
from partybuild_flow.feel.pattern_syntax import PatternRefused, parse_pattern

FLAGS: Final = frozenset("smix")


@lru_cache(maxsize=256)
def _program(pattern: str, flags: str, *, liberal: bool = False) -> Program | None:
    if not FLAGS.issuperset(flags):
        return None
    try:
        return compile_pattern(parse_pattern(pattern, flags, liberal=liberal), flags)
    except PatternRefused:
        return None


def work(pattern: str, text: str) -> int:
    """What it costs to look for a pattern in a text."""
    program = _program(pattern, "")
    return 0 if program is None else min(program.work(len(text)), MOST_WORK)


def refusal(pattern: str) -> tuple[str, str] | None:
    """What keeps a pattern from being used, in English and Chinese; None if nothing does."""
    try:
        compile_pattern(parse_pattern(pattern, ""), "")
    except PatternRefused as refused:
        return refused.reason, refused.reason_zh
    return None


def is_found(pattern: str, flags: str, text: str, *, liberal: bool = False) -> bool | None:
    """Whether a pattern matches anywhere in a text; None for a pattern that cannot be used.

    A `liberal` one may refer back to its groups.
    """
    program = _program(pattern, flags, liberal=liberal)
    if program is None or program.work(len(text)) > MOST_WORK:
        return None
    try:
        return program.is_found(text)
    except Exploded:
        return None


def find_all(pattern: str, flags: str, text: str) -> list[tuple[int, int]] | None:
    """The places of all matches, from left to right; None for a pattern that cannot be used or matches nothing."""
    matches = _matches(pattern, flags, text)
    return None if matches is None else [(match[0], match[1]) for match in matches]


def replace_all(
    pattern: str, flags: str, text: str, replacement: str, *, liberal: bool = False
) -> str | None:
    """The text with all matches replaced; `$1` is the first group, `$0` all, `\\$` a dollar sign."""
    try:
        matches = _matches(pattern, flags, text, liberal=liberal)
    except Exploded:
        return None
    if matches is None:
        return None
    groups = len(matches[0]) // 2 - 1 if matches else 99
    parts = _replacement(replacement, groups)
    if parts is None:
        return None
    pieces: list[str] = []
    length = at = 0
    for match in matches:
        new = [
            text[at : match[0]],
            *(part if isinstance(part, str) else _group(text, match, part) for part in parts),
        ]
        length += sum(map(len, new))
        if length > LONGEST_TEXT:
            return None
        pieces += new
        at = match[1]
    return "".join(pieces) + text[at:]


def _matches(pattern: str, flags: str, text: str, *, liberal: bool = False) -> list[tuple[int, ...]] | None:
    """The bounds of each match and its groups; a pattern that matches the empty text is not used."""
    program = _program(pattern, flags, liberal=liberal)
    if program is None or program.work(len(text)) > MOST_WORK or program.is_found(""):
        return None
    found: list[tuple[int, ...]] = []
    at = gone_over = 0
    while True:
        match, end = program.search(text, at)
        gone_over += end - at
        if program.work(gone_over) > 2 * MOST_WORK:
            return None
        if match is None:
            return found
        found.append(match)
        at = match[1]


def _group(text: str, match: tuple[int, ...], number: int) -> str:
    begin, end = match[2 * number], match[2 * number + 1]
    return "" if begin < 0 or end < 0 else text[begin:end]


def _replacement(written: str, groups: int) -> list[str | int] | None:
    """The pieces of a replacement and the numbers of its groups; None if it cannot be read."""
    parts: list[str | int] = []
    at = 0
    while at < len(written):
        character, following = written[at], written[at + 1 : at + 2]
        if character == "\\":
            if following not in ("\\", "$"):
                return None
            parts.append(following)
            at += 2
        elif character == "$":
            if not (following.isascii() and following.isdigit()):
                return None
            end = at + 2
            while written[end : end + 1].isascii() and written[end : end + 1].isdigit():
                if int(written[at + 1 : end + 1]) > groups:
                    break
                end += 1
            number = int(written[at + 1 : end])
            parts.append(number if number <= groups else "")
            at = end
        else:
            parts.append(character)
            at += 1
    return parts
