"""Attempts to reach Python, to take long, or to fill the memory: every one ends as a fault, null, or a plain value."""

from __future__ import annotations

import ast
import builtins
from decimal import Decimal

import pytest

from partybuild_flow.feel import (
    ANY,
    NUMBER,
    TEXT,
    Scope,
    Symbol,
    Value,
    compile_test,
    compile_value,
    context_of,
    evaluate,
    list_of,
    parse_expression,
    parse_literal,
    parse_output,
    parse_template,
    parse_tests,
    render_template,
    trace,
)
from partybuild_flow.feel.code import FAILURES
from partybuild_flow.feel.emit import Emitter
from partybuild_flow.feel.values import kind_of

SCOPE = Scope(
    [
        Symbol("x", (), ANY),
        Symbol("n", (), NUMBER),
        Symbol("s", (), TEXT),
        Symbol("c", (), context_of({"a": NUMBER})),
        Symbol("list", (), list_of(NUMBER)),
    ]
)
FACTS: dict[str, Value] = {
    "x": {"a": Decimal(1)},
    "n": Decimal(2),
    "s": "a" * 5000,
    "c": {"a": Decimal(1)},
    "list": [Decimal(1), Decimal(2)],
}
DUNDERS = [
    "__import__(“os”)",
    "__builtins__",
    "x.__class__",
    "x.__class__.__bases__[1].__subclasses__()",
    "s.__class__.__mro__[2]",
    "c.__init__.__globals__",
    "list.append(1)",
    "n.__reduce__()",
    "().__class__",
    "[].__class__.__base__",
    "“”.join([“a”])",
    "“{0.__class__}”.format(x)",
    "get value(x, “__class__”)",
    "get value(c, “__dict__”)",
    "x.keys()",
    "c.get(“a”)",
    "item.__class__",
    "list[item.__class__ = null]",
    "for __class__ in list return __class__.__name__",
    "{__class__: 1}.__class__.__name__",
    "facts",
    "K0",
    "t1",
    "FAILURES",
]
CODE = [
    "import os",
    "from os import system",
    "lambda x: x",
    "(lambda: 1)()",
    "eval(“1”)",
    "exec(“import os”)",
    "open(“/etc/passwd”)",
    "print(1)",
    "getattr(x, “a”)",
    "globals()",
    "os.system(“true”)",
    "`id`",
    "$(id)",
    "${x}",
    "%s % x",
    "f“{x}”",
    "x := 1",
    "n if n else 1",
    "[i for i in list]",
    "n; n",
    "n\nimport os",
    "@decorator",
    "yield n",
    "await n",
    "assert n",
    "del n",
    "x['a']",
    "{**x}",
    "*list",
    "function(a) external {java: {class: “java.lang.Runtime”}}",
    "function(a) a + 1",
    "external(1)",
    "n instance of number",
    "raise n",
    "not",
    "n == 1 or True",
    "None",
    "NaN",
    "Infinity",
    "0x10",
    "1_000",
    "1j",
]
SIZES = [
    "9**9**9**9",
    "9**(9**(9**9))",
    "10**1000000000",
    "1e999999999",
    "1e-999999999",
    "9" * 5000,
    "0." + "0" * 9000 + "1",
    "1.0000000001**1e30",
    "(" * 5000,
    "[" * 5000 + "]" * 5000,
    "-" * 9000 + "1",
    "not(" * 2000 + "true" + ")" * 2000,
    "if true then " * 700,
    "1+" * 4999 + "1",
    "x" + ".a" * 4000,
    "list" + "[1]" * 3000,
    "a" * 10_000,
    "a" * 1_000_000,
    '"' * 9999,
    "for a in 1..1000000000 return a",
    "for a in 1..9999, b in 1..9999, c in 1..9999 return [a, b, c]",
    "count(for a in 1..99999 return string join(for b in 1..99999 return “x”))",
    "{a: “xx”, " + ", ".join(f"{chr(98 + i)}: {chr(97 + i)}+{chr(97 + i)}" for i in range(24)) + "}.y",
    "flatten({a: [1, 1], "
    + ", ".join(f"{chr(98 + i)}: [{chr(97 + i)}, {chr(97 + i)}]" for i in range(24))
    + "}.y)",
    "for a in [“xxxxxxxxxx”], b in [a+a+a+a+a+a+a+a], c in [b+b+b+b+b+b+b+b], d in [c+c+c+c+c+c+c+c], "
    "e in [d+d+d+d+d+d+d+d], f in [e+e+e+e+e+e+e+e] return f+f+f+f+f+f+f+f",
    "replace(replace(replace(s, “a”, s), “a”, s), “a”, s)",
    "string join([s, s, s], replace(s, “a”, “aaaaaaaaaaaaaaaaaaaa”))",
    "decimal(1, 999999999)",
    "round up(1, -1e6000)",
    "substring(s, 1e6000, 1e6000)",
    "sublist(list, 1e6000)",
    "duration(“P999999999999D”)",
    "1e300 hours",
    "date(1e9, 1, 1)",
    "@“9999-12-31T23:59:59” + 99999999 hours",
    "@“2022-09-30T16:00:00@../../../etc/passwd”",
    "@“2022-09-30T16:00:00@/etc/passwd”",
    "@“2022-09-30T16:00:00+99:99”",
    "modulo(1e6144, 1e-6143)",
    "exp(1e6000)",
    "odd(1e6144)",
]
PATTERNS = [
    "matches(s, “(a+)+$”)",
    "matches(s, “(a|a)*b”)",
    "matches(s, “(a|aa)+$”)",
    "matches(s, “(.*a){20}b”)",
    "matches(s, “(a?){50}a{50}”)",
    "matches(s, “^(([a-z])+.)+[A-Z]([a-z])+$”)",
    "matches(s, “(?:(?:(?:){1000}){1000}){1000}”)",
    "matches(s, “((a{1000}){1000}){1000}”)",
    "matches(s, “a{999999999}”)",
    "matches(s, “(a)\\\\1”)",
    "matches(s, “(?=a)b”)",
    "matches(s, “(?P<a>b)”)",
    "matches(s, “" + "(" * 500 + "”)",
    "matches(s, “" + "[" * 900 + "”)",
    "matches(s, s)",
    "matches(s, s + “(a*)*(a*)*(a*)*b”)",
    "replace(s, “a*?a*?a*?b|a”, “x”)",
    "replace(s, “a|a.*b”, “b”)",
    "split(s, “(a*)*b”)",
    "replace(s, “(a)”, “$1$1$1$1$1$1$1$1$1$1$1$1$1$1$1$1$1$1$1$1$1$1$1$1$1”)",
    "replace(s, “(a)”, “$99999999999999”)",
    "replace(s, “a”, “\\\\1\\\\g<0>”)",
]
CHARACTERS = [
    "\x00",
    "n\x00+1",
    "“\x00”",
    "“\\u0000”",
    "\ud800",
    "“\ud800”",
    "“\\uD800”",
    "“\\uDFFF\\uD800”",
    "“\\U110000”",
    "“\\x41”",
    "“\\N{BULLET}”",
    "n\u202e+1",
    "\u200b\ufeff",
    "n\r\n+\t1",
    "ｎ + 1",
    "n’",
    "💩",
    "“\x1b[2J”",
    "//",
    "/*",
    "“a",
    "\\",
]
ATTEMPTS = [*DUNDERS, *CODE, *SIZES, *PATTERNS, *CHARACTERS]


