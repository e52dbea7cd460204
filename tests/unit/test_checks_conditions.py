"""Regions against the evaluator: what the boxes say of a condition is what evaluation says."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partybuild_flow.checks.boxes import Region, TooManyBoxesError, meeting
from partybuild_flow.checks.conditions import Conditions
from partybuild_flow.checks.trees import key_of
from partybuild_flow.definition import Field, Parameter, Workflow
from partybuild_flow.feel import (
    BOOLEAN,
    NUMBER,
    TEXT,
    Expression,
    Scope,
    Symbol,
    Type,
    Value,
    choice_of,
    evaluate,
    parse_expression,
)
from partybuild_flow.feel.tree import Comparison
from partybuild_flow.problems import Position

AT = Position("workflow.yaml", 1, 1)
LEVELS = ("低", "中", "高")
TYPES: dict[str, Type] = {
    "x": NUMBER,
    "y": NUMBER,
    "n": NUMBER,
    "c": choice_of(("甲", "乙", "丙")),
    "l": choice_of(LEVELS, ordered=True),
    "m": choice_of(LEVELS, ordered=True),
    "t": TEXT,
    "b": BOOLEAN,
}


def _field(name: str, of: Type) -> Field:
    kind = {"n": "integer"}.get(name, of.kind)
    bounds = {"minimum": Decimal(0), "maximum": Decimal(6)} if name in "xn" else {}
    return Field(position=AT, id=name, name=name, kind=kind, type=of, **bounds)


WORKFLOW = Workflow(
    position=AT,
    id="w",
    name="w",
    version=1,
    language="zh-CN",
    fields={name: _field(name, of) for name, of in TYPES.items()},
    roles={},
    states={},
    events={},
    transitions=(),
    parameters={"p": Parameter(position=AT, id="p", name="及格线", type=NUMBER, value=Decimal(3))},
    texts={},
    hash="",
)
SCOPE = Scope([*(Symbol(name, (), of) for name, of in TYPES.items()), Symbol("p", ("及格线",), NUMBER)])

_numbers = st.sampled_from(["0", "1", "2.5", "3", "及格线", "6", "7", "null"])
_order = st.sampled_from(["=", "!=", "<", "<=", ">", ">="])
_equality = st.sampled_from(["=", "!="])


def _words(*parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(*parts).map(" ".join)


_simple = st.one_of(
    _words(st.sampled_from("xyn"), _order, _numbers),
    _words(_numbers, _order, st.sampled_from("xyn")),
    _words(st.sampled_from("lm"), _order, st.sampled_from(['"低"', '"中"', '"高"'])),
    _words(st.sampled_from("ct"), _equality, st.sampled_from(['"甲"', '"乙"', "null"])),
    st.sampled_from(["b", "not(b)", "b = true", "b != false", "true", "false"]),
    st.sampled_from(["x between 1 and 4", "x in [1..3)", "y in (0..及格线]", "n in (1, 3, >= 5)"]),
    st.sampled_from(['c in ("甲", "乙")', 'not(c in ("甲", "乙"))', 'c in ["甲", "丙"]', "x in (< 1, > 3)"]),
)
_dependent = st.one_of(
    _words(
        st.sampled_from(["x", "y", "n", "x + 1", "abs(y)"]), _order, st.sampled_from(["x", "y", "n", "2"])
    ),
    _words(st.sampled_from("lm"), _order, st.sampled_from("lm")),
    _words(st.sampled_from("ct"), _equality, st.sampled_from("ct")),
    st.sampled_from(['starts with(t, "甲")', 'some v in ["甲", "乙"] satisfies v = c']),
    st.just("if b then x > 2 else y > 2"),
)


def _combined(atoms: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.recursive(
        atoms,
        lambda inner: st.one_of(
            st.lists(inner, min_size=2, max_size=3).map(lambda parts: f"({' and '.join(parts)})"),
            st.lists(inner, min_size=2, max_size=3).map(lambda parts: f"({' or '.join(parts)})"),
            inner.map(lambda part: f"not({part})"),
            st.tuples(inner, _equality, st.sampled_from(["true", "false", "null"])).map(
                lambda parts: f"(({parts[0]}) {parts[1]} {parts[2]})"
            ),
        ),
        max_leaves=5,
    )


SIMPLE_CONDITIONS = _combined(_simple)
"""What compares one field with constants."""
CONDITIONS = _combined(_simple | _dependent)
FACTS = st.fixed_dictionaries(
    {
        "x": st.none() | st.sampled_from(["0", "1", "2", "2.5", "3", "4", "6"]).map(Decimal),
        "y": st.none() | st.sampled_from(["-1", "0", "2.5", "3", "7"]).map(Decimal),
        "n": st.none() | st.integers(0, 6).map(Decimal),
        "c": st.none() | st.sampled_from(["甲", "乙", "丙"]),
        "l": st.none() | st.sampled_from(LEVELS),
        "m": st.none() | st.sampled_from(LEVELS),
        "t": st.none() | st.sampled_from(["甲", "甲乙", "丁"]),
        "b": st.none() | st.booleans(),
        "p": st.just(Decimal(3)),
    }
)


def parsed(text: str) -> Expression:
    parsed = parse_expression(text, SCOPE, BOOLEAN)
    assert parsed.expression is not None, (text, parsed.faults)
    return parsed.expression


def _stand(comparison: Comparison, facts: dict[str, Value]) -> str:
    """How two things stand to each other, told by the evaluator alone."""
    left, right = evaluate(comparison.left, facts), evaluate(comparison.right, facts)
    if left is None or right is None:
        return "n" if left is right else "1"
    if left == right:
        return "="
    less = Comparison((0, 0), BOOLEAN, "<", comparison.left, comparison.right)
    return "<" if evaluate(less, facts) else ">"


def _inside(conditions: Conditions, region: Region, facts: dict[str, Value]) -> bool:
    def value_of(key: tuple[object, ...]) -> Value:
        node = conditions.nodes[key]
        if key[0] == "related":
            assert isinstance(node, Comparison)
            return _stand(node, facts)
        return evaluate(node, facts)

    return any(all(values.contains(value_of(key)) for key, values in box.items()) for box in region)


@settings(deadline=None, max_examples=400)
@given(CONDITIONS, FACTS)
def test_the_boxes_of_a_condition_hold_exactly_the_facts_for_which_it_is_true_or_false(
    text: str, facts: dict[str, Value]
) -> None:
    conditions = Conditions(WORKFLOW)
    expression = parsed(text)
    node = conditions.settled(expression.tree)
    value = evaluate(expression.tree, facts)
    for truth in (True, False):
        for exactly in (True, False):
            try:
                region = conditions.where(node, truth, exactly)
            except TooManyBoxesError:
                continue
            assert _inside(conditions, region, facts) == ((value is truth) == exactly), (
                truth,
                exactly,
                region,
            )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("x >= 3", "x < 3"),
        ("x >= 及格线", "x < 3"),
        ("y > 3", "not(y > 3)"),
        ('c = "甲"', 'c in ("乙", "丙")'),
        ('c = "甲"', 'not(c = "甲")'),
        ("b", "not(b)"),
        ("b", "b = null"),
        ("x > y", "y >= x"),
        ("n > 2", "n < 3"),
        ('l >= "中"', 'l < "中"'),
        ("count([x, y]) > 1 and b", "not(b)"),
        ("abs(y) >= 1", "abs(y) < 1"),
        ("x < 1 or x > 2", "x in [1..2]"),
        ('starts with(t, "甲")', 'not(starts with(t, "甲"))'),
    ],
)
def test_conditions_that_exclude_each_other_have_no_box_in_common(one: str, other: str) -> None:
    conditions = Conditions(WORKFLOW)
    regions = [conditions.where(conditions.settled(parsed(text).tree)) for text in (one, other)]
    assert meeting(regions) == ()


@pytest.mark.parametrize(
    "text", ["x >= 0", "x <= 6", "b or not(b)", 'c in ("甲", "乙", "丙")', "n > 2 or n < 3"]
)
def test_a_condition_that_only_null_can_fail_is_always_true_where_its_fact_is_there(text: str) -> None:
    conditions = Conditions(WORKFLOW)
    node = conditions.settled(parsed(text).tree)
    failing = conditions.where(node, exactly=False)
    assert failing
    present = conditions.present(frozenset(parsed(text).reads))
    assert meeting((present, failing)) == ()


def test_a_condition_with_too_many_boxes_is_given_up_and_not_guessed() -> None:
    text = " and ".join(f"(x + {number} > 1 or y + {number} > 1)" for number in range(12))
    conditions = Conditions(WORKFLOW)
    with pytest.raises(TooManyBoxesError):
        conditions.where(conditions.settled(parsed(text).tree))


@given(CONDITIONS)
def test_what_two_texts_say_alike_has_one_key_wherever_it_stands(text: str) -> None:
    assert key_of(parsed(text).tree) == key_of(parsed(f"   {text}").tree)


def test_true_and_one_are_not_the_same_thing() -> None:
    assert key_of(parsed("b = true").tree) != key_of(parsed("y = 1").tree)
