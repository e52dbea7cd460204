"""Calls of FEEL's functions as SQL: those that databases compute alike, digit for digit."""

from __future__ import annotations

from decimal import Decimal
from typing import Final, Protocol

from sqlglot import exp

from partybuild_flow.feel import Node, tree
from partybuild_flow.rules.sql import moments, numbers
from partybuild_flow.rules.sql.codes import NULL, Code, Digits, Sql, Unfit, case, is_null
from partybuild_flow.rules.sql.dialects import (
    Dialect,
    begins_with,
    ends_with,
    holds_item,
    holds_text,
    length_of,
)
from partybuild_flow.rules.sql.numbers import Quotient
from partybuild_flow.rules.sql.scope import Scope

ORDERED: Final = frozenset(("number", "date", "datetime", "duration"))
_ABOUT_TEXTS: Final = {"contains": holds_text, "starts with": begins_with, "ends with": ends_with}
_ROUNDINGS: Final = frozenset(
    ("floor", "ceiling", "round up", "round down", "round half up", "decimal", "abs")
)


class Compiling(Protocol):
    """What a call asks of the compiler of expressions."""

    scope: Scope
    dialect: Dialect
    doubts: list[Sql]

    def value(self, node: Node) -> Code:
        """The value of an argument."""

    def boolean(self, node: Node) -> Sql:
        """The three-valued value of a condition."""

    def quotient(self, node: Node) -> Quotient | None:
        """A quotient of numbers."""


def called(compiler: Compiling, node: tree.Call) -> Code:
    """SQL of a call. Raises Unfit for functions that SQL has not."""
    name, arguments = node.function, node.arguments
    if name in _ROUNDINGS:
        return _rounded(compiler, node)
    if name in _ABOUT_TEXTS:
        return _about_texts(compiler, node)
    match name, arguments:
        case "not", (only,):
            return Code(exp.Not(this=exp.Paren(this=compiler.boolean(only))), "boolean")
        case (("min" | "max" | "sum"), (tree.ListOf(items=items),)) if items:
            return _gathered(name, [compiler.value(each) for each in items], node)
        case "string length", (only,):
            code = compiler.value(only)
            if code.kind != "text":
                raise Unfit("kinds", node.span)
            return Code(exp.Anonymous(this="LENGTH", expressions=[code.copy]), "number", Digits(7, 0))
        case "count", (only,):
            items_code = compiler.value(only)
            if items_code.kind != "texts":
                raise Unfit("form", node.span)
            return Code(length_of(items_code.copy, compiler.dialect), "number", Digits(7, 0))
        case "list contains", (items_node, item_node):
            return _contains(compiler, compiler.value(items_node), compiler.value(item_node), node)
        case "date", (only,):
            return moments.date_of(compiler.value(only), compiler.dialect, compiler.doubts)
        case _:
            raise Unfit("function", node.span)


def _gathered(name: str, codes: list[Code], node: Node) -> Code:
    kinds = {each.kind for each in codes} - {"null"}
    if len(kinds) > 1 or not kinds <= (ORDERED if name != "sum" else {"number"}):
        raise Unfit("kinds", node.span)
    if any(each.kind == "null" for each in codes):
        return NULL
    if name == "sum":
        total = codes[0]
        for each in codes[1:]:
            total = numbers.arithmetic("+", total, each)
        return total
    if len({each.counted for each in codes}) > 1:
        raise Unfit("moment", node.span)
    return numbers.extreme(codes, least=name == "min")


def _contains(compiler: Compiling, items: Code, item: Code, node: Node) -> Code:
    if items.kind != "texts" or item.kind != "text" or not item.constant:
        raise Unfit("form", node.span)
    held = holds_item(items.copy, item.copy, compiler.dialect)
    return Code(case((exp.Not(this=is_null(items)), held)), "boolean")


def _about_texts(compiler: Compiling, node: tree.Call) -> Code:
    text, wanted = (compiler.value(each) for each in node.arguments)
    if "null" in (text.kind, wanted.kind):
        return NULL
    if {text.kind, wanted.kind} != {"text"}:
        raise Unfit("kinds", node.span)
    return Code(_ABOUT_TEXTS[node.function](text.copy, wanted.copy, compiler.dialect), "boolean")


def _rounded(compiler: Compiling, node: tree.Call) -> Code:
    name = node.function
    places = 0
    if len(node.arguments) > 1:
        scale = compiler.scope.constant(node.arguments[1])
        if not isinstance(scale, Decimal) or not 0 <= scale <= 12 or scale != int(scale):
            raise Unfit("function", node.span)
        places = int(scale)
    quotient = compiler.quotient(node.arguments[0])
    if quotient is not None:
        if name != "round half up":
            raise Unfit("division", node.span)
        return numbers.rounded(quotient, places, compiler.dialect)
    code = compiler.value(node.arguments[0])
    if code.kind not in ("number", "null"):
        raise Unfit("function", node.span)
    return numbers.rounding(name, code, places)
