"""Contexts written out where records are expected: their entries by id, whichever name was written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from partybuild_flow.feel.tree import Call, ContextOf, Filter, For, If, ListOf, Name, Node, walk
from partybuild_flow.feel.types import Type, context_of, joined, list_of

_LISTS: Final = frozenset(("concatenate", "union", "reverse", "distinct values"))
_ITEMS: Final = {"append": 1, "insert before": 2}
"""Where the items begin among the arguments of a function whose first one is a list."""


def by_ids(node: Node, expected: Type) -> Node:
    """The tree with the entries of records called by their ids."""
    item = expected.item
    match node:
        case ContextOf() if expected.kind == "context" and expected.entries:
            return _record(node, expected)
        case If():
            then, otherwise = by_ids(node.then, expected), by_ids(node.otherwise, expected)
            return replace(node, then=then, otherwise=otherwise, type=joined(then.type, otherwise.type))
        case _ if item is None or item.kind != "context" or not item.entries:
            return node
        case ListOf(items=items) if items:
            found = tuple(by_ids(each, item) for each in items)
            return replace(node, items=found, type=list_of(_type_of(found)))
        case For():
            result = by_ids(node.result, item)
            return replace(node, result=result, type=list_of(result.type))
        case Filter():
            return replace(node, source=by_ids(node.source, expected))
        case Call(function=function, arguments=arguments) if function in _LISTS:
            return replace(node, arguments=tuple(by_ids(each, expected) for each in arguments))
        case Call(function=function, arguments=arguments) if function in _ITEMS:
            begin = _ITEMS[function]
            given = [by_ids(each, item) for each in arguments[begin:]]
            return replace(node, arguments=(by_ids(arguments[0], expected), *arguments[1:begin], *given))
        case _:
            return node


def unknown_entries(node: Node, expected: Type) -> Iterator[tuple[int, str, Node]]:
    """What a record written out holds beyond what is expected: where it begins, the entry, its value."""
    record = expected if expected.kind == "context" else expected.item
    if record is None or record.kind != "context" or not record.entries:
        return
    for each in _records(node):
        for entry, value in each.entries:
            if entry not in record.entries:
                yield each.span[0], entry, value


def _records(node: Node) -> Iterator[ContextOf]:
    match node:
        case ContextOf():
            yield node
        case If():
            yield from (*_records(node.then), *_records(node.otherwise))
        case ListOf(items=items):
            yield from (found for each in items for found in _records(each))
        case For():
            yield from _records(node.result)
        case Filter():
            yield from _records(node.source)
        case Call(function=function, arguments=arguments) if function in _LISTS or function in _ITEMS:
            yield from (found for each in arguments for found in _records(each))
        case _:
            return


def _record(node: ContextOf, expected: Type) -> ContextOf:
    """One record; an entry that another one reads by its name keeps it."""
    read = {
        each.id
        for _, value in node.entries
        for each, _ in walk(value)
        if isinstance(each, Name) and each.local
    }
    entries = []
    for entry, value in node.entries:
        id_ = entry if entry in read else expected.spellings.get(entry, entry)
        kind = expected.entries.get(id_)
        entries.append((id_, by_ids(value, kind) if kind else value))
    types = {entry: value.type for entry, value in entries}
    return replace(node, entries=tuple(entries), type=context_of(types, expected.spellings))


def _type_of(items: tuple[Node, ...]) -> Type:
    found = items[0].type
    for each in items[1:]:
        found = joined(found, each.type)
    return found
