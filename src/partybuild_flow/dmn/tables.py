"""Decision tables: which rules match, and what their hit policy makes of them.

Source: DMN 1.5, clauses 8.2.11 and 10.3.2.10.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from partybuild_flow.dmn.elements import Output, Rule, Table
from partybuild_flow.dmn.texts import Texts
from partybuild_flow.feel.standard import BUILTINS, Evaluator, Frame, Known, StandardType, Value
from partybuild_flow.feel.standard.types import converted
from partybuild_flow.feel.standard.values import equal

_LETTERS: Final = {
    "U": "UNIQUE",
    "A": "ANY",
    "P": "PRIORITY",
    "F": "FIRST",
    "R": "RULE ORDER",
    "O": "OUTPUT ORDER",
    "C": "COLLECT",
}
_AGGREGATIONS: Final = {"SUM": "sum", "COUNT": "count", "MIN": "min", "MAX": "max"}

TypeOf = Callable[[str | None], StandardType]


class Deciding:
    """One evaluation of one table."""

    def __init__(
        self, table: Table, texts: Texts, evaluator: Evaluator, frame: Frame, type_of: TypeOf
    ) -> None:
        self._table = table
        self._texts = texts
        self._evaluator = evaluator
        self._frame = frame
        self._type_of = type_of
        self._known: Known = texts.known(frame)
        self._tested: Known = texts.known(Frame({"?": None}, frame))

    def value(self) -> Value:
        """What the table gives."""
        tested = [self._value(text) for text, _ in self._table.inputs]
        matches = [rule for rule in self._table.rules if self._matches(rule, tested)]
        policy = _LETTERS.get(self._table.policy, self._table.policy)
        if not matches:
            return self._default()
        if policy == "FIRST":
            return self._result(matches[0])
        if policy == "UNIQUE" and len(matches) > 1:
            return self._told(f"{len(matches)} rules match, and the hit policy is unique")
        results = [self._result(rule) for rule in matches]
        if policy in ("UNIQUE", "RULE ORDER"):
            return results if policy == "RULE ORDER" else results[0]
        if policy == "ANY":
            if all(result == results[0] or equal(result, results[0]) is True for result in results):
                return results[0]
            return self._told("rules match with different results, and the hit policy is any")
        if policy in ("PRIORITY", "OUTPUT ORDER"):
            ordered = self._by_priority(results)
            return ordered if policy == "OUTPUT ORDER" else ordered[0]
        if policy == "COLLECT":
            return self._collected(results)
        return self._told(f"there is no hit policy “{self._table.policy}”")

    def _told(self, sentence: str) -> None:
        self._evaluator.tell(sentence)

    def _value(self, text: str) -> Value:
        return self._texts.value(text, self._frame, self._evaluator, self._known)

    def _holds(self, text: str, value: Value) -> bool:
        return self._texts.verdict(text, value, self._frame, self._evaluator, self._tested)

    def _matches(self, rule: Rule, tested: Sequence[Value]) -> bool:
        if len(rule.tests) != len(tested):
            self._told("a rule has not as many tests as the table has inputs")
            return False
        for test, value, (_, values) in zip(rule.tests, tested, self._table.inputs, strict=True):
            if test.strip() in ("-", ""):
                if (
                    values is not None
                    and values.strip()
                    and value is not None
                    and not self._holds(values, value)
                ):
                    return False
            elif not self._holds(test, value):
                return False
        return True

    def _result(self, rule: Rule) -> Value:
        outputs = self._table.outputs
        if len(rule.results) != len(outputs):
            return self._told("a rule has not as many results as the table has outputs")
        return self._output(rule.results)

    def _output(self, texts: Sequence[str | None]) -> Value:
        """The value of one row: that of its only output, or a context by the names of several."""
        outputs = self._table.outputs
        found = [self._typed(out, text) for out, text in zip(outputs, texts, strict=True)]
        if len(outputs) == 1:
            return found[0]
        return {out.variable.name: value for out, value in zip(outputs, found, strict=True)}

    def _typed(self, output: Output, text: str | None) -> Value:
        value = None if text is None else self._value(text)
        done, result = converted(value, self._type_of(output.variable.type), self._evaluator.types)
        if not done and len(self._table.outputs) > 1:
            self._told(f"the result of “{text}” is no {output.variable.type}")
            return None
        return result if done else value

    def _default(self) -> Value:
        if all(output.default is None or not output.default.strip() for output in self._table.outputs):
            return None
        return self._output([output.default for output in self._table.outputs])

    def _by_priority(self, results: list[Value]) -> list[Value]:
        """Results by the places of their values among the output values, those of the first output first."""
        listed = [self._places(output) for output in self._table.outputs]

        def key(result: Value) -> list[int]:
            parts = [result] if len(self._table.outputs) == 1 else list(result.values())
            return [
                next((at for at, value in enumerate(places) if equal(part, value) is True), len(places))
                for part, places in zip(parts, listed, strict=True)
            ]

        return sorted(results, key=key)

    def _places(self, output: Output) -> list[Value]:
        values = output.values
        found = [] if values is None or not values.strip() else self._value(f"[{values}]")
        return found if isinstance(found, list) else []

    def _collected(self, results: list[Value]) -> Value:
        aggregation = self._table.aggregation
        if aggregation is None:
            return results
        function = BUILTINS.get(_AGGREGATIONS.get(aggregation, ""))
        if function is None:
            return self._told(f"there is no aggregation “{aggregation}”")
        if len(self._table.outputs) > 1 and aggregation != "COUNT":
            return self._told("a table of several outputs has no aggregation")
        return self._evaluator.called(function, [results])
