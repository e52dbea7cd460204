"""Keywords of both languages, and which language a text speaks."""

from __future__ import annotations

import pytest

from partybuild_flow.reader import written
from partybuild_flow.reader.keywords import CHINESE, spelled, spelled_truth, told_language
from partybuild_flow.reader.shape import keywords_of
from partybuild_flow.reader.written_form import TYPES

MODELS = [model for model in written.PART_WORDS]  # noqa: C416


def test_one_chinese_word_stands_for_one_english_word_at_every_place() -> None:
    for model in MODELS:
        keywords = [*keywords_of(model), *model.later]
        words = [spelled(keyword, "zh-CN") for keyword in keywords]
        assert len(set(words)) == len(words), model


def test_no_word_is_a_keyword_of_both_languages() -> None:
    assert set(CHINESE).isdisjoint(CHINESE.values())


def test_every_type_has_a_word_in_both_languages() -> None:
    assert set(TYPES) <= set(CHINESE)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("流程: a", "zh-CN"),
        ("workflow: 请假", "en"),
        ("# workflow: x\n\n决策表: a", "zh-CN"),
        ("---\n{'table': a}", "en"),
        ("流程：请假", "zh-CN"),
        ("- 流程: a", "zh-CN"),
        ("流城: 请假\n版本: 3", "zh-CN"),
        ("abc: 1", None),
        ("", None),
    ],
)
def test_the_first_keyword_tells_the_language(text: str, language: str | None) -> None:
    assert told_language(text) == language


def test_truths_are_spelled_in_the_language_of_the_file() -> None:
    assert [spelled_truth(True, "zh-CN"), spelled_truth(False, "en")] == ["是", "false"]
