"""Text to a tree: what is read as it stands, where everything stands, what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from partybuild_flow.problems import Problem
from partybuild_flow.reader.text import FAST, MAX_DEPTH, AnyNode, Mapping, Scalar, Sequence, Source, read_tree

ROOT = Path(__file__).parent.parent
WRITTEN = sorted(
    path
    for folder in ("problems", "data/definitions")
    for path in (ROOT / folder).rglob("*.yaml")
    if b"\xff" not in path.read_bytes() and path.parent.name != "PF101"
)


def tree(text: str, *, fast: bool = FAST) -> AnyNode:
    found, problems = read_tree(Source("a.yaml", text, "en"), fast=fast)
    assert found is not None, problems
    return found


def refused(text: str, *, fast: bool = FAST) -> list[tuple[int, int, str]]:
    _, problems = read_tree(Source("a.yaml", text, "en"), fast=fast)
    return [(each.position.line, each.position.column, each.code) for each in problems]


def scalars(node: AnyNode) -> list[Scalar]:
    if isinstance(node, Scalar):
        return [node]
    if isinstance(node, Sequence):
        return [leaf for item in node.items for leaf in scalars(item)]
    return [leaf for key, value in node.entries for leaf in (key, *scalars(value))]


@pytest.mark.parametrize(
    "word", ["on", "no", "007", "12:30", "2024-05-01", "1e3", "0x1F", "null", "是", "1_000"]
)
def test_a_scalar_stays_text_until_a_place_asks_for_more(word: str) -> None:
    (scalar,) = scalars(tree(f"[{word}]"))
    assert scalar.text == word


def test_positions_count_characters_from_one() -> None:
    found = tree("字段:\n  类别: {代号: category}\n")
    assert [(leaf.text, leaf.line, leaf.column) for leaf in scalars(found)] == [
        ("字段", 1, 1),
        ("类别", 2, 3),
        ("代号", 2, 8),
        ("category", 2, 12),
    ]


def test_a_key_without_a_value_has_a_blank_one_at_its_own_place() -> None:
    found = tree("角色:\n  承办人:\n")
    assert isinstance(found, Mapping)
    _, value = found.entries[0]
    assert isinstance(value, Mapping)
    name, nothing = value.entries[0]
    assert isinstance(nothing, Scalar)
    assert nothing.blank
    assert (nothing.line, nothing.column) == (name.line, name.column)


def test_an_empty_text_in_quotes_is_not_blank() -> None:
    assert [leaf.blank for leaf in scalars(tree("['', ~, \"\"]"))] == [False, True, False]


def test_a_question_mark_inside_a_bracketed_word_belongs_to_it() -> None:
    assert [leaf.text for leaf in scalars(tree("[类别?, a ? b]", fast=False))] == ["类别?", "a ? b"]


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_both_parsers_lead_to_the_same_tree_and_problems(path: Path) -> None:
    source = Source("a.yaml", path.read_text(encoding="utf-8"), "zh-CN")

    def lines(problems: list[Problem]) -> list[str]:
        return [str(problem) for problem in problems]

    fast, fast_problems = read_tree(source)
    slow, slow_problems = read_tree(source, fast=False)
    assert fast == slow
    assert lines(fast_problems) == lines(slow_problems)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a: 天数 > 五", (1, 9)),
        ("a:   天数\n   > 五", (2, 6)),
        ("a: 天数    \n   > 五", (2, 6)),
        ("a: '天数 > 五'", (1, 10)),
        ("a: 'it''s 五'", (1, 11)),
        ('a: "天\\u6570 > 五"', (1, 15)),
        ('a: "天数 \\\n     > 五"', (2, 8)),
        ("a: |\n  天数\n    > 五\n", (3, 7)),
        ("a: >-\n  天数\n  > 五\n", (3, 5)),
        ("a: >\n  天数\n\n\n    x\n  > 五\n", (6, 5)),
        ("a: |2\n   天数 > 五\n", (2, 9)),
    ],
)
def test_an_offset_in_a_value_leads_to_its_character_in_the_file(text: str, found: tuple[int, int]) -> None:
    value = scalars(tree(text))[-1]
    position = value.at(value.text.index("五"))
    assert (position.line, position.column) == found


def test_the_end_of_a_value_stands_behind_its_last_character() -> None:
    value = scalars(tree("a: '天数 >'"))[-1]
    assert value.at(len(value.text)).column == 9


@pytest.mark.parametrize("fast", [FAST, False])
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", [(1, 1, "PF103")]),
        ("# nothing\n", [(1, 1, "PF103")]),
        ("---\n", [(1, 1, "PF103")]),
        ("a: 1\na: 2\nb: 1\nb: 2", [(2, 1, "PF132"), (4, 1, "PF132")]),
        ("a: &x 1\nb: &y {c: 2}", [(1, 4, "PF133"), (2, 4, "PF133")]),
        ("a: *x", [(1, 4, "PF134")]),
        ("a: !x 1", [(1, 4, "PF135")]),
        ("a: 1\n---\nb: 1", [(2, 1, "PF136")]),
        ("a: 1\n...\nb: 1", [(2, 1, "PF136")]),
        ("a: " + "[" * MAX_DEPTH, [(1, 3 + MAX_DEPTH, "PF137")]),
        ("? [a]\n: 1\nb: 2", [(1, 3, "PF138")]),
        ("# c\n%TAG ! x:\n---\na: 1", [(2, 1, "PF139")]),
        ("%YAML 2.0\n---\na: 1", [(1, 1, "PF139")]),
        ("a: b\u2028c", [(1, 5, "PF129")]),
        ("a: 1\n\tb: 1", [(2, 1, "PF128")]),
        ("a: [1,\t2]", [(1, 7, "PF128")]),
        ("a：1\nb: 2", [(1, 2, "PF130")]),
        ("a: {b：{c: 1}}", [(1, 6, "PF130")]),
        ("a: 'x\nb: 1", [(1, 4, "PF123")]),
        ('a: "x\\', [(1, 4, "PF123")]),
        ("a: {b: 1\nc: 2", [(1, 4, "PF122")]),
        ("a:\n  b: 1\n c: 2", [(3, 2, "PF121")]),
        (" a: 1\nb: 2", [(2, 1, "PF121")]),
    ],
)
def test_what_is_no_yaml_of_ours_is_told_at_its_place(
    text: str, found: list[tuple[int, int, str]], fast: bool
) -> None:
    assert refused(text, fast=fast) == found


@pytest.mark.parametrize("fast", [FAST, False])
@pytest.mark.parametrize(
    "text",
    [
        "%YAML 1.2\n---\na: 1",
        "# c\n---\na: 1\n...\n",
        "a: 1\n---\n# nothing follows\n",
        "a: '\t'",
        "a: 1 # \tcomment",
        "a: |\n  x\ty",
        "a: '---'",
    ],
)
def test_markers_comments_and_quoted_tabs_are_no_problem(text: str, fast: bool) -> None:
    assert refused(text, fast=fast) == []


def test_a_long_line_of_open_brackets_is_refused_at_once() -> None:
    assert refused("[" * 1_000_000) == [(1, MAX_DEPTH + 1, "PF137")]
