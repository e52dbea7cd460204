"""Generated code, reference evaluator and parser agree, whatever the expression and the facts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from hypothesis import example, given, settings
from hypothesis import strategies as st

from partybuild_flow.feel import (
    BOOLEAN,
    DATE,
    DATETIME,
    DURATION,
    NUMBER,
    TERM,
    TEXT,
    Expression,
    Scope,
    Symbol,
    Term,
    Type,
    Value,
    choice_of,
    compile_test,
    compile_value,
    context_of,
    evaluate,
    list_of,
    parse_expression,
    parse_template,
    parse_tests,
    text_of,
    trace,
)
from partybuild_flow.feel.tree import children

LEVELS = ("楼栋长", "社区", "街道", "区级部门")
KINDS = ("国企", "两新", "机关")
VISIT = context_of({"late": BOOLEAN, "days": NUMBER, "note": TEXT}, {"迟到": "late", "天数": "days"})
SYMBOLS = (
    Symbol("score", ("得分",), NUMBER),
    Symbol("extra-score", ("附加分",), NUMBER),
    Symbol("name", ("名 称",), TEXT),
    Symbol("kind", ("类别",), choice_of(KINDS)),
    Symbol("level", ("承办级别",), choice_of(LEVELS, ordered=True)),
    Symbol("urgent", ("紧急",), BOOLEAN),
    Symbol("since", ("起始日",), DATE),
    Symbol("now", (), DATETIME),
    Symbol("term", ("时限",), DURATION),
    Symbol("limit", ("限期",), TERM),
    Symbol("marks", ("评分",), list_of(NUMBER)),
    Symbol("visits", ("走访",), list_of(VISIT)),
)
SCOPE = Scope(SYMBOLS)

numbers = st.decimals(-1000, 1000, places=2) | st.integers(-5, 5).map(Decimal)
visits = st.none() | st.fixed_dictionaries(
    {"late": st.none() | st.booleans(), "days": st.none() | numbers, "note": st.none() | st.text(max_size=3)}
)
units = st.sampled_from(["working-day", "day", "month", "year"])
terms = st.builds(Term, st.integers(-9, 99).map(Decimal), units, st.booleans(), st.booleans()) | st.builds(
    Term, st.decimals(0, 99, places=1), st.just("working-hour")
)
FACTS: Mapping[str, st.SearchStrategy[Value]] = {
    "score": numbers,
    "extra-score": numbers,
    "name": st.text(max_size=5),
    "kind": st.sampled_from(KINDS),
    "level": st.sampled_from(LEVELS),
    "urgent": st.booleans(),
    "since": st.dates(date(1990, 1, 1), date(2100, 1, 1)),
    "now": st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    "term": st.timedeltas(timedelta(days=-99), timedelta(days=99)),
    "limit": terms | st.timedeltas(timedelta(days=-99), timedelta(days=99)),
    "marks": st.lists(st.none() | numbers, max_size=4),
    "visits": st.lists(visits, max_size=4),
}
facts = st.fixed_dictionaries({}, optional={name: st.none() | values for name, values in FACTS.items()})
every_fact = st.fixed_dictionaries({name: st.none() | values for name, values in FACTS.items()})


def joined(*parts: st.SearchStrategy[str] | str) -> st.SearchStrategy[str]:
    """The parts one after the other, with a space between them."""
    return st.tuples(*(st.just(part) if isinstance(part, str) else part for part in parts)).map(" ".join)


def texts_of(depth: int) -> dict[str, st.SearchStrategy[str]]:
    """Texts of expressions by the kind of their value, so deep at most."""
    below = texts_of(depth - 1) if depth else {}

    def either(leaves: st.SearchStrategy[str], *deeper: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        return st.one_of(leaves, *deeper)

    names = {
        "number": st.sampled_from(["得分", "extra-score", "1", "-2.5", "0", ".5", "90", "null"]),
        "text": st.sampled_from(["名 称", '"a"', "“国企”", '""', "name"]),
        "boolean": st.sampled_from(["紧急", "true", "false", "null"]),
        "date": st.sampled_from(["起始日", '@"2022-09-30"', 'date("2024-02-29")']),
        "datetime": st.sampled_from(["now", '@"2022-09-30T16:00:00"', "now()"]),
        "duration": st.sampled_from(["时限", "4 小时", "30 minutes", '@"P1DT2H"']),
        "term": st.sampled_from(
            ["限期", "5 工作日", "3 working days inclusive", "60 日", "1.5 工作时", "3 个月至下班", "limit"]
        ),
        "numbers": st.sampled_from(["评分", "[1, 2, 3]", "[]", "走访.天数"]),
        "visits": st.sampled_from(["走访"]),
    }
    if not depth:
        return names
    number, text, boolean = below["number"], below["text"], below["boolean"]
    when, instant, term, marks, seen = (
        below[kind] for kind in ("date", "datetime", "duration", "numbers", "visits")
    )
    length = below["term"]
    order = st.sampled_from(["<", "<=", ">", ">=", "=", "!=", "≥", "≤", "≠"])
    same = st.sampled_from(["=", "!="])
    level = st.sampled_from(["承办级别", '"街道"', "next(承办级别)", "previous(level)"])
    edge = st.sampled_from(["[", "(", "]"])
    close = st.sampled_from(["]", ")", "["])
    about_item = st.sampled_from(
        ["天数 > 1", "item.late", "not(迟到)", "days in [0..2)", 'note = "a"', "late or 天数 < 得分"]
    )
    return {
        "number": either(
            names["number"],
            joined("(", number, st.sampled_from("+-*/"), number, ")"),
            joined("(", number, "**", st.sampled_from(["2", "-1", "0.5", "0"]), ")"),
            joined("( if", boolean, "then", number, "else", number, ")"),
            joined("- (", number, ")"),
            joined(st.sampled_from(["sum", "min", "max", "count", "mean", "median"]), "(", marks, ")"),
            joined("round half up (", number, ", 1 )"),
            joined("abs (", number, ")"),
            joined("modulo (", number, ",", number, ")"),
            joined("string length (", text, ")"),
            joined("(", when, ").year"),
            joined("(", instant, ").hour"),
            joined("(", term, ").hours"),
            joined("(", term, "/", term, ")"),
            joined(marks, "[", st.sampled_from(["1", "-1", "5", "得分"]), "]"),
        ),
        "text": either(
            names["text"],
            joined("(", text, "+", text, ")"),
            joined("( if", boolean, "then", text, "else", text, ")"),
            joined("substring (", text, ",", number, ")"),
            joined("upper case (", text, ")"),
            joined("string (", number, ")"),
            joined("string join ( [", text, ",", text, '] , "-" )'),
        ),
        "boolean": either(
            names["boolean"],
            joined("(", number, order, number, ")"),
            joined("(", when, order, when, ")"),
            joined("(", instant, order, instant, ")"),
            joined("(", term, order, term, ")"),
            joined("(", length, order, length, ")"),
            joined("(", length, "in [", length, "..", length, "] )"),
            joined("(", length, "in (", length, ", null ) )"),
            joined("(", length, order, term, ")"),
            joined("(", text, same, text, ")"),
            joined("( 承办级别", order, level, ")"),
            joined("( 类别", same, st.sampled_from(['"国企"', "null"]), ")"),
            joined("( 类别 in (", st.sampled_from(['"国企"', '"国企", "两新"', 'null, "机关"']), ") )"),
            joined("(", number, "in", edge, number, "..", number, close, ")"),
            joined("(", number, "in ( >", number, ", <=", number, ",", number, ") )"),
            joined("(", number, "in ( ? >", number, ", null ) )"),
            joined("(", number, "between", number, "and", number, ")"),
            joined("(", number, "in", marks, ")"),
            joined('( level in ( >= "社区", "楼栋长" ) )'),
            joined("(", boolean, st.sampled_from(["and", "or", "且", "或"]), boolean, ")"),
            joined("(", boolean, "and", boolean, "and", boolean, ")"),
            joined("not (", boolean, ")"),
            joined("( if", boolean, "then", boolean, "else", boolean, ")"),
            joined("(", boolean, same, boolean, ")"),
            joined("(", boolean, "in ( true,", boolean, ") )"),
            joined(
                "(",
                st.sampled_from(["some", "every"]),
                "x in",
                seen,
                "satisfies",
                st.sampled_from(
                    ["x.迟到", "x.days > 得分", "not(x.late)", "x.late and x.天数 < 2", "x.note = 名 称"]
                ),
                ")",
            ),
            joined("(", st.sampled_from(["some", "every"]), "x in", marks, "satisfies ( x >", number, ") )"),
            joined("list contains (", marks, ",", number, ")"),
            joined("starts with (", text, ",", text, ")"),
            joined("matches (", text, ', "[a-c]+" )'),
            joined("(", number, "= null )"),
            joined("(", marks, same, marks, ")"),
        ),
        "date": either(
            names["date"],
            joined("(", when, "+", term, ")"),
            joined("(", when, st.sampled_from("+-"), st.sampled_from(["限期", "3 个月", "60 日含当日"]), ")"),
            joined("date (", instant, ")"),
            joined("( if", boolean, "then", when, "else", when, ")"),
        ),
        "datetime": either(
            names["datetime"],
            joined("(", instant, "-", term, ")"),
            joined("(", instant, "+", st.sampled_from(["限期", "1 年", "60 日"]), ")"),
        ),
        "term": either(
            names["term"],
            joined("(", length, st.sampled_from("+-"), length, ")"),
            joined("(", length, "*", number, ")"),
            joined("- (", length, ")"),
            joined("( if", boolean, "then", length, "else", term, ")"),
        ),
        "duration": either(
            names["duration"],
            joined("(", when, "-", when, ")"),
            joined("(", instant, "-", instant, ")"),
            joined("(", term, "*", number, ")"),
            joined("(", term, "+", term, ")"),
        ),
        "numbers": either(
            names["numbers"],
            joined("[", number, ",", number, "]"),
            joined(marks, "[ item >", number, "]"),
            joined("( for x in", marks, "return x +", number, ")"),
            joined("( for i in 1 .. 3 , x in", marks, "return i * x )"),
            joined("append (", marks, ",", number, ")"),
            joined("distinct values (", marks, ")"),
            joined("(", seen, ").天数"),
        ),
        "visits": either(names["visits"], joined(seen, "[", about_item, "]")),
    }


TEXTS = texts_of(3)
any_text = st.one_of(*TEXTS.values())


def parsed(text: str) -> Expression:
    found = parse_expression(text, SCOPE)
    assert found.faults == (), text
    assert found.expression is not None
    return found.expression


@settings(max_examples=200, deadline=None)
@given(any_text, facts)
@example("(1 / 0) > 1", {})
@example("(0 ** -1) = null", {})
@example("得分 > 1 and 得分 < 3 or 得分 = null", {"score": None})
def test_generated_code_gives_what_the_reference_evaluator_gives(text: str, values: dict[str, Value]) -> None:
    expression = parsed(text)
    expected = evaluate(expression.tree, values)
    assert repr(compile_value(expression)(values)) == repr(expected)


@settings(max_examples=200, deadline=None)
@given(TEXTS["boolean"], facts)
def test_a_generated_test_is_true_exactly_if_the_value_is_true(text: str, values: dict[str, Value]) -> None:
    expression = parsed(text)
    assert compile_test(expression)(values) is (evaluate(expression.tree, values) is True)


@settings(max_examples=200, deadline=None)
@given(TEXTS["boolean"], every_fact)
def test_excluded_middle_holds_unless_something_is_null(text: str, values: dict[str, Value]) -> None:
    plain, negated = parsed(text), parsed(f"not ({text})")
    verdict = evaluate(plain.tree, values)
    assert evaluate(negated.tree, values) is (None if verdict is None else not verdict)
    assert compile_test(negated)(values) is (verdict is False)


@settings(max_examples=200, deadline=None)
@given(any_text, facts)
def test_a_trace_ends_in_the_value_and_follows_the_tree(text: str, values: dict[str, Value]) -> None:
    expression = parsed(text)
    traced = trace(expression.tree, values)
    assert repr(traced.value) == repr(evaluate(expression.tree, values))
    waiting = [traced]
    while waiting:
        part = waiting.pop()
        parts = {id(node) for node in children(part.node)}
        assert {id(each.node) for each in part.parts} <= parts | {
            id(inner) for node in children(part.node) for inner in children(node)
        }
        waiting.extend(part.parts)


@settings(max_examples=200, deadline=None)
@given(any_text, facts)
def test_an_expression_reads_the_facts_that_it_says_it_reads(text: str, values: dict[str, Value]) -> None:
    expression = parsed(text)
    needed = {name: value for name, value in values.items() if name in expression.reads}
    assert repr(evaluate(expression.tree, needed)) == repr(evaluate(expression.tree, values))


wrong_facts = st.dictionaries(
    st.sampled_from(sorted(FACTS)),
    st.one_of(
        numbers, st.text(max_size=3), st.booleans(), st.lists(numbers, max_size=2), st.none(), st.integers()
    ),
)


@settings(max_examples=200, deadline=None)
@given(any_text, wrong_facts)
def test_facts_of_the_wrong_type_raise_nothing(text: str, values: dict[str, Value]) -> None:
    expression = parsed(text)
    evaluate(expression.tree, values)
    compile_value(expression)(values)
    assert compile_test(expression)(values) in (True, False)


fragments = st.sampled_from(
    [
        *"()[]{}（），“”\"'.,:+-*/<>=!?@\\ \n\t\x00", "..", "**", "得分", "类别", "且", "或", "if ", " then ",
        " else ", "for x in ", " return ", "some x in ", " satisfies ", "in ", "not(", "between ", " and ", " or ",
        "null", "1e9", "99", "\"国企\"", "走访", "item", "date(", "matches(", "\ud800", "💩", "。", "工作日", " 小时",
    ]
)  # fmt: skip
garbage = st.lists(fragments, max_size=30).map("".join) | st.text(max_size=40)


@st.composite
def mutations(draw: st.DrawFn) -> str:
    """An expression with a piece cut out, doubled, or replaced."""
    text = draw(any_text)
    start = draw(st.integers(0, len(text)))
    end = draw(st.integers(start, len(text)))
    piece = draw(st.sampled_from(["", text[start:end] * 2]) | fragments)
    return f"{text[:start]}{piece}{text[end:]}"


@settings(max_examples=500, deadline=None)
@given(garbage | mutations())
def test_any_text_gives_an_expression_or_faults_inside_the_text(text: str) -> None:
    for found in (parse_expression(text, SCOPE), parse_tests(text, SCOPE, NUMBER)):
        assert (found.expression is None) == bool(found.faults) or text.strip() == "-"
        for fault in found.faults:
            assert 0 <= fault.start <= fault.end <= len(text)
        if found.expression is not None:
            compile_test(found.expression)({})
    template = parse_template(text, SCOPE)
    assert not (template.pieces and template.faults)


TESTED: Mapping[str, tuple[Type, st.SearchStrategy[str], st.SearchStrategy[Value]]] = {
    "number": (
        NUMBER,
        st.sampled_from([">= 90", "[80..90)", "]0..1[", "< 5, > 10", "1, 2, 3", "not(1, [5..7])", "? * 2 > 得分", "null", "> extra-score"]),
        numbers,
    ),
    "choice": (
        choice_of(LEVELS, ordered=True),
        st.sampled_from(["社区", "社区, 街道", ">= 街道", '[社区.."街道"]', "not(楼栋长)", '"社区"']),
        st.sampled_from(LEVELS),
    ),
    "boolean": (BOOLEAN, st.sampled_from(["true", "false", "not(true)", "? or 紧急"]), st.booleans()),
    "list": (
        list_of(choice_of(KINDS)),
        st.sampled_from(['list contains(?, "国企")', "count(?) > 1"]),
        st.lists(st.sampled_from(KINDS), max_size=3),
    ),
}  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.data(), st.sampled_from(sorted(TESTED)), facts)
def test_unary_tests_are_booleans_about_the_tested_value(
    data: st.DataObject, kind: str, values: dict[str, Value]
) -> None:
    tested, texts, tested_values = TESTED[kind]
    found = parse_tests(data.draw(texts), SCOPE, tested)
    assert found.expression is not None, found.faults
    known = {**values, "?": data.draw(st.none() | tested_values)}
    expected = evaluate(found.expression.tree, known)
    assert expected in (True, False, None)
    assert compile_test(found.expression)(known) is (expected is True)
    assert compile_value(found.expression)(known) is expected


@given(st.lists(numbers, max_size=5), st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=5))
def test_the_text_of_a_value_reads_back_as_the_value(marks: list[Decimal], words: str) -> None:
    values: list[Value] = [words, *marks, marks, {"a": marks, words: None}]
    for value in values:
        found = parse_expression(text_of(value), Scope())
        assert found.expression is not None
        assert evaluate(found.expression.tree, {}) == value
