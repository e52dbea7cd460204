"""FEEL, the expression language of the DMN standard: text to a typed tree, and the tree to values."""

from partybuild_flow.feel import tree
from partybuild_flow.feel.evaluate import evaluate
from partybuild_flow.feel.faults import Fault, Parsed, ParsedTemplate, nearest
from partybuild_flow.feel.generate import Compute, compile_test, compile_value
from partybuild_flow.feel.parser import parse_expression, parse_literal, parse_output, parse_tests
from partybuild_flow.feel.rendering import text_of
from partybuild_flow.feel.scope import AMBIENT, THIS_CASE, Scope, Symbol
from partybuild_flow.feel.template import parse_template, render_template
from partybuild_flow.feel.terms import Term, term_of, term_text
from partybuild_flow.feel.trace import Traced, trace
from partybuild_flow.feel.tree import Expression, Node
from partybuild_flow.feel.types import (
    ANY,
    BOOLEAN,
    DATE,
    DATETIME,
    DOCUMENT,
    DURATION,
    NULL,
    NUMBER,
    TERM,
    TEXT,
    TIME,
    Type,
    Value,
    choice_of,
    context_of,
    list_of,
)

__all__ = [
    "AMBIENT",
    "ANY",
    "BOOLEAN",
    "DATE",
    "DATETIME",
    "DOCUMENT",
    "DURATION",
    "NULL",
    "NUMBER",
    "TERM",
    "TEXT",
    "THIS_CASE",
    "TIME",
    "Compute",
    "Expression",
    "Fault",
    "Node",
    "Parsed",
    "ParsedTemplate",
    "Scope",
    "Symbol",
    "Term",
    "Traced",
    "Type",
    "Value",
    "choice_of",
    "compile_test",
    "compile_value",
    "context_of",
    "evaluate",
    "list_of",
    "nearest",
    "parse_expression",
    "parse_literal",
    "parse_output",
    "parse_template",
    "parse_tests",
    "render_template",
    "term_of",
    "term_text",
    "text_of",
    "trace",
    "tree",
]
