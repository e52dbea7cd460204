"""Item definitions as types. Source: DMN 1.5, clauses 7.3.2 and 7.3.3."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Mapping
from dataclasses import replace

from partybuild_flow.dmn.elements import Definitions, ItemDefinition
from partybuild_flow.feel.standard import StandardType, Value
from partybuild_flow.feel.standard.types import ANY, simple_type

Tests = Callable[[str, Value], bool]
"""Whether a value meets unary tests that read nothing else."""


def type_named(written: str | None, types: Mapping[str, StandardType]) -> StandardType:
    """The type that a reference names; Any for none and for one that is not known."""
    if written is None:
        return ANY
    name = " ".join(written.split())
    plain = name.rpartition(":")[2]
    if name in types:
        return StandardType("named", name=name)
    return simple_type(plain) or (StandardType("named", name=plain) if plain in types else ANY)


def model_types(
    definitions: Definitions, imported: Mapping[str, StandardType], tests: Tests
) -> dict[str, StandardType]:
    """All types of a model by their names, those of imported models by names with their import before them."""
    names = {each.name: ANY for each in definitions.types}
    known = ChainMap(names, dict(imported))
    own = {each.name: _type(each, known, tests, definitions.namespace) for each in definitions.types}
    # A type may be read under its own name, and from elsewhere under its namespace.
    return {**imported, **own, **{f"{{{definitions.namespace}}}{name}": each for name, each in own.items()}}


def _type(
    item: ItemDefinition, known: Mapping[str, StandardType], tests: Tests, namespace: str
) -> StandardType:
    if item.function is not None:
        parameters, result = item.function
        found = StandardType(
            "function",
            _qualified(result, known, namespace),
            parameters=tuple(_qualified(each.type, known, namespace) for each in parameters),
        )
    elif item.components:
        entries = {each.name: _type(each, known, tests, namespace) for each in item.components}
        found = StandardType("context", entries=entries)
    else:
        found = _qualified(item.type, known, namespace)
    if item.allowed is not None and item.allowed.strip():
        found = _narrowed(found, item.allowed, tests)
    if item.is_list:
        found = StandardType("list", found)
    if item.constraint is not None and item.constraint.strip():
        found = _narrowed(found, item.constraint, tests)
    return found


def _qualified(written: str | None, known: Mapping[str, StandardType], namespace: str) -> StandardType:
    """A reference that leads to this model's own types from anywhere."""
    found = type_named(written, known)
    own = found.kind == "named" and "." not in found.name and not found.name.startswith("{")
    return StandardType("named", name=f"{{{namespace}}}{found.name}") if own else found


def _narrowed(found: StandardType, text: str, tests: Tests) -> StandardType:
    def admits(value: Value) -> bool:
        return tests(text, value)

    if found.admits is None:
        return replace(found, admits=admits)
    first = found.admits
    return replace(found, admits=lambda value: first(value) and admits(value))
