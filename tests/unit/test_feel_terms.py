"""Terms as they are written in both languages, and read back."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partybuild_flow.feel.terms import MAX_LENGTH, Term, TermUnit, term_of, term_text

D = Decimal
UNITS: list[TermUnit] = ["working-day", "day", "month", "year"]


def terms() -> st.SearchStrategy[Term]:
    whole = st.builds(
        Term,
        st.integers(-MAX_LENGTH, MAX_LENGTH).map(Decimal),
        st.sampled_from(UNITS),
        st.booleans(),
        st.booleans(),
    )
    hours = st.decimals(-MAX_LENGTH, MAX_LENGTH, places=3)
    return whole | hours.map(lambda length: Term(length, "working-hour"))


@given(terms())
def test_a_term_reads_back_from_its_text_in_either_language(term: Term) -> None:
    assert term_of(term_text(term)) == term_of(term_text(term, "zh-CN")) == term


@given(terms())
def test_equal_terms_have_one_text(term: Term) -> None:
    longer = term._replace(length=term.length.quantize(Decimal("1.000000")))
    assert term_text(longer) == term_text(term)


@pytest.mark.parametrize(
    ("term", "english", "chinese"),
    [
        (Term(D(1), "working-day"), "1 working day", "1 工作日"),
        (Term(D(3), "working-day", inclusive=True), "3 working days inclusive", "3 工作日 含当日"),
        (Term(D(60), "day"), "60 days", "60 日"),
        (Term(D("2.50"), "working-hour"), "2.5 working hours", "2.5 工作时"),
        (Term(D(3), "month", closing=True), "3 months until close", "3 个月 至下班"),
        (
            Term(D("1E+1"), "year", inclusive=True, closing=True),
            "10 years inclusive until close",
            "10 年 含当日 至下班",
        ),
        (Term(D("-0"), "day"), "0 days", "0 日"),
    ],
)
def test_a_term_is_written_as_people_write_it(term: Term, english: str, chinese: str) -> None:
    assert (term_text(term), term_text(term, "zh-CN")) == (english, chinese)


@pytest.mark.parametrize("text", ["5工作日", "5 个工作日", "5 工作日", "5 working day"])
def test_usual_spellings_mean_the_same_term(text: str) -> None:
    assert term_of(text) == Term(D(5), "working-day")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "5",
        "工作日",
        "1.5 日",
        "2 小时",
        "5 working days ",
        "2 working hours inclusive",
        "100001 日",
        "٥ 日",
        "5  日",
    ],
)
def test_any_other_text_is_no_term(text: str) -> None:
    assert term_of(text) is None
