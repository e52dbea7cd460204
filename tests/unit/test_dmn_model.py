"""Models: what decisions require, knowledge, services, imports, and what goes wrong on the way."""

from __future__ import annotations

import threading
import warnings
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from partybuild_flow import DmnError, DmnWarning, YearMonthDuration, load_dmn
from tests.dmn import decision, input_data, item, knowledge, loaded, service, text, value, written


def test_a_decision_reads_the_decisions_and_inputs_that_it_requires(tmp_path: Path) -> None:
    model = loaded(
        tmp_path,
        input_data("net price", "number"),
        decision("gross price", text("net price * 1.19"), "number", ["net price"]),
        decision("what to pay?", text('string(gross price) + " EUR"'), "string", (), ["gross price"]),
    )
    assert model.evaluate("what to pay?", {"net price": 100}) == "119.00 EUR"
    assert (model.name, model.inputs) == ("model", ("net price",))
    assert model.decisions == ("gross price", "what to pay?")


def test_a_decision_sees_nothing_that_it_does_not_require(tmp_path: Path) -> None:
    model = loaded(tmp_path, input_data("x"), decision("d", text("x"), "", []))
    with pytest.warns(DmnWarning, match="there is no “x” here"):
        assert model.evaluate("d", {"x": 1}) is None


def test_names_may_hold_keywords_and_signs(tmp_path: Path) -> None:
    for name in (
        "Profit and loss",
        "a-b",
        "what if?",
        "rate/year",
        "否则 或",
        "date and hour",
        "e.g. this",
        "🐎 bet",
    ):
        assert value(tmp_path, text(f"{name} + 1"), {name: 1}) == Decimal(2), name
    assert value(tmp_path, text("a - b"), {"a": 5, "b": 1}) == Decimal(4)
    assert value(tmp_path, text("a - b"), {"a": 5, "b": 1, "a-b": 9}) == Decimal(9)


def test_decisions_that_require_each_other_are_null_and_say_so(tmp_path: Path) -> None:
    model = loaded(tmp_path, decision("a", text("b"), "", (), ["b"]), decision("b", text("a"), "", (), ["a"]))
    told: list[str] = []
    assert model.evaluate("a", told=told) is None
    assert "“a” requires itself" in told


def test_a_decision_without_logic_or_with_a_broken_text_is_null(tmp_path: Path) -> None:
    model = loaded(
        tmp_path, decision("a", ""), decision("b", text("1 +")), decision("c", text("b"), "", (), ["b"])
    )
    told: list[str] = []
    assert [model.evaluate(name, told=told) for name in "abc"] == [None, None, None]
    assert told[0] == "the decision “a” has no logic"
    assert "cannot be read" in told[1]


def test_an_input_that_is_missing_or_of_another_type_is_null(tmp_path: Path) -> None:
    model = loaded(tmp_path, input_data("x", "number"), decision("d", text("x = null"), "", ["x"]))
    told: list[str] = []
    assert model.evaluate("d", {}, told=told) is True
    assert model.evaluate("d", {"x": "1"}, told=told) is True
    assert model.evaluate("d", {"x": 1}, told=told) is False
    assert told == ["the input “x” is not given", '“x” is to be number, but "1" is not']


def test_knowledge_is_called_by_place_or_by_name_and_may_call_itself(tmp_path: Path) -> None:
    model = loaded(
        tmp_path,
        knowledge("sum to", {"n": "number"}, text("if n <= 0 then 0 else n + sum to(n - 1)"), "number"),
        knowledge("twice", {"n": "number"}, text("2 * sum to(n)"), "", ["sum to"]),
        decision("d", text("[twice(3), twice(n: 3), twice(800), twice([3])]"), "", (), (), ["twice"]),
        decision("wrong", text('[twice(), twice(1, 2), twice(m: 1), twice("a")]'), "", (), (), ["twice"]),
    )
    assert model.evaluate("d") == [12, 12, 640800, 12]
    told: list[str] = []
    assert model.evaluate("wrong", told=told) == [None, None, None, None]
    assert told[0] == "twice does not take ()"
    assert model.evaluate("twice", {"n": 2}) == Decimal(6)


