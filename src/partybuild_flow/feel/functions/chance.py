"""Drawing by lot: the order that a number stands for. Ours, not part of DMN.

The same list and number give the same order in every version of Python and of this package, so that
a recorded draw can be done again by anybody.
"""

from __future__ import annotations

from decimal import Decimal
from hashlib import sha256
from typing import Any, Final

from partybuild_flow.feel.functions.signature import function, takes
from partybuild_flow.feel.types import ANY, NUMBER, list_of

_WORD: Final = 2**64


class Lots:
    """Numbers that follow from one whole number: 64 bits at a time, from SHA-256 over `number:1`, `number:2`, …"""

    def __init__(self, number: int) -> None:
        self._number = number
        self._drawn = 0
        self._words: list[int] = []

    def below(self, limit: int) -> int:
        """The next number from 0 to `limit` - 1, each as likely as the others."""
        most = _WORD - _WORD % limit
        while True:
            word = self._word()
            if word < most:
                return word % limit

    def _word(self) -> int:
        if not self._words:
            self._drawn += 1
            digest = sha256(f"{self._number}:{self._drawn}".encode()).digest()
            self._words = [int.from_bytes(digest[at : at + 8]) for at in range(24, -1, -8)]
        return self._words.pop()


def shuffled(items: list[Any], lot: Decimal) -> list[Any] | None:
    """The items in the order that a whole number stands for, by Fisher and Yates; None for any other number."""
    if lot != lot.to_integral_value() or lot.adjusted() > 40:
        return None
    lots = Lots(int(lot))
    order = list(items)
    for last in range(len(order) - 1, 0, -1):
        chosen = lots.below(last + 1)
        order[last], order[chosen] = order[chosen], order[last]
    return order


FUNCTIONS: Final = (
    function(
        "shuffle",
        [takes("list", list_of(ANY)), takes("lot", NUMBER)],
        lambda types: types[0] if types[0].kind == "list" else list_of(ANY),
        shuffled,
    ),
)
