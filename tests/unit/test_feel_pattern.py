"""Regular expressions find what Python's find, and take no time."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from partybuild_flow.feel.automaton import MOST_WORK, compile_pattern
from partybuild_flow.feel.pattern import find_all, is_found, refusal, replace_all
from partybuild_flow.feel.pattern_syntax import parse_pattern

atoms = st.sampled_from(["a", "b", "c", "国", ".", "[ab]", "[^a]", "[a-c]", "\\d", "\\s", "\\-", "x"])
patterns = st.recursive(
    atoms,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map("|".join).map("(?:{})".format),
        inner.map("({})".format),
        st.tuples(inner.map("(?:{})".format), st.sampled_from(["*", "+", "?", "*?", "+?", "??", "{2}", "{1,2}", "{0,2}?"])).map("".join),
        inner.map("^{}".format),
        inner.map("{}$".format),
    ),
    max_leaves=6,
)  # fmt: skip
texts = st.text(alphabet="aabbcx1 -国\n", max_size=12)


def in_python(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern.replace("$", r"\Z"))


@settings(max_examples=600, deadline=None)
@given(patterns, texts)
def test_a_pattern_is_found_where_python_finds_it(pattern: str, text: str) -> None:
    assert is_found(pattern, "s", text) is bool(re.search(in_python(pattern).pattern, text, re.S))


@settings(max_examples=600, deadline=None)
@given(patterns, texts)
@example("(?:^a)*$", "11")
def test_the_first_match_and_its_last_place_are_those_of_python(pattern: str, text: str) -> None:
    found, _ = compile_pattern(parse_pattern(pattern, ""), "").search(text, 0)
    expected = in_python(pattern).search(text)
    assert (found and found[:2]) == (expected and expected.span())


@settings(max_examples=300, deadline=None)
@given(patterns, texts)
def test_a_replacement_is_that_of_python(pattern: str, text: str) -> None:
    compiled = in_python(pattern)
    if compiled.search("") is not None:
        assert replace_all(pattern, "", text, "<$0>") is None
    elif not any(match.span()[0] == match.span()[1] for match in compiled.finditer(text)):
        assert replace_all(pattern, "", text, "<$0>") == compiled.sub(r"<\g<0>>", text)


@pytest.mark.parametrize(
    ("pattern", "flags", "text", "found"),
    [
        ("[a-z-[aeiou]]+", "", "aeiou", False),
        ("[a-z-[aeiou]]+", "", "xyz", True),
        ("\\p{Lu}", "", "aB", True),
        ("\\P{L}", "", "aB", False),
        ("[一-龥]", "", "国", True),
        ("[\\]\\-]", "", "-", True),
        ("[a\\-z]", "", "b", False),
        ("\\w+", "", "，。", False),
        ("\\i\\c*", "", "_a-1", True),
        ("a b", "x", "ab", True),
        ("A", "i", "a", True),
        ("a.b", "", "a\nb", False),
        ("a.b", "s", "a\nb", True),
        ("^b", "", "a\nb", False),
        ("^b", "m", "a\nb", True),
        ("a$", "m", "a\nb", True),
        ("a", "z", "a", None),
        ("(", "", "a", None),
        ("", "", "", True),
    ],
)
def test_classes_and_flags_of_the_standard(pattern: str, flags: str, text: str, found: bool | None) -> None:
    assert is_found(pattern, flags, text) is found


@pytest.mark.parametrize(
    ("pattern", "english", "chinese"),
    [
        ("(", "“(” is not closed", "“(”没有闭合"),
        ("a)", "“)” closes nothing", "“)”没有对应的“(”"),
        ("[a", "“[” is not closed", "“[”没有闭合"),
        ("a]", "“]” closes nothing", "“]”没有对应的括号"),
        ("*a", "nothing stands before “*”", "“*”前面没有内容"),
        ("a**", "nothing stands before “*”", "“*”前面没有内容"),
        ("(a)\\1", "it refers back to a group", "使用了反向引用"),
        ("a{x}", "a count is written {2} or {2,5}", "次数应写作 {2} 或 {2,5}"),
        ("a{5,2}", "the second count is smaller than the first", "后一个次数小于前一个"),
        ("a{1001}", "a count is at most 1000", "次数最多为 1000"),
        ("\\q", "“\\q” means nothing", "“\\q”没有意义"),
        ("\\p{X}", "“\\p{X}” is no category", "“\\p{X}”不是字符类别"),
        ("[z-a]", "the range “z-a” is empty", "范围“z-a”是空的"),
        ("(?=a)", "only (?: may stand after a bracket", "括号后只能写 (?:"),
        ("[[a]", "“[” inside a class is written “\\[”", "字符组中的“[”请写作“\\[”"),
        ("(a{99}){99}", "it repeats too much", "重复次数过多"),
        ("(" * 40 + ")" * 40, "groups are nested deeper than 30", "分组嵌套超过 30 层"),
        ("a" * 1001, "it has more than 1000 characters", "超过 1000 个字符"),
    ],
)
def test_a_pattern_that_cannot_be_used_is_refused_with_its_reason(
    pattern: str, english: str, chinese: str
) -> None:
    assert refusal(pattern) == (english, chinese)


@settings(max_examples=500, deadline=None)
@given(st.text(alphabet="ab()[]{}|*+?\\^$.-1,p", max_size=15), texts)
def test_any_pattern_is_read_or_refused(pattern: str, text: str) -> None:
    found = is_found(pattern, "", text)
    assert (found is None) is (refusal(pattern) is not None)
    find_all(pattern, "", text)


def test_work_grows_with_the_text_and_is_bounded() -> None:
    program = compile_pattern(parse_pattern("(a+)+$", ""), "")
    assert program.work(2_000) == 2 * program.work(1_000)
    assert is_found("(a+)+$", "", "a" * 1_000 + "b") is False
    assert is_found("(a+)+$", "", "a" * MOST_WORK) is None
    assert replace_all("a.*b|a", "", "a" * 20_000, "b") is None


def test_groups_are_numbered_and_a_group_that_took_no_part_is_empty() -> None:
    assert replace_all("(ab)|(a)", "", "abcd", "[1=$1][2=$2]") == "[1=ab][2=]cd"
    assert replace_all("(a)", "", "aa", "\\$$1\\\\") == "$a\\$a\\"
    assert replace_all("(a)", "", "a", "$12") == "a2"
    assert replace_all("(a)", "", "a", "$9") == ""
    assert replace_all("(a)", "", "a", "$") is None
    assert replace_all("(a)", "", "a", "\\n") is None
