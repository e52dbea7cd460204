"""Where the definitions are that come with the package."""

from __future__ import annotations

from pathlib import Path

from partybuild_flow.errors import FlowError
from partybuild_flow.reader.shipped import find_shipped


def shipped(name: str) -> Path:
    """The folder of what is shipped under a name such as `examples/helpdesk`: in the wheel, or in a checkout.

    Raises:
        FlowError: this installation lacks it.
    """
    found = find_shipped(name)
    if found is None or not found.is_dir():
        raise FlowError(f"{name} is missing from this installation of partybuild_flow; install it anew")
    return found
