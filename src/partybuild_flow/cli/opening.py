"""Opening what a command works on: an engine over a store, or the store alone."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from partybuild_flow.cli.options import WORKFLOWS
from partybuild_flow.cli.wording import word
from partybuild_flow.engine import Engine
from partybuild_flow.errors import StoreError
from partybuild_flow.messages import Language
from partybuild_flow.store import Store, open_store

_FILE = "sqlite:///"


def open_for_cases(url: str, own: Language, calendars: Path = WORKFLOWS) -> Engine:
    """An engine for the cases of a store that is there already; each case brings its own definition.

    `calendars` is the folder in which calendars lie that are not shipped.

    Raises:
        StoreError: there is no such store, or it cannot be read.
    """
    _must_exist(url, own)
    return Engine.open(url, workflows=(), calendars=calendars)


def open_with_workflows(
    url: str,
    workflows: Path,
    own: Language,
    *,
    must_exist: bool = False,
    parameters: Mapping[str, str] | None = None,
) -> Engine:
    """An engine that knows the workflows of a folder as well, each with its set of parameters.

    Raises:
        WorkflowInvalid: a definition has problems.
        StoreError: the store cannot be opened.
    """
    if must_exist:
        _must_exist(url, own)
    absent = workflows == WORKFLOWS and not workflows.exists()
    return Engine.open(url, workflows=() if absent and must_exist else workflows, parameters=parameters)


def open_existing(url: str, own: Language) -> Store:
    """The store alone. Raises StoreError where there is none."""
    _must_exist(url, own)
    return open_store(url)


def _must_exist(url: str, own: Language) -> None:
    """Reading must not make a new file where somebody mistyped the name of one."""
    path = url.removeprefix(_FILE).partition("?")[0]
    if url.startswith(_FILE) and path not in ("", ":memory:") and not Path(path).exists():
        raise StoreError(word("no-store", own, file=path))
