"""What a failed scenario tells: the step, why, the case as it stands, the decision explained, the path so far."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from partybuild_flow.bdd.failing import StepFailed
from partybuild_flow.bdd.library import nearest
from partybuild_flow.bdd.telling import near_path, seen_due, seen_value
from partybuild_flow.errors import FlowError
from partybuild_flow.explain import event_name
from partybuild_flow.facts import MASK, hidden_texts
from partybuild_flow.messages import SEPARATORS, Language, sentence

if TYPE_CHECKING:
    from pytest_bdd.parser import ScenarioTemplate, Step

    from partybuild_flow.bdd.scene import Scene
    from partybuild_flow.case import Entry


@dataclass(frozen=True)
class Crash:
    """Where a scenario failed and why, in the form in which pytest's summary asks for it."""

    path: str
    lineno: int
    message: str


class Told:
    """A report that pytest prints as it is."""

    def __init__(self, path: str, line: int, message: str, text: str) -> None:
        self.path, self.line, self.message, self.text = path, line, message, text
        self.reprcrash = Crash(path, line, message)

    def __str__(self) -> str:
        return self.text

    def toterminal(self, terminal: Any) -> None:
        """Print it."""
        for number, line in enumerate(self.text.split("\n")):
            terminal.line(line, red=number == 1, bold=number < 2)


class Played(Protocol):
    """A scenario that was played: where it stands, and the scene it was played on."""

    name: str
    path: Path
    template: ScenarioTemplate
    row: Mapping[str, str]
    language: Language

    @property
    def scene(self) -> Scene | None:
        """What it was played on; None before it began."""


def story(item: Played, error: BaseException) -> Told:
    """The report of a scenario that an error has ended."""
    scene, language = item.scene, item.language
    step = scene.step if scene else None
    if isinstance(error, StepFailed) and error.step is not None:
        step = error.step
    path = near_path(item.path)
    line = step.line_number if step else item.template.line_number
    text = f"{step.keyword.strip()} {step.name}" if step else item.name
    message = "\n".join(_why(error, step, language))
    lines = [f"{path}:{line}: {text}", message]
    if item.row:
        row = SEPARATORS[language].join(f"{name}={value}" for name, value in item.row.items())
        lines.append(sentence("feature.report.example", language, {"row": row}))
    if scene is not None:
        lines += ["", *_standing(scene, language)]
    return Told(path, line, message.replace("\n", " "), "\n".join(lines))


def _why(error: BaseException, step: Step | None, language: Language) -> Iterator[str]:
    from pytest_bdd.exceptions import StepDefinitionNotFoundError

    if isinstance(error, StepFailed):
        yield error.sentence(language)
    elif isinstance(error, StepDefinitionNotFoundError) and step is not None:
        yield sentence("feature.unknown-step", language, {})
        near = nearest(step.name)
        if near:
            yield sentence("feature.unknown-step.near", language, {"near": ""}).rstrip()
            yield from (f"  {each}" for each in near)
    elif isinstance(error, FlowError | AssertionError):
        yield str(error) or type(error).__name__
    else:
        yield sentence("feature.error", language, {"kind": type(error).__name__, "error": error})
        yield sentence("feature.error.hint", language, {})


def _standing(scene: Scene, language: Language) -> Iterator[str]:
    """The present case, the last decision and everything that has happened."""
    if scene.entries:
        yield from _case_lines(scene, language)
    if (decision := scene.decision) is not None:
        yield sentence("feature.report.decision", language, {})
        yield from (f"  {line}" for line in decision.explain(language).split("\n"))
    if scene.entries:
        yield sentence("feature.report.path", language, {})
        yield from (f"  {_entry_line(scene, entry, language)}" for entry in scene.entries[-40:])


def _case_lines(scene: Scene, language: Language) -> Iterator[str]:
    case = scene.case()
    workflow = scene.engine.workflow_of(case)
    yield sentence("feature.report.case", language, {"workflow": workflow.name, "case": case.id})
    state = {"state": workflow.states[case.state].name, "revision": case.revision}
    yield sentence("feature.report.state", language, state | {"now": seen_value(scene.now, language)})
    data = SEPARATORS[language].join(
        f"{field.name}={MASK if field.personal else seen_value(case.data[field.id], language)}"
        for field in workflow.fields.values()
        if case.data.get(field.id) is not None
    )
    if data:
        yield sentence("feature.report.data", language, {"data": data})
    deadlines = SEPARATORS[language].join(
        f"{workflow.deadlines[each.deadline].name} {seen_due(each.due_at, language)}"
        for each in case.deadlines
        if not each.fired
    )
    if deadlines:
        yield sentence("feature.report.deadlines", language, {"deadlines": deadlines})


def _entry_line(scene: Scene, entry: Entry, language: Language) -> str:
    workflow = scene.engine.workflow_of(entry.case)
    event = event_name(workflow, entry.event, language)
    state = workflow.states[entry.target].name
    when = seen_value(entry.occurred_at, language)
    refused = " ✘" if entry.refused else ""
    plan = scene.library.of(entry.case.definition)
    hidden = hidden_texts(plan, (entry.case.data, entry.facts, entry.settings), plan.personal, None)
    actor = MASK if entry.actor.id in hidden else entry.actor.id
    return f"{when}  {entry.case.id}  {event}{refused} → {state}  ({actor})"
