"""FEEL to the standard never fails and always ends, whatever the text and the values."""

from __future__ import annotations

import contextlib
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from partybuild_flow import YearMonthDuration
from partybuild_flow.feel.standard import (
    BUILTINS,
    TYPE_NAMES,
    Evaluator,
    Frame,
    Interval,
    Known,
    TokenNames,
    Value,
    read_expression,
    read_tests,
)
from partybuild_flow.feel.standard.arithmetic import calculate
from partybuild_flow.feel.standard.functions.builtin import Untaken
from partybuild_flow.feel.standard.moments import moment_of, string_of
from partybuild_flow.feel.standard.values import PART_NAMES, compare, equal, is_same, key_of

KNOWN = Known(TokenNames([*BUILTINS, "a", "a b", "?"]), TokenNames(PART_NAMES), TokenNames(TYPE_NAMES))
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.decimals(allow_nan=False, allow_infinity=False).filter(lambda each: abs(each.adjusted()) < 6000),
    st.text(max_size=8),
    st.dates(),
    st.times(),
    st.times(timezones=st.timezones()),
    st.datetimes(),
    st.datetimes(timezones=st.timezones()),
    st.datetimes(timezones=st.just(UTC)),
    st.timedeltas(),
    st.builds(YearMonthDuration, st.integers(-(10**6), 10**6)),
)
VALUES: st.SearchStrategy[Value] = st.recursive(
    st.one_of(SCALARS, st.sampled_from(list(BUILTINS.values()))),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.sampled_from(["a", "b c", "item"]), inner, max_size=3),
        st.builds(Interval, inner, inner, st.booleans(), st.booleans()),
    ),
    max_leaves=6,
)
SIGNS = (
    '1 2.5 "a" a.b a.year ( ) [ ] { } , : . .. + - * / ** = != < <= > >= ? @ @"P1D" ]1..2[ {a:1} [1,2] // /*'
)
WORDS = "null true a and or not in between if then else for some every return satisfies function instance of item x"
WHOLE = (
    "a b",
    "in (",
    "list<number>",
    "partial",
    "external",
    "sum",
    "date and time",
    "sort",
    "string",
    "function(x) x",
)
PIECES = st.sampled_from([*SIGNS.split(), *WORDS.split(), *WHOLE])


@settings(max_examples=500)
@given(st.lists(PIECES, max_size=14), VALUES)
def test_any_text_has_a_value_or_null(pieces: list[str], value: Value) -> None:
    frame = Frame({"a": value, "a b": 1, "?": value}, Frame(BUILTINS))
    for read in (read_expression, read_tests):
        node = read(" ".join(pieces), KNOWN).node
        if node is not None:
            string_of(Evaluator({}, []).result(node, frame))


@given(st.text(max_size=40))
def test_any_characters_can_be_read_or_refused(text: str) -> None:
    read_expression(text, KNOWN)
    read_tests(text, KNOWN)
    moment_of(text)


@settings(max_examples=300)
@given(st.sampled_from(sorted(BUILTINS)), st.lists(VALUES, max_size=4))
def test_any_function_takes_any_arguments_or_says_that_it_does_not(name: str, arguments: list[Value]) -> None:
    with contextlib.suppress(Untaken):
        string_of(BUILTINS[name].call(arguments))


@settings(max_examples=300)
@given(st.sampled_from(["+", "-", "*", "/", "**"]), VALUES, VALUES)
def test_any_operation_and_comparison_is_total(operator: str, left: Value, right: Value) -> None:
    result = calculate(operator, left, right)
    assert not isinstance(result, Decimal) or result.is_finite()
    for sign in ("=", "!=", "<", "<=", ">", ">="):
        assert compare(sign, left, right) in (True, False, None)
    assert (key_of(left) == key_of(right)) is (equal(left, right) is True) or callable(left)
    assert is_same(left, right) in (True, False)


@given(
    st.one_of(st.dates(), st.times(), st.datetimes(), st.datetimes(timezones=st.just(UTC)), st.timedeltas())
)
def test_a_moment_is_written_as_it_is_read(moment: date | time | datetime | timedelta) -> None:
    assert moment_of(string_of(moment)) == moment