def test_recursion_without_an_end_is_null_in_a_moment(tmp_path: Path) -> None:
    model = loaded(
        tmp_path,
        knowledge("f", {"n": ""}, text("f(n + 1)")),
        knowledge("g", {"n": ""}, text("g(n) + g(n)")),
        decision("d", text("f(1)"), "", (), (), ["f"]),
        decision("e", text("g(1)"), "", (), (), ["g"]),
        decision("huge", text("(for i in 1..60 return [partial, partial])[-1]")),
        decision("huge text", text("string((for i in 1..60 return [partial, partial])[-1])")),
        decision("flat", text("flatten((for i in 1..60 return [partial, partial])[-1])")),
        decision("equal", text("{f: function() for i in 1..60 return [partial, partial], r: f() = f()}.r")),
        decision("deep", text("(" * 3000 + "1" + ")" * 3000)),
        decision("long", text("1" + " + 1" * 3000)),
    )
    told: list[str] = []
    for name in ("d", "e", "huge", "huge text", "flat", "equal", "deep", "long"):
        assert model.evaluate(name, told=told) is None
    assert len(told) == 8


def test_knowledge_of_java_is_null_and_says_so(tmp_path: Path) -> None:
    model = loaded(
        tmp_path,
        knowledge("f", {"x": ""}, text("{java: {}}"), kind="Java"),
        decision("d", text("f(1)"), "", (), (), ["f"]),
    )
    with pytest.warns(DmnWarning, match="Java"):
        assert model.evaluate("d") is None


def services(folder: Path) -> Any:
    return loaded(
        folder,
        input_data("x", "number"),
        decision("a", text("x + 1"), "number", ["x"]),
        decision("b", text("a * 2"), "number", (), ["a"]),
        decision("c", text("a * 3"), "number", (), ["a"]),
        service("one", outputDecision=["b"], encapsulatedDecision=["a"], inputData=["x"]),
        service("both", outputDecision=["b", "c"], encapsulatedDecision=["a"], inputData=["x"]),
        service("given", outputDecision=["b"], inputDecision=["a"]),
        decision("d", text("one(1) + both(x: 1).c + given(5)"), "", (), (), ["one", "both", "given"]),
    )


def test_a_service_gives_its_output_or_several_by_name(tmp_path: Path) -> None:
    model = services(tmp_path)
    assert model.evaluate("one", {"x": 1}) == Decimal(4)
    assert model.evaluate("both", {"x": 1}) == {"b": Decimal(4), "c": Decimal(6)}
    assert model.evaluate("given", {"a": 10}) == Decimal(20)
    assert model.evaluate("d") == Decimal(4 + 6 + 10)


def test_a_service_without_its_input_is_null(tmp_path: Path) -> None:
    told: list[str] = []
    assert services(tmp_path).evaluate("one", {}, told=told) is None
    assert told[0] == "the input “x” is not given"


def test_item_definitions_narrow_convert_and_hold_each_other(tmp_path: Path) -> None:
    types = (
        item("colour", '<typeRef>string</typeRef><allowedValues><text>"red", "green"</text></allowedValues>'),
        item("colours", "colour", is_list=True),
        item(
            "few", "<typeRef>colours</typeRef><typeConstraint><text>count(?) &lt; 3</text></typeConstraint>"
        ),
        item("node", item("name", "string", tag="itemComponent") + item("next", "node", tag="itemComponent")),
        item("moment", "date and time"),
        item(
            "f", '<functionItem outputTypeRef="number"><parameters name="x" typeRef="number"/></functionItem>'
        ),
    )
    cases: list[tuple[str, Any, Any]] = [
        ("colour", "red", "red"),
        ("colour", "blue", None),
        ("colour", ["red"], "red"),
        ("colours", "red", ["red"]),
        ("colours", ["red", "green"], ["red", "green"]),
        ("colours", ["red", "blue"], None),
        ("few", ["red", "red"], ["red", "red"]),
        ("few", ["red", "red", "red"], None),
        (
            "node",
            {"name": "a", "next": {"name": "b", "next": None}},
            {"name": "a", "next": {"name": "b", "next": None}},
        ),
        ("node", {"name": "a"}, {"name": "a"}),
        ("node", {"name": "a", "next": {"name": 1}}, None),
        ("moment", date(2020, 1, 1), datetime(2020, 1, 1, tzinfo=UTC)),
        ("unknown", 1, 1),
        ("feel:number", 1, 1),
        ("number", None, None),
    ]
    for type_, given, expected in cases:
        model = loaded(tmp_path, *types, input_data("x", type_), decision("d", text("x"), type_, ["x"]))
        told: list[str] = []
        assert model.evaluate("d", {"x": given}, told=told) == expected, (type_, given, told)
    tested = text("[x instance of node, x instance of colour, x.name instance of string]")
    model = loaded(tmp_path, *types, input_data("x", "node"), decision("d", tested, "", ["x"]))
    assert model.evaluate("d", {"x": {"name": "a", "next": None}}) == [True, False, True]


