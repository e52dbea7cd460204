"""Expressions made ready for comparison: names replaced, constants computed, equal parts recognised."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, replace
from typing import Any, Final

from partybuild_flow.feel import Node, Value, evaluate
from partybuild_flow.feel.tree import Arithmetic, Call, Comparison, Constant, If, ListOf, Name, Negative, Path

Key = tuple[object, ...]
"""What two nodes have in common if and only if they say the same, wherever they stand."""

TESTED: Final = "?"

_PARTS: Final[dict[str, tuple[str, ...]]] = {}
_COMPUTED: Final = (Arithmetic, Negative, Comparison, Call, Path, ListOf, If)


def key_of(node: Node) -> Key:
    """The node's structure without its place and type."""
    if isinstance(node, Name):
        return ("Name", node.id, node.local)
    return (type(node).__name__, *(_key_of_part(getattr(node, part)) for part in _parts(node)))


def settled(node: Node, names: Mapping[str, Node]) -> Node:
    """The same expression with these names of facts replaced, and what then holds no name computed."""
    return _rebuilt(node, lambda name: name if name.local else names.get(name.id, name), within_tests=True)


def applied(test: Node, value: Node) -> Node:
    """A condition among the tests of an `in`, said of the value on the left of it."""
    return _rebuilt(
        test, lambda name: value if name.local and name.id == TESTED else name, within_tests=False
    )


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it, in text order."""
    yield node
    for part in _parts(node):
        yield from _walk_part(getattr(node, part))


def constants_of(node: Node) -> Iterator[Value]:
    """The constants written in an expression, in text order."""
    for each in walk(node):
        if isinstance(each, Constant):
            yield from each.value if isinstance(each.value, list) else [each.value]


def _parts(node: Node) -> tuple[str, ...]:
    """The fields of a node that say something."""
    kind = type(node).__name__
    if kind not in _PARTS:
        _PARTS[kind] = tuple(field.name for field in fields(node) if field.name not in ("span", "type"))
    return _PARTS[kind]


def _key_of_part(part: object) -> object:
    if isinstance(part, Node):
        return key_of(part)
    if isinstance(part, tuple):
        return tuple(_key_of_part(each) for each in part)
    if isinstance(part, list | dict):
        return (type(part).__name__, repr(part))
    # True and Decimal(1) are equal in Python, but say different things.
    return (type(part).__name__, part)


def _rebuilt(node: Node, renamed: Callable[[Name], Node], *, within_tests: bool) -> Node:
    if isinstance(node, Name):
        return renamed(node)
    changed: dict[str, Any] = {}
    for part in _parts(node):
        if part == "tests" and not within_tests:
            continue  # another `?` is tested there
        old = getattr(node, part)
        new = _rebuilt_part(old, renamed, within_tests)
        if new is not old:
            changed[part] = new
    return _computed(replace(node, **changed) if changed else node)


def _rebuilt_part(part: object, renamed: Callable[[Name], Node], within_tests: bool) -> object:
    if isinstance(part, Node):
        return _rebuilt(part, renamed, within_tests=within_tests)
    if isinstance(part, tuple):
        new = tuple(_rebuilt_part(each, renamed, within_tests) for each in part)
        return new if any(one is not other for one, other in zip(new, part, strict=True)) else part
    return part


def _walk_part(part: object) -> Iterator[Node]:
    if isinstance(part, Node):
        yield from walk(part)
    elif isinstance(part, tuple):
        for each in part:
            yield from _walk_part(each)


def _computed(node: Node) -> Node:
    """The node as a constant, if all below it are; a call without arguments may ask for the time."""
    if not isinstance(node, _COMPUTED):
        return node
    below = [each for part in _parts(node) for each in _children(getattr(node, part))]
    if not below or not all(isinstance(each, Constant) for each in below):
        return node
    return Constant(node.span, node.type, evaluate(node, {}))


def _children(part: object) -> list[Node]:
    if isinstance(part, Node):
        return [part]
    return [each for each in part if isinstance(each, Node)] if isinstance(part, tuple) else []
