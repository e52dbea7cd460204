"""The written form of an inclusion: which fragment, with what for its holes; and of the holes themselves."""

from __future__ import annotations

from typing import Annotated, ClassVar, Final

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from partybuild_flow.messages import Phrase
from partybuild_flow.reader.text import AnyNode, Scalar
from partybuild_flow.reader.written_form import Keyword, Pairs, Place, Word, Written, keyword_of

KINDS: Final = ("state", "field", "role", "event", "cases", "expression", "text", "parts")
"""What may be asked for: the name of a part, an expression, a text, or parts that are put where they are asked for."""


def _kind(node: object) -> Keyword:
    if not isinstance(node, Scalar):
        raise PydanticCustomError("is_instance_of", "a word is expected")
    return keyword_of(node, KINDS)


class WrittenInclude(Written):
    """An entry of `include`."""

    short: ClassVar[str | None] = "fragment"

    fragment: Word
    with_: Pairs = ()


class WrittenHole(Written):
    """An entry of `takes`: a hole of a fragment; a name that ends with `?` need not be given."""

    short: ClassVar[str | None] = "type"

    name: Annotated[Word, Place("node")] = Field(alias="@name")
    type: Annotated[Keyword, BeforeValidator(_kind)]
    default: Annotated[AnyNode | None, Place("node")] = None


INCLUDE_WORDS: Final[dict[type[Written], Phrase]] = {
    WrittenInclude: Phrase("part-include"),
    WrittenHole: Phrase("part-hole"),
}
"""How a sentence calls each kind of part."""
