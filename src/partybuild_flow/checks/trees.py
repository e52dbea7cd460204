"""Expressions made ready for comparison: names replaced, constants computed, equal parts recognised."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from functools import cache
from typing import Final

from partybuild_flow.feel import Node, Value, evaluate
from partybuild_flow.feel.tree import Arithmetic, Call, Comparison, Constant, If, In, ListOf, Name, Negative, Path

Key = tuple[object, ...]
"""What two nodes have in common if and only if they say the same, wherever they stand."""

TESTED: Final = "?"

_COMPUTED: Final = (Arithmetic, Negative, Comparison, Call, Path, ListOf, If)


def key_of(node: Node) -> Key:
    """The node's structure without its place and type."""
    if isinstance(node, Name):
        return ("Name", node.id, node.local)
    return (type(node).__name__, *(_key_of_part(getattr(node, part)) for part in _parts(type(node))))


def settled(node: Node, names: Mapping[str, Node]) -> Node:
    """The same expression with these names replaced, and what then holds no name computed.

    Inside the tests of an `in`, `?` is the value on its left and stays.
    """
    if isinstance(node, Name):
        return names.get(node.id, node) if not node.local else node
    changed: dict[str, object] = {}
    for part in _parts(type(node)):
        old = getattr(node, part)
        inner = _without_tested(names) if isinstance(node, In) and part == "tests" else names
        new = _settled_part(old, inner)
        if new is not old:
            changed[part] = new
    result = replace(node, **changed) if changed else node
    return _computed(result)


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it, in text order."""
    yield node
    for part in _parts(type(node)):
        yield from _walk_part(getattr(node, part))


def constants_of(node: Node) -> Iterator[Value]:
    """The constants written in an expression, in text order."""
    for each in walk(node):
        if isinstance(each, Constant):
            yield from each.value if isinstance(each.value, list) else [each.value]


@cache
def _parts(kind: type[Node]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind) if field.name not in ("span", "type"))


def _key_of_part(part: object) -> object:
    if isinstance(part, Node):
        return key_of(part)
    if isinstance(part, tuple):
        return tuple(_key_of_part(each) for each in part)
    if isinstance(part, list | dict):
        return (type(part).__name__, repr(part))
    # True and Decimal(1) are equal in Python, but say different things.
    return (type(part).__name__, part)


def _settled_part(part: object, names: Mapping[str, Node]) -> object:
    if isinstance(part, Node):
        return settled(part, names)
    if isinstance(part, tuple):
        new = tuple(_settled_part(each, names) for each in part)
        return new if any(one is not other for one, other in zip(new, part, strict=True)) else part
    return part


def _walk_part(part: object) -> Iterator[Node]:
    if isinstance(part, Node):
        yield from walk(part)
    elif isinstance(part, tuple):
        for each in part:
            yield from _walk_part(each)


def _without_tested(names: Mapping[str, Node]) -> Mapping[str, Node]:
    return {name: node for name, node in names.items() if name != TESTED} if TESTED in names else names


def _computed(node: Node) -> Node:
    """The node as a constant, if all below it are; a call without arguments may ask for the time."""
    if not isinstance(node, _COMPUTED):
        return node
    below = [each for part in _parts(type(node)) for each in _children(getattr(node, part))]
    if not below or not all(isinstance(each, Constant) for each in below):
        return node
    return Constant(node.span, node.type, evaluate(node, {}))


def _children(part: object) -> list[Node]:
    if isinstance(part, Node):
        return [part]
    return [each for each in part if isinstance(each, Node)] if isinstance(part, tuple) else []
