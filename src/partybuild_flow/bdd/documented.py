"""The step library as a page of documentation. Run as a program it writes the library into a page, between its marks."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Final

from partybuild_flow.bdd.texts import BEGINNING, HAPPENING, PROMISED, Sentence
from partybuild_flow.messages import Language

_TITLES: Final[dict[Language, tuple[str, str, str]]] = {
    "zh-CN": ("起初", "发生", "应当"),
    "en": ("To begin with", "What happens", "What must hold"),
}
_TAKES: Final[dict[Language, dict[str, str]]] = {
    "zh-CN": {"": "", "pairs": "（下接两列表）", "rows": "（下接有表头的表）", "text": "（下接多行文本）"},
    "en": {
        "": "",
        "pairs": " (a table of two columns below)",
        "rows": " (a table with a heading below)",
        "text": " (a doc string below)",
    },
}


def documented(language: Language) -> str:
    """Every step in one language, as Markdown."""
    lines = []
    parts = (BEGINNING, HAPPENING, PROMISED)
    for title, sentences in zip(_TITLES[language], parts, strict=True):
        lines += [f"### {title}", ""]
        for sentence in sentences:
            lines += _described(sentence, language)
        lines.append("")
    return "\n".join(lines).strip() + "\n"


def written_into(page: str) -> str:
    """A page with the present library between its marks, `<!-- steps zh-CN -->` and `<!-- end -->`."""
    for language in _TITLES:
        steps = documented(language)
        page = re.sub(
            rf"(<!-- steps {language} -->\n).*?(<!-- end -->)",
            lambda marks, steps=steps: f"{marks[1]}{steps}{marks[2]}",  # type: ignore[misc]
            page,
            flags=re.DOTALL,
        )
    return page


def _described(sentence: Sentence, language: Language) -> list[str]:
    texts = [f"`{text}`" for text in sentence.texts(language)]
    return [
        f"- {'<br>'.join(texts)}{_TAKES[language][sentence.takes]}",
        f"  {sentence.about(language)}",
    ]


def main() -> None:
    """Rewrite the page that is named."""
    path = Path(sys.argv[1])
    path.write_text(written_into(path.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
