"""Calls of built-in functions: arguments into their places, types, and constants worked out at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from partybuild_flow.feel.faults import Report, listed, nearest
from partybuild_flow.feel.functions import FUNCTIONS, PATTERN_FUNCTIONS, Function, Signature
from partybuild_flow.feel.pattern import refusal
from partybuild_flow.feel.rendering import string_of
from partybuild_flow.feel.tree import Call, Constant, ListOf, Node, Not, Span
from partybuild_flow.feel.types import ANY, NULL, TEXT, Type, fits, list_of
from partybuild_flow.feel.typing import check_values, common_type, words
from partybuild_flow.feel.values import ORDERED_KINDS

_CONVERSIONS: Final = {
    "date": "2022-09-30",
    "time": "16:00:00",
    "date and time": "2022-09-30T16:00:00",
    "duration": "P3DT4H",
    "number": "89.5",
}
"""Functions whose result is a constant if their arguments are, with an example of what they read."""
_BY_RANK: Final = frozenset(("min", "max", "rank", "sort"))
_NEIGHBOURS: Final = frozenset(("next", "previous"))
_MEMBERS: Final = frozenset(("list contains", "index of", "rank"))


def call(
    report: Report,
    name: str,
    arguments: Sequence[Node],
    named: Mapping[str, Node],
    span: Span,
    written: str | None = None,
) -> Node:
    """The call of a known function; arguments that it does not take are a fault. `written` is how it is named."""
    function = FUNCTIONS[name] if written is None else replace(FUNCTIONS[name], name=written)
    placed = _placed(report, function, named, span) if named else list(arguments)
    if placed is None:
        return Call(span, function.signatures[0].result_of([ANY] * 9), name, tuple(named.values()))
    if function.gathers and (
        len(placed) > 1 or (placed and placed[0].type.kind not in ("list", "any", "null"))
    ):
        placed = [_list_of(placed)]
    signature = _chosen(report, function, placed, span)
    if signature is None:
        return Call(span, function.signatures[0].result_of([ANY] * 9), name, tuple(placed))
    for at, node in enumerate(placed):
        check_values(report, node, signature.parameter(at).type)
    placed = [_as_list(node, signature.parameter(at).type) for at, node in enumerate(placed)]
    result = signature.result_of([node.type for node in placed])
    placed += _hidden(report, name, function.name, placed)
    if name in _MEMBERS:
        _check_member(report, function, placed)
    if name in PATTERN_FUNCTIONS:
        _check_pattern(report, placed[1])
    if name == "not":
        return Not(span, result, placed[0])
    node = Call(span, result, name, tuple(placed))
    return _worked_out(report, node) if name in _CONVERSIONS else node


def _placed(report: Report, function: Function, named: Mapping[str, Node], span: Span) -> list[Node] | None:
    """Named arguments in the places of their parameters."""
    fitting = [
        s for s in function.signatures if all(any(p.name == name for p in s.parameters) for name in named)
    ]
    for signature in fitting:
        names = [parameter.name for parameter in signature.parameters]
        last = max(names.index(name) for name in named)
        if all(p.optional or p.name in named for p in signature.parameters):
            return [named.get(name, Constant(span, NULL, None)) for name in names[: last + 1]]
    if all(name in argument_names(function) for name in named):
        _report_count(report, function, len(named), span)
    return None


def argument_names(function: Function) -> list[str]:
    """The names that arguments of a function may be given."""
    return list(dict.fromkeys(p.name for s in function.signatures for p in s.parameters if p.name))


def check_argument_name(report: Report, function: str, name: str, span: Span, written: str) -> None:
    """A name that no argument of the function has is a fault; `written` is how the function is named."""
    known = argument_names(FUNCTIONS[function]) if function in FUNCTIONS else [name]
    if name not in known:
        near = nearest(name, known) or known[0]
        report.add("PF431", span, function=written, name=name, near=near, **listed(known))


def _report_count(report: Report, function: Function, count: int, span: Span) -> None:
    # Parameters without a name are filled in, not written.
    hidden = {s: sum(not parameter.name for parameter in s.parameters) for s in function.signatures}
    counts = sorted(
        {s.fewest - less for s, less in hidden.items()}
        | {s.most - less for s, less in hidden.items() if s.most}
    )
    open_ended = any(s.repeated for s in function.signatures)
    expected = f"{counts[0]}–{counts[-1]}" if len(counts) > 1 else str(counts[0])
    report.add(
        "PF408",
        span,
        function=function.name,
        expected=f"≥ {counts[0]}" if open_ended else expected,
        found=str(count),
    )


def _chosen(report: Report, function: Function, placed: Sequence[Node], span: Span) -> Signature | None:
    """The signature that takes these arguments; without one there is a fault."""
    candidates = [
        s for s in function.signatures if s.takes(len(placed)) and s.parameter(len(placed) - 1).name
    ]
    if not candidates:
        # Parameters without a name are filled in here, not written.
        candidates = [
            s for s in function.signatures if s.takes(len(placed) + 1) and not s.parameters[-1].name
        ]
    if not candidates:
        _report_count(report, function, len(placed), span)
        return None
    wrong: list[int] = []
    for signature in candidates:
        unfit = [at for at, node in enumerate(placed) if not _fits(node.type, signature.parameter(at).type)]
        if not unfit:
            return signature
        wrong.append(unfit[0])
    at = max(wrong)
    expected = [s.parameter(at).type for s, unfit in zip(candidates, wrong, strict=True) if unfit == at]
    report.add(
        "PF409",
        placed[at].span,
        function=function.name,
        parameter=candidates[wrong.index(at)].parameter(at).name,
        **words("expected", *expected),
        **words("found", placed[at].type),
    )
    return None


def _fits(found: Type, expected: Type) -> bool:
    """Whether an argument is taken: as it is, or a single value as a list of one."""
    if fits(found, expected):
        return True
    return expected.kind == "list" and found.kind != "list" and fits(found, expected.item or ANY)


def _as_list(node: Node, expected: Type) -> Node:
    if expected.kind != "list" or node.type.kind in ("list", "any", "null"):
        return node
    return _list_of([node])


def _list_of(nodes: Sequence[Node]) -> Node:
    return ListOf((nodes[0].span[0], nodes[-1].span[1]), list_of(common_type(nodes)), tuple(nodes))


def _hidden(report: Report, name: str, written: str, placed: Sequence[Node]) -> list[Node]:
    """The values of the ordered choice by which `min`, `max`, `rank`, `sort`, `next` and `previous` go."""
    if name not in _BY_RANK | _NEIGHBOURS:
        return []
    first = placed[0]
    choice = first.type.item or ANY if name in _BY_RANK else first.type
    if choice.ordered:
        check_values(report, first, choice)
        return [Constant(first.span, list_of(TEXT), list(choice.values))]
    if name in _NEIGHBOURS:
        report.add("PF439", first.span, function=written, **words("found", choice))
    elif choice.kind not in ORDERED_KINDS and choice.kind not in ("any", "null"):
        report.add("PF421", first.span, operator=written, **words("found", choice))
    return []


def _check_member(report: Report, function: Function, placed: Sequence[Node]) -> None:
    """Looking for what a list can never hold is a fault."""
    items, wanted = placed[0], placed[1]
    item = items.type.item or ANY
    if not fits(wanted.type, item):
        found = words("found", wanted.type)
        report.add(
            "PF409",
            wanted.span,
            function=function.name,
            parameter=function.signatures[0].parameter(1).name,
            **words("expected", item),
            **found,
        )
        return
    check_values(report, wanted, item)
    check_values(report, items, wanted.type)


def _check_pattern(report: Report, pattern: Node) -> None:
    """A written pattern that cannot be used is a fault."""
    if isinstance(pattern, Constant) and isinstance(pattern.value, str):
        reason = refusal(pattern.value)
        if reason is not None:
            report.add("PF432", pattern.span, pattern=pattern.value, found=reason[0], found_zh=reason[1])


def _worked_out(report: Report, node: Call) -> Node:
    """The value of a conversion of constants; one without a value is a fault."""
    if not all(isinstance(argument, Constant) for argument in node.arguments):
        return node
    values = [argument.value for argument in node.arguments if isinstance(argument, Constant)]
    if None in values:
        return node
    value = FUNCTIONS[node.function].call(*values)
    if value is None:
        span = (node.arguments[0].span[0], node.arguments[-1].span[1])
        written = ", ".join(string_of(each) for each in values)
        report.add("PF429", span, text=written, expected=_CONVERSIONS[node.function])
    return Constant(node.span, node.type, value)