@pytest.mark.parametrize("text", ATTEMPTS, ids=range(len(ATTEMPTS)))
def test_an_attempt_reaches_nothing(text: str) -> None:
    for parsed in (
        parse_expression(text, SCOPE),
        parse_tests(text, SCOPE, NUMBER),
        parse_output(text, SCOPE),
        parse_literal(text),
    ):
        assert bool(parsed.faults) is (parsed.expression is None)
        if parsed.expression is None:
            continue
        facts = {**FACTS, "?": Decimal(1)}
        value = evaluate(parsed.expression.tree, facts)
        assert kind_of(value) is not None
        assert not isinstance(value, (str, list, dict)) or len(value) <= 100_000
        assert repr(compile_value(parsed.expression)(facts)) == repr(value)
        assert compile_test(parsed.expression)(facts) is (value is True)
        assert repr(trace(parsed.expression.tree, facts).value) == repr(value)


@pytest.mark.parametrize("text", [*DUNDERS, *CODE], ids=range(len(DUNDERS) + len(CODE)))
def test_the_words_of_python_mean_nothing(text: str) -> None:
    parsed = parse_expression(text, SCOPE)
    assert parsed.expression is None or evaluate(parsed.expression.tree, FACTS) in (None, [], [None, None], 1)


@pytest.mark.parametrize("text", ATTEMPTS, ids=range(len(ATTEMPTS)))
def test_an_attempt_in_a_message_is_plain_text_or_a_fault(text: str) -> None:
    parsed = parse_template("{x.__class__} {" + text + "}", SCOPE)
    assert not (parsed.pieces and parsed.faults)
    assert isinstance(render_template(parsed.pieces, FACTS), str)


def test_there_are_more_than_thirty_attempts() -> None:
    assert len(set(ATTEMPTS)) > 120


def test_a_template_never_formats() -> None:
    for text in ("{0}", "{x!r}", "{x:>10}", "{n.real}", "{}", "%(x)s", "{x.__class__.__mro__}"):
        parsed = parse_template(text, SCOPE)
        shown = render_template(parsed.pieces, FACTS)
        assert "class" not in shown
        assert "Decimal" not in shown


def test_generated_code_knows_no_builtins_and_holds_no_text_of_the_definition_as_a_name() -> None:
    parsed = parse_expression("n > 1 and s in (“import os”, “b”) and count(list) = 2 or x.a = 1", SCOPE)
    assert parsed.expression is not None
    emitter = Emitter()
    code = emitter.test(parsed.expression.tree)
    assert emitter.namespace["__builtins__"] == {}
    names = {node.id for node in ast.walk(code) if isinstance(node, ast.Name)}
    assert names <= {"facts", *emitter.namespace} | {f"t{number}" for number in range(1, 20)}
    assert not names & set(dir(builtins))
    attributes = {node.attr for node in ast.walk(code) if isinstance(node, ast.Attribute)}
    assert attributes <= {"get"}
    assert compile_value(parsed.expression).__globals__["__builtins__"] == {}
    assert emitter.namespace["FAILURES"] is FAILURES


def test_a_field_may_be_called_like_anything_in_python() -> None:
    for name in (
        "__class__",
        "__import__",
        "eval",
        "facts",
        "t1",
        "K2",
        "FAILURES",
        "None",
        "lambda",
        "import",
    ):
        parsed = parse_expression(f"{name} + 1 > 1 and {name} < 5", Scope([Symbol(name, (), NUMBER)]))
        assert parsed.expression is not None
        assert compile_test(parsed.expression)({name: Decimal(2)}) is True
