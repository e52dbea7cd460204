"""Messages with expressions in braces: '{类别}已受理'. `{{` and `}}` are plain braces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from partybuild_flow.feel.faults import ParsedTemplate
from partybuild_flow.feel.scope import Scope
from partybuild_flow.feel.tree import Expression
from partybuild_flow.feel.types import Value


def parse_template(text: str, scope: Scope) -> ParsedTemplate:
    """The literal pieces and expressions of a message, in order; offsets of faults are in the message."""
    raise NotImplementedError


def render_template(pieces: Sequence[str | Expression], facts: Mapping[str, Value]) -> str:
    """The message with its expressions' values filled in; a missing value is a dash."""
    raise NotImplementedError