def imported(folder: Path) -> Path:
    written(
        folder,
        item("tAge", "<typeRef>number</typeRef><allowedValues><text>&gt;= 0</text></allowedValues>")
        + input_data("age", "tAge")
        + decision("adult", text("age >= 18"), "boolean", ["age"])
        + knowledge("older by", {"n": "tAge"}, text("n + 1")),
        name="people",
        namespace="urn:people",
    )
    body = (
        '<import name="p" namespace="urn:people" importType="https://www.omg.org/spec/DMN/20230324/MODEL/"/>'
        + decision(
            "d",
            text('if p.adult then p.older by(p.age) else "no" + string(p.age instance of p.tAge)'),
            "",
            ["urn:people#age"],
            ["urn:people#adult"],
            ["urn:people#older_by"],
        )
        + input_data("own", "p.tAge")
        + decision("e", text("own"), "", ["own"])
    )
    return written(folder, body, name="main")


@pytest.mark.parametrize("inputs", [{"age": 20}, {"p.age": 20}, {"p": {"age": 20}}, {"{urn:people}age": 20}])
def test_elements_and_types_of_imported_models_are_read_under_the_name_of_the_import(
    tmp_path: Path, inputs: dict[str, Any]
) -> None:
    model = load_dmn(imported(tmp_path))
    assert model.evaluate("d", inputs) == Decimal(21)
    assert model.evaluate("e", {"own": 3}) == Decimal(3)
    assert model.evaluate("e", {"own": -3}, told=[]) is None
    assert model.evaluate("p.adult", {"age": 3}) is False


def test_a_model_imported_in_two_ways_may_be_given_two_inputs(tmp_path: Path) -> None:
    kind = 'importType="https://www.omg.org/spec/DMN/20230324/MODEL/"'
    written(tmp_path, input_data("who") + decision("greet", text('"Hello " + who'), "", ["who"]), name="c")
    for name in ("b1", "b2"):
        body = f'<import name="c" namespace="c" {kind}/>' + decision(
            "say", text("c.greet"), "", (), ["c#greet"]
        )
        written(tmp_path, body, name=name)
    imports = "".join(f'<import name="{name}" namespace="{name}" {kind}/>' for name in ("b1", "b2"))
    both = decision("both", text("[b1.say, b2.say]"), "", (), ["b1#say", "b2#say"])
    model = load_dmn(written(tmp_path, imports + both, name="a"))
    nested = {"b1": {"c": {"who": "Ann"}}, "b2": {"c": {"who": "Bob"}}}
    assert model.evaluate("both", nested) == ["Hello Ann", "Hello Bob"]
    assert model.evaluate("both", {"b1.c.who": "Ann", "b2.c.who": "Bob"}) == ["Hello Ann", "Hello Bob"]
    assert model.evaluate("both", {"who": "all"}) == ["Hello all", "Hello all"]


def test_an_import_without_a_name_adds_to_the_model_itself(tmp_path: Path) -> None:
    written(tmp_path, item("tAge", "number") + input_data("age", "tAge"), name="c")
    imports = '<import name="" namespace="c" importType="DMN"/>'
    body = imports + decision("d", text("age + 1"), "tAge", ["c#age"])
    assert load_dmn(written(tmp_path, body)).evaluate("d", {"age": 1}) == Decimal(2)


def test_an_expression_of_another_language_is_null(tmp_path: Path) -> None:
    other = "<literalExpression expressionLanguage='javascript'><text>1</text></literalExpression>"
    feel = other.replace("javascript", "https://www.omg.org/spec/DMN/20230324/FEEL/")
    assert [value(tmp_path, each) for each in (other, feel)] == [None, Decimal(1)]


def test_an_import_that_is_not_there_or_comes_back_is_an_error(tmp_path: Path) -> None:
    path = imported(tmp_path)
    (tmp_path / "people.dmn").unlink()
    with pytest.raises(DmnError, match="urn:people"):
        load_dmn(path)
    own = '<import name="m" namespace="round" importType="DMN"/>'
    with pytest.raises(DmnError, match="circle"):
        load_dmn(written(tmp_path, own, name="round"))


