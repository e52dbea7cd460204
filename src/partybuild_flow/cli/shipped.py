"""Where the definitions are that come with the package."""

from __future__ import annotations

from pathlib import Path

from partybuild_flow.errors import FlowError

_PACKAGE = Path(__file__).parent.parent


def shipped(name: str) -> Path:
    """The folder of what is shipped under a name such as `examples/helpdesk`: in the wheel, or in a checkout.

    Raises:
        FlowError: this installation lacks it.
    """
    for root in (_PACKAGE / "shipped", _PACKAGE.parent.parent):
        if (root / name).is_dir():
            return root / name
    raise FlowError(f"{name} is missing from this installation of partybuild_flow; install it anew")
