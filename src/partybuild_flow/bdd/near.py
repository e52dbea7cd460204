"""The nearest of some known words, said as a hint."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from partybuild_flow.messages import Phrase


def or_near(word: str, known: Iterable[str]) -> Phrase | str:
    """“; did you mean …” for the nearest known word, else “; known: …”, else nothing."""
    words = list(dict.fromkeys(known))
    near = get_close_matches(word, words, n=1, cutoff=0.5)
    if near:
        return Phrase("feature-near", {"near": near[0]})
    return Phrase("feature-known", {"known": tuple(words[:12])}) if words else ""
