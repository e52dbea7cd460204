"""Offsets in a value lead back to its characters, however the value is written."""

from __future__ import annotations

import yaml
from hypothesis import assume, given
from hypothesis import strategies as st

from partybuild_flow.reader.offsets import offsets
from partybuild_flow.reader.text import Mapping, Scalar, Source, read_tree

VALUES = st.text(st.sampled_from("ab 得分 \n'\"\\é>=,x:#-"), min_size=1, max_size=40)
STYLES = st.sampled_from(["'", '"', "|", ">", None])


@given(VALUES, STYLES, st.sampled_from([5, 10, 80]))
def test_every_offset_leads_to_its_own_character(value: str, style: str | None, width: int) -> None:
    text = yaml.safe_dump({"k": {"z": value}}, default_style=style, allow_unicode=True, width=width)
    tree, problems = read_tree(Source("a.yaml", text, "en"))
    assume(not problems)  # with a style for every scalar, PyYAML may write tags or the complex form of keys
    value = yaml.safe_load(text)["k"]["z"]  # PyYAML folds some lines that begin with a space into others
    assert isinstance(tree, Mapping)
    inner = tree.entries[0][1]
    assert isinstance(inner, Mapping)
    scalar = inner.entries[0][1]
    assert isinstance(scalar, Scalar)
    assert scalar.text == value
    found = offsets(text, scalar.start, scalar.style, value)
    assert found == sorted(found)
    assert len(found) == len(value) + 1
    for character, index in zip(value, found, strict=False):
        if character not in " \n":
            assert text[index] in (character, "\\")


@given(VALUES, STYLES)
def test_every_offset_has_a_line_and_column_of_its_character(value: str, style: str | None) -> None:
    text = yaml.safe_dump([{"z": value}], default_style=style, allow_unicode=True)
    tree, problems = read_tree(Source("a.yaml", text, "en"))
    assume(not problems and tree is not None)
    lines = text.split("\n")
    scalar = next(leaf for leaf in _scalars(tree) if leaf.text == value)
    for offset, character in enumerate(value):
        position = scalar.at(offset)
        if character not in " \n":
            assert lines[position.line - 1][position.column - 1] in (character, "\\")


def _scalars(node: object) -> list[Scalar]:
    if isinstance(node, Scalar):
        return [node]
    if isinstance(node, Mapping):
        return [leaf for _, value in node.entries for leaf in _scalars(value)]
    return [leaf for item in getattr(node, "items", ()) for leaf in _scalars(item)]
