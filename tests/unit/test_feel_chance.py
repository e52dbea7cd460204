"""Drawing by lot: the same number gives the same order, everywhere, and no order is likelier than another."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from partybuild_flow.feel import Scope, evaluate, parse_expression
from partybuild_flow.feel.functions.chance import Lots, shuffled


def test_the_order_of_a_number_never_changes() -> None:
    assert shuffled(list("abcdef"), Decimal(0)) == list("acdefb")
    assert shuffled(list("abcdef"), Decimal(10**30 - 1)) == list("dbcefa")


@given(st.lists(st.integers()), st.integers(-(10**30), 10**30))
def test_an_order_holds_every_item_as_often_as_the_list(items: list[int], lot: int) -> None:
    order = shuffled(items, Decimal(lot))
    assert order is not None
    assert Counter(order) == Counter(items)
    assert order == shuffled(items, Decimal(lot))


def test_every_order_of_four_comes_about_as_often() -> None:
    drawn = Counter("".join(shuffled(list("abcd"), Decimal(lot)) or []) for lot in range(4800))
    assert len(drawn) == 24
    # Chi square of 23 degrees of freedom is below 49.7 in 999 of 1000 draws; these are always the same.
    assert sum((count - 200) ** 2 / 200 for count in drawn.values()) < 49.7


def test_numbers_below_a_limit_are_all_drawn() -> None:
    lots = Lots(7)
    assert {lots.below(6) for _ in range(200)} == set(range(6))


def test_only_whole_numbers_are_lots() -> None:
    assert shuffled(["a"], Decimal("0.5")) is None
    assert shuffled(["a"], Decimal("1e99")) is None
    assert shuffled(["a"], Decimal("7.0")) == ["a"]
    assert shuffled([], Decimal(1)) == []


def test_expressions_shuffle_by_either_name() -> None:
    for text in ("shuffle([1, 2, 3], 4)", "抽签排序([1, 2, 3], 4)"):
        expression = parse_expression(text, Scope()).expression
        assert expression is not None
        assert expression.type.kind == "list"
        assert sorted(evaluate(expression.tree, {})) == [1, 2, 3]  # type: ignore[arg-type]
