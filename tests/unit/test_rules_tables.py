"""Decision tables: what the hit policies mean, told by the reference and by the generated code alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from partybuild_flow.case import Conclusion, Conflict
from partybuild_flow.definition import Table
from partybuild_flow.feel import Value, generate
from partybuild_flow.rules import compile_table, conclude_table
from partybuild_flow.rules import tables as tables_module
from tests.written_rules import NAMES, table

Conclude = Callable[[Table, Mapping[str, Value]], Conclusion]
NOTHING: dict[str, Value] = dict.fromkeys(NAMES)


@pytest.fixture(params=["reference", "generated", "generated in pieces"])
def conclude(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Conclude:
    if request.param == "reference":
        return conclude_table
    if request.param == "generated in pieces":
        monkeypatch.setattr(generate, "LARGEST_FUNCTION", 90)
    return lambda table, facts: compile_table(table)(facts)


def facts(**known: Any) -> dict[str, Value]:
    return {
        **NOTHING,
        **{name: Decimal(value) if type(value) is int else value for name, value in known.items()},
    }


def stars(hit: Any) -> Table:
    return table(hit, ["得分"], ["星"], [[">= 90", "5"], ["[80..90)", "4"], ["[60..100]", "3"]], {"星": "0"})


def test_a_unique_table_concludes_from_the_only_row_that_holds(conclude: Conclude) -> None:
    assert conclude(stars("U"), facts(得分=70)) == Conclusion({"星": Decimal(3)}, ("3",))


def test_a_unique_table_is_in_conflict_where_two_rows_hold(conclude: Conclude) -> None:
    assert conclude(stars("U"), facts(得分=85)) == Conclusion(
        {"星": None}, ("2", "3"), Conflict("甄别表", "星", ("2", "3"))
    )


def test_a_unique_table_is_in_conflict_even_where_both_rows_agree(conclude: Conclude) -> None:
    twice = table("U", ["得分"], ["星", "名"], [["> 1", "5", '"甲"'], ["> 2", "5", '"甲"']])
    assert conclude(twice, facts(得分=3)).conflict == Conflict("甄别表", "星", ("1", "2"))


def test_the_conflict_names_the_first_output_that_is_disputed(conclude: Conclude) -> None:
    disputed = table("U", ["得分"], ["星", "名"], [["> 1", "5", '"甲"'], ["> 2", "5", '"乙"']])
    assert conclude(disputed, facts(得分=3)).conflict == Conflict("甄别表", "名", ("1", "2"))


def test_an_any_table_concludes_from_all_rows_that_agree(conclude: Conclude) -> None:
    agreed = table("A", ["得分"], ["星"], [["> 1", "5"], ["> 2", "5.0"], ["> 3", "4"]])
    conclusion = conclude(agreed, facts(得分=3))
    assert conclusion == Conclusion({"星": Decimal(5)}, ("1", "2"))
    assert str(conclusion.outputs["星"]) == "5"


def test_an_any_table_is_in_conflict_where_rows_disagree_on_any_output(conclude: Conclude) -> None:
    disputed = table(
        "A", ["得分"], ["星", "名"], [["> 1", "5", '"甲"'], ["> 2", "5", '"乙"'], ["> 9", "1", '"丙"']]
    )
    assert conclude(disputed, facts(得分=3)) == Conclusion(
        {"星": None, "名": None}, ("1", "2"), Conflict("甄别表", "名", ("1", "2"))
    )


def test_true_and_one_do_not_agree(conclude: Conclude) -> None:
    mixed = table("A", ["得分"], ["星"], [["> 1", "1"], ["> 2", "true"]])
    assert conclude(mixed, facts(得分=3)).conflict == Conflict("甄别表", "星", ("1", "2"))


def test_a_first_table_concludes_from_the_first_row_that_holds_and_names_only_that(
    conclude: Conclude,
) -> None:
    assert conclude(stars("F"), facts(得分=85)) == Conclusion({"星": Decimal(4)}, ("2",))


@pytest.mark.parametrize("hit", ["U", "A", "F"])
def test_where_no_row_holds_every_output_takes_its_default_else_null(conclude: Conclude, hit: Any) -> None:
    some = table(
        hit, ["得分"], ["星", "名"], [["> 90", "5", '"甲"'], ["> 80", "4", '"乙"']], {"星": "得分 - 1"}
    )
    assert conclude(some, facts(得分=3)) == Conclusion({"星": Decimal(2), "名": None}, ())


@pytest.mark.parametrize("hit", ["U", "A", "F"])
def test_a_missing_value_meets_no_test_but_the_one_for_null_and_the_dash(
    conclude: Conclude, hit: Any
) -> None:
    rows = [[">= 0", "1"], ["< 0", "2"], ["not(5)", "3"], ["null", "4"]]
    assert conclude(table(hit, ["得分"], ["星"], rows[:2]), facts()).fired == ()
    assert conclude(table(hit, ["得分"], ["星"], [*rows[:2], rows[3]]), facts()).fired == ("3",)
    assert conclude(table(hit, ["得分"], ["星"], [["-", "1"]]), facts()).fired == ("1",)


@pytest.mark.parametrize("hit", ["U", "A", "F"])
def test_a_fact_that_is_not_even_named_is_null(conclude: Conclude, hit: Any) -> None:
    assert conclude(table(hit, ["得分"], ["星"], [[">= 0", "1"], ["null", "2"]]), {}).fired == ("2",)


@pytest.mark.parametrize("hit", ["U", "A", "F"])
def test_several_inputs_must_all_hold_and_each_test_sees_its_own(conclude: Conclude, hit: Any) -> None:
    rows = [
        [">= 90", '"国企","两新"', "true", '"甲"'],
        [">= 90", 'not("国企","两新")', "-", '"乙"'],
        ["< 90", "-", "false", '"丙"'],
    ]
    by_three = table(hit, ["得分", "类别", "党员"], ["名"], rows)
    assert conclude(by_three, facts(得分=95, 类别="国企", 党员=True)).outputs == {"名": "甲"}
    assert conclude(by_three, facts(得分=95, 类别="学校")).outputs == {"名": "乙"}
    assert conclude(by_three, facts(得分=9, 党员=False)).outputs == {"名": "丙"}
    assert conclude(by_three, facts(得分=95, 类别="国企", 党员=False)).fired == ()


def test_inputs_and_outputs_may_be_expressions_that_read_other_facts(conclude: Conclude) -> None:
    sums = table("F", ["得分 + 年限"], ["和", "多"], [["> 年限 * 3", "得分 + 年限", "年限 + 1"]])
    assert conclude(sums, facts(得分=10, 年限=2)).outputs == {"和": Decimal(12), "多": Decimal(3)}
    assert conclude(sums, facts(得分=1, 年限=2)).fired == ()


def test_ordered_choices_are_compared_by_their_order(conclude: Conclude) -> None:
    by_level = table("U", ["级别"], ["层"], [['< "街道"', "1"], ['"街道"', "2"]])
    assert [conclude(by_level, facts(级别=level)).outputs["层"] for level in ("楼栋长", "社区", "街道")] == [
        Decimal(1),
        Decimal(1),
        Decimal(2),
    ]


def test_dates_are_compared_with_dates(conclude: Conclude) -> None:
    by_day = table(
        "U", ["日期"], ["期"], [['< date("2024-03-01")', '"冬"'], ['>= date("2024-03-01")', '"春"']]
    )
    assert conclude(by_day, facts(日期=date(2024, 2, 29))).outputs == {"期": "冬"}
    assert conclude(by_day, facts(日期=date(2024, 3, 1))).outputs == {"期": "春"}


def test_numbers_that_differ_in_the_thirtieth_digit_are_told_apart(conclude: Conclude) -> None:
    digits = "0.123456789012345678901234567890"
    near = table("U", ["得分"], ["星"], [[f"> {digits}", "1"], [f"<= {digits}", "0"]])
    assert conclude(near, {**NOTHING, "得分": Decimal(digits)}).fired == ("2",)
    assert conclude(near, {**NOTHING, "得分": Decimal(digits[:-1] + "1")}).fired == ("1",)


def test_the_outputs_are_a_plain_context_that_expressions_can_read(conclude: Conclude) -> None:
    assert type(conclude(stars("F"), facts(得分=85)).outputs) is dict


def test_a_table_without_rows_concludes_its_defaults(conclude: Conclude) -> None:
    assert conclude(table("U", ["得分"], ["星"], [], {"星": "1"}), facts()) == Conclusion(
        {"星": Decimal(1)}, ()
    )


def test_a_table_of_a_thousand_rows_is_still_generated(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [[f"[{low}..{low + 1})", f"{low}"] for low in range(1000)]
    compiled = compile_table(table("U", ["得分"], ["星"], rows))
    monkeypatch.setattr(tables_module, "conclude_table", _never)
    assert compiled(facts(得分=0)).fired == ("1",)
    assert compiled(facts(得分=999)).fired == ("1000",)
    assert compiled(facts(得分=1000)).fired == ()


def _never(table: Table, facts: Mapping[str, Value]) -> Conclusion:
    raise AssertionError("the reference evaluator was asked")


@pytest.mark.parametrize("hit", ["U", "A", "F"])
def test_facts_of_the_declared_types_never_need_the_reference(
    monkeypatch: pytest.MonkeyPatch, hit: Any
) -> None:
    compiled = compile_table(stars(hit))
    monkeypatch.setattr(tables_module, "conclude_table", _never)
    for score in (None, Decimal(0), Decimal(95) if hit == "F" else Decimal(60)):
        compiled({**NOTHING, "得分": score})
