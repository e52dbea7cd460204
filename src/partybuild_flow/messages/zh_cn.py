"""Chinese sentences: plain official wording, full-width punctuation; equal in content to the English ones."""

from __future__ import annotations

from typing import Final

TEXT: Final[dict[str, str]] = {}
"""PF1xx: what is wrong in the text of a file, its keywords and its shape."""

MEANING: Final[dict[str, str]] = {}
"""PF2xx: names, states, transitions, deadlines."""

RULES: Final[dict[str, str]] = {}
"""PF3xx: tables and rule sets."""

EXPRESSIONS: Final[dict[str, str]] = {}
"""PF4xx: expressions."""

MATERIAL: Final[dict[str, str]] = {}
"""PF5xx: event logs, maps and what else the command line is given."""

REASONS: Final[dict[str, str]] = {}
"""Why an event was refused, and the words of traces."""

SENTENCES: Final[dict[str, str]] = TEXT | MEANING | RULES | EXPRESSIONS | MATERIAL | REASONS
