"""Boxed expressions."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from tests.dmn import decision, input_data, knowledge, loaded, text, value


def entry(name: str, expression: str, type: str = "") -> str:
    kind = f' typeRef="{type}"' if type else ""
    variable = f'<variable name="{name}"{kind}/>' if name else ""
    return f"<contextEntry>{variable}{expression}</contextEntry>"


def test_a_context_reads_what_stands_before(tmp_path: Path) -> None:
    logic = f"<context>{entry('a b', text('x + 1'))}{entry('c', text('a b * 2'))}</context>"
    assert value(tmp_path, logic, {"x": 1}) == {"a b": Decimal(2), "c": Decimal(4)}


def test_an_entry_without_a_name_is_the_result(tmp_path: Path) -> None:
    logic = f"<context>{entry('a', text('x + 1'))}{entry('', text('a * 10'))}</context>"
    assert value(tmp_path, logic, {"x": 1}) == Decimal(20)


def test_an_entry_of_another_type_is_null(tmp_path: Path) -> None:
    logic = f"<context>{entry('a', text('x'), 'string')}{entry('b', text('x'), 'number')}</context>"
    assert value(tmp_path, logic, {"x": 1}) == {"a": None, "b": Decimal(1)}


def test_a_relation_is_a_list_of_contexts(tmp_path: Path) -> None:
    rows = f"<row>{text('1')}{text('x')}</row><row>{text('2')}{text('null')}</row>"
    logic = f'<relation><column name="n"/><column name="first name"/>{rows}</relation>'
    expected = [{"n": Decimal(1), "first name": "a"}, {"n": Decimal(2), "first name": None}]
    assert value(tmp_path, logic, {"x": "a"}) == expected


def test_a_list_holds_boxed_expressions(tmp_path: Path) -> None:
    assert value(tmp_path, f"<list>{text('x')}<list>{text('2')}</list></list>", {"x": 1}) == [1, [2]]


def test_a_function_definition_keeps_its_scope(tmp_path: Path) -> None:
    function = f'<functionDefinition><formalParameter name="y"/>{text("x + y")}</functionDefinition>'
    logic = f"<context>{entry('f', function)}{entry('', text('f(2)'))}</context>"
    assert value(tmp_path, logic, {"x": 1}) == Decimal(3)


@pytest.mark.parametrize("kind", ["Java", "PMML"])
def test_a_function_of_java_or_pmml_is_null(tmp_path: Path, kind: str) -> None:
    function = f'<functionDefinition kind="{kind}">{text("{}")}</functionDefinition>'
    logic = f"<context>{entry('f', function)}{entry('', text('f()'))}</context>"
    assert value(tmp_path, logic) is None


def invocation(function: str, **arguments: str) -> str:
    bindings = "".join(
        f'<binding><parameter name="{name}"/>{text(written)}</binding>' for name, written in arguments.items()
    )
    return f"<invocation>{text(function)}{bindings}</invocation>"


def test_an_invocation_binds_arguments_by_name(tmp_path: Path) -> None:
    less = knowledge("less", {"a": "number", "b": "number"}, text("a - b"))
    made = decision("d", invocation("less", b="x", a="10"), "", ["x"], (), ["less"])
    assert loaded(tmp_path, less, input_data("x"), made).evaluate("d", {"x": 3}) == Decimal(7)


def test_an_invocation_of_what_is_no_function_is_null(tmp_path: Path) -> None:
    assert value(tmp_path, invocation("x", a="1"), {"x": 1}) is None
    assert value(tmp_path, invocation("abs", n="-1")) == Decimal(1)
    assert value(tmp_path, invocation("abs", other="-1")) is None


@pytest.mark.parametrize(("x", "expected"), [(5, "many"), (1, "few"), (None, "few")])
def test_a_conditional_chooses(tmp_path: Path, x: int | None, expected: str) -> None:
    many, few = text('"many"'), text('"few"')
    logic = f"<conditional><if>{text('x > 1')}</if><then>{many}</then><else>{few}</else></conditional>"
    assert value(tmp_path, logic, {"x": x}) == expected


def test_a_filter_keeps_what_matches(tmp_path: Path) -> None:
    logic = f"<filter><in>{text('x')}</in><match>{text('a > 1')}</match></filter>"
    assert value(tmp_path, logic, {"x": [{"a": 1}, {"a": 2}]}) == [{"a": Decimal(2)}]
    assert value(tmp_path, logic.replace("a &gt; 1", "1"), {"x": [7, 8]}) == Decimal(7)
    assert value(tmp_path, logic, {"x": None}) is None


def test_a_for_collects_and_knows_what_it_has_collected(tmp_path: Path) -> None:
    logic = f'<for iteratorVariable="each one"><in>{text("x")}</in><return>{text("each one + count(partial)")}</return></for>'
    assert value(tmp_path, logic, {"x": [1, 1, 1]}) == [1, 2, 3]
    assert value(tmp_path, logic.replace(">x<", ">2..3<"), {}) is None
    assert value(tmp_path, logic.replace(">x<", ">[2..3]<"), {}) == [2, 4]


@pytest.mark.parametrize(
    ("way", "x", "expected"),
    [
        ("some", [0, 2], True),
        ("some", [0], False),
        ("some", [], False),
        ("every", [2, 3], True),
        ("every", [0, 2], False),
        ("every", [], True),
        ("every", None, None),
    ],
)
def test_some_and_every_ask_each_item(tmp_path: Path, way: str, x: object, expected: bool | None) -> None:
    logic = f'<{way} iteratorVariable="i"><in>{text("x")}</in><satisfies>{text("i > 1")}</satisfies></{way}>'
    assert value(tmp_path, logic, {"x": x}) is expected


def test_no_expression_is_null(tmp_path: Path) -> None:
    assert value(tmp_path, "") is None
    assert value(tmp_path, "<literalExpression/>") is None
    assert value(tmp_path, f"<conditional><if>{text('true')}</if></conditional>") is None
