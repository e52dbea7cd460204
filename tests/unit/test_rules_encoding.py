"""What the C engine sees: small integers, in fields whose names it cannot mix up."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from partybuild_flow.feel import ANY, Expression
from partybuild_flow.feel.tree import And
from partybuild_flow.rules.encoding import (
    FIELDS_LIMIT,
    FOREIGN_RANK,
    LOWEST_RANK,
    NULL_RANK,
    RULES_LIMIT,
    UNORDERED_RANK,
    Condition,
    Encoded,
    encode,
)
from tests.written_rules import NAMES, Written, expression, rule_set


def encoded(**conditions: str) -> Encoded:
    rules: dict[str, Written] = {name: (when, {"级": "1"}) for name, when in conditions.items()}
    (piece,) = encode(rule_set(rules).rules)
    return piece


def message(piece: Encoded, **facts: Any) -> dict[str, int]:
    told: dict[str, int] = json.loads(piece.message({**dict.fromkeys(NAMES), **facts}))
    return told


def test_a_rank_says_where_a_number_stands_among_the_constants_of_all_rules() -> None:
    piece = encoded(甲="得分 >= 90", 乙="得分 < 60")
    ranks = [message(piece, 得分=Decimal(score))["f1"] for score in ("59.99", "60", "75", "90.00", "90.01")]
    assert ranks == [LOWEST_RANK, LOWEST_RANK + 1, LOWEST_RANK + 2, LOWEST_RANK + 3, LOWEST_RANK + 4]
    assert piece.conditions == (
        (Condition("f2", "=", 0), Condition("f1", ">=", LOWEST_RANK + 3)),
        (Condition("f2", "=", 0), Condition("f1", "<", LOWEST_RANK + 1)),
    )


@pytest.mark.parametrize(
    ("value", "rank"),
    [
        (None, NULL_RANK),
        ("90", FOREIGN_RANK),
        (True, FOREIGN_RANK),
        (90, FOREIGN_RANK),
        (Decimal("NaN"), UNORDERED_RANK),
    ],
)
def test_a_value_without_a_place_is_marked_as_missing(value: Any, rank: int) -> None:
    told = message(encoded(甲="得分 >= 90"), 得分=value)
    assert (told["f1"], told["f2"]) == (rank, 1)


@pytest.mark.parametrize("huge", ["1e400", "-1e400", "Infinity", "1e-400", "9223372036854775808"])
def test_numbers_beyond_the_engine_have_small_ranks_too(huge: str) -> None:
    told = message(encoded(甲="得分 >= 9223372036854775807"), 得分=Decimal(huge))
    assert set(told.values()) <= set(range(8))


def test_equality_alone_needs_no_field_for_missing() -> None:
    piece = encoded(甲='类别 = "国企"', 乙='类别 != "两新"')
    assert message(piece, 类别="国企") == {"f0": 1, "f1": LOWEST_RANK + 3}
    assert message(piece, 类别="龥" * 70_000) == {"f0": 1, "f1": LOWEST_RANK + 4}
    assert message(piece) == {"f0": 1, "f1": NULL_RANK}
    assert piece.conditions[1] == (
        Condition("f1", "!=", LOWEST_RANK + 1),
        Condition("f1", "!=", FOREIGN_RANK),
    )


def test_a_judged_condition_is_a_code_of_three_values() -> None:
    piece = encoded(甲="得分 > 年限", 乙="not(得分 > 年限)")
    assert [condition for (condition,) in piece.conditions] == [
        Condition("f1", "=", 1),
        Condition("f1", "=", 0),
    ]
    assert message(piece, 得分=Decimal(2), 年限=Decimal(1))["f1"] == 1
    assert message(piece, 得分=Decimal(1), 年限=Decimal(1))["f1"] == 0
    assert message(piece, 得分=Decimal(1))["f1"] == 2


def test_what_two_rules_ask_alike_is_computed_once() -> None:
    piece = encoded(甲="得分 + 1 > 3 and 党员", 乙="党员 and 得分 + 1 < 9")
    assert len(piece.codes) == 2
    assert list(message(piece, 日期=date(2024, 1, 1))) == ["f0", "f1", "f2", "f3"]


def test_a_rule_without_any_condition_waits_for_the_field_that_is_always_there() -> None:
    (rule,) = rule_set({"甲": ("true", {"级": "1"})}).rules
    nothing = expression("true").tree
    empty = Expression("", And(nothing.span, nothing.type, ()), frozenset())
    (piece,) = encode([rule.model_copy(update={"when": empty})])
    assert piece.conditions == ((Condition("f0", "=", 1),),)
    assert message(piece) == {"f0": 1}


@pytest.mark.parametrize("count", [1, RULES_LIMIT, RULES_LIMIT + 1, 5 * RULES_LIMIT])
def test_no_piece_has_more_rules_than_the_engine_survives(count: int) -> None:
    rules: dict[str, Written] = {f"r{number}": (f"得分 > {number}", {"级": "1"}) for number in range(count)}
    pieces = encode(rule_set(rules).rules)
    assert sum(len(piece.conditions) for piece in pieces) == count
    assert max(len(piece.conditions) for piece in pieces) <= RULES_LIMIT
    assert len(pieces) == -(-count // RULES_LIMIT)


def test_no_message_has_more_fields_than_the_engine_survives() -> None:
    names = {f"n{number}": ANY for number in range(1000)}
    rules = rule_set({f"r{number}": ("得分 > 1", {"级": "1"}) for number in range(50)})
    wide = [
        rule.model_copy(
            update={
                "when": expression(
                    " and ".join(f"n{20 * place + each} > 1" for each in range(20)), {**NAMES, **names}
                )
            }
        )
        for place, rule in enumerate(rules.rules)
    ]
    pieces = encode(wide)
    assert sum(len(piece.conditions) for piece in pieces) == 50
    for piece in pieces:
        assert len(json.loads(piece.message(dict.fromkeys([*NAMES, *names])))) <= FIELDS_LIMIT


def test_a_rule_with_very_many_conditions_is_judged_whole() -> None:
    piece = encoded(甲=" and ".join(f"得分 != {number}" for number in range(95)))
    assert piece.conditions == ((Condition("f1", "=", 1),),)


def test_the_names_of_fields_do_not_collide_in_the_32_bits_that_the_engine_compares() -> None:
    names = [f"f{number}" for number in range(FIELDS_LIMIT)] + ["sid", "id", "$s", "m", "$m"]
    assert len({fnv_1a(name) for name in names}) == len(names)
    assert fnv_1a("liquid") == fnv_1a("costarring")


def fnv_1a(text: str) -> int:
    number = 2166136261
    for byte in text.encode():
        number = (number ^ byte) * 16777619 % 2**32
    return number
