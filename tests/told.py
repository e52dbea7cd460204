"""All that a value holds, as text: the reprs of cases and entries leave values out."""

from __future__ import annotations

from collections.abc import Mapping


def everything(value: object) -> str:
    """Every value inside a value, to be searched."""
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        value = {name: getattr(value, name) for name in value._fields if name != "plan"}  # type: ignore[attr-defined]
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{name!r}: {everything(each)}' for name, each in value.items())}}}"
    if isinstance(value, list | tuple | set | frozenset):
        return f"[{', '.join(map(everything, value))}]"
    return repr(value)
