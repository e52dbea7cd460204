"""The DMN Technology Compatibility Kit, as far as the shared data hold it."""

from __future__ import annotations

from pathlib import Path

import pytest

from partybuild_flow import load_dmn
from tests.conformance.kit import Expectation, agrees, expectations

KIT = Path(__file__).parents[3] / "shared" / "data" / "dmn-tck" / "compliance-level-2"
CASES = expectations(KIT)


def test_the_kit_is_there_and_whole() -> None:
    if not KIT.is_dir():
        pytest.skip("the kit of the shared data, ../shared/data/dmn-tck, is not here")
    assert len({(each.model, each.case) for each in CASES}) == 116


@pytest.mark.parametrize("case", CASES, ids=lambda each: each.id)
def test_a_case_of_the_kit_gives_what_it_expects(case: Expectation) -> None:
    told: list[str] = []
    found = load_dmn(case.model).evaluate(case.decision, case.inputs, told=told)
    assert agrees(found, case.expected), (found, told)
