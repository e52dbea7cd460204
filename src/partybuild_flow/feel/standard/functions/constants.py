"""Texts whose value is known without any scope: the ends of written ranges."""

from __future__ import annotations

from typing import Final

from partybuild_flow.feel.standard.arithmetic import negative
from partybuild_flow.feel.standard.functions import conversions
from partybuild_flow.feel.standard.functions.builtin import Untaken
from partybuild_flow.feel.standard.grammar import Known, read_expression
from partybuild_flow.feel.standard.naming import TokenNames
from partybuild_flow.feel.standard.values import Value
from partybuild_flow.feel.tree import Constant, Invocation, Name, Negative, Node

_MAKERS: Final = {
    each.name: each
    for each in conversions.FUNCTIONS
    if each.name in ("date", "time", "date and time", "duration")
}
_KNOWN: Final = Known(TokenNames(_MAKERS), TokenNames(), TokenNames())


def constant_of(text: str) -> Value:
    """The value of a literal: a number, text, date, time or duration; None if the text is none."""
    node = read_expression(text, _KNOWN).node
    return None if node is None else _constant(node)


def _constant(node: Node) -> Value:
    match node:
        case Constant(value=value):
            return value
        case Negative(operand=operand):
            return negative(_constant(operand))
        case Invocation(function=Name(id=name), arguments=arguments, names=()) if name in _MAKERS:
            try:
                return _MAKERS[name].call([_constant(each) for each in arguments])
            except Untaken:
                return None
    return None
