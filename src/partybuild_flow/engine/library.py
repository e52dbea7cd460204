"""The definitions an engine works with: those read from files, for new cases, and those that cases were begun with."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Union

from partybuild_flow.errors import FlowError, WorkflowInvalid
from partybuild_flow.facts import Plan, plan
from partybuild_flow.problems import Problem, in_file_order
from partybuild_flow.store import Store

if TYPE_CHECKING:
    from partybuild_flow.definition import Workflow

Source = Union[str, Path, "Workflow", Iterable[Union[str, Path, "Workflow"]]]


class Library:
    """Plans by the hash of their definition; the newest of each workflow is used for new cases."""

    def __init__(self, source: Source, store: Store) -> None:
        self.plans: dict[str, Plan] = {}
        """Plans that have been made, by the hash of their definition; `of` makes the others."""
        self._store = store
        self._lock = RLock()
        self._current: dict[str, Plan] = {}
        for workflow in read_workflows(source):
            self._add(workflow)

    def of(self, case_definition: str) -> Plan:
        """The plan that a case began with; its texts come from the store where no file holds them any more."""
        found = self.plans.get(case_definition)
        if found is None:
            from partybuild_flow.reader import read_texts

            with self._lock:
                workflow = read_texts(self._store.definition(case_definition), case_definition[:12])
                found = self.plans.setdefault(case_definition, plan(workflow))
        return found

    def current(self, workflow: str) -> Plan:
        """The plan for new cases of a workflow, by its id or its name. Raises FlowError."""
        found = self._current.get(workflow)
        if found is None:
            known = ", ".join(sorted({each.workflow.id for each in self._current.values()})) or "none"
            raise FlowError(f"there is no workflow {workflow!r}; known: {known}")
        return found

    @property
    def workflows(self) -> tuple[Workflow, ...]:
        """The definitions that new cases use, by id."""
        by_id = {each.workflow.id: each.workflow for each in self._current.values()}
        return tuple(by_id[identity] for identity in sorted(by_id))

    def _add(self, workflow: Workflow) -> None:
        planned = plan(workflow)
        for name in (workflow.id, workflow.name):
            other = self._current.get(name)
            if other is not None and other.workflow.id != workflow.id:
                raise FlowError(f"two workflows are called {name!r}: {other.workflow.id} and {workflow.id}")
            if other is None or other.workflow.version <= workflow.version:
                self._current[name] = planned
        self.plans[workflow.hash] = planned
        self._store.keep_definition(workflow.hash, workflow.id, workflow.version, workflow.texts)


def read_workflows(source: Source) -> list[Workflow]:
    """The checked definitions of a folder of workflows, of one workflow's folder, or of several of these.

    Raises:
        WorkflowInvalid: with the problems of all of them.
    """
    # Reading needs YAML and pydantic's schemas, which an import of the package does not.
    from partybuild_flow.checks import check
    from partybuild_flow.definition import Workflow
    from partybuild_flow.reader import read_workflow

    parts = [source] if isinstance(source, str | Path | Workflow) else list(source)
    workflows: list[Workflow] = []
    problems: list[Problem] = []
    for part in parts:
        for each in [part] if isinstance(part, Workflow) else workflow_folders(Path(part)):
            try:
                workflow = each if isinstance(each, Workflow) else read_workflow(each)
            except WorkflowInvalid as invalid:
                problems += invalid.problems
                continue
            problems += [problem for problem in check(workflow) if problem.severity == "error"]
            workflows.append(workflow)
    if problems:
        raise WorkflowInvalid(in_file_order(problems))
    return workflows


def workflow_folders(folder: Path) -> list[Path]:
    """The folder itself if it holds a workflow.yaml, else those folders right below it that do."""
    if (folder / "workflow.yaml").exists() or not folder.is_dir():
        return [folder]
    found = sorted(each.parent for each in folder.glob("*/workflow.yaml"))
    return found or [folder]
