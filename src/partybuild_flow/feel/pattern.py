"""Regular expressions that take no time, whatever the pattern."""

from __future__ import annotations


def refusal(pattern: str) -> str | None:
    """What keeps a pattern from being used; None if nothing does."""
    return None


def is_found(pattern: str, flags: str, text: str) -> bool | None:
    """Whether a pattern matches anywhere in a text; None for a pattern that cannot be read."""
    return None


def find_all(pattern: str, flags: str, text: str) -> list[tuple[int, int]] | None:
    """The places of all matches, from left to right."""
    return None


def replace_all(pattern: str, flags: str, text: str, replacement: str) -> str | None:
    """The text with all matches replaced."""
    return None
