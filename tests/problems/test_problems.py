"""Every code has a bad file beside this one, told with exactly the lines of its `expected.txt`."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from partybuild_flow.checks import check
from partybuild_flow.errors import WorkflowInvalid
from partybuild_flow.messages import catalogue, phrases, sentence
from partybuild_flow.reader import read_workflow
from partybuild_flow.reader.calendars import read_calendar

HERE = Path(__file__).parent
PAGE = HERE.parent.parent / "docs" / "problems.md"
BAD = sorted(path.parent.name for path in HERE.glob("PF*/expected.txt"))
CODES = sorted(code for code in catalogue("en") if re.fullmatch(r"PF(?:[1-4]\d|54)\d", code))
ELSEWHERE = {
    "PF102": "a file of more than 5 MB: tests/unit/test_reader_files.py",
    "PF141": "a symbolic link: tests/unit/test_reader_files.py",
    "PF143": "a folder in place of a file: tests/unit/test_reader_files.py",
    "PF259": "a set that a caller asks for: tests/unit/test_reader_parameters.py",
    "PF403": "names that clash are told as PF207 where they are declared: tests/unit/test_feel_parser.py",
    "PF437": "a literal is told by what its place expects, as PF224: tests/unit/test_feel_parser.py",
}


def told(folder: str) -> str:
    """What an analyst is told about a definition, from the folder above it."""
    calendar = next(Path(folder).glob("*.calendar.yaml"), None)
    try:
        if calendar is not None:
            read_calendar(calendar)
            return ""
        problems = check(read_workflow(Path(folder)))
    except WorkflowInvalid as refused:
        problems = refused.problems
    return "".join(f"{problem}\n" for problem in problems)


@pytest.mark.parametrize("folder", BAD)
def test_a_bad_file_is_told_with_its_exact_lines(folder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(HERE)
    expected = Path(folder, "expected.txt").read_text(encoding="utf-8")
    assert told(folder) == expected
    assert f": {folder[:5]} " in expected


def test_every_folder_of_a_bad_file_says_what_is_expected() -> None:
    assert sorted(path.name for path in HERE.glob("PF*")) == BAD


@pytest.mark.parametrize("code", CODES)
def test_every_code_has_a_bad_file(code: str) -> None:
    assert any(folder.startswith(code) for folder in BAD) != (code in ELSEWHERE)


def test_both_languages_hold_the_same_codes_and_phrases() -> None:
    assert set(catalogue("en")) == set(catalogue("zh-CN"))
    assert set(phrases("en")) == set(phrases("zh-CN"))


@pytest.mark.parametrize("code", CODES)
def test_both_languages_name_the_same_things(code: str) -> None:
    names = [
        sorted(set(re.findall(r"(?<!{){(\w+?)(?:_zh)?}(?!})", catalogue(language)[code])))
        for language in ("en", "zh-CN")
    ]
    assert names[0] == names[1]


@pytest.mark.parametrize("code", CODES)
def test_chinese_sentences_are_chinese_and_use_its_punctuation(code: str) -> None:
    words = re.sub(r"{\w+}|“[^”]*”", "", catalogue("zh-CN")[code])
    assert re.search("[一-龥]", words)
    assert not re.search("[一-龥][,;?!]", words)


def test_every_code_has_one_heading_in_the_page_of_problems() -> None:
    headings = Counter(re.findall(r"^#+ (PF\d+)\b", PAGE.read_text(encoding="utf-8"), re.MULTILINE))
    assert headings == Counter({code: 1 for code in catalogue("en") if code.startswith("PF")})


def test_a_sentence_tells_phrases_and_lists_in_its_language() -> None:
    from partybuild_flow.messages import Phrase

    data = {"word": "taget", "part": Phrase("part-rule"), "hint": Phrase("else"), "allowed": ("id", "when")}
    assert sentence("PF104", "en", data) == "“taget” is no keyword in a rule; allowed here: id, when"
    assert sentence("PF104", "zh-CN", data) == "规则中没有关键字“taget”；这里可以写：id、when"
