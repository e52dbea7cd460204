"""The step library: what is a step, which values it has, what is nearest; and its documentation."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path

import pytest

from partybuild_flow.bdd.documented import documented
from partybuild_flow.bdd.library import find, nearest, pattern_of
from partybuild_flow.bdd.steps import STEPS
from partybuild_flow.bdd.texts import SENTENCES, Sentence
from partybuild_flow.messages import Language

LANGUAGES: tuple[Language, ...] = ("zh-CN", "en")
TEXTS = [
    pytest.param(sentence, text, id=text)
    for sentence in SENTENCES
    for language in LANGUAGES
    for text in sentence.texts(language)
]
DOCS = Path(__file__).parents[2] / "docs"
PAGES: dict[Language, Path] = {"en": DOCS / "features.md", "zh-CN": DOCS / "features.zh.md"}


def ways(text: str) -> list[str]:
    """A text with every choice of what may be left out, and values in its places."""
    parts = re.split(r"(\[[^\]]*\]|\([^)]*\|[^)]*\))", text)
    choices = []
    for part in parts:
        if part.startswith("["):
            choices.append(["", part[1:-1]])
        elif part.startswith("(") and "|" in part:
            choices.append(part[1:-1].split("|"))
        else:
            choices.append([part])
    spelled = ("".join(chosen) for chosen in product(*choices))
    return [re.sub(r"\{\w+#\}", "7", re.sub(r"“\{(\w+)\}”", r"“=\1”", each)) for each in spelled]


def test_every_sentence_can_be_carried_out_and_nothing_else_can() -> None:
    assert {each.key for each in SENTENCES} == set(STEPS)
    assert len({each.key for each in SENTENCES}) == len(SENTENCES)


@pytest.mark.parametrize(("sentence", "text"), TEXTS)
def test_a_step_is_one_sentence_only_and_gives_its_values_back(sentence: Sentence, text: str) -> None:
    for step in ways(text):
        matching = {
            each.key
            for each in SENTENCES
            for language in LANGUAGES
            for other in each.texts(language)
            if pattern_of(other).fullmatch(step)
        }
        assert matching == {sentence.key}, step
        found = find(step)
        assert found is not None
        assert all(value in ("7", f"={name}") for name, value in found.values.items()), step
        straight = find(step.replace("“", '"').replace("”", '"'))
        assert straight is not None
        assert straight.values == found.values


def test_commas_colons_and_spaces_may_be_of_either_kind() -> None:
    plain = find("“甲”发起“乙”，于“丙”")
    assert plain is not None
    for written in ("“甲”发起“乙”,于“丙”", "“甲”发起“乙”， 于“丙”：", '"甲"发起"乙"，于"丙"'):
        found = find(written)
        assert found is not None
        assert found.values == plain.values
    counted = [find(each) for each in ("历史有3条", "历史有 3 条", "历史有“3”条")]
    assert [each.values if each else None for each in counted] == [{"count": "3"}] * 3


def test_a_value_may_hold_quotes_itself() -> None:
    found = find("被拒绝，因为“状态“填报中”不能执行“评定””")
    assert found is not None
    assert found.values["reason"] == "状态“填报中”不能执行“评定”"


@pytest.mark.parametrize(
    ("step", "meant"),
    [
        ("“小周”执行了事件“派单”", "“{actor}”逐件执行“{event}”"),
        ("状态为“已派单”", "[“{case}”的]状态是“{state}”"),
        ("the status is “open”", "the state[ of “{case}”] is “{state}”"),
    ],
)
def test_an_unknown_step_is_answered_with_the_nearest_of_its_language(step: str, meant: str) -> None:
    assert find(step) is None
    assert meant in nearest(step)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_of_features_describes_exactly_the_library(language: Language) -> None:
    page = PAGES[language].read_text(encoding="utf-8")
    assert documented(language) in page, f"run: python -m partybuild_flow.bdd.documented {PAGES[language]}"
    assert len(re.findall(r"^### ", page, re.MULTILINE)) == 3
