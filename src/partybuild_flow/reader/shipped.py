"""Where the files are that come with the package: in the wheel, or in a checkout."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

_PACKAGE = Path(__file__).parent.parent


def find_shipped(name: str) -> Path | None:
    """The file or folder that is shipped under a name such as `examples/helpdesk`; None if there is none."""
    for root in (_PACKAGE / "shipped", _PACKAGE.parent.parent):
        if (root / name).exists():
            return root / name
    return None


def calendar_names(folders: Iterable[Path]) -> frozenset[str]:
    """The ids of the calendars whose files lie in these folders or are shipped."""
    places = [*folders, *(place for place in (find_shipped("workflows"),) if place)]
    ending = ".calendar.yaml"
    return frozenset(file.name.removesuffix(ending) for place in places for file in place.glob(f"*{ending}"))
