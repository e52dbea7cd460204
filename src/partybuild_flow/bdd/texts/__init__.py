"""The texts of all steps, as data: Chinese and English twins, in the order in which the documentation lists them."""

from __future__ import annotations

from typing import Final

from partybuild_flow.bdd.texts.beginning import BEGINNING
from partybuild_flow.bdd.texts.happening import HAPPENING
from partybuild_flow.bdd.texts.promised import PROMISED
from partybuild_flow.bdd.texts.sentence import Sentence

SENTENCES: Final[tuple[Sentence, ...]] = (*BEGINNING, *HAPPENING, *PROMISED)
"""Every step of the library."""

__all__ = ["BEGINNING", "HAPPENING", "PROMISED", "SENTENCES", "Sentence"]
