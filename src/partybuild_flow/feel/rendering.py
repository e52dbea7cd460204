"""Values as text, for messages and traces."""

from __future__ import annotations

from partybuild_flow.feel.types import Value


def text_of(value: Value) -> str:
    """A value as FEEL would write it: text in quotes, numbers without exponent."""
    raise NotImplementedError
