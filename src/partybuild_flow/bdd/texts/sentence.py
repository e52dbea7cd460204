"""One step of the library: what it does, and how it is written in both languages."""

from __future__ import annotations

from typing import Literal, NamedTuple

from partybuild_flow.messages import Language

Takes = Literal["", "pairs", "rows", "text"]
"""What may stand below a step: name and value in two columns, rows under a heading, a long text."""


class Sentence(NamedTuple):
    """A step: `“{name}”` stands for a value in quotes, `{name#}` for a whole number, `[…]` may be left out."""

    key: str
    """What it does; twins share it, and the function that carries it out is found by it."""
    zh: tuple[str, ...]
    en: tuple[str, ...]
    about_zh: str
    about_en: str
    takes: Takes = ""

    def texts(self, language: Language) -> tuple[str, ...]:
        """The ways to write it in one language."""
        return self.zh if language == "zh-CN" else self.en

    def about(self, language: Language) -> str:
        """What it does, for people."""
        return self.about_zh if language == "zh-CN" else self.about_en
