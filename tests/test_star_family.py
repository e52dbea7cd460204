"""The shipped star workflows: their numbers add up, stand in one place, and tell where they come from."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from partybuild_flow.checks import check
from partybuild_flow.definition import Workflow
from partybuild_flow.feel import Expression, evaluate, tree
from partybuild_flow.reader import read_workflow

ROOT = Path(__file__).parent.parent / "workflows"
FAMILY = ("star-application", "star-round", "objection")
STRUCTURAL = {Decimal(0), Decimal(1), Decimal(2), Decimal(100)}
"""Numbers that are no thresholds: none, the next one, two decimals, a hundred of a percentage."""


def read(name: str, root: Path = ROOT) -> Workflow:
    return read_workflow(root / name)


def expressions(workflow: Workflow) -> Iterator[Expression]:
    for transition in workflow.transitions:
        yield from (each for each in (transition.when, transition.decide) if each)
        yield from (each.value for each in transition.settings)
    for rule_set in workflow.rule_sets.values():
        for rule in rule_set.rules:
            yield rule.when
            yield from (each.value for each in rule.conclusions)
    for deadline in workflow.deadlines.values():
        yield deadline.due


@pytest.mark.parametrize("name", FAMILY)
def test_every_threshold_is_a_parameter_and_stands_nowhere_else(name: str) -> None:
    found = {
        node.value
        for each in expressions(read(name))
        for node, _ in tree.walk(each.tree)
        if isinstance(node, tree.Constant) and isinstance(node.value, Decimal)
    }
    assert found <= STRUCTURAL


@pytest.mark.parametrize("name", FAMILY)
def test_every_parameter_says_where_it_comes_from_in_words(name: str) -> None:
    workflow = read(name)
    sets = [each for values in workflow.sets.values() for each in values.values()]
    for parameter in (*workflow.parameters.values(), *sets):
        assert parameter.source, parameter.name
        assert not re.search(r"https?:|www\.", parameter.source), parameter.name


def test_the_points_of_each_category_add_up_to_a_hundred() -> None:
    points = read("star-application").tables["indicator-points"]
    for row in points.rows:
        values = [evaluate(value.tree, {}) for value in row.values]
        assert sum(value for value in values if isinstance(value, Decimal)) == 100, row.number


def test_no_deduction_exceeds_the_points_of_its_indicator() -> None:
    workflow = read("star-application")
    least = min(
        value
        for row in workflow.tables["indicator-points"].rows
        if isinstance(value := evaluate(row.values[1].tree, {}), Decimal)
    )
    names = ("late-election-points", "incomplete-team-points", "idle-points", "no-venue-points")
    for name in names:
        value = workflow.parameters[name].value
        assert isinstance(value, Decimal)
        assert value <= least


def test_bands_with_the_published_hole_are_rejected_by_their_examples(tmp_path: Path) -> None:
    for name in (*FAMILY, "shared"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "cn.calendar.yaml", tmp_path)
    bands = tmp_path / "star-application" / "star-band.table.yaml"
    text = bands.read_text("utf-8")
    bands.write_text(text.replace("[四星线..五星线)", "[四星线..89]"), "utf-8")
    problems = check(read("star-application", tmp_path))
    told = [each.position.line for each in problems if each.severity == "error"]
    lines = text.splitlines()
    assert [lines[line - 1] for line in told] == [
        "  - {计分.最终得分: 89.99, 档次: 四星}",
        "  - {计分.最终得分: 89.50, 档次: 四星}",
    ]
