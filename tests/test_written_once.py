"""The shipped definitions: no block of them stands twice, in one file or in several."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import pytest

from partybuild_flow.reader.text import AnyNode, Scalar, Sequence, Source, read_tree
from tests.conftest import PROJECT

WORKFLOWS = PROJECT / "workflows"
BLOCK = 4
"""A mapping or a list of so many words or more is a block: it is written once."""
ALIKE = 6
"""Two blocks that have so many entries in common are one, with something that differs."""
_HOLES = re.compile(r"(<[^<>]+>|[^\w<>])*")


class Block(NamedTuple):
    """A mapping or a list, where it stands, what it says and how many words it holds."""

    place: str
    says: frozenset[object] | tuple[object, ...]
    size: int


def said(node: AnyNode) -> object:
    """What a node says, wherever it is written."""
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Sequence):
        return tuple(map(said, node.items))
    return frozenset((key.text, said(value)) for key, value in node.entries)


def size(node: AnyNode) -> int:
    """How many words a node holds, those of its keys left out."""
    if isinstance(node, Scalar):
        return 1
    if isinstance(node, Sequence):
        return sum(map(size, node.items))
    return sum(size(value) for _, value in node.entries)


def blocks(node: AnyNode, file: str) -> Iterator[Block]:
    """All mappings and lists of a tree."""
    if isinstance(node, Scalar):
        return
    found = said(node)
    assert isinstance(found, tuple | frozenset)
    yield Block(f"{file}:{node.line}", found, size(node))
    for each in node.items if isinstance(node, Sequence) else [value for _, value in node.entries]:
        yield from blocks(each, file)


def all_blocks(folder: Path) -> list[Block]:
    found: list[Block] = []
    for path in sorted(folder.rglob("*.yaml")):
        tree, problems = read_tree(Source(path.as_posix(), path.read_text(encoding="utf-8"), "zh-CN"))
        assert tree is not None
        assert problems == []
        found += blocks(tree, path.relative_to(folder).as_posix())
    return found


def twice(found: list[Block]) -> list[str]:
    """The places of blocks that stand in more than one."""
    places: dict[object, list[str]] = {}
    for block in found:
        if block.size >= BLOCK:
            places.setdefault(block.says, []).append(block.place)
    return [" = ".join(each) for each in places.values() if len(each) > 1]


def alike(found: list[Block]) -> list[str]:
    """The places of two mappings that have many entries in common; those of nothing but holes do not count."""
    mappings = [
        (block.place, frozenset(each for each in block.says if not _is_signature(each)))
        for block in found
        if isinstance(block.says, frozenset) and len(block.says) >= ALIKE
    ]
    pairs = combinations(mappings, 2)
    return [f"{one[0]} ~ {other[0]}" for one, other in pairs if len(one[1] & other[1]) >= ALIKE]


def _is_signature(entry: object) -> bool:
    """Whether an entry only hands on what was given, or says which kind of thing a hole asks for."""
    _, value = entry if isinstance(entry, tuple) else (None, None)
    kinds = ("状态", "字段", "角色", "事件", "关联", "表达式", "文本", "部分")
    return value in kinds or bool(_HOLES.fullmatch(_words(value)))


def _words(value: object) -> str:
    return value if isinstance(value, str) else " ".join(_words(part) for part in _parts(value))


def _parts(value: object) -> list[object]:
    if isinstance(value, frozenset):
        return [word for _, word in value]
    return list(value) if isinstance(value, tuple) else []


@pytest.fixture(scope="module")
def shipped() -> list[Block]:
    return all_blocks(WORKFLOWS)


def test_no_block_of_a_shipped_definition_stands_twice(shipped: list[Block]) -> None:
    assert twice(shipped) == []


def test_no_two_blocks_of_the_shipped_definitions_are_alike_but_for_a_name(shipped: list[Block]) -> None:
    assert alike(shipped) == []


def test_what_families_do_alike_is_written_once_and_included_by_several() -> None:
    """Return, transfer, delegate, merge, redo, suspend, supervise: shared, and in use."""
    texts = {path: path.read_text(encoding="utf-8") for path in WORKFLOWS.rglob("*.yaml")}
    for name in ("退回", "移交", "转派", "并案", "返工", "挂起"):
        used = {path.parent for path, text in texts.items() if re.search(rf"片段: {name}\b", text)}
        assert len(used - {WORKFLOWS / "shared"}) >= 2, name
    assert any("片段: 督办\n" in text and "流程:" in text for text in texts.values())


@pytest.mark.parametrize(
    "text",
    [
        "a: [k, l, m, n]\nb: [k, l, m, n]",
        "a: {k: 1, l: 2, m: [3, 4]}\nb:\n  m: [3, 4]\n  l: 2\n  k: 1",
        "a:\n  - {x: 1, y: {k: 1, l: 2, m: 3, n: 4}}\n  - {z: 1, y: {k: 1, l: 2, m: 3, n: 4}}",
    ],
)
def test_a_block_that_stands_twice_is_found(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.yaml").write_text(text, encoding="utf-8")
    assert len(twice(all_blocks(tmp_path))) == 1


def test_blocks_that_differ_in_a_name_are_found_and_a_short_one_is_not(tmp_path: Path) -> None:
    rest = "b: 2, c: 3, d: 4, e: 5, f: 6, g: 7}"
    (tmp_path / "a.yaml").write_text(f"x: {{a: 1, {rest}\ny: {{a: 9, {rest}\nz: [[1, 2], [1, 2]]\n", "utf-8")
    found = all_blocks(tmp_path)
    assert twice(found) == []
    assert alike(found) == ["a.yaml:1 ~ a.yaml:2"]
