"""The collector of a feature, and the item of a scenario: parsed, registered and carried out by pytest-bdd."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self, cast

import pytest
from pytest_bdd import scenario
from pytest_bdd.feature import features as parsed_features
from pytest_bdd.feature import get_feature
from pytest_bdd.scenario import scenario_wrapper_template_registry as bound_scenarios
from pytest_bdd.utils import registry_get_safe

from partybuild_flow.bdd.gherkin_text import looked_over
from partybuild_flow.bdd.report import Told, story
from partybuild_flow.bdd.session import STATE
from partybuild_flow.bdd.steps.attempts import settle
from partybuild_flow.bdd.telling import near_path
from partybuild_flow.errors import FlowError, WorkflowInvalid
from partybuild_flow.messages import Language, sentence

if TYPE_CHECKING:
    from pytest_bdd.parser import Feature, ScenarioTemplate, Step

    from partybuild_flow.bdd.definitions import Definitions
    from partybuild_flow.bdd.scene import Scene
    from partybuild_flow.problems import Problem

ENCODING: Final = "utf-8-sig"
"""UTF-8, with or without the mark that some editors put before it."""


class FeatureProblem(pytest.Collector.CollectError):
    """A feature that cannot be read, in one sentence a line."""


class FeatureFile(pytest.File):
    """One feature; its items are its scenarios, and one for each row of examples."""

    definitions: Definitions

    @classmethod
    def of(cls, parent: pytest.Collector, path: Path, definitions: Definitions) -> Self:
        """The collector of a file."""
        made: Self = cls.from_parent(parent, path=path)
        made.definitions = definitions
        return made

    def collect(self) -> Iterator[pytest.Item]:
        """The scenarios in file order. Raises FeatureProblem."""
        language, problems = looked_over(self.path, near_path(self.path))
        problems = problems or self._definition_problems(language)
        if problems:
            raise FeatureProblem("\n".join(problems))
        name = str(self.path)
        parsed_features.pop(name, None)
        feature = get_feature(str(self.path.parent), self.path.name, encoding=ENCODING)
        for template in feature.scenarios.values():
            self._register_tags(feature, template)
            played = scenario(
                name, template.name, encoding=ENCODING, features_base_dir=str(self.path.parent)
            )(lambda: None)
            yield from self._items(template, played, language)

    def _items(
        self, template: ScenarioTemplate, played: Callable[..., object], language: Language
    ) -> Iterator[pytest.Item]:
        if not template.templated:
            yield ScenarioItem.of(self, template.name, played, {}, template, language, ())
            return
        names: set[str] = set()
        for examples in template.examples:
            for row in examples.as_contexts():
                shown = name = f"{template.name}[{'-'.join(row.values())}]"
                count = 1
                while shown in names:
                    count += 1
                    shown = f"{name}#{count}"
                names.add(shown)
                yield ScenarioItem.of(self, shown, played, row, template, language, sorted(examples.tags))

    def _definition_problems(self, language: Language) -> list[str]:
        """The problems of the definitions, told by the first feature that needs them."""
        told = self.config.stash[STATE].told
        folders = self.definitions.folders
        try:
            self.definitions.library()
        except WorkflowInvalid as invalid:
            first = told.setdefault(folders, self.path)
            if first != self.path:
                return [sentence("feature.invalid.told", language, {"feature": first.name})]
            count = {"folders": tuple(near_path(each) for each in folders), "count": len(invalid.problems)}
            return [
                sentence("feature.invalid", language, count),
                *(str(_nearby(problem)) for problem in invalid.problems),
            ]
        except (FlowError, OSError) as error:
            return [str(error)]
        return []

    def _register_tags(self, feature: Feature, template: ScenarioTemplate) -> None:
        """Make every tag a marker that pytest knows."""
        tags = feature.tags | template.tags | (template.rule.tags if template.rule else set())
        tags |= {tag for examples in template.examples for tag in examples.tags}
        known = self.config.stash[STATE].tags
        for tag in sorted(tags - known):
            known.add(tag)
            if _is_marker(tag):
                self.config.addinivalue_line("markers", f"{tag}: a tag of features")


class ScenarioItem(pytest.Function):
    """One scenario, or one row of its examples."""

    definitions: Definitions
    template: ScenarioTemplate
    language: Language
    row: Mapping[str, str]

    @classmethod
    def of(
        cls,
        parent: FeatureFile,
        name: str,
        played: Callable[..., object],
        row: Mapping[str, str],
        template: ScenarioTemplate,
        language: Language,
        tags: Sequence[str],
    ) -> Self:
        """The item of a scenario."""

        def play(request: pytest.FixtureRequest, _flow_scene: Scene) -> None:
            played(request, dict(row))
            settle(_flow_scene)

        made: Self = cls.from_parent(parent, name=name, callobj=play)
        made.definitions, made.template, made.language, made.row = (
            parent.definitions,
            template,
            language,
            row,
        )
        own = [mark for mark in getattr(played, "pytestmark", ()) if mark.name != "parametrize"]
        made.own_markers.extend(own)
        made.keywords.update({mark.name: mark for mark in own})
        for tag in tags:
            if _is_marker(tag):
                made.add_marker(tag)
        made.extra_keyword_matches.update(tags)
        made.extra_keyword_matches.update(template.tags | template.feature.tags)
        return made

    @property
    def scene(self) -> Scene | None:
        """What the scenario played on; None before it began."""
        return cast("Scene | None", self.funcargs.get("_flow_scene"))

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where the scenario stands, and its name."""
        return self.path, self.template.line_number - 1, f"{self.template.feature.name}: {self.name}"

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException]) -> Any:  # type: ignore[override]
        """What went wrong, told to people who write features; the traceback if it is wanted."""
        told = story(self, excinfo.value)
        if self.config.getoption("--flow-traceback"):
            # Without what local names hold: steps have personal values at hand.
            traceback = excinfo.getrepr(style="long", showlocals=False, funcargs=False)
            return Told(told.path, told.line, told.message, f"{told.text}\n\n{traceback}")
        return told


def leave_bound(session: pytest.Session, items: list[pytest.Item]) -> None:  # noqa: ARG001
    """Take out the scenarios that Python tests have bound, so that each runs once, with the steps meant for it."""
    bound = {
        (Path(template.feature.filename), template.name)
        for item in items
        if isinstance(item, pytest.Function) and not isinstance(item, ScenarioItem)
        if (template := registry_get_safe(bound_scenarios, item.function)) is not None
    }
    if bound:
        items[:] = [
            item
            for item in items
            if not (isinstance(item, ScenarioItem) and (item.path, item.template.name) in bound)
        ]


def pytest_bdd_apply_tag(tag: str, function: Callable[..., object]) -> Callable[..., object] | None:
    """Leave a tag alone that cannot be a marker; it still selects scenarios with -k."""
    return None if _is_marker(tag) else function


def pytest_bdd_before_step(request: pytest.FixtureRequest, step: Step) -> None:
    """Remember the step that is carried out."""
    _remember(request, step)


def pytest_bdd_step_func_lookup_error(request: pytest.FixtureRequest, step: Step) -> None:
    """Remember the step that nobody knows."""
    _remember(request, step)


def _remember(request: pytest.FixtureRequest, step: Step) -> None:
    if isinstance(request.node, ScenarioItem) and request.node.scene is not None:
        request.node.scene.step = step


def _nearby(problem: Problem) -> Problem:
    position = problem.position
    return replace(problem, position=position._replace(path=near_path(position.path)))


def _is_marker(tag: str) -> bool:
    return not tag.startswith("_") and not set(tag) & set(":(") and tag not in ("parametrize", "usefixtures")