def test_an_import_never_leaves_the_folder(tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    written(tmp_path, decision("d", text("1")), name="outside")
    away = '<import name="m" namespace="outside" importType="DMN" locationURI="../outside.dmn"/>'
    with pytest.raises(DmnError, match="outside"):
        load_dmn(written(inner, away))


@pytest.mark.parametrize(
    "version",
    [
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        "https://www.omg.org/spec/DMN/20191111/MODEL/",
        "https://www.omg.org/spec/DMN/20211108/MODEL/",
        "https://www.omg.org/spec/DMN/20230324/MODEL/",
    ],
)
def test_every_version_is_read(tmp_path: Path, version: str) -> None:
    assert load_dmn(written(tmp_path, decision("d", text("1")), version=version)).evaluate("d") == Decimal(1)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "no element found"),
        ("<a", "unclosed"),
        ("<definitions/>", "root"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "DTD"),
        ('<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', "DTD"),
    ],
)
def test_what_is_no_model_is_an_error_and_never_more(tmp_path: Path, content: str, reason: str) -> None:
    path = tmp_path / "m.dmn"
    path.write_text(content)
    with pytest.raises(DmnError, match=reason):
        load_dmn(path)


def test_a_file_that_is_missing_and_a_name_that_is_unknown_are_errors(tmp_path: Path) -> None:
    with pytest.raises(DmnError, match="No such file"):
        load_dmn(tmp_path / "none.dmn")
    with pytest.raises(DmnError, match="no decision “x”"):
        loaded(tmp_path, decision("d", text("1"))).evaluate("x")


def test_a_decision_is_found_by_its_id_too(tmp_path: Path) -> None:
    assert loaded(tmp_path, decision("a b", text("1"))).evaluate("a_b") == Decimal(1)


@pytest.mark.parametrize(
    "given",
    [
        Decimal("1.50"),
        "a",
        True,
        None,
        date(2020, 1, 1),
        time(10, 0),
        datetime.fromisoformat("2020-01-01T10:00:00"),
        datetime(2020, 1, 1, 10, 0, tzinfo=UTC),
        timedelta(days=1),
        YearMonthDuration(months=14),
        [Decimal(1), None],
        {"a": {"b": [Decimal(1)]}},
    ],
)
def test_values_come_out_as_they_went_in(tmp_path: Path, given: Any) -> None:
    found = value(tmp_path, text("x"), {"x": given})
    assert found == given
    assert type(found) is type(given)


def test_other_numbers_and_sequences_are_taken_and_anything_else_is_null(tmp_path: Path) -> None:
    assert value(tmp_path, text("x"), {"x": (1, 0.1)}) == [Decimal(1), Decimal("0.1")]
    assert value(tmp_path, text("x"), {"x": [object(), float("nan"), Decimal("Infinity")]}) == [
        None,
        None,
        None,
    ]


def test_a_range_or_function_stays_inside(tmp_path: Path) -> None:
    told: list[str] = []
    model = loaded(tmp_path, decision("d", text("[[1..2], sum]")))
    assert model.evaluate("d", told=told) == [None, None]
    assert told == ["the result is a range or a function, which only FEEL has"]


def test_a_warning_is_said_once_and_is_never_an_exception(tmp_path: Path) -> None:
    model = loaded(tmp_path, decision("d", text("[1/0, 1/0]")))
    with pytest.warns(DmnWarning) as said:
        assert model.evaluate("d") == [None, None]
    assert [str(each.message) for each in said] == ["d: 1 / 0 has no result"]
    assert said[0].filename == __file__
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert model.evaluate("d") == [None, None]


def test_threads_share_a_model(tmp_path: Path) -> None:
    model = services(tmp_path)
    found: list[Any] = []

    def run(x: int) -> None:
        found.extend(model.evaluate("one", {"x": x}) - 2 * x for _ in range(50))

    threads = [threading.Thread(target=run, args=(x,)) for x in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [Decimal(2)] * 200


def test_a_year_and_months_read_as_the_standard_writes_them() -> None:
    assert [str(YearMonthDuration(months=each)) for each in (14, 0, -1, -24)] == [
        "P1Y2M",
        "P0M",
        "-P1M",
        "-P2Y",
    ]
    assert YearMonthDuration(months=2) < YearMonthDuration(months=3)
