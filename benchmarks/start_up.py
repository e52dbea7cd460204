"""Getting ready: the import in a fresh interpreter, and a definition of 500 lines read and checked.

python -m benchmarks.start_up [--json]
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

import partybuild_flow
from benchmarks.long_definition import LINES, texts
from benchmarks.measure import Figure, report, seconds_of
from partybuild_flow.checks import check
from partybuild_flow.reader import read_workflow

_BYTECODE: Final = tempfile.TemporaryDirectory(prefix="bytecode-")
PROCESSES: Final = 15
READINGS: Final = 15
LATE: Final = ("sqlalchemy", "transitions", "durable", "durable_rules_engine", "typer", "rich")
"""What must not be loaded before it is needed."""

IMPORTING: Final = f"""
import time
began = time.perf_counter()
from partybuild_flow import Actor, Engine
seconds = time.perf_counter() - began
import json, sys
loaded = sorted(sys.modules.keys() & {LATE!r})
print(json.dumps({{"seconds": seconds, "loaded": loaded, "modules": len(sys.modules)}}))
"""
READING: Final = """
import sys, time
from pathlib import Path
from partybuild_flow.checks import check
from partybuild_flow.reader import read_workflow
began = time.perf_counter()
check(read_workflow(Path(sys.argv[1])))
print(time.perf_counter() - began)
"""


def measure() -> list[Figure]:
    """All figures; the interpreters take turns."""
    return [*_import_figures(), *_check_figures()]


def _import_figures() -> list[Figure]:
    _interpreter(IMPORTING)  # Writes the bytecode, if it was not there.
    imports, whole, bare = [], [], []
    told: dict[str, Any] = {}
    for _ in range(PROCESSES):
        seconds, _ = _interpreter("pass")
        bare.append(seconds)
        seconds, answer = _interpreter(IMPORTING)
        whole.append(seconds)
        told = json.loads(answer)
        imports.append(told["seconds"])
    if told["loaded"]:
        raise AssertionError(f"the import loads what is not needed yet: {', '.join(told['loaded'])}")
    return [
        Figure(
            "import_ms",
            statistics.median(imports) * 1e3,
            "from partybuild_flow import Actor, Engine",
            most=150,
        ),
        Figure("interpreter_ms", statistics.median(bare) * 1e3, "a whole process that does nothing"),
        Figure("process_ms", statistics.median(whole) * 1e3, "a whole process that imports"),
        Figure("loaded_too_early", len(told["loaded"]), f"of {', '.join(LATE)}", most=0),
        Figure("modules", told["modules"], "modules loaded after the import"),
    ]


def _check_figures() -> list[Figure]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file, text in texts().items():
            (folder / file).write_text(text, encoding="utf-8")
        lines = sum(text.count("\n") for text in texts().values())
        if lines != LINES:
            raise AssertionError(f"the definition has {lines} lines, not {LINES}")
        if problems := check(read_workflow(folder)):
            raise AssertionError("\n".join(map(str, problems)))
        reads, checks, both = [], [], []
        for _ in range(READINGS):
            both.append(seconds_of(lambda: check(read_workflow(folder))))
            reads.append(seconds_of(lambda: read_workflow(folder)))
            workflow = read_workflow(folder)
            checks.append(seconds_of(lambda workflow=workflow: check(workflow)))  # type: ignore[misc]
        cold = [float(_interpreter(READING, name)[1]) for _ in range(3)]
    return [
        Figure(
            "check_ms",
            statistics.median(both) * 1e3,
            f"a definition of {lines} lines read and checked",
            most=50,
        ),
        Figure("check_read_ms", statistics.median(reads) * 1e3, "of which reading"),
        Figure("check_meaning_ms", statistics.median(checks) * 1e3, "of which checking"),
        Figure("check_cold_ms", statistics.median(cold) * 1e3, "the first time in a process, imports aside"),
    ]


def _interpreter(program: str, *arguments: str) -> tuple[float, str]:
    """The seconds of a fresh interpreter that runs the program, and what it printed."""
    sources = str(Path(partybuild_flow.__file__).parents[1])
    paths = filter(None, (sources, os.environ.get("PYTHONPATH")))
    began = time.perf_counter()
    # The budget is for an import with its bytecode present, whatever this shell forbids.
    settings = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    finished = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        env={**settings, "PYTHONPATH": os.pathsep.join(paths), "PYTHONPYCACHEPREFIX": _BYTECODE.name},
        capture_output=True,
        text=True,
        check=True,
    )
    return time.perf_counter() - began, finished.stdout


if __name__ == "__main__":
    sys.exit(report("Getting ready", measure))
