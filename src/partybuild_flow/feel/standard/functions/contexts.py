"""Functions of contexts. Source: DMN 1.5, clause 10.3.4.9."""

from __future__ import annotations

from typing import Any, Final

from partybuild_flow.feel.functions.signature import takes, takes_any
from partybuild_flow.feel.standard.functions.builtin import builtin
from partybuild_flow.feel.types import ANY, TEXT, Type, list_of

_CONTEXT: Final = Type("context")
_CONTEXTS: Final = list_of(_CONTEXT)


def get_entries(context: dict[str, Any]) -> list[dict[str, Any]]:
    """The entries of a context as a list of contexts with `key` and `value`."""
    return [{"key": name, "value": value} for name, value in context.items()]


def context_of(entries: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The context of such entries; None if one lacks its key or value, or two have the same key."""
    made: dict[str, Any] = {}
    for entry in entries:
        key = entry.get("key")
        if not isinstance(key, str) or "value" not in entry or key in made:
            return None
        made[key] = entry["value"]
    return made


def put(context: dict[str, Any], key: str, value: Any) -> dict[str, Any]:
    """The context with one entry more, or another value of it."""
    return {**context, key: value}


def put_deep(context: dict[str, Any], keys: list[str], value: Any) -> dict[str, Any] | None:
    """The context with another value where the keys lead, one inside the other."""
    if not keys:
        return None
    if len(keys) == 1:
        return put(context, keys[0], value)
    inner = context.get(keys[0])
    if not isinstance(inner, dict):
        return None
    deeper = put_deep(inner, keys[1:], value)
    return None if deeper is None else put(context, keys[0], deeper)


def merge(contexts: list[dict[str, Any]]) -> dict[str, Any]:
    """All entries of several contexts; the value of a key is that of the last one."""
    merged: dict[str, Any] = {}
    for context in contexts:
        merged.update(context)
    return merged


FUNCTIONS: Final = (
    builtin("get value", ([takes("m", _CONTEXT), takes("key", TEXT)], lambda m, key: m.get(key))),
    builtin("get entries", ([takes("m", _CONTEXT)], get_entries)),
    builtin("context", ([takes("entries", _CONTEXTS)], context_of)),
    builtin(
        "context put",
        ([takes("context", _CONTEXT), takes("key", TEXT), takes_any("value", ANY)], put),
        ([takes("context", _CONTEXT), takes("keys", list_of(TEXT)), takes_any("value", ANY)], put_deep),
    ),
    builtin("context merge", ([takes("contexts", _CONTEXTS)], merge)),
)
