"""Decision tables: every hit policy, aggregation, defaults, tests of cells."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from partybuild_flow import DmnWarning
from tests.dmn import decision, input_data, loaded, table, value

ROWS: list[tuple[str, ...]] = [("> 1", '"low"'), ("> 5", '"high"'), ("> 5", '"middle"')]
RANKED = {"out": '"high", "middle", "low"'}


def decided(folder: Path, policy: str, x: int | None, aggregation: str = "", **more: Any) -> Any:
    rows = more.get("rows", ROWS)
    return value(
        folder,
        table(policy, {"x": ""}, more.get("outputs", RANKED), rows, aggregation, more.get("defaults", ())),
        {"x": x},
    )


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("UNIQUE", None),
        ("ANY", None),
        ("PRIORITY", "high"),
        ("FIRST", "low"),
        ("RULE ORDER", ["low", "high", "middle"]),
        ("OUTPUT ORDER", ["high", "middle", "low"]),
        ("COLLECT", ["low", "high", "middle"]),
        ("P", "high"),
        ("NONSENSE", None),
    ],
)
def test_a_hit_policy_says_which_of_the_matches_count(tmp_path: Path, policy: str, expected: object) -> None:
    assert decided(tmp_path, policy, 9) == expected


@pytest.mark.parametrize(
    "policy", ["UNIQUE", "ANY", "PRIORITY", "FIRST", "RULE ORDER", "OUTPUT ORDER", "COLLECT"]
)
def test_one_match_counts_under_every_policy_and_none_gives_null(tmp_path: Path, policy: str) -> None:
    expected = ["low"] if policy in ("RULE ORDER", "OUTPUT ORDER", "COLLECT") else "low"
    assert decided(tmp_path, policy, 3) == expected
    assert decided(tmp_path, policy, 0) is None
    assert decided(tmp_path, policy, None) is None


def test_any_takes_equal_results_and_unique_says_why_it_does_not_take_two(tmp_path: Path) -> None:
    same: list[tuple[str, ...]] = [("> 1", "1"), ("> 2", "1.0")]
    assert decided(tmp_path, "ANY", 9, rows=same) == Decimal(1)
    model = loaded(
        tmp_path, input_data("x"), decision("d", table("UNIQUE", {"x": ""}, {"o": ""}, same), "", ["x"])
    )
    with pytest.warns(DmnWarning, match="2 rules match"):
        assert model.evaluate("d", {"x": 9}) is None


@pytest.mark.parametrize(
    ("aggregation", "expected"), [("SUM", 6), ("MIN", 1), ("MAX", 3), ("COUNT", 3), ("MEAN", None)]
)
def test_collected_results_are_aggregated(tmp_path: Path, aggregation: str, expected: int | None) -> None:
    rows: list[tuple[str, ...]] = [("-", "3"), ("> 1", "1"), ("< 100", "2"), ("< 0", "9")]
    found = decided(tmp_path, "COLLECT", 9, aggregation, rows=rows, outputs={"out": ""})
    assert found == (None if expected is None else Decimal(expected))


def test_several_outputs_give_a_context_by_their_names(tmp_path: Path) -> None:
    outputs = {"a b": '"x", "y"', "n": ""}
    rows: list[tuple[str, ...]] = [("> 1", '"y"', "1"), ("> 2", '"x"', "2"), ("> 3", '"x"', "")]
    assert decided(tmp_path, "FIRST", 9, rows=rows, outputs=outputs) == {"a b": "y", "n": Decimal(1)}
    assert decided(tmp_path, "PRIORITY", 3, rows=rows, outputs=outputs) == {"a b": "x", "n": Decimal(2)}
    assert decided(tmp_path, "COLLECT", 9, rows=rows, outputs=outputs)[2] == {"a b": "x", "n": None}


def test_where_no_rule_matches_the_default_outputs_hold(tmp_path: Path) -> None:
    assert decided(tmp_path, "UNIQUE", 0, defaults=('"none"',)) == "none"
    outputs = {"a": "", "b": ""}
    rows: list[tuple[str, ...]] = [("> 5", "1", "2")]
    found = decided(tmp_path, "UNIQUE", 0, rows=rows, outputs=outputs, defaults=("7", ""))
    assert found == {"a": Decimal(7), "b": None}


@pytest.mark.parametrize(
    ("test", "x", "holds"),
    [
        ("-", None, True),
        ("", 1, True),
        ("1, 2", 2, True),
        ("not(1, 2)", 3, True),
        ("not(1, 2)", 2, False),
        ("not(1)", None, True),
        ("[1..5)", 5, False),
        ("< 3, > 8", 9, True),
        ("? * 2 = 4", 2, True),
        ("? > 1 and ? < 3", 2, True),
        ("not(? > 1) and ? < 3", 1, True),
        ("limits", 2, True),
        ("limits[1]", 1, True),
        ("count(limits) = 2", 9, True),
        ("null", None, True),
        ("null", 1, False),
        ("1 +", 1, False),
        ("true", True, True),
        ("true", 1, False),
        ('"1"', 1, False),
        ("even(?)", 4, True),
        ("for", 4, False),
    ],
)
def test_a_cell_is_a_unary_test(tmp_path: Path, test: str, x: object, holds: bool) -> None:
    logic = table("U", {"x": "", "limits": ""}, {"o": ""}, [(test, "-", "1")])
    assert value(tmp_path, logic, {"x": x, "limits": [1, 2]}) == (Decimal(1) if holds else None)


def test_a_dash_holds_only_for_values_that_the_input_may_have(tmp_path: Path) -> None:
    logic = table("U", {"x": "[0..10]"}, {"o": ""}, [("-", "1")])
    assert value(tmp_path, logic, {"x": 5}) == Decimal(1)
    assert value(tmp_path, logic, {"x": 50}) is None


def test_a_row_with_too_few_cells_does_not_match(tmp_path: Path) -> None:
    assert value(tmp_path, table("U", {"x": ""}, {"o": ""}, [("1",)]), {"x": 1}) is None
    assert value(tmp_path, table("U", {"x": "", "y": ""}, {"o": ""}, [("1",)]), {"x": 1, "y": 1}) is None
