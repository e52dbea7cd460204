"""The shape of a file: keywords at their places, values in their forms, nothing told twice."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from partybuild_flow.errors import WorkflowInvalid
from partybuild_flow.problems import Problem
from partybuild_flow.reader import read_texts
from partybuild_flow.reader.text import AnyNode, Scalar, Sequence, Source, read_tree
from tests.leave import LEAVE, QINGJIA, changed, told


def test_both_small_definitions_read_well() -> None:
    assert told() == []
    assert told(text=QINGJIA) == []


def test_all_problems_of_shape_are_told_at_once_in_file_order() -> None:
    found = told(
        ("type: integer", "tipe: integer"), ("roles: [", "rules: ["), ("to: granted", "to: [granted]")
    )
    assert found == ["PF104 tipe", "PF104 rules", "PF108 ["]


def test_a_misspelt_section_is_not_followed_by_unknown_names() -> None:
    assert told(("roles:", "rolls:")) == ["PF104 rolls"]
    assert told(("fields:", "feilds:"), ("by: head", "by: head, when: days > 5")) == ["PF104 feilds"]


def test_a_part_with_a_problem_keeps_its_name() -> None:
    assert told(("type: unit", "type: units"), ("by: head", "by: {role: head, at: office}")) == [
        "PF109 units"
    ]


def test_a_transition_with_a_problem_is_read_on() -> None:
    assert told(("on: grant", "onn: 1, on: grant"), ("to: granted", "to: grant")) == [
        "PF104 onn",
        "PF201 grant",
    ]


def test_a_transition_without_event_is_not_followed_by_an_unknown_event() -> None:
    assert told(("on: grant, ", ""), ("by: head, to: refused", "by: head, not-by: grant, to: refused")) == [
        "PF107 {"
    ]


def test_a_word_may_stand_alone_where_a_list_may() -> None:
    assert told(("needs: [days, reason, office]", "needs: days")) == []


def test_names_may_be_a_list_where_nothing_needs_to_be_said_of_them() -> None:
    assert (
        told(
            (
                "  asked: {}\n  granted: {final: true}\n  refused: {final: true}\n",
                "  [asked, granted, refused]\n",
            )
        )
        == []
    )
    assert told(("fields:\n", "fields: [a]\nfields:\n")) != []


@pytest.mark.parametrize("section", ["fields", "roles", "deadlines", "parameters", "look-ups"])
def test_an_empty_section_says_nothing(section: str) -> None:
    bare = "workflow: x\nstates: [a]\ntransitions:\n  - {on: go, by: anyone, to: a}\n"
    assert told(text=f"{bare}{section}:\n") == []


def test_a_keyword_of_the_other_language_is_told_and_understood() -> None:
    assert told(("to: granted", "到: grantd")) == ["PF105 到", "PF201 grantd"]


def test_names_are_never_keywords() -> None:
    assert told(("office: {type: unit}", "状态: {type: unit}"), ("reason, office", "reason, 状态")) == []
    assert told(("  科室:", "  type:"), ("事由, 科室", "事由, type"), text=QINGJIA) == []


def test_an_alias_is_told_once_and_nothing_follows_from_it() -> None:
    assert told(("type: integer", "type: *days")) == ["PF134 *"]
    assert told(("to: granted", "to: *x"), ("[holiday, illness]", "*x")) == ["PF134 *", "PF134 *"]
    assert told(("roles: [clerk, head]", "roles: *x")) == ["PF134 *"]


def test_a_glued_colon_is_told_as_such_wherever_it_stands() -> None:
    assert told(("{type: integer}", "{type:integer}")) == ["PF131 :"]
    assert told(("{代号: days", "{代号：days"), text=QINGJIA) == ["PF130 ："]
    assert told(("  科室: ", "  科室："), text=QINGJIA) == ["PF130 ："]
    assert told(("角色: [职员, 主管]", "角色：[职员, 主管]"), text=QINGJIA) == ["PF130 ："]


def test_what_a_later_version_carries_out_is_said_to_be_known() -> None:
    assert told(("by: head, to: granted", "by: head, read: exact, to: granted")) == ["PF106 read"]


def test_an_unfinished_file_says_all_that_it_lacks() -> None:
    assert told(text="workflow: x\n") == ["PF107 workflow", "PF107 workflow"]


def test_a_file_of_another_form_says_what_belongs_there() -> None:
    assert told(text="- workflow: x\n") == ["PF108 -"]
    assert told(text="workflow\n") == ["PF108 workflow"]
    assert told(approval_table="[]") == ["PF108 ["]


def test_quotes_do_not_change_what_a_keyword_means() -> None:
    assert told(text=changed(LEAVE, ("type: integer", "'type': \"integer\""))) == []


DEFINITIONS = Path(__file__).parent.parent / "data" / "definitions"


def words(node: AnyNode) -> Iterator[Scalar]:
    """Every key and value of one line."""
    if isinstance(node, Scalar):
        if node.text and node.style not in ("|", ">"):
            yield node
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from words(item)
    else:
        for key, value in node.entries:
            yield key
            yield from words(value)


@pytest.mark.parametrize("file", sorted(DEFINITIONS.rglob("*.yaml")), ids=lambda path: path.name)
def test_nothing_is_told_of_what_follows_from_a_list_in_the_place_of_a_word(file: Path) -> None:
    texts = {path.name: path.read_text(encoding="utf-8") for path in sorted(file.parent.iterdir())}
    text = texts[file.name]
    tree, _ = read_tree(Source(file.name, text, "en"))
    assert tree is not None
    for word in words(tree):
        end = word.start + len(word.text) + 2 * bool(word.style)
        listed = f"{text[: word.start]}[{text[word.start : end]}]{text[end:]}"
        assert len(problems({**texts, file.name: listed})) <= 1, listed[word.start - 20 : end + 20]


def problems(texts: dict[str, str]) -> tuple[Problem, ...]:
    try:
        read_texts(texts, "x")
    except WorkflowInvalid as refused:
        return refused.problems
    return ()
