"""Sentences in English: terms, deadlines, relations, collected marks, calendars, features."""

from typing import Final

LIFECYCLES: Final[dict[str, str]] = {}
"""Problems, reasons and reports, by code."""

LIFECYCLE_PHRASES: Final[dict[str, str]] = {}
"""Parts of sentences, by code."""
