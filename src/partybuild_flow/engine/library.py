"""The definitions an engine works with: those read from files, for new cases, and those that cases were begun with."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from copy import copy
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Union

from partybuild_flow.engine.calendars import Calendars, CalendarSource
from partybuild_flow.engine.recompute import note_calendar
from partybuild_flow.errors import FlowError, WorkflowInvalid
from partybuild_flow.facts import Plan, plan
from partybuild_flow.ordinary import Way, ordinary_ways
from partybuild_flow.problems import Problem, in_file_order
from partybuild_flow.store import LinkKey, Store
from partybuild_flow.store.links import BY_ID

if TYPE_CHECKING:
    from partybuild_flow.definition import Workflow

Source = Union[str, Path, "Workflow", Iterable[Union[str, Path, "Workflow"]]]


class Library:
    """Plans by the hash of their definition; the newest of each workflow is used for new cases."""

    def __init__(
        self,
        source: Source,
        store: Store,
        parameters: Mapping[str, str] | None = None,
        calendars: CalendarSource | None = None,
    ) -> None:
        self.plans: dict[str, Plan] = {}
        """Plans that have been made, by the hash of their definition; `of` makes the others."""
        self.ways: dict[tuple[str, str, str], Way] = {}
        """The ordinary ways of those plans."""
        self._store = store
        self._lock = RLock()
        self._current: dict[str, Plan] = {}
        self.calendars = Calendars(calendars, calendar_folders(source))
        for workflow in read_workflows(source, parameters or {}, self.calendars.names):
            self._add(workflow)

    def over(self, store: Store) -> Library:
        """The same definitions over another store: read, checked and made ready only once."""
        other = copy(self)
        other._store = store
        for each in self.plans.values():
            workflow = each.workflow
            store.keep_definition(workflow.hash, workflow.id, workflow.version, workflow.texts)
            note_calendar(store, each.calendar)
            store.links.keep(link_keys(workflow))
        return other

    def of(self, case_definition: str) -> Plan:
        """The plan that a case began with; its texts come from the store where no file holds them any more."""
        found = self.plans.get(case_definition)
        if found is None:
            with self._lock:
                found = self._made_ready(self._read_again(case_definition))
        return found

    def _read_again(self, definition: str) -> Workflow:
        """A definition by its texts in the store, beside all that were kept; what newer ones renamed, older ones know."""
        from partybuild_flow.reader import Outlines, read_texts

        texts, kept = self._store.definition(definition), self._store.definitions()
        for hashes in (list(reversed(kept)), kept):
            related = Outlines()
            related.add_versions(lambda hashes=hashes: map(self._store.definition, hashes))  # type: ignore[misc]
            try:
                return read_texts(texts, definition[:12], related)
            except WorkflowInvalid as invalid:
                problem = invalid
        raise problem

    def known(self, workflow: str) -> Plan | None:
        """The plan for new cases of a workflow, by its id or its name; None if there is none."""
        return self._current.get(workflow)

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

    def leaves(self, states: Iterable[str], plan: Plan | None) -> Iterable[str]:
        """The states without children at or below these ids or names, of one plan or of all. Raises FlowError."""
        workflows = (plan.workflow,) if plan else self.workflows
        for wanted in states:
            known = [
                leaf
                for workflow in workflows
                for state in workflow.states.values()
                if wanted in (state.id, state.name)
                for leaf in workflow.leaves(state.id)
            ]
            if not known:
                raise FlowError(f"there is no state {wanted!r}")
            yield from known

    def _add(self, workflow: Workflow) -> None:
        planned = self._made_ready(workflow)
        for name in (workflow.id, workflow.name):
            other = self._current.get(name)
            if other is not None and other.workflow.id != workflow.id:
                raise FlowError(f"two workflows are called {name!r}: {other.workflow.id} and {workflow.id}")
            if other is None or other.workflow.version <= workflow.version:
                self._current[name] = planned
        self._store.keep_definition(workflow.hash, workflow.id, workflow.version, workflow.texts)

    def _made_ready(self, workflow: Workflow) -> Plan:
        planned = plan(workflow, self.calendars.named(workflow.calendar) if workflow.calendar else None)
        note_calendar(self._store, planned.calendar)
        self._store.links.keep(link_keys(workflow))
        self.ways |= ordinary_ways(planned)
        self.plans[workflow.hash] = planned
        return planned


def library_over(
    store: Store,
    source: Source | Library,
    parameters: Mapping[str, str] | None = None,
    calendars: CalendarSource | None = None,
) -> Library:
    """The definitions of a source over a store; those of another library are not read again."""
    return (
        source.over(store) if isinstance(source, Library) else Library(source, store, parameters, calendars)
    )


def read_workflows(
    source: Source, parameters: Mapping[str, str] | None = None, calendars: Collection[str] = ()
) -> list[Workflow]:
    """The checked definitions of a folder of workflows, of one workflow's folder, or of several of these.

    `parameters` names the set of parameters that a workflow, by its id or name, works with; `calendars`
    are the ids of calendars that need no file.

    Raises:
        WorkflowInvalid: with the problems of all of them.
        FlowError: a set is named for a workflow that is not there, or two for one.
    """
    # Reading needs YAML and pydantic's schemas, which an import of the package does not.
    from partybuild_flow.checks import check
    from partybuild_flow.definition import Workflow
    from partybuild_flow.reader import Outlines, read_workflow

    parts = [source] if isinstance(source, str | Path | Workflow) else list(source)
    workflows: list[Workflow] = []
    problems: list[Problem] = []
    found: list[Path | Workflow] = []
    for part in parts:
        found += [part] if isinstance(part, Workflow) else workflow_folders(Path(part))
    related = Outlines([each for each in found if isinstance(each, Path)])
    for each in found:
        if isinstance(each, Workflow):
            related.add(each)
    for each in found:
        try:
            workflow = (
                each
                if isinstance(each, Workflow)
                else read_workflow(each, calendars=calendars, related=related)
            )
            workflow = with_chosen_set(workflow, parameters or {})
        except WorkflowInvalid as invalid:
            problems += invalid.problems
            continue
        problems += [problem for problem in check(workflow) if problem.severity == "error"]
        workflows.append(workflow)
    if problems:
        raise WorkflowInvalid(in_file_order(problems))
    hold_to_known(parameters or {}, workflows)
    return workflows


def with_chosen_set(workflow: Workflow, parameters: Mapping[str, str]) -> Workflow:
    """The workflow with the set of parameters that is named for it, by its id or its name.

    Raises:
        WorkflowInvalid: it has no such set.
        FlowError: two are named.
    """
    from partybuild_flow.reader import with_set

    named = {name: parameters[name] for name in (workflow.id, workflow.name) if name in parameters}
    if len(set(named.values())) > 1:
        told = " and ".join(f"{name}={chosen}" for name, chosen in named.items())
        raise FlowError(f"parameters names two sets for one workflow: {told}")
    return with_set(workflow, *set(named.values())) if named else workflow


def hold_to_known(parameters: Mapping[str, str], workflows: Iterable[Workflow]) -> None:
    """Raises FlowError where a set is named for a workflow that is not among these."""
    known = {name: each.id for each in workflows for name in (each.id, each.name)}
    unknown = parameters.keys() - known.keys()
    if unknown:
        told = ", ".join(sorted(set(known.values()))) or "none"
        raise FlowError(f"parameters names the workflow {min(unknown)!r}; known: {told}")


def link_keys(workflow: Workflow) -> list[LinkKey]:
    """The keys by which the relations of a workflow find their cases."""
    keys = []
    for relation in workflow.relations.values():
        if not any(each.field is None for each in relation.where):
            keys.append(LinkKey(relation.workflow, relation.key, relation.exact))
        elif relation.exact:
            keys.append(LinkKey(relation.workflow, BY_ID, exact=True))
    return keys


def workflow_folders(folder: Path) -> list[Path]:
    """The folder itself if it holds a workflow.yaml, else those folders right below it that do."""
    if (folder / "workflow.yaml").exists() or not folder.is_dir():
        return [folder]
    found = sorted(each.parent for each in folder.glob("*/workflow.yaml"))
    return found or [folder]


def calendar_folders(source: Source) -> list[Path]:
    """Where calendars lie that belong to workflows: beside their folders."""
    from partybuild_flow.definition import Workflow

    parts = [source] if isinstance(source, str | Path | Workflow) else list(source)
    folders = [Path(part) for part in parts if not isinstance(part, Workflow)]
    return list(dict.fromkeys(place for each in folders for place in (each, each.parent)))
