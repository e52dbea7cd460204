"""The command line `pbflow`. Typer and rich are loaded when a command runs, not before."""

from __future__ import annotations

import os
import sys
from io import TextIOWrapper
from typing import NoReturn

INTERRUPTED = 130
"""The exit code of a process that Ctrl-C ended."""


def main() -> NoReturn:
    """Run the command line on the arguments of this process, and end the process."""
    try:
        _make_printable()
        from partybuild_flow.cli.application import application

        code = application()(prog_name="pbflow")
    except SystemExit as ended:
        code = ended.code
    except KeyboardInterrupt:
        code = INTERRUPTED
    except BrokenPipeError:
        code = 1
    sys.exit(code if _flushed() else 1)


def _make_printable() -> None:
    """Streams that take every text; what is said to a closed one is lost."""
    streams = vars(sys)
    for name in ("stdout", "stderr"):
        if streams[name] is None:
            streams[name] = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - open until the end
        elif isinstance(streams[name], TextIOWrapper):
            streams[name].reconfigure(errors="backslashreplace")


def _flushed() -> bool:
    """Whether all that was said has arrived. Python would complain of a closed pipe at its very end otherwise."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return False
    return True
